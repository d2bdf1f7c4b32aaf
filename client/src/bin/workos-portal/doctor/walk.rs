//! Goes through a folder within bounds, whatever somebody has put there.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::ignored::Rules;

/// The longest file that is read, in bytes.
pub(super) const LONGEST: u64 = 1024 * 1024;
/// The most files that are read.
pub(super) const FILES: usize = 20_000;
/// The most entries of folders that are looked at.
const ENTRIES: usize = 200_000;
/// How deep folders may lie in each other.
pub(super) const DEPTH: usize = 64;

/// Folders of what others wrote or machines made.
const PASSED_OVER: [&str; 14] = [
    ".git",
    ".hg",
    ".svn",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".venv",
    "venv",
    "__pycache__",
    "node_modules",
    "bower_components",
    "target",
    "vendor",
];

/// The most paths that are kept of those that were not looked at for one reason.
const NAMED: usize = 3;

/// What was not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// There were more files or folders than are looked at.
    pub(super) too_many: bool,
    /// Folders lie deeper in each other than is looked at.
    pub(super) too_deep: bool,
    /// Files or folders that could not be read.
    pub(super) unreadable: Paths,
    /// Files that are too long.
    pub(super) too_long: Paths,
}

/// How many there are, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) number: usize,
    pub(super) first: Vec<String>,
}

impl Paths {
    pub(super) fn add(&mut self, path: String) {
        self.number += 1;
        if self.first.len() < NAMED {
            self.first.push(path);
        }
    }
}

/// Gives every text of a folder that git does not ignore to `each`, with its path below the folder, in the
/// order of names. Links are not followed.
pub(super) fn walk(root: &Path, rules: &mut Rules, each: &mut impl FnMut(&str, &str)) -> Left {
    let mut walk = Walk {
        root,
        rules,
        files: 0,
        entries: 0,
        left: Left::default(),
    };
    walk.folder(root, 0, each);
    walk.left
}

struct Walk<'a> {
    root: &'a Path,
    rules: &'a mut Rules,
    files: usize,
    entries: usize,
    left: Left,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, depth: usize, each: &mut impl FnMut(&str, &str)) {
        if depth > DEPTH {
            self.left.too_deep = true;
            return;
        }
        let Ok(entries) = fs::read_dir(folder) else {
            self.left.unreadable.add(shown(self.root, folder));
            return;
        };
        let rest = ENTRIES - self.entries;
        let mut entries: Vec<_> = entries.flatten().take(rest + 1).collect();
        if entries.len() > rest {
            self.left.too_many = true;
            return;
        }
        self.entries += entries.len();
        entries.sort_by_key(fs::DirEntry::file_name);
        let outer = self.rules.depth();
        self.rules.enter(folder);
        for entry in entries {
            let path = entry.path();
            // The type of the entry itself: a link is neither a folder nor a file.
            let Ok(kind) = entry.file_type() else {
                self.left.unreadable.add(shown(self.root, &path));
                continue;
            };
            let ours = !PASSED_OVER.iter().any(|name| entry.file_name() == *name);
            if kind.is_dir() && ours && !self.rules.ignores(&path, true) {
                self.folder(&path, depth + 1, each);
            } else if kind.is_file() && !self.rules.ignores(&path, false) {
                if self.files == FILES {
                    self.left.too_many = true;
                    break;
                }
                self.files += 1;
                self.file(&path, each);
            }
        }
        self.rules.leave(outer);
    }

    fn file(&mut self, path: &Path, each: &mut impl FnMut(&str, &str)) {
        match bytes(path, LONGEST) {
            None => self.left.unreadable.add(shown(self.root, path)),
            Some(bytes) if bytes.len() as u64 > LONGEST => {
                self.left.too_long.add(shown(self.root, path));
            }
            Some(bytes) => {
                if let Some(text) = text(&bytes) {
                    each(&shown(self.root, path), &text);
                }
            }
        }
    }
}

/// A path as it is shown: below the folder, with `/`.
pub(super) fn shown(root: &Path, path: &Path) -> String {
    let below: PathBuf = path.strip_prefix(root).unwrap_or(path).into();
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// A text file of at most `longest` bytes. A link to one counts; a pipe, which would wait, does not.
pub(super) fn read_text(path: &Path, longest: u64) -> Option<String> {
    let bytes = bytes(path, longest)?;
    (bytes.len() as u64 <= longest)
        .then(|| text(&bytes))
        .flatten()
}

/// The first `longest` bytes of a file, and one more where it is longer.
pub(super) fn bytes(path: &Path, longest: u64) -> Option<Vec<u8>> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(longest + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Bytes as text, unless they are something else.
fn text(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(8192)];
    (!head.contains(&0)).then(|| String::from_utf8_lossy(bytes).into_owned())
}
