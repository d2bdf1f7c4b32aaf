//! Faults.

use serde::Serialize;

use super::Time;
use crate::domain::fault::Fault;
use crate::domain::ids::Id as _;

/// A fault, with how often it has fired.
#[derive(Serialize)]
pub(crate) struct FaultView<'a> {
    object: &'static str,
    id: &'a str,
    method: &'a str,
    path: &'a str,
    status: u16,
    retry_after: Option<u32>,
    times: u32,
    fired: u32,
    created_at: Time,
}

impl<'a> FaultView<'a> {
    pub(crate) fn new(fault: &'a Fault) -> Self {
        Self {
            object: "fault",
            id: fault.id.as_str(),
            method: &fault.method,
            path: fault.path.as_str(),
            status: fault.status,
            retry_after: fault.retry_after,
            times: fault.times,
            fired: fault.fired,
            created_at: Time(fault.created_at),
        }
    }
}
