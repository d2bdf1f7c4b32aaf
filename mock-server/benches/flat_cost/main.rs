//! What a request costs when much is stored, beside what it costs when little is.
//!
//! One server for each size, all filled over the API. What is measured is the CPU time of the server's process, without the
//! client's own work and the waiting for a busy machine. Each sample is taken right after one of the smallest server, and
//! ratios are those of such pairs, because on a busy machine the same work costs more. Linux only.
//!
//! ```text
//! cargo bench -p workos-portal-mock --bench flat_cost              # up to 1,000,000 organizations
//! cargo bench -p workos-portal-mock --bench flat_cost -- --small   # up to 100,000
//! cargo bench -p workos-portal-mock --bench flat_cost -- --scattered  # about a thousand organizations, not ten
//! cargo bench -p workos-portal-mock --bench flat_cost -- search    # only the rows whose name contains this
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark reports to its terminal")]

#[path = "../shared/client.rs"]
mod client;
mod cpu_time;
#[path = "../shared/process.rs"]
mod process;
mod rows;
mod server;

use std::cell::RefCell;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkId, Criterion, SamplingMode};

use client::Crew;
use cpu_time::CpuTime;
use process::median;
use rows::{ROWS, Row};
use server::Filled;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const SIZES: [usize; 4] = [10, 1_000, 100_000, 1_000_000];
const SAMPLES: usize = 15;
/// The most that a request may cost with everything stored, in costs with the least stored.
const FLAT: f64 = 1.3;
/// The most that an organization may take with its events, in bytes.
const SMALL: usize = 1_500;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let small = arguments.iter().any(|argument| argument == "--small");
    let scattered = arguments.iter().any(|argument| argument == "--scattered");
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let sizes = &SIZES[..SIZES.len() - usize::from(small)];
    let rows = ROWS
        .iter()
        .filter(|row| wanted.is_none_or(|wanted| row.name.contains(wanted.as_str())));

    let servers = sizes
        .iter()
        .map(|size| Filled::start(*size, scattered))
        .collect::<Result<Vec<_>, _>>()?;
    // A run is compared with none before it.
    let folder = tempfile::tempdir()?;
    let mut criterion = Criterion::default()
        .output_directory(folder.path())
        .with_measurement(CpuTime(WallTime))
        .sample_size(SAMPLES)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_200))
        .without_plots();
    let costs: Vec<_> = rows
        .map(|row| Ok((row, measure(&mut criterion, row, &servers)?)))
        .collect::<Result<_, Failure>>()?;
    report(&servers, &costs);
    Ok(())
}

/// What a row's request costs at one size.
struct Cost {
    /// In nanoseconds.
    median: f64,
    /// In costs at the first size, each taken right before it.
    ratio: f64,
}

fn measure(
    criterion: &mut Criterion<CpuTime>,
    row: &Row,
    servers: &[Filled],
) -> Result<Vec<Cost>, Failure> {
    let mut group = criterion.benchmark_group(row.name);
    group.sampling_mode(SamplingMode::Flat);
    let ask = |server: &Filled, crew: &RefCell<Crew>, count| {
        let number = usize::try_from(count)?;
        process::cpu_time_of(server.pid(), || {
            crew.borrow_mut()
                .send(number, row.status, |index| (row.request)(server, index))
        })
    };
    let first = &servers[0];
    row.check(first)?;
    let mut costs = Vec::new();
    for server in servers {
        // The same work at every size, or the ratio would say nothing.
        row.check(server)?;
        let (first_crew, crew) = (RefCell::new(first.crew()?), RefCell::new(server.crew()?));
        let samples = RefCell::new(Vec::new());
        let id = BenchmarkId::from_parameter(server.size);
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|count| {
                let pair = ask(first, &first_crew, count)
                    .and_then(|first| Ok((first, ask(server, &crew, count)?)));
                let (before, spent) = pair.expect("a server answers as it did before");
                #[expect(clippy::cast_precision_loss, reason = "all are far below 2^52")]
                let sample = (spent as f64 / count as f64, spent as f64 / before as f64);
                samples.borrow_mut().push(sample);
                spent
            });
        });
        // Before the samples come those that warmed the server.
        let samples = samples.into_inner();
        let samples = &samples[samples.len().saturating_sub(SAMPLES)..];
        costs.push(Cost {
            median: median(samples.iter().map(|(cost, _)| *cost)),
            ratio: median(samples.iter().map(|(_, ratio)| *ratio)),
        });
    }
    group.finish();
    Ok(costs)
}

fn report(servers: &[Filled], costs: &[(&Row, Vec<Cost>)]) {
    print!("\n{:<34}", "µs of CPU time, organizations:");
    for server in servers {
        print!("{:>10}", server.size);
    }
    println!("{:>12}", "last/first");
    for (row, costs) in costs {
        print!("{:<34}", row.name);
        for cost in costs {
            print!("{:>10.1}", cost.median / 1_000.0);
        }
        let ratio = costs.last().map_or(f64::NAN, |cost| cost.ratio);
        println!("{ratio:>10.2} {}", if ratio <= FLAT { "✓" } else { "✗" });
    }
    println!();
    let least = &servers[0];
    for server in &servers[1..] {
        let bytes = server.memory.saturating_sub(least.memory) / (server.size - least.size);
        println!(
            "{:>9} organizations: {bytes} bytes each with its 3 events; filled in {:.1} s",
            server.size,
            server.took.as_secs_f64(),
        );
    }
    println!(
        "Goals: at most {FLAT} times the first cost, and {SMALL} bytes at the largest size. Every event is kept here; a server \
         keeps 100,000 unless it is told otherwise."
    );
}
