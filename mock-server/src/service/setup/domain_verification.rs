//! Domain verification: the domain, then the record that proves it.

use std::sync::Arc;

use super::{
    Action, Alert, Cell, Copied, Fact, Flow, Given, Made, Next, Overview, Page, Position, Status,
    Step, Table, Tone, Visit,
};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::domain_name::DomainName;
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Choice, Field, Kind};
use crate::domain::ids::Id as _;
use crate::domain::organization_domain::{
    DnsChallenge, DomainState, FailureReason, OrganizationDomain,
};
use crate::service::organization_domains;

pub(super) struct DomainVerification;

/// What the look into the DNS finds.
const OUTCOMES: [(&str, &str, &str); 4] = [
    ("found", "The record is there", "The domain is verified."),
    (
        "not_yet",
        "The record is not there yet",
        "It is looked for again and again, for 30 days.",
    ),
    (
        "verified_by_other_organization",
        "Another organization has proved the domain",
        "The verification fails.",
    ),
    (
        "period_expired",
        "30 days are over",
        "The verification fails, and can be begun anew.",
    ),
];

impl Flow for DomainVerification {
    fn steps(&self, _visit: &Visit<'_>) -> Vec<Step> {
        vec![
            Step::new("domain", "Enter a domain"),
            Step::new("record", "Prove that it is yours"),
        ]
    }

    fn position(&self, visit: &Visit<'_>) -> Position {
        match touched(visit).map(|domain| domain.state.clone()) {
            Some(DomainState::Verified(_)) => Position::Done,
            Some(DomainState::Failed(_)) => Position::At("again"),
            _ if pending(visit, &Answers::default()).is_some() => Position::At("record"),
            _ => Position::At("domain"),
        }
    }

    fn landing(&self, visit: &Visit<'_>) -> Position {
        if visit.organization().domains.is_empty() {
            Position::At("domain")
        } else {
            Position::Done
        }
    }

    fn is_reachable(&self, visit: &Visit<'_>, step: &str) -> bool {
        step != "record" || pending(visit, &Answers::default()).is_some()
    }

    fn can_finish(&self, visit: &Visit<'_>) -> bool {
        !visit.organization().domains.is_empty()
    }

    fn page(&self, visit: &Visit<'_>, step: &str, about: &Answers) -> Option<Page> {
        match step {
            "domain" => Some(domain_page(visit)),
            "record" => pending(visit, about).map(|domain| record_page(&domain, about)),
            "again" => failed(visit, about).map(|domain| again_page(&domain)),
            _ => None,
        }
    }

    fn overview(&self, visit: &Visit<'_>, _query: &Answers) -> Overview {
        let organization = visit.organization();
        let mut overview = Overview::new(
            "Your domains",
            "Whoever can change a domain’s DNS owns it. A verified domain is proved to be yours.",
        );
        overview.alert = touched(visit)
            .filter(|domain| domain.pending().is_none())
            .map(|domain| outcome(&domain));
        let rows = organization.domains.iter().rev().map(|domain| row(domain));
        overview.tables = vec![Table {
            title: "Domains".into(),
            columns: vec!["Domain".into(), "State".into(), "Since".into(), "".into()],
            rows: rows.collect(),
            empty: "There is no domain yet.".into(),
            newer: None,
            older: None,
        }];
        overview.actions = vec![Action::new("domain", "Add a domain")];
        let verified = organization.domains.iter().filter(|one| one.is_verified());
        overview.facts = vec![Fact::new(
            "Verified",
            Cell::text(format!(
                "{} of {}",
                verified.count(),
                organization.domains.len()
            )),
        )];
        overview
    }

    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error> {
        let text = |name| given.answers.text(name).unwrap_or_default();
        match step {
            "domain" => {
                let organization = visit.organization();
                let name = DomainName::parse(text("domain")).ok();
                let known = organization
                    .domains
                    .iter()
                    .find(|one| Some(&one.name) == name.as_ref());
                let domain = match known {
                    // Sent twice, or gone back to: the domain is there and waits for its record, or does so anew.
                    Some(domain) if !domain.is_verified() => {
                        organization_domains::look_again(&mut visit.work, domain.id.as_str())
                    }
                    _ => organization_domains::add(
                        &mut visit.work,
                        organization.id.as_str(),
                        text("domain"),
                    ),
                };
                let domain = domain.map_err(beside_the_field)?;
                let about = Answers::default().with("domain_id", domain.id.as_str());
                Ok(Next::Step("record", about))
            }
            "record" => {
                let domain = pending(visit, given.answers).ok_or_else(|| gone("domain_id"))?;
                let id = domain.id.as_str();
                match text("outcome") {
                    "found" => drop(organization_domains::end_found(&mut visit.work, id)?),
                    "not_yet" => {
                        let about = Answers::default()
                            .with("domain_id", id)
                            .with("looked", "not_yet");
                        return Ok(Next::Step("record", about));
                    }
                    other => {
                        let reason = if other == "period_expired" {
                            FailureReason::PeriodExpired
                        } else {
                            FailureReason::VerifiedByOther
                        };
                        organization_domains::end_failed(&mut visit.work, id, reason)?;
                    }
                }
                Ok(Next::Overview)
            }
            _ => {
                let domain = failed(visit, given.answers).ok_or_else(|| gone("domain_id"))?;
                organization_domains::look_again(&mut visit.work, domain.id.as_str())?;
                let about = Answers::default().with("domain_id", domain.id.as_str());
                Ok(Next::Step("record", about))
            }
        }
    }

