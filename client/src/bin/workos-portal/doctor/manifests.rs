//! Which of WorkOS's SDKs the app has, by the manifests of its languages.

use toml::Value as Toml;

use super::finding::Finding;
use super::project::Project;

/// An SDK that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sdk {
    pub(super) name: String,
    /// As the manifest has it; empty when it does not say.
    pub(super) version: String,
    /// `path:line`.
    pub(super) place: String,
}

/// The SDKs in a file, if it is a manifest.
///
/// # Errors
/// The path, and the line where there is one, of a manifest that cannot be read.
pub(super) fn read(path: &str, name: &str, text: &str) -> Result<Vec<Sdk>, String> {
    let found = match name {
        "Cargo.toml" => cargo(&toml(path, text)?),
        "pyproject.toml" => pyproject(&toml(path, text)?),
        "package.json" => npm(path, text)?,
        "Gemfile" => gemfile(text),
        "go.mod" => go(text),
        _ => match name.strip_suffix(".txt") {
            Some(stem) if stem.starts_with("requirements") => {
                text.lines().filter_map(python).collect()
            }
            _ => Vec::new(),
        },
    };
    let sdk = |(name, version): (String, String)| Sdk {
        place: place(path, text, &name),
        name,
        version,
    };
    Ok(found.into_iter().map(sdk).collect())
}

type Found = Vec<(String, String)>;

fn place(path: &str, text: &str, name: &str) -> String {
    let line = text.lines().position(|line| {
        let line = line.trim_start();
        !line.starts_with("name") && line.contains(name)
    });
    line.map_or_else(|| path.to_owned(), |line| format!("{path}:{}", line + 1))
}

fn toml(path: &str, text: &str) -> Result<Toml, String> {
    text.parse::<toml::Table>()
        .map(Toml::Table)
        .map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            before.map_or_else(
                || path.to_owned(),
                |before| format!("{path}:{}", before.matches('\n').count() + 1),
            )
        })
}

fn cargo(manifest: &Toml) -> Found {
    let mut found = Vec::new();
    let mut tables = vec![manifest];
    tables.extend(manifest.get("workspace"));
    if let Some(targets) = manifest.get("target").and_then(Toml::as_table) {
        tables.extend(targets.values());
    }
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(dependencies) = table.get(kind).and_then(Toml::as_table) else {
                continue;
            };
            for (name, value) in dependencies {
                let package = value.get("package").and_then(Toml::as_str).unwrap_or(name);
                if matches!(package, "workos" | "workos-portal") {
                    found.push((package.to_owned(), version(value)));
                }
            }
        }
    }
    found
}

fn version(value: &Toml) -> String {
    let version = value.as_str().or_else(|| value.get("version")?.as_str());
    version.unwrap_or_default().to_owned()
}

fn pyproject(manifest: &Toml) -> Found {
    let project = manifest.get("project");
    let mut lists: Vec<&Toml> = Vec::new();
    lists.extend(project.and_then(|project| project.get("dependencies")));
    let groups = [
        project.and_then(|project| project.get("optional-dependencies")),
        manifest.get("dependency-groups"),
    ];
    for group in groups.into_iter().flatten() {
        lists.extend(group.as_table().into_iter().flat_map(toml::Table::values));
    }
    let lists = lists.into_iter().filter_map(Toml::as_array).flatten();
    let mut found: Found = lists.filter_map(Toml::as_str).filter_map(python).collect();
    let poetry = manifest.get("tool").and_then(|tool| tool.get("poetry"));
    let poetry = poetry.and_then(|poetry| poetry.get("dependencies")?.get("workos"));
    found.extend(poetry.map(|value| ("workos".to_owned(), version(value))));
    found
}

/// A requirement such as `workos[extra] >= 5, < 6 ; python_version > "3"  # why`.
fn python(requirement: &str) -> Option<(String, String)> {
    let requirement = requirement.split(['#', ';']).next()?.trim();
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = requirement.find(|c| !name(c)).unwrap_or(requirement.len());
    let (found, rest) = requirement.split_at(end);
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("", |(_, rest)| rest),
        None => rest,
    };
    found
        .eq_ignore_ascii_case("workos")
        .then(|| ("workos".to_owned(), rest.trim().to_owned()))
}

