//! Writing documents: all of them, whole, or none.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The text that a document is stored as.
pub(crate) fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

/// Whether `path` holds anything but `text`.
pub(crate) fn differs(path: &Path, text: &str) -> bool {
    std::fs::read_to_string(path).map_or(true, |stored| stored != text)
}

/// Replaces each file by its text. Every text is on the disk before the first name is moved, so a full disk or an
/// unwritable folder leaves the old files as they were.
pub(crate) fn replace(files: &[(PathBuf, String)]) -> Result<()> {
    let mut ready = Vec::new();
    for (path, text) in files.iter().filter(|(path, text)| differs(path, text)) {
        let folder = path.parent().unwrap_or(Path::new("."));
        let written = (|| {
            let mut file = tempfile::Builder::new().permissions(readable()).tempfile_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            std::io::Result::Ok(file)
        })();
        ready.push((path, written.with_context(|| format!("cannot write {}", path.display()))?));
    }
    for (path, file) in ready {
        file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Temporary files are private by default; documents are not.
fn readable() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o644)
}

/// Today in UTC, or the day of `SOURCE_DATE_EPOCH` (seconds), the usual variable for reproducible output.
pub(crate) fn today() -> Result<String> {
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => jiff::Timestamp::from_second(seconds.parse().context("SOURCE_DATE_EPOCH")?)?,
        Err(_) => now(),
    };
    Ok(now.strftime("%Y-%m-%d").to_string())
}

#[expect(clippy::disallowed_methods, reason = "the date of a pull is the only time a chore reads")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