    fn failure(&self, _visit: &Visit<'_>, step: &str) -> Option<Answers> {
        let answers = Answers::default();
        match step {
            "domain" => Some(answers.with("domain", "gmail.com")),
            "record" => Some(answers.with("outcome", "verified_by_other_organization")),
            _ => None,
        }
    }

    fn made(&self, visit: &Visit<'_>) -> Vec<Made> {
        let organization = visit.organization();
        let domains = organization.domains.iter();
        let made = domains.filter(|domain| domain.updated_at >= visit.since);
        made.map(|domain| Made::OrganizationDomain(Arc::clone(domain)))
            .collect()
    }
}

fn domain_page(visit: &Visit<'_>) -> Page {
    let mut page = Page::new(
        "Which domain is yours?",
        "Enter the domain of your work addresses: the part after the @.",
        "Continue",
    );
    page.fields = vec![
        Field::new("domain", "Domain", Kind::Text)
            .hint("Such as company.com. Domains of mail providers, such as gmail.com, are nobody’s own.")
            .sample(sample(visit)),
    ];
    page
}

/// A domain that nobody owns and that the organization does not have.
fn sample(visit: &Visit<'_>) -> String {
    let organization = visit.organization();
    let mut slug: String = organization
        .name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(40)
        .collect();
    slug = slug
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    if slug.is_empty() {
        slug.push_str("organization");
    }
    let has = |name: &str| {
        organization
            .domains
            .iter()
            .any(|one| one.name.as_str() == name)
    };
    let numbered = (2_u32..).map(|number| format!("{slug}-{number}.example"));
    let first = format!("{slug}.example");
    std::iter::once(first)
        .chain(numbered)
        .find(|name| !has(name))
        .unwrap_or_default()
}

fn record_page(domain: &OrganizationDomain, about: &Answers) -> Page {
    let mut page = Page::new(
        format!("Prove that {} is yours", domain.name),
        "Add this record where the DNS of the domain is kept. It is public and can stay there.",
        "Look for the record",
    );
    page.guide = vec![
        "Sign in where the DNS of the domain is kept.".into(),
        "Add a record of the type TXT with the name and the value below.".into(),
        "Come back and look for it. A new record can take a while to be seen everywhere.".into(),
    ];
    if let Some(challenge) = challenge(domain) {
        page.copied = vec![
            Copied::new("Type", "TXT"),
            Copied::new("Name", domain.name.as_str()),
            Copied::new("Value", format!("verification_token={}", challenge.token)),
        ];
    }
    if about.text("looked") == Some("not_yet") {
        page.alert = Some(Alert::new(
            Tone::Warn,
            "The record is not there yet",
            "It is looked for again and again, for 30 days. You can leave, and come back later.",
        ));
    }
    let choices = OUTCOMES
        .iter()
        .map(|(value, label, note)| Choice::new(*value, *label).note(*note));
    page.fields = vec![
        Field::new("domain_id", "Domain", Kind::Hidden).value(domain.id.as_str()),
        Field::new(
            "outcome",
            "What the look into the DNS finds",
            Kind::Choice(choices.collect()),
        )
        .hint("This server looks into no DNS. Choose what it is to find.")
        .value("found"),
    ];
    page
}

