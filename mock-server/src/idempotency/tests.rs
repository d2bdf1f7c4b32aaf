//! Retries, twins and bounds of what is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use super::*;

fn attempt(key: &str, request: &str) -> Attempt {
    Attempt::new("create_organization", "sk_test_1", key, request)
}

fn clock() -> Clock {
    Clock::frozen_at(Timestamp::UNIX_EPOCH)
}

async fn carry_out(
    responses: &Responses,
    attempt: &Attempt,
    clock: &Clock,
    nonce: u8,
) -> Option<Vec<u8>> {
    match responses.begin(attempt, clock).await {
        Outcome::First(ticket) => {
            ticket.keep(b"link with a token", [nonce; 12], &clock.reading());
            None
        }
        Outcome::Again(response) => Some(response),
        Outcome::Different => Some(b"different".to_vec()),
    }
}

#[tokio::test]
async fn a_retry_has_the_first_response_until_a_day_is_over() {
    let (responses, clock) = (Responses::default(), clock());
    let again = Some(b"link with a token".to_vec());
    assert_eq!(
        carry_out(&responses, &attempt("a", "{}"), &clock, 1).await,
        None
    );
    assert_eq!(
        carry_out(&responses, &attempt("a", "{}"), &clock, 2).await,
        again
    );
    assert_eq!(
        carry_out(&responses, &attempt("a", "[]"), &clock, 3).await,
        Some(b"different".to_vec())
    );
    assert_eq!(
        carry_out(&responses, &attempt("b", "[]"), &clock, 4).await,
        None
    );
    clock
        .advance(LIFETIME - SignedDuration::from_nanos(1))
        .unwrap();
    assert_eq!(
        carry_out(&responses, &attempt("a", "{}"), &clock, 5).await,
        again
    );
    clock.advance(SignedDuration::from_nanos(1)).unwrap();
    assert_eq!(
        carry_out(&responses, &attempt("a", "[]"), &clock, 6).await,
        None
    );
    clock.set(Timestamp::UNIX_EPOCH);
    assert_eq!(
        carry_out(&responses, &attempt("b", "{}"), &clock, 7).await,
        None
    );
}

#[tokio::test]
async fn keys_and_operations_do_not_share() {
    let (responses, clock) = (Responses::default(), clock());
    for (number, scope) in [
        ["a", "b", "c"],
        ["ab", "", "c"],
        ["a", "bc", ""],
        ["x", "b", "c"],
    ]
    .iter()
    .enumerate()
    {
        let attempt = Attempt::new(scope[0], scope[1], scope[2], "{}");
        let nonce = u8::try_from(number).unwrap();
        assert_eq!(carry_out(&responses, &attempt, &clock, nonce).await, None);
    }
}

#[tokio::test]
async fn an_attempt_that_failed_is_carried_out_again() {
    let (responses, clock) = (Responses::default(), clock());
    let attempt = attempt("a", "{}");
    let Outcome::First(ticket) = responses.begin(&attempt, &clock).await else {
        panic!()
    };
    drop(ticket);
    assert!(matches!(
        responses.begin(&attempt, &clock).await,
        Outcome::First(_)
    ));
}

#[tokio::test]
async fn nothing_of_a_response_is_kept_in_plain() {
    let (responses, clock) = (Responses::default(), clock());
    carry_out(&responses, &attempt("a", "{}"), &clock, 1).await;
    for slot in responses.lock().slots.values() {
        let Slot::Finished(finished) = slot else {
            panic!()
        };
        assert!(!finished.sealed.windows(5).any(|window| window == b"token"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twins_wait_for_the_first() {
    let responses = Arc::new(Responses::default());
    let executed = Arc::new(AtomicUsize::new(0));
    let twins: Vec<_> = (0..100_u8)
        .map(|number| {
            let (responses, executed) = (Arc::clone(&responses), Arc::clone(&executed));
            tokio::spawn(async move {
                let (attempt, clock) = (attempt("a", "{}"), clock());
                match responses.begin(&attempt, &clock).await {
                    Outcome::First(ticket) => {
                        executed.fetch_add(1, Ordering::SeqCst);
                        tokio::task::yield_now().await;
                        // The first of all gives up, as a failed operation does.
                        if executed.load(Ordering::SeqCst) > 1 {
                            ticket.keep(&[number], [number; 12], &clock.reading());
                        }
                        None
                    }
                    Outcome::Again(response) => Some(response),
                    Outcome::Different => panic!("twins are the same"),
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for twin in twins {
        answers.extend(twin.await.unwrap());
    }
    assert_eq!(executed.load(Ordering::SeqCst), 2);
    assert_eq!(answers.len(), 98);
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_running_attempt_refuses_another_request_at_once() {
    let (responses, clock) = (Responses::default(), clock());
    let (one, other) = (attempt("a", "{}"), attempt("a", "[]"));
    let running = responses.begin(&one, &clock).await;
    assert!(matches!(running, Outcome::First(_)));
    assert!(matches!(
        responses.begin(&other, &clock).await,
        Outcome::Different
    ));
}

#[tokio::test]
async fn their_number_and_size_are_bounded() {
    let (responses, clock) = (Responses::default(), clock());
    for number in 0..MAX_RESPONSES + 10 {
        let attempt = attempt(&number.to_string(), "{}");
        let Outcome::First(ticket) = responses.begin(&attempt, &clock).await else {
            panic!()
        };
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&number.to_le_bytes());
        ticket.keep(b"x", nonce, &clock.reading());
    }
    assert_eq!(responses.lock().slots.len(), MAX_RESPONSES);
    let oldest = attempt("0", "{}");
    assert!(matches!(
        responses.begin(&oldest, &clock).await,
        Outcome::First(_)
    ));

    let large = vec![0; MAX_BYTES - 100];
    let attempt = attempt("large", "{}");
    let Outcome::First(ticket) = responses.begin(&attempt, &clock).await else {
        panic!()
    };
    ticket.keep(&large, [9; 12], &clock.reading());
    assert!(responses.lock().bytes <= MAX_BYTES);
    clock.advance(LIFETIME).unwrap();
    let mut kept = responses.lock();
    kept.let_go(&clock.reading());
    assert_eq!((kept.slots.len(), kept.bytes), (0, 0));
}
