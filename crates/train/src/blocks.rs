//! Small dense blocks of the products of a sparse matrix's columns, one for each target's candidates.
//!
//! Each item's dots are counted once and handed to every block that holds the item, as far as they are with lower
//! items: the lower triangles of all blocks, item after item. Where these do not fit into memory, targets are cut into
//! runs, each item's dots are written to a file per run, and one run after the other is read back.

use std::ops::Range;

use edgewise_core::ItemIdx;
use rayon::prelude::*;

use crate::gram::{Candidates, Entry, single};
use crate::observations::Observations;
use crate::pairs::PairCounter;
use crate::params::TrainError;
use crate::room::Room;
use crate::spill::{Spilled, Spilling};

/// Items whose dots are counted before any are written to files.
const CHUNK_ITEMS: usize = 1_024;

/// Where an item stands in a target's block: behind how many lower items.
#[derive(Clone, Copy)]
struct Use {
    target: u32,
    place: u32,
}

/// In which blocks each item is.
struct Uses<'c> {
    candidates: &'c [Candidates],
    starts: Vec<usize>,
    all: Vec<Use>,
    /// Where the dots begin among all those of the same item, per candidate of each target.
    offsets: Vec<usize>,
    /// Where each target's part of `offsets` begins.
    of_target: Vec<usize>,
}

impl<'c> Uses<'c> {
    fn of(candidates: &'c [Candidates]) -> Uses<'c> {
        let n_items = candidates.len();
        let mut starts = vec![0; n_items + 1];
        let mut of_target = vec![0];
        for target in candidates {
            for source in &target.sources {
                starts[source.item.index() + 1] += 1;
            }
            of_target.push(of_target[of_target.len() - 1] + target.sources.len());
        }
        for item in 0..n_items {
            starts[item + 1] += starts[item];
        }
        let n_uses = starts[n_items];
        let (mut next, mut lengths) = (starts.clone(), vec![0; n_items]);
        let mut all = vec![Use { target: 0, place: 0 }; n_uses];
        let mut offsets = Vec::with_capacity(n_uses);
        for (target, candidates) in (0..).zip(candidates) {
            for (place, source) in (0..).zip(&candidates.sources) {
                let item = source.item.index();
                all[next[item]] = Use { target, place };
                next[item] += 1;
                offsets.push(lengths[item]);
                lengths[item] += place as usize;
            }
        }
        Uses { candidates, starts, all, offsets, of_target }
    }

    /// The blocks that hold an item, ascending by target.
    fn of_item(&self, item: ItemIdx) -> &[Use] {
        &self.all[self.starts[item.index()]..self.starts[item.index() + 1]]
    }

    /// The dots of an item with the lower items of each block that holds it, block after block.
    fn dots(&self, counter: &mut PairCounter<'_>, item: ItemIdx) -> Vec<f32> {
        let uses = self.of_item(item);
        let mut dots = Vec::with_capacity(uses.iter().map(|used| used.place as usize).sum());
        if dots.capacity() > 0 {
            counter.with_lower(item, |dot| {
                for used in uses {
                    let sources = &self.candidates[used.target as usize].sources;
                    let lower = &sources[..used.place as usize];
                    dots.extend(lower.iter().map(|lower| single(dot(lower.item))));
                }
            });
        }
        dots
    }

    /// The offset of each candidate's dots among all those of its item.
    fn offsets(&self, target: usize) -> &[usize] {
        &self.offsets[self.of_target[target]..self.of_target[target + 1]]
    }

    /// How many of an item's dots go to targets below `target`.
    fn n_below(&self, item: ItemIdx, target: u32) -> usize {
        let uses = self.of_item(item);
        let first = uses.partition_point(|used| used.target < target);
        uses[..first].iter().map(|used| used.place as usize).sum()
    }
}

/// Bytes of the lower triangle of a target's block.
fn triangle_bytes(candidates: &Candidates) -> u64 {
    let side = candidates.sources.len() as u64;
    4 * (side * side.saturating_sub(1) / 2)
}

/// The targets in runs whose blocks take no more than the room, in order.
fn runs_of(candidates: &[Candidates], memory_bytes: u64) -> Vec<Range<usize>> {
    let (mut runs, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (target, candidates) in candidates.iter().enumerate() {
        let more = triangle_bytes(candidates);
        if target > from && bytes + more > memory_bytes {
            runs.push(from..target);
            (from, bytes) = (target, 0);
        }
        bytes += more;
    }
    runs.push(from..candidates.len());
    runs
}

/// Products of a run's items.
enum Run<'r> {
    /// Of all targets, item by item.
    Kept(&'r [Vec<f32>]),
    /// Of the run's targets alone: the dots, where each item's begin, and how many of the item's were left out in front.
    Read { dots: Vec<f32>, starts: Vec<usize>, left_out: Vec<usize> },
}

impl Run<'_> {
    fn dots(&self, item: ItemIdx, offset: usize, n: usize) -> &[f32] {
        let item = item.index();
        match self {
            Run::Kept(dots) => &dots[item][offset..offset + n],
            Run::Read { dots, starts, left_out } => {
                let start = starts[item] + offset - left_out[item];
                &dots[start..start + n]
            }
        }
    }
}

/// One target's block.
pub(crate) struct Block<'b> {
    target: usize,
    uses: &'b Uses<'b>,
    run: &'b Run<'b>,
}

