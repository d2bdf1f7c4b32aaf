//! A text from which what is wrong is left out piece by piece, so that one mistake hides no other.

use std::collections::HashSet;

use serde_json::Value;
use serde_path_to_error::{Path as ErrorPath, Segment};

use super::step::Step;
use super::written::{Node, What};

/// What is left of a text when what is wrong in it is left out.
pub(super) struct Rest {
    root: Node,
    pub(super) value: Value,
    /// Where the tables begin of which something was left out.
    pub(super) gaps: HashSet<usize>,
}

impl Rest {
    pub(super) fn new(root: &Node) -> Self {
        Self {
            root: root.clone(),
            value: root.value(),
            gaps: HashSet::new(),
        }
    }

    /// What a reader means by the place where it was refused.
    pub(super) fn path_of(&self, refused: &ErrorPath) -> Vec<Step> {
        let mut path = Vec::new();
        let mut node = &self.root;
        for segment in refused {
            let (step, inner) = match segment {
                Segment::Seq { index } => (Step::Index(*index), node.element(*index)),
                Segment::Map { key } => (Step::from(key.as_str()), node.member(key)),
                Segment::Enum { .. } | Segment::Unknown => continue,
            };
            let Some(inner) = inner else { break };
            path.push(step);
            node = inner;
        }
        path
    }

    pub(super) fn node_at(&self, path: &[Step]) -> &Node {
        let mut node = &self.root;
        for step in path {
            let Some(inner) = node.inner(step) else { break };
            node = inner;
        }
        node
    }

    /// Takes out what is at `path`. The whole cannot be left out.
    pub(super) fn leave_out(&mut self, path: &[Step]) -> bool {
        let Some((last, above)) = path.split_last() else {
            return false;
        };
        let (mut node, mut value) = (&mut self.root, &mut self.value);
        for step in above {
            let inner = match (step, &mut node.what, &mut *value) {
                (Step::Key(key), What::Table(entries), Value::Object(members)) => {
                    let entry = entries.iter_mut().find(|entry| entry.key == **key);
                    entry
                        .map(|entry| &mut entry.value)
                        .zip(members.get_mut(&**key))
                }
                (Step::Index(index), What::List(nodes), Value::Array(values)) => {
                    nodes.get_mut(*index).zip(values.get_mut(*index))
                }
                _ => None,
            };
            let Some(inner) = inner else { return false };
            (node, value) = inner;
        }
        match (last, &mut node.what, value) {
            (Step::Key(key), What::Table(entries), Value::Object(members)) => {
                entries.retain(|entry| entry.key != **key);
                self.gaps.insert(node.start);
                members.remove(&**key).is_some()
            }
            (Step::Index(index), What::List(nodes), Value::Array(values))
                if *index < nodes.len().min(values.len()) =>
            {
                nodes.remove(*index);
                values.remove(*index);
                true
            }
            _ => false,
        }
    }
}
