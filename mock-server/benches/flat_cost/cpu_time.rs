//! CPU time of another process, as a measurement.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};

/// Nanoseconds of CPU time. They are read where the requests are sent, so this only says how they add up and are written.
pub(crate) struct CpuTime(pub(crate) WallTime);

impl Measurement for CpuTime {
    type Intermediate = ();
    type Value = u64;

    fn start(&self) {}

    fn end(&self, (): ()) -> u64 {
        0
    }

    fn add(&self, one: &u64, other: &u64) -> u64 {
        one + other
    }

    fn zero(&self) -> u64 {
        0
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "the times are far below 2^52 ns"
    )]
    fn to_f64(&self, value: &u64) -> f64 {
        *value as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}
