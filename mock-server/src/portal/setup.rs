//! `/portal/sessions/{id}/{intent}`: one part of the portal, step by step.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::fields::{FieldView, Filled};
use super::pages::Notice;
use super::respond::{Refused, page_with_form, see_other};
use super::session::{Holder, path};
use super::setup_pages::{AlertView, OverviewPage, Place, RailItem, StepPage, TableView};
use super::shell::{Failure, Shell};
use crate::dial;
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::error::Violation;
use crate::domain::intent::Intent;
use crate::service::setup::{self, Flow, Given, Held, Next, Page, Position, after, flow, submit};
use crate::state::AppState;
use crate::webhooks::send_first;

/// What of a query is about the page and not about what it shows.
const SAMPLES: &str = "samples";
const FIND: &str = "find";

type PartPath = Result<Path<(String, String)>, PathRejection>;
type StepPath = Result<Path<(String, String, String)>, PathRejection>;

/// Sends the visitor to the next step, or shows what there is.
pub(super) async fn overview(
    State(state): State<AppState>,
    path: PartPath,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (id, intent) = path.map(|Path(path)| path).unwrap_or_default();
    let holder = Holder::of(&state, &headers, &id)?;
    let held = holder.visit(&state)?;
    let intent = part(&holder, &held, &intent)?;
    let flow = flow(intent);
    let place = Place::new(&held.session, intent);
    if let Position::At(step) = flow.landing(&held.visit) {
        return Ok(see_other(&place.step(step, &Answers::default())));
    }
    let query = answers(query.as_deref());
    let now = held.visit.work.at();
    let shown = flow.overview(&held.visit, &query);
    let search = shown.search.iter().map(|field| {
        let filled = Filled::Typed(&query, &shown.violations);
        FieldView::new(field, &filled, None)
    });
    let template = OverviewPage {
        shell: Shell::new(
            &holder.environment,
            &held.session,
            &held.visit,
            &holder.secret,
        ),
        feature: intent,
        can_finish: flow.can_finish(&held.visit),
        search: search.collect(),
        tables: shown
            .tables
            .iter()
            .map(|table| TableView::new(table, &place, now))
            .collect(),
        facts: place.facts(&shown.facts, now),
        copied: shown.copied,
        alert: shown.alert.as_ref().map(AlertView::new),
        status: shown
            .status
            .as_ref()
            .map(super::setup_pages::CellView::status),
        actions: place.actions(&shown.actions),
        title: shown.title.into_owned(),
        lead: shown.lead.into_owned(),
        place,
    };
    let status = if shown.violations.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page_with_form(status, &template))
}

/// Shows a step.
pub(super) async fn show(
    State(state): State<AppState>,
    path: StepPath,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (id, intent, step) = path.map(|Path(path)| path).unwrap_or_default();
    let holder = Holder::of(&state, &headers, &id)?;
    let held = holder.visit(&state)?;
    let intent = part(&holder, &held, &intent)?;
    let mut about = answers(query.as_deref());
    let filled = match about.take(SAMPLES) {
        Some(_) => Filled::Samples,
        None => Filled::Known,
    };
    let find = about.take(FIND);
    let flow = flow(intent);
    if !flow.is_reachable(&held.visit, &step) {
        let place = Place::new(&held.session, intent);
        return Ok(see_other(&place.root));
    }
    let Some(page) = flow.page(&held.visit, &step, &about) else {
        return Err(holder.notice(Notice::NoSuchPage).into());
    };
    let shown = Shown {
        intent,
        step: &step,
        about: &about,
        page,
        filled,
        find: find.as_deref(),
    };
    Ok(step_page(&holder, &held, shown, StatusCode::OK))
}

/// Takes the answers to a step.
pub(super) async fn answer(
    State(state): State<AppState>,
    path: StepPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let (id, intent, step) = path.map(|Path(path)| path).unwrap_or_default();
    let holder = Holder::of(&state, &headers, &id)?;
    let given = holder.form(&state, &headers, body).await?;
    let (intent, flow, first) = {
        let held = holder.visit(&state)?;
        let intent = part(&holder, &held, &intent)?;
        let flow = flow(intent);
        (intent, flow, flow.to_send(&held.visit, &step, &given))
    };
    let fetched = match flow.address(&given) {
        Some(address) => Some(dial::read(&state.dialing, address).await),
        None => None,
    };
    let sent = match first {
        Some(first) => Some(send_first(&state.dialing, &holder.environment, first).await),
        None => None,
    };
    let mut held = holder.visit(&state)?;
    let place = Place::new(&held.session, intent);
    if !flow.is_reachable(&held.visit, &step) {
        return Ok(see_other(&place.root));
    }
    // What it was about is done, perhaps by the same form sent twice: what there is says so.
    let Some(page) = flow.page(&held.visit, &step, &given) else {
        return Ok(see_other(&place.root));
    };
    let submitted = Given {
        answers: &given,
        fetched: fetched.as_ref(),
        sent: sent.as_ref(),
    };
    let next = match submit(flow, &mut held.visit, &step, &page.fields, &submitted) {
        Ok(next) => next,
        Err(error) => {
            // What it began is dropped; the page is that of before, with everything typed.
            let held = renewed(&holder, &state, held)?;
            let violations = violations(error);
            let shown = Shown {
                intent,
                step: &step,
                about: &given,
                page,
                filled: Filled::Typed(&given, &violations),
                find: None,
            };
            return Ok(step_page(
                &holder,
                &held,
                shown,
                StatusCode::UNPROCESSABLE_ENTITY,
            ));
        }
    };
    let location = match next {
        Next::Onward => match after(flow, &held.visit, &step) {
            Position::At(step) => place.step(step, &Answers::default()),
            Position::Done => place.root,
        },
        Next::Step(step, about) => place.step(step, &about),
        Next::Overview => place.root,
        Next::File(token) => export_path(token.expose()),
    };
    held.visit.work.commit();
    Ok(see_other(&location))
}

