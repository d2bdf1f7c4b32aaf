//! The file that tells others that a server listens, and where.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file with the line that [`welcome::json`](crate::welcome::json) makes. It is there as a whole or not at all, and it is removed
/// when this value is dropped, unless another server has written its own there meanwhile.
///
/// A server that is killed leaves it behind; the next one replaces it.
#[derive(Debug)]
#[must_use = "the file is removed when this value is dropped"]
pub struct ReadyFile {
    path: PathBuf,
    line: String,
}

impl ReadyFile {
    /// Writes the file, in the place of one that is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(path: &Path, line: &str) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
        let mut begun = std::ffi::OsString::from(".");
        begun.push(name);
        begun.push(format!(".{}", std::process::id()));
        let begun = path.with_file_name(begun);
        // In containers every server may have the same process id, and one that was killed may have left this behind.
        let _ = fs::remove_file(&begun);
        let write = || {
            File::create_new(&begun)?.write_all(line.as_bytes())?;
            fs::rename(&begun, &path)
        };
        if let Err(error) = write() {
            let _ = fs::remove_file(&begun);
            return Err(error);
        }
        Ok(Self {
            path,
            line: line.to_owned(),
        })
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        let is_ours = fs::read_to_string(&self.path).is_ok_and(|text| text == self.line);
        if is_ours && let Err(error) = fs::remove_file(&self.path) {
            let path = self.path.display();
            tracing::warn!(%error, %path, "the ready file could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_there_until_it_is_dropped() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ready.json");
        fs::write(&path, "left behind").expect("a written file");
        let ready = ReadyFile::write(&path, "{}\n").expect("a written file");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "{}\n");
        // Nothing is left of how it came there.
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        drop(ready);
        assert!(!path.exists());
    }

    #[test]
    fn what_another_has_written_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ready.json");
        let first = ReadyFile::write(&path, "1").expect("a written file");
        let second = ReadyFile::write(&path, "2").expect("a written file");
        drop(first);
        assert_eq!(fs::read_to_string(&path).expect("a file"), "2");
        drop(second);
        assert!(!path.exists());
    }

    #[test]
    fn where_nothing_can_be_written_nothing_is_left() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let missing = folder.path().join("missing/ready.json");
        assert!(ReadyFile::write(&missing, "1").is_err());
        // A folder stands where the file is to be.
        fs::create_dir_all(folder.path().join("folder/full")).expect("a folder");
        assert!(ReadyFile::write(&folder.path().join("folder"), "1").is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
