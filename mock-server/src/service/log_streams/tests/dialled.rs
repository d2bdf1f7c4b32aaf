//! Streams to an address that is dialled, with answers that the test makes up.

use super::*;

#[test]
fn what_is_dialled_is_sent_one_after_the_other() {
    let (environment, id) = dialling();
    log(&environment, "one");
    log(&environment, "two");
    assert_eq!(states(&environment), ["due", "due"]);
    let first = taken(&environment, &id).unwrap();
    assert_eq!(states(&environment), ["sending", "due"]);
    after(&environment, 3);
    is_answered(&environment, &first, 200);
    assert_eq!(states(&environment), ["delivered", "due"]);
    let synced = stream(&environment).unwrap();
    assert_eq!(
        synced.last_synced_at,
        Some(start() + SignedDuration::from_secs(3))
    );
    assert_eq!(synced.updated_at, start());
    answers(&environment, &id, &[204]);
    assert_eq!(states(&environment), ["delivered", "delivered"]);
    assert!(taken(&environment, &id).is_none());
}

#[test]
fn a_destination_that_fails_is_tried_again_in_its_time_and_in_order() {
    let (environment, id) = dialling();
    log(&environment, "one");
    log(&environment, "two");
    answers(&environment, &id, &[500]);
    log(&environment, "three");
    assert_eq!(state(&environment), ShownState::Error);
    assert_eq!(states(&environment), ["waiting", "blocked", "blocked"]);
    assert_eq!(sending::list::under_way(&environment).count, 0);
    assert_eq!(sending::list::under_way(&environment).waiting, 3);
    after(&environment, 9);
    assert!(taken(&environment, &id).is_none());
    after(&environment, 1);
    answers(&environment, &id, &[401]);
    // One failure does not become the other.
    assert_eq!(state(&environment), ShownState::Error);
    after(&environment, 20);
    answers(&environment, &id, &[200]);
    assert_eq!(state(&environment), ShownState::Active);
    assert_eq!(states(&environment), ["delivered", "due", "due"]);
    answers(&environment, &id, &[200, 200]);
    assert_eq!(states(&environment), ["delivered"; 3]);
}

#[test]
fn what_is_given_up_lets_the_next_be_tried() {
    let (environment, id) = dialling();
    for actor in ["one", "two", "three"] {
        log(&environment, actor);
    }
    answers(&environment, &id, &[500]);
    for wait in [10, 20, 40, 80, 160] {
        after(&environment, wait);
        answers(&environment, &id, &[500]);
    }
    assert_eq!(states(&environment), ["failed", "due", "blocked"]);
    assert_eq!(state(&environment), ShownState::Error);
    // With nothing behind it, the next one is tried when it is logged.
    let (environment, id) = dialling();
    log(&environment, "one");
    answers(&environment, &id, &[500]);
    for wait in [10, 20, 40, 80, 160] {
        after(&environment, wait);
        answers(&environment, &id, &[503]);
    }
    assert_eq!(states(&environment), ["failed"]);
    assert!(taken(&environment, &id).is_none());
    log(&environment, "two");
    assert_eq!(states(&environment), ["failed", "due"]);
    log(&environment, "three");
    assert_eq!(states(&environment), ["failed", "due", "blocked"]);
    answers(&environment, &id, &[200, 200]);
    assert_eq!(state(&environment), ShownState::Active);
}

#[test]
fn a_destination_that_refuses_is_left_alone_until_it_is_mended() {
    let (environment, id) = dialling();
    log(&environment, "one");
    log(&environment, "two");
    answers(&environment, &id, &[401]);
    log(&environment, "three");
    assert_eq!(state(&environment), ShownState::Invalid);
    assert_eq!(states(&environment), ["blocked"; 3]);
    after(&environment, 60 * 60 * 24);
    assert!(taken(&environment, &id).is_none());
    // What is sent again all the same tells nothing new when it fails, and everything when it arrives.
    let third = id_of(&environment, "three");
    resend(&environment, &third).unwrap();
    assert!(matches!(
        resend(&environment, &third),
        Err(Error::DeliveryUnderWay(_))
    ));
    answers(&environment, &id, &[500]);
    assert_eq!(state(&environment), ShownState::Invalid);
    assert_eq!(states(&environment), ["blocked"; 3]);
    resend(&environment, &third).unwrap();
    answers(&environment, &id, &[200]);
    assert_eq!(state(&environment), ShownState::Active);
    assert_eq!(states(&environment), ["due", "due", "delivered"]);
    answers(&environment, &id, &[200, 200]);
    assert_eq!(states(&environment), ["delivered"; 3]);
}

