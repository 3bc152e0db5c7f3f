//! What the rules found, gathered so that one run names everything.

/// Violations by file.
#[derive(Debug, Default)]
pub(crate) struct Violations {
    lines: Vec<String>,
}

impl Violations {
    /// Adds what was found in `path`.
    pub(crate) fn extend(&mut self, path: &str, found: Vec<String>) {
        self.lines.extend(found.into_iter().map(|violation| format!("{path}: {violation}")));
    }

    /// Fails the test unless nothing was found.
    #[track_caller]
    pub(crate) fn report(self) {
        assert!(
            self.lines.is_empty(),
            "{} violations\n{}",
            self.lines.len(),
            self.lines.join("\n")
        );
    }
}

#[test]
fn a_violation_fails_with_its_file() {
    let mut found = Violations::default();
    found.extend("a.rs", vec!["too long".to_owned()]);
    let panic = std::panic::catch_unwind(|| found.report()).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("a.rs: too long"), "{text}");
}
