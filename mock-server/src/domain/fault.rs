//! Faults: answers that a test asks for in the place of the real ones, and answers that come late or damaged.

use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::form_urlencoded;

use super::Error;
use super::ids::{FaultId, Id as _};

/// How many faults an environment keeps.
pub(crate) const MAX_FAULTS: usize = 100;

/// The statuses that can be asked for.
pub(crate) const STATUSES: [u16; 12] = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504];

/// The longest that a client is kept waiting.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Over how much real time a slow body is spread unless it is said.
pub(crate) const USUAL_OVER: Duration = Duration::from_secs(5);

/// The most seconds that an answer asks to wait.
pub(crate) const LONGEST_RETRY_AFTER: u32 = 86_400;

/// What happens to requests of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) id: FaultId,
    pub(crate) target: Target,
    pub(crate) effect: Effect,
    pub(crate) when: When,
    /// How many requests came to it: those that it means, and that no older fault took.
    pub(crate) seen: u32,
    /// How many of them it has fired for.
    pub(crate) fired: u32,
    pub(crate) created_at: Timestamp,
}

/// Which requests are meant. What is left out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// The operation's id.
    pub(crate) operation: Option<String>,
    /// The method, in capitals.
    pub(crate) method: Option<String>,
    pub(crate) path: Option<PathPattern>,
    /// An id that the path, the query or the body names.
    pub(crate) resource: Option<String>,
}

/// What a fault does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// The status that is answered instead of carrying the operation out.
    pub(crate) status: Option<u16>,
    /// The whole seconds after which to try again, told with the status.
    pub(crate) retry_after: Option<u32>,
    /// How much later the answer comes, in real time.
    pub(crate) latency: Option<Duration>,
    pub(crate) damage: Option<Damage>,
}

/// How an answer is damaged on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// Its body comes in pieces, spread over this much real time.
    SlowBody(Duration),
    /// Half of its body comes, and then the connection ends.
    TruncatedBody,
    /// The connection is reset before anything of it has come.
    ConnectionReset,
    /// It is declared as something that it is not.
    WrongContentType,
}

/// For which of the requests that come to it a fault fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// The next so many.
    Next(u32),
    /// Each time that so many have come, for the last of them.
    Every(u32),
    /// All of them.
    Always,
}

/// A request, as far as faults look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// The operation's id.
    pub(crate) operation: &'a str,
    pub(crate) method: &'a str,
    /// The path as it was sent.
    pub(crate) path: &'a str,
    /// The query as it was sent, without the question mark.
    pub(crate) query: Option<&'a str>,
    pub(crate) body: Option<&'a Value>,
}

/// What a request gets from a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) fault: FaultId,
    pub(crate) effect: Effect,
}

impl Fault {
    /// Whether it fires no more.
    fn has_run_out(&self) -> bool {
        matches!(self.when, When::Next(times) if self.fired >= times)
    }

    /// Takes notice of a request that it means; says whether it fires.
    fn see(&mut self) -> bool {
        self.seen = self.seen.saturating_add(1);
        let fires = match self.when {
            When::Next(times) => self.fired < times,
            When::Every(number) => self.seen.is_multiple_of(number),
            When::Always => true,
        };
        self.fired = self.fired.saturating_add(fires.into());
        fires
    }
}

impl Target {
    /// Whether a request is meant, as far as can be said without its resource.
    fn may_mean(&self, asked: &Asked<'_>) -> bool {
        let same = |wanted: &Option<String>, given| wanted.as_deref().is_none_or(|it| it == given);
        same(&self.operation, asked.operation)
            && same(&self.method, asked.method)
            && self
                .path
                .as_ref()
                .is_none_or(|path| path.matches(asked.path))
    }

    fn means(&self, asked: &Asked<'_>) -> bool {
        self.may_mean(asked) && self.resource.as_deref().is_none_or(|id| asked.names(id))
    }
}

