//! What is learnt of items one by one: popularity, trends, seasons, and what regions are to the shop.

use edgewise_core::{Catalog, Interactions, ItemIdx, ModelValues, WeightedItem};

use crate::params::Params;
use crate::people::Takers;
use crate::popularity::{Popularity, rank};
use crate::portraits::{RegionPortrait, portraits};
use crate::room::Watch;
use crate::seasons::seasons;
use crate::trending::{Trend, Trending, trending};

/// Trends that are told to people.
const TRENDS_SHOWN: usize = 100;

/// Everything of it, in the catalogue's rows.
pub(crate) struct Survey {
    pub(crate) popularity: Popularity,
    trending: Trending,
    seasons: Option<edgewise_core::SeasonValues>,
    portraits: Vec<RegionPortrait>,
}

/// Looks at every item of a log.
pub(crate) fn survey(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    params: &Params,
    watch: &dyn Watch,
) -> Survey {
    watch.stage("learn popularity");
    Survey {
        popularity: rank(log, catalog, takers, params),
        trending: trending(log, catalog, takers, params),
        seasons: seasons(log, catalog, takers, params),
        portraits: portraits(log, catalog, takers, params.min_people),
    }
}

impl Survey {
    /// Puts it into a model whose rows are by popularity.
    pub(crate) fn fill(&mut self, values: &mut ModelValues, model_rows: &[ItemIdx]) {
        values.rankings = rankings(&self.popularity, model_rows);
        let trending = self.trending.rankings.iter();
        values.trending = trending.map(|entries| renamed(entries, model_rows)).collect();
        values.seasons = self.seasons.take();
        if let Some(seasons) = &mut values.seasons {
            let order = self.popularity.order.iter();
            let factors = order.map(|item| std::mem::take(&mut seasons.factors[item.index()]));
            seasons.factors = factors.collect();
        }
    }

    /// What is told to people beside the model, in the rows that `model_row` gives.
    pub(crate) fn told(
        self,
        model_row: impl Fn(ItemIdx) -> ItemIdx,
    ) -> (Vec<Trend>, Vec<RegionPortrait>) {
        let trends = self.trending.trends.iter().take(TRENDS_SHOWN);
        let trends = trends.map(|trend| Trend { item: model_row(trend.item), ..*trend });
        let mut portraits = self.portraits;
        for peculiar in portraits.iter_mut().flat_map(|portrait| &mut portrait.peculiar) {
            peculiar.item = model_row(peculiar.item);
        }
        (trends.collect(), portraits)
    }
}

/// The rankings of everyone, each category, each region and each segment, in the model's rows.
fn rankings(popularity: &Popularity, model_rows: &[ItemIdx]) -> Vec<Vec<WeightedItem>> {
    let everyone = (0..).map(ItemIdx).zip(&popularity.everyone);
    let everyone = everyone.map(|(item, &weight)| WeightedItem { item, weight }).collect();
    let parts = popularity.by_category.iter().chain(&popularity.by_place);
    let parts = parts.map(|ranking| renamed(ranking, model_rows));
    std::iter::once(everyone).chain(parts).collect()
}

fn renamed(ranking: &[WeightedItem], rows: &[ItemIdx]) -> Vec<WeightedItem> {
    let entry = |entry: &WeightedItem| WeightedItem { item: rows[entry.item.index()], ..*entry };
    ranking.iter().map(entry).collect()
}
