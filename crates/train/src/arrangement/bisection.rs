//! Recursive graph bisection: an order of items in which those that stand in the same lists stand together.
//!
//! Items are halved so that the lists spread over both halves as little as possible, then each half is halved again
//! (Dhulipala, Kabiljo, Karrer, Ottaviano, Pupyrev and Shalita, "Compressing graphs and indexes with recursive graph
//! bisection", KDD 2016, section 3, algorithms 1 and 2). What a list with `a` and `b` items in halves of `n` and `m`
//! items is taken to cost is `a log2(n / (a + 1)) + b log2(m / (b + 1))` bits, equation 2 there.
//!
//! Putting the more popular half first, so that equal scores are won by the more popular item as they were in an order by
//! popularity, gave back none of the third of a percent of hits that click logs lost.
//!
//! Logarithms are whole numbers of 4096ths of a bit and sums are integers, so every machine and every number of threads
//! finds the same order.

/// Rounds of exchanging items between two halves. On check-ins five rounds come to 7.08 bits a row, twenty to 7.02,
/// by the measure of interpolative coding, in twice the time.
const MAX_ROUNDS: usize = 8;
/// Groups of this many items or fewer are left as they are: how they stand changes nothing that is measurable.
const MAX_LEAF: usize = 8;
/// A round that exchanges fewer than one of this many items is the last one. 1,000 in place of 100 saves 0.07 bits a
/// neighbour on check-ins and costs half a second of the build's two and a half.
const LEAST_EXCHANGED: usize = 300;
/// Groups of this many items or more are halved beside each other, on several threads.
const MIN_PARALLEL: usize = 4_096;

/// Items with the lists that hold them.
struct Group {
    /// The items, in their order.
    items: Vec<u32>,
    /// Where the lists of each item end in `lists`.
    ends: Vec<u32>,
    /// The lists of each item, numbered within the group.
    lists: Vec<u32>,
    n_lists: usize,
}

/// Orders the items `0..n_items` by the lists that hold them: entry `p` is the item that comes to stand at place `p`.
/// Every list holds an item at most once.
pub(super) fn bisect<'l>(
    n_items: usize,
    lists: impl Iterator<Item = &'l [u32]> + Clone,
) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(n_items).collect();
    let group = Group::of(n_items, lists);
    let logs = Logs::up_to(n_items.max(group.lists.len().min(n_items)) + 2);
    halve(group, &logs, &mut order);
    order
}

impl Group {
    fn of<'l>(n_items: usize, lists: impl Iterator<Item = &'l [u32]> + Clone) -> Group {
        let mut counts = vec![0u32; n_items + 1];
        for &item in lists.clone().flatten() {
            counts[item as usize + 1] += 1;
        }
        for at in 0..n_items {
            counts[at + 1] += counts[at];
        }
        let mut of_items = vec![0; counts[n_items] as usize];
        let mut n_lists = 0;
        for list in lists {
            for &item in list {
                let slot = &mut counts[item as usize];
                of_items[*slot as usize] = n_lists;
                *slot += 1;
            }
            n_lists += 1;
        }
        counts.truncate(n_items);
        Group {
            items: (0..).take(n_items).collect(),
            ends: counts,
            lists: of_items,
            n_lists: n_lists as usize,
        }
    }

    fn lists_of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.lists[start as usize..self.ends[at] as usize]
    }

    /// The items at these places, with the lists that hold at least two of them.
    fn part(&self, places: &[u32]) -> Group {
        let mut counts = vec![0u32; self.n_lists];
        for &place in places {
            self.lists_of(place as usize).iter().for_each(|&list| counts[list as usize] += 1);
        }
        let mut n_lists = 0;
        for count in &mut counts {
            let is_kept = *count >= 2;
            *count = if is_kept { n_lists } else { u32::MAX };
            n_lists += u32::from(is_kept);
        }
        let mut part = Group {
            items: Vec::with_capacity(places.len()),
            ends: Vec::with_capacity(places.len()),
            lists: Vec::new(),
            n_lists: n_lists as usize,
        };
        for &place in places {
            let lists = self.lists_of(place as usize).iter().map(|&list| counts[list as usize]);
            part.lists.extend(lists.filter(|&list| list != u32::MAX));
            part.items.push(self.items[place as usize]);
            // Cannot fail: the whole group's lists are numbered by `u32`.
            part.ends.push(u32::try_from(part.lists.len()).unwrap_or(u32::MAX));
        }
        part
    }
}

/// Base-2 logarithms of 0 (as 0), 1, 2, … in 4096ths.
struct Logs(Vec<i32>);

impl Logs {
    fn up_to(most: usize) -> Logs {
        #[expect(clippy::cast_possible_truncation, reason = "logarithms of `u32`s are below 32")]
        let log = |n: u32| (libm::log2(f64::from(n.max(1))) * 4_096.0 + 0.5) as i32;
        Logs((0..=u32::try_from(most).unwrap_or(u32::MAX)).map(log).collect())
    }

    fn of(&self, n: u32) -> i64 {
        self.0[n as usize].into()
    }
}

