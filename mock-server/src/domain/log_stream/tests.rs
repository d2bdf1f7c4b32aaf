use ulid::Ulid;

use super::*;
use crate::domain::log_stream_settings::DatadogSettings;
use crate::domain::secret::Secret;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn stream() -> LogStream {
    LogStream::new(
        LogStreamId::new(Ulid(1)),
        OrganizationId::test(),
        Destination::Datadog,
        at(0),
    )
}

fn settings() -> Settings {
    Settings::Datadog(DatadogSettings {
        region: "US1",
        api_key: Secret::new("hush"),
    })
}

fn in_state(state: ShownState) -> LogStream {
    let active = stream()
        .configured(settings(), at(1))
        .tested(Verdict::Taken, at(2))
        .unwrap();
    active.moved(state, at(3)).unwrap()
}

#[test]
fn only_the_documented_ways_are_gone() {
    use ShownState::{Active, Error, Inactive, Invalid};
    for (from, to, expected) in [
        (Active, Error, Ok(Error)),
        (Active, Invalid, Ok(Invalid)),
        (Active, Inactive, Ok(Inactive)),
        (Error, Active, Ok(Active)),
        (Error, Inactive, Ok(Inactive)),
        (Error, Invalid, Err(NoWay::FailsAlready)),
        (Invalid, Active, Ok(Active)),
        (Invalid, Inactive, Ok(Inactive)),
        (Invalid, Error, Err(NoWay::FailsAlready)),
        (Inactive, Active, Ok(Active)),
        (Inactive, Error, Err(NoWay::Inactive)),
        (Inactive, Invalid, Err(NoWay::Inactive)),
    ] {
        let moved = in_state(from).moved(to, at(9));
        assert_eq!(
            moved.as_ref().map(|stream| stream.state.shown()),
            expected.as_ref().map(|state| *state),
            "{from:?} {to:?}"
        );
        if let Ok(moved) = moved {
            assert_eq!(moved.updated_at, at(9));
        }
    }
    for state in ShownState::ALL {
        let stream = in_state(state);
        assert_eq!(stream.moved(state, at(9)), Ok(stream));
    }
}

#[test]
fn nothing_is_sent_without_settings() {
    let unfinished = stream();
    assert_eq!(unfinished.state.shown(), ShownState::Inactive);
    assert_eq!(
        unfinished.moved(ShownState::Active, at(1)),
        Err(NoWay::WithoutSettings)
    );
    for outcome in [Verdict::Taken, Verdict::Failed] {
        let tested = unfinished.tested(outcome, at(1));
        assert_eq!(tested, Err(NoWay::WithoutSettings));
    }
    assert_eq!(unfinished.paused(at(1)), unfinished);
}

#[test]
fn other_settings_leave_the_state_and_print_no_secret() {
    for state in ShownState::ALL {
        let stream = in_state(state).configured(settings(), at(5));
        assert_eq!(stream.state.shown(), state);
        assert!(!format!("{stream:?}").contains("hush"));
    }
}

#[test]
fn every_destination_reads_back() {
    for one in Destination::ALL {
        assert_eq!(Destination::parse(one.as_str()), Some(one));
    }
    assert_eq!(Destination::parse("datadog"), None);
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered(crate::domain::delivery::Answer {
        status,
        body: "".into(),
        truncated: false,
    })
}

#[test]
fn what_cannot_be_mended_by_trying_again_is_refused() {
    for (statuses, verdict) in [
        (&[200, 201, 204, 299][..], Verdict::Taken),
        (&[301, 308, 401, 403, 404, 405, 410, 415], Verdict::Refused),
        (
            &[
                100, 302, 307, 400, 408, 409, 413, 422, 425, 429, 500, 502, 503,
            ],
            Verdict::Failed,
        ),
    ] {
        for status in statuses {
            let outcome = answered(*status);
            assert_eq!(Verdict::of(&outcome), verdict, "{status}");
            let trouble = (verdict != Verdict::Taken).then_some(Trouble::Answered(*status));
            assert_eq!(Trouble::of(&outcome), trouble);
        }
    }
    for failure in [
        Failure::Connect,
        Failure::Timeout,
        Failure::NoAnswer,
        Failure::BrokenOff,
    ] {
        let outcome = Outcome::Failed(failure);
        assert_eq!(Verdict::of(&outcome), Verdict::Failed);
        assert_eq!(Trouble::of(&outcome), Some(Trouble::Failed(failure)));
    }
    assert!(Trouble::Answered(403).is_about_credentials());
    assert!(!Trouble::Answered(404).is_about_credentials());
}

#[test]
fn the_state_follows_what_is_tried_along_the_documented_ways() {
    use ShownState::{Active, Error, Inactive, Invalid};
    for (from, status, to) in [
        (Active, 200, Active),
        (Active, 401, Invalid),
        (Active, 500, Error),
        (Error, 200, Active),
        (Error, 401, Error),
        (Error, 500, Error),
        (Invalid, 200, Active),
        (Invalid, 401, Invalid),
        (Invalid, 500, Invalid),
        (Inactive, 200, Inactive),
        (Inactive, 401, Inactive),
        (Inactive, 500, Inactive),
    ] {
        let before = in_state(from);
        let after = before.tried(&answered(status), at(9));
        assert_eq!(after.state.shown(), to, "{from:?} {status}");
        let moved = from != to;
        assert_eq!(after.updated_at == at(9), moved, "{from:?} {status}");
        let told = from != Inactive && status != 200;
        assert_eq!(
            after.trouble,
            told.then_some(Trouble::Answered(status)),
            "{from:?} {status}"
        );
    }
    assert_eq!(stream().tried(&answered(200), at(9)), stream());
    // What it was in trouble for is known until something else is.
    let failing = in_state(Active).tried(&answered(503), at(5));
    let configured = failing.configured(settings(), at(6));
    assert_eq!(configured.trouble, Some(Trouble::Answered(503)));
    assert_eq!(failing.moved(Active, at(7)).unwrap().trouble, None);
    assert_eq!(failing.paused(at(7)).trouble, None);
}
