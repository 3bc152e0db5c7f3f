//! An open bundle: borrowed bytes that answer what scoring asks.

use alloc::vec::Vec;

use edgewise_core::policy::{Policy, Rule};
use edgewise_core::{
    Audience, CategoryIdx, ItemIdx, Model, Obstacle, Query, Recommendation, RegionIdx, Relation,
    Rules, Scoring, Scratch, SessionIndex, Weighted,
};

use crate::attributes::Attributes;
use crate::cards::{Card, Cards};
use crate::directory::{Directory, Section, SectionKind};
use crate::error::FormatError;
use crate::items::Items;
use crate::lists::Lists;
use crate::policy::PolicyTable;
use crate::rankings::Rankings;
use crate::rebuy::Rebuy;
use crate::rules::RuleTable;
use crate::sessions::Sessions;

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
    attributes: Attributes<'a>,
    cards: Option<Cards<'a>>,
    sessions: Option<Sessions<'a>>,
    rebuy: Option<Rebuy<'a>>,
    policy: Option<PolicyTable<'a>>,
    rules: Option<RuleTable<'a>>,
    scoring: Scoring,
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
        self.popular.check()?;
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
        if let Some(policy) = &self.policy {
            policy.check(self.n_items(), 1)?;
        }
        #[cfg(feature = "write")]
        self.provenance()?;
        Ok(())
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
        let n_rankings = 1 + attributes.n_categories() + attributes.n_regions();
        Ok(Bundle {
            items,
            lists,
            popular: Rankings::take(required(SectionKind::Popular)?, n_rankings, n_items)?,
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
            scoring: crate::scoring::decode(required(SectionKind::Scoring)?)?,
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

    /// A category's name.
    pub fn category_name(&self, category: CategoryIdx) -> Option<&'a str> {
        self.attributes.category_name(category)
    }

    /// A region's name.
    pub fn region_name(&self, region: RegionIdx) -> Option<&'a str> {
        self.attributes.region_name(region)
    }

    /// The category with this name.
    pub fn find_category(&self, name: &str) -> Option<CategoryIdx> {
        self.attributes.find_category(name)
    }

    /// The region with this name.
    pub fn find_region(&self, name: &str) -> Option<RegionIdx> {
        self.attributes.find_region(name)
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
    pub fn card<'t>(&self, item: ItemIdx, text: &'t mut Vec<u8>) -> Option<Card<'t>>
    where
        'a: 't,
    {
        let card = self.cards.as_ref()?.card(item, text)?;
        let category = self.category(item).and_then(|category| self.category_name(category));
        Some(Card { category, ..card })
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

    /// How the bundle was made; `None` when it does not say.
    ///
    /// # Errors
    /// [`FormatError`] when the section is too long or cannot be decoded.
    #[cfg(feature = "write")]
    pub fn provenance(&self) -> Result<Option<crate::Provenance>, FormatError> {
        self.directory.find(SectionKind::Provenance).map(crate::provenance::decode).transpose()
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
        let (n_categories, n_regions) = (self.n_categories(), self.n_regions());
        let number = match audience {
            Audience::Everyone => Some(0),
            Audience::Category(row) => (row.0 < n_categories).then(|| 1 + row.0),
            Audience::Region(row) => (row.0 < n_regions).then(|| 1 + n_categories + row.0),
        };
        number.map(|number| self.popular.ranking(number)).unwrap_or_default()
    }

    fn has_category(&self, category: CategoryIdx) -> bool {
        category.0 < self.n_categories()
    }

    fn category(&self, item: ItemIdx) -> Option<CategoryIdx> {
        self.attributes.category(item)
    }

    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool {
        self.attributes.is_available(item, region)
    }

    fn scoring(&self) -> &Scoring {
        &self.scoring
    }
}
