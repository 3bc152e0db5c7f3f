//! An open bundle: borrowed bytes that answer what scoring asks.

use alloc::vec::Vec;
use core::ops::Range;

use edgewise_core::calendar::USUAL;
use edgewise_core::paths::push_shown;
use edgewise_core::policy::{Policy, Rule};
use edgewise_core::{
    Assigned, AttributeIdx, Audience, CategoryIdx, Experiment, Experiments, ItemIdx, LocalTime,
    Model, Obstacle, Placement, Query, Recommendation, RegionIdx, Relation, Rules, Rung, Scoring,
    Scratch, SegmentIdx, SessionIndex, Weighted,
};

use crate::attributes::Attributes;
use crate::cards::{Card, Cards};
use crate::directory::{Directory, Section, SectionKind};
use crate::error::FormatError;
use crate::facets::{AttributeKind, Facet, Facets};
use crate::items::Items;
use crate::lists::Lists;
use crate::policy::PolicyTable;
use crate::rankings::{Ranking, Rankings};
use crate::rebuy::Rebuy;
use crate::rules::RuleTable;
use crate::seasons::Seasons;
use crate::sessions::Sessions;
use crate::table::Table;

/// Whether past sessions are asked. A reader without the feature skips them: it has refused their bundle as private.
const HAS_SESSIONS: bool = cfg!(feature = "sessions");

/// A bundle, opened in place. Copies nothing but the small scoring tables.
#[derive(Clone, Debug)]
pub struct Bundle<'a> {
    directory: Directory<'a>,
    items: Items<'a>,
    /// In the order of [`Relation::LISTED`].
    lists: [Option<Lists<'a>>; Relation::LISTED.len()],
    popular: Rankings<'a>,
    trending: Option<Rankings<'a>>,
    seasons: Option<Seasons<'a>>,
    attributes: Attributes<'a>,
    cards: Option<Cards<'a>>,
    sessions: Option<Sessions<'a>>,
    rebuy: Option<Rebuy<'a>>,
    policy: Option<PolicyTable<'a>>,
    rules: Option<RuleTable<'a>>,
    facets: Facets<'a>,
    scoring: Scoring,
    experiments: Experiments,
}