/// Where the file of an export is fetched from.
fn export_path(token: &str) -> String {
    format!("/exports/{token}.csv")
}

fn renewed<'a>(
    holder: &'a Holder,
    state: &'a AppState,
    held: Held<'a>,
) -> Result<Held<'a>, Refused> {
    drop(held);
    holder.visit(state)
}

/// The part that a path names, if the session opens on it.
fn part(holder: &Holder, held: &Held<'_>, name: &str) -> Result<Intent, Refused> {
    Intent::parse(name)
        .filter(|intent| held.session.purpose.includes(*intent))
        .ok_or_else(|| holder.notice(Notice::NoSuchPage).into())
}

struct Shown<'a> {
    intent: Intent,
    step: &'a str,
    about: &'a Answers,
    page: Page,
    filled: Filled<'a>,
    find: Option<&'a str>,
}

fn step_page(holder: &Holder, held: &Held<'_>, shown: Shown<'_>, status: StatusCode) -> Response {
    let flow = flow(shown.intent);
    let Held { session, visit } = held;
    let place = Place::new(session, shown.intent);
    let Page {
        title,
        lead,
        alert,
        ways,
        guide,
        copied,
        facts,
        fields,
        button,
        is_dangerous,
    } = shown.page;
    let mut shell = Shell::new(&holder.environment, session, visit, &holder.secret);
    let action = format!("{}/{}", place.root, shown.step);
    shell.samples = fields
        .iter()
        .any(|field| !field.sample.is_empty())
        .then(|| place.step(shown.step, &kept(shown.about, &fields).with(SAMPLES, "1")));
    let failure = flow.failure(visit, shown.step);
    shell.failure = failure.map(|answers| {
        // What the step is about, what stands in its fields or samples, and what makes it fail.
        let mut all = shown.about.or_samples(&fields);
        all.replace(&answers);
        Failure::new(action.clone(), &all)
    });
    let views: Vec<_> = fields
        .iter()
        .map(|field| FieldView::new(field, &shown.filled, shown.find))
        .collect();
    // What is wrong and belongs to no field on the page.
    let general = match &shown.filled {
        Filled::Typed(_, violations) => violations
            .iter()
            .filter(|violation| !views.iter().any(|view| is_beside(view, violation)))
            .map(|violation| violation.message.clone())
            .collect(),
        Filled::Known | Filled::Samples => Vec::new(),
    };
    let template = StepPage {
        shell,
        feature: shown.intent,
        rail: rail(flow, held, &place, shown.step),
        title: title.into_owned(),
        lead: lead.into_owned(),
        alert: alert.as_ref().map(AlertView::new),
        ways: place.ways(&ways),
        guide: guide
            .into_iter()
            .map(std::borrow::Cow::into_owned)
            .collect(),
        copied,
        facts: place.facts(&facts, visit.work.at()),
        fields: views,
        general,
        button: button.into_owned(),
        is_dangerous,
        action,
        find: shown.find.unwrap_or_default().to_owned(),
        place,
        is_landing: flow.landing(visit) == Position::Done,
    };
    page_with_form(status, &template)
}

fn is_beside(view: &FieldView, violation: &Violation) -> bool {
    view.name == violation.field && view.shape != super::fields::Shape::Hidden
}

/// What a page is about, of what was asked for.
fn kept(about: &Answers, fields: &[crate::domain::form::Field]) -> Answers {
    let hidden = fields
        .iter()
        .filter(|field| field.kind == crate::domain::form::Kind::Hidden);
    hidden
        .filter_map(|field| Some((field.name.to_owned(), about.text(field.name)?.to_owned())))
        .collect()
}

fn rail(flow: &dyn Flow, held: &Held<'_>, place: &Place, step: &str) -> Vec<RailItem> {
    let steps = flow.steps(&held.visit);
    if !steps.iter().any(|one| one.name == step) {
        return Vec::new();
    }
    let position = flow.position(&held.visit);
    let reached = match position {
        Position::At(at) => steps.iter().position(|one| one.name == at).unwrap_or(0),
        Position::Done => steps.len(),
    };
    let item = |(number, one): (usize, &setup::Step)| RailItem {
        number: number + 1,
        title: one.title.to_string(),
        href: (flow.is_reachable(&held.visit, one.name) && one.name != step)
            .then(|| place.step(one.name, &Answers::default())),
        is_current: one.name == step,
        is_done: number < reached,
    };
    steps.iter().enumerate().map(item).collect()
}

fn violations(error: Error) -> Vec<Violation> {
    match error {
        Error::Invalid(violations) => violations,
        error => vec![Violation::new(
            "",
            crate::domain::error::Rule::Value,
            error.to_string(),
        )],
    }
}

fn answers(query: Option<&str>) -> Answers {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

impl Place {
    fn new(session: &crate::domain::portal_session::PortalSession, intent: Intent) -> Self {
        Self {
            root: format!("{}/{}", path(session), intent.as_str()),
        }
    }
}
