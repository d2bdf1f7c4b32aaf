//! Portal links and sessions.

use super::*;
use crate::service::setup;

#[test]
fn the_same_calls_give_the_same_ids_and_tokens() {
    let run = || {
        let environment = environment();
        let organization = organizations::create(&environment, named("Acme")).unwrap();
        let issued = issue(&environment, None);
        (
            organization.id.to_string(),
            issued.token.expose().to_owned(),
        )
    };
    assert_eq!(run(), run());
}

#[test]
fn a_link_needs_an_organization_and_addresses_that_can_be_redirected_to() {
    let environment = environment_with(Settings {
        url_policy: UrlPolicy::Production,
        ..Settings::default()
    });
    let unknown = NewPortalLink {
        organization: "org_x".into(),
        ..NewPortalLink::default()
    };
    let refused = portal_links::generate(&environment, unknown).unwrap_err();
    assert_eq!(refused, Error::LinkWithoutOrganization("org_x".into()));
    let bad = NewPortalLink {
        return_url: Some("http://app.example".into()),
        success_url: Some("javascript:alert(1)".into()),
        ..new_link()
    };
    let Err(Error::Invalid(violations)) = portal_links::generate(&environment, bad) else {
        panic!()
    };
    let fields: Vec<_> = violations.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["return_url", "success_url"]);
}

#[test]
fn a_link_opens_once_and_its_holder_comes_back() {
    let environment = environment();
    let issued = issue(&environment, None);
    let opened = open(&environment, &issued.token).unwrap();
    let secret = opened.secret.clone().unwrap();
    assert_eq!(
        death(open(&environment, &issued.token)),
        Death::Used { at: start() }
    );
    // The session outlives the link, and the browser that holds it comes back through it.
    environment
        .clock
        .advance(SignedDuration::from_mins(10))
        .unwrap();
    let again = portal_links::open(&environment, &issued.token, |id| {
        assert_eq!(id, &opened.session.id);
        Some(secret.clone())
    })
    .unwrap();
    assert_eq!(
        (again.session.id.clone(), again.secret),
        (opened.session.id.clone(), None)
    );
    let stranger = |_: &PortalSessionId| Some(issued.token.clone());
    assert_eq!(
        death(portal_links::open(&environment, &issued.token, stranger)),
        Death::Used { at: start() }
    );
    // But not once it is over.
    environment
        .clock
        .advance(SignedDuration::from_mins(50))
        .unwrap();
    let late = portal_links::open(&environment, &issued.token, |_| Some(secret.clone()));
    assert_eq!(death(late), Death::Used { at: start() });
}

#[test]
fn many_open_one_link_at_once_and_one_of_them_gets_in() {
    let environment = environment();
    let issued = issue(&environment, None);
    let opened: usize = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    (0..125)
                        .filter(|_| open(&environment, &issued.token).is_ok())
                        .count()
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(opened, 1);
}

#[test]
fn an_expired_link_stays_dead_when_the_clock_is_set_back() {
    let environment = environment();
    let issued = issue(&environment, Some("user"));
    environment
        .clock
        .advance(SignedDuration::from_mins(5))
        .unwrap();
    let expired = Death::Expired {
        at: start() + SignedDuration::from_mins(5),
    };
    assert_eq!(death(open(&environment, &issued.token)), expired);
    environment.clock.set(start());
    assert_eq!(death(open(&environment, &issued.token)), expired);
    portal_links::revoke(&environment, "org_test_idp", "user").unwrap();
    assert_eq!(death(open(&environment, &issued.token)), expired);
    // A link that is issued now has its five minutes.
    let fresh = issue(&environment, None);
    environment
        .clock
        .advance(SignedDuration::from_nanos(299_999_999_999))
        .unwrap();
    assert!(open(&environment, &fresh.token).is_ok());
}

