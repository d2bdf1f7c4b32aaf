//! Very many deliveries that are still to be sent: what they take, and what they do to everybody else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Connection, Request, get};
use crate::process::{Mock, cpu_time_of, median};
use crate::receiver::Receiver;
use crate::{Failure, ask, endpoint, fill, pause, post};

const SAMPLES: usize = 15;
/// How many requests a sample has.
const REQUESTS: usize = 2_000;
/// How many requests follow what is measured.
const READS_AFTER: usize = 20_000;

pub(crate) fn measure(receiver: &Receiver, many: usize) -> Result<(), Failure> {
    let none = Mock::start(&[])?;
    fill(&none, many)?;
    let due = Mock::start(&[])?;
    let mut connection = due.connect()?;
    pause(&mut connection, true)?;
    let first = endpoint(&mut connection, &receiver.url(0))?;
    fill(&due, many)?;
    let bytes = due.resident()?.saturating_sub(none.resident()?);
    println!(
        "\n{many} deliveries due, none sent: {} MiB more, {} bytes each",
        bytes >> 20,
        bytes / many
    );
    println!(
        "CPU time of GET /organizations/{{id}} beside a server with none: {:.2} times",
        ratio(&due, &none)?
    );

    println!("{:<58}{:>8}{:>14}", "", "takes", "longest get");
    report("nothing else happens", &due, &mut || Ok(()))?;
    report("its endpoint is disabled", &due, &mut || {
        change(&mut connection, &first, json!({ "status": "disabled" }))
    })?;

    let other = Mock::start(&[])?;
    let mut connection = other.connect()?;
    pause(&mut connection, true)?;
    let first = endpoint(&mut connection, &receiver.url(1))?;
    let second = endpoint(&mut connection, &receiver.url(2))?;
    let late = endpoint(&mut connection, &receiver.url(3))?;
    steer(&mut connection, &late, json!({ "delay": "PT1H" }))?;
    fill(&other, many)?;
    report(
        "another endpoint of as many is deleted",
        &other,
        &mut || {
            let target = format!("/webhook_endpoints/{first}");
            let delete = Request {
                method: "DELETE",
                target,
                body: None,
            };
            connection.ask(&delete, 204).map(drop)
        },
    )?;
    report("another wants no such events any more", &other, &mut || {
        change(
            &mut connection,
            &second,
            json!({ "events": ["dsync.activated"] }),
        )
    })?;
    report(
        "the clock reaches the time that as many wait for",
        &other,
        &mut || {
            let request = Request {
                method: "PATCH",
                ..post("/_mock/clock", json!({ "advance": "PT1H" }))
            };
            ask(&mut connection, &request, 200).map(drop)
        },
    )?;
    report("those are sent", &other, &mut || {
        receiver.take(many, || pause(&mut connection, false))
    })
}

/// What a read costs at one server, in what it costs at another: pairs that are taken one after the other.
fn ratio(one: &Mock, other: &Mock) -> Result<f64, Failure> {
    let (mut crews, mocks) = ([one.crew(4)?, other.crew(4)?], [one, other]);
    let mut ratios = Vec::new();
    for sample in 0..=SAMPLES {
        let mut spent = [0.0; 2];
        for ((crew, mock), spent) in crews.iter_mut().zip(mocks).zip(&mut spent) {
            let time = cpu_time_of(mock.pid(), || crew.send(REQUESTS, 200, |_| read()))?;
            #[expect(clippy::cast_precision_loss, reason = "all are far below 2^52")]
            let time = time as f64;
            *spent = time;
        }
        // The first one warms both.
        if sample > 0 {
            ratios.push(spent[0] / spent[1]);
        }
    }
    Ok(median(ratios.into_iter()))
}

fn read() -> Request {
    get("/organizations/org_test_idp".to_owned())
}

/// Does something, and says how long it takes and how long anybody else has to wait meanwhile and for a while after.
#[expect(clippy::disallowed_methods, reason = "a wait is about real time")]
fn report(
    what: &str,
    mock: &Mock,
    work: &mut dyn FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut reader = mock.connect()?;
    let (begun, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (begun, over) = (&begun, &over);
    let (took, longest) = thread::scope(|scope| {
        let reads = scope.spawn(move || longest_read(&mut reader, begun, over));
        while !begun.load(Ordering::SeqCst) && !reads.is_finished() {
            thread::yield_now();
        }
        let start = Instant::now();
        let worked = work();
        let took = start.elapsed();
        over.store(true, Ordering::SeqCst);
        let longest = reads.join().map_err(|_| "a reader has panicked")??;
        worked.map(|()| (took, longest))
    })?;
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{what:<58}{:>6.0} ms{:>11.1} ms",
        milliseconds(took),
        milliseconds(longest)
    );
    Ok(())
}

/// The longest time that a read takes until something is over, and for as many reads after it: what is done after the answer
/// is part of it.
#[expect(clippy::disallowed_methods, reason = "a wait is about real time")]
fn longest_read(
    reader: &mut Connection,
    begun: &AtomicBool,
    over: &AtomicBool,
) -> Result<Duration, Failure> {
    let (mut longest, mut after) = (Duration::ZERO, 0);
    while after < READS_AFTER {
        let start = Instant::now();
        reader.ask(&read(), 200)?;
        longest = longest.max(start.elapsed());
        begun.store(true, Ordering::SeqCst);
        after += usize::from(over.load(Ordering::SeqCst));
    }
    Ok(longest)
}

fn change(connection: &mut Connection, endpoint: &str, changes: Value) -> Result<(), Failure> {
    let request = Request {
        method: "PATCH",
        ..post(&format!("/webhook_endpoints/{endpoint}"), changes)
    };
    ask(connection, &request, 200).map(drop)
}

fn steer(connection: &mut Connection, endpoint: &str, steering: Value) -> Result<(), Failure> {
    let target = format!("/_mock/webhook_endpoints/{endpoint}/steering");
    let request = Request {
        method: "PUT",
        ..post(&target, steering)
    };
    ask(connection, &request, 200).map(drop)
}
