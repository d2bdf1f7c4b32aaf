use jiff::SignedDuration;

use super::*;
use crate::domain::intent::Intent;
use crate::service::organizations::{self, NewOrganization};
use crate::service::setup::tests::Walker;

const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

fn walker() -> Walker {
    let mut walker = Walker::new(Intent::DomainVerification);
    walker.organization = another(&walker);
    walker
}

/// Another organization, which has no domain.
fn another(walker: &Walker) -> String {
    let new = NewOrganization {
        name: "Acme & Söhne".into(),
        ..NewOrganization::default()
    };
    let organization = organizations::create(&walker.environment, new).unwrap();
    organization.id.to_string()
}

/// The domains with their states, oldest first.
fn domains(walker: &Walker) -> Vec<(String, &'static str)> {
    let organization = walker.visit().organization();
    let state = |domain: &Arc<OrganizationDomain>| match domain.state {
        DomainState::Pending { .. } => "pending",
        DomainState::Verified(_) => "verified",
        DomainState::Failed(_) => "failed",
        DomainState::LegacyVerified | DomainState::ManuallyVerified => "declared",
    };
    let domains = organization.domains.iter();
    domains
        .map(|domain| (domain.name.as_str().to_owned(), state(domain)))
        .collect()
}

fn id(walker: &Walker) -> String {
    let organization = walker.visit().organization();
    organization.domains.last().unwrap().id.to_string()
}

fn is_bad(alert: Option<Alert>) -> bool {
    alert.is_some_and(|alert| alert.tone == Tone::Bad)
}

#[test]
fn a_domain_is_entered_and_found() {
    let walker = walker();
    assert_eq!(walker.position(), Position::At("domain"));
    assert_eq!(walker.landing(), Position::At("domain"));
    assert!(!walker.can_finish() && !walker.is_reachable("record"));
    let next = walker.submit("domain", &[("domain", "Acme.COM.")]).unwrap();
    let about = Answers::default().with("domain_id", id(&walker));
    assert_eq!(next, Next::Step("record", about));
    assert_eq!(walker.position(), Position::At("record"));
    let page = walker
        .page("record", &[("domain_id", &id(&walker))])
        .unwrap();
    assert_eq!(page.copied[1].value, "acme.com");
    assert!(page.copied[2].value.starts_with("verification_token="));
    let found = [("domain_id", &*id(&walker)), ("outcome", "found")];
    assert_eq!(walker.submit("record", &found), Ok(Next::Overview));
    assert_eq!(walker.position(), Position::Done);
    assert_eq!(domains(&walker), [("acme.com".into(), "verified")]);
    let alert = walker.overview(&[]).alert.unwrap();
    assert_eq!(alert.tone, Tone::Good);
}

#[test]
fn a_domain_that_is_sent_twice_is_there_once() {
    let walker = walker();
    for spelling in ["acme.com", "ACME.com", "acme.com."] {
        let next = walker.submit("domain", &[("domain", spelling)]).unwrap();
        let about = Answers::default().with("domain_id", id(&walker));
        assert_eq!(next, Next::Step("record", about), "{spelling}");
    }
    assert_eq!(domains(&walker), [("acme.com".into(), "pending")]);
}

#[test]
fn what_cannot_be_anybodys_own_domain_is_refused() {
    let walker = walker();
    for domain in [
        "gmail.com",
        "Outlook.com",
        "no domain",
        "localhost",
        "a@b.com",
        "",
    ] {
        assert_eq!(walker.refused("domain", &[("domain", domain)]), ["domain"]);
    }
    assert!(domains(&walker).is_empty());
    walker.complete(&[("domain", "acme.com")]).unwrap();
    assert_eq!(
        walker.refused("domain", &[("domain", "acme.com")]),
        ["domain"]
    );
}

#[test]
fn a_record_that_is_not_there_yet_is_waited_for() {
    let mut walker = walker();
    walker.submit("domain", &[("domain", "acme.com")]).unwrap();
    let id = id(&walker);
    let next = walker.submit("record", &[("domain_id", &id), ("outcome", "not_yet")]);
    let Ok(Next::Step("record", about)) = next else {
        panic!("{next:?}");
    };
    let about: Vec<_> = about.pairs().collect();
    let page = walker.page("record", &about).unwrap();
    assert_eq!(page.alert.unwrap().tone, Tone::Warn);
    assert_eq!(domains(&walker), [("acme.com".into(), "pending")]);
    // Another day the same domain is looked for.
    walker.come_later(SignedDuration::from_hours(24));
    assert_eq!(walker.position(), Position::At("record"));
    assert_eq!(walker.landing(), Position::Done);
    assert!(walker.can_finish());
    walker.complete(&[]).unwrap();
    assert_eq!(domains(&walker), [("acme.com".into(), "verified")]);
}

