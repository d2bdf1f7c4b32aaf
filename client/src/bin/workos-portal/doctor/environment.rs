//! Variables: of the process, and of `.env` files.

use workos_portal::Secret;

use super::finding::Finding;
use super::project::{EnvFile, Project, Set};

/// What frameworks put into what they send to browsers.
pub(super) const PUBLIC: [&str; 7] = [
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "PUBLIC_",
    "NUXT_PUBLIC_",
    "EXPO_PUBLIC_",
    "GATSBY_",
];

/// Whether WorkOS's API key is set, and looks like one.
pub(super) fn api_key(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "api_key";
    let places = project.set("WORKOS_API_KEY");
    let Some(winner) = places.first() else {
        return vec![Finding::failure(
            CHECK,
            "WORKOS_API_KEY is set neither in the environment nor in .env.local or .env.",
            "Put WORKOS_API_KEY=sk_… into .env.local, with a key from the WorkOS dashboard, and let git \
             ignore that file.",
        )];
    };
    let key = winner.value.expose();
    let mut findings = Vec::new();
    if !key.starts_with("sk_") || key.contains(char::is_whitespace) {
        let client_id = if key.starts_with("client_") {
            " It holds a client id."
        } else {
            ""
        };
        findings.push(
            Finding::failure(
                CHECK,
                format!("WORKOS_API_KEY is no API key: those start with sk_ and have no space.{client_id}"),
                "Copy the secret key from the WorkOS dashboard, under API Keys.",
            )
            .at([winner.place.clone()]),
        );
    } else {
        findings.push(Finding::ok(CHECK, told("WORKOS_API_KEY", &places)));
    }
    findings.extend(mixed_up(project));
    findings
}

/// Keys of one environment in a file for another.
fn mixed_up(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &project.env_files {
        let Some(entry) = file.last("WORKOS_API_KEY") else {
            continue;
        };
        let key = entry.value.expose();
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let has = |word: &str| name.split('.').any(|part| part == word);
        let (kind, file_kind) = if key.starts_with("sk_test_") && (has("production") || has("prod"))
        {
            ("a test key", "production")
        } else if key.starts_with("sk_live_") && (has("development") || has("dev") || has("test")) {
            ("a production key", "development")
        } else {
            continue;
        };
        findings.push(
            Finding::warning(
                "api_key_environment",
                format!("WORKOS_API_KEY is {kind} in a file for {file_kind}."),
                "Give each environment of the app the key of its own WorkOS environment.",
            )
            .at([file.place(entry)]),
        );
    }
    findings
}

/// Whether WorkOS's client id is set, and looks like one.
pub(super) fn client_id(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "client_id";
    let places = project.set("WORKOS_CLIENT_ID");
    let Some(winner) = places.first() else {
        return vec![Finding::warning(
            CHECK,
            "WORKOS_CLIENT_ID is not set. Links do without it; signing in with single sign-on does not.",
            "Put WORKOS_CLIENT_ID=client_… beside the API key, from the WorkOS dashboard.",
        )];
    };
    if winner.value.expose().starts_with("client_") {
        return vec![Finding::ok(CHECK, told("WORKOS_CLIENT_ID", &places))];
    }
    let finding = Finding::failure(
        CHECK,
        "WORKOS_CLIENT_ID is no client id: those start with client_.",
        "Copy the client id from the WorkOS dashboard, under API Keys.",
    );
    vec![finding.at([winner.place.clone()])]
}

/// Whether deliveries can be verified, where there is code that takes them.
pub(super) fn webhook_secret(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "webhook_secret";
    let places = project.set("WORKOS_WEBHOOK_SECRET");
    if !places.is_empty() {
        return vec![Finding::ok(CHECK, told("WORKOS_WEBHOOK_SECRET", &places))];
    }
    if project.marks.webhooks.is_empty() {
        return Vec::new();
    }
    let finding = Finding::warning(
        CHECK,
        "There is code for webhooks, and WORKOS_WEBHOOK_SECRET is not set.",
        "Set it to the secret of the endpoint, and verify each delivery over its raw body.",
    );
    vec![finding.at(project.marks.webhooks.iter().cloned())]
}

/// Whether git ignores the files that hold secrets, and has none of them.
pub(super) fn ignored_by_git(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "env_ignored";
    if !project.in_git {
        return Vec::new();
    }
    let with_secrets = || {
        let files = project.env_files.iter();
        files.filter(|file| {
            let mut values = file.entries.iter().map(|entry| &entry.value);
            values.any(is_secret)
        })
    };
    let paths = |which: fn(&&EnvFile) -> bool| -> Vec<String> {
        let files = with_secrets().filter(which);
        files.map(|file| file.path.clone()).collect()
    };
    let mut findings = Vec::new();
    let tracked = paths(|file| file.tracked);
    if !tracked.is_empty() {
        let finding = Finding::failure(
            "env_tracked",
            "Git tracks files that hold secrets: what it ignores is only what it does not know yet.",
            "Take each out with `git rm --cached`, commit that, and replace its keys in the WorkOS dashboard: \
             what was committed stays in the history.",
        );
        findings.push(finding.at(tracked));
    }
    let open = paths(|file| !file.ignored);
    if !open.is_empty() {
        let finding = Finding::failure(
            CHECK,
            "Git does not ignore files that hold secrets.",
            "Add .env* to .gitignore (and !.env.example). If one was ever committed, take it out with \
             `git rm --cached` and replace its keys in the WorkOS dashboard.",
        );
        findings.push(finding.at(open));
    }
    if findings.is_empty() && with_secrets().next().is_some() {
        findings.push(Finding::ok(
            CHECK,
            "Git ignores the files that hold secrets.",
        ));
    }
    findings
}

/// Whether a key is in a variable that browsers get.
pub(super) fn public_variables(project: &Project) -> Vec<Finding> {
    let mut places = Vec::new();
    for file in &project.env_files {
        let public = file.entries.iter().filter(|entry| {
            PUBLIC.iter().any(|prefix| entry.name.starts_with(prefix)) && is_secret(&entry.value)
        });
        places.extend(public.map(|entry| format!("{} {}", file.place(entry), entry.name)));
    }
    if places.is_empty() {
        return Vec::new();
    }
    let finding = Finding::failure(
        "public_variables",
        "Variables that are sent to browsers hold a secret.",
        "Rename them without the public prefix, read them on the server alone, and replace the key in the \
         WorkOS dashboard: whoever saw the app has it.",
    );
    vec![finding.at(places)]
}

/// Whether a value is one of WorkOS's secrets.
fn is_secret(value: &Secret) -> bool {
    let value = value.expose();
    value.starts_with("sk_") || value.starts_with("whsec_")
}

fn told(name: &str, places: &[Set<'_>]) -> String {
    let mut places = places.iter().map(|set| set.place.as_str());
    let winner = places.next().unwrap_or_default();
    let others: Vec<&str> = places.collect();
    if others.is_empty() {
        format!("{name} is set in {winner}.")
    } else {
        format!(
            "{name} is set in {winner}, which wins over {}.",
            others.join(" and ")
        )
    }
}
