//! Responses that are kept for a retry with the same idempotency key.
//!
//! Knows nothing of HTTP: a response is bytes. What is kept can be read only with the API key and the idempotency key
//! that it was made with; of both, only hashes are kept.

use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::domain::time::{Moment, Now};

/// How long a response is kept, on the environment's clock; `WorkOS` documents 24 hours.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How many responses an environment keeps at most; the oldest go first.
const MAX_RESPONSES: usize = 10_000;
/// How many bytes they have together at most.
const MAX_BYTES: usize = 16 * 1024 * 1024;

type Hash = [u8; 32];
/// How many random bytes sealing a response takes.
pub(crate) type Nonce = [u8; 12];

/// What a retry has in common with the first attempt.
pub(crate) struct Attempt {
    slot: Hash,
    seal: Hash,
    request: Hash,
}

impl Attempt {
    /// An attempt at `operation` with both keys in plain. `request` is what has to be the same, in one spelling.
    pub(crate) fn new(
        operation: &str,
        api_key: &str,
        idempotency_key: &str,
        request: &str,
    ) -> Self {
        let scope = [operation, api_key, idempotency_key];
        Self {
            slot: digest("slot", &scope),
            seal: digest("seal", &scope),
            request: digest("request", &[request]),
        }
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.seal.into())
    }
}

fn digest(purpose: &str, parts: &[&str]) -> Hash {
    let mut hasher = Sha256::new_with_prefix(purpose);
    for part in parts {
        // With its length, so that no two lists of parts run together into the same text.
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// What to do with an attempt.
pub(crate) enum Outcome<'a> {
    /// It is the first one: carry it out, then [`Ticket::keep`] the response.
    First(Ticket<'a>),
    /// It was carried out before, with this response.
    Again(Vec<u8>),
    /// The key was used for another request.
    Different,
}

/// The right to carry an attempt out. Twins wait until it is dropped; unless a response was kept, the next one then has it.
pub(crate) struct Ticket<'a> {
    responses: &'a Responses,
    attempt: &'a Attempt,
    /// Dropped last, which wakes the twins.
    _running: watch::Sender<()>,
}

/// The kept responses of one environment.
#[derive(Default)]
pub(crate) struct Responses(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    slots: HashMap<Hash, Slot>,
    /// The finished slots, oldest first. One that was replaced since has another nonce.
    order: VecDeque<(Hash, Nonce)>,
    bytes: usize,
}

enum Slot {
    Running {
        request: Hash,
        ended: watch::Receiver<()>,
    },
    Finished(Finished),
}

struct Finished {
    request: Hash,
    at: Moment,
    nonce: Nonce,
    sealed: Vec<u8>,
}

impl Finished {
    fn is_over(&self, now: &Now) -> bool {
        now.has_reached(self.at.plus(LIFETIME), self.at)
    }
}

impl Responses {
    /// Begins an attempt. A twin of one that is being carried out waits for it.
    pub(crate) async fn begin<'a>(&'a self, attempt: &'a Attempt, clock: &Clock) -> Outcome<'a> {
        loop {
            let mut twin = match self.look(attempt, &clock.reading()) {
                Ok(outcome) => return outcome,
                Err(twin) => twin,
            };
            // It never sends anything; it ends.
            let _ = twin.changed().await;
        }
    }

    fn look<'a>(
        &'a self,
        attempt: &'a Attempt,
        now: &Now,
    ) -> Result<Outcome<'a>, watch::Receiver<()>> {
        let mut kept = self.lock();
        let first = |entry: Entry<'_, Hash, Slot>| {
            let (running, ended) = watch::channel(());
            entry.insert_entry(Slot::Running {
                request: attempt.request,
                ended,
            });
            Outcome::First(Ticket {
                responses: self,
                attempt,
                _running: running,
            })
        };
        let freed = match kept.slots.get(&attempt.slot) {
            None => 0,
            Some(Slot::Running { request, .. }) if *request != attempt.request => {
                return Ok(Outcome::Different);
            }
            Some(Slot::Running { ended, .. }) => return Err(ended.clone()),
            Some(Slot::Finished(finished)) if finished.is_over(now) => finished.sealed.len(),
            Some(Slot::Finished(finished)) if finished.request != attempt.request => {
                return Ok(Outcome::Different);
            }
            Some(Slot::Finished(finished)) => {
                match attempt
                    .cipher()
                    .decrypt(&finished.nonce.into(), finished.sealed.as_slice())
                {
                    Ok(response) => return Ok(Outcome::Again(response)),
                    // Both keys are part of the slot, so this is the key it was sealed with.
                    Err(_) => finished.sealed.len(),
                }
            }
        };
        kept.bytes -= freed;
        Ok(first(kept.slots.entry(attempt.slot)))
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// Keeps the response for retries, sealed with a `nonce` that is random.
    pub(crate) fn keep(self, response: &[u8], nonce: Nonce, now: &Now) {
        let Ok(sealed) = self.attempt.cipher().encrypt(&nonce.into(), response) else {
            // Only a response of many gigabytes cannot be sealed; a retry is then carried out again.
            return;
        };
        let mut kept = self.responses.lock();
        kept.bytes += sealed.len();
        let finished = Finished {
            request: self.attempt.request,
            at: now.moment(),
            nonce,
            sealed,
        };
        kept.slots
            .insert(self.attempt.slot, Slot::Finished(finished));
        kept.order.push_back((self.attempt.slot, nonce));
        kept.let_go(now);
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut kept = self.responses.lock();
        if let Entry::Occupied(slot) = kept.slots.entry(self.attempt.slot)
            && matches!(slot.get(), Slot::Running { .. })
        {
            slot.remove();
        }
    }
}

impl Kept {
    /// Lets the oldest go while they are over or too many.
    fn let_go(&mut self, now: &Now) {
        while let Some((hash, nonce)) = self.order.front() {
            let slot = match self.slots.get(hash) {
                Some(Slot::Finished(finished)) if finished.nonce == *nonce => Some(finished),
                _ => None,
            };
            let too_many = self.order.len() > MAX_RESPONSES || self.bytes > MAX_BYTES;
            if let Some(finished) = slot {
                if !too_many && !finished.is_over(now) {
                    break;
                }
                self.bytes -= finished.sealed.len();
                let hash = *hash;
                self.slots.remove(&hash);
            }
            self.order.pop_front();
        }
    }
}

impl fmt::Debug for Responses {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Responses")
            .field("kept", &self.lock().slots.len())
            .finish()
    }
}

#[cfg(test)]
mod tests;
