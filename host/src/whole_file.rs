//! Files that are read whole within a limit, and written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Reads a file of at most `limit_bytes`, so that a wrong path cannot fill the memory.
///
/// # Errors
/// What the system says, or [`io::ErrorKind::FileTooLarge`].
pub(crate) fn read(path: &Path, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?.len();
    if found > limit_bytes {
        let text = format!("it has {found} bytes, the limit is {limit_bytes}");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    fs::read(path)
}

/// Writes beside `path` and renames, so that nobody ever reads half a file and a failure leaves the old one.
///
/// # Errors
/// What the system says.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut beside = tempfile::Builder::new().prefix(".edgewise-").tempfile_in(folder)?;
    beside.write_all(bytes)?;
    make_readable(beside.as_file())?;
    beside.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; a bundle or component is to be read by whoever serves it.
#[cfg(unix)]
fn make_readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

/// Other systems give a new file the folder's permissions.
#[cfg(not(unix))]
fn make_readable(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_back_and_a_failed_write_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/shop.bundle");
        write(&path, b"first").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"first");
        assert_eq!(read(&path, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(write(&path.join("below-a-file"), b"second").is_err());
        assert_eq!(read(&path, 5).unwrap(), b"first");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
