//! What is written in the app's sources.

use super::environment::PUBLIC;
use super::finding::Finding;
use super::project::Project;

/// The most places that are kept of one kind.
const PLACES: usize = 1000;

/// The names of what makes portal links, in the SDKs and in the API itself.
const PORTAL: [&str; 7] = [
    "generate_portal_link",
    "generateportallink",
    "generate_link",
    "generatelink",
    "portal/generate_link",
    "portalroutes",
    "adminportal::new",
];

/// The names of what verifies webhooks.
const WEBHOOKS: [&str; 6] = [
    "workos-signature",
    "constructevent",
    "construct_event",
    "verify_event",
    "webhook::verifier",
    "webhookevent",
];

const CODE: [&str; 22] = [
    "astro", "cjs", "cs", "cts", "ex", "exs", "go", "html", "java", "js", "jsx", "kt", "mjs",
    "mts", "php", "py", "rb", "rs", "svelte", "ts", "tsx", "vue",
];

/// Words of keys that are made up for documents and tests.
const MADE_UP: [&str; 9] = [
    "example",
    "your",
    "xxx",
    "placeholder",
    "default",
    "dummy",
    "fake",
    "redacted",
    "123456789",
];

/// What was found, each with where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Code that makes portal links.
    pub(super) portal: Vec<String>,
    /// Code that takes webhooks.
    pub(super) webhooks: Vec<String>,
    /// API keys.
    pub(super) keys: Vec<String>,
    /// Code for browsers that names secrets.
    pub(super) browser: Vec<String>,
}

/// Looks through one text.
pub(super) fn scan(path: &str, text: &str, marks: &mut Marks) {
    let extension = path
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'));
    let code = extension.is_some_and(|(_, extension)| CODE.contains(&extension));
    let lower = if code {
        text.to_ascii_lowercase()
    } else {
        String::new()
    };
    let ours = lower.contains("workos");
    let for_browsers = code && is_for_browsers(text);
    let mark = |places: &mut Vec<String>, index: usize, what: &str| {
        if places.len() < PLACES {
            places.push(format!("{path}:{}{what}", index + 1));
        }
    };
    for (index, line) in text.lines().enumerate() {
        if let Some(kind) = key(line) {
            mark(&mut marks.keys, index, &format!(" {kind}…"));
        }
        if for_browsers && line.contains("WORKOS_API_KEY") {
            mark(&mut marks.browser, index, "");
        } else if let Some(name) = code.then(|| public_name(line)).flatten() {
            mark(&mut marks.browser, index, &format!(" {name}"));
        }
    }
    if !ours {
        return;
    }
    for (index, line) in lower.lines().enumerate() {
        let has = |names: &[&str]| names.iter().any(|name| line.contains(name));
        if has(&PORTAL) {
            mark(&mut marks.portal, index, "");
        }
        if has(&WEBHOOKS) {
            mark(&mut marks.webhooks, index, "");
        }
    }
}

/// The beginning of an API key in a line, `sk_test_` for example; never more of it.
fn key(line: &str) -> Option<&'static str> {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices("sk_").find_map(|(at, _)| {
        if line[..at].ends_with(in_word) {
            return None;
        }
        let word = &line[at..];
        let word = &word[..word.find(|c| !in_word(c)).unwrap_or(word.len())];
        let random = word.rsplit('_').next().unwrap_or_default();
        let is_random = random.len() >= 16
            && random.contains(|c: char| c.is_ascii_digit())
            && random.contains(|c: char| c.is_ascii_alphabetic());
        let lower = word.to_ascii_lowercase();
        if !is_random || MADE_UP.iter().any(|made_up| lower.contains(made_up)) {
            return None;
        }
        let kinds = ["sk_test_", "sk_live_"].into_iter();
        Some(
            kinds
                .rev()
                .find(|kind| word.starts_with(kind))
                .unwrap_or("sk_"),
        )
    })
}

/// Whether a file begins with the directive that makes it code for browsers.
fn is_for_browsers(text: &str) -> bool {
    let mut lines = text.lines().take(50).map(str::trim);
    lines.any(|line| {
        matches!(
            line.trim_end_matches(';'),
            "\"use client\"" | "'use client'"
        )
    })
}

/// The name of a secret that browsers get, in a line.
fn public_name(line: &str) -> Option<&str> {
    let in_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    line.match_indices("WORKOS_").find_map(|(at, _)| {
        let begin = line[..at].rfind(|c| !in_name(c)).map_or(0, |before| {
            before + line[before..].chars().next().map_or(0, char::len_utf8)
        });
        let name = &line[begin..];
        let name = &name[..name.find(|c| !in_name(c)).unwrap_or(name.len())];
        let public = PUBLIC.iter().any(|prefix| name.starts_with(prefix));
        let secret = name.contains("API_KEY") || name.contains("SECRET");
        (public && secret).then_some(name)
    })
}

