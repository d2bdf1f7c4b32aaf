use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::domain::audit_log::rules::RulesInput;
use crate::domain::intent::Intent;
use crate::service::audit_logs::schemas;
use crate::service::setup::tests::Walker;
use crate::service::tests::start;

fn walker() -> Walker {
    let walker = Walker::new(Intent::AuditLogs);
    for action in ["user.signed_in", "invoice.sent"] {
        schemas::create(&walker.environment, action, RulesInput::default()).unwrap();
    }
    walker
}

fn log(
    walker: &Walker,
    second: i64,
    action: &str,
    actor: (&str, Option<&str>),
    target: (&str, &str),
) {
    let entry = json!({
        "action": action,
        "occurred_at": start() + SignedDuration::from_secs(second),
        "actor": { "id": actor.0, "type": "user", "name": actor.1 },
        "targets": [{ "id": target.0, "type": target.1 }],
        "context": { "location": "1.1.1.1", "user_agent": "Mozilla" },
        "metadata": { "k": "v" },
    });
    let entry = serde_json::from_value(entry).unwrap();
    events::log(&walker.environment, &walker.organization, entry).unwrap();
}

fn several() -> Walker {
    let walker = walker();
    log(
        &walker,
        0,
        "user.signed_in",
        ("user_1", Some("Ada")),
        ("team_1", "team"),
    );
    log(
        &walker,
        60,
        "user.signed_in",
        ("user_2", None),
        ("Ada", "user"),
    );
    log(
        &walker,
        86_400,
        "invoice.sent",
        ("Ada", Some("A job")),
        ("invoice_1", "invoice"),
    );
    walker
}

/// The seconds after the start at which the events of the overview occurred.
fn found(walker: &Walker, query: &[(&str, &str)]) -> Vec<i64> {
    let overview = walker.overview(query);
    assert!(overview.violations.is_empty(), "{:?}", overview.violations);
    let second = |row: &Vec<Cell>| match row[0] {
        Cell::Moment(at) => at.duration_since(start()).as_secs(),
        _ => panic!("{row:?}"),
    };
    overview.tables[0].rows.iter().map(second).collect()
}

#[test]
fn events_are_found_by_what_they_have() {
    let walker = several();
    for (query, expected) in [
        (&[][..], &[86_400, 60, 0][..]),
        (&[("action", "user.signed_in")], &[60, 0]),
        (&[("actor", "Ada")], &[86_400, 0]),
        (&[("actor", "user_2")], &[60]),
        (&[("target", "team")], &[0]),
        (&[("target", "Ada")], &[60]),
        (
            &[("target", "invoice_1"), ("action", "user.signed_in")],
            &[],
        ),
        (&[("actor", "Ada"), ("target", "invoice")], &[86_400]),
        (&[("from", "2026-01-01T00:01:00Z")], &[86_400, 60]),
        (&[("to", "2026-01-01")], &[60, 0]),
        (&[("from", "2026-01-02"), ("to", "2026-01-02")], &[86_400]),
        (&[("to", "2025-12-31T23:59:59Z")], &[]),
        (
            &[
                ("from", "2026-01-01T01:00:00+01:00"),
                ("to", "2026-01-01T00:00:00Z"),
            ],
            &[0],
        ),
    ] {
        assert_eq!(found(&walker, query), expected, "{query:?}");
    }
}

#[test]
fn what_is_no_time_is_said_beside_its_field() {
    let walker = several();
    for (query, field) in [
        (&[("from", "yesterday")][..], "from"),
        (&[("to", "2026-02-30")], "to"),
        (&[("from", "2026-01-02"), ("to", "2026-01-01")], "to"),
    ] {
        let overview = walker.overview(query);
        let fields: Vec<_> = overview.violations.iter().map(|one| &*one.field).collect();
        assert_eq!(fields, [field]);
        assert!(overview.tables[0].rows.is_empty());
    }
}

#[test]
fn pages_lead_to_each_other_and_keep_what_is_searched_for() {
    let walker = walker();
    for second in 0..50 {
        let action = if second % 2 == 0 {
            "user.signed_in"
        } else {
            "invoice.sent"
        };
        log(
            &walker,
            second,
            action,
            ("user_1", None),
            ("team_1", "team"),
        );
    }
    let search = [
        ("action", "user.signed_in"),
        ("from", "2026-01-01T00:00:02Z"),
    ];
    let first = walker.overview(&search);
    let first = &first.tables[0];
    assert_eq!((first.rows.len(), &first.newer), (EVENTS_ON_A_PAGE, &None));
    let older = first.older.clone().unwrap();
    assert_eq!(older.text("action"), Some("user.signed_in"));
    let older: Vec<_> = older.pairs().collect();
    assert_eq!(found(&walker, &older), [8, 6, 4, 2]);
    let second = walker.overview(&older);
    let second = &second.tables[0];
    assert_eq!(second.older, None);
    let newer = second.newer.clone().unwrap();
    assert_eq!(
        (newer.text("after"), newer.text("from")),
        (None, Some("2026-01-01T00:00:02Z"))
    );
    let newer: Vec<_> = newer.pairs().collect();
    assert_eq!(found(&walker, &newer), found(&walker, &search));
    // A place that there is not is no reason to fail.
    for query in [
        &[("after", "nonsense")][..],
        &[("before", "x"), ("after", "y")],
    ] {
        let overview = walker.overview(query);
        assert!(overview.alert.is_some() && overview.tables[0].rows.is_empty());
    }
}

