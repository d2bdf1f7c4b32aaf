//! CPU time of another process, as a measurement.

use std::fs;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};

use crate::Failure;

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

/// Nanoseconds of CPU time that the process spends while `work` is done.
pub(crate) fn of(process: u32, work: impl FnOnce() -> Result<(), Failure>) -> Result<u64, Failure> {
    let before = so_far(process)?;
    work()?;
    Ok(so_far(process)? - before)
}

/// What every thread has spent on a processor, in user and in kernel mode.
fn so_far(process: u32) -> Result<u64, Failure> {
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let spent = text.split_whitespace().next().ok_or("no schedstat")?;
        sum += spent.parse::<u64>()?;
    }
    Ok(sum)
}