impl<'a> Bundle<'a> {
    /// Opens bytes from outside: header, directory, digest, and the shape of each section. Beyond the digest the cost
    /// does not grow with the catalogue.
    ///
    /// Entries are believed when they are read, and reading is total: where they break a rule of the format, a list
    /// ends early, a text is absent, and a row past the last item is no result. [`Bundle::check`] finds out.
    ///
    /// # Errors
    /// [`FormatError`] says what is wrong, where, what was found and what was expected.
    pub fn open(bytes: &'a [u8]) -> Result<Bundle<'a>, FormatError> {
        Bundle::in_directory(Directory::open(bytes)?)
    }

    /// Looks at every entry of every section: what a maker of bundles, and who passes them on, does once.
    ///
    /// # Errors
    /// [`FormatError`] names the first entry that breaks a rule of the format.
    pub fn check(&self) -> Result<(), FormatError> {
        self.items.check()?;
        self.attributes.check()?;
        self.facets.check()?;
        self.popular.check()?;
        if let Some(trending) = &self.trending {
            trending.check()?;
        }
        if let Some(seasons) = &self.seasons {
            seasons.check()?;
        }
        for lists in self.lists.iter().flatten() {
            lists.check()?;
        }
        if let Some(cards) = &self.cards {
            cards.check()?;
        }
        if let Some(sessions) = self.session_index() {
            sessions.check()?;
        }
        if let Some(rules) = &self.rules {
            rules.check()?;
        }
        self.check_policy()?;
        #[cfg(feature = "write")]
        self.provenance()?;
        Ok(())
    }

    /// Looks at every rule of the shop.
    pub(crate) fn check_policy(&self) -> Result<(), FormatError> {
        self.policy
            .as_ref()
            .map_or(Ok(()), |policy| policy.check(self.n_items(), self.n_attributes()))
    }

    /// [`Bundle::open`] for bytes that it has accepted before: without the digest, at a cost that does not grow.
    ///
    /// # Errors
    /// [`FormatError`] when the header or the shape of a section is wrong.
    pub fn open_trusted(bytes: &'a [u8]) -> Result<Bundle<'a>, FormatError> {
        Bundle::in_directory(Directory::open_trusted(bytes)?)
    }

    fn in_directory(directory: Directory<'a>) -> Result<Bundle<'a>, FormatError> {
        let required = |kind: SectionKind| {
            directory.find(kind).ok_or(FormatError::MissingSection { section: kind.name() })
        };
        let items = Items::take(required(SectionKind::Items)?)?;
        let n_items = items.n_items();
        let mut lists = [None; Relation::LISTED.len()];
        for (relation, lists) in Relation::LISTED.into_iter().zip(&mut lists) {
            let section = SectionKind::of_lists(relation).and_then(|kind| directory.find(kind));
            if let Some(cursor) = section {
                *lists = Some(Lists::take(cursor, relation.name(), n_items)?);
            }
        }
        let attributes = Attributes::take(required(SectionKind::Attributes)?, n_items)?;
        let scoring = crate::scoring::decode(required(SectionKind::Scoring)?)?;
        let n_rankings =
            1 + attributes.n_categories() + attributes.n_regions() + attributes.n_segments();
        Ok(Bundle {
            items,
            lists,
            popular: Rankings::take(required(SectionKind::Popular)?, n_rankings, n_items)?,
            trending: directory
                .find(SectionKind::Trending)
                .map(|cursor| Rankings::take(cursor, n_rankings, n_items))
                .transpose()?,
            seasons: directory
                .find(SectionKind::Seasons)
                .map(|cursor| Seasons::take(cursor, n_items))
                .transpose()?,
            attributes,
            cards: directory
                .find(SectionKind::Cards)
                .map(|cursor| Cards::take(cursor, n_items))
                .transpose()?,
            rebuy: directory
                .find(SectionKind::Rebuy)
                .map(|cursor| Rebuy::take(cursor, n_items))
                .transpose()?,
            policy: directory.find(SectionKind::Policy).map(PolicyTable::take).transpose()?,
            sessions: directory
                .find(SectionKind::Sessions)
                .filter(|_| HAS_SESSIONS)
                .map(|cursor| Sessions::take(cursor, n_items))
                .transpose()?,
            rules: directory
                .find(SectionKind::Rules)
                .map(|cursor| RuleTable::take(cursor, n_items))
                .transpose()?,
            facets: directory
                .find(SectionKind::Facets)
                .map(|cursor| Facets::take(cursor, n_items))
                .transpose()?
                .unwrap_or_default(),
            experiments: directory
                .find(SectionKind::Experiments)
                .map(|cursor| crate::experiments::decode(cursor, &scoring))
                .transpose()?
                .unwrap_or_default(),
            scoring,
            directory,
        })
    }

    /// [`edgewise_core::recommend`] over this bundle.
    pub fn recommend(&self, query: &Query<'_>) -> Vec<Recommendation> {
        edgewise_core::recommend(self, query)
    }

    /// [`edgewise_core::recommend_with`] over this bundle. Compiled here, so that a shell can have this crate made for
    /// speed and the rest of itself for size.
    pub fn recommend_with<'s>(
        &self,
        scratch: &'s mut Scratch,
        query: &Query<'_>,
    ) -> &'s [Recommendation] {
        edgewise_core::recommend_with(scratch, self, query)
    }

    /// [`edgewise_core::obstacle`] over this bundle.
    pub fn obstacle(&self, query: &Query<'_>, item: ItemIdx) -> Option<Obstacle> {
        edgewise_core::obstacle(self, query, item)
    }

    /// [`edgewise_core::moves`] over this bundle.
    pub fn moves(&self, query: &Query<'_>, rule: &Rule<'_>, result: &Recommendation) -> bool {
        edgewise_core::moves(self, query, rule, result)
    }

    /// BLAKE3-256 over all bytes but the digest's own: the bundle's name.
    pub fn digest(&self) -> [u8; 32] {
        self.directory.digest()
    }

    /// Whether the bundle holds what single people did. Such a bundle is for hosts and edge nodes of the shop; pages
    /// and public stores refuse it.
    pub fn is_private(&self) -> bool {
        self.directory.is_private()
    }

    /// The directory, ascending by kind.
    pub fn sections(&self) -> impl Iterator<Item = Section> + 'a {
        self.directory.sections()
    }

