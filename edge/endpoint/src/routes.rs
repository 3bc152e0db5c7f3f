//! Every path, its methods, and what it is for.

use alloc::string::String;

use edgewise_core::Placement;

use crate::parameters::{BATCH, EXPLAIN, Families, ITEMS, PARAMETERS, Parameter, RECS};

/// What a path answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Recommendations, where a name is given of that placement.
    Recs(Option<&'static str>),
    /// Why an item is, or is not, among them.
    Explain,
    /// Several questions at once.
    Batch,
    /// Cards of items.
    Items,
    /// The card of an item.
    Item,
    /// Whether the component answers.
    Health,
    /// Versions.
    Version,
}

/// A path.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The path; `{id}` stands for an item's id.
    pub path: &'static str,
    /// Its methods, as the `allow` header has them.
    pub methods: &'static str,
    pub(crate) action: Action,
}

const BOTH: &str = "GET, HEAD, POST, OPTIONS";
const GET: &str = "GET, HEAD, OPTIONS";
const POST: &str = "POST, OPTIONS";
/// What stands before an item's id.
pub(crate) const ITEM_ID: &str = "/v1/items/";

/// Every path.
pub static ROUTES: [Route; 11] = [
    Route { path: "/recs", methods: BOTH, action: Action::Recs(None) },
    Route { path: "/v1/recs", methods: BOTH, action: Action::Recs(None) },
    Route { path: "/v1/similar", methods: BOTH, action: Action::Recs(Some("item")) },
    Route { path: "/v1/popular", methods: BOTH, action: Action::Recs(Some("popular")) },
    Route { path: "/v1/trending", methods: BOTH, action: Action::Recs(Some("trending")) },
    Route { path: "/v1/batch", methods: POST, action: Action::Batch },
    Route { path: "/v1/explain", methods: BOTH, action: Action::Explain },
    Route { path: "/v1/items", methods: BOTH, action: Action::Items },
    Route { path: "/v1/items/{id}", methods: GET, action: Action::Item },
    Route { path: "/health", methods: GET, action: Action::Health },
    Route { path: "/version", methods: GET, action: Action::Version },
];

impl Route {
    pub(crate) fn gets(&self) -> bool {
        self.methods.starts_with('G')
    }

    pub(crate) fn posts(&self) -> bool {
        self.methods != GET
    }

    /// Whose parameters it takes.
    pub(crate) fn families(&self) -> Families {
        match self.action {
            Action::Recs(_) => RECS,
            Action::Explain => RECS | EXPLAIN,
            Action::Batch => RECS | BATCH,
            Action::Items => ITEMS,
            Action::Item | Action::Health | Action::Version => 0,
        }
    }

    /// The parameters that it takes. Health and version overlook what they are given.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        let families = self.families();
        PARAMETERS.iter().filter(move |parameter| parameter.families & families > 0)
    }

    /// Whether it is served: a placement that bundles do not have yet is not.
    pub fn is_served(&self) -> bool {
        match self.action {
            Action::Recs(Some(name)) => Placement::from_name(name).is_some(),
            _ => true,
        }
    }
}

/// The route of a path.
pub(crate) fn find(path: &str) -> Option<&'static Route> {
    // Ids have no slash of their own: it is written `%2F`.
    let is_item = path.strip_prefix(ITEM_ID).is_some_and(|id| !id.is_empty() && !id.contains('/'));
    ROUTES
        .iter()
        .find(|route| if is_item { route.action == Action::Item } else { route.path == path })
        .filter(|route| route.is_served())
}

/// Every path that is served, for messages.
pub(crate) fn paths() -> String {
    let mut paths = String::new();
    for route in ROUTES.iter().filter(|route| route.is_served()) {
        if !paths.is_empty() {
            paths.push_str(", ");
        }
        paths.push_str(route.path);
    }
    paths
}
