//! The client's examples, as they stand in `client/examples`: each is run here by what its `main` calls, and what it writes is
//! what a reader sees. `client_example` has the one that is a server.

mod portal_links;

/// What an example has written.
fn said(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("examples write text")
}

/// Says between two runs what has happened.
fn note(out: &mut Vec<u8>, what: &str) {
    out.extend(format!("# {what}\n").bytes());
}
