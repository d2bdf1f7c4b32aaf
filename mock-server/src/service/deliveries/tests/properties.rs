//! Whatever happens to a queue, nothing of it is lost, sent out of order, or left where nobody comes for it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed};

use super::*;

/// The same cases in every run, so that a failure is one for everybody.
fn settings() -> Config {
    Config {
        cases: 300,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    }
}

/// How many endpoints there are.
const ENDPOINTS: usize = 2;

#[derive(Clone, Debug)]
enum Step {
    Happen,
    /// One of the organizations that there are is deleted.
    Delete(Index),
    /// The courier comes; so many attempts fail before one works.
    Deliver(usize),
    Advance(i64),
    Enable(usize, bool),
    Subscribe(usize, bool),
    Order(usize, Option<DeliveryOrdering>),
    Pause(usize),
    PauseAll(bool),
    Resend(Index),
    Shuffle(usize),
    Delay(usize),
}

fn step(with_disorder: bool) -> impl Strategy<Value = Step> {
    let endpoint = 0..ENDPOINTS;
    let ordering = prop_oneof![
        Just(None),
        Just(Some(DeliveryOrdering::Strict)),
        Just(Some(DeliveryOrdering::Relaxed)),
    ];
    let orderly = prop_oneof![
        4 => Just(Step::Happen),
        2 => any::<Index>().prop_map(Step::Delete),
        4 => (0..4_usize).prop_map(Step::Deliver),
        2 => (0..60_i64).prop_map(Step::Advance),
        1 => (endpoint.clone(), any::<bool>()).prop_map(|(at, on)| Step::Enable(at, on)),
        1 => (endpoint.clone(), any::<bool>()).prop_map(|(at, on)| Step::Subscribe(at, on)),
        1 => (endpoint.clone(), ordering).prop_map(|(at, order)| Step::Order(at, order)),
        1 => endpoint.clone().prop_map(Step::Pause),
        1 => any::<bool>().prop_map(Step::PauseAll),
    ];
    let disorder = prop_oneof![
        any::<Index>().prop_map(Step::Resend),
        endpoint.clone().prop_map(Step::Shuffle),
        endpoint.prop_map(Step::Delay),
        (-60..0_i64).prop_map(Step::Advance),
    ];
    if with_disorder {
        prop_oneof![3 => orderly, 1 => disorder].boxed()
    } else {
        orderly.boxed()
    }
}

/// A world beside a count of what it has to send.
struct Twins {
    world: World,
    endpoints: Vec<String>,
    /// Whether an endpoint is enabled, and whether it wants to know what is created.
    open: [(bool, bool); ENDPOINTS],
    /// How many deliveries there have to be.
    expected: usize,
    organizations: Vec<String>,
}

impl Twins {
    fn new() -> Self {
        let world = World::with(retries(&[10, 20]));
        let endpoints = (1..).take(ENDPOINTS).map(|port| world.endpoint(port));
        Self {
            endpoints: endpoints.collect(),
            world,
            open: [(true, true); ENDPOINTS],
            expected: 0,
            organizations: Vec::new(),
        }
    }

