//! The operations of `portal.json` as an enum, which `build.rs` writes.

include!(concat!(env!("OUT_DIR"), "/operation_id.rs"));