impl Block<'_> {
    pub(crate) fn target(&self) -> usize {
        self.target
    }

    pub(crate) fn candidates(&self) -> &Candidates {
        &self.uses.candidates[self.target]
    }

    /// Writes the dots of different candidates into the upper triangle of a square, row by row, and zeros elsewhere.
    pub(crate) fn write(&self, square: &mut Vec<f32>) {
        let sources: &[Entry] = &self.candidates().sources;
        let side = sources.len();
        square.clear();
        square.resize(side * side, 0.0);
        for (place, (source, &offset)) in
            sources.iter().zip(self.uses.offsets(self.target)).enumerate()
        {
            let lower = self.run.dots(source.item, offset, place);
            for (line, &product) in square.chunks_exact_mut(side).zip(lower) {
                line[place] = product;
            }
        }
    }
}

/// What `solve` makes of each target's block, in the order of the targets. `solve` has a memory of its own on each thread.
///
/// # Errors
/// [`TrainError::Spill`] when what does not fit into memory cannot be written or read.
pub(crate) fn for_each_block<S: Send, R: Send>(
    observations: &Observations,
    candidates: &[Candidates],
    room: &Room<'_>,
    memory: impl Fn() -> S + Sync + Send,
    solve: impl Fn(&mut S, &Block<'_>) -> R + Sync + Send,
) -> Result<Vec<R>, TrainError> {
    let uses = &Uses::of(candidates);
    let items: Vec<ItemIdx> = observations.all_items().collect();
    let counted = |items: &[ItemIdx]| -> Vec<Vec<f32>> {
        let counter = || PairCounter::new(observations);
        items.par_iter().map_init(counter, |counter, &item| uses.dots(counter, item)).collect()
    };
    let solved = |run: &Run<'_>, targets: Range<usize>| -> Vec<R> {
        let block = |state: &mut S, target| solve(state, &Block { target, uses, run });
        targets.into_par_iter().map_init(&memory, block).collect()
    };
    let runs = runs_of(candidates, room.memory_bytes);
    if let [targets] = &*runs {
        return Ok(solved(&Run::Kept(&counted(&items)), targets.clone()));
    }
    let bytes: u64 = candidates.iter().map(triangle_bytes).sum();
    let folder = room.folder.display();
    let (mib, n_runs) = (bytes.div_ceil(1 << 20), runs.len());
    room.watch.note(&format!("spilling {mib} MiB of pairs to {folder} in {n_runs} runs"));
    let failed = |error| room.spill_error(&error);
    let mut files = Spilling::new(&room.folder, runs.len()).map_err(failed)?;
    for items in items.chunks(CHUNK_ITEMS) {
        for (&item, dots) in items.iter().zip(counted(items)) {
            let mut from = 0;
            for (at, run) in runs.iter().enumerate() {
                // Cannot fail: targets are items, which `u32` numbers.
                let end = uses.n_below(item, u32::try_from(run.end).unwrap_or(u32::MAX));
                files.write(at, &dots[from..end]).map_err(failed)?;
                from = end;
            }
        }
    }
    let mut results = Vec::with_capacity(candidates.len());
    for (targets, file) in runs.into_iter().zip(files.finish().map_err(failed)?) {
        let run = read_run(uses, &items, &targets, file).map_err(failed)?;
        results.extend(solved(&run, targets));
    }
    Ok(results)
}

fn read_run(
    uses: &Uses<'_>,
    items: &[ItemIdx],
    targets: &Range<usize>,
    file: Spilled,
) -> std::io::Result<Run<'static>> {
    let (mut starts, mut left_out) = (Vec::new(), Vec::new());
    let mut start = 0;
    let [first, end] = [targets.start, targets.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    for &item in items {
        starts.push(start);
        let below = uses.n_below(item, first);
        left_out.push(below);
        start += uses.n_below(item, end) - below;
    }
    Ok(Run::Read { dots: file.read()?, starts, left_out })
}

#[cfg(test)]
mod tests;
