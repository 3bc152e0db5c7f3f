//! The law of a made-up shop: how popular its items are, which belong together, and who buys how often.
//!
//! Every law is that of Zipf and Mandelbrot with an exponent of one, `weight(rank) = 1 / (rank + shift)`: far down the
//! ranking it is Zipf's, and the shift keeps the few best sellers from having most of the sales, as no shop's do. An
//! exponent of one needs no power function, so all of it is integers and the same on every machine.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::alias::{self, Cell};

/// Flattens the head of the items' ranking; the best seller has about one row in a hundred.
pub(super) const ITEM_SHIFT: u64 = 20;
/// Flattens the head of the clusters' sizes; the largest cluster has a few percent of the items.
const CLUSTER_SHIFT: u64 = 5;
/// The users' shift is their number over this; then the hundredth part that buys most has about 15 % of the rows.
const USERS_PER_SHIFT: u64 = 100;
/// Items of a mean cluster.
const ITEMS_PER_CLUSTER: u64 = 50;
/// Clusters that a user buys from; the first half of the time, the second a quarter, and so on.
const CLUSTERS_PER_USER: u32 = 4;
/// Rows in a thousand whose item is drawn from the order's cluster; the others are drawn from the whole catalogue.
pub(super) const IN_CLUSTER_PER_MILLE: u64 = 850;
/// What a weight is a part of: it tells the last of millions of ranks apart, and all of them add up to 64 bits.
const ONE: u64 = 1 << 52;

/// How large a shop is, and its seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Rows to write: 1 or more.
    pub(crate) n_rows: u64,
    /// Items of the catalogue, 1 to [`MAX_ITEMS`]; in few rows not all of them are sold.
    pub(crate) n_items: u64,
    /// Users, 1 to [`MAX_USERS`].
    pub(crate) n_users: u64,
    /// Other seeds give other shops under the same laws.
    pub(crate) seed: u64,
}

/// Most items of a made-up shop.
pub(crate) const MAX_ITEMS: u64 = 1 << 24;
/// Most users of a made-up shop.
pub(crate) const MAX_USERS: u64 = 1 << 26;

/// Everything that is drawn once per shop. Memory grows with items and users, not with rows.
#[derive(Debug)]
pub(super) struct Shop {
    seed: u64,
    /// By rank of popularity.
    items: Vec<Cell>,
    /// By rank of activity.
    users: Vec<Cell>,
    /// By cluster: the weight of its items.
    clusters: Vec<Cell>,
    /// Ranks of the items, cluster by cluster.
    members: Vec<u32>,
    /// Their weights' tables, in the same places.
    member_cells: Vec<Cell>,
    /// Where each cluster begins in `members`, and the end of the last.
    starts: Vec<usize>,
    /// An item's number in the log by its rank, so that ids do not tell what sells.
    numbers: Vec<u32>,
}

impl Shop {
    /// Draws the shop.
    pub(super) fn new(size: &Size) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(size.seed);
        let weights = falling(size.n_items, ITEM_SHIFT);
        let n_clusters = (size.n_items / ITEMS_PER_CLUSTER).max(1);
        let sizes = alias::table(&falling(n_clusters, CLUSTER_SHIFT));
        let mut by_cluster: Vec<Vec<u32>> = vec![Vec::new(); sizes.len()];
        for (rank, _) in (0..).zip(&weights) {
            by_cluster[alias::pick(&sizes, random.next_u64())].push(rank);
        }
        let mut shop = Self {
            seed: random.next_u64(),
            items: alias::table(&weights),
            users: alias::table(&falling(size.n_users, size.n_users / USERS_PER_SHIFT + 1)),
            clusters: Vec::new(),
            members: Vec::with_capacity(weights.len()),
            member_cells: Vec::with_capacity(weights.len()),
            starts: vec![0],
            numbers: shuffled(weights.len(), &mut random),
        };
        let mut cluster_weights = Vec::with_capacity(by_cluster.len());
        for members in by_cluster {
            let weights: Vec<u64> = members.iter().map(|&rank| weights[rank as usize]).collect();
            cluster_weights.push(weights.iter().sum());
            if !members.is_empty() {
                shop.member_cells.extend(alias::table(&weights));
            }
            shop.members.extend(members);
            shop.starts.push(shop.members.len());
        }
        shop.clusters = alias::table(&cluster_weights);
        shop
    }

    /// Somebody who orders, by rank of activity.
    pub(super) fn user(&self, random: &mut impl Rng) -> usize {
        alias::pick(&self.users, random.next_u64())
    }

    /// A cluster that `user` orders from: always out of the same few.
    pub(super) fn cluster_of(&self, user: usize, random: &mut impl Rng) -> usize {
        let choice = random.next_u64().trailing_ones().min(CLUSTERS_PER_USER - 1);
        let of_user = self.seed ^ (user as u64 * u64::from(CLUSTERS_PER_USER) + u64::from(choice));
        alias::pick(&self.clusters, Pcg64Mcg::seed_from_u64(of_user).next_u64())
    }

    /// An item of an order from `cluster`, by rank of popularity.
    pub(super) fn item(&self, cluster: usize, random: &mut impl Rng) -> usize {
        if random.next_u64() % 1_000 >= IN_CLUSTER_PER_MILLE {
            return alias::pick(&self.items, random.next_u64());
        }
        let (start, end) = (self.starts[cluster], self.starts[cluster + 1]);
        let place = start + alias::pick(&self.member_cells[start..end], random.next_u64());
        self.members[place] as usize
    }

    /// The number that the log calls an item by, from 0.
    pub(super) fn number(&self, rank: usize) -> u32 {
        self.numbers[rank]
    }

    /// The ranks of a cluster's items.
    #[cfg(test)]
    pub(super) fn members(&self, cluster: usize) -> &[u32] {
        &self.members[self.starts[cluster]..self.starts[cluster + 1]]
    }
}

/// The weights of ranks 1 to `n`.
fn falling(n: u64, shift: u64) -> Vec<u64> {
    (1..=n).map(|rank| ONE / (rank + shift)).collect()
}

/// The numbers 0 to `n`, less one, in any order (Fisher and Yates).
fn shuffled(n: usize, random: &mut impl Rng) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..).take(n).collect();
    for last in (1..numbers.len()).rev() {
        let other = (u128::from(random.next_u64()) * (last as u128 + 1)) >> 64;
        numbers.swap(last, usize::try_from(other).unwrap_or(last));
    }
    numbers
}
