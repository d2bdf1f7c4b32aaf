//! What there is of a directory that is set up.

use jiff::Timestamp;

use super::providers;
use super::{Known, MOST_GROUPS, pages};
use crate::domain::answers::Answers;
use crate::domain::directory::DirectoryState;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::{DirectoryUser, UserState};
use crate::domain::ids::Id as _;
use crate::domain::page::{Order, Page, PageRequest};
use crate::service::directory_setups;
use crate::service::setup::{
    Action, Alert, Cell, Copied, Fact, Overview, Status, Table, Tone, Visit,
};
use crate::store::{DirectoryGroupKey, DirectoryUserKey, EVERYWHERE, Query, Record};

/// How many rows a table shows at once.
const ROWS: usize = 10;

pub(super) fn of(visit: &Visit<'_>, known: &Known, query: &Answers) -> Overview {
    let directory = &known.directory;
    let mut overview = Overview::new(
        "Your directory",
        "Users and groups come from your provider, and change here when they change there.",
    );
    overview.alert = alert(visit, known);
    overview.status = Some(status(directory.state));
    let counts = directory.counts;
    overview.facts = vec![
        Fact::new("Provider", Cell::text(providers::name(directory.kind))),
        Fact::new("Users", Cell::text(users(counts.active, counts.inactive))),
        Fact::new("Groups", Cell::text(counts.groups.to_string())),
    ];
    overview
        .facts
        .extend(last_sync(known).map(|at| Fact::new("Last sync", Cell::Moment(at))));
    let setup = known.setup.as_deref();
    let reached_by = setup.map_or(&[][..], |setup| &setup.reached_by);
    overview.facts.extend(
        reached_by
            .iter()
            .map(|(label, value)| Fact::new(*label, Cell::text(value.clone()))),
    );
    overview.copied = vec![Copied::new("Directory ID", directory.id.as_str())];
    if directory.kind.is_scim() {
        let endpoint = pages::endpoint(visit, directory);
        overview.copied.push(Copied::new("Endpoint", endpoint));
        let token = setup.and_then(|setup| setup.token.as_ref());
        overview.facts.extend(
            token.map(|token| Fact::new("Token", Cell::code(format!("…{}", token.suffix)))),
        );
    }
    overview.tables = vec![
        user_table(visit, known, query),
        group_table(visit, known, query),
    ];
    overview.actions = actions(visit, known);
    overview
}

fn users(active: usize, inactive: usize) -> String {
    match inactive {
        0 => active.to_string(),
        _ => format!("{active} active, {inactive} suspended"),
    }
}

/// The last of the first sync and those by hand.
fn last_sync(known: &Known) -> Option<Timestamp> {
    let first = known.setup.as_ref().and_then(|setup| setup.synced_at);
    let by_hand = known.directory.synced.map(|moment| moment.at);
    first.max(by_hand)
}

fn alert(visit: &Visit<'_>, known: &Known) -> Option<Alert> {
    let setup = known.setup.as_deref()?;
    if setup
        .token
        .as_ref()
        .is_some_and(|token| token.shown.is_some())
    {
        return Some(Alert::new(
            Tone::Warn,
            "A new token waits to be copied",
            "It can be seen until you say that you have copied it.",
        ));
    }
    setup
        .synced_at
        .filter(|at| *at >= visit.since && known.directory.state == DirectoryState::Linked)
        .map(|_| {
            Alert::new(
                Tone::Good,
                "Your directory is connected",
                "The first sync is done. From now on changes come by themselves.",
            )
        })
}

fn status(state: DirectoryState) -> Status {
    match state {
        DirectoryState::Linked => Status::new(Tone::Good, "Linked"),
        DirectoryState::Validating => Status::new(Tone::Warn, "Being set up"),
        DirectoryState::InvalidCredentials => Status::new(Tone::Bad, "Credentials refused"),
        DirectoryState::Unlinked => Status::new(Tone::Neutral, "Disconnected"),
        DirectoryState::Deleting => Status::new(Tone::Neutral, "Being deleted"),
    }
}

