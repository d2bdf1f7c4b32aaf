//! Faults: answers that a test asks for in the place of the real ones.

use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::Error;
use super::ids::{FaultId, Id as _};

/// How many faults an environment keeps.
pub(crate) const MAX_FAULTS: usize = 100;

/// The statuses that can be asked for.
pub(crate) const STATUSES: [u16; 12] = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504];

/// An answer that the next requests of a kind get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) id: FaultId,
    /// The method of the requests, in capitals.
    pub(crate) method: String,
    pub(crate) path: PathPattern,
    pub(crate) status: u16,
    /// The whole seconds after which to try again.
    pub(crate) retry_after: Option<u32>,
    /// How many requests get it.
    pub(crate) times: u32,
    /// How many have got it.
    pub(crate) fired: u32,
    pub(crate) created_at: Timestamp,
}

/// What a request gets from a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) fault: FaultId,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u32>,
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
            let spent = self.0.iter().position(|fault| fault.fired >= fault.times);
            self.0
                .remove(spent.ok_or(Error::TooManyFaults(MAX_FAULTS))?);
        }
        self.0.push(fault);
        Ok(())
    }

    /// What a request gets: the answer of the oldest fault that means it and has not run out.
    pub(crate) fn fire(&mut self, method: &str, path: &str) -> Option<Answer> {
        let fault = self.0.iter_mut().find(|fault| {
            fault.fired < fault.times && fault.method == method && fault.path.matches(path)
        })?;
        fault.fired += 1;
        Some(Answer {
            fault: fault.id.clone(),
            status: fault.status,
            retry_after: fault.retry_after,
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
    use ulid::Ulid;

    use super::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::parse(text).unwrap()
    }

    fn fault(number: u128, path: &str, times: u32) -> Fault {
        Fault {
            id: FaultId::new(Ulid(number)),
            method: "GET".to_owned(),
            path: pattern(path),
            status: 500,
            retry_after: None,
            times,
            fired: 0,
            created_at: Timestamp::UNIX_EPOCH,
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
        faults.add(fault(1, "/organizations", 1)).unwrap();
        faults.add(fault(2, "/organizations", 2)).unwrap();
        let mut fired = Vec::new();
        while let Some(answer) = faults.fire("GET", "/organizations") {
            fired.push(answer.fault);
        }
        let ids: Vec<_> = [1, 2, 2].map(|number| FaultId::new(Ulid(number))).into();
        assert_eq!(fired, ids);
        assert_eq!(faults.fire("POST", "/organizations"), None);
    }

    #[test]
    fn spent_ones_make_room() {
        let mut faults = Faults::default();
        for number in 0..100 {
            faults.add(fault(number, "/organizations", 1)).unwrap();
        }
        let more = fault(100, "/organizations", 1);
        assert_eq!(faults.add(more.clone()), Err(Error::TooManyFaults(100)));
        faults.fire("GET", "/organizations").unwrap();
        faults.add(more).unwrap();
        assert_eq!(faults.all().len(), MAX_FAULTS);
        assert_eq!(faults.all()[0].id, FaultId::new(Ulid(1)));
    }
}
