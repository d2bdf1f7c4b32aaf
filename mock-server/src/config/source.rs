//! A text beside the schema that it has to follow: what is wrong in it, and where.

use serde::de::DeserializeOwned;

use super::file::MOST_PROBLEMS;
use super::outline::Outline;
use super::rest::Rest;
use super::step::{Step, join, name};
use super::written::{Format, Node, What};

/// What is wrong, each with the byte where it is, and the paths of what nothing can be read from.
#[derive(Default)]
pub(super) struct Found {
    pub(super) problems: Vec<(usize, String)>,
    unusable: Vec<Vec<Step>>,
}

impl Found {
    pub(super) fn add(&mut self, at: usize, message: String) {
        self.problems.push((at, message));
    }
}

/// The text beside the schema that it has to follow.
pub(super) struct Source<'s> {
    pub(super) text: &'s str,
    pub(super) format: Format,
    pub(super) root: &'s Node,
    pub(super) outline: Outline<'s>,
}

impl<'s> Source<'s> {
    /// Looks for keys that do not exist, keys that are missing, and texts that nothing could keep.
    pub(super) fn check(
        &self,
        node: &Node,
        outline: Outline<'s>,
        path: &mut Vec<Step>,
        found: &mut Found,
    ) {
        match &node.what {
            What::Table(_) => self.check_table(node, outline, path, found),
            What::List(list) => {
                if let Some(inner) = outline.element() {
                    for (index, element) in list.iter().enumerate() {
                        path.push(Step::Index(index));
                        self.check(element, inner, path, found);
                        path.pop();
                    }
                } else if !outline.keys().is_empty() {
                    // What reads tables would read lists, too.
                    found.problems.push(self.bad_value(node));
                    found.unusable.push(path.clone());
                }
            }
            What::Text(text) if text.contains('\0') => {
                let message = format!("`{}` has the character U+0000", name(path));
                found.add(node.start, message);
                found.unusable.push(path.clone());
            }
            _ => {}
        }
    }

    fn check_table(
        &self,
        node: &Node,
        outline: Outline<'s>,
        path: &mut Vec<Step>,
        found: &mut Found,
    ) {
        let What::Table(entries) = &node.what else {
            return;
        };
        let before = found.problems.len();
        for entry in entries {
            path.push(Step::from(entry.key.as_str()));
            match outline.key(&entry.key) {
                Some(outline) => self.check(&entry.value, outline, path, found),
                None if outline.is_open() => {}
                None => {
                    let message = self.unknown_key(&name(path), &entry.key, outline);
                    found.add(entry.at, message);
                    found.unusable.push(path.clone());
                }
            }
            path.pop();
        }
        let required = outline.required();
        let missing: Vec<_> = required
            .into_iter()
            .filter(|key| node.member(key).is_none())
            .collect();
        if missing.is_empty() {
            return;
        }
        found.unusable.push(path.clone());
        // A key that is missing because it is misspelt has been named already.
        if found.problems.len() == before {
            for key in missing {
                let at = if path.is_empty() { 0 } else { node.start };
                found.add(at, format!("`{}` is missing", join(&name(path), key)));
            }
        }
    }

    fn unknown_key(&self, full: &str, name: &str, outline: Outline<'s>) -> String {
        let siblings: Vec<&str> = outline.keys().into_iter().map(|(key, _)| key).collect();
        let nearest = |candidates: &mut dyn Iterator<Item = String>| {
            candidates
                .map(|path| {
                    (
                        likeness(name, path.rsplit('.').next().unwrap_or_default()),
                        path,
                    )
                })
                .filter(|(likeness, _)| *likeness >= 0.5)
                .reduce(|best, other| if other.0 > best.0 { other } else { best })
        };
        let beside = nearest(&mut siblings.iter().map(ToString::to_string));
        let anywhere = nearest(&mut self.outline.paths().into_iter());
        let hint = match (beside, anywhere) {
            (Some((here, key)), Some((there, _))) if here >= there => {
                format!("did you mean `{key}`?")
            }
            (_, Some((_, path))) if !path.contains('.') => {
                let where_it_belongs = match self.format {
                    Format::Toml => "above the first [table]",
                    Format::Yaml | Format::Json => "at the top",
                };
                format!("did you mean `{path}`? It belongs {where_it_belongs}.")
            }
            (_, Some((_, path))) => format!("did you mean `{path}`?"),
            _ => format!("valid keys here are {}", quoted(&siblings)),
        };
        format!("unknown key `{full}`; {hint}")
    }

