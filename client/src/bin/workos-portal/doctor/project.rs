//! What an app's folder and the environment hold, read once.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use workos_portal::Secret;

use super::dotenv::{self, Entry};
use super::finding::Finding;
use super::ignored::{Rules, repository};
use super::manifests::{self, Sdk};
use super::sources::{self, Marks};
use super::tracked::tracked;
use super::walk::{self, Left, walk};

/// The most `.env` files that are read.
const ENV_FILES: usize = 100;

/// The variables that are taken from this process's environment.
const VARIABLES: [&str; 4] = [
    "WORKOS_API_KEY",
    "WORKOS_CLIENT_ID",
    "WORKOS_WEBHOOK_SECRET",
    "WORKOS_BASE_URL",
];

/// A `.env` file.
#[derive(Debug)]
pub(super) struct EnvFile {
    /// Below the folder.
    pub(super) path: String,
    pub(super) entries: Vec<Entry>,
    /// Whether git ignores it.
    pub(super) ignored: bool,
    /// Whether git has it all the same, from before.
    pub(super) tracked: bool,
}

/// What the checks look at.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// Variables of this process.
    pub(super) variables: BTreeMap<String, Secret>,
    pub(super) env_files: Vec<EnvFile>,
    /// Whether the folder is in a repository of git.
    pub(super) in_git: bool,
    pub(super) sdks: Vec<Sdk>,
    /// Manifests that cannot be read.
    pub(super) broken_manifests: Vec<String>,
    pub(super) marks: Marks,
    pub(super) left: Left,
}

/// A value, and where it is set: `the environment`, or `path:line`.
#[derive(Clone, Debug)]
pub(super) struct Set<'a> {
    pub(super) value: &'a Secret,
    pub(super) place: String,
    /// The file, unless it is the environment.
    pub(super) file: Option<&'a EnvFile>,
}

impl Project {
    /// Reads a folder.
    ///
    /// # Errors
    /// When it cannot be read, or is none. What cannot be read below it is counted.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(folder)?;
        let names = fs::read_dir(&root)?;
        let repository = repository(&root);
        let tracked = repository.map(|top| tracked_env_files(top, &root));
        let mut project = Self {
            in_git: repository.is_some(),
            ..Self::default()
        };
        for name in VARIABLES {
            let value = std::env::var_os(name).filter(|value| !value.is_empty());
            if let Some(value) = value {
                let value = value.to_string_lossy().into_owned();
                project.variables.insert(name.to_owned(), value.into());
            }
        }
        let mut rules = Rules::around(&root, repository);
        let outer = rules.depth();
        rules.enter(&root);
        // Those of the folder itself are read although git should ignore them.
        let mut names: Vec<_> = names
            .flatten()
            .map(|entry| entry.file_name())
            .filter(|name| is_env_file(&name.to_string_lossy()))
            .take(ENV_FILES)
            .collect();
        names.sort();
        for name in names {
            let path = root.join(&name);
            if let Some(text) = walk::read_text(&path, walk::LONGEST) {
                let ignored = rules.ignores(&path, false);
                project.add_env_file(&name.to_string_lossy(), &text, ignored);
            }
        }
        rules.leave(outer);
        project.left = walk(&root, &mut rules, &mut |path, text| {
            project.add(path, text);
        });
        for path in tracked.unwrap_or_default() {
            project.add_tracked(&root, &path);
        }
        Ok(project)
    }

    /// Takes up a file that git tracks, and that was perhaps not come by because git ignores it.
    fn add_tracked(&mut self, root: &Path, path: &str) {
        let known = self.env_files.iter().position(|file| file.path == path);
        let place = known.or_else(|| {
            let text = walk::read_text(&root.join(path), walk::LONGEST)?;
            (self.env_files.len() < ENV_FILES).then(|| self.add_env_file(path, &text, true))?;
            Some(self.env_files.len() - 1)
        });
        if let Some(place) = place {
            self.env_files[place].tracked = true;
        }
    }

    /// Takes up a file that git does not ignore.
    pub(super) fn add(&mut self, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if is_env_file(name) {
            if path.contains('/') && self.env_files.len() < ENV_FILES {
                self.add_env_file(path, text, false);
            }
            return;
        }
        match manifests::read(path, name, text) {
            Ok(sdks) => self.sdks.extend(sdks),
            Err(place) => self.broken_manifests.push(place),
        }
        sources::scan(path, text, &mut self.marks);
    }

    pub(super) fn add_env_file(&mut self, path: &str, text: &str, ignored: bool) {
        self.env_files.push(EnvFile {
            path: path.to_owned(),
            entries: dotenv::parse(text),
            ignored,
            tracked: false,
        });
    }

    /// Where a variable is set, the place that wins first: the process's environment, then `.env.local`,
    /// then `.env`. A variable that is set to nothing is not set.
    pub(super) fn set(&self, name: &str) -> Vec<Set<'_>> {
        let mut places: Vec<Set<'_>> = Vec::new();
        if let Some(value) = self.variables.get(name) {
            places.push(Set {
                value,
                place: "the environment".to_owned(),
                file: None,
            });
        }
        for path in [".env.local", ".env"] {
            let file = self.env_files.iter().find(|file| file.path == path);
            let entry = file.and_then(|file| Some((file, file.last(name)?)));
            if let Some((file, entry)) = entry {
                places.push(Set {
                    value: &entry.value,
                    place: file.place(entry),
                    file: Some(file),
                });
            }
        }
        places
    }
}

