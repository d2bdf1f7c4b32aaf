//! `events_worker`.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::future::pending;
use std::path::PathBuf;
use std::rc::Rc;
use std::{fs, io};

use contract_tests::TestServer;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;
use workos_portal::Client;
use workos_portal::types::{Event, EventType};

use super::{said, set_up};
use crate::support::{events, organization};
use example::{Handler, Teller, Worker};

#[path = "../../../client/examples/events_worker.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod example;

/// The ids of what was handled, in order; and when to die of it.
#[derive(Clone, Default)]
struct Recorder {
    handled: Rc<RefCell<Vec<String>>>,
    dies_after: Option<usize>,
}

impl Handler for Recorder {
    fn handle(&mut self, event: &Event) -> io::Result<()> {
        let mut handled = self.handled.borrow_mut();
        handled.push(event.id.to_string());
        if self.dies_after == Some(handled.len()) {
            return Err(io::Error::other("the process dies"));
        }
        Ok(())
    }
}

/// A folder for a cursor, and its file.
fn cursor() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("events.cursor");
    (folder, file)
}

/// Lets a worker run and calls `between` with the number of each wait, until that says that it is enough. Returns how it
/// ended, and how long it would have waited in seconds.
async fn run<H: Handler>(
    worker: &mut Worker<H>,
    between: impl AsyncFn(usize) -> bool,
) -> (Result<(), Box<dyn std::error::Error>>, Vec<u64>) {
    let (stop, count, waits) = (Notify::new(), Cell::new(0), RefCell::default());
    let wait = async |pause: std::time::Duration| {
        count.set(count.get() + 1);
        RefCell::<Vec<u64>>::borrow_mut(&waits).push(pause.as_secs());
        if between(count.get()).await {
            stop.notify_one();
            pending::<()>().await;
        }
    };
    let ended = worker.run(wait, stop.notified()).await;
    (ended, waits.into_inner())
}

/// The ids of all events, oldest first, as the pages of the API have them.
async fn all(server: &TestServer) -> Vec<String> {
    let names: Vec<&str> = EventType::KNOWN.iter().map(EventType::as_str).collect();
    let names = names.join(",");
    let id = |event: &Value| event["id"].as_str().expect("an id").to_owned();
    let mut all: Vec<String> = Vec::new();
    loop {
        let after = all.last().map(|id| format!("&after={id}"));
        let page = events(server, &format!("{names}{}", after.unwrap_or_default())).await;
        if page.is_empty() {
            return all;
        }
        all.extend(page.iter().map(id));
    }
}

async fn happen(server: &TestServer, users: usize) {
    organization(server, &json!({"name": "Acme"})).await;
    set_up(server, "dsync", &json!({"users": users, "groups": 1})).await;
}

#[tokio::test]
pub(crate) async fn a_worker_goes_on_where_it_stopped() {
    let server = TestServer::start().await;
    let (_folder, file) = cursor();
    let recorder = Recorder::default();
    organization(&server, &json!({"name": "Before"})).await;

    let mut worker = Worker::new(server.client(), &file, recorder.clone()).expect("a worker");
    let while_it_runs = async |wait: usize| {
        if wait == 2 {
            happen(&server, 120).await;
        }
        wait == 5
    };
    let (ended, waits) = run(&mut worker, while_it_runs).await;
    ended.expect("it is stopped");
    // A full page is followed by the next at once.
    assert_eq!(waits, [5, 5, 0, 0, 5]);
    let all = all(&server).await;
    let handled = recorder.handled.borrow().clone();
    assert!(all.len() > 200, "two full pages and more: {}", all.len());
    assert!(handled == all, "{} of {}", handled.len(), all.len());
    drop(worker);

    assert_eq!(fs::read_to_string(&file).ok().as_ref(), handled.last());
    organization(&server, &json!({"name": "While it does not run"})).await;
    let mut worker = Worker::new(server.client(), &file, recorder.clone()).expect("a worker");
    let (ended, _) = run(&mut worker, async |wait| wait == 2).await;
    ended.expect("it is stopped");
    let newest = recorder.handled.borrow().clone();
    assert_eq!(newest.len(), handled.len() + 1, "one has come meanwhile");
    assert!(newest.starts_with(&handled), "the others are as before");
    let unique: HashSet<&String> = newest.iter().collect();
    assert_eq!(unique.len(), newest.len(), "none has come twice");
    let list = server.get("/_mock/events?limit=1").send().await;
    assert_eq!(newest.last(), Some(&list.string("/data/0/id")));
}

