//! Directories, and what a provider does to them.

use super::events::{self, ListEvents};
use super::*;
use crate::domain::directory::{Counts, Directory, DirectoryState, DirectoryType};
use crate::domain::directory_group::{DirectoryGroupEvent, GroupAttributes};
use crate::domain::directory_user::{
    DirectoryUser, DirectoryUserEvent, UserAttributes, UserEmail, UserState,
};
use crate::domain::error::Rule;
use crate::domain::event::{Event, Happening};
use crate::service::directories::{self, NewDirectory};
use crate::service::directory_groups::{self, ListDirectoryGroups};
use crate::service::directory_users::{self, ListDirectoryUsers};
use crate::service::population::{NewGroup, NewUser, Populace};
use crate::service::provisioning;
use crate::store::DirectoryUserKey;

const NAMES: [&str; 10] = [
    "dsync.activated",
    "dsync.deleted",
    "dsync.user.created",
    "dsync.user.updated",
    "dsync.user.deleted",
    "dsync.group.created",
    "dsync.group.updated",
    "dsync.group.deleted",
    "dsync.group.user_added",
    "dsync.group.user_removed",
];

fn create(environment: &Environment, users: usize, groups: usize) -> Arc<Directory> {
    let new = NewDirectory {
        organization_id: OrganizationId::TEST.into(),
        name: None,
        domain: None,
        kind: DirectoryType::OktaScim,
        state: DirectoryState::Linked,
        users: Populace::Samples(users),
        groups: Populace::Samples(groups),
    };
    directories::create(environment, new).unwrap()
}

fn journal(environment: &Environment) -> Vec<Arc<Event>> {
    let list = ListEvents {
        page: PageRequest {
            limit: 1_000,
            order: Order::Asc,
            ..PageRequest::default()
        },
        names: NAMES.map(str::to_owned).to_vec(),
        ..ListEvents::default()
    };
    events::list(environment, list).unwrap().items
}

fn names(events: &[Arc<Event>]) -> Vec<&'static str> {
    events.iter().map(|event| event.what.name()).collect()
}

fn attributes(email: &str) -> UserAttributes {
    UserAttributes {
        email: Some(email.into()),
        first_name: None,
        last_name: None,
        name: None,
        emails: vec![UserEmail::work(email)],
        job_title: None,
        username: None,
        state: UserState::Active,
        raw_attributes: serde_json::Map::new(),
        custom_attributes: serde_json::Map::new(),
        roles: Vec::new(),
    }
}

fn person(idp_id: &str, attributes: UserAttributes) -> NewUser {
    NewUser {
        idp_id: Some(idp_id.into()),
        attributes,
    }
}

fn named(name: &str) -> GroupAttributes {
    GroupAttributes {
        name: name.into(),
        raw_attributes: serde_json::Map::new(),
    }
}

fn users(environment: &Environment, list: ListDirectoryUsers) -> Vec<String> {
    let list = ListDirectoryUsers {
        page: PageRequest {
            limit: 1_000,
            order: Order::Asc,
            ..PageRequest::default()
        },
        ..list
    };
    let (page, _) = directory_users::list(environment, &list).unwrap();
    page.items.iter().map(|user| user.idp_id.clone()).collect()
}

fn groups_of(environment: &Environment, user: &str) -> Vec<String> {
    let list = ListDirectoryGroups {
        page: PageRequest {
            limit: 1_000,
            order: Order::Asc,
            ..PageRequest::default()
        },
        user: Some(user.into()),
        directory: None,
    };
    let page = directory_groups::list(environment, &list).unwrap();
    page.items
        .iter()
        .map(|group| group.idp_id.clone())
        .collect()
}

fn members(environment: &Environment, group: &str) -> Vec<String> {
    users(
        environment,
        ListDirectoryUsers {
            group: Some(group.into()),
            ..ListDirectoryUsers::default()
        },
    )
}

