//! What is sent when.

use super::*;

#[test]
fn what_is_refused_or_dropped_makes_no_delivery_and_wakes_nobody() {
    let mut world = World::new();
    world.endpoint(1);
    let same = || NewOrganization {
        name: "One".into(),
        external_id: Some("same".into()),
        ..NewOrganization::default()
    };
    organizations::create(&world.environment, same()).unwrap();
    world.deliver(|| answered(200));
    organizations::create(&world.environment, same()).unwrap_err();
    let event = Arc::clone(&world.all()[0].event);
    let mut work = Work::begin(&world.environment);
    fan_out(&mut work, &event);
    let key = DeliveryKey::Event(event.id.clone());
    assert_eq!(work.count::<Delivery>(&key), 2);
    drop(work);
    assert_eq!(world.states(), ["delivered"]);
    assert!(world.jobs.try_recv().is_err());
    assert_eq!(list::left_over(&world.environment), 0);
}

#[test]
fn an_event_and_its_deliveries_are_there_together() {
    let world = World::new();
    let (one, other) = (world.endpoint(1), world.endpoint(2));
    world.enable(&other, false);
    let third = world.endpoint(3);
    world.subscribe(&third, &[DELETED]);
    world.happen("Acme");
    let all = world.all();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].endpoint_id.as_str(), one);
    let work = Work::begin(&world.environment);
    assert!(
        work.get::<Event>(all[0].event.id.as_str())
            .is_some_and(|event| Arc::ptr_eq(&event, &all[0].event)),
        "an event is kept once"
    );
}

#[test]
fn a_retry_is_due_at_its_instant_and_not_before() {
    let mut world = World::with(retries(&[10, 20]));
    world.endpoint(1);
    world.happen("1");
    world.deliver(failed);
    for (wait, state) in [(10, "waiting"), (20, "failed")] {
        assert_eq!(world.states(), ["waiting"]);
        world.advance(SignedDuration::new(wait, 0) - SignedDuration::from_nanos(1));
        world.deliver(failed);
        assert_eq!(world.states(), ["waiting"]);
        world.advance(SignedDuration::from_nanos(1));
        assert_eq!(world.states(), ["due"]);
        world.deliver(failed);
        assert_eq!(world.states(), [state]);
    }
    let at: Vec<_> = world
        .tried
        .iter()
        .map(|(_, at)| at.as_second() - start().as_second())
        .collect();
    assert_eq!(at, [0, 10, 30]);
    world.advance_seconds(1_000_000);
    world.deliver(failed);
    assert_eq!(world.tried.len(), 3);
}

#[test]
fn a_clock_that_is_set_back_neither_repeats_nor_forgets() {
    let mut world = World::with(retries(&[10, 10]));
    world.endpoint(1);
    world.happen("1");
    world.deliver(failed);
    // Reached and left again, with nobody looking.
    world
        .environment
        .clock
        .set(start() + SignedDuration::from_secs(10));
    world.environment.clock.set(start());
    keep_time(&world.environment);
    world.deliver(failed);
    assert_eq!(world.tried.len(), 2);
    // The second wait began when the clock showed its beginning once more.
    world.advance_seconds(9);
    world.deliver(failed);
    assert_eq!(world.tried.len(), 2);
    world.advance_seconds(1);
    world.deliver(|| answered(200));
    assert_eq!(world.states(), ["delivered"]);
    world.advance_seconds(-10);
    world.advance_seconds(100);
    world.deliver(failed);
    assert_eq!(world.tried.len(), 3);
}

#[test]
fn strict_order_waits_and_relaxed_order_does_not() {
    for (ordering, first, later) in [
        (DeliveryOrdering::Relaxed, vec!["1", "2", "3"], vec!["1"]),
        (DeliveryOrdering::Strict, vec!["1"], vec!["1", "2", "3"]),
    ] {
        let mut settings = retries(&[10]);
        settings.webhooks.ordering = ordering;
        let mut world = World::with(settings);
        world.endpoint(1);
        for name in ["1", "2", "3"] {
            world.happen(name);
        }
        let mut tries = 0;
        world.deliver(|| {
            tries += 1;
            if tries == 1 { failed() } else { answered(200) }
        });
        assert_eq!(world.tried(), first);
        world.advance_seconds(10);
        world.deliver(|| answered(200));
        assert_eq!(world.tried(), later);
        assert_eq!(world.states(), ["delivered"; 3]);
    }
}