impl EnvFile {
    /// What a file sets a variable to: the last line wins.
    pub(super) fn last(&self, name: &str) -> Option<&Entry> {
        let of_name = |entry: &&Entry| entry.name == name && !entry.value.expose().is_empty();
        self.entries.iter().rev().find(of_name)
    }

    pub(super) fn place(&self, entry: &Entry) -> String {
        format!("{}:{}", self.path, entry.line)
    }
}

/// The `.env` files that git tracks in a folder of a repository, below that folder.
fn tracked_env_files(repository: &Path, folder: &Path) -> Vec<String> {
    let below = folder.strip_prefix(repository).unwrap_or(Path::new(""));
    let mut prefix = walk::shown(Path::new(""), below);
    if !prefix.is_empty() {
        prefix.push('/');
    }
    let wanted = |path: &str| {
        let mut parts = path.split('/');
        path.starts_with(&prefix)
            && is_env_file(path.rsplit('/').next().unwrap_or(path))
            && parts.all(|part| !part.is_empty() && part != "." && part != "..")
    };
    let mut paths = tracked(repository, wanted);
    paths.truncate(ENV_FILES);
    let paths = paths.iter().map(|path| path[prefix.len()..].to_owned());
    paths.collect()
}

/// Whether variables are read from a file of this name. Examples hold none.
fn is_env_file(name: &str) -> bool {
    let examples = [".example", ".sample", ".template", ".dist", ".defaults"];
    (name == ".env" || name.starts_with(".env."))
        && !examples.iter().any(|ending| name.ends_with(ending))
}

/// Whether all of it was looked at.
pub(super) fn check(project: &Project) -> Vec<Finding> {
    let Left {
        too_many,
        too_deep,
        unreadable,
        too_long,
    } = &project.left;
    let mut parts = Vec::new();
    if *too_many {
        parts.push(format!("what comes after the first {} files", walk::FILES));
    }
    if *too_deep {
        parts.push(format!("folders more than {} deep", walk::DEPTH));
    }
    if unreadable.number > 0 {
        parts.push(format!(
            "files or folders that cannot be read ({})",
            unreadable.number
        ));
    }
    if too_long.number > 0 {
        parts.push(format!("files of more than 1 MiB ({})", too_long.number));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let finding = Finding::warning(
        "files",
        format!("Not looked at: {}.", parts.join(", ")),
        "Name the app's own folder, and let .gitignore leave out what is made by machines.",
    );
    let first = unreadable.first.iter().chain(&too_long.first);
    vec![finding.at(first.cloned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_looked_at_is_counted_and_the_first_are_named() {
        let mut project = Project::default();
        assert_eq!(check(&project), []);
        project.left.unreadable.add("private".to_owned());
        for number in 1..=5 {
            project.left.too_long.add(format!("{number}.js"));
        }
        let findings = check(&project);
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}");
        };
        assert_eq!(
            finding.message,
            "Not looked at: files or folders that cannot be read (1), files of more than 1 MiB (5)."
        );
        assert_eq!(finding.places, ["private", "1.js", "2.js", "3.js"]);
    }
}
