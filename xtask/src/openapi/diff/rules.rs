//! What breaks.
//!
//! A difference makes what may be sent there more, less or something else. In a request, less and something else break:
//! what a program sends is refused. In a response, more and something else break: what arrives was never agreed on.
//! Two things may grow in a response all the same: lists of values, since clients keep values they do not know, and
//! limits, since clients do not check them.

use serde::Serialize;
use serde_json::Value;

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    Request,
    Response,
}

/// What a difference does to the set of what may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Widens,
    Narrows,
    Replaces,
    /// Nothing: the difference says how, not what.
    Neutral,
}

impl Effect {
    /// The effect of a constraint that was not there before, is not there any more, or is another one.
    pub(super) fn of_constraint(before: Option<&Value>, after: Option<&Value>) -> Self {
        match (before, after) {
            (None, Some(_)) => Self::Narrows,
            (Some(_), None) => Self::Widens,
            _ => Self::Replaces,
        }
    }
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// An operation, parameter, member, status, body, header or media type that was not there.
    Added,
    /// One that is no longer there.
    Removed,
    BecameRequired,
    BecameOptional,
    Type,
    NullAllowed,
    NullForbidden,
    /// Any value before, a list of them now.
    ValuesListed,
    /// A list of values before, any now.
    ValuesOpened,
    ValuesAdded,
    ValuesRemoved,
    /// None of the values is left.
    ValuesReplaced,
    Format,
    /// A length, count, range or pattern.
    Limit,
    /// Whether and which members without a name of their own may stand in an object.
    OtherMembers,
    VariantsAdded,
    VariantsRemoved,
    Default,
    Deprecated,
    /// A component has another name; its users refer to the new one.
    Renamed,
    /// How a parameter is written into the request.
    Serialization,
    Security,
    Servers,
    /// A keyword that no rule knows.
    Keyword,
}

/// One difference at one place, and whether it breaks there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) breaking: bool,
    pub(super) place: String,
    pub(super) kind: Kind,
    pub(super) before: Value,
    pub(super) after: Value,
}

/// Whether a program that knows the older document may fail on the newer one.
pub(super) fn breaks(kind: Kind, effect: Effect, direction: Direction) -> bool {
    match (direction, effect) {
        (_, Effect::Neutral)
        | (Direction::Request, Effect::Widens)
        | (Direction::Response, Effect::Narrows) => false,
        (Direction::Request, _) => true,
        (Direction::Response, Effect::Widens) => {
            !matches!(kind, Kind::ValuesAdded | Kind::ValuesOpened | Kind::Limit)
        }
        (Direction::Response, Effect::Replaces) => kind != Kind::Limit,
    }
}
