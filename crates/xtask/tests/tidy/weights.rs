//! What git carries: no heavy file, and no lock file that depends on which registry served it.

/// A tracked file is at most this large: everybody who clones pays for it, for ever.
const MAX_FILE_BYTES: u64 = 6_000_000;

/// Whether a file of this size may be tracked.
pub(crate) fn check(size_bytes: u64) -> Vec<String> {
    if size_bytes <= MAX_FILE_BYTES {
        return Vec::new();
    }
    vec![format!("has {size_bytes} bytes, {MAX_FILE_BYTES} are allowed")]
}

/// npm writes the address of each package unless told not to; then the file differs behind every mirror.
pub(crate) fn check_npm_lock(text: &str) -> Vec<String> {
    let addresses = text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\":"));
    addresses
        .map(|(index, _)| {
            format!("line {}: names a registry; install with this repository's `.npmrc`", index + 1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_files_are_found() {
        assert!(check(6_000_000).is_empty());
        assert_eq!(check(6_000_001).len(), 1);
    }

    #[test]
    fn registries_in_a_lock_file_are_found() {
        let clean = "{\n\"version\": \"1.0.0\",\n\"integrity\": \"sha512-x\"\n}";
        assert!(check_npm_lock(clean).is_empty());
        let named = clean
            .replace("\"integrity\"", "\"resolved\": \"https://r.example/x.tgz\",\n\"integrity\"");
        assert!(check_npm_lock(&named)[0].starts_with("line 3:"));
    }
}
