//! The flags about webhooks and the events that they bring.

use clap::ValueEnum;
use jiff::SignedDuration;

use super::super::{Config, DeliveryOrdering, RetrySchedule, values};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Webhooks")]
pub(super) struct WebhookOverrides {
    /// When a webhook that failed is tried again, on the environment's clock: staging, production, off, or waits of your own such
    /// as 10s,1m,1h [default: staging].
    #[arg(long, value_name = "SCHEDULE", env = "WORKOS_PORTAL_MOCK_WEBHOOK_RETRIES", hide_env_values = true, value_parser = values::retries)]
    webhook_retries: Option<RetrySchedule>,
    /// How long a receiver has for its whole answer, in real time [default: 5 seconds].
    #[arg(long, value_name = "DURATION", env = "WORKOS_PORTAL_MOCK_WEBHOOK_TIMEOUT", hide_env_values = true, value_parser = values::any_duration)]
    webhook_timeout: Option<SignedDuration>,
    /// Whether a webhook that failed holds up the ones behind it [default: relaxed].
    #[arg(
        long,
        value_name = "ORDER",
        env = "WORKOS_PORTAL_MOCK_WEBHOOK_ORDERING",
        hide_env_values = true
    )]
    webhook_ordering: Option<Ordering>,
    /// How many deliveries are kept after they are over; beyond that the oldest go first [default: 10000].
    #[arg(
        long,
        value_name = "NUMBER",
        env = "WORKOS_PORTAL_MOCK_MAX_DELIVERIES",
        hide_env_values = true
    )]
    max_deliveries: Option<usize>,
    /// How old an event has to be before a list that is read forwards shows it [default: 0s].
    #[arg(long, value_name = "DURATION", env = "WORKOS_PORTAL_MOCK_EVENTS_LAG", hide_env_values = true, value_parser = values::any_duration)]
    events_lag: Option<SignedDuration>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Ordering {
    /// It does not: what failed comes later.
    Relaxed,
    /// It does, until it is delivered or given up.
    Strict,
}

impl WebhookOverrides {
    pub(super) fn apply(&self, config: &mut Config) {
        let webhooks = &mut config.webhooks;
        if let Some(retries) = &self.webhook_retries {
            webhooks.retries.clone_from(retries);
        }
        if let Some(timeout) = self.webhook_timeout {
            webhooks.timeout = timeout;
        }
        if let Some(ordering) = self.webhook_ordering {
            webhooks.ordering = match ordering {
                Ordering::Relaxed => DeliveryOrdering::Relaxed,
                Ordering::Strict => DeliveryOrdering::Strict,
            };
        }
        if let Some(most) = self.max_deliveries {
            webhooks.max_deliveries = most;
        }
        if let Some(lag) = self.events_lag {
            config.events_lag = lag;
        }
    }
}
