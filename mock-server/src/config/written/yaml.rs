//! YAML 1.2 with its core schema: one document. An alias stands for a copy of what it names.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use serde_json::Number;

use super::{DEEPEST, Entry, Node, TOO_DEEP, Unreadable, What};

/// How many values aliases may bring, so that a few lines cannot become very many.
const MOST_COPIED: usize = 100_000;

pub(super) fn parse(text: &str) -> Result<Node, Unreadable> {
    let mut reader = Reader::new(text);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| reader.scan_error(&error))?;
        reader.take(event, span)?;
    }
    Ok(reader.root.unwrap_or(Node {
        start: 0,
        end: 0,
        what: What::Null,
    }))
}

struct Reader<'t> {
    text: &'t str,
    /// How many characters were passed, and how many bytes they take.
    passed: (usize, usize),
    /// The lists and tables that have begun, the innermost last.
    open: Vec<Open>,
    root: Option<Node>,
    /// What anchors name, by their numbers.
    anchors: Vec<(usize, Node)>,
    copied: usize,
}

struct Open {
    start: usize,
    anchor: usize,
    what: Inside,
}

enum Inside {
    List(Vec<Node>),
    Table {
        entries: Vec<Entry>,
        keys: HashSet<String>,
        /// The key whose value comes next.
        key: Option<(usize, String)>,
    },
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            passed: (0, 0),
            open: Vec::new(),
            root: None,
            anchors: Vec::new(),
            copied: 0,
        }
    }

    /// The byte at which a character begins, counted from 0. What is asked for lies near what was asked for before.
    fn byte(&mut self, character: usize) -> usize {
        let (mut passed, mut byte) = self.passed;
        while passed < character
            && let Some(next) = self.text[byte..].chars().next()
        {
            passed += 1;
            byte += next.len_utf8();
        }
        while passed > character
            && let Some(last) = self.text[..byte].chars().next_back()
        {
            passed -= 1;
            byte -= last.len_utf8();
        }
        self.passed = (passed, byte);
        byte
    }

    fn scan_error(&mut self, error: &ScanError) -> Unreadable {
        Unreadable {
            at: self.byte(error.marker().index()),
            why: error.info().to_owned(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Unreadable> {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index());
        let wrong = |why: &str| Unreadable {
            at: start,
            why: why.to_owned(),
        };
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(wrong("there is a second document"))
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Alias(anchor) => {
                let named = self.anchors.iter().find(|(number, _)| *number == anchor);
                let mut copy = named
                    .map(|(_, node)| node.clone())
                    .ok_or_else(|| wrong("nothing has the name of this alias"))?;
                self.copied = self.copied.saturating_add(size(&copy));
                if self.copied > MOST_COPIED || self.open.len() + depth(&copy) > DEEPEST {
                    return Err(wrong("its aliases bring more than can be held"));
                }
                (copy.start, copy.end) = (start, end);
                self.put(copy)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain
                    || tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let what = if is_text {
                    What::Text(text.into_owned())
                } else {
                    plain(&text)
                };
                let node = Node { start, end, what };
                self.name(anchor, &node);
                self.put(node)
            }
            Event::SequenceStart(anchor, _) => self.begin(start, anchor, Inside::List(Vec::new())),
            Event::MappingStart(anchor, _) => {
                let table = Inside::Table {
                    entries: Vec::new(),
                    keys: HashSet::new(),
                    key: None,
                };
                self.begin(start, anchor, table)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let what = match open.what {
                    Inside::List(list) => What::List(list),
                    Inside::Table { entries, .. } => What::Table(entries),
                };
                let node = Node {
                    start: open.start,
                    end,
                    what,
                };
                self.name(open.anchor, &node);
                self.put(node)
            }
        }
    }

    fn begin(&mut self, start: usize, anchor: usize, what: Inside) -> Result<(), Unreadable> {
        if self.open.len() >= DEEPEST {
            return Err(Unreadable {
                at: start,
                why: TOO_DEEP.to_owned(),
            });
        }
        self.open.push(Open {
            start,
            anchor,
            what,
        });
        Ok(())
    }

    fn name(&mut self, anchor: usize, node: &Node) {
        // Numbers are counted from 1; without an anchor there is none.
        if anchor > 0 {
            self.anchors.push((anchor, node.clone()));
        }
    }

    fn put(&mut self, node: Node) -> Result<(), Unreadable> {
        let at = node.start;
        let wrong = |why: String| Unreadable { at, why };
        match self.open.last_mut().map(|open| &mut open.what) {
            None => self.root = Some(node),
            Some(Inside::List(list)) => list.push(node),
            Some(Inside::Table { entries, keys, key }) => {
                if let Some((at, key)) = key.take() {
                    let value = node;
                    entries.push(Entry { key, at, value });
                    return Ok(());
                }
                let written = self.text.get(node.start..node.end).unwrap_or_default();
                let name = match node.what {
                    What::Text(name) => name,
                    What::List(_) | What::Table(_) => {
                        return Err(wrong("a key is a text".to_owned()));
                    }
                    What::Null | What::Bool(_) | What::Number(_) => written.to_owned(),
                };
                if !keys.insert(name.clone()) {
                    return Err(wrong(format!("the key `{name}` comes twice")));
                }
                *key = Some((node.start, name));
            }
        }
        Ok(())
    }
}

/// How many values a value is, itself included.
fn size(node: &Node) -> usize {
    1 + match &node.what {
        What::List(list) => list.iter().map(size).sum(),
        What::Table(entries) => entries.iter().map(|entry| size(&entry.value)).sum(),
        _ => 0_usize,
    }
}

fn depth(node: &Node) -> usize {
    1 + match &node.what {
        What::List(list) => list.iter().map(depth).max().unwrap_or(0),
        What::Table(entries) => {
            let depths = entries.iter().map(|entry| depth(&entry.value));
            depths.max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// What a plain scalar means by the core schema.
fn plain(text: &str) -> What {
    let number = || {
        let (radix, digits) = match text.get(..2) {
            Some("0x") => (16, &text[2..]),
            Some("0o") => (8, &text[2..]),
            _ => (10, text.strip_prefix('+').unwrap_or(text)),
        };
        let signless = radix != 10;
        let is_digit = |digit: char| digit.is_digit(radix);
        let body = digits.strip_prefix('-').filter(|_| !signless);
        let body = body.unwrap_or(digits);
        if !body.is_empty() && body.chars().all(is_digit) {
            let whole = i64::from_str_radix(digits, radix).map(Number::from);
            return whole
                .or_else(|_| u64::from_str_radix(digits, radix).map(Number::from))
                .ok();
        }
        let is_float = text
            .starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'))
            && text.contains(|digit: char| digit.is_ascii_digit())
            && text
                .chars()
                .all(|part| part.is_ascii_digit() || matches!(part, '-' | '+' | '.' | 'e' | 'E'));
        is_float
            .then(|| text.parse().ok().and_then(Number::from_f64))
            .flatten()
    };
    match text {
        "" | "~" | "null" | "Null" | "NULL" => What::Null,
        "true" | "True" | "TRUE" => What::Bool(true),
        "false" | "False" | "FALSE" => What::Bool(false),
        _ => number().map_or_else(|| What::Text(text.to_owned()), What::Number),
    }
}