    /// Reads what there is. What a type refuses is named and left out, and the rest is read again, so that one mistake hides
    /// no other.
    pub(super) fn read<T: DeserializeOwned>(&self, found: &mut Found) -> Option<T> {
        let mut rest = Rest::new(self.root);
        let unusable = std::mem::take(&mut found.unusable);
        let mut gone: Vec<&[Step]> = Vec::new();
        // From the end, so that the indexes before stay what they are.
        for path in unusable.iter().rev() {
            if !gone.iter().any(|other| path.starts_with(other)) {
                gone.push(path);
                if !rest.leave_out(path) {
                    return None;
                }
            }
        }
        while found.problems.len() < MOST_PROBLEMS {
            let error = match serde_path_to_error::deserialize::<_, T>(&rest.value) {
                Ok(value) => return Some(value),
                Err(error) => error,
            };
            let path = rest.path_of(error.path());
            let refused = rest.node_at(&path);
            // What was left out is missing now, which is no news.
            if !rest.gaps.contains(&refused.start) {
                found.problems.push(self.bad_value(refused));
            }
            if !rest.leave_out(&path) {
                return None;
            }
        }
        None
    }

    /// What a type refused.
    fn bad_value(&self, refused: &Node) -> (usize, String) {
        let path = self.path_to(refused);
        let outline = path
            .iter()
            .try_fold(self.outline, |outline, step| match step {
                Step::Key(key) => outline.key(key),
                Step::Index(_) => outline.element(),
            });
        let expected = match (outline.and_then(Outline::many_words), &refused.what) {
            (Some(words), What::Text(text)) => one_of_many(&words, text),
            _ => outline.map_or_else(|| "another value".to_owned(), Outline::expected),
        };
        let secret = outline.is_none_or(Outline::is_secret);
        let shown = self
            .text
            .get(refused.start..refused.end)
            .unwrap_or_default();
        let shown =
            if secret || shown.is_empty() || shown.contains('\n') || shown.chars().count() > 60 {
                String::new()
            } else {
                format!(", found {shown}")
            };
        let place = name(&path);
        let message = if place.is_empty() {
            format!("expected {expected}{shown}")
        } else {
            format!("bad value for `{place}`: expected {expected}{shown}")
        };
        (refused.start, message)
    }

    /// The way from the top to a value of the text.
    fn path_to(&self, wanted: &Node) -> Vec<Step> {
        fn follow(node: &Node, wanted: &Node, path: &mut Vec<Step>) -> bool {
            if (node.start, node.end) == (wanted.start, wanted.end) && node.is_alike(wanted) {
                return true;
            }
            let inner: Vec<(Step, &Node)> = match &node.what {
                What::List(list) => list
                    .iter()
                    .enumerate()
                    .map(|(index, node)| (Step::Index(index), node))
                    .collect(),
                What::Table(entries) => entries
                    .iter()
                    .map(|entry| (Step::from(entry.key.as_str()), &entry.value))
                    .collect(),
                _ => return false,
            };
            inner.into_iter().any(|(step, node)| {
                path.push(step);
                let found = follow(node, wanted, path);
                if !found {
                    path.pop();
                }
                found
            })
        }
        let mut path = Vec::new();
        follow(self.root, wanted, &mut path);
        path
    }

    /// The value at `path`; the deepest one above it, if it is left out.
    pub(super) fn node_at(&self, path: &[Step]) -> &'s Node {
        let mut node = self.root;
        for step in path {
            let Some(inner) = node.inner(step) else { break };
            node = inner;
        }
        node
    }
}

/// The word that is nearest to `text`, of words that are too many to be listed.
fn one_of_many(words: &[&str], text: &str) -> String {
    let like = words.iter().map(|word| (likeness(word, text), word));
    let nearest = like.max_by(|one, other| one.0.total_cmp(&other.0));
    let nearest = nearest.map_or("", |(_, word)| word);
    format!("one of {} words, such as \"{nearest}\"", words.len())
}

fn quoted(keys: &[&str]) -> String {
    keys.iter()
        .map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn likeness(left: &str, right: &str) -> f64 {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    strsim::normalized_damerau_levenshtein(&plain(left), &plain(right))
}
