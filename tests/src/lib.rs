//! What the contract tests share: a server each, ways to call it, and the judge that sees every answer.

mod call;
mod courtroom;
pub mod judge;
mod operation_id;
mod receiver;
mod server;
mod signature;
mod visitor;

pub use call::{Call, Reply};
pub use courtroom::{Courtroom, Ledger, served_on_this_thread};
pub use operation_id::OperationId;
pub use receiver::{Answer, DeadPort, Received, Receiver};
pub use server::{PUBLIC_URL, START, TestServer};
pub use visitor::Visitor;
