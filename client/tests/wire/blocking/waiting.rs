//! Waiting as such.

use std::cell::Cell;
use std::future::{poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use tokio::task::yield_now;
use workos_portal::Client;
use workos_portal::blocking::Wait;

use super::call;
use crate::ORGANIZATION;
use crate::server::Server;

fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap()
}

#[test]
fn nothing_has_to_travel_or_to_be_owned() {
    let counted = Rc::new(Cell::new(0));
    let borrowed = &counted;
    async {
        for _ in 0..1000 {
            yield_now().await;
            borrowed.set(borrowed.get() + 1);
        }
    }
    .wait();
    assert_eq!(counted.get(), 1000);
    assert_eq!(ready("at once").wait(), "at once");
}

#[tokio::test]
async fn wakes_that_a_blocked_runtime_keeps_are_made_up_for() {
    async {
        yield_now().await;
        tokio::task::coop::consume_budget().await;
    }
    .wait();
    let several = tokio::task::spawn_blocking(|| {
        let several = tokio::runtime::Builder::new_multi_thread();
        let several = { several }.worker_threads(1).build().unwrap();
        let yielded = several.spawn(async { yield_now().wait() });
        several.block_on(yielded).unwrap();
    });
    several.await.unwrap();
}

#[tokio::test]
async fn the_budget_of_the_task_that_waits_is_not_used_up() {
    let polls = Cell::new(0);
    let mut spends = pin!(async {
        for _ in 0..1000 {
            tokio::task::coop::consume_budget().await;
        }
    });
    poll_fn(|context| {
        polls.set(polls.get() + 1);
        spends.as_mut().poll(context)
    })
    .wait();
    assert_eq!(polls.get(), 1);
}

#[test]
fn waits_stand_in_one_another() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    let inner = server.client();
    let client = async {
        call(&inner).wait().unwrap();
        yield_now().await;
        call(&client).await.unwrap();
        client
    }
    .wait();
    let seen = Arc::new(Mutex::new(0));
    let (counted, inner) = (seen.clone(), client.clone());
    let observed = server.builder().on_attempt(move |_| {
        call(&inner).wait().unwrap();
        *counted.lock().unwrap() += 1;
    });
    call(&observed.build().unwrap()).wait().unwrap();
    assert_eq!(*seen.lock().unwrap(), 1);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_token_that_somebody_else_takes_is_not_missed() {
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        if polls == 3 {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        // It takes the token of the wake, so that only the bell itself still tells of it.
        thread::park();
        Poll::Pending
    })
    .wait();
    assert_eq!(polls, 3);
}

#[test]
fn a_token_without_a_wake_wakes_nobody() {
    let polls = Cell::new(0);
    let (mut woken, me) = (false, thread::current());
    poll_fn(|context| {
        polls.set(polls.get() + 1);
        if woken {
            return Poll::Ready(());
        }
        woken = true;
        me.unpark();
        let waker = context.waker().clone();
        thread::spawn(move || waker.wake());
        Poll::Pending
    })
    .wait();
    assert_eq!(polls.get(), 2);
}

#[test]
fn a_panic_is_the_caller_s_alone() {
    let server = Server::json(ORGANIZATION);
    let client = server.client();
    let panicking = async {
        call(&client).await.unwrap();
        panic!("of the future");
    };
    let panic = catch_unwind(AssertUnwindSafe(|| panicking.wait())).unwrap_err();
    assert_eq!(text(&*panic), "of the future");
    call(&client).wait().unwrap();
}

/// Waits in a task that the thread of all waits runs.
fn there<T: Send + 'static>(task: impl FnOnce() -> T + Send + 'static) -> thread::Result<T> {
    let task = async { tokio::spawn(async { task() }).await }.wait();
    task.map_err(tokio::task::JoinError::into_panic)
}

#[test]
fn the_thread_that_waits_depend_on_cannot_wait() {
    let panic = there(|| ready(()).wait()).unwrap_err();
    assert_eq!(
        text(&*panic),
        "`wait` was called on the thread that all waits depend on: it would never end"
    );
    let server = Server::json(ORGANIZATION);
    let client: Client = server.client();
    let panic = there({
        let client = client.clone();
        move || client.list_organizations().stream().blocking_iter().next()
    });
    assert!(text(&*panic.unwrap_err()).starts_with("`wait` was called on"));
    let elsewhere = there({
        let client = client.clone();
        move || tokio::task::spawn_blocking(move || call(&client).wait())
    });
    elsewhere.unwrap().wait().unwrap().unwrap();
    call(&client).wait().unwrap();
}