#[test]
fn a_strict_queue_goes_on_whatever_becomes_of_its_first() {
    type End = fn(&mut World, &str);
    let ends: [(&str, End); 4] = [
        ("failed", |world, _| world.advance_seconds(10)),
        ("cancelled", |world, endpoint| {
            world.subscribe(endpoint, &[DELETED]);
        }),
        ("waiting", |world, endpoint| {
            world.steer(endpoint, Steering::default());
        }),
        ("delivered", |world, _| {
            let first = world.all()[0].id.to_string();
            resend(&world.environment, &first).unwrap();
        }),
    ];
    for (state, end) in ends {
        let mut world = World::with(retries(&[10]));
        let endpoint = world.endpoint(1);
        let strict = Steering {
            ordering: Some(DeliveryOrdering::Strict),
            ..Steering::default()
        };
        world.steer(&endpoint, strict);
        let gone = world.happen("1");
        world.deliver(failed);
        world.delete(&gone);
        world.deliver(failed);
        assert_eq!(world.tried(), ["1"]);
        end(&mut world, &endpoint);
        let mut answers = if state == "failed" {
            vec![failed()]
        } else {
            Vec::new()
        };
        world.deliver(|| answers.pop().unwrap_or_else(|| answered(200)));
        assert_eq!(world.states(), [state, "delivered"]);
    }
}

#[test]
fn what_an_endpoint_is_not_to_have_any_more_is_cancelled_with_the_reason() {
    for why in [
        Cancellation::Disabled,
        Cancellation::Unsubscribed,
        Cancellation::Deleted,
    ] {
        let mut world = World::with(retries(&[10]));
        let endpoint = world.endpoint(1);
        world.happen("waits");
        world.deliver(failed);
        world.happen("is due");
        world.happen("is sent");
        let queue = world.all()[0].queue();
        let parcel = take(&world.environment, &queue).unwrap();
        match why {
            Cancellation::Disabled => world.enable(&endpoint, false),
            Cancellation::Unsubscribed => world.subscribe(&endpoint, &[]),
            Cancellation::Deleted => {
                webhook_endpoints::delete(&world.environment, &endpoint).unwrap();
            }
            Cancellation::Paused => panic!("only log streams are paused"),
        }
        for delivery in world.all() {
            assert_eq!(delivery.progress.state, DeliveryState::Cancelled(why));
        }
        // What was on its way is recorded, and is not tried again.
        world.attempt(&parcel, failed());
        let sent = world.all()[1].clone();
        assert_eq!(sent.progress.state, DeliveryState::Cancelled(why));
        assert_eq!(sent.progress.attempts.len(), 1);
        world.tried.clear();
        world.advance_seconds(1_000);
        world.deliver(|| answered(200));
        assert!(world.tried.is_empty());
    }
}

#[test]
fn an_attempt_of_what_is_not_kept_any_more_is_nothing() {
    let mut settings = retries(&[]);
    settings.webhooks.max_deliveries = 0;
    let mut world = World::with(settings);
    let endpoint = world.endpoint(1);
    world.happen("1");
    let queue = world.all()[0].queue();
    let parcel = take(&world.environment, &queue).unwrap();
    world.enable(&endpoint, false);
    assert!(world.all().is_empty());
    world.attempt(&parcel, answered(200));
    assert!(world.all().is_empty());
}

#[test]
fn only_what_is_over_makes_room_and_the_oldest_first() {
    let mut settings = retries(&[10]);
    settings.webhooks.max_deliveries = 2;
    let mut world = World::with(settings);
    world.endpoint(1);
    for name in ["1", "2", "3", "4"] {
        world.happen(name);
    }
    let mut outcomes = vec![answered(200), answered(200), answered(200), failed()];
    world.deliver(|| outcomes.pop().unwrap());
    let kept: Vec<_> = world.all().iter().map(|one| name(one)).collect();
    assert_eq!(kept, ["1", "3", "4"]);
    assert_eq!(world.states(), ["waiting", "delivered", "delivered"]);
}

