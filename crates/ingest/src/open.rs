//! A file as a stream of plain bytes: decompressed, counted, its first bytes looked at.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::time::Instant;

use crate::error::IngestError;
use crate::files::{Format, SourceFile};
use crate::progress::{Progress, Work};

/// How many plain bytes are looked at to recognise encoding, format and delimiter.
const HEAD_BYTES: usize = 64 * 1024;

/// A file whose plain bytes can be read from the first on.
pub(crate) struct Opened<'a> {
    /// How its rows are written; never `Unknown`.
    pub(crate) format: Format,
    /// The first plain bytes: all of them, or at least [`HEAD_BYTES`].
    pub(crate) head: Vec<u8>,
    /// What follows the head.
    pub(crate) rest: Box<dyn Read + Send + 'a>,
}

impl<'a> Opened<'a> {
    /// Every plain byte.
    pub(crate) fn into_reader(self) -> impl Read + Send + 'a {
        Cursor::new(self.head).chain(self.rest)
    }
}

/// Opens a text file, compressed or not. The compression follows from the first bytes, whatever the name says.
///
/// # Errors
/// What the system or the decompressor says; an encoding other than UTF-8 and its relatives.
pub(crate) fn open<'a>(
    file: &SourceFile,
    progress: &'a dyn Progress,
) -> Result<Opened<'a>, IngestError> {
    let path = &file.path;
    let fail = |source| read_error(path, source);
    let stored = File::open(path).map_err(fail)?;
    let mut stored = Counted { inner: stored, progress };
    let mut magic = Vec::new();
    stored.by_ref().take(4).read_to_end(&mut magic).map_err(fail)?;
    let is_zstd = magic == [0x28, 0xb5, 0x2f, 0xfd];
    let is_gzip = magic.starts_with(&[0x1f, 0x8b]);
    let is_parquet = magic == *b"PAR1";
    let stored = Cursor::new(magic).chain(stored);
    let mut plain: Box<dyn Read + Send + 'a> = if is_zstd {
        Box::new(zstd::stream::read::Decoder::new(stored).map_err(fail)?)
    } else if is_gzip {
        Box::new(flate2::bufread::MultiGzDecoder::new(io::BufReader::with_capacity(
            HEAD_BYTES, stored,
        )))
    } else {
        Box::new(stored)
    };
    let mut head = Vec::with_capacity(HEAD_BYTES);
    plain.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(fail)?;
    let format = match file.format {
        Format::Unknown if is_parquet => Format::Parquet,
        Format::Unknown => sniff_format(&head),
        known => known,
    };
    if format != Format::Parquet {
        check_encoding(path, &head)?;
    }
    Ok(Opened { format, head, rest: Box::new(Timed { inner: plain, progress }) })
}

/// A reading error that names the file, and tells a file that ends early from other damage.
pub(crate) fn read_error(path: &Path, source: io::Error) -> IngestError {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::UnexpectedEof {
        IngestError::Truncated { path, source }
    } else {
        IngestError::Read { path, source }
    }
}

fn sniff_format(head: &[u8]) -> Format {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if text.starts_with(b"{") || text.starts_with(b"[{") {
        Format::JsonLines
    } else {
        Format::Delimited
    }
}

fn check_encoding(path: &Path, head: &[u8]) -> Result<(), IngestError> {
    let found = match head {
        [0xff, 0xfe, ..] => "UTF-16 (little-endian)",
        [0xfe, 0xff, ..] => "UTF-16 (big-endian)",
        [0, ..] | [_, 0, ..] => "UTF-16 or binary",
        _ => return Ok(()),
    };
    Err(IngestError::Encoding { path: path.to_owned(), found })
}

/// Tells the progress how many stored bytes pass.
struct Counted<'a, R> {
    inner: R,
    progress: &'a dyn Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.inner.read(buffer)?;
        self.progress.bytes(n_bytes as u64);
        Ok(n_bytes)
    }
}

/// Tells the progress how long the bytes took to come.
struct Timed<'a, R> {
    inner: R,
    progress: &'a dyn Progress,
}

impl<R: Read> Read for Timed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let began = Instant::now();
        let n_bytes = self.inner.read(buffer);
        self.progress.busy(Work::Load, began.elapsed());
        n_bytes
    }
}
