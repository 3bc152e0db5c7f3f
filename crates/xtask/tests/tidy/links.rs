//! Links inside the repository lead to something that is there.

use crate::prose::without_fences;

/// Every link in the Markdown file at `path` whose target does not exist.
pub(crate) fn check(path: &str, markdown: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    for (index, line) in without_fences(markdown).into_iter().enumerate() {
        for link in targets(line) {
            let number = index + 1;
            match resolve(folder, link) {
                Some(target) if exists(&target) => {}
                Some(target) => found.push(format!("line {number}: `{target}` does not exist")),
                None => found.push(format!("line {number}: `{link}` leads out of the repository")),
            }
        }
    }
    found
}

/// Targets of a line's links that are files: `[text](target)` and `[name]: target`, outside code spans.
fn targets(line: &str) -> Vec<&str> {
    let outside_code = line.split('`').step_by(2);
    let inline = outside_code
        .flat_map(|part| part.split("](").skip(1))
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target);
    let defined = line.starts_with('[').then(|| line.split_once("]: ")).flatten();
    inline
        .chain(defined.map(|(_, target)| target))
        .map(|target| target.split([' ', '#']).next().unwrap_or_default())
        .filter(|target| {
            !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
        })
        .collect()
}

/// `target` as seen from `folder`, from the root; `None` when it leads above the root.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let start = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_links(markdown: &str, expected: &[&str]) {
        let there = ["README.md", "docs/format.md", "docs"];
        let found =
            check("docs/guide.md", markdown, |target| target.is_empty() || there.contains(&target));
        assert_eq!(found, expected);
    }

    #[test]
    fn links_are_followed_from_the_files_own_folder() {
        check_links(
            "[a](format.md), [b](../README.md#start), [c](/docs), [d](#here), [e](./format.md)",
            &[],
        );
        check_links("[a](https://a.example/x) [b](mailto:a@b.example) `[c](nowhere)`", &[]);
        check_links("```\n[a](nowhere.md)\n```", &[]);
    }

    #[test]
    fn dead_links_are_found() {
        check_links("fine\n[a](README.md)", &["line 2: `docs/README.md` does not exist"]);
        check_links("[a](format.md) [b](x.md \"title\")", &["line 1: `docs/x.md` does not exist"]);
        check_links("[a]: ../x.md", &["line 1: `x.md` does not exist"]);
        check_links("[a](../../x.md)", &["line 1: `../../x.md` leads out of the repository"]);
    }
}
