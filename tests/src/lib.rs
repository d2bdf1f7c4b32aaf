//! What the contract tests share: a server each, ways to call it, and the judge that sees every answer.

mod call;
mod courtroom;
pub mod judge;
mod server;
mod visitor;

pub use call::{Call, Reply};
pub use courtroom::{Courtroom, Ledger};
pub use server::{PUBLIC_URL, START, TestServer};
pub use visitor::Visitor;
