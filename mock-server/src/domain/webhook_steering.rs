//! What a test wants deliveries to a webhook endpoint to be like, so that a receiver can be tried on bad days too.

use std::num::{NonZeroU32, NonZeroUsize};

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::{EventId, Id as _, ulid_of};
use super::webhook_settings::DeliveryOrdering;

/// How deliveries to one endpoint are steered. Everything is decided by numbers that are counted, and by a seed: the same
/// events make the same deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steering {
    /// Nothing is sent until this ends.
    pub(crate) paused: bool,
    /// Whether a delivery that failed holds up the ones behind it; the environment says so unless it is set here.
    pub(crate) ordering: Option<DeliveryOrdering>,
    /// How long every delivery waits for its first attempt, on the environment's clock.
    pub(crate) delay: SignedDuration,
    /// Every delivery with such a number is sent twice.
    pub(crate) duplicate_every: Option<NonZeroU32>,
    /// So many deliveries are gathered and sent in another order.
    pub(crate) shuffle: Option<NonZeroUsize>,
    pub(crate) body: BodyStyle,
    pub(crate) signature: SignatureStyle,
    pub(crate) timestamp: TimestampStyle,
    /// What all that is random depends on.
    pub(crate) seed: u64,
    /// How many events came so far.
    pub(crate) count: u64,
}

/// How long deliveries that are to be shuffled wait for enough others, on the environment's clock.
pub(crate) const SHUFFLE_HOLD: SignedDuration = SignedDuration::from_secs(5);

/// How a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BodyStyle {
    /// As JavaScript writes it, which is what `WorkOS` sends.
    #[default]
    Compact,
    /// The same JSON with white space and escapes that nobody expects.
    Odd,
}

/// How a delivery is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignatureStyle {
    /// With the endpoint's secret.
    #[default]
    Valid,
    /// With another secret.
    Invalid,
    /// Without the `v1` of the header.
    Malformed,
    /// Without the header.
    Missing,
}

/// What `t` a signature has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TimestampStyle {
    /// The real time, whatever the environment's clock shows: receivers hold it against theirs.
    #[default]
    Current,
    /// Ten minutes before it.
    Old,
    /// Ten minutes after it.
    Future,
    /// What the environment's clock shows.
    Clock,
}

impl Steering {
    /// Whether every event is counted.
    pub(crate) fn counts(&self) -> bool {
        self.duplicate_every.is_some()
    }

    /// Whether the event that is counted now is sent twice.
    pub(crate) fn duplicates(&self) -> bool {
        self.duplicate_every
            .is_some_and(|every| self.count.is_multiple_of(u64::from(every.get())))
    }

    /// What the body of an event is to look like, unless it is compact.
    pub(crate) fn odd(&self, event: &EventId) -> Option<u64> {
        (self.body == BodyStyle::Odd).then(|| self.number_for(event))
    }

    /// A number that depends on the seed and on an event.
    pub(crate) fn number_for(&self, event: &EventId) -> u64 {
        let ulid = ulid_of(EventId::PREFIX, event.as_str()).map_or(0, |ulid| ulid.0);
        let [high, low] = [ulid >> 64, ulid & u128::from(u64::MAX)];
        let [high, low] = [high, low].map(|half| u64::try_from(half).unwrap_or_default());
        self.seed ^ low ^ high.rotate_left(32)
    }
}
