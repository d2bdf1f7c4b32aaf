//! `events tail`.

use std::collections::BTreeSet;
use std::future::pending;
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
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
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
    /// How long to wait between two looks, in seconds; at least 1.
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
        .filter(|wait| *wait >= SHORTEST_WAIT)
        .ok_or_else(|| "this is a number of seconds, at least 1, such as 2 or 1.5".to_owned())
}

impl Tail {
    pub(crate) async fn run(&self, api: &Api, out: &mut Output) -> Result<(), Failure> {
        // A failed look is told at once, and tried again here.
        let client = api.build(|builder| builder.retries(RetryPolicy::none()))?;
        for doubt in unknown(&self.events) {
            // The events that are known come all the same.
            let _ = writeln!(io::stderr(), "warning: {}", clean(&doubt));
        }
        let mut position = Position {
            after: self.from.clone(),
            known: self.from.is_some() || self.since.is_some(),
        };
        let mut stop = std::pin::pin!(tokio::signal::ctrl_c());
        let followed = tokio::select! {
            biased;
            // Without the signal, Ctrl-C ends the process as ever.
            Ok(()) = &mut stop => Ok(()),
            failure = self.follow(
                api,
                out,
                &mut position,
                async |position: &mut Position| self.look(&client, position).await,
                pause,
            ) => failure,
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

    /// Prints what comes until something fails for good. Between two looks it pauses.
    async fn follow(
        &self,
        api: &Api,
        out: &mut Output,
        position: &mut Position,
        mut look: impl AsyncFnMut(&mut Position) -> Result<Vec<Event>, Error>,
        mut pause: impl AsyncFnMut(Duration),
    ) -> Result<(), Failure> {
        let mut failures = 0;
        loop {
            let wait = match look(position).await {
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
            pause(wait).await;
        }
    }

    /// What has happened since the last look. The first look may have to find out where the end is.
    async fn look(&self, client: &Client, position: &mut Position) -> Result<Vec<Event>, Error> {
        if !position.known {
            let call = client.list_events().events(self.names());
            let call = call.limit(1).order(PaginationOrder::Desc);
            let newest = call.send().await?.into_inner().data;
            position.after = newest.first().map(|event| event.id.to_string());
            position.known = true;
        }
        let call = client.list_events().events(self.names());
        let mut call = call.limit(PAGE).order(PaginationOrder::Asc);
        match (&position.after, self.since) {
            (Some(after), _) => call = call.after(after),
            (None, Some(since)) => call = call.range_start(since),
            (None, None) => {}
        }
        Ok(call.send().await?.into_inner().data)
    }

    /// The events to ask for.
    fn names(&self) -> Vec<EventType> {
        if self.events.is_empty() {
            return EventType::KNOWN.to_vec();
        }
        let names = self.events.iter();
        names.map(|name| EventType::from(name.as_str())).collect()
    }
}

/// What is to be said about names that may be slips, or may be newer than this version.
fn unknown(names: &[String]) -> Vec<String> {
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let is_unknown = |name: &&str| matches!(EventType::from(*name), EventType::Unknown(_));
    names
        .into_iter()
        .filter(is_unknown)
        .map(|name| {
            let kind = |name: &str| name.split('.').next().map(str::to_owned);
            let alike = EventType::KNOWN.iter().map(EventType::as_str);
            let alike = alike.filter(|known| kind(known) == kind(name));
            let alike: Vec<&str> = alike.collect();
            let doubt = format!(
                "this version does not know events named `{name}`; they are waited for all the same"
            );
            if alike.is_empty() {
                doubt
            } else {
                format!("{doubt}.\nIt knows {}.", alike.join(", "))
            }
        })
        .collect()
}

async fn pause(wait: Duration) {
    // Nothing ends this but the time.
    let _ = timeout(wait, pending::<()>()).await;
}

/// How far the events have been read.
struct Position {
    /// The last event that was read.
    after: Option<String>,
    /// Whether it is known where to begin.
    known: bool,
}

/// How long to wait after the failure that follows on `failures` others. An API in trouble is not asked at once,
/// even if it says so.
fn wait_after(failures: u32, interval: Duration, asked: Option<Duration>) -> Duration {
    let doubled = interval.saturating_mul(2_u32.saturating_pow(failures));
    asked.unwrap_or(doubled).clamp(SHORTEST_WAIT, LONGEST_WAIT)
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
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command, EventsCommand};

    #[test]
    fn waits_double_up_to_a_minute_unless_the_api_asks_for_one() {
        let two = Duration::from_secs(2);
        let waits = [0, 1, 2, 4, 5, 200].map(|failures| wait_after(failures, two, None).as_secs());
        assert_eq!(waits, [2, 4, 8, 32, 60, 60]);
        let asked = Some(Duration::from_secs(7));
        assert_eq!(wait_after(0, two, asked), Duration::from_secs(7));
        let asked = Some(Duration::from_secs(7000));
        assert_eq!(wait_after(0, two, asked), LONGEST_WAIT);
        assert_eq!(wait_after(0, two, Some(Duration::ZERO)), SHORTEST_WAIT);
    }

    fn event(number: u32) -> Event {
        let event = serde_json::json!({
            "object": "event", "id": format!("event_{number}"), "event": "connection.activated",
            "data": {"id": format!("conn_{number}")}, "created_at": "2026-01-02T03:04:05.678Z",
        });
        serde_json::from_value(event).unwrap()
    }

    /// An error of a server that is not there.
    async fn lost() -> Error {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", free.local_addr().unwrap());
        drop(free);
        let client = Client::builder().api_key("sk_test_a").base_url(url);
        let client = client.retries(RetryPolicy::none()).build().unwrap();
        client.list_events().send().await.unwrap_err()
    }

    #[tokio::test]
    async fn events_are_followed_over_failures_until_one_that_stays() {
        let cli = Cli::parse_from(["workos-portal", "events", "tail"]);
        let Command::Events {
            command: EventsCommand::Tail(tail),
        } = &cli.command
        else {
            panic!("{cli:?}");
        };
        let full: Vec<Event> = (3..3 + PAGE).map(event).collect();
        let mut looks = vec![
            Ok(vec![event(1), event(2)]),
            Err(lost().await),
            Err(lost().await),
            Ok(full),
            Ok(Vec::new()),
            Err(lost().await),
            Err(Error::InvalidRequest("it stays".to_owned())),
        ]
        .into_iter();
        let mut position = Position {
            after: None,
            known: true,
        };
        let mut out = Output::standard(false);
        let (mut behind, mut waits) = (Vec::new(), Vec::new());
        let followed = tail.follow(
            &cli.api,
            &mut out,
            &mut position,
            async |position: &mut Position| {
                behind.push(position.after.clone().unwrap_or_default());
                looks.next().unwrap()
            },
            async |wait: Duration| waits.push(wait.as_secs()),
        );
        let failure = followed.await.unwrap_err().to_string();
        assert_eq!(failure, "the request was not sent: it stays");
        let all = [
            "",
            "event_2",
            "event_2",
            "event_2",
            "event_102",
            "event_102",
            "event_102",
        ];
        assert_eq!(behind, all);
        // After a full page more is there at once; after a success waits are short again.
        assert_eq!(waits, [2, 2, 4, 2, 2]);
        assert_eq!(position.after.as_deref(), Some("event_102"));
    }

    #[test]
    fn names_that_may_be_slips_are_told_once() {
        let names =
            |names: &[&str]| unknown(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(names(&["connection.activated", "dsync.user.created"]).is_empty());
        assert_eq!(
            names(&[
                "nope.x",
                "vault.byok_key.deletd",
                "nope.x",
                "connection.deleted"
            ]),
            [
                "this version does not know events named `nope.x`; they are waited for all the same",
                "this version does not know events named `vault.byok_key.deletd`; they are waited for all the same.\n\
                 It knows vault.byok_key.deleted, vault.byok_key.verification_completed.",
            ]
        );
    }

    #[test]
    fn times_and_seconds_are_read_or_refused() {
        assert_eq!(
            time("2026-01-31T10:30:00+01:00").map(|time| time.timestamp()),
            Ok(1_769_851_800)
        );
        assert!(time("yesterday").is_err());
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(seconds("1"), Ok(SHORTEST_WAIT));
        for text in ["0", "0.999", "-1", "NaN", "1e40", "soon"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
