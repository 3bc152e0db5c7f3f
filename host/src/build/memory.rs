//! How much memory a build may take: what was asked for, or most of what the machine has.

use std::fs;
use std::path::Path;
use std::str::FromStr;

/// A number of bytes, as people write them: `2GB`, `512 MiB`, `1.5g`, `800000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) bytes: u64,
}

/// Why a text is no size.
#[derive(Debug, thiserror::Error)]
#[error("`{found}` is no size, expected one such as `2GB`, `512MiB` or a number of bytes")]
pub(crate) struct SizeError {
    found: String,
}

/// What a unit stands for; an absent one is a byte. Letter case and a final `b` do not matter.
const UNITS: [(&str, f64); 9] = [
    ("", 1.0),
    ("k", 1e3),
    ("m", 1e6),
    ("g", 1e9),
    ("t", 1e12),
    ("ki", 1024.0),
    ("mi", 1_048_576.0),
    ("gi", 1_073_741_824.0),
    ("ti", 1_099_511_627_776.0),
];

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Size, SizeError> {
        let refused = || SizeError { found: text.to_owned() };
        let lower = text.trim().to_ascii_lowercase();
        let end = lower.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(lower.len());
        let (number, unit) = lower.split_at(end);
        let unit = unit.strip_suffix('b').unwrap_or(unit);
        let number: f64 = number.trim().parse().map_err(|_| refused())?;
        let factor = UNITS.iter().find(|known| known.0 == unit).ok_or_else(refused)?.1;
        let bytes = number * factor;
        if !(1.0..1e18).contains(&bytes) {
            return Err(refused());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10^18")]
        let bytes = bytes as u64;
        Ok(Size { bytes })
    }
}

/// Three quarters of what the machine has, or of what its control group leaves to the program; no limit where neither
/// tells.
pub(crate) fn usual_limit() -> u64 {
    let read = |path: &Path| fs::read_to_string(path).ok();
    let machine = read(Path::new("/proc/meminfo")).as_deref().and_then(machine_bytes);
    let groups = read(Path::new("/proc/self/cgroup")).unwrap_or_default();
    let files = group_files(&groups);
    let group = files.iter().filter_map(|file| read(Path::new(file))?.trim().parse().ok()).min();
    let limits = [machine, group].into_iter().flatten();
    limits.min().map_or(u64::MAX, |bytes: u64| bytes / 4 * 3)
}

/// `MemTotal` of `proc(5)`'s meminfo.
fn machine_bytes(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_ascii_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1_024)
}

/// The files that hold the limits of the groups of `cgroups(7)` that the program is in, and of all that those are in.
/// A group without a limit says `max` in one version, and a number larger than any machine in the other.
fn group_files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else { continue };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            "memory" => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => continue,
        };
        let ancestors = Path::new(path).ancestors().map(|path| path.display().to_string());
        files.extend(ancestors.map(|path| format!("{root}{}/{name}", path.trim_end_matches('/'))));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2GB", 2_000_000_000),
            ("1.5 g", 1_500_000_000),
            ("512MiB", 536_870_912),
            ("16ki", 16_384),
            ("800000000", 800_000_000),
            (" 3 b ", 3),
        ] {
            assert_eq!(text.parse::<Size>().unwrap().bytes, expected, "{text}");
        }
        for text in ["", "GB", "-1GB", "0", "2 GBit", "nan", "inf", "1e30", "2,5GB"] {
            let error = text.parse::<Size>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is no size")), "{error}");
        }
    }

    #[test]
    fn limits_are_those_of_every_group_around_the_program() {
        let files = group_files("12:cpu:/x\n5:memory:/jobs/9\n0::/a.slice\nbroken\n");
        let memory = "/sys/fs/cgroup/memory";
        assert_eq!(
            files,
            [
                format!("{memory}/jobs/9/memory.limit_in_bytes"),
                format!("{memory}/jobs/memory.limit_in_bytes"),
                format!("{memory}/memory.limit_in_bytes"),
                "/sys/fs/cgroup/a.slice/memory.max".to_owned(),
                "/sys/fs/cgroup/memory.max".to_owned(),
            ]
        );
        assert_eq!(machine_bytes("MemFree: 1 kB\nMemTotal:  2048 kB\n"), Some(2_097_152));
        assert_eq!(machine_bytes("MemTotal:  lots\n"), None);
    }
}