#[test]
fn what_comes_of_settings_that_are_outdated_says_nothing_of_the_present_ones() {
    let (environment, id) = dialling();
    log(&environment, "one");
    let sending = taken(&environment, &id).unwrap();
    reach_by(&environment, "http://localhost:9/others");
    is_answered(&environment, &sending, 401);
    assert_eq!(state(&environment), ShownState::Active);
    assert_eq!(states(&environment), ["due"]);
    let Some(Parcel::LogEntry(again)) = taken(&environment, &id) else {
        panic!("it is sent again");
    };
    assert_eq!(again.settings.address(), Some("http://localhost:9/others"));
    // What has arrived has arrived.
    reach_by(&environment, HERE);
    is_answered(&environment, &Parcel::LogEntry(again), 200);
    assert_eq!(states(&environment), ["delivered"]);
}

#[test]
fn what_waits_goes_the_way_of_the_settings() {
    let (environment, id) = dialling();
    log(&environment, "one");
    answers(&environment, &id, &[500]);
    log(&environment, "two");
    // A destination that is not dialled is tried by nobody.
    reach_by(&environment, ELSEWHERE);
    assert_eq!(states(&environment), ["blocked", "blocked"]);
    after(&environment, 60);
    assert!(taken(&environment, &id).is_none());
    reach_by(&environment, HERE);
    assert_eq!(states(&environment), ["due", "blocked"]);
    reach_by(&environment, ELSEWHERE);
    set_state(&environment, &id, ShownState::Active).unwrap();
    assert_eq!(states(&environment), ["delivered", "delivered"]);
}

#[test]
fn pausing_lets_go_of_what_waits_and_of_what_is_being_sent() {
    let (environment, id) = dialling();
    log(&environment, "one");
    log(&environment, "two");
    let sending = taken(&environment, &id).unwrap();
    set_state(&environment, &id, ShownState::Inactive).unwrap();
    assert_eq!(states(&environment), ["cancelled", "cancelled"]);
    is_answered(&environment, &sending, 500);
    assert_eq!(state(&environment), ShownState::Inactive);
    assert_eq!(states(&environment), ["cancelled", "cancelled"]);
    let Parcel::LogEntry(first) = sending else {
        panic!("an event of an audit log");
    };
    let refused = resend(&environment, first.id.as_str());
    assert!(matches!(refused, Err(Error::Invalid(_))));
    set_state(&environment, &id, ShownState::Active).unwrap();
    resend(&environment, first.id.as_str()).unwrap();
    answers(&environment, &id, &[200]);
    assert_eq!(states(&environment), ["delivered", "cancelled"]);
    assert_eq!(sending::list::left_over(&environment), 0);
}

#[test]
fn what_is_still_to_be_sent_is_kept_whatever_its_number() {
    let (environment, id) = dialling();
    let many = MAX_DELIVERIES + 3;
    for number in 0..many {
        log(&environment, &number.to_string());
    }
    assert_eq!(went(&environment).len(), many);
    answers(&environment, &id, &vec![200; many]);
    assert_eq!(went(&environment).len(), MAX_DELIVERIES);
}

#[test]
fn a_stream_that_is_removed_takes_what_is_being_sent_with_it() {
    let (environment, id) = dialling();
    log(&environment, "one");
    let sending = taken(&environment, &id).unwrap();
    let mut work = Work::begin(&environment);
    remove(&mut work, &OrganizationId::test());
    work.commit();
    is_answered(&environment, &sending, 500);
    assert!(went(&environment).is_empty());
    assert!(taken(&environment, &id).is_none());
}

#[test]
fn what_came_of_a_first_event_decides_and_is_recorded() {
    for (status, shown, delivered) in [
        (200, ShownState::Active, "delivered"),
        (403, ShownState::Invalid, "failed"),
        (500, ShownState::Error, "failed"),
    ] {
        let (environment, id) = dialling();
        set_state(&environment, &id, ShownState::Error).unwrap();
        let mut work = Work::begin(&environment);
        let stream = of(&work, &OrganizationId::test()).unwrap();
        let first = FirstEvent::to(&work, &stream).unwrap();
        let attempt = Attempt {
            at: start(),
            url: HERE.into(),
            signature: None,
            took: std::time::Duration::ZERO,
            outcome: Outcome::Answered(Answer {
                status,
                body: "".into(),
                truncated: false,
            }),
        };
        let sent = first.sent(attempt);
        settle(&mut work, &stream, &sent).unwrap();
        work.commit();
        assert_eq!(state(&environment), shown);
        assert_eq!(went(&environment), [("admin_portal".into(), delivered)]);
        let synced = stream_synced(&environment);
        assert_eq!(synced, (status == 200).then(start));
        // It says nothing of other settings.
        reach_by(&environment, "http://localhost:9/others");
        let mut work = Work::begin(&environment);
        let stream = of(&work, &OrganizationId::test()).unwrap();
        let outdated = settle(&mut work, &stream, &sent);
        assert!(matches!(outdated, Err(Error::Invalid(_))));
    }
}

fn stream_synced(environment: &Environment) -> Option<jiff::Timestamp> {
    stream(environment).unwrap().last_synced_at
}
