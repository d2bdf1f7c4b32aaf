//! Whose connections a call uses, and who looks after them.

use std::thread;

use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use workos_portal::blocking::Wait;
use workos_portal::portal::Providers;

use super::call;
use super::server::{Open, Told};
use crate::ORGANIZATION;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn threads_wait_side_by_side() {
    const THREADS: usize = 8;
    let server = Open::when_there_are(THREADS, ORGANIZATION);
    let client = server.client();
    for _ in 0..3 {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| call(&client).wait().unwrap());
            }
        });
    }
}

#[test]
fn a_connection_is_used_again_by_any_thread() {
    let server = Open::answering(ORGANIZATION);
    let client = server.client();
    call(&client).wait().unwrap();
    assert_eq!(server.asked(), 0);
    // It is free again soon after an answer has been read.
    let again = (0..1000).any(|_| {
        let client = &client;
        thread::scope(|scope| scope.spawn(|| call(client).wait().unwrap()).join()).unwrap();
        server.asked() == 0
    });
    assert!(again, "the first connection was never used again");
}

#[test]
fn connections_of_a_runtime_whose_thread_waits_are_left_alone() {
    let server = Open::answering(ORGANIZATION);
    let client = server.client();
    runtime().block_on(async {
        call(&client).await.unwrap();
        assert_eq!(server.asked(), 0);
        loop {
            // Whatever has to happen until the connection is free again.
            for _ in 0..10 {
                yield_now().await;
            }
            call(&client).await.unwrap();
            if server.asked() == 0 {
                break;
            }
        }
        for _ in 0..10 {
            yield_now().await;
        }
        call(&client).wait().unwrap();
        assert_ne!(server.asked(), 0);
        call(&client).await.unwrap();
    });
}

#[test]
fn a_client_goes_from_one_runtime_to_the_next() {
    let server = Open::answering(ORGANIZATION);
    let client = server.client();
    for _ in 0..3 {
        runtime().block_on(call(&client)).unwrap();
        call(&client).wait().unwrap();
    }
    let several = Builder::new_multi_thread().enable_all().build().unwrap();
    several.block_on(async {
        tokio::spawn(call(&client)).await.unwrap().unwrap();
        let waiting = client.clone();
        let waiting = tokio::task::spawn_blocking(move || call(&waiting).wait());
        waiting.await.unwrap().unwrap();
        call(&client).wait().unwrap();
    });
    drop(several);
    call(&client).wait().unwrap();
}

#[tokio::test]
async fn providers_that_are_on_their_way_elsewhere_are_asked_for_again() {
    let server = Open::answering("[]");
    let providers = Providers::new(server.client());
    let mut stuck = Box::pin(providers.list());
    assert!((&mut stuck).now_or_never().is_none());
    // This thread would have to go on with the other call.
    assert!(providers.list().wait().unwrap().is_empty());
    stuck.await.unwrap();
}

#[test]
fn what_is_given_up_is_closed() {
    let server = Open::silent();
    let client = server.client();
    let (given_up, enough) = futures_channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            assert_eq!(server.told(), Told::Asked(0));
            given_up();
            assert_eq!(server.told(), Told::Closed(0));
        });
        let either = select(Box::pin(call(&client)), enough).wait();
        assert!(matches!(either, Either::Right(_)));
        drop(either);
    });
}

/// A future, and what makes it ready.
fn futures_channel() -> (impl FnOnce() + Send, impl Future<Output = ()> + Unpin) {
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = move || tell.send(()).unwrap();
    (tell, Box::pin(async { told.await.unwrap() }))
}