    fn apply(&mut self, step: &Step) {
        let world = &mut self.world;
        let default = Steering::default();
        match step {
            Step::Happen => {
                self.organizations.push(world.happen("Acme"));
                let open = self.open.iter().filter(|open| **open == (true, true));
                self.expected += open.count();
            }
            Step::Delete(which) if !self.organizations.is_empty() => {
                let which = which.index(self.organizations.len());
                world.delete(&self.organizations.swap_remove(which));
                self.expected += self.open.iter().filter(|open| open.0).count();
            }
            Step::Delete(_) => {}
            Step::Deliver(failures) => {
                let mut left = *failures;
                world.deliver(|| {
                    if left == 0 {
                        return answered(200);
                    }
                    left -= 1;
                    failed()
                });
            }
            Step::Advance(seconds) => world.advance_seconds(*seconds),
            Step::Enable(at, on) => {
                self.open[*at].0 = *on;
                world.enable(&self.endpoints[*at], *on);
            }
            Step::Subscribe(at, on) => {
                self.open[*at].1 = *on;
                let events: &[&str] = if *on { &[CREATED, DELETED] } else { &[DELETED] };
                world.subscribe(&self.endpoints[*at], events);
            }
            Step::Order(at, ordering) => world.steer(
                &self.endpoints[*at],
                Steering {
                    ordering: *ordering,
                    ..default
                },
            ),
            Step::Pause(at) => world.steer(
                &self.endpoints[*at],
                Steering {
                    paused: true,
                    ..default
                },
            ),
            Step::PauseAll(paused) => pause(&world.environment, *paused),
            Step::Resend(which) => {
                let all = world.all();
                if !all.is_empty() {
                    // It may be refused, and then nothing has changed.
                    let _ = resend(&world.environment, which.get(&all).id.as_str());
                }
            }
            Step::Shuffle(at) => world.steer(
                &self.endpoints[*at],
                Steering {
                    shuffle: NonZeroUsize::new(3),
                    ..default
                },
            ),
            Step::Delay(at) => world.steer(
                &self.endpoints[*at],
                Steering {
                    delay: SignedDuration::from_secs(15),
                    ..default
                },
            ),
        }
    }

    /// Lets everything go on until time has brought all it can. Only what is paused is woken: the rest has to go on by itself.
    fn finish(&mut self) {
        if self.world.environment.wakeups.is_paused() {
            pause(&self.world.environment, false);
        }
        for endpoint in &self.endpoints {
            let steering = steering(&self.world.environment, endpoint).unwrap();
            if steering.paused {
                self.world.steer(endpoint, Steering::default());
            }
        }
        for _ in 0..5 {
            self.world.deliver(|| answered(200));
            self.world.advance_seconds(1_000);
        }
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn every_delivery_comes_to_an_end(steps in vec(step(true), 0..60)) {
        let mut twins = Twins::new();
        for step in &steps {
            twins.apply(step);
        }
        twins.finish();
        let all = twins.world.all();
        prop_assert_eq!(all.len(), twins.expected);
        prop_assert_eq!(list::left_over(&twins.world.environment), 0);
        for delivery in &all {
            let state = delivery.progress.state;
            prop_assert!(matches!(state, DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Cancelled(_)), "{state:?}");
            let successes = delivery.progress.attempts.iter().filter(|one| one.outcome.is_success());
            let delivered = state == DeliveryState::Delivered;
            prop_assert!(!delivered || successes.count() > 0);
        }
    }

    #[test]
    fn first_attempts_are_made_in_order(steps in vec(step(false), 0..60)) {
        let mut twins = Twins::new();
        for step in &steps {
            twins.apply(step);
        }
        twins.finish();
        let mut firsts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (delivery, _) in &twins.world.tried {
            let firsts = firsts.entry(delivery.endpoint_id.as_str()).or_default();
            if delivery.progress.attempts.is_empty() {
                firsts.push(delivery.id.as_str());
            }
        }
        for ids in firsts.values() {
            prop_assert!(ids.is_sorted(), "{ids:?}");
        }
        // Without anything being sent again on purpose, nothing is sent again that has arrived.
        for delivery in twins.world.all() {
            let attempts = &delivery.progress.attempts;
            let arrived = attempts.iter().position(|one| one.outcome.is_success());
            prop_assert!(arrived.is_none_or(|at| at + 1 == attempts.len()));
            prop_assert!(attempts.len() <= 3);
        }
    }

    #[test]
    fn in_strict_order_nothing_overtakes(steps in vec(step(false), 0..60)) {
        let mut twins = Twins::new();
        let strict = |step: &Step| !matches!(step, Step::Order(..) | Step::Pause(_));
        for at in 0..ENDPOINTS {
            twins.apply(&Step::Order(at, Some(DeliveryOrdering::Strict)));
        }
        for step in steps.iter().filter(|step| strict(step)) {
            twins.apply(step);
        }
        let mut tried: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (delivery, _) in &twins.world.tried {
            tried.entry(delivery.endpoint_id.as_str()).or_default().push(delivery.id.as_str());
        }
        for ids in tried.values() {
            prop_assert!(ids.is_sorted(), "{ids:?}");
        }
    }
}