/// Writes the group's order.
fn halve(group: Group, logs: &Logs, order: &mut [u32]) {
    let n_items = group.items.len();
    if n_items <= MAX_LEAF || group.lists.is_empty() {
        order.copy_from_slice(&group.items);
        return;
    }
    let mut places: Vec<u32> = (0..).take(n_items).collect();
    exchange(&group, logs, &mut places);
    let (first, second) = places.split_at_mut(n_items / 2);
    // Within a half, the order so far stays.
    first.sort_unstable();
    second.sort_unstable();
    let (first, second) = (group.part(first), group.part(second));
    drop(group);
    let (of_first, of_second) = order.split_at_mut(n_items / 2);
    if n_items >= MIN_PARALLEL {
        rayon::join(|| halve(first, logs, of_first), || halve(second, logs, of_second));
    } else {
        halve(first, logs, of_first);
        halve(second, logs, of_second);
    }
}

/// What a list gains when one of its items goes to the other half: from the first half, and from the second.
type Gains = [i64; 2];

/// Puts the places of the better first half first, by exchanging the items that gain most.
fn exchange(group: &Group, logs: &Logs, places: &mut [u32]) {
    let middle = places.len() / 2;
    let mut degrees = vec![[0u32; 2]; group.n_lists];
    for (at, &place) in places.iter().enumerate() {
        let half = usize::from(at >= middle);
        group.lists_of(place as usize).iter().for_each(|&list| degrees[list as usize][half] += 1);
    }
    let sizes = [middle, places.len() - middle].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let cost = |[a, b]: [u32; 2]| {
        i64::from(a) * (logs.of(sizes[0]) - logs.of(a + 1))
            + i64::from(b) * (logs.of(sizes[1]) - logs.of(b + 1))
    };
    let gains = |&[a, b]: &[u32; 2]| -> Gains {
        let now = cost([a, b]);
        let leaving_first = if a > 0 { now - cost([a - 1, b + 1]) } else { 0 };
        let leaving_second = if b > 0 { now - cost([a + 1, b - 1]) } else { 0 };
        [leaving_first, leaving_second]
    };
    let mut ranked: Vec<(i64, u32)> = Vec::with_capacity(places.len());
    for _ in 0..MAX_ROUNDS {
        let of_lists: Vec<Gains> = degrees.iter().map(gains).collect();
        ranked.clear();
        ranked.extend(places.iter().enumerate().map(|(at, &place)| {
            let half = usize::from(at >= middle);
            let lists = group.lists_of(place as usize);
            (lists.iter().map(|&list| of_lists[list as usize][half]).sum::<i64>(), place)
        }));
        let (first, second) = ranked.split_at_mut(middle);
        for half in [&mut *first, &mut *second] {
            half.sort_unstable_by_key(|&(gain, place)| (std::cmp::Reverse(gain), place));
        }
        let mut n_exchanged = 0;
        for (one, other) in first.iter_mut().zip(second) {
            if one.0 + other.0 <= 0 {
                break;
            }
            std::mem::swap(&mut one.1, &mut other.1);
            for (place, from, to) in [(other.1, 0, 1), (one.1, 1, 0)] {
                for &list in group.lists_of(place as usize) {
                    degrees[list as usize][from] -= 1;
                    degrees[list as usize][to] += 1;
                }
            }
            n_exchanged += 1;
        }
        for (place, &(_, ranked)) in places.iter_mut().zip(&ranked) {
            *place = ranked;
        }
        if n_exchanged * LEAST_EXCHANGED < places.len() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists within groups of ten, whose items are scattered over the rows.
    fn scattered(n_groups: u32) -> Vec<Vec<u32>> {
        let n_items = n_groups * 10;
        let mut scattered: Vec<u32> = (0..n_items).collect();
        let mut state = 12_345u64;
        for at in (1..scattered.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            scattered.swap(at, (state >> 33) as usize % (at + 1));
        }
        let item = |group: u32, member: u32| scattered[(group * 10 + member) as usize];
        (0..n_groups)
            .flat_map(|group| {
                (0..10).map(move |left_out| {
                    (0..10).filter(|&member| member != left_out).map(|m| item(group, m)).collect()
                })
            })
            .collect()
    }

    fn order_of(n_items: usize, lists: &[Vec<u32>]) -> Vec<u32> {
        bisect(n_items, lists.iter().map(Vec::as_slice))
    }

    #[test]
    fn an_order_is_a_permutation_that_brings_lists_together() {
        let lists = scattered(64);
        let order = order_of(640, &lists);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..640));
        let mean_span = |order: &[u32]| {
            let mut places = vec![0u32; 640];
            for (place, &item) in (0..).zip(order) {
                places[item as usize] = place;
            }
            let span = |list: &Vec<u32>| {
                let of_list = || list.iter().map(|&item| places[item as usize]);
                of_list().max().unwrap() - of_list().min().unwrap()
            };
            lists.iter().map(span).sum::<u32>() / 640
        };
        let as_it_was: Vec<u32> = (0..640).collect();
        let (before, after) = (mean_span(&as_it_was), mean_span(&order));
        assert!(before > 480 && after < 120, "{before} {after}");
    }

    #[test]
    fn an_order_does_not_depend_on_the_threads() {
        let lists = scattered(1_000);
        let with = |n_threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| order_of(10_000, &lists))
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn items_without_lists_keep_their_order() {
        assert_eq!(order_of(20, &[]), (0..20).collect::<Vec<u32>>());
        assert!(order_of(0, &[]).is_empty());
    }
}
