//! Everything random: ids, tokens, request ids. Seeded once, from the operating system or by a test.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rand::rngs::SysRng;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use ulid::Ulid;
use uuid::Uuid;

/// A source of randomness. With a seed, the same calls give the same values.
///
/// Ids, ids of events, of deliveries and of exchanges, secrets and request ids come from streams of their own, so that a request (a health check, say) or
/// an event more or less changes no id.
pub(crate) struct Random(Mutex<Streams>);

struct Streams {
    ids: Ulids,
    events: Ulids,
    deliveries: Ulids,
    exchanges: Ulids,
    secrets: ChaCha20Rng,
    requests: ChaCha20Rng,
    samples: ChaCha20Rng,
}

/// Ascending identifiers.
struct Ulids {
    rng: ChaCha20Rng,
    last: u128,
}

const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LOWER_CASE_AND_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

impl Random {
    /// Seeded by the operating system: ids and tokens cannot be guessed.
    ///
    /// # Panics
    /// When the operating system has no randomness to give; nothing safe could be done then.
    pub(crate) fn from_os() -> Self {
        let seed =
            ChaCha20Rng::try_from_rng(&mut SysRng).expect("the operating system gives randomness");
        Self::new(&seed)
    }

    /// Seeded by a number: everything can be foretold, which is for tests.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self::new(&ChaCha20Rng::seed_from_u64(seed))
    }

    fn new(seed: &ChaCha20Rng) -> Self {
        let stream = |number| {
            let mut rng = seed.clone();
            rng.set_stream(number);
            rng
        };
        Self(Mutex::new(Streams {
            ids: Ulids::new(stream(1)),
            events: Ulids::new(stream(4)),
            deliveries: Ulids::new(stream(6)),
            exchanges: Ulids::new(stream(7)),
            secrets: stream(2),
            requests: stream(3),
            samples: stream(5),
        }))
    }

    /// The next identifier. Each is greater than the one before, also when `now` is not: then it is the last one plus
    /// a random step, which leaves its time where it was.
    pub(crate) fn ulid(&self, now: Timestamp) -> Ulid {
        self.lock().ids.next(now)
    }

    /// The next identifier of an event, in the same way.
    pub(crate) fn event_ulid(&self, now: Timestamp) -> Ulid {
        self.lock().events.next(now)
    }

    /// The next identifier of a delivery, in the same way.
    pub(crate) fn delivery_ulid(&self, now: Timestamp) -> Ulid {
        self.lock().deliveries.next(now)
    }

    /// The next identifier of an exchange, in the same way.
    pub(crate) fn exchange_ulid(&self, now: Timestamp) -> Ulid {
        self.lock().exchanges.next(now)
    }

    /// Goes on after an id that another source made, or a person: what is made from now on comes after it. What is random else
    /// is drawn anew, because a source with the same seed may have drawn it before, for what has that id.
    pub(crate) fn go_on_after(&self, id: Ulid) {
        let mut streams = self.lock();
        streams.ids.last = streams.ids.last.max(id.0);
        let [high, low] = [id.0 >> 64, id.0 & u128::from(u64::MAX)];
        let [high, low] = [high, low].map(|half| u64::try_from(half).unwrap_or_default());
        // The usual streams have small numbers; these two are told apart by their last bit.
        let number = (high.rotate_left(32) ^ low) | 1 << 63;
        streams.secrets.set_stream(number | 1);
        streams.samples.set_stream(number & !1);
    }

    /// A source of its own for made-up data. What it gives depends on how many such sources were made before, and on
    /// nothing else.
    pub(crate) fn samples(&self) -> ChaCha20Rng {
        let mut seed = [0; 32];
        self.lock().samples.fill_bytes(&mut seed);
        ChaCha20Rng::from_seed(seed)
    }

    /// Random bytes for a token or a secret.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.lock().secrets.fill_bytes(&mut bytes);
        bytes
    }

    /// A text of `length` random letters and digits.
    pub(crate) fn letters_and_digits(&self, length: usize) -> String {
        self.text(length, LETTERS_AND_DIGITS)
    }

    /// A text of `length` random lower-case letters and digits.
    pub(crate) fn lower_case_and_digits(&self, length: usize) -> String {
        self.text(length, LOWER_CASE_AND_DIGITS)
    }

    /// The next `X-Request-Id`, a UUID of version 4.
    pub(crate) fn request_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.lock().requests.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    fn text(&self, length: usize, alphabet: &[u8]) -> String {
        let mut streams = self.lock();
        let mut next = || {
            // Bytes past the last whole multiple would favour the first letters.
            let fair = 256 - 256 % alphabet.len();
            loop {
                let mut byte = [0];
                streams.secrets.fill_bytes(&mut byte);
                let byte = usize::from(byte[0]);
                if byte < fair {
                    return char::from(alphabet[byte % alphabet.len()]);
                }
            }
        };
        (0..length).map(|_| next()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Streams> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Choices that depend on a number alone.
pub(crate) struct Seeded(ChaCha20Rng);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A number below `bound`, which has to be above zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        let scaled = (u128::from(self.0.next_u64()) * u128::from(bound)) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }
}