impl Asked<'_> {
    /// Whether `id` is a segment of the path, a value of the query, or a text anywhere in the body.
    fn names(&self, id: &str) -> bool {
        fn has(value: &Value, id: &str) -> bool {
            match value {
                Value::String(text) => text == id,
                Value::Array(items) => items.iter().any(|item| has(item, id)),
                Value::Object(members) => members.values().any(|member| has(member, id)),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            }
        }
        let mut segments = self.path.split('/');
        let query = self.query.unwrap_or_default().as_bytes();
        segments.any(|segment| decoded(segment) == id.as_bytes())
            || form_urlencoded::parse(query).any(|(_, value)| value == id)
            || self.body.is_some_and(|body| has(body, id))
    }
}

/// A path, or what paths have in common: `/organizations/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathPattern {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// This, percent-decoded.
    Literal(Vec<u8>),
    /// Anything but nothing.
    Any,
}

impl PathPattern {
    /// Reads a path, which begins with a slash.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let segments = text.strip_prefix('/')?.split('/').map(|segment| {
            let name = segment
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'));
            match name {
                Some(name) if !name.is_empty() => Segment::Any,
                _ => Segment::Literal(decoded(segment)),
            }
        });
        Some(Self {
            segments: segments.collect(),
            text: text.to_owned(),
        })
    }

    /// The path as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a request's path, as it was sent, is meant.
    fn matches(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix('/') else {
            return false;
        };
        let mut given = path.split('/');
        let all = self.segments.iter().all(|segment| {
            given.next().is_some_and(|given| match segment {
                Segment::Literal(literal) => *literal == decoded(given),
                Segment::Any => !given.is_empty(),
            })
        });
        all && given.next().is_none()
    }

    /// Whether requests that are meant can be ones for `template`, a path of the API with its parameters in braces.
    pub(crate) fn fits(&self, template: &Self) -> bool {
        let pair = |(one, other): (&Segment, &Segment)| match (one, other) {
            (Segment::Literal(one), Segment::Literal(other)) => one == other,
            (Segment::Literal(one), Segment::Any) => !one.is_empty(),
            (Segment::Any, Segment::Any) => true,
            (Segment::Any, Segment::Literal(_)) => false,
        };
        self.segments.len() == template.segments.len()
            && self.segments.iter().zip(&template.segments).all(pair)
    }
}

fn decoded(segment: &str) -> Vec<u8> {
    percent_decode_str(segment).collect()
}

/// The faults of an environment, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault. One that has run out makes room for it if need be.
    ///
    /// # Errors
    /// There are too many that have not run out.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), Error> {
        if self.0.len() >= MAX_FAULTS {
            let spent = self.0.iter().position(Fault::has_run_out);
            self.0
                .remove(spent.ok_or(Error::TooManyFaults(MAX_FAULTS))?);
        }
        self.0.push(fault);
        Ok(())
    }

    /// Whether a request's body has to be known to say what it gets.
    pub(crate) fn ask_for_the_body(&self, asked: &Asked<'_>) -> bool {
        let targets = self.0.iter().map(|fault| &fault.target);
        targets
            .filter(|target| target.resource.is_some())
            .any(|target| target.may_mean(asked))
    }

    /// What a request gets: the oldest fault that means it and whose turn it is takes it, and younger ones do not see it.
    pub(crate) fn fire(&mut self, asked: &Asked<'_>) -> Option<Strike> {
        let mut meant = self.0.iter_mut().filter(|fault| fault.target.means(asked));
        let fault = meant.find_map(|fault| fault.see().then_some(&*fault))?;
        Some(Strike {
            fault: fault.id.clone(),
            effect: fault.effect,
        })
    }

    /// Every fault.
    pub(crate) fn all(&self) -> &[Fault] {
        &self.0
    }

    /// Takes a fault away; says whether it was there.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|fault| fault.id.as_str() != id);
        self.0.len() < before
    }

    /// Takes every fault away.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests;
