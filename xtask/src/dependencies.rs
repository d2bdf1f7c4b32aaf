//! `cargo xtask dependencies`: what the published crates depend on, held to `deny.toml` as far as that takes no more than cargo
//! itself. cargo-deny does more by the same file: advisories, sources, bans.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

/// What the client does not bring along unless it is asked to: another TLS and cryptography beside ring's, and the generator.
const NOT_IN_THE_CLIENT: [&str; 8] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "hmac",
    "native-tls",
    "openssl",
    "openssl-sys",
    "progenitor",
    "sha2",
];

/// Holds the crates that are published to `deny.toml`, and the client's default dependencies to be without what it does not need.
///
/// # Errors
/// Names all that is wrong, or says why it cannot be found out.
pub fn run(root: &Path) -> Result<()> {
    let file = root.join("deny.toml");
    let rules = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let rules: Rules = toml::from_str(&rules).with_context(|| file.display().to_string())?;

    let published = [
        "-p=workos-portal",
        "-p=workos-portal-mock",
        "--all-features",
        "--edges=normal,build",
    ];
    let mut wrong = rules.violations(&tree(root, &published)?);
    let client = tree(root, &["-p=workos-portal", "--edges=normal"])?;
    wrong.extend(unwanted(&client));
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("dependencies:\n  {}", wrong.join("\n  "))
}

/// A version of a crate.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dependency {
    name: String,
    version: String,
    license: String,
}

/// What `cargo tree` lists, for every platform.
fn tree(root: &Path, selection: &[&str]) -> Result<BTreeSet<Dependency>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root)
        .args(["tree", "--locked", "--target=all"]);
    command
        .args(["--prefix=none", "--format={p}|{l}"])
        .args(selection);
    let output = command
        .output()
        .context("cargo tree could not be started")?;
    if !output.status.success() {
        bail!(
            "cargo tree failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    read(&String::from_utf8(output.stdout)?)
}

/// Reads lines such as `syn v2.0.1 (proc-macro)|MIT OR Apache-2.0 (*)`.
fn read(lines: &str) -> Result<BTreeSet<Dependency>> {
    let lines = lines.lines().filter(|line| !line.is_empty());
    let dependencies = lines.map(|line| {
        let (package, license) = line.split_once('|')?;
        let mut words = package.split(' ');
        Some(Dependency {
            name: words.next()?.to_owned(),
            version: words.next()?.strip_prefix('v')?.to_owned(),
            license: license.trim_end_matches("(*)").trim().to_owned(),
        })
    });
    let dependencies: Option<BTreeSet<_>> = dependencies.collect();
    dependencies
        .filter(|dependencies| !dependencies.is_empty())
        .context("cargo tree does not list what it used to")
}

fn unwanted(client: &BTreeSet<Dependency>) -> Vec<String> {
    let found = client
        .iter()
        .filter(|dependency| NOT_IN_THE_CLIENT.contains(&dependency.name.as_str()));
    found
        .map(|Dependency { name, .. }| format!("the client depends on {name} by default"))
        .collect()
}

/// What of `deny.toml` is held here.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    skip: Vec<Skip>,
}

#[derive(Deserialize)]
struct Skip {
    /// A name and how its version begins: `syn@2`.
    #[serde(rename = "crate")]
    duplicate: String,
}

impl Rules {
    fn violations(&self, dependencies: &BTreeSet<Dependency>) -> Vec<String> {
        let mut wrong = Vec::new();
        for Dependency {
            name,
            version,
            license,
        } in dependencies
        {
            if !self.allows(name, license, "") {
                wrong.push(format!(
                    "{name} {version} has the licence {license:?}, which is not allowed"
                ));
            }
        }
        for license in &self.licenses.allow {
            if dependencies
                .iter()
                .all(|of| self.allows(&of.name, &of.license, license))
            {
                wrong.push(format!("nothing needs the licence {license} to be allowed"));
            }
        }
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Dependency { name, version, .. } in dependencies {
            versions.entry(name).or_default().push(version);
        }
        for Skip { duplicate } in &self.bans.skip {
            let several = |of: &&Dependency| versions[of.name.as_str()].len() > 1;
            if !dependencies
                .iter()
                .filter(several)
                .any(|of| skips(duplicate, &of.name, &of.version))
            {
                wrong.push(format!(
                    "{duplicate} is no duplicate, and need not be skipped"
                ));
            }
        }
        for (name, mut versions) in versions {
            versions.retain(|version| {
                !self
                    .bans
                    .skip
                    .iter()
                    .any(|skip| skips(&skip.duplicate, name, version))
            });
            if versions.len() > 1 {
                wrong.push(format!("{name} is there as {}", versions.join(" and ")));
            }
        }
        wrong
    }

