use std::future::ready;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use workos_portal::portal::{PROVIDERS_KEPT, PROVIDERS_RETRIED, Providers};
use workos_portal::{Client, Clock, Error, RetryPolicy};

use crate::clock::TestClock;
use crate::log::Log;
use crate::server::{KEY, Server, answer};

const SECOND: Duration = Duration::from_secs(1);

/// A second less than a list is kept, and than an old one is served again.
const ALMOST_A_DAY: Duration = Duration::from_secs(86_399);
const ALMOST_FIVE_MINUTES: Duration = Duration::from_secs(299);

fn list(name: &str) -> Vec<u8> {
    let provider = format!(
        r#"[{{"provider":"OktaSAML","name":"{name}","icon_url":"https://a.example/l","dark_icon_url":"https://a.example/d"}}]"#
    );
    answer("200 OK", "content-type: application/json", provider)
}

fn trouble() -> Vec<u8> {
    answer("500 Internal Server Error", "x-request-id: req_1", "")
}

fn providers(workos: &Server, clock: &TestClock) -> Providers {
    let client = workos.builder().clock(clock.clone()).build().unwrap();
    Providers::new(client)
}

/// The name of the only provider that is listed.
async fn name(providers: &Providers) -> Result<String, Arc<Error>> {
    let list = providers.list().await?;
    let [provider] = &*list else {
        panic!("{list:?}")
    };
    Ok(provider.name.clone())
}

#[tokio::test]
async fn a_list_is_good_for_a_day() {
    let workos = Server::in_turn(vec![list("old"), list("new")]);
    let clock = TestClock::default();
    let providers = providers(&workos, &clock);
    assert_eq!(name(&providers).await.unwrap(), "old");
    clock.sleep(ALMOST_A_DAY).await;
    assert_eq!(name(&providers.clone()).await.unwrap(), "old");
    assert_eq!(workos.requests().len(), 1);
    clock.sleep(SECOND).await;
    assert_eq!(name(&providers).await.unwrap(), "new");
    assert_eq!(name(&providers).await.unwrap(), "new");
    let requests = workos.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].line, "GET /portal/providers");
    assert_eq!(PROVIDERS_KEPT, ALMOST_A_DAY + SECOND);
    assert_eq!(PROVIDERS_RETRIED, ALMOST_FIVE_MINUTES + SECOND);
}

#[tokio::test]
async fn all_who_ask_at_once_wait_for_one_call() {
    let workos = Server::in_turn(vec![list("one"), list("another")]);
    let providers = providers(&workos, &TestClock::default());
    let (a, b, c) = tokio::join!(name(&providers), name(&providers), name(&providers));
    assert_eq!([a.unwrap(), b.unwrap(), c.unwrap()], ["one", "one", "one"]);
    assert_eq!(workos.requests().len(), 1);
}

#[tokio::test]
async fn without_an_old_list_all_who_wait_get_the_error_and_the_next_asks_again() {
    let workos = Server::in_turn(vec![trouble(), list("new")]);
    let providers = providers(&workos, &TestClock::default());
    let (a, b) = tokio::join!(name(&providers), name(&providers));
    let (a, b) = (a.unwrap_err(), b.unwrap_err());
    assert!(Arc::ptr_eq(&a, &b));
    assert!(matches!(*a, Error::Server(_)), "{a:?}");
    assert_eq!(workos.requests().len(), 1);
    assert_eq!(name(&providers).await.unwrap(), "new");
}

#[tokio::test]
async fn an_old_list_is_better_than_none_and_is_replaced_when_that_works_again() {
    let (log, _guard) = Log::of_this_thread();
    let workos = Server::in_turn(vec![list("old"), trouble(), trouble(), list("new")]);
    let clock = TestClock::default();
    let providers = providers(&workos, &clock);
    assert_eq!(name(&providers).await.unwrap(), "old");
    clock.sleep(PROVIDERS_KEPT).await;
    for _ in 0..2 {
        let (a, b) = tokio::join!(name(&providers), name(&providers));
        assert_eq!([a.unwrap(), b.unwrap()], ["old", "old"]);
        clock.sleep(ALMOST_FIVE_MINUTES).await;
        assert_eq!(name(&providers).await.unwrap(), "old");
        clock.sleep(SECOND).await;
    }
    assert_eq!(workos.requests().len(), 3);
    assert_eq!(name(&providers).await.unwrap(), "new");
    clock.sleep(ALMOST_A_DAY).await;
    assert_eq!(name(&providers).await.unwrap(), "new");
    assert_eq!(workos.requests().len(), 1);

    let log = log.text();
    let warned = log.matches(
        "WARN workos_portal::portal::providers: the list of portal providers is out of date",
    );
    assert_eq!(warned.count(), 2, "{log}");
    assert!(
        log.contains("[request req_1]") && !log.contains(KEY),
        "{log}"
    );
}

#[tokio::test]
async fn whoever_goes_away_takes_the_call_from_nobody_else() {
    let workos = Server::in_turn(vec![list("one"), list("another")]);
    let providers = providers(&workos, &TestClock::default());
    let mut staying = pin!(name(&providers));
    {
        let leaving = pin!(providers.list());
        tokio::select! {
            biased;
            _ = leaving => panic!("the call cannot be over"),
            _ = &mut staying => panic!("the call cannot be over"),
            () = ready(()) => {}
        }
    }
    assert_eq!(staying.await.unwrap(), "one");
    assert_eq!(workos.requests().len(), 1);
}

#[tokio::test]
async fn a_call_that_everybody_left_is_made_anew() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let client = Client::builder().api_key(KEY).base_url(url);
    let client = client.retries(RetryPolicy::none()).build().unwrap();
    let providers = Providers::new(client);
    tokio::select! {
        biased;
        _ = providers.list() => panic!("the call cannot be over"),
        () = ready(()) => {}
    }
    let error = name(&providers).await.unwrap_err();
    assert!(matches!(*error, Error::Transport(_)), "{error:?}");
}