#[test]
fn revoking_ends_links_and_sessions_of_that_user_only() {
    let environment = environment();
    let (fresh, opened, other) = (
        issue(&environment, Some("a")),
        issue(&environment, Some("a")),
        issue(&environment, Some("b")),
    );
    let session = open(&environment, &opened.token).unwrap();
    let secret = session.secret.unwrap();
    portal_links::revoke(&environment, "org_test_idp", "a").unwrap();
    for token in [&fresh.token, &opened.token] {
        assert_eq!(
            death(open(&environment, token)),
            Death::Revoked { at: start() }
        );
    }
    let ended = setup::visit(&environment, "", session.session.id.as_str(), &secret);
    assert!(matches!(
        ended,
        Err(SessionError::Over {
            end: SessionEnd::Revoked { .. },
            ..
        })
    ));
    let finished = portal_links::finish(&environment, session.session.id.as_str(), &secret);
    assert!(matches!(finished, Err(SessionError::Over { .. })));
    assert!(open(&environment, &other.token).is_ok());
    portal_links::revoke(&environment, "org_test_idp", "nobody").unwrap();
    assert!(matches!(
        portal_links::revoke(&environment, "org_x", "a"),
        Err(Error::NotFound { .. })
    ));
}

#[test]
fn a_session_is_its_holders_and_finishes_once() {
    let environment = environment();
    let new = NewPortalLink {
        return_url: Some("https://app.example/back".into()),
        ..new_link()
    };
    let issued = portal_links::generate(&environment, new).unwrap();
    let opened = open(&environment, &issued.token).unwrap();
    let (id, secret) = (opened.session.id.to_string(), opened.secret.unwrap());
    let held = setup::visit(&environment, "", &id, &secret).unwrap();
    assert_eq!(held.visit.organization().name, "Test Organization");
    drop(held);
    assert!(matches!(
        setup::visit(&environment, "", &id, &issued.token),
        Err(SessionError::Unknown)
    ));
    let Destination::Redirect(url) = portal_links::finish(&environment, &id, &secret).unwrap()
    else {
        panic!()
    };
    assert_eq!(url.as_str(), "https://app.example/back?success=true");
    // A second click leads to the same place, and nothing else comes back.
    assert_eq!(
        portal_links::finish(&environment, &id, &secret).unwrap(),
        Destination::Redirect(url)
    );
    let over = setup::visit(&environment, "", &id, &secret);
    assert!(matches!(
        over,
        Err(SessionError::Over {
            end: SessionEnd::Finished { .. },
            ..
        })
    ));
    let again = portal_links::open(&environment, &issued.token, |_| Some(secret.clone()));
    assert_eq!(death(again), Death::Used { at: start() });
}

#[test]
fn a_reusable_link_makes_a_session_each_time_and_revoking_ends_them_all() {
    let environment = environment_with(Settings {
        link_reuse: LinkReuse::UntilExpiry,
        ..Settings::default()
    });
    let issued = issue(&environment, Some("a"));
    let sessions = [(); 3].map(|()| open(&environment, &issued.token).unwrap());
    portal_links::finish(
        &environment,
        sessions[0].session.id.as_str(),
        sessions[0].secret.as_ref().unwrap(),
    )
    .unwrap();
    assert!(open(&environment, &issued.token).is_ok());
    portal_links::revoke(&environment, "org_test_idp", "a").unwrap();
    for session in &sessions[1..] {
        let result = setup::visit(
            &environment,
            "",
            session.session.id.as_str(),
            session.secret.as_ref().unwrap(),
        );
        assert!(matches!(result, Err(SessionError::Over { .. })));
    }
    assert_eq!(
        death(open(&environment, &issued.token)),
        Death::Revoked { at: start() }
    );
}

#[test]
fn nothing_secret_shows_in_debug() {
    let environment = environment();
    let issued = issue(&environment, None);
    let opened = open(&environment, &issued.token).unwrap();
    let shown = format!("{issued:?} {opened:?} {environment:?}");
    for secret in [&issued.token, opened.secret.as_ref().unwrap()] {
        assert!(!shown.contains(secret.expose().split('.').next_back().unwrap()));
    }
}