    /// Whether a crate may have a licence, if one of the licences were not allowed.
    fn allows(&self, name: &str, license: &str, without: &str) -> bool {
        let own = self
            .licenses
            .exceptions
            .iter()
            .filter(|exception| exception.name == name);
        let own: Vec<&String> = own.flat_map(|exception| &exception.allow).collect();
        // As old packages write it, too: `MIT/Apache-2.0`. What cannot be read allows nothing.
        let expression = Expression::parse_mode(license, ParseMode::LAX);
        expression.is_ok_and(|expression| {
            expression.evaluate(|required| {
                let name = required.to_string();
                name != without && (own.contains(&&name) || self.licenses.allow.contains(&name))
            })
        })
    }
}

fn skips(duplicate: &str, name: &str, version: &str) -> bool {
    duplicate
        .split_once('@')
        .is_some_and(|(skipped, beginning)| {
            let rest = version.strip_prefix(beginning);
            skipped == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT", "ISC"]
        exceptions = [{ crate = "generator", allow = ["MPL-2.0"] }]
        [bans]
        skip = [{ crate = "twice@1", reason = "theirs" }]
    "#;
    const TREE: &str = "ours v0.1.0 (/somewhere)|MIT OR Apache-2.0\n\
        generator v3.0.0|MPL-2.0\nring v0.17.1|Apache-2.0 AND ISC OR ISC\n\n\
        twice v1.2.0 (proc-macro)|MIT\ntwice v2.0.0|MIT/Apache-2.0 (*)\n";

    fn violations(rules: &str, tree: &str) -> Vec<String> {
        let rules: Rules = toml::from_str(rules).unwrap();
        rules.violations(&read(tree).unwrap())
    }

    #[test]
    fn what_is_allowed_passes() {
        assert_eq!(violations(RULES, TREE), [""; 0]);
    }

    #[test]
    fn licences_and_duplicates_that_are_not_allowed_are_named() {
        for (part, instead, wrong) in [
            (
                "generator v3",
                "another v3",
                "another 3.0.0 has the licence \"MPL-2.0\", which is not allowed",
            ),
            (
                "|MPL-2.0",
                "|",
                "generator 3.0.0 has the licence \"\", which is not allowed",
            ),
            (
                "AND ISC OR ISC",
                "AND ISC",
                "ring 0.17.1 has the licence \"Apache-2.0 AND ISC\", which is not allowed",
            ),
            (
                "Apache-2.0 AND ISC OR ISC",
                "MIT",
                "nothing needs the licence ISC to be allowed",
            ),
            (
                "twice v1.2.0",
                "twice v10.2.0",
                "twice@1 is no duplicate, and need not be skipped",
            ),
            (
                "twice v1.2.0",
                "once v1.2.0",
                "twice@1 is no duplicate, and need not be skipped",
            ),
            (
                "ring v",
                "twice v3.0.0|MIT\nring v",
                "twice is there as 2.0.0 and 3.0.0",
            ),
        ] {
            let tree = TREE.replacen(part, instead, 1);
            assert!(
                violations(RULES, &tree).contains(&wrong.to_owned()),
                "{:?}",
                violations(RULES, &tree)
            );
        }
    }

    #[test]
    fn expressions_are_read_to_their_end() {
        let rules: Rules = toml::from_str(RULES).unwrap();
        for (license, allowed) in [
            ("(GPL-3.0 OR MIT) AND ISC", true),
            ("(GPL-3.0 OR MIT) AND Zlib", false),
            ("MIT WITH something", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("MIT AND", false),
            ("(MIT", false),
            ("MIT ISC", false),
        ] {
            assert_eq!(rules.allows("any", license, ""), allowed, "{license}");
        }
    }

    #[test]
    fn the_client_is_held_to_one_stack() {
        let client = read("ring v0.17.1|ISC\naws-lc-sys v0.47.0|ISC\n").unwrap();
        assert_eq!(
            unwanted(&client),
            ["the client depends on aws-lc-sys by default"]
        );
        assert!(read("ring 0.17.1").is_err());
        assert!(read("").is_err());
    }
}
