//! A tour of every page that a part of the portal has, for whoever wants to look at them all.

use std::collections::BTreeSet;

use crate::stage::Stage;

/// The parts of the portal.
pub(crate) const INTENTS: [&str; 7] = [
    "sso",
    "dsync",
    "domain_verification",
    "audit_logs",
    "log_streams",
    "certificate_renewal",
    "bring_your_own_key",
];

/// What may happen in them.
pub(crate) const EVENTS: [&str; 21] = [
    "connection.activated",
    "connection.deactivated",
    "connection.deleted",
    "connection.saml_certificate_renewal_required",
    "connection.saml_certificate_renewed",
    "dsync.activated",
    "dsync.deleted",
    "dsync.group.created",
    "dsync.group.deleted",
    "dsync.group.updated",
    "dsync.group.user_added",
    "dsync.group.user_removed",
    "dsync.user.created",
    "dsync.user.deleted",
    "dsync.user.updated",
    "organization.updated",
    "organization_domain.created",
    "organization_domain.updated",
    "organization_domain.verification_failed",
    "organization_domain.verified",
    "vault.byok_key.verification_completed",
];

/// More steps than any part has.
const MOST_STEPS: usize = 12;

impl Stage {
    /// Shows every page on the way through a part to `look`, with a name: each step empty, refused and with samples, each
    /// step that fails, and what there is at the end with the pages that lead on from there.
    pub(crate) async fn tour(
        &self,
        organization: &str,
        intent: &str,
        look: &mut impl AsyncFnMut(&Self, &str),
    ) {
        self.open(organization, intent).await;
        let mut seen = 0;
        while let Some(step) = self.step().await {
            seen += 1;
            assert!(seen <= MOST_STEPS, "{intent} goes round in circles");
            look(self, &format!("{intent}-{step}")).await;
            self.other_ways(intent, &step, look).await;
            if self.browser.has_named("Fail this step").await {
                self.browser.press("Fail this step").await;
                look(self, &format!("{intent}-{step}-failed")).await;
                if self.step().await.as_ref() != Some(&step) {
                    self.browser.back().await;
                    self.browser.reload().await;
                }
            }
            if self.step().await.as_ref() == Some(&step)
                && self.browser.has_named("Fill in sample values").await
            {
                self.submit().await;
                if self.step().await.as_ref() != Some(&step) {
                    continue;
                }
                look(self, &format!("{intent}-{step}-refused")).await;
                self.browser.press("Fill in sample values").await;
                look(self, &format!("{intent}-{step}-samples")).await;
            }
            if self.step().await.as_ref() == Some(&step) {
                self.submit().await;
            }
        }
        look(self, &format!("{intent}-overview")).await;
        let overview = self.browser.address().await;
        let mut known = BTreeSet::new();
        for address in self.ways_on().await {
            let path = address.split('?').next().unwrap_or_default().to_owned();
            if !known.insert(path) {
                continue;
            }
            self.browser.go(&address).await;
            let step = self.step().await.unwrap_or_default();
            look(self, &format!("{intent}-overview-{step}")).await;
        }
        self.browser.go(overview.as_str()).await;
    }

    /// Shows a step in each of the ways in which it can be answered, and comes back.
    async fn other_ways(&self, intent: &str, step: &str, look: &mut impl AsyncFnMut(&Self, &str)) {
        let usual = self.browser.address().await;
        for (number, way) in (1..).zip(self.addresses(".ways a:not([aria-current])").await) {
            self.browser.go(&way).await;
            look(self, &format!("{intent}-{step}-way-{number}")).await;
            self.browser.press("Fill in sample values").await;
            look(self, &format!("{intent}-{step}-way-{number}-samples")).await;
        }
        if self.browser.address().await != usual {
            self.browser.go(usual.as_str()).await;
        }
    }

    /// Where the links of the page lead that stay in the portal.
    async fn ways_on(&self) -> Vec<String> {
        self.addresses("main .buttons a, main td a").await
    }

    async fn addresses(&self, css: &str) -> Vec<String> {
        let mut addresses = Vec::new();
        for link in self.browser.all(css).await {
            addresses.extend(link.prop("href").await.expect("a property"));
        }
        addresses
    }
}
