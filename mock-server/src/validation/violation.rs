//! From the validator's errors to violations, and from violations to a rejection.

use jsonschema::{JsonType, ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

use super::{
    FieldError, MAX_VIOLATIONS, Rejection, Shape, known, message,
    path::{self, Place, Step},
    plan::{Answer, Plan},
    schema, trim,
};

/// What was broken. Its name ends the code of a [`FieldError`]; the order is that of violations of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Required,
    InvalidType,
    InvalidValue,
    TooShort,
    TooLong,
    InvalidEmail,
    /// A pattern's violation. It is named like [`Rule::InvalidFormat`], and its sentence says more.
    NoMatch,
    InvalidFormat,
    TooFew,
    TooMany,
    OutOfRange,
    Duplicate,
    Unknown,
}

impl Rule {
    /// Every rule.
    #[cfg(test)]
    pub(super) const ALL: [Self; 13] = [
        Self::Required,
        Self::InvalidType,
        Self::InvalidValue,
        Self::TooShort,
        Self::TooLong,
        Self::InvalidEmail,
        Self::NoMatch,
        Self::InvalidFormat,
        Self::TooFew,
        Self::TooMany,
        Self::OutOfRange,
        Self::Duplicate,
        Self::Unknown,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::InvalidType => "invalid_type",
            Self::InvalidValue => "invalid_value",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::InvalidEmail => "invalid_email",
            Self::NoMatch | Self::InvalidFormat => "invalid_format",
            Self::TooFew => "too_few",
            Self::TooMany => "too_many",
            Self::OutOfRange => "out_of_range",
            Self::Duplicate => "duplicate",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a violation of `self` says all there is to say where `other` is violated too.
    const fn hides(self, other: Self) -> bool {
        match self {
            Self::InvalidType => !matches!(other, Self::InvalidType),
            Self::Duplicate | Self::InvalidFormat => matches!(other, Self::Required),
            Self::TooShort => {
                matches!(
                    other,
                    Self::InvalidEmail | Self::NoMatch | Self::InvalidFormat
                )
            }
            Self::NoMatch => matches!(other, Self::InvalidFormat),
            _ => false,
        }
    }
}

/// One violation, with what decides where it stands and how it is answered.
#[derive(Debug)]
pub(super) struct Violation<'p> {
    rule: Rule,
    rank: Vec<usize>,
    overrides: Vec<&'p Value>,
    error: FieldError,
}

impl<'p> Violation<'p> {
    /// A violation that the validator does not see. `predicate` ends the sentence that the field starts.
    pub(super) fn plain(plan: &'p Plan, steps: &[Step], rule: Rule, predicate: &str) -> Self {
        Self::at(Place::find(plan, steps), rule, predicate)
    }

    /// A violation past the part of the request that was searched.
    pub(super) fn beyond(plan: &'p Plan) -> Self {
        let message = format!("breaks a rule after its first {} items", trim::BUDGET);
        Self::plain(plan, &[Step::member("body")], Rule::InvalidValue, &message)
    }

    fn at(place: Place<'p>, rule: Rule, predicate: &str) -> Self {
        let message = message::sentence(&place.subject(), predicate);
        let own_code = place
            .schemas
            .iter()
            .find_map(|schema| schema["x-violation-code"][rule.name()].as_str());
        let error = FieldError {
            code: own_code.map_or_else(|| format!("{}_{}", place.code, rule.name()), str::to_owned),
            field: place.field,
            message,
        };
        let mut overrides = place.overrides;
        overrides.retain(|answer| covers(answer, rule));
        Self {
            rule,
            rank: place.rank,
            overrides,
            error,
        }
    }
}

/// Whether an `x-violation` is the answer to a violation of `rule`: it is to every one unless it names some.
fn covers(answer: &Value, rule: Rule) -> bool {
    let named = answer["rules"].as_array();
    named.is_none_or(|rules| rules.iter().any(|named| named == rule.name()))
}