#[test]
fn everything_but_what_is_under_way_is_sent_again() {
    let mut world = World::with(retries(&[10]));
    let endpoint = world.endpoint(1);
    world.happen("1");
    let id = world.all()[0].id.to_string();
    let again = |world: &World| resend(&world.environment, &id);
    assert_eq!(
        again(&world).unwrap_err(),
        Error::DeliveryUnderWay(id.clone())
    );
    let parcel = take(&world.environment, &world.all()[0].queue()).unwrap();
    assert_eq!(
        again(&world).unwrap_err(),
        Error::DeliveryUnderWay(id.clone())
    );
    world.attempt(&parcel, failed());
    for (before, outcome) in [
        ("waiting", failed()),
        ("failed", answered(200)),
        ("delivered", Outcome::NotDialled),
        ("not_dialled", failed()),
    ] {
        assert_eq!(world.states(), [before]);
        again(&world).unwrap();
        world.deliver(|| outcome.clone());
    }
    assert_eq!(world.tried.len(), 5);
    assert_eq!(world.states(), ["failed"]);
    world.enable(&endpoint, false);
    assert!(matches!(again(&world), Err(Error::Invalid(_))));
    webhook_endpoints::delete(&world.environment, &endpoint).unwrap();
    assert!(matches!(again(&world), Err(Error::NotFound { .. })));
    let none = resend(&world.environment, "delivery_x");
    assert!(matches!(none, Err(Error::NotFound { .. })));
}

#[test]
fn what_is_out_of_reach_is_recorded_and_not_queued() {
    let mut world = World::new();
    let url = "https://app.example/";
    let events = vec![CREATED.to_owned()];
    webhook_endpoints::create(&world.environment, url, events).unwrap();
    world.happen("1");
    assert_eq!(world.states(), ["not_dialled"]);
    assert_eq!(world.all()[0].progress.attempts.len(), 1);
    assert!(world.jobs.try_recv().is_err());
}

#[test]
fn nothing_is_taken_while_everything_is_paused() {
    let mut world = World::new();
    world.endpoint(1);
    pause(&world.environment, true);
    world.happen("1");
    world.deliver(|| answered(200));
    assert_eq!(world.states(), ["due"]);
    pause(&world.environment, false);
    world.deliver(|| answered(200));
    assert_eq!(world.states(), ["delivered"]);
}

#[test]
fn the_same_seed_shuffles_in_the_same_way() {
    let order = |seed| {
        let mut world = World::new();
        let endpoint = world.endpoint(1);
        let steering = Steering {
            shuffle: std::num::NonZeroUsize::new(8),
            seed,
            ..Steering::default()
        };
        world.steer(&endpoint, steering);
        for number in 0..16 {
            world.happen(&number.to_string());
            world.deliver(|| answered(200));
            let whole = world.tried.len();
            assert_eq!(
                whole,
                if number == 15 {
                    16
                } else {
                    (number + 1) / 8 * 8
                }
            );
        }
        world.tried()
    };
    let first = order(1);
    assert_eq!(order(1), first);
    assert_ne!(order(2), first);
    let window: BTreeSet<_> = first[..8].iter().cloned().collect();
    assert_eq!(window, (0..8).map(|number| number.to_string()).collect());
}

#[test]
fn windows_of_two_are_never_left_in_order() {
    let mut world = World::new();
    let endpoint = world.endpoint(1);
    let steering = Steering {
        shuffle: std::num::NonZeroUsize::new(2),
        ..Steering::default()
    };
    world.steer(&endpoint, steering);
    for number in 0..6 {
        world.happen(&number.to_string());
    }
    world.deliver(|| answered(200));
    assert_eq!(world.tried(), ["1", "0", "3", "2", "5", "4"]);
}
