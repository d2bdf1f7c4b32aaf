//! `cargo xtask package`: the archives that are published hold what they have to, and nothing else; and they build by themselves.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

/// What `cargo xtask package` can be told.
#[derive(clap::Args, Debug, Default)]
pub struct Options {
    /// Look at what the archives hold, and do not build them
    #[arg(long)]
    no_verify: bool,
}

/// What an archive holds.
struct Package {
    name: &'static str,
    /// Where it is in the workspace.
    folder: &'static str,
    /// Folders of which it has everything.
    folders: &'static [&'static str],
    files: &'static [&'static str],
    /// The most that it may weigh, in bytes.
    limit: u64,
}

const PACKAGES: [Package; 2] = [
    Package {
        name: "workos-portal",
        folder: "client",
        folders: &["build", "examples", "src"],
        files: &[
            "COMPARISON.md",
            "DEPENDENCIES.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "LICENSE-WORKOS",
            "MIGRATING.md",
            "README.md",
            "build.rs",
            "client.json",
        ],
        limit: 250_000,
    },
    Package {
        name: "workos-portal-mock",
        folder: "mock-server",
        folders: &["inspector", "src", "templates"],
        files: &[
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "LICENSE-WORKOS",
            "README.md",
            "build.rs",
            "portal.json",
        ],
        limit: 1_000_000,
    },
];

/// What cargo adds; and what it adds where there is a repository.
const ADDED: [&str; 3] = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
const COMMIT: &str = ".cargo_vcs_info.json";

/// Packs what is published, in `root`'s workspace, looks at what the archives hold, and builds them.
///
/// # Errors
/// Names what is missing, what nobody expects, or what is too large; or the archive that does not build.
pub fn run(options: &Options, root: &Path) -> Result<()> {
    for package in &PACKAGES {
        let listed = cargo(root, &["--list", "-p", package.name])?;
        let listed: BTreeSet<&str> = listed.lines().filter(|path| *path != COMMIT).collect();
        let expected = package.expected(root)?;
        let wrong = differences(&expected, &listed);
        if !wrong.is_empty() {
            bail!("the archive of {}:\n  {}", package.name, wrong.join("\n  "));
        }
    }
    let mut arguments: Vec<&str> = PACKAGES
        .iter()
        .flat_map(|package| ["-p", package.name])
        .collect();
    if options.no_verify {
        arguments.push("--no-verify");
    }
    cargo(root, &arguments)?;
    for package in &PACKAGES {
        let archive = format!(
            "target/package/{}-{}.crate",
            package.name,
            env!("CARGO_PKG_VERSION")
        );
        let bytes = fs::metadata(root.join(&archive))
            .with_context(|| archive.clone())?
            .len();
        if bytes > package.limit {
            bail!(
                "{archive} has {bytes} bytes, and {} are its limit",
                package.limit
            );
        }
        eprintln!("{archive}: {bytes} bytes");
    }
    Ok(())
}

/// Runs `cargo package`, and answers what it prints.
fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let shown = format!("cargo package {}", arguments.join(" "));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args([
            "package",
            "--no-metadata",
            "--locked",
            "--allow-dirty",
            "--target-dir",
            "target",
        ])
        .args(arguments);
    // As the workspace has it, so that what both depend on is built once.
    command.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
    command
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command
        .output()
        .with_context(|| format!("{shown} could not be started"))?;
    if !output.status.success() {
        bail!("{shown} failed");
    }
    Ok(String::from_utf8(output.stdout)?)
}

impl Package {
    fn expected(&self, root: &Path) -> Result<BTreeSet<String>> {
        let own = root.join(self.folder);
        let mut expected: BTreeSet<String> = ADDED
            .iter()
            .chain(self.files)
            .map(ToString::to_string)
            .collect();
        for folder in self.folders {
            files_below(&own, folder, &mut expected)
                .with_context(|| format!("{}/{folder}", self.folder))?;
        }
        Ok(expected)
    }
}

/// Adds the files below a folder, by their paths from `root`.
fn files_below(root: &Path, folder: &str, found: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            files_below(root, &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

fn differences(expected: &BTreeSet<String>, listed: &BTreeSet<&str>) -> Vec<String> {
    let missing = expected
        .iter()
        .filter(|path| !listed.contains(path.as_str()));
    let missing = missing.map(|path| format!("{path} is missing"));
    let surprising = listed.iter().filter(|path| !expected.contains(**path));
    let surprising = surprising.map(|path| format!("{path} is not expected"));
    missing.chain(surprising).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_holds_every_file_of_its_folders_and_no_other() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["client/src/deep", "client/build", "client/examples"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        for file in ["src/lib.rs", "src/deep/er.rs", "build/a.rs"] {
            fs::write(root.path().join("client").join(file), "").unwrap();
        }
        let expected = PACKAGES[0].expected(root.path()).unwrap();
        let listed: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        assert!(listed.contains("src/deep/er.rs") && listed.contains("client.json"));
        assert_eq!(differences(&expected, &listed), [""; 0]);

        let mut other = listed.clone();
        other.remove("src/deep/er.rs");
        other.insert("tests/fixture.json");
        assert_eq!(
            differences(&expected, &other),
            [
                "src/deep/er.rs is missing",
                "tests/fixture.json is not expected"
            ]
        );
        let error = PACKAGES[1].expected(root.path()).unwrap_err().to_string();
        assert_eq!(error, "mock-server/inspector");
    }
}
