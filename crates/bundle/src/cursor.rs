//! Reads fields one after another and knows where it is.

use crate::error::FormatError;

/// A position in the bytes of a bundle or of one of its sections.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Starts at the first of `bytes`, which lies `at` bytes into the bundle.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Cursor<'a> {
        Cursor { rest: bytes, at }
    }

    /// Offset of the next byte in the bundle.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Bytes that are left.
    pub(crate) fn len(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn bytes(&mut self, field: &'static str, n: usize) -> Result<&'a [u8], FormatError> {
        let Some((taken, rest)) = self.rest.split_at_checked(n) else {
            let found = self.rest.len();
            return Err(FormatError::TooShort { field, at: self.at, needed: n, found });
        };
        self.rest = rest;
        self.at += n;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(
        &mut self,
        field: &'static str,
    ) -> Result<[u8; N], FormatError> {
        let at = self.at;
        let bytes = self.bytes(field, N)?;
        bytes.try_into().map_err(|_| FormatError::TooShort {
            field,
            at,
            needed: N,
            found: bytes.len(),
        })
    }

    pub(crate) fn u32(&mut self, field: &'static str) -> Result<u32, FormatError> {
        self.array(field).map(u32::from_le_bytes)
    }

    /// A count or length with its named limit.
    pub(crate) fn count(&mut self, field: &'static str, limit: u32) -> Result<u32, FormatError> {
        let at = self.at;
        let found = self.u32(field)?;
        if found <= limit {
            Ok(found)
        } else {
            Err(FormatError::TooMany { field, at, found, limit })
        }
    }

    /// A field with only one legal value.
    pub(crate) fn exactly(
        &mut self,
        field: &'static str,
        expected: u32,
    ) -> Result<(), FormatError> {
        let at = self.at;
        let found = self.u32(field)?;
        if found == expected {
            Ok(())
        } else {
            Err(FormatError::Mismatch { field, at, found, expected })
        }
    }

    /// Zero bytes up to the next multiple of `alignment`.
    pub(crate) fn padding(&mut self, alignment: usize) -> Result<(), FormatError> {
        while !self.at.is_multiple_of(alignment) {
            let at = self.at;
            let [found] = self.array("padding")?;
            if found != 0 {
                return Err(FormatError::Mismatch {
                    field: "padding",
                    at,
                    found: found.into(),
                    expected: 0,
                });
            }
        }
        Ok(())
    }

    /// Refuses bytes behind the last field.
    pub(crate) fn end(&self, field: &'static str) -> Result<(), FormatError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        let found = u32::try_from(self.rest.len()).unwrap_or(u32::MAX);
        Err(FormatError::Mismatch { field, at: self.at, found, expected: 0 })
    }
}