fn counts(environment: &Environment, directory: &Directory) -> Counts {
    let directory = directories::get(environment, directory.id.as_str()).unwrap();
    let users = environment
        .store
        .begin()
        .find_all::<DirectoryUser>(&DirectoryUserKey::Directory(directory.id.clone()));
    let active = users
        .iter()
        .filter(|user| user.attributes.state == UserState::Active)
        .count();
    assert_eq!(directory.counts.active, active);
    assert_eq!(directory.counts.inactive, users.len() - active);
    directory.counts
}

#[test]
fn a_user_comes_changes_and_goes() {
    let environment = environment();
    let directory = create(&environment, 0, 0);
    let add = |idp_id| {
        let attributes = attributes("a@a.example");
        provisioning::add_user(
            &environment,
            directory.id.as_str(),
            person(idp_id, attributes),
        )
    };
    let user = add("1").unwrap();
    let Err(Error::Invalid(violations)) = add("1") else {
        panic!("the provider has one user of a name");
    };
    assert_eq!(
        (violations[0].field.as_str(), violations[0].rule),
        ("idp_id", Rule::Duplicate)
    );
    assert!(
        matches!(
            provisioning::add_user(&environment, "x", person("1", attributes("a"))),
            Err(Error::NotFound { .. })
        ),
        "no directory"
    );
    assert_eq!(counts(&environment, &directory).active, 1);

    let minute = SignedDuration::from_secs(60);
    environment.clock.advance(minute).unwrap();
    let id = user.id.as_str();
    let update = |attributes| {
        let change = |all: &mut UserAttributes| *all = attributes;
        provisioning::update_user(&environment, id, change).unwrap()
    };
    assert_eq!(
        update(attributes("a@a.example")).unwrap(),
        user,
        "no change"
    );
    let suspended = UserAttributes {
        state: UserState::Suspended,
        ..attributes("b@a.example")
    };
    let changed = update(suspended.clone()).unwrap();
    assert_eq!(changed.updated_at, start() + minute);
    assert_eq!(changed.created_at, start());
    assert_eq!(counts(&environment, &directory).inactive, 1);
    let by_email = |email: &str| {
        users(
            &environment,
            ListDirectoryUsers {
                directory: Some(directory.id.to_string()),
                email: Some(email.into()),
                ..ListDirectoryUsers::default()
            },
        )
    };
    assert_eq!(by_email("a@a.example"), [""; 0]);
    assert_eq!(by_email("B@a.example"), ["1"]);

    let inactive = UserAttributes {
        state: UserState::Inactive,
        ..suspended
    };
    assert_eq!(update(inactive), None);
    assert!(directory_users::get(&environment, id).is_err());
    assert_eq!(counts(&environment, &directory), Counts::default());
    let other = add("1").unwrap();
    provisioning::remove_user(&environment, other.id.as_str()).unwrap();
    assert!(provisioning::remove_user(&environment, other.id.as_str()).is_err());
    assert_eq!(counts(&environment, &directory), Counts::default());

    let told = journal(&environment);
    assert_eq!(
        names(&told),
        [
            "dsync.activated",
            "dsync.user.created",
            "dsync.user.updated",
            "dsync.user.deleted",
            "dsync.user.created",
            "dsync.user.deleted",
        ]
    );
    let Happening::DirectoryUser(DirectoryUserEvent::Updated { before, user: now }) = &told[2].what
    else {
        panic!("an update");
    };
    assert_eq!((before, now), (&user, &changed));
    let Happening::DirectoryUser(event) = &told[3].what else {
        panic!("a user");
    };
    assert_eq!(event.user().attributes.state, UserState::Inactive);
}

