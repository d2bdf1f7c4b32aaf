//! What a newer document would change for our operations.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use super::curation::OperationKey;

/// One difference.
#[derive(Debug, Serialize)]
pub(crate) struct Change {}

pub(crate) fn changes(_ours: &Value, _theirs: &Value, _operations: &[OperationKey]) -> Vec<Change> {
    Vec::new()
}

pub(crate) fn print(_changes: &[Change], _out: &mut dyn Write) -> Result<()> {
    Ok(())
}
