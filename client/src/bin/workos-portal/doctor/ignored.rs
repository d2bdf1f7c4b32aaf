//! What git ignores, by the files that say so.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::walk::read_text;

/// The most of a file of rules that is read, in bytes: rules cost more than text.
const LONGEST: u64 = 64 * 1024;

/// Rules for a folder and what is below it, from the outermost folder inwards.
pub(super) struct Rules(Vec<(PathBuf, Gitignore)>);

impl Rules {
    /// The rules that hold in `folder`, but for its own: those of the repository around it.
    pub(super) fn around(folder: &Path, repository: Option<&Path>) -> Self {
        let mut rules = Self(Vec::new());
        let Some(top) = repository else {
            return rules;
        };
        rules.add(top, &top.join(".git/info/exclude"));
        let outer: Vec<&Path> = folder.ancestors().skip(1).collect();
        for folder in outer.into_iter().rev().filter(|path| path.starts_with(top)) {
            rules.enter(folder);
        }
        rules
    }

    /// Takes up the rules of one more folder.
    pub(super) fn enter(&mut self, folder: &Path) {
        self.add(folder, &folder.join(".gitignore"));
    }

    fn add(&mut self, folder: &Path, file: &Path) {
        let Some(text) = read_text(file, LONGEST) else {
            return;
        };
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.lines() {
            // A line that is no rule ignores nothing.
            let _ = builder.add_line(None, line);
        }
        if let Ok(rules) = builder.build() {
            self.0.push((folder.to_owned(), rules));
        }
    }

    /// How many folders have rules, for [`Rules::leave`].
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    /// Forgets the rules that were taken up since.
    pub(super) fn leave(&mut self, depth: usize) {
        self.0.truncate(depth);
    }

    pub(super) fn ignores(&self, path: &Path, is_folder: bool) -> bool {
        for (folder, rules) in self.0.iter().rev() {
            let Ok(below) = path.strip_prefix(folder) else {
                continue;
            };
            let verdict = rules.matched_path_or_any_parents(below, is_folder);
            if !verdict.is_none() {
                return verdict.is_ignore();
            }
        }
        false
    }
}

/// The repository that a folder is in.
pub(super) fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|path| path.join(".git").exists())
}
