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
mod tests {
    use serde_json::json;
    use ulid::Ulid;

    use super::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::parse(text).unwrap()
    }

    fn fault(number: u128, path: &str, when: When) -> Fault {
        Fault {
            id: FaultId::new(Ulid(number)),
            target: Target {
                method: Some("GET".to_owned()),
                path: Some(pattern(path)),
                ..Target::default()
            },
            effect: Effect::default(),
            when,
            seen: 0,
            fired: 0,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn asked<'a>(method: &'a str, path: &'a str) -> Asked<'a> {
        Asked {
            operation: "get_organization",
            method,
            path,
            query: None,
            body: None,
        }
    }

    #[test]
    fn a_pattern_means_one_path_or_many() {
        let one = pattern("/organizations/org_1");
        assert!(one.matches("/organizations/org_1"));
        assert!(one.matches("/organizations/org%5F1"));
        for path in [
            "/organizations/org_2",
            "/organizations",
            "/organizations/org_1/",
            "organizations/org_1",
        ] {
            assert!(!one.matches(path), "{path}");
        }
        let many = pattern("/organizations/{id}");
        assert!(many.matches("/organizations/a%2Fb"));
        for path in [
            "/organizations/",
            "/organizations/a/b",
            "/connections/a",
            "",
        ] {
            assert!(!many.matches(path), "{path}");
        }
        assert_eq!(PathPattern::parse("organizations"), None);
        assert_eq!(PathPattern::parse(""), None);
    }

    #[test]
    fn a_pattern_fits_the_templates_that_its_requests_are_for() {
        let template = pattern("/organizations/{id}/it_contacts/{contact_id}");
        for fits in [
            "/organizations/{id}/it_contacts/{contact_id}",
            "/organizations/{any}/it_contacts/it_contact_1",
            "/organizations/org_1/it_contacts/{contact_id}",
        ] {
            assert!(pattern(fits).fits(&template), "{fits}");
        }
        for other in [
            "/organizations/{id}/{what}/{contact_id}",
            "/organizations/{id}/it_contacts",
            "/organizations//it_contacts/{contact_id}",
            "/organizations/{}/it_contacts/{contact_id}/",
        ] {
            assert!(!pattern(other).fits(&template), "{other}");
        }
    }

    #[test]
    fn the_oldest_that_is_left_fires_first() {
        let mut faults = Faults::default();
        for (number, times) in [(1, 1), (2, 2)] {
            let fault = fault(number, "/organizations", When::Next(times));
            faults.add(fault).unwrap();
        }
        let mut fired = Vec::new();
        while let Some(strike) = faults.fire(&asked("GET", "/organizations")) {
            fired.push(strike.fault);
        }
        let ids: Vec<_> = [1, 2, 2].map(|number| FaultId::new(Ulid(number))).into();
        assert_eq!(fired, ids);
        assert_eq!(faults.fire(&asked("POST", "/organizations")), None);
        // What the older one took, the younger one has not seen.
        let seen: Vec<_> = faults.all().iter().map(|fault| fault.seen).collect();
        assert_eq!(seen, [4, 3]);
    }

    #[test]
    fn a_fault_fires_for_the_next_for_every_so_many_or_for_all() {
        let fires = |when| {
            let mut faults = Faults::default();
            faults.add(fault(1, "/organizations", when)).unwrap();
            let fired: Vec<_> = (0..7)
                .map(|_| u8::from(faults.fire(&asked("GET", "/organizations")).is_some()))
                .collect();
            let Fault {
                seen, fired: count, ..
            } = faults.all()[0].clone();
            assert_eq!(
                (seen, count),
                (7, fired.iter().copied().map(u32::from).sum())
            );
            fired
        };
        assert_eq!(fires(When::Next(2)), [1, 1, 0, 0, 0, 0, 0]);
        assert_eq!(fires(When::Every(3)), [0, 0, 1, 0, 0, 1, 0]);
        assert_eq!(fires(When::Every(1)), [1; 7]);
        assert_eq!(fires(When::Always), [1; 7]);
    }

    #[test]
    fn a_resource_is_named_by_path_query_or_body() {
        let target = Target {
            resource: Some("org_1".to_owned()),
            ..Target::default()
        };
        let body = json!({"a": [{"organization": "org_1"}]});
        let other = json!({"org_1": 1, "name": "org_12"});
        let with = |path, query, body| Asked {
            query,
            body,
            ..asked("GET", path)
        };
        for named in [
            with("/organizations/org%5F1/it_contacts", None, None),
            with(
                "/connections",
                Some("limit=1&organization_id=org%5F1"),
                None,
            ),
            with("/connections", None, Some(&body)),
        ] {
            assert!(target.means(&named), "{named:?}");
        }
        for not in [
            with("/organizations/org_12", None, None),
            with("/connections", Some("org_1=1"), None),
            with("/connections", None, Some(&other)),
        ] {
            assert!(!target.means(&not), "{not:?}");
        }
        let mut faults = Faults::default();
        let mut fault = fault(1, "/organizations/{id}", When::Always);
        assert!(!faults.ask_for_the_body(&asked("GET", "/organizations/x")));
        fault.target.resource = target.resource;
        faults.add(fault).unwrap();
        assert!(faults.ask_for_the_body(&asked("GET", "/organizations/x")));
        assert!(!faults.ask_for_the_body(&asked("PUT", "/organizations/x")));
    }

    #[test]
    fn spent_ones_make_room() {
        let mut faults = Faults::default();
        for number in 0..100 {
            let fault = fault(number, "/organizations", When::Next(1));
            faults.add(fault).unwrap();
        }
        let more = fault(100, "/organizations", When::Always);
        assert_eq!(faults.add(more.clone()), Err(Error::TooManyFaults(100)));
        faults.fire(&asked("GET", "/organizations")).unwrap();
        faults.add(more).unwrap();
        assert_eq!(faults.all().len(), MAX_FAULTS);
        assert_eq!(faults.all()[0].id, FaultId::new(Ulid(1)));
    }
}