/// Every violation that `errors` tell of.
pub(super) fn collect<'p>(
    plan: &'p Plan,
    request: &Value,
    errors: &[ValidationError<'_>],
) -> Vec<Violation<'p>> {
    let mut found = Found {
        plan,
        request,
        violations: Vec::new(),
    };
    for error in errors {
        found.read(error);
    }
    found.violations
}

struct Found<'p, 'r> {
    plan: &'p Plan,
    request: &'r Value,
    violations: Vec<Violation<'p>>,
}

impl Found<'_, '_> {
    fn read(&mut self, error: &ValidationError<'_>) {
        let mut steps = path::steps(self.request, error.instance_path().as_str());
        match error.kind() {
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                if !self.has_old_name(&steps, name) {
                    steps.push(Step::member(name));
                    self.add(&steps, Rule::Required, "is required");
                }
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                let place = Place::find(self.plan, &steps);
                for name in unexpected.iter().take(MAX_VIOLATIONS) {
                    let mut steps = steps.clone();
                    steps.push(Step::member(name));
                    let predicate = if self.plan.names_what_is_known {
                        known::unknown_member(&place.schemas, name)
                    } else {
                        "is not accepted here".to_owned()
                    };
                    self.add(&steps, Rule::Unknown, &predicate);
                }
            }
            Kind::PropertyNames { error } => {
                let (rule, predicate) = message::name(error);
                self.add(&steps, rule, &predicate);
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.branches(error, &steps, context);
            }
            kind => {
                let place = Place::find(self.plan, &steps);
                let (rule, mut predicate) = message::value(kind, error.instance(), &place);
                let is_choice = matches!(kind, Kind::Enum { .. });
                if (is_choice || rule == Rule::InvalidType)
                    && let Some(expected) = self.expected(&place, error.instance())
                {
                    predicate = expected;
                }
                self.violations.push(Violation::at(place, rule, &predicate));
            }
        }
    }

    /// What has to be at a place, where the contract names that.
    fn expected(&self, place: &Place<'_>, given: &Value) -> Option<String> {
        let names = self.plan.names_what_is_known;
        names
            .then(|| known::expected(&place.schemas, given))
            .flatten()
    }

    fn add(&mut self, steps: &[Step], rule: Rule, predicate: &str) {
        self.violations
            .push(Violation::plain(self.plan, steps, rule, predicate));
    }

    /// Whether the object at `steps` gives the member `new` under an old name.
    fn has_old_name(&self, steps: &[Step], new: &str) -> bool {
        let object = steps
            .iter()
            .try_fold(self.request, |value, step| match step {
                Step::Member(name) => value.get(name),
                Step::Item(index) => value.get(index),
            });
        let place = Place::find(self.plan, steps);
        schema::properties(&place.schemas).any(|(name, schema)| {
            schema["x-alias-of"] == new
                && object
                    .and_then(|object| object.get(name))
                    .is_some_and(|value| !value.is_null())
        })
    }

    /// A value that fits none of several forms: what keeps it from the form it comes nearest to.
    fn branches(
        &mut self,
        error: &ValidationError<'_>,
        steps: &[Step],
        context: &[Vec<ValidationError<'_>>],
    ) {
        let here = error.instance_path().as_str();
        let deeply = self.plan.names_what_is_known;
        let foreign = |branch: &[ValidationError<'_>]| is_foreign(branch, here, deeply);
        let mistaken = |branch: &[ValidationError<'_>]| {
            let constants = |error: &&ValidationError<'_>| {
                matches!(error.kind(), Kind::Constant { .. } | Kind::Enum { .. })
            };
            (branch.iter().filter(constants).count(), branch.len())
        };
        let mut near: Vec<_> = context.iter().filter(|branch| !foreign(branch)).collect();
        near.sort_by_key(|branch| mistaken(branch));
        match near.as_slice() {
            [] => self.no_type_fits(error.instance(), context, steps),
            [only] => only.iter().for_each(|error| self.read(error)),
            [first, second, ..] if mistaken(first) < mistaken(second) => {
                first.iter().for_each(|error| self.read(error));
            }
            all => self.undecided(error.instance(), all, steps),
        }
    }

    fn no_type_fits(
        &mut self,
        given: &Value,
        context: &[Vec<ValidationError<'_>>],
        steps: &[Step],
    ) {
        if let Some(expected) = self.expected(&Place::find(self.plan, steps), given) {
            self.add(steps, Rule::InvalidType, &expected);
            return;
        }
        let mut kinds: Vec<JsonType> = Vec::new();
        for error in context.iter().flatten() {
            if let Kind::Type { kind } = error.kind() {
                kinds.extend(message::types(kind));
            }
        }
        self.add(steps, Rule::InvalidType, &message::must_be_of(kinds));
    }

    /// Several forms are equally near. When each of them only lacks a member, one of these members is missing.
    fn undecided(&mut self, given: &Value, branches: &[&Vec<ValidationError<'_>>], steps: &[Step]) {
        let missing: Option<Vec<&str>> = branches
            .iter()
            .map(|branch| match branch.as_slice() {
                [error] => match error.kind() {
                    Kind::Required { property } => property.as_str(),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        let Some(names) = missing else {
            let expected = self.expected(&Place::find(self.plan, steps), given);
            let predicate = expected.unwrap_or_else(|| "has none of the accepted forms".to_owned());
            self.add(steps, Rule::InvalidValue, &predicate);
            return;
        };
        let [first, others @ ..] = names.as_slice() else {
            return;
        };
        let mut steps = steps.to_vec();
        steps.push(Step::member(first));
        let predicate = format!("is required, or else {}", message::or(others));
        self.add(&steps, Rule::Required, &predicate);
    }
}

/// Whether a branch is for values of another type than the one at `here`. `deeply`, one of several branches is, too, of which
/// each is for another type.
fn is_foreign(branch: &[ValidationError<'_>], here: &str, deeply: bool) -> bool {
    branch.iter().any(|error| {
        error.instance_path().as_str() == here
            && match error.kind() {
                Kind::Type { .. } | Kind::FalseSchema => true,
                Kind::AnyOf { context } | Kind::OneOfNotValid { context } if deeply => {
                    let mut branches = context.iter();
                    branches.all(|branch| is_foreign(branch, here, deeply))
                }
                _ => false,
            }
    })
}

/// The rejection that `violations` make together; none without any.
pub(super) fn reject(mut violations: Vec<Violation<'_>>, answer: Answer) -> Option<Rejection> {
    // The message breaks ties, so that the order never depends on the validator's.
    violations.sort_by(|a, b| {
        (&a.rank, &a.error.field, a.rule, &a.error.message).cmp(&(
            &b.rank,
            &b.error.field,
            b.rule,
            &b.error.message,
        ))
    });
    violations.dedup_by(|a, b| a.error == b.error);
    let kept: Vec<&Violation<'_>> = violations
        .chunk_by(|a, b| a.rank == b.rank && a.error.field == b.error.field)
        .flat_map(|place| {
            let hidden = |rule| place.iter().any(|other| other.rule.hides(rule));
            place
                .iter()
                .filter(move |violation| !hidden(violation.rule))
        })
        .collect();
    let first = kept.first()?;
    let common = first.overrides.iter().rev().find(|candidate| {
        kept.iter()
            .all(|violation| violation.overrides.contains(candidate))
    });
    if let Some(common) = common {
        let text = |member: &str| common[member].as_str().map(str::to_owned);
        return Some(Rejection {
            status: common["status"]
                .as_u64()
                .and_then(|status| u16::try_from(status).ok())
                .unwrap_or(422),
            code: text("code").unwrap_or_else(|| first.error.code.clone()),
            message: text("message").unwrap_or_else(|| first.error.message.clone()),
            shape: Shape::Errors,
            errors: Vec::new(),
        });
    }
    Some(Rejection {
        status: answer.status,
        code: "invalid_request_parameters".to_owned(),
        message: "Validation failed".to_owned(),
        shape: answer.shape,
        errors: kept
            .into_iter()
            .take(MAX_VIOLATIONS)
            .map(|violation| violation.error.clone())
            .collect(),
    })
}