fn again_page(domain: &OrganizationDomain) -> Page {
    let mut page = Page::new(
        format!("Try {} again", domain.name),
        "The record is the same as before and is looked for, for another 30 days.",
        "Begin anew",
    );
    page.fields = vec![Field::new("domain_id", "Domain", Kind::Hidden).value(domain.id.as_str())];
    page
}

fn row(domain: &OrganizationDomain) -> Vec<Cell> {
    let about = |step, label: &'static str| {
        Cell::Action(Action::new(step, label).about("domain_id", domain.id.as_str()))
    };
    let (status, action) = match &domain.state {
        DomainState::Verified(_) | DomainState::ManuallyVerified | DomainState::LegacyVerified => {
            (Status::new(Tone::Good, "Verified"), Cell::text(""))
        }
        DomainState::Pending(_) => (
            Status::new(Tone::Warn, "Waiting for the record"),
            about("record", "Look for it"),
        ),
        DomainState::Failed(_) => (
            Status::new(Tone::Bad, "Failed"),
            about("again", "Try again"),
        ),
    };
    vec![
        Cell::code(domain.name.as_str()),
        Cell::Status(status),
        Cell::Moment(domain.updated_at),
        action,
    ]
}

fn outcome(domain: &OrganizationDomain) -> Alert {
    if domain.is_verified() {
        Alert::new(
            Tone::Good,
            format!("{} is verified", domain.name),
            "It is proved to be yours.",
        )
    } else {
        Alert::new(
            Tone::Bad,
            format!("{} could not be verified", domain.name),
            "Another organization has proved that it owns the domain, or the record did not appear in time.",
        )
    }
}

fn challenge(domain: &OrganizationDomain) -> Option<&DnsChallenge> {
    match &domain.state {
        DomainState::Pending(search) => Some(&search.challenge),
        DomainState::Verified(challenge) | DomainState::Failed(challenge) => Some(challenge),
        DomainState::LegacyVerified | DomainState::ManuallyVerified => None,
    }
}

/// The domain that was last entered, verified or given up on this visit.
fn touched(visit: &Visit<'_>) -> Option<Arc<OrganizationDomain>> {
    let organization = visit.organization();
    let on_this_visit = |domain: &&Arc<OrganizationDomain>| {
        challenge(domain).is_some() && domain.updated_at >= visit.since
    };
    let touched = organization.domains.iter().filter(on_this_visit);
    touched
        .max_by_key(|domain| domain.updated_at)
        .map(Arc::clone)
}

/// The domain in question that waits for its record: the one that is named, or the last.
fn pending(visit: &Visit<'_>, about: &Answers) -> Option<Arc<OrganizationDomain>> {
    chosen(visit, about, |domain| domain.pending().is_some())
}

fn failed(visit: &Visit<'_>, about: &Answers) -> Option<Arc<OrganizationDomain>> {
    chosen(visit, about, |domain| {
        matches!(domain.state, DomainState::Failed(_))
    })
}

fn chosen(
    visit: &Visit<'_>,
    about: &Answers,
    fits: impl Fn(&OrganizationDomain) -> bool,
) -> Option<Arc<OrganizationDomain>> {
    let organization = visit.organization();
    let named = about.text("domain_id");
    let mut domains = organization.domains.iter().rev();
    let found = domains.find(|one| named.is_none_or(|id| one.id.as_str() == id) && fits(one));
    found.map(Arc::clone)
}

/// What the domain itself refuses, said where it was typed.
fn beside_the_field(error: Error) -> Error {
    match error {
        Error::DomainAlreadyExists(_) | Error::DomainAlreadyVerified(_) => {
            Violation::new("domain", Rule::Duplicate, error.to_string()).into()
        }
        error => error,
    }
}

fn gone(field: &str) -> Error {
    let message = "This domain is not waiting any more.";
    Violation::new(field, Rule::Value, message).into()
}

#[cfg(test)]
mod tests;
