use super::*;

fn now(second: i64) -> Now {
    Now::new(Timestamp::from_second(second).unwrap(), Arc::default())
}

fn attempt(outcome: Outcome) -> Attempt {
    Attempt {
        outcome,
        ..Attempt::not_dialled("http://localhost/".into(), &now(0))
    }
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered(Answer {
        status,
        body: "".into(),
        truncated: false,
    })
}

#[test]
fn any_2xx_delivers_and_anything_else_waits_for_the_next_attempt() {
    let sending = Progress::default().with(DeliveryState::Sending);
    let wait = SignedDuration::from_secs(10);
    for (outcome, delivers) in [
        (answered(199), false),
        (answered(200), true),
        (answered(204), true),
        (answered(299), true),
        (answered(302), false),
        (answered(410), false),
        (answered(500), false),
        (Outcome::Failed(Failure::Connect), false),
        (Outcome::Failed(Failure::Timeout), false),
        (Outcome::Failed(Failure::NoAnswer), false),
        (Outcome::Failed(Failure::BrokenOff), false),
    ] {
        assert_eq!(outcome.error().is_none(), delivers, "{outcome:?}");
        let after = |wait| sending.attempted(attempt(outcome.clone()), wait, &now(5));
        let (tried, last) = (after(Some(wait)), after(None));
        assert_eq!((tried.attempts.len(), last.attempts.len()), (1, 1));
        if delivers {
            assert_eq!(tried.state, DeliveryState::Delivered);
            assert_eq!(last.state, DeliveryState::Delivered);
        } else {
            let wait = tried.state.wait().expect("it waits");
            assert_eq!(wait.until, now(15).at());
            assert_eq!(last.state, DeliveryState::Failed);
        }
    }
}

#[test]
fn what_was_cancelled_while_it_was_sent_is_not_tried_again() {
    let cancelled = DeliveryState::Cancelled(Cancellation::Disabled);
    let progress = Progress::default().with(cancelled);
    let wait = Some(SignedDuration::from_secs(1));
    let after = |outcome| progress.attempted(attempt(outcome), wait, &now(0)).state;
    assert_eq!(after(answered(500)), cancelled);
    assert_eq!(after(answered(200)), DeliveryState::Delivered);
}

#[test]
fn only_what_is_not_under_way_is_sent_again() {
    let wait = Wait::new(SignedDuration::from_secs(1), &now(0));
    for (state, can) in [
        (DeliveryState::Due, false),
        (DeliveryState::Sending, false),
        (DeliveryState::Held(wait), true),
        (DeliveryState::Waiting(wait), true),
        (DeliveryState::Blocked, true),
        (DeliveryState::Delivered, true),
        (DeliveryState::Failed, true),
        (DeliveryState::NotDialled, true),
        (DeliveryState::Cancelled(Cancellation::Deleted), true),
    ] {
        let again = Progress::default().with(state).again();
        assert_eq!(again.is_ok(), can, "{state:?}");
        let is_blocked = state == DeliveryState::Blocked;
        assert_ne!(Delivery::STATES.contains(&state.as_str()), is_blocked);
    }
}

#[test]
fn a_delay_is_waited_for() {
    let after = |seconds| Progress::after(SignedDuration::from_secs(seconds), &now(7)).state;
    assert_eq!(after(0), DeliveryState::Due);
    assert_eq!(after(3).wait().unwrap().until, now(10).at());
}