    /// The bytes of every section of a known kind, ascending by kind.
    #[cfg(feature = "write")]
    pub(crate) fn known_sections(&self) -> impl Iterator<Item = (SectionKind, &'a [u8])> {
        let directory = self.directory;
        SectionKind::ALL.into_iter().filter_map(move |kind| {
            let mut cursor = directory.find(kind)?;
            Some((kind, cursor.bytes(kind.name(), cursor.len()).ok()?))
        })
    }

    /// The shop's id of an item, written into `text`, which is emptied first.
    pub fn item_id<'t>(&self, item: ItemIdx, text: &'t mut Vec<u8>) -> Option<&'t str> {
        self.items.id(item, text)
    }

    /// The item with this id.
    pub fn find_item(&self, id: &str) -> Option<ItemIdx> {
        self.items.find(id)
    }

    /// Number of categories.
    pub fn n_categories(&self) -> u32 {
        self.attributes.n_categories()
    }

    /// Number of regions.
    pub fn n_regions(&self) -> u32 {
        self.attributes.n_regions()
    }

    /// Number of segments.
    pub fn n_segments(&self) -> u32 {
        self.attributes.n_segments()
    }

    /// A category with ` > ` between the parts of its path, written into `text`, which is emptied first.
    pub fn category_name<'t>(
        &self,
        category: CategoryIdx,
        text: &'t mut Vec<u8>,
    ) -> Option<&'t str> {
        self.attributes.categories().path(category.0, text)
    }

    /// A region with ` > ` between the parts of its path, written into `text`, which is emptied first.
    pub fn region_name<'t>(&self, region: RegionIdx, text: &'t mut Vec<u8>) -> Option<&'t str> {
        self.attributes.regions().path(region.0, text)
    }

    /// The category with this name, with ` > ` between the parts of its path.
    pub fn find_category(&self, name: &str) -> Option<CategoryIdx> {
        self.attributes.categories().find_path(name).map(CategoryIdx)
    }

    /// The region with this name, with ` > ` between the parts of its path.
    pub fn find_region(&self, name: &str) -> Option<RegionIdx> {
        self.attributes.regions().find_path(name).map(RegionIdx)
    }

    /// Number of attributes with the category, which is the first: they are `0..n_attributes`.
    pub fn n_attributes(&self) -> u32 {
        1 + self.facets.n()
    }

    /// The name of an attribute.
    pub fn attribute_name(&self, attribute: AttributeIdx) -> Option<&'a str> {
        match attribute.0.checked_sub(1) {
            None => Some("category"),
            Some(number) => self.facets.name(number),
        }
    }

    /// The attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<AttributeIdx> {
        match name {
            "category" => Some(AttributeIdx::CATEGORY),
            name => self.facets.find(name).map(|number| AttributeIdx(number + 1)),
        }
    }

    /// What the values of an attribute are; `None` past the last one.
    pub fn attribute_kind(&self, attribute: AttributeIdx) -> Option<AttributeKind> {
        if attribute == AttributeIdx::CATEGORY {
            return Some(AttributeKind::Text);
        }
        self.facet(attribute).map(Facet::kind)
    }

    /// How many decimals the numbers of an attribute have; `None` when its values are no numbers.
    pub fn decimals(&self, attribute: AttributeIdx) -> Option<u8> {
        match self.attribute_kind(attribute)? {
            AttributeKind::Number { decimals } => Some(decimals),
            AttributeKind::Text | AttributeKind::Product => None,
        }
    }

    /// Number of values of an attribute, whose rows are `0..n_values`.
    pub fn n_values(&self, attribute: AttributeIdx) -> u32 {
        if attribute == AttributeIdx::CATEGORY {
            return self.n_categories();
        }
        self.facet(attribute).map_or(0, Facet::n_values)
    }

    /// The rows of the values of an item, ascending.
    pub fn values(
        &self,
        attribute: AttributeIdx,
        item: ItemIdx,
    ) -> impl Iterator<Item = u32> + use<'a> {
        let category = self.category(item).filter(|_| attribute == AttributeIdx::CATEGORY);
        let others = self.facet(attribute).map(|facet| facet.values(item)).unwrap_or_default();
        category.map(|category| category.0).into_iter().chain(others)
    }

    /// A text with ` > ` between the parts of its path, written into `buffer`, which is emptied first; `None` when the
    /// values are no texts.
    pub fn value_text<'t>(
        &self,
        attribute: AttributeIdx,
        value: u32,
        buffer: &'t mut Vec<u8>,
    ) -> Option<&'t str> {
        self.texts(attribute)?.path(value, buffer)
    }

    /// The rows of a text and of all texts below it in their tree; empty when it is none of the attribute's.
    pub fn values_of_text(&self, attribute: AttributeIdx, text: &str) -> Range<u32> {
        let texts = self.texts(attribute);
        texts.and_then(|texts| Some(texts.subtree(texts.find_path(text)?))).unwrap_or_default()
    }

    /// How many of an attribute's numbers are below one in the attribute's own unit: those are the values before that
    /// row. 0 when its values are no numbers.
    pub fn values_below(&self, attribute: AttributeIdx, number: u32) -> u32 {
        self.facet(attribute).map_or(0, |facet| facet.values_below(number))
    }

    fn facet(&self, attribute: AttributeIdx) -> Option<&Facet<'a>> {
        self.facets.get(attribute.0.checked_sub(1)?)
    }

    fn texts(&self, attribute: AttributeIdx) -> Option<&Table<'a>> {
        match attribute {
            AttributeIdx::CATEGORY => Some(self.attributes.categories()),
            attribute => self.facet(attribute)?.texts(),
        }
    }

    /// A segment's name.
    pub fn segment_name(&self, segment: SegmentIdx) -> Option<&'a str> {
        self.attributes.segment_name(segment)
    }

    /// The segment with this name.
    pub fn find_segment(&self, name: &str) -> Option<SegmentIdx> {
        self.attributes.find_segment(name)
    }

    /// Whether the bundle tells what trends.
    pub fn has_trending(&self) -> bool {
        self.trending.is_some()
    }

    /// The name of the shop's time zone in the tz database; `None` when the bundle has no seasons.
    pub fn time_zone(&self) -> Option<&'a str> {
        self.seasons.as_ref().map(Seasons::zone_name)
    }

    /// What the shop's clock shows at a moment in seconds since 1970-01-01T00:00:00Z; UTC when the bundle has no
    /// seasons.
    pub fn local_time(&self, utc_s: i64) -> LocalTime {
        match &self.seasons {
            Some(seasons) => seasons.local_time(utc_s),
            None => LocalTime::at(utc_s, 0),
        }
    }

    /// Whether the bundle carries cards.
    pub fn has_cards(&self) -> bool {
        self.cards.is_some()
    }

    /// ISO 4217 code of the prices, when the shop stated one.
    pub fn currency(&self) -> Option<&'a str> {
        self.cards.as_ref()?.currency()
    }

    /// What a page shows of an item, written into `text`, which is emptied first; `None` when the bundle carries no
    /// cards or the row is past the last item.
    pub fn card<'t>(&self, item: ItemIdx, text: &'t mut Vec<u8>) -> Option<Card<'t>> {
        self.cards.as_ref()?.write(item, text)?;
        let n_bytes = text.len();
        let categories = self.attributes.categories();
        if let Some(name) = self.category(item).and_then(|row| categories.text(row.index())) {
            push_shown(text, name);
        }
        let (texts, category) = text.split_at_checked(n_bytes)?;
        Some(Card::of(texts, category))
    }

    /// The past sessions; `None` when the bundle has none.
    pub fn sessions(&self) -> Option<&(impl SessionIndex + use<'a>)> {
        self.session_index()
    }

    fn session_index(&self) -> Option<&Sessions<'a>> {
        self.sessions.as_ref().filter(|_| HAS_SESSIONS)
    }

    /// Number of entries of all lists of a relation; `None` when the bundle has none. Reads them all.
    pub fn n_entries(&self, relation: Relation) -> Option<u64> {
        self.lists(relation).map(Lists::n_entries)
    }

    /// What the lists of a relation take, and the fewest bits that they could; `None` when the bundle has none. Reads
    /// them all.
    #[cfg(feature = "write")]
    pub fn list_sizes(&self, relation: Relation) -> Option<crate::ListSizes> {
        let kind = SectionKind::of_lists(relation)?;
        let section = self.sections().find(|section| section.number == kind.number())?;
        Some(self.lists(relation)?.sizes(section.len_bytes.into()))
    }

    /// What sets of items lead to; `None` when the bundle has no rules.
    pub fn rules(&self) -> Option<impl Rules + use<'a>> {
        self.rules
    }

    /// The name of a rule of [`Model::policy`], by its place.
    pub fn rule_name(&self, rule: usize) -> Option<&'a str> {
        self.policy.as_ref()?.rule_name(rule)
    }

    /// The number of a set of rules.
    pub fn find_rule_set(&self, name: &str) -> Option<u32> {
        self.policy.as_ref()?.find_set(name)
    }

    /// The name of a set of rules, by its number.
    pub fn rule_set_name(&self, set: u32) -> Option<&'a str> {
        self.policy.as_ref()?.set_name(set)
    }

    /// The experiments; none in most bundles.
    pub fn experiments(&self) -> &Experiments {
        &self.experiments
    }

    /// How the bundle was made; `None` when it does not say.
    ///
    /// # Errors
    /// [`FormatError`] when the section is too long or cannot be decoded.
    #[cfg(feature = "write")]
    pub fn provenance(&self) -> Result<Option<crate::Provenance>, FormatError> {
        self.directory.find(SectionKind::Provenance).map(crate::provenance::decode).transpose()
    }

    /// The ranking of an audience that is there.
    fn ranking_in(&self, rankings: &Rankings<'a>, audience: Audience) -> Option<Ranking<'a>> {
        let (n_categories, n_regions) = (self.n_categories(), self.n_regions());
        let below = |row: u32, n: u32, first: u32| (row < n).then_some(first + row);
        let number = match audience {
            Audience::Everyone => Some(0),
            Audience::Category(row) => below(row.0, n_categories, 1),
            Audience::Region(row) => below(row.0, n_regions, 1 + n_categories),
            // Past the last segment there is no ranking.
            Audience::Segment(row) => Some(1 + n_categories + n_regions + u32::from(row.0)),
        };
        number.map(|number| rankings.ranking(number))
    }

    fn lists(&self, relation: Relation) -> Option<&Lists<'a>> {
        self.lists.get(relation.index())?.as_ref()
    }
}

