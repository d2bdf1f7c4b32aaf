//! The operations of WorkOS's API that `portal.json` describes.
//!
//! The enum is written by `build.rs`, so that a `match` without a wildcard stops compiling as soon as the document gains an
//! operation.

include!(concat!(env!("OUT_DIR"), "/operation.rs"));