fn npm(path: &str, text: &str) -> Result<Found, String> {
    let text = text.trim_start_matches('\u{feff}');
    let manifest: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("{path}:{}", error.line()))?;
    let kinds = [
        "dependencies",
        "devDependencies",
        "peerDependencies",
        "optionalDependencies",
    ];
    let tables = kinds
        .iter()
        .filter_map(|kind| manifest.get(kind)?.as_object());
    let ours = tables
        .flatten()
        .filter(|(name, _)| name.starts_with("@workos-inc/"));
    Ok(ours
        .map(|(name, version)| {
            (
                name.clone(),
                version.as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect())
}

fn gemfile(text: &str) -> Found {
    let gem = |line: &str| {
        let rest = line.trim().strip_prefix("gem")?;
        let rest = rest.trim_start_matches([' ', '(']);
        let mut texts = rest.split(['"', '\'']).skip(1).step_by(2);
        let name = texts.next().filter(|name| *name == "workos")?;
        let version = texts.next().filter(|text| {
            text.contains(|c: char| c.is_ascii_digit()) && !text.contains(['/', ':'])
        });
        Some((name.to_owned(), version.unwrap_or_default().to_owned()))
    };
    text.lines().filter_map(gem).collect()
}

fn go(text: &str) -> Found {
    let module = |line: &str| {
        let line = line.split("//").next()?.trim();
        let mut words = line
            .strip_prefix("require")
            .unwrap_or(line)
            .split_whitespace();
        let name = words.next()?;
        let ours = name.starts_with("github.com/workos/workos-go");
        ours.then(|| (name.to_owned(), words.next().unwrap_or_default().to_owned()))
    };
    text.lines().filter_map(module).collect()
}

/// Whether there is an SDK.
pub(super) fn check(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "sdk";
    let mut findings: Vec<Finding> = project
        .sdks
        .iter()
        .map(|sdk| {
            let name = format!("{} {}", sdk.name, sdk.version);
            Finding::ok(CHECK, format!("The app has the SDK {}.", name.trim()))
                .at([sdk.place.clone()])
        })
        .collect();
    if !project.broken_manifests.is_empty() {
        let finding = Finding::warning(
            "manifests",
            "Manifests cannot be read.",
            "Correct what is not TOML or JSON in them.",
        );
        findings.push(finding.at(project.broken_manifests.iter().cloned()));
    }
    if project.sdks.is_empty() {
        findings.push(Finding::warning(
            CHECK,
            "No manifest asks for a WorkOS SDK.",
            "Add one: `cargo add workos-portal`, `npm install @workos-inc/node`, `pip install workos`, \
             `bundle add workos` or `go get github.com/workos/workos-go`.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<String> {
        let sdks = read(&format!("app/{name}"), name, text).expect("a manifest");
        let shown = |sdk: &Sdk| format!("{} {} {}", sdk.name, sdk.version, sdk.place);
        sdks.iter().map(shown).collect()
    }

    #[test]
    fn sdks_are_found_in_the_manifests_of_every_language() {
        for (name, text, sdk) in [
            (
                "Cargo.toml",
                "[package]\nname = \"workos-demo\"\n[dependencies]\nworkos = \"3.5\"",
                "workos 3.5 app/Cargo.toml:4",
            ),
            (
                "Cargo.toml",
                "[workspace.dependencies]\nw = { package = \"workos-portal\", version = \"0.1\" }",
                "workos-portal 0.1 app/Cargo.toml:2",
            ),
            (
                "Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\nworkos.workspace = true",
                "workos  app/Cargo.toml:2",
            ),
            (
                "package.json",
                "{\n\"dependencies\": {\n\"@workos-inc/node\": \"^7.0.0\"}}",
                "@workos-inc/node ^7.0.0 app/package.json:3",
            ),
            (
                "pyproject.toml",
                "[project]\ndependencies = [\n\"flask\",\n\"WorkOS>=5,<6\"]",
                "workos >=5,<6 app/pyproject.toml",
            ),
            (
                "pyproject.toml",
                "[tool.poetry.dependencies]\nworkos = \"^5\"",
                "workos ^5 app/pyproject.toml:2",
            ),
            (
                "pyproject.toml",
                "[dependency-groups]\nweb = [\"workos==5.1\", {include-group = \"a\"}]",
                "workos ==5.1 app/pyproject.toml:2",
            ),
            (
                "requirements-dev.txt",
                "# workos\nflask\nworkos[x] == 5.0 ; python_version > '3' # y",
                "workos == 5.0 app/requirements-dev.txt:1",
            ),
            (
                "Gemfile",
                "source \"https://rubygems.org\"\ngem \"workos\", \"~> 5.0\"",
                "workos ~> 5.0 app/Gemfile:2",
            ),
            (
                "Gemfile",
                "gem 'workos', git: 'https://github.com/workos/workos-ruby2'",
                "workos  app/Gemfile:1",
            ),
            (
                "go.mod",
                "module a\nrequire (\n\tgithub.com/workos/workos-go/v4 v4.1.0 // indirect\n)",
                "github.com/workos/workos-go/v4 v4.1.0 app/go.mod:3",
            ),
            (
                "go.mod",
                "require github.com/workos/workos-go/v4 v4.1.0",
                "github.com/workos/workos-go/v4 v4.1.0 app/go.mod:1",
            ),
        ] {
            assert_eq!(found(name, text), [sdk], "{text}");
        }
    }

    #[test]
    fn others_are_not() {
        for (name, text) in [
            (
                "Cargo.toml",
                "[dependencies]\nworkos-other = \"1\"\nserde = \"1\"",
            ),
            ("Cargo.toml", "dependencies = 1\ntarget = 2\nworkspace = []"),
            (
                "package.json",
                "{\"dependencies\": [1], \"devDependencies\": {\"workos\": 1}}",
            ),
            ("package.json", "[]"),
            (
                "pyproject.toml",
                "project = 1\ndependency-groups = []\ntool = []",
            ),
            ("requirements.txt", "workos-extra\n-r workos.txt"),
            ("Gemfile", "# gem \"workos\"\ngemspec\ngem"),
            ("go.mod", "// github.com/workos/workos-go"),
            ("main.rs", "workos"),
        ] {
            assert_eq!(found(name, text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_told_with_its_line() {
        let place = |name, text| read(name, name, text).unwrap_err();
        assert_eq!(place("Cargo.toml", "[package]\nname = \n"), "Cargo.toml:2");
        assert_eq!(place("package.json", "{\n\"a\": ,}"), "package.json:2");
        assert_eq!(place("package.json", ""), "package.json:1");
        let deep = "[".repeat(100_000);
        assert_eq!(place("package.json", &deep), "package.json:1");
        assert_eq!(
            place("pyproject.toml", &format!("a = {deep}")),
            "pyproject.toml:1"
        );
    }
}