#[tokio::test]
async fn what_was_handled_and_not_saved_comes_again_and_is_recognised() {
    let server = TestServer::start().await;
    let (_folder, file) = cursor();
    for name in ["One", "Two", "Three"] {
        organization(&server, &json!({"name": name})).await;
    }
    let all = all(&server).await;
    let recorder = Recorder {
        dies_after: Some(2),
        ..Recorder::default()
    };
    let mut worker = Worker::new(server.client(), &file, recorder.clone()).expect("a worker");
    let (ended, _) = run(&mut worker, async |_| true).await;
    assert_eq!(ended.expect_err("it dies").to_string(), "the process dies");
    assert_eq!(fs::read_to_string(&file).expect("a cursor"), all[0]);

    // What is in the database is there after the crash.
    let handled = all[..2].iter().map(|id| id.parse().expect("an id"));
    let teller = Teller {
        handled: handled.collect(),
        out: Vec::new(),
    };
    let out = Rc::new(RefCell::new(teller));
    let mut worker = Worker::new(server.client(), &file, Shared(out.clone())).expect("a worker");
    let (ended, _) = run(&mut worker, async |_| true).await;
    ended.expect("it is stopped");
    let told = said(out.borrow().out.clone());
    assert_eq!(told.lines().count(), 1, "the second was recognised: {told}");
    assert_eq!(out.borrow().handled.len(), 3);
    assert_eq!(fs::read_to_string(&file).expect("a cursor"), all[2]);
}

/// A teller that can be looked at after the worker.
struct Shared(Rc<RefCell<Teller<Vec<u8>>>>);

impl Handler for Shared {
    fn handle(&mut self, event: &Event) -> io::Result<()> {
        self.0.borrow_mut().handle(event)
    }
}

#[tokio::test]
async fn trouble_is_waited_out_and_a_wrong_key_is_not() {
    let server = TestServer::start().await;
    let (_folder, file) = cursor();
    organization(&server, &json!({"name": "Acme"})).await;
    for (status, times, retry_after) in [(503, 5, None), (429, 1, Some(30)), (429, 1, Some(600))] {
        let mut fault = json!({"operation": "list_events", "status": status, "times": times});
        if let Some(seconds) = retry_after {
            fault["retry_after"] = json!(seconds);
        }
        let _ = server
            .post("/_mock/faults", &fault)
            .send()
            .await
            .expect(201);
    }
    let recorder = Recorder::default();
    let mut worker = Worker::new(server.client(), &file, recorder.clone()).expect("a worker");
    let (ended, waits) = run(&mut worker, async |wait| wait == 9).await;
    ended.expect("it is stopped");
    assert_eq!(waits, [5, 10, 20, 40, 60, 30, 60, 5, 5]);
    assert_eq!(recorder.handled.borrow().len(), 1);

    let client: Client = server.client_with("sk_wrong");
    let mut worker = Worker::new(client, &file, recorder).expect("a worker");
    let (ended, waits) = run(&mut worker, async |_| true).await;
    let error = ended.expect_err("it ends");
    let error = error.downcast_ref::<workos_portal::Error>();
    assert!(
        matches!(error, Some(workos_portal::Error::Unauthorized(_))),
        "{error:?}"
    );
    assert!(waits.is_empty());
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_is_told_and_an_empty_one_is_none() {
    let server = TestServer::start().await;
    let (folder, file) = cursor();
    let error = Worker::new(server.client(), folder.path(), Recorder::default()).err();
    assert!(error.is_some(), "a folder is no file");

    organization(&server, &json!({"name": "Acme"})).await;
    fs::write(&file, "\n").expect("a file");
    let recorder = Recorder::default();
    let mut worker = Worker::new(server.client(), &file, recorder.clone()).expect("a worker");
    let (ended, _) = run(&mut worker, async |_| true).await;
    ended.expect("an empty file is no cursor");
    let all = all(&server).await;
    assert_eq!(*recorder.handled.borrow(), all);
}

#[tokio::test]
async fn events_are_told_whatever_they_are() {
    let server = TestServer::start().await;
    let (_folder, file) = cursor();
    happen(&server, 2).await;
    set_up(&server, "sso", &json!({})).await;
    let teller = Teller {
        handled: HashSet::new(),
        out: Vec::new(),
    };
    let out = Rc::new(RefCell::new(teller));
    let mut worker = Worker::new(server.client(), &file, Shared(out.clone())).expect("a worker");
    let (ended, _) = run(&mut worker, async |_| true).await;
    ended.expect("it is stopped");
    drop(worker);

    let mut teller = out.borrow_mut();
    for (id, name, data) in [
        ("event_1", "coffee.made", json!({"cups": 2})),
        ("event_2", "dsync.user.created", json!({"cups": 2})),
        ("event_2", "dsync.user.created", json!({"cups": 2})),
    ] {
        let event =
            json!({"id": id, "event": name, "data": data, "created_at": "2026-01-01T00:00:00Z"});
        let event: Event = serde_json::from_value(event).expect("an event");
        teller.handle(&event).expect("it is told");
    }
    assert_snapshot!(said(teller.out.clone()));
}