fn actions(visit: &Visit<'_>, known: &Known) -> Vec<Action> {
    let mut actions = vec![
        Action::new("add_user", "Add a sample user"),
        Action::new("edit_attributes", "Edit attribute map"),
    ];
    if directory_setups::groups(&visit.work, &known.directory, MOST_GROUPS).is_some() {
        actions.push(Action::new("edit_groups", "Edit groups sync"));
    }
    if known.directory.kind.is_scim() {
        let token = known.setup.as_ref().and_then(|setup| setup.token.as_ref());
        if token.is_some_and(|token| token.shown.is_some()) {
            actions.push(Action::new("token", "See the token"));
        }
        actions.push(Action::new("rotate_token", "Replace the token"));
    }
    actions.push(Action::new("reset", "Delete the directory").dangerous());
    actions
}

fn user_table(visit: &Visit<'_>, known: &Known, query: &Answers) -> Table {
    let key = DirectoryUserKey::Directory(known.directory.id.clone());
    let (page, newer, older) = rows::<DirectoryUser>(visit, &key, query, USERS);
    let row = |user: &DirectoryUser| {
        let attributes = &user.attributes;
        let name = attributes.name.clone().unwrap_or_else(|| {
            let parts = [&attributes.first_name, &attributes.last_name];
            let parts: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
            parts.join(" ")
        });
        let (tone, state) = match attributes.state {
            UserState::Active => (Tone::Good, "Active"),
            UserState::Suspended => (Tone::Warn, "Suspended"),
            UserState::Inactive => (Tone::Neutral, "Inactive"),
        };
        let about = |step, label: &'static str| {
            Cell::Action(Action::new(step, label).about("user_id", user.id.as_str()))
        };
        vec![
            Cell::text(name),
            Cell::text(attributes.email.clone().unwrap_or_default()),
            Cell::text(attributes.job_title.clone().unwrap_or_default()),
            Cell::status(tone, state),
            about("change_user", "Change"),
            about("remove_user", "Remove"),
        ]
    };
    Table {
        title: "Users".into(),
        columns: ["Name", "E-mail address", "Job title", "State", "", ""]
            .map(Into::into)
            .to_vec(),
        rows: page.items.iter().map(|user| row(user)).collect(),
        empty: "There are no users.".into(),
        newer,
        older,
    }
}

fn group_table(visit: &Visit<'_>, known: &Known, query: &Answers) -> Table {
    let key = DirectoryGroupKey::Directory(known.directory.id.clone());
    let (page, newer, older) = rows::<DirectoryGroup>(visit, &key, query, GROUPS);
    let row = |group: &DirectoryGroup| {
        vec![
            Cell::text(group.attributes.name.clone()),
            Cell::code(group.id.as_str()),
            Cell::Moment(group.updated_at),
        ]
    };
    Table {
        title: "Groups".into(),
        columns: ["Name", "ID", "Changed"].map(Into::into).to_vec(),
        rows: page.items.iter().map(|group| row(group)).collect(),
        empty: "There are no groups.".into(),
        newer,
        older,
    }
}

/// The names of the cursors of a table: that of newer rows, and that of older ones.
type Cursors = (&'static str, &'static str);
const USERS: Cursors = ("users_before", "users_after");
const GROUPS: Cursors = ("groups_before", "groups_after");

/// A page of rows, the latest first, with the ways to those around it. What is no cursor leads to the first page.
fn rows<R: Record>(
    visit: &Visit<'_>,
    key: &R::Key,
    query: &Answers,
    cursors: Cursors,
) -> (Page<R>, Option<Answers>, Option<Answers>) {
    let cursor = |name: &str| query.text(name).map(str::to_owned);
    let request = |before, after| PageRequest {
        before,
        after,
        limit: ROWS,
        order: Order::Desc,
    };
    let list = |page: &PageRequest| {
        visit.work.list(&Query {
            filters: vec![vec![key.clone()]],
            verify: &|_| true,
            within: EVERYWHERE,
            page,
        })
    };
    let page = list(&request(cursor(cursors.0), cursor(cursors.1)))
        .or_else(|_| list(&request(None, None)))
        .unwrap_or(Page {
            items: Vec::new(),
            before: None,
            after: None,
        });
    // The other table stays where it is.
    let others: Answers = [USERS, GROUPS]
        .into_iter()
        .filter(|other| *other != cursors)
        .flat_map(|(before, after)| [before, after])
        .filter_map(|name| Some((name.to_owned(), cursor(name)?)))
        .collect();
    let way = |name: &str, id: &Option<String>| Some(others.clone().with(name, id.as_deref()?));
    let newer = way(cursors.0, &page.before);
    let older = way(cursors.1, &page.after);
    (page, newer, older)
}
