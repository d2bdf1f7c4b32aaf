//! Very much that is due at one instant.

use super::*;
use crate::domain::delivery::Delivery;
use crate::domain::webhook_steering::Steering;
use crate::service::deliveries::{list, steer};
use crate::store::DeliveryKey;

/// More than two units of work notice.
const MANY: usize = 2_500;
/// How long a domain is looked for.
const VERIFICATION_PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

#[test]
fn very_many_deliveries_become_due_in_several_units_of_work_and_nothing_else_is_late() {
    let environment = environment();
    let names = [
        "organization.created",
        "organization_domain.verification_failed",
    ];
    let url = "http://localhost:9/";
    let endpoint =
        webhook_endpoints::create(&environment, url, names.map(str::to_owned).to_vec()).unwrap();
    let steering = Steering {
        delay: VERIFICATION_PERIOD,
        ..Steering::default()
    };
    steer::steer(&environment, endpoint.id.as_str(), steering).unwrap();
    for number in 0..MANY {
        let new = NewOrganization {
            name: format!("Company {number}"),
            ..NewOrganization::default()
        };
        organizations::create(&environment, new).unwrap();
    }
    let domain = organization_domains::create(&environment, OrganizationId::TEST, "late.example");
    let domain = domain.unwrap();

    environment.clock.advance(VERIFICATION_PERIOD).unwrap();
    let shown = organization_domains::get(&environment, domain.id.as_str()).unwrap();
    assert!(matches!(shown.state, DomainState::Failed(_)), "{shown:?}");
    let count = |state: &str| {
        let state = DeliveryKey::State(state.into());
        environment.store.begin().count::<Delivery>(&state)
    };
    assert_eq!((count("due"), count("waiting")), (1_000, MANY - 1_000 + 1));
    // As long as there are any, nobody takes the environment for idle.
    for due in [2_000, MANY] {
        assert!(list::under_way(&environment).count > due - 1);
        assert_eq!(count("due"), due);
    }
    assert_eq!(list::under_way(&environment).count, MANY);
    // What the domain told of only now waits for a whole period.
    assert_eq!(count("waiting"), 1);
}
