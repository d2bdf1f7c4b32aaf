//! No operation is forgotten: each has a test in which it succeeds, or this does not compile.

use std::collections::BTreeSet;

use contract_tests::{OperationId, judge::PORTAL, served_on_this_thread};

macro_rules! happy_paths {
    ($($operation:ident => $module:ident::$test:ident,)*) => {
        /// The name of a test in which the operation succeeds, and the test, which runs on the calling thread.
        fn happy_path(operation: OperationId) -> (&'static str, fn()) {
            match operation {
                $(OperationId::$operation => {
                    (concat!(stringify!($module), "::", stringify!($test)), crate::$module::$test)
                })*
            }
        }
    };
}
include!("happy_paths.rs");

#[test]
fn every_operation_is_served() {
    let mut run = BTreeSet::new();
    for operation in OperationId::ALL {
        let (name, test) = happy_path(operation);
        if run.insert(name) {
            // It runs on its own too, and takes the same snapshots then.
            insta::allow_duplicates! { test() };
        }
        assert!(
            served_on_this_thread().contains(operation.as_str()),
            "{} does not succeed in {name}",
            operation.as_str()
        );
    }
}

#[test]
fn the_judge_knows_every_operation() {
    let known: BTreeSet<_> = PORTAL
        .operations()
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(known, OperationId::ALL.map(OperationId::as_str).into());
}
