//! What the program has used of the machine, where the machine tells: Linux.

use std::fs;

/// Processor time and memory so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Seconds of all threads, in user mode and in the kernel.
    pub(crate) cpu_s: Option<f64>,
    /// The most memory that was in use at once, in bytes.
    pub(crate) peak_rss_bytes: Option<u64>,
}

/// Ticks of `/proc/self/stat` per second: 100 on every Linux that Rust supports.
const TICKS_PER_S: f64 = 100.0;

impl Usage {
    /// Until now.
    pub(crate) fn now() -> Usage {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        Usage { cpu_s: cpu_s(&stat), peak_rss_bytes: peak_rss_bytes(&status) }
    }

    /// What was used since; the peak is that of the whole run.
    pub(crate) fn since(self, before: &Usage) -> Usage {
        let cpu_s = self.cpu_s.zip(before.cpu_s).map(|(now, before)| now - before);
        Usage { cpu_s, ..self }
    }
}

/// Bytes in use now.
pub(crate) fn rss_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status_bytes(&status, "VmRSS:")
}

/// Counts the peak anew from now on, where the system lets itself be told so.
pub(crate) fn forget_peak() {
    // Where it does not, peaks are those of the whole run so far.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Fields 14 and 15 of `proc(5)`'s stat; the second field is a name in parentheses that may hold spaces.
fn cpu_s(stat: &str) -> Option<f64> {
    let behind_name = stat.rsplit_once(')')?.1;
    let mut ticks = behind_name.split_ascii_whitespace().skip(11).map(str::parse::<f64>);
    let (user, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
    Some((user + system) / TICKS_PER_S)
}

fn peak_rss_bytes(status: &str) -> Option<u64> {
    status_bytes(status, "VmHWM:")
}

fn status_bytes(status: &str, field: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_ascii_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_a_name_with_spaces() {
        let stat = "42 (edge wise) R 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 2 0 1";
        assert_eq!(cpu_s(stat), Some(3.0));
        assert_eq!(peak_rss_bytes("Name:\tx\nVmHWM:\t    2048 kB\n"), Some(2_097_152));
        assert_eq!((cpu_s(""), peak_rss_bytes("")), (None, None));
    }
}
