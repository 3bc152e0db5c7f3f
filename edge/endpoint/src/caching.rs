//! Who may keep an answer, for how long, and by which name.

use alloc::string::String;
use core::ops::Range;

use edgewise_bundle::{Bundle, hex};

use crate::media::Media;
use crate::problem::{decimal, joined};
use crate::resolve::{FNV_BASIS, hashed};

/// Seconds for which an answer that depends on the page alone is fresh.
const SHARED_S: u64 = 300;
/// Seconds for which an answer that depends on a visitor is fresh in that visitor's browser.
const PERSONAL_S: u64 = 60;
/// Seconds for which a shared answer may be used while it is fetched anew.
const STALE_S: u64 = 3_600;

/// For how long an answer is the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Steady {
    /// The minutes in which nothing changes it.
    pub(crate) minutes: Range<u32>,
    /// Now, in seconds since 1970.
    pub(crate) now_s: u64,
}

/// The `cache-control` header. Nothing is fresh, or used when it is stale, beyond the minute that changes it.
pub(crate) fn control(is_personal: bool, steady: Option<&Steady>) -> String {
    let left_s = steady.map_or(u64::MAX, |steady| {
        (u64::from(steady.minutes.end) * 60).saturating_sub(steady.now_s)
    });
    let (whose, fresh_s) = if is_personal { ("private", PERSONAL_S) } else { ("public", SHARED_S) };
    let fresh_s = fresh_s.min(left_s);
    let control = joined(&[whose, ", max-age=", &decimal(fresh_s)]);
    let stale_s = STALE_S.min(left_s - fresh_s);
    if is_personal || stale_s == 0 {
        return control;
    }
    joined(&[&control, ", stale-while-revalidate=", &decimal(stale_s)])
}

/// Names the bytes of an answer: the bundle, the path and query as they were sent, the time where it counts, and the
/// representation.
pub(crate) fn etag(
    bundle: &Bundle<'_>,
    (path, query): (&str, &str),
    steady: Option<&Steady>,
    media: Media,
) -> String {
    let digest = bundle.digest();
    let bundle_part = hex(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
    // A clash would need two queries of one URL.
    let mut hash = hashed(hashed(hashed(FNV_BASIS, path.as_bytes()), b"?"), query.as_bytes());
    if let Some(steady) = steady {
        hash = hashed(hash, &steady.minutes.start.to_le_bytes());
    }
    let media_part = match media {
        Media::Json => "j",
        Media::MessagePack => "m",
    };
    joined(&["\"", &bundle_part, "-", &hex(&hash.to_be_bytes()), media_part, "\""])
}

/// Weak comparison (RFC 9110, section 13.1.2).
pub(crate) fn matches_etag(header: &str, etag: &str) -> bool {
    header
        .split(',')
        .map(str::trim_ascii)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_beyond_the_minute_that_changes_it() {
        let at = |now_s| Steady { minutes: 10..100, now_s };
        let public = |now_s| control(false, Some(&at(now_s)));
        assert_eq!(control(false, None), "public, max-age=300, stale-while-revalidate=3600");
        assert_eq!(control(true, None), "private, max-age=60");
        assert_eq!(public(600), "public, max-age=300, stale-while-revalidate=3600");
        assert_eq!(public(5_000), "public, max-age=300, stale-while-revalidate=700");
        assert_eq!(public(5_700), "public, max-age=300");
        assert_eq!(public(5_999), "public, max-age=1");
        assert_eq!(control(true, Some(&at(5_980))), "private, max-age=20");
    }
}