#[test]
fn a_search_that_fails_can_be_begun_anew() {
    for outcome in ["verified_by_other_organization", "period_expired"] {
        let walker = walker();
        walker.submit("domain", &[("domain", "acme.com")]).unwrap();
        let id = id(&walker);
        let given = [("domain_id", &*id), ("outcome", outcome)];
        assert_eq!(walker.submit("record", &given), Ok(Next::Overview));
        assert_eq!(domains(&walker), [("acme.com".into(), "failed")]);
        assert!(is_bad(walker.overview(&[]).alert));
        assert_eq!(walker.position(), Position::At("again"));
        assert!(!walker.is_reachable("record"));
        // The same form sent twice finds no page that it belongs to.
        assert_eq!(walker.page("record", &given), None);
        walker.submit("again", &[("domain_id", &id)]).unwrap();
        assert_eq!(domains(&walker), [("acme.com".into(), "pending")]);
        walker
            .submit("record", &[("domain_id", &id), ("outcome", "found")])
            .unwrap();
        assert_eq!(walker.position(), Position::Done);
        assert!(!is_bad(walker.overview(&[]).alert));
    }
}

#[test]
fn a_domain_that_failed_and_is_entered_again_is_looked_for_anew() {
    let walker = walker();
    walker.fail(Some("record")).unwrap();
    let name = domains(&walker)[0].0.clone();
    walker.submit("domain", &[("domain", &name)]).unwrap();
    assert_eq!(domains(&walker), [(name, "pending")]);
}

#[test]
fn thirty_days_are_over_by_the_clock() {
    let mut walker = walker();
    walker.submit("domain", &[("domain", "acme.com")]).unwrap();
    walker.come_later(MONTH - SignedDuration::from_nanos(1));
    assert_eq!(walker.position(), Position::At("record"));
    walker.come_later(SignedDuration::from_nanos(1));
    assert_eq!(domains(&walker), [("acme.com".into(), "failed")]);
    assert_eq!(walker.landing(), Position::Done);
    let row = &walker.overview(&[]).tables[0].rows[0];
    assert_eq!(row[1], Cell::status(Tone::Bad, "Failed"));
    // A day later nothing of it was done on that visit, and another domain can be entered.
    walker.come_later(SignedDuration::from_hours(24));
    assert_eq!(walker.position(), Position::At("domain"));
    assert_eq!(walker.overview(&[]).alert, None);
    walker
        .submit("again", &[("domain_id", &id(&walker))])
        .unwrap();
    assert_eq!(walker.position(), Position::At("record"));
}

#[test]
fn who_proves_a_domain_first_has_it() {
    let mine = walker();
    let theirs = mine.elsewhere(&another(&mine));
    for walker in [&mine, &theirs] {
        walker.submit("domain", &[("domain", "acme.com")]).unwrap();
    }
    theirs
        .submit(
            "record",
            &[("domain_id", &id(&theirs)), ("outcome", "found")],
        )
        .unwrap();
    assert_eq!(domains(&mine), [("acme.com".into(), "failed")]);
    // Even a record that is found does not help against it.
    mine.submit("again", &[("domain_id", &id(&mine))]).unwrap();
    mine.submit("record", &[("domain_id", &id(&mine)), ("outcome", "found")])
        .unwrap();
    assert_eq!(domains(&mine), [("acme.com".into(), "failed")]);
    assert!(mine.complete(&[]).is_err());
    assert_eq!(domains(&mine), [("acme.com".into(), "failed")]);
    // Nor is one organization shown the domain of another.
    assert_eq!(mine.page("record", &[("domain_id", &id(&theirs))]), None);
    assert_eq!(mine.page("again", &[("domain_id", &id(&theirs))]), None);
}

#[test]
fn one_call_verifies_a_domain_on_each_visit() {
    let mut walker = walker();
    for expected in ["acme-s-hne.example", "acme-s-hne-2.example"] {
        let report = walker.complete(&[]).unwrap();
        assert_eq!(report.taken, ["domain", "record"]);
        let last = domains(&walker).pop().unwrap();
        assert_eq!(last, (expected.to_owned(), "verified"));
        assert_eq!(report.made.len(), 1);
        walker.come_later(SignedDuration::from_mins(1));
    }
}

#[test]
fn one_call_fails_a_step_or_cannot_complete_what_fails() {
    let walker = walker();
    let report = walker.fail(None).unwrap();
    assert_eq!(report.position, Some(Position::At("again")));
    assert!(is_bad(report.alert));
    assert_eq!(domains(&walker)[0].1, "failed");

    let refused = walker.fail(Some("domain")).unwrap();
    assert!(refused.alert.unwrap().title.contains("mail provider"));
    assert_eq!(domains(&walker).len(), 1);

    let other = walker.elsewhere(&another(&walker));
    let failing = other.complete(&[("outcome", "period_expired")]);
    assert!(matches!(failing, Err(Error::Invalid(_))));
    assert!(domains(&other).is_empty());
}
