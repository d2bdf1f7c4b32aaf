//! How many a second, and what each costs.

use std::time::{Duration, Instant};

use crate::bare::Bare;
use crate::process::{Mock, cpu_time_of, median};
use crate::receiver::Receiver;
use crate::{Failure, endpoint, fill, last_delivery, pause, wait};

const ENDPOINTS: [usize; 3] = [1, 10, 100];
/// How many deliveries a round has.
const DELIVERIES: usize = 10_000;
const ROUNDS: usize = 7;

/// What a round took.
struct Cost {
    /// Deliveries in a second.
    rate: f64,
    /// Microseconds of CPU time for each.
    cpu: f64,
}

pub(crate) fn measure(receiver: &Receiver) -> Result<(), Failure> {
    println!(
        "{:<13}{:>12}{:>12}{:>10}{:>14}{:>12}{:>10}",
        "", "a second", "bare loop", "ratio", "µs CPU each", "bare loop", "ratio"
    );
    for endpoints in ENDPOINTS {
        let rounds = rounds(receiver, endpoints)?;
        let of = |value: &dyn Fn(&(Cost, Cost)) -> f64| median(rounds.iter().map(value));
        println!(
            "{:<13}{:>12.0}{:>12.0}{:>10.2}{:>14.1}{:>12.1}{:>10.2}",
            format!(
                "{endpoints} endpoint{}",
                if endpoints == 1 { "" } else { "s" }
            ),
            of(&|(mock, _)| mock.rate),
            of(&|(_, bare)| bare.rate),
            of(&|(mock, bare)| mock.rate / bare.rate),
            of(&|(mock, _)| mock.cpu),
            of(&|(_, bare)| bare.cpu),
            of(&|(mock, bare)| mock.cpu / bare.cpu),
        );
    }
    Ok(())
}

fn rounds(receiver: &Receiver, endpoints: usize) -> Result<Vec<(Cost, Cost)>, Failure> {
    let mock = Mock::start(&[])?;
    let mut bare = Bare::start()?;
    let mut connection = mock.connect()?;
    let urls: Vec<_> = (0..endpoints).map(|number| receiver.url(number)).collect();
    for url in &urls {
        endpoint(&mut connection, url)?;
    }
    let each = DELIVERIES / endpoints;
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        pause(&mut connection, true)?;
        fill(&mock, each)?;
        let sent = cost(
            mock.pid(),
            receiver,
            &mut connection,
            |connection| pause(connection, false),
            wait,
        )?;
        let delivery = last_delivery(&mut connection)?;
        let posted = cost(
            bare.pid(),
            receiver,
            &mut bare,
            |bare| bare.order(&delivery["attempts"][0], &urls, each),
            Bare::done,
        )?;
        // The first round warms both.
        if round > 0 {
            rounds.push((sent, posted));
        }
    }
    Ok(rounds)
}

#[expect(clippy::cast_precision_loss, reason = "all are far below 2^52")]
#[expect(clippy::disallowed_methods, reason = "a rate is about real time")]
fn cost<T>(
    process: u32,
    receiver: &Receiver,
    sender: &mut T,
    begin: impl FnOnce(&mut T) -> Result<(), Failure>,
    end: impl FnOnce(&mut T) -> Result<(), Failure>,
) -> Result<Cost, Failure> {
    let since = Instant::now();
    let mut took = Duration::ZERO;
    let spent = cpu_time_of(process, || {
        receiver.take(DELIVERIES, || begin(sender))?;
        took = since.elapsed();
        end(sender)
    })?;
    Ok(Cost {
        rate: DELIVERIES as f64 / took.as_secs_f64(),
        cpu: spent as f64 / 1_000.0 / DELIVERIES as f64,
    })
}