/// Whether there is code that makes links.
pub(super) fn portal_code(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "portal_code";
    let places = &project.marks.portal;
    if places.is_empty() {
        return vec![Finding::warning(
            CHECK,
            "No code makes portal links.",
            "Make a link when an administrator presses a button, and redirect there at once: it opens once, \
             within 5 minutes.",
        )];
    }
    vec![Finding::ok(CHECK, "Code makes portal links.").at(places.iter().cloned())]
}

/// Whether keys are written into sources.
pub(super) fn hard_coded_keys(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "hard_coded_keys";
    let places = &project.marks.keys;
    if places.is_empty() {
        return vec![Finding::ok(
            CHECK,
            "No API key is written into the sources.",
        )];
    }
    let finding = Finding::failure(
        CHECK,
        "API keys are written into the sources.",
        "Replace each key in the dashboard it is from, and read the new one from the environment: what was \
         committed stays in the history.",
    );
    vec![finding.at(places.iter().cloned())]
}

/// Whether code for browsers names secrets.
pub(super) fn browser_code(project: &Project) -> Vec<Finding> {
    const CHECK: &str = "browser_code";
    let places = &project.marks.browser;
    if places.is_empty() {
        return vec![Finding::ok(CHECK, "No code for browsers names a secret.")];
    }
    let finding = Finding::failure(
        CHECK,
        "Code that is sent to browsers names a secret.",
        "Call WorkOS from the server alone: let the browser post to a route of the app, which answers with a \
         redirect to a new link.",
    );
    vec![finding.at(places.iter().cloned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(path: &str, text: &str) -> Marks {
        let mut marks = Marks::default();
        scan(path, text, &mut marks);
        marks
    }

    /// A key that only exists while the test runs.
    fn made(kind: &str) -> String {
        format!("sk_{kind}{}", "a2V5XzAxSDRTOEs3".repeat(3))
    }

    #[test]
    fn keys_are_found_and_masked() {
        for (kind, shown) in [("test_", "sk_test_"), ("live_", "sk_live_"), ("", "sk_")] {
            let text = format!("\nconst key = \"{}\";\n", made(kind));
            let found = marks("a.txt", &text).keys;
            assert_eq!(found, [format!("a.txt:2 {shown}…")]);
        }
    }

    #[test]
    fn what_only_looks_like_a_key_is_none() {
        for text in [
            "sk_test_default".to_owned(),
            "sk_…".to_owned(),
            "sk_learn_pipeline_version_2_with_a_long_name".to_owned(),
            "process.env.sk_".to_owned(),
            format!("task_{}", &made("")[3..]),
            format!("sk_your_key_{}", &made("")[3..]),
            "sk_example_1234567890123456789a".to_owned(),
        ] {
            assert_eq!(marks("a.ts", &text).keys, [""; 0], "{text}");
        }
    }

    #[test]
    fn code_that_makes_links_is_found_in_every_language() {
        for (path, line) in [
            ("a.ts", "await workos.adminPortal.generateLink({"),
            ("a.ts", "await workos.portal.generateLink({"),
            ("a.py", "workos.portal.generate_link(organization)"),
            ("a.rb", "WorkOS::Portal.generate_link("),
            ("a.go", "workos.AdminPortal().GenerateLink(ctx"),
            ("a.php", "$workos->generatePortalLink("),
            ("a.rs", "workos_portal().generate_portal_link()"),
            ("a.ex", "\"https://api.workos.com/portal/generate_link\""),
        ] {
            assert_eq!(marks(path, line).portal, [format!("{path}:1")], "{line}");
        }
        assert_eq!(marks("a.ts", "storage.generateLink()").portal, [""; 0]);
        assert_eq!(marks("a.md", "workos generateLink").portal, [""; 0]);
    }

    #[test]
    fn code_for_browsers_must_not_name_secrets() {
        let client = "// é\n'use client';\nfetch(process.env.WORKOS_API_KEY)";
        assert_eq!(marks("a.tsx", client).browser, ["a.tsx:3"]);
        assert_eq!(
            marks("a.tsx", "process.env.WORKOS_API_KEY").browser,
            [""; 0]
        );
        for prefix in PUBLIC {
            let line = format!("é{prefix}WORKOS_API_KEY!");
            assert_eq!(
                marks("a.vue", &line).browser,
                [format!("a.vue:1 {prefix}WORKOS_API_KEY")]
            );
        }
        for line in ["NEXT_PUBLIC_WORKOS_CLIENT_ID", "MY_WORKOS_API_KEY"] {
            assert_eq!(marks("a.ts", line).browser, [""; 0], "{line}");
        }
    }

    #[test]
    fn webhooks_are_found() {
        let line = "const event = await workos.webhooks.constructEvent({ payload })";
        assert_eq!(marks("a.ts", line).webhooks, ["a.ts:1"]);
        assert_eq!(
            marks("a.ts", "stripe.webhooks.constructEvent(").webhooks,
            [""; 0]
        );
    }

    #[test]
    fn places_are_bounded() {
        let text = "workos generateLink\n".repeat(PLACES + 5);
        assert_eq!(marks("a.ts", &text).portal.len(), PLACES);
    }
}
