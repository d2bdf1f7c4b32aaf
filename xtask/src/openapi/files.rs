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
            let mut file = tempfile::Builder::new()
                .permissions(readable())
                .tempfile_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            std::io::Result::Ok(file)
        })();
        ready.push((
            path,
            written.with_context(|| format!("cannot write {}", path.display()))?,
        ));
    }
    for (path, file) in ready {
        file.persist(path)
            .with_context(|| format!("cannot write {}", path.display()))?;
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

#[expect(
    clippy::disallowed_methods,
    reason = "the date of a pull is the only time a chore reads"
)]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_replaced_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        std::fs::write(&one, "old").unwrap();
        replace(&[
            (one.clone(), "new".to_owned()),
            (two.clone(), "made".to_owned()),
        ])
        .unwrap();
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "new");
        assert_eq!(std::fs::read_to_string(&two).unwrap(), "made");
        assert_eq!(names(folder.path()), ["one", "two"]);
        let metadata = std::fs::metadata(&two).unwrap();
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777,
            0o644
        );
    }

    #[test]
    fn one_that_cannot_be_written_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("one");
        std::fs::write(&one, "old").unwrap();
        let unwritable = folder.path().join("no such folder/two");
        let error = replace(&[
            (one.clone(), "new".to_owned()),
            (unwritable, "made".to_owned()),
        ])
        .unwrap_err();
        assert!(error.to_string().starts_with("cannot write "), "{error}");
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "old");
        assert_eq!(names(folder.path()), ["one"]);
    }

    #[test]
    fn an_unchanged_file_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("one");
        std::fs::write(&one, "same").unwrap();
        let inode =
            |path: &Path| std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap());
        let before = inode(&one);
        replace(&[(one.clone(), "same".to_owned())]).unwrap();
        assert_eq!(inode(&one), before);
        assert!(
            !differs(&one, "same")
                && differs(&one, "other")
                && differs(Path::new("/no/such/file"), "")
        );
    }

    #[test]
    fn documents_end_with_a_line_break() {
        assert_eq!(
            pretty(&serde_json::json!({ "b": 1, "a": [] })),
            "{\n  \"b\": 1,\n  \"a\": []\n}\n"
        );
    }
}