impl Model for Bundle<'_> {
    fn n_items(&self) -> u32 {
        self.items.n_items()
    }

    fn neighbours(&self, relation: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted> {
        self.lists(relation).map(|lists| lists.list(of)).unwrap_or_default()
    }

    fn rebuy(&self, item: ItemIdx) -> u8 {
        self.rebuy.map_or(255, |rebuy| rebuy.get(item))
    }

    fn each_of_sessions(&self, origins: &[ItemIdx], visit: &mut dyn FnMut(ItemIdx, ItemIdx, u64)) {
        if let Some(sessions) = self.session_index() {
            edgewise_core::session_contributions(sessions, origins, visit);
        }
    }

    fn each_of_rules(&self, cart: &[ItemIdx], visit: &mut dyn FnMut(ItemIdx, ItemIdx, u64)) {
        if let Some(rules) = &self.rules {
            edgewise_core::each_rule(rules, cart, |rule| {
                visit(rule.candidate, rule.highest, rule.score);
            });
        }
    }

    fn policy(&self) -> Policy<'_> {
        self.policy.as_ref().map(PolicyTable::policy).unwrap_or_default()
    }

    fn ranking(&self, audience: Audience) -> impl Iterator<Item = Weighted> {
        self.ranking_in(&self.popular, audience).unwrap_or_default()
    }

    fn trending(&self, audience: Audience) -> impl Iterator<Item = Weighted> {
        let trending = self.trending.as_ref();
        trending.and_then(|rankings| self.ranking_in(rankings, audience)).unwrap_or_default()
    }

    fn has_seasons(&self) -> bool {
        self.seasons.is_some()
    }

    fn local_time(&self, minute: u32) -> LocalTime {
        self.local_time(i64::from(minute) * 60)
    }

    fn season(&self, item: ItemIdx, at: LocalTime) -> u32 {
        self.seasons.as_ref().map_or(USUAL, |seasons| seasons.factor(item, at))
    }

    fn category_parent(&self, category: CategoryIdx) -> Option<CategoryIdx> {
        self.attributes.categories().parent(category.0).map(CategoryIdx)
    }

    fn region_parent(&self, region: RegionIdx) -> Option<RegionIdx> {
        self.attributes.regions().parent(region.0).map(RegionIdx)
    }

    fn has_category(&self, category: CategoryIdx) -> bool {
        category.0 < self.n_categories()
    }

    fn category(&self, item: ItemIdx) -> Option<CategoryIdx> {
        self.attributes.category(item)
    }

    fn category_range(&self, category: CategoryIdx) -> Range<u32> {
        self.attributes.categories().subtree(category.0)
    }

    fn region_range(&self, region: RegionIdx) -> Range<u32> {
        self.attributes.regions().subtree(region.0)
    }

    fn has_value(&self, attribute: AttributeIdx, item: ItemIdx, values: Range<u32>) -> bool {
        if attribute == AttributeIdx::CATEGORY {
            return self.category(item).is_some_and(|category| values.contains(&category.0));
        }
        self.facet(attribute).is_some_and(|facet| facet.has_value(item, &values))
    }

    fn first_value(&self, attribute: AttributeIdx, item: ItemIdx) -> Option<u32> {
        self.values(attribute, item).next()
    }

    fn number(&self, attribute: AttributeIdx, value: u32) -> Option<u32> {
        self.facet(attribute)?.number(value)
    }

    fn variant_group(&self) -> Option<AttributeIdx> {
        self.facets.variant_group().map(|number| AttributeIdx(number + 1))
    }

    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool {
        self.attributes.is_available(item, region)
    }

    fn scoring(&self) -> &Scoring {
        &self.scoring
    }

    fn experiments(&self) -> &[Experiment] {
        self.experiments.as_slice()
    }

    fn rule_sets(&self, variant: Option<Assigned>) -> u32 {
        let found = variant.and_then(|variant| self.experiments.get(variant));
        found.map_or(u32::MAX, |(_, variant)| variant.rules.into())
    }

    fn ladder(&self, placement: Placement, variant: Option<Assigned>) -> &[Rung] {
        let own = variant.and_then(|variant| self.experiments.ladder(variant, placement));
        own.unwrap_or_else(|| self.scoring.ladder(placement))
    }
}