#[test]
fn an_event_is_shown_in_full_to_its_organization_alone() {
    let walker = several();
    let rows = &walker.overview(&[]).tables[0].rows;
    let Cell::Action(action) = rows[2].last().unwrap() else {
        panic!("no way to the event");
    };
    let about: Vec<_> = action.about.pairs().collect();
    let page = walker.page(action.step, &about).unwrap();
    assert!(page.button.is_empty());
    let shown = format!("{:?}", page.facts);
    for part in [
        "Ada (user user_1)",
        "team team_1",
        "1.1.1.1",
        "Mozilla",
        r#"\"k\": \"v\""#,
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let new = crate::service::organizations::NewOrganization {
        name: "Other".into(),
        ..Default::default()
    };
    let other = crate::service::organizations::create(&walker.environment, new).unwrap();
    let other = walker.elsewhere(other.id.as_str());
    assert_eq!(other.page(action.step, &about), None);
    assert!(other.overview(&[]).tables[0].rows.is_empty());
    for about in [&[][..], &[("event_id", "audit_log_event_x")]] {
        assert_eq!(walker.page("event", about), None);
    }
}

#[test]
fn events_past_their_retention_are_not_shown() {
    let mut walker = several();
    let rows = &walker.overview(&[]).tables[0].rows;
    let Cell::Action(action) = rows[0].last().unwrap() else {
        panic!("no way to the event");
    };
    let about: Vec<_> = action.about.pairs().collect();
    walker.come_later(SignedDuration::from_hours(30 * 24));
    assert!(found(&walker, &[]).is_empty());
    assert_eq!(walker.page("event", &about), None);
}

#[test]
fn a_file_is_asked_for_waited_for_and_fetched() {
    let mut walker = several();
    let range = [("range_start", "2025-12-01"), ("range_end", "2026-01-31")];
    let filters = [
        ("actions", "user.signed_in, invoice.sent"),
        ("actor_names", "Ada, \"Lovelace, A.\""),
    ];
    let asked = [&range[..], &filters].concat();
    let Ok(Next::Step("file", about)) = walker.submit("export", &asked) else {
        panic!("no file");
    };
    // The same form sent twice makes no second file.
    assert_eq!(
        walker.submit("export", &asked),
        Ok(Next::Step("file", about.clone()))
    );
    let about: Vec<_> = about.pairs().collect();
    let page = walker.page("file", &about).unwrap();
    let shown = format!("{:?}", page.facts);
    assert!(
        shown.contains("Being made") && shown.contains("Ada, Lovelace, A."),
        "{shown}"
    );
    assert!(matches!(
        walker.submit("file", &about),
        Ok(Next::Step("file", _))
    ));
    assert_eq!(walker.overview(&[]).tables[1].rows.len(), 1);
    walker.come_later(SignedDuration::from_secs(2));
    let Ok(Next::File(token)) = walker.submit("file", &about) else {
        panic!("no file");
    };
    let export = crate::service::audit_logs::exports::open(&walker.environment, &token).unwrap();
    assert_eq!(export.filter.actions, ["user.signed_in", "invoice.sent"]);
    assert_eq!(export.filter.actor_names, ["Ada", "Lovelace, A."]);
    walker.come_later(SignedDuration::from_hours(24 * 7));
    let page = walker.page("file", &about).unwrap();
    assert!(page.button.is_empty() && page.alert.is_some());
    assert!(matches!(
        walker.submit("file", &about),
        Ok(Next::Step("file", _))
    ));
}

#[test]
fn a_range_that_cannot_be_exported_is_refused_beside_its_field() {
    let walker = several();
    for (start, end, fields) in [
        ("", "", &["range_start", "range_end"][..]),
        ("x", "y", &["range_start", "range_end"]),
        ("2026-01-02", "2026-01-01", &["range_end"]),
        ("2025-09-30", "2026-01-01", &["range_start"]),
    ] {
        let refused = walker.refused("export", &[("range_start", start), ("range_end", end)]);
        assert_eq!(refused, fields);
    }
    assert_eq!(walker.overview(&[]).tables.len(), 1);
}

#[test]
fn the_visit_can_always_be_finished() {
    let walker = walker();
    assert!(walker.can_finish());
    assert_eq!(walker.landing(), Position::Done);
    let report = walker.complete(&[]).unwrap();
    assert!(report.taken.is_empty() && report.made.is_empty());
    assert!(matches!(walker.fail(None), Err(Error::Invalid(_))));
}
