//! Deliveries of log streams as a test steers them: not now, not at all, or once more.

use contract_tests::{Answer, TestServer};
use insta::assert_snapshot;
use serde_json::json;

use crate::log_streams_support::{
    deliveries, open, resend, sent, state, states, step, streaming, tell, who,
};
use crate::support::transcripts;
use crate::webhooks_support::{idle, wait};

#[tokio::test]
async fn a_wait_ends_when_what_it_waits_for_is_let_go() {
    let server = TestServer::start().await;
    let (_receiver, id) = streaming(&server).await;
    let pause = server.post("/_mock/deliveries/pause", &json!({}));
    let _ = pause.send().await.expect(200);
    tell(&server, "one").await;
    let path = format!("/_mock/log_streams/{id}");
    let stop = server
        .call("PATCH", &path)
        .json(&json!({"state": "inactive"}));
    let (waited, stopped) = tokio::join!(wait(&server, "PT60S"), stop.send());
    let _ = stopped.expect(200);
    assert_eq!(waited.expect(200).json()["under_way"], 0);
}

#[tokio::test]
async fn everything_is_paused_and_resumed_alike() {
    let server = TestServer::start().await;
    let (receiver, id) = streaming(&server).await;
    let _ = server
        .post("/_mock/deliveries/pause", &json!({}))
        .send()
        .await
        .expect(200);
    tell(&server, "one").await;
    tell(&server, "two").await;
    let waited = wait(&server, "PT0.05S").await.expect(409).json();
    let still = &waited["deliveries"];
    assert_eq!(still["under_way"], 2);
    assert_eq!(still["first"][0]["log_stream_id"], json!(id));
    assert_eq!(still["first"][0]["event"], "user.signed_in");
    assert!(receiver.rest().await.is_empty());
    let _ = server
        .post("/_mock/deliveries/resume", &json!({}))
        .send()
        .await
        .expect(200);
    assert_eq!(who(&receiver.next_of(2).await), ["one", "two"]);
    idle(&server).await;
}

#[tokio::test]
async fn a_stream_that_is_paused_or_removed_lets_go_of_what_waits() {
    let server = TestServer::start().await;
    let (receiver, _) = streaming(&server).await;
    let visitor = server.visitor();
    let part = open(&server, &visitor).await;
    receiver.answer([Answer::Hang]);
    tell(&server, "one").await;
    tell(&server, "two").await;
    let _hanging = receiver.next().await;
    assert_eq!(step(&visitor, &part, "pause", &[]).await, "");
    tell(&server, "three").await;
    receiver.go_on();
    assert_eq!(step(&visitor, &part, "activate", &[]).await, "");
    let resumed = receiver.next().await;
    assert_eq!(who(&[resumed]), ["admin_portal"]);
    idle(&server).await;
    let kept = sent(&server).await;
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[1]["state"], "cancelled");
    assert_eq!(kept[1]["reason"], "The log stream was paused.");
    assert!(receiver.rest().await.is_empty());

    receiver.always(Answer::Status(500));
    tell(&server, "four").await;
    let _failing = receiver.next().await;
    idle(&server).await;
    // What was on its way when the stream was paused has arrived.
    assert_eq!(states(&server).await[0], state("delivered", &[200]));
    let sure = [("confirmation", "REMOVE STREAM")];
    assert_eq!(step(&visitor, &part, "remove", &sure).await, "");
    server.advance("1 hour");
    idle(&server).await;
    assert!(receiver.rest().await.is_empty() && sent(&server).await.is_empty());
}

#[tokio::test]
async fn only_what_can_be_sent_again_is() {
    let server = TestServer::start().await;
    let (receiver, id) = streaming(&server).await;
    tell(&server, "one").await;
    let first = receiver.next().await;
    idle(&server).await;
    let one = sent(&server).await.remove(0);
    receiver.answer([Answer::Hang]);
    let mut replies = vec![];
    let accepted = resend(&server, &one).await.expect(202);
    let again = receiver.next().await;
    assert_eq!(again.body, first.body);
    assert_eq!(accepted.string("/state"), "due");
    replies.push(resend(&server, &one).await.expect(409));
    receiver.go_on();
    idle(&server).await;
    let path = format!("/_mock/log_streams/{id}");
    let pause = server
        .call("PATCH", &path)
        .json(&json!({"state": "inactive"}));
    let _ = pause.send().await.expect(200);
    replies.push(resend(&server, &one).await.expect(422));
    let unknown = json!({"id": "log_stream_delivery_x"});
    replies.push(resend(&server, &unknown).await.expect(404));
    let path = "/_mock/log_stream_deliveries/log_stream_delivery_x";
    replies.push(server.get(path).send().await.expect(404));
    replies.push(server.delete(path).send().await.expect(405));
    let path = format!("{path}/resend");
    replies.push(server.get(&path).send().await.expect(405));
    replies.push(deliveries(&server, "state=lost").await.expect(422));
    replies.push(deliveries(&server, "state=due&state=due").await.expect(422));
    let both = format!("state=delivered&organization_id={}", server.organization());
    let both = deliveries(&server, &both).await.expect(200);
    assert_eq!(both.json()["data"].as_array().map(Vec::len), Some(2));
    let none = deliveries(&server, "state=blocked").await.expect(200);
    assert_eq!(none.json()["data"], json!([]));
    assert_eq!(states(&server).await, [state("delivered", &[200, 200])]);
    assert_snapshot!(transcripts(replies));
}
