//! Numbers that do not fit into memory: written to files that have no name, and read back whole.
//!
//! The system removes such a file when it is closed, whatever becomes of the program.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

/// Bytes that wait to be written to a file, and that are read at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Files that numbers are added to.
pub(crate) struct Spilling {
    files: Vec<BufWriter<File>>,
    lengths: Vec<usize>,
}

impl Spilling {
    /// Makes `n_files` files in a folder.
    pub(crate) fn new(folder: &Path, n_files: usize) -> io::Result<Spilling> {
        let file = |_| Ok(BufWriter::with_capacity(BUFFER_BYTES, tempfile::tempfile_in(folder)?));
        let files = (0..n_files).map(file).collect::<io::Result<_>>()?;
        Ok(Spilling { files, lengths: vec![0; n_files] })
    }

    /// Adds numbers to a file.
    pub(crate) fn write(&mut self, file: usize, numbers: &[f32]) -> io::Result<()> {
        self.lengths[file] += numbers.len();
        let file = &mut self.files[file];
        numbers.iter().try_for_each(|number| file.write_all(&number.to_le_bytes()))
    }

    /// The files, each to be read from its beginning.
    pub(crate) fn finish(self) -> io::Result<Vec<Spilled>> {
        let finished = |(file, n_numbers): (BufWriter<File>, usize)| {
            let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            Ok(Spilled { file, n_numbers })
        };
        self.files.into_iter().zip(self.lengths).map(finished).collect()
    }
}

/// A file that was written.
pub(crate) struct Spilled {
    file: File,
    n_numbers: usize,
}

impl Spilled {
    /// Every number.
    pub(crate) fn read(self) -> io::Result<Vec<f32>> {
        let mut numbers = Vec::with_capacity(self.n_numbers);
        let mut file = BufReader::with_capacity(BUFFER_BYTES, self.file);
        let mut bytes = [0; 4];
        for _ in 0..self.n_numbers {
            file.read_exact(&mut bytes)?;
            numbers.push(f32::from_le_bytes(bytes));
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_gives_back_what_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Spilling::new(folder.path(), 2).unwrap();
        let numbers: Vec<f32> = (0..40_000_u16).map(|at| f32::from(at) * 0.5).collect();
        for numbers in numbers.chunks(7_000) {
            files.write(1, numbers).unwrap();
            files.write(0, &numbers[..2]).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "files without a name");
        let read: Vec<Vec<f32>> =
            files.finish().unwrap().into_iter().map(|file| file.read().unwrap()).collect();
        assert_eq!(read[1], numbers);
        assert_eq!(read[0].len(), 12);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Spilling::new(&folder.path().join("none"), 1).is_err());
    }
}