#[test]
fn a_group_comes_changes_and_goes_and_tells_of_its_members_only_while_it_is_there() {
    let environment = environment();
    let directory = create(&environment, 0, 0);
    let in_directory = directory.id.as_str();
    let user = |idp_id| {
        let attributes = attributes("a@a.example");
        provisioning::add_user(&environment, in_directory, person(idp_id, attributes)).unwrap()
    };
    let group = |idp_id: &str| {
        let new = NewGroup {
            idp_id: Some(idp_id.into()),
            attributes: named("A"),
            members: Vec::new(),
        };
        provisioning::add_group(&environment, in_directory, new)
    };
    let (ada, ben) = (user("ada"), user("ben"));
    let (one, two) = (group("one").unwrap(), group("two").unwrap());
    assert!(group("one").is_err());
    let join = |group: &str, user: &str| provisioning::join(&environment, group, user);
    environment
        .clock
        .advance(SignedDuration::from_secs(60))
        .unwrap();
    join(one.id.as_str(), ben.id.as_str()).unwrap();
    join(one.id.as_str(), ada.id.as_str()).unwrap();
    join(one.id.as_str(), ada.id.as_str()).unwrap();
    join(two.id.as_str(), ada.id.as_str()).unwrap();
    let elsewhere = create(&environment, 1, 0);
    let key = DirectoryUserKey::Directory(elsewhere.id.clone());
    let stranger = environment
        .store
        .begin()
        .find::<DirectoryUser>(&key)
        .unwrap();
    assert!(join(one.id.as_str(), stranger.id.as_str()).is_err());
    assert_eq!(members(&environment, one.id.as_str()), ["ada", "ben"]);
    assert_eq!(groups_of(&environment, ada.id.as_str()), ["one", "two"]);
    let (found, groups) = directory_users::get(&environment, ada.id.as_str()).unwrap();
    assert_eq!(found.updated_at, start(), "joining is no change of a user");
    let of_ada: Vec<_> = groups
        .of(&found)
        .map(|group| group.idp_id.as_str())
        .collect();
    assert_eq!(of_ada, ["one", "two"]);

    provisioning::leave(&environment, one.id.as_str(), ben.id.as_str()).unwrap();
    provisioning::leave(&environment, one.id.as_str(), ben.id.as_str()).unwrap();
    let rename = |group: &mut GroupAttributes| *group = named("B");
    let renamed = provisioning::update_group(&environment, one.id.as_str(), rename).unwrap();
    assert!(renamed.updated_at > renamed.created_at);
    let same = provisioning::update_group(&environment, one.id.as_str(), rename).unwrap();
    assert_eq!(same, renamed);
    assert_eq!(counts(&environment, &directory).groups, 2);
    provisioning::remove_group(&environment, one.id.as_str()).unwrap();
    assert!(provisioning::remove_group(&environment, one.id.as_str()).is_err());
    assert_eq!(counts(&environment, &directory).groups, 1);
    assert_eq!(groups_of(&environment, ada.id.as_str()), ["two"]);

    let told = journal(&environment);
    assert_eq!(
        names(&told),
        [
            "dsync.activated",
            "dsync.user.created",
            "dsync.user.created",
            "dsync.group.created",
            "dsync.group.created",
            "dsync.group.user_added",
            "dsync.group.user_added",
            "dsync.group.user_added",
            "dsync.activated",
            "dsync.user.created",
            "dsync.group.user_removed",
            "dsync.group.updated",
            "dsync.group.deleted",
        ]
    );
    let Happening::DirectoryGroup(DirectoryGroupEvent::Updated { before, .. }) = &told[11].what
    else {
        panic!("an update");
    };
    assert_eq!(*before, one);
}

#[test]
fn counts_are_those_of_what_is_there() {
    let environment = environment();
    let directory = create(&environment, 50, 4);
    let expected = Counts {
        active: 50,
        inactive: 0,
        groups: 4,
    };
    assert_eq!(counts(&environment, &directory), expected);
    directories::delete(&environment, directory.id.as_str()).unwrap();
    let key = DirectoryUserKey::Directory(directory.id.clone());
    assert!(
        environment
            .store
            .begin()
            .find::<DirectoryUser>(&key)
            .is_none()
    );
    assert_eq!(names(&journal(&environment)).last(), Some(&"dsync.deleted"));
}
