//! Couriers at work: what they take along on stopping, and clocks that run.

use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::domain::page::PageRequest;
use crate::domain::reach::Reach;
use crate::domain::settings::Settings;
use crate::domain::webhook_settings::RetrySchedule;
use crate::environment::{EnvironmentSpec, Surroundings};
use crate::service::deliveries::list::{self, ListDeliveries};
use crate::service::environments;
use crate::service::organizations::{self, NewOrganization};
use crate::service::webhook_endpoints;

/// An environment, its couriers, and a receiver that they know.
struct World {
    environment: Arc<Environment>,
    couriers: Couriers,
    receiver: TcpListener,
}

async fn world(clock: Option<Timestamp>, settings: Settings) -> World {
    let reach = Reach::default();
    let (sender, wakeups) = unbounded_channel();
    let spec = EnvironmentSpec {
        client_id: "client_1".into(),
        settings,
        clock,
        random_seed: Some(1),
        test_organization: false,
        seed: None,
    };
    let surroundings = Surroundings {
        reach: reach.clone(),
        couriers: Some(sender),
        most: 1,
    };
    let environments = environments::first(spec, Vec::new(), surroundings).expect("no seed");
    let environments = Arc::new(environments);
    let environment = environments.default_environment();
    let couriers = Couriers::start(environments, wakeups, Dialing::new(reach), None);
    let receiver = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", receiver.local_addr().expect("an address"));
    let events = vec!["organization.created".to_owned()];
    webhook_endpoints::create(&environment, &url, events).expect("an endpoint");
    World {
        environment,
        couriers,
        receiver,
    }
}

fn happen(environment: &Environment) {
    let new = NewOrganization {
        name: "Acme".into(),
        ..NewOrganization::default()
    };
    organizations::create(environment, new).expect("an organization");
}

/// The states of the deliveries, oldest first.
fn states(environment: &Environment) -> Vec<&'static str> {
    let asked = ListDeliveries {
        page: PageRequest {
            limit: 100,
            order: crate::domain::page::Order::Asc,
            ..PageRequest::default()
        },
        ..ListDeliveries::default()
    };
    let all = list::list(environment, asked).expect("deliveries").items;
    all.iter()
        .map(|delivery| delivery.progress.state.as_str())
        .collect()
}

/// Takes a connection, and reads the beginning of the request.
async fn taken(receiver: &TcpListener) -> TcpStream {
    let (mut stream, _) = receiver.accept().await.expect("a connection");
    assert!(stream.read(&mut [0; 4096]).await.expect("a request") > 0);
    stream
}

async fn answer(stream: &mut TcpStream, status: u16) {
    let answer = format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream
        .write_all(answer.as_bytes())
        .await
        .expect("the answer is taken");
}

fn still() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("an instant")
}

#[tokio::test]
async fn what_is_in_flight_arrives_before_they_stop_and_nothing_else_is_begun() {
    let world = world(Some(still()), Settings::default()).await;
    happen(&world.environment);
    happen(&world.environment);
    let mut first = taken(&world.receiver).await;
    let stopping = tokio::spawn(world.couriers.stop());
    // The stop has begun when this runs, since there is one thread.
    tokio::task::yield_now().await;
    assert!(!stopping.is_finished());
    answer(&mut first, 200).await;
    stopping.await.expect("they stop");
    assert_eq!(states(&world.environment), ["delivered", "due"]);
}

#[tokio::test]
async fn what_waits_keeps_nobody_from_stopping() {
    let world = world(Some(still()), Settings::default()).await;
    happen(&world.environment);
    answer(&mut taken(&world.receiver).await, 500).await;
    loop {
        let changes = world.environment.wakeups.changes();
        if states(&world.environment) == ["waiting"] {
            break;
        }
        world.environment.wakeups.changed_since(changes).await;
    }
    world.couriers.stop().await;
    assert_eq!(states(&world.environment), ["waiting"]);
    // Nobody is there any more.
    world
        .environment
        .clock
        .advance(SignedDuration::from_hours(1))
        .expect("a time");
    deliveries::keep_time(&world.environment);
    assert_eq!(states(&world.environment), ["due"]);
}

#[tokio::test]
async fn on_a_clock_that_runs_a_retry_comes_by_itself() {
    let mut settings = Settings::default();
    let wait = SignedDuration::from_millis(1);
    settings.webhooks.retries = RetrySchedule::Custom(vec![wait]);
    let world = world(None, settings).await;
    happen(&world.environment);
    for status in [500, 200] {
        answer(&mut taken(&world.receiver).await, status).await;
    }
    world.couriers.stop().await;
    assert_eq!(states(&world.environment), ["delivered"]);
}

#[tokio::test]
async fn a_queue_is_worked_off_by_one_at_a_time() {
    let world = world(Some(still()), Settings::default()).await;
    for _ in 0..3 {
        happen(&world.environment);
    }
    for sent in 0..3 {
        let mut one = taken(&world.receiver).await;
        let states = states(&world.environment);
        let sending = states.iter().filter(|state| **state == "sending");
        assert_eq!((sending.count(), states[sent]), (1, "sending"));
        answer(&mut one, 200).await;
    }
    world.couriers.stop().await;
    assert_eq!(states(&world.environment), ["delivered"; 3]);
}

#[tokio::test(start_paused = true)]
async fn environments_that_nobody_asks_for_are_taken_away() {
    let spec = EnvironmentSpec {
        client_id: "client_1".into(),
        settings: Settings::default(),
        clock: None,
        random_seed: Some(1),
        test_organization: false,
        seed: None,
    };
    // Both were asked for just now, which is within the last hour, and longer ago than what is an hour ahead.
    for (hours, left) in [(1, 2), (-1, 1)] {
        let surroundings = Surroundings {
            most: 2,
            ..Surroundings::default()
        };
        let environments = environments::first(spec.clone(), Vec::new(), surroundings);
        let environments = environments.expect("no seed");
        environments::make(&environments, spec.clone()).expect("another");
        let idle = SignedDuration::from_hours(hours);
        let rounds = take_idle_ones_away(&environments, idle);
        let end = tokio::time::timeout(Duration::from_secs(300), rounds).await;
        assert!(end.is_err(), "they go on");
        assert_eq!(environments.page(None, 10).len(), left);
        environments.default_environment();
    }
}
