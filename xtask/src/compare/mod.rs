//! `cargo xtask compare`: this client beside WorkOS's own and reqwest alone, all measured in one run on this machine.

mod answers;
mod measure;
mod table;
mod tried;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use measure::{Cost, Mock};
use table::Table;

/// The client here and WorkOS's, as the packages of the programs are called.
const BOTH: [&str; 2] = ["ours", "official"];
const CALLS: &str = "2000";

/// What to compare.
#[derive(clap::Args)]
pub struct Options {
    /// Only what the clients do, without builds from nothing and without timing.
    #[arg(long)]
    behaviour: bool,
    /// How often each clean build and each run of calls is repeated; medians are shown.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
}

/// Builds and runs the programs in `tests/comparison` of `root`, the workspace's folder, and prints a table.
///
/// The clean builds take minutes each. Nothing else should run meanwhile.
///
/// # Errors
/// A program that cannot be built or run.
pub fn run(options: &Options, root: &Path) -> Result<()> {
    let programs = Programs {
        manifest: root.join("tests/comparison/Cargo.toml"),
        targets: root.join("target/compare"),
    };
    let mut table = Table::new();
    programs.cargo(&["fetch", "--locked"])?;
    if !options.behaviour {
        programs.trees(&mut table)?;
        programs.builds(&mut table, options.rounds)?;
        programs.calls(&mut table, options.rounds, root)?;
    }
    for row in tried::ROWS {
        let [ours, official] = BOTH.map(|name| programs.try_out(name, row));
        table.row(row.what, &[ours?, official?]);
    }
    table.print();
    Ok(())
}

/// The programs to compare.
struct Programs {
    manifest: PathBuf,
    /// Each client has a folder of its own here, so that a build of one leaves nothing to another.
    targets: PathBuf,
}

impl Programs {
    fn target(&self, name: &str) -> PathBuf {
        self.targets.join(name)
    }

    /// How many crates an app gets with each client, itself not counted.
    fn trees(&self, table: &mut Table) -> Result<()> {
        for (what, edges) in [
            ("crates that are compiled into an app", "normal"),
            (
                "crates that are compiled at all, with those that build",
                "normal,build",
            ),
        ] {
            let mut counts = Vec::new();
            for name in BOTH {
                let arguments = [
                    "tree",
                    "--offline",
                    "--package",
                    name,
                    "--edges",
                    edges,
                    "--prefix",
                    "none",
                    "--no-dedupe",
                ];
                let tree = self.cargo(&arguments)?;
                let crates: std::collections::BTreeSet<&str> = tree.lines().collect();
                counts.push(f64::from(u32::try_from(crates.len() - 1)?));
            }
            table.ratio(what, &counts, |count| format!("{count}"));
        }
        Ok(())
    }

    fn builds(&self, table: &mut Table, rounds: u8) -> Result<()> {
        let mut sizes = Vec::new();
        for (profile, folder) in [("dev", "debug"), ("release", "release")] {
            let mut clean = BOTH.map(|_| Vec::new());
            let mut again = BOTH.map(|_| Vec::new());
            for _ in 0..rounds {
                for (index, name) in BOTH.into_iter().enumerate() {
                    let target = self.target(name);
                    if target.exists() {
                        std::fs::remove_dir_all(&target)?;
                    }
                    clean[index].push(self.build(name, name, profile)?);
                    for _ in 0..5 {
                        measure::touch(&self.manifest.with_file_name(name).join("src/main.rs"))?;
                        again[index].push(self.build(name, name, profile)?);
                    }
                    if profile == "release" {
                        let program = std::fs::metadata(target.join(folder).join(name))?;
                        sizes.push(f64::from(u32::try_from(program.len())?) / 1e6);
                    }
                }
            }
            let seconds = |seconds: f64| format!("{seconds:.1} s");
            let wall = clean
                .each_ref()
                .map(|costs| measure::median(costs, |cost| cost.wall));
            let processor = clean
                .each_ref()
                .map(|costs| measure::median(costs, |cost| cost.processor));
            let touched = again
                .each_ref()
                .map(|costs| measure::median(costs, |cost| cost.wall));
            table.ratio(&format!("clean build, {profile}"), &wall, seconds);
            table.ratio(
                &format!("clean build, {profile}, processor time"),
                &processor,
                seconds,
            );
            let hundredths = |seconds: f64| format!("{seconds:.2} s");
            table.ratio(
                &format!("build after a change of the app, {profile}"),
                &touched,
                hundredths,
            );
        }
        table.ratio(
            "program that prints a link, release, stripped",
            &sizes[..2],
            |size| format!("{size:.2} MB"),
        );
        Ok(())
    }

    /// What a call costs beside one of reqwest alone, of the mock server on this machine.
    fn calls(&self, table: &mut Table, rounds: u8, root: &Path) -> Result<()> {
        let mock = Mock::start(root, &self.target("mock"))?;
        let names = ["bare", "ours", "official"];
        let mut programs = Vec::new();
        for name in names {
            let program = if name == "bare" {
                name.to_owned()
            } else {
                format!("{name}-tried")
            };
            self.build(name, &program, "release")?;
            programs.push(self.target(name).join("release").join(program));
        }
        let mut wall = names.map(|_| Vec::new());
        let mut processor = names.map(|_| Vec::new());
        // The first round warms everything up, and does not count.
        for round in 0..=u32::from(rounds) * 3 {
            for (index, program) in programs.iter().enumerate() {
                let mut command = Command::new(program);
                if index > 0 {
                    command.arg("time");
                }
                command.arg(CALLS).env("WORKOS_BASE_URL", &mock.url);
                let (said, cost) = measure::run(command.env("WORKOS_API_KEY", "sk_test_default"))?;
                let (nanoseconds, made) =
                    said.trim().split_once(' ').context("no time was printed")?;
                if made != CALLS {
                    bail!("{} made {made} links of {CALLS}", program.display());
                }
                if round > 0 {
                    let calls: f64 = CALLS.parse()?;
                    wall[index].push(nanoseconds.parse::<f64>()? / calls / 1e3);
                    processor[index].push(cost.processor / calls * 1e6);
                }
            }
        }
        for (what, costs) in [
            ("a call", wall),
            ("a call, processor time of the client", processor),
        ] {
            let [bare, ours, official] = costs
                .each_ref()
                .map(|costs| measure::median(costs, |cost| *cost));
            let what = format!("{what}, beside {bare:.0} µs with reqwest alone");
            table.ratio(&what, &[ours, official], |cost| {
                format!("{cost:.0} µs, {:.2} ×", cost / bare)
            });
        }
        Ok(())
    }

    fn try_out(&self, name: &str, row: &tried::Row) -> Result<String> {
        let program = format!("{name}-tried");
        self.build(name, &program, "dev")?;
        tried::run(&self.target(name).join("debug").join(program), row)
    }

    fn build(&self, package: &str, program: &str, profile: &str) -> Result<Cost> {
        let mut command = self.command();
        command.args([
            "build",
            "--locked",
            "--offline",
            "--quiet",
            "--package",
            package,
            "--bin",
            program,
        ]);
        command
            .args(["--profile", profile, "--target-dir"])
            .arg(self.target(package));
        Ok(measure::run(&mut command)?.1)
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String> {
        Ok(measure::run(self.command().args(arguments))?.0)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let folder = self.manifest.parent().unwrap_or(Path::new("."));
        command.current_dir(folder).stdin(Stdio::null());
        command
    }
}
