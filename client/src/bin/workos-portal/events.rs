//! `events tail`.

use std::io::{self, Write as _};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::time::timeout;
use workos_portal::types::{Event, EventType, PaginationOrder};
use workos_portal::{Client, Error, RetryPolicy};

use crate::Failure;
use crate::api::Api;
use crate::explain::explain;
use crate::output::{Colour, Output, clean};

const PAGE: u32 = 100;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Prints events as they come.
#[derive(Debug, clap::Args)]
pub(crate) struct Tail {
    /// Go on behind the event with this id [default: the newest one].
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// Begin with what happened at this time or later, such as 2026-01-31T09:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with = "from")]
    since: Option<DateTime<Utc>>,
    /// Events of this name alone; may be given again [default: all that this version knows].
    #[arg(long = "event", value_name = "NAME")]
    events: Vec<String>,
    /// How long to wait between two looks, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    interval: Duration,
}

fn time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|_| "a time is written like 2026-01-31T09:30:00Z".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "this is a number of seconds, such as 2 or 0.5".to_owned())
}

impl Tail {
    pub(crate) async fn run(&self, api: &Api, out: &mut Output) -> Result<(), Failure> {
        // A failed look is told at once, and tried again here.
        let client = api.build(|builder| builder.retries(RetryPolicy::none()))?;
        let mut position = Position {
            after: self.from.clone(),
            known: self.from.is_some() || self.since.is_some(),
        };
        let mut stop = std::pin::pin!(tokio::signal::ctrl_c());
        let followed = tokio::select! {
            biased;
            // Without the signal, Ctrl-C ends the process as ever.
            Ok(()) = &mut stop => Ok(()),
            failure = self.follow(&client, api, out, &mut position) => failure,
        };
        if let (Some(last), Ok(())) = (&position.after, &followed) {
            let _ = writeln!(
                io::stderr(),
                "stopped; `--from {}` goes on there",
                clean(last)
            );
        }
        followed
    }

    /// Prints what comes until something fails for good.
    async fn follow(
        &self,
        client: &Client,
        api: &Api,
        out: &mut Output,
        position: &mut Position,
    ) -> Result<(), Failure> {
        let mut failures = 0;
        loop {
            let wait = match self.look(client, position).await {
                Ok(events) => {
                    failures = 0;
                    for event in &events {
                        print(out, event)?;
                        position.after = Some(event.id.to_string());
                    }
                    if events.len() >= PAGE as usize {
                        continue;
                    }
                    self.interval
                }
                Err(error) if error.is_retryable() => {
                    let wait = wait_after(failures, self.interval, error.retry_after());
                    failures += 1;
                    let why = explain(&error, api.base_url());
                    let _ = writeln!(
                        io::stderr(),
                        "warning: {}\nTrying again in {} s.",
                        clean(&why),
                        wait.as_secs_f64()
                    );
                    wait
                }
                Err(error) => return Err(Failure::Told(explain(&error, api.base_url()))),
            };
            // Nothing ends this but the time.
            let _ = timeout(wait, std::future::pending::<()>()).await;
        }
    }

    /// What has happened since the last look. The first look may only find out where the end is.
    async fn look(&self, client: &Client, position: &mut Position) -> Result<Vec<Event>, Error> {
        let names: Vec<EventType> = if self.events.is_empty() {
            EventType::KNOWN.to_vec()
        } else {
            self.events
                .iter()
                .map(|name| EventType::from(name.as_str()))
                .collect()
        };
        let call = client.list_events().events(names);
        if !position.known {
            let call = call.limit(1u32).order(PaginationOrder::Desc);
            let newest = call.send().await?.into_inner().data;
            position.after = newest.first().map(|event| event.id.to_string());
            position.known = true;
            return Ok(Vec::new());
        }
        let mut call = call.limit(PAGE).order(PaginationOrder::Asc);
        match (&position.after, self.since) {
            (Some(after), _) => call = call.after(after),
            (None, Some(since)) => call = call.range_start(since),
            (None, None) => {}
        }
        Ok(call.send().await?.into_inner().data)
    }
}

/// How far the events have been read.
struct Position {
    /// The last event that was read.
    after: Option<String>,
    /// Whether it is known where to begin.
    known: bool,
}

/// How long to wait after the failure that follows on `failures` others.
fn wait_after(failures: u32, interval: Duration, asked: Option<Duration>) -> Duration {
    let doubled = interval.saturating_mul(2_u32.saturating_pow(failures));
    asked.unwrap_or(doubled).min(LONGEST_WAIT)
}

fn print(out: &mut Output, event: &Event) -> io::Result<()> {
    if out.json {
        return out.json_line(event);
    }
    let time = event
        .created_at
        .to_rfc3339_opts(SecondsFormat::Millis, true);
    let about = event.data.get("id").and_then(|id| id.as_str());
    let line = format!(
        "{}  {}  {}",
        out.paint(Colour::Dim, &time),
        out.paint(Colour::Bold, &clean(event.event.as_str())),
        clean(about.unwrap_or(event.id.as_str()))
    );
    out.line(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_unless_the_api_asks_for_one() {
        let two = Duration::from_secs(2);
        let waits = [0, 1, 2, 4, 5, 200].map(|failures| wait_after(failures, two, None).as_secs());
        assert_eq!(waits, [2, 4, 8, 32, 60, 60]);
        let asked = Some(Duration::from_secs(7));
        assert_eq!(wait_after(0, two, asked), Duration::from_secs(7));
        let asked = Some(Duration::from_secs(7000));
        assert_eq!(wait_after(0, two, asked), LONGEST_WAIT);
    }

    #[test]
    fn times_and_seconds_are_read_or_refused() {
        assert_eq!(
            time("2026-01-31T10:30:00+01:00").map(|time| time.timestamp()),
            Ok(1_769_851_800)
        );
        assert!(time("yesterday").is_err());
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for text in ["-1", "NaN", "1e40", "soon"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