/// The numbers below `length` in an order that depends on `seed` alone. It is not their own where there are two at least.
pub(crate) fn permutation(length: usize, seed: u64) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    let mut seeded = Seeded::new(seed);
    for last in (1..length).rev() {
        numbers.swap(last, seeded.below(last + 1));
    }
    if numbers.is_sorted() && length > 1 {
        numbers.rotate_left(1);
    }
    numbers
}

impl Ulids {
    fn new(rng: ChaCha20Rng) -> Self {
        Self { rng, last: 0 }
    }

    fn next(&mut self, now: Timestamp) -> Ulid {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let random =
            u128::from(self.rng.next_u64()) << 16 | u128::from(self.rng.next_u32() & 0xffff);
        let fresh = Ulid::from_parts(milliseconds, random).0;
        let next = if fresh >> 80 > self.last >> 80 {
            fresh
        } else {
            self.last.saturating_add(1 + (random & 0xff_ffff_ffff))
        };
        self.last = next;
        Ulid(next)
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Random")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    #[test]
    fn one_seed_gives_the_same_values_whatever_the_other_streams_did() {
        let (one, other) = (Random::seeded(7), Random::seeded(7));
        other.request_id();
        other.event_ulid(at(5));
        assert_eq!(one.ulid(at(5)), other.ulid(at(5)));
        assert_eq!(one.bytes::<32>(), other.bytes::<32>());
        assert_ne!(one.request_id(), other.request_id());
        assert_ne!(
            Random::seeded(8).bytes::<32>(),
            Random::seeded(7).bytes::<32>()
        );
        assert_ne!(
            Random::from_os().bytes::<32>(),
            Random::from_os().bytes::<32>()
        );
    }

    #[test]
    fn samples_depend_on_the_samples_before_and_on_nothing_else() {
        let (one, other) = (Random::seeded(7), Random::seeded(7));
        other.ulid(at(5));
        other.bytes::<32>();
        let mut first = other.samples();
        assert_eq!(one.samples().next_u64(), first.next_u64());
        first.next_u64();
        assert_eq!(one.samples().next_u64(), other.samples().next_u64());
        assert_ne!(
            one.samples().next_u64(),
            Random::seeded(8).samples().next_u64()
        );
    }

    #[test]
    fn ids_ascend_when_the_clock_stands_still_or_goes_back() {
        let random = Random::seeded(1);
        let mut last = Ulid::nil();
        for millisecond in [1_000, 1_000, 1_000, 999, 0, -5, 1_000, 1_001] {
            let next = random.ulid(at(millisecond));
            assert!(next > last, "{millisecond}");
            last = next;
        }
        assert_eq!(last.timestamp_ms(), 1_001);
    }

    #[test]
    fn many_ids_in_one_millisecond_do_not_run_ahead_of_it() {
        let random = Random::seeded(1);
        let last = (0..10_000).map(|_| random.ulid(at(1_000))).last().unwrap();
        assert_eq!(last.timestamp_ms(), 1_000);
    }

    #[test]
    fn a_request_id_is_a_uuid_of_version_four() {
        assert_eq!(Random::seeded(1).request_id().get_version_num(), 4);
    }

    #[test]
    fn texts_have_their_length_and_alphabet() {
        let text = Random::seeded(1).letters_and_digits(25);
        assert_eq!(text.len(), 25);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let text = Random::seeded(1).lower_case_and_digits(6);
        assert!(
            text.bytes()
                .all(|byte| LOWER_CASE_AND_DIGITS.contains(&byte))
        );
    }
}
