//! Faults.

use std::time::Duration;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Time;
use crate::domain::fault::{Damage, Fault, PathPattern, When};

/// A fault, with how often it has fired.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
pub(crate) struct FaultView {
    /// Always `fault`.
    #[schemars(extend("const" = "fault"))]
    object: &'static str,
    /// Its id.
    id: String,
    /// The operation of the requests that are meant; nothing where it may be any.
    operation: Option<String>,
    /// The method of the requests that are meant; nothing where it may be any.
    method: Option<String>,
    /// The path of the requests that are meant, or one like it; nothing where it may be any.
    path: Option<String>,
    /// What the requests that are meant name; nothing where it may be anything.
    resource: Option<String>,
    /// What is answered instead of carrying the operation out.
    status: Option<u16>,
    /// The seconds after which the answer says to try again.
    retry_after: Option<u32>,
    /// How much later the answer comes, in real time.
    #[schemars(with = "Option<String>")]
    latency: Option<SignedDuration>,
    /// How the answer is damaged.
    damage: Option<DamageName>,
    /// Over how much real time a slow body is spread.
    #[schemars(with = "Option<String>")]
    over: Option<SignedDuration>,
    /// For how many requests it fires.
    times: Option<u32>,
    /// For each how many-th request it fires.
    every: Option<u32>,
    /// Whether it fires for every request.
    always: bool,
    /// How many requests that are meant came to it, which are those that no older fault took.
    seen: u32,
    /// How many of them it has fired for.
    fired: u32,
    /// When it was asked for.
    created_at: Time,
}

/// How an answer is damaged.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum DamageName {
    SlowBody,
    TruncatedBody,
    ConnectionReset,
    WrongContentType,
}

impl From<Damage> for DamageName {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::SlowBody(_) => Self::SlowBody,
            Damage::TruncatedBody => Self::TruncatedBody,
            Damage::ConnectionReset => Self::ConnectionReset,
            Damage::WrongContentType => Self::WrongContentType,
        }
    }
}

impl FaultView {
    pub(crate) fn new(fault: &Fault) -> Self {
        // What can be asked for is a minute at most.
        let shown = |wait: Duration| SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        let over = match fault.effect.damage {
            Some(Damage::SlowBody(over)) => Some(shown(over)),
            _ => None,
        };
        let (times, every, always) = match fault.when {
            When::Next(times) => (Some(times), None, false),
            When::Every(every) => (None, Some(every), false),
            When::Always => (None, None, true),
        };
        let path = fault.target.path.as_ref().map(PathPattern::as_str);
        Self {
            object: "fault",
            id: fault.id.to_string(),
            operation: fault.target.operation.clone(),
            method: fault.target.method.clone(),
            path: path.map(ToOwned::to_owned),
            resource: fault.target.resource.clone(),
            status: fault.effect.status,
            retry_after: fault.effect.retry_after,
            latency: fault.effect.latency.map(shown),
            damage: fault.effect.damage.map(Into::into),
            over,
            times,
            every,
            always,
            seen: fault.seen,
            fired: fault.fired,
            created_at: Time(fault.created_at),
        }
    }
}
