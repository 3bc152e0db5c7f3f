//! Names as paths: a city within an area within a country, whose counts are the area's and the country's, too.

/// Stands between the parts of a path, from the widest to the narrowest. Shown as ` > `.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// Which name holds which.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    parents: Vec<Option<u32>>,
}

impl Tree {
    /// The tree of names that ascend without repeats. A name whose own holder is not there stands below the nearest one
    /// that is.
    pub(crate) fn of(names: &[String]) -> Tree {
        let parent = |name: &String| {
            let mut rest = name.as_str();
            loop {
                rest = rest.rsplit_once(SEPARATOR)?.0;
                if let Ok(at) = names.binary_search_by(|other| other.as_str().cmp(rest)) {
                    return u32::try_from(at).ok();
                }
            }
        };
        Tree { parents: names.iter().map(parent).collect() }
    }

    /// Number of names.
    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    /// A name and all that hold it, the narrowest first.
    pub(crate) fn lineage(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(node), |&node| {
            self.parents.get(node as usize).copied().flatten()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_lies_in_its_area_and_country() {
        let names = ["DE", "UK", "UK\u{1f}North", "UK\u{1f}North\u{1f}Leeds", "UK\u{1f}X\u{1f}Y"];
        let tree = Tree::of(&names.map(str::to_owned));
        let lineage = |node| tree.lineage(node).collect::<Vec<_>>();
        assert_eq!(lineage(3), [3, 2, 1]);
        assert_eq!(lineage(0), [0]);
        assert_eq!(lineage(4), [4, 1], "its area is no name of its own");
        assert_eq!(tree.len(), 5);
    }
}
