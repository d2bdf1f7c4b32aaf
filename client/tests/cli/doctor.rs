//! `doctor` against apps that are broken, each in its own way.

use std::fs;

use crate::apps::{App, HIDDEN, found, key};
use crate::{program, told};

#[test]
fn a_sound_app_is_well() {
    insta::assert_snapshot!(
        App::sound().offline(&["--return-url", "https://app.example.com/settings"])
    );
}

#[test]
fn an_empty_folder_lacks_everything() {
    insta::assert_snapshot!(App::empty().offline(&[]));
}

#[test]
fn values_that_are_mixed_up() {
    let app = App::sound();
    app.file(
        ".env.local",
        format!(
            "WORKOS_API_KEY=client_1\nexport WORKOS_CLIENT_ID=\"{}\"\n",
            key("test_")
        ),
    );
    insta::assert_snapshot!(app.offline(&[]));
}

#[test]
fn several_places_set_a_key() {
    let app = App::sound();
    app.file(
        ".env",
        format!("\n\nWORKOS_API_KEY={} # old\n", key("live_")),
    );
    let text = app.offline(&[]);
    let told = "WORKOS_API_KEY is set in .env.local:1, which wins over .env:3.";
    assert!(text.contains(told), "{text}");
    let (_, out, _) = self::told(
        program()
            .args(["doctor", "--offline"])
            .arg(app.path())
            .env("WORKOS_API_KEY", key("")),
    );
    let told = "WORKOS_API_KEY is set in the environment, which wins over .env.local:1 and";
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains(told), "{out}");
}

#[test]
fn keys_in_files_for_another_environment() {
    let app = App::sound();
    app.file(
        ".env.production",
        format!("WORKOS_API_KEY={}\n", key("test_")),
    );
    app.file(
        ".env.development.local",
        format!("WORKOS_API_KEY='{}'\n", key("live_")),
    );
    insta::assert_snapshot!(app.offline(&[]));
}

#[test]
fn env_files_that_git_does_not_ignore() {
    let app = App::sound();
    app.file(".gitignore", ".env.local\n");
    app.file(".env", format!("WORKOS_API_KEY={}\n", key("test_")));
    app.file(
        "apps/web/.env",
        format!("WORKOS_WEBHOOK_SECRET=whsec_{HIDDEN}\n"),
    );
    app.file("apps/web/.env.test", "LOG=debug\n");
    insta::assert_snapshot!(app.offline(&[]));
}

/// What git wrote down of `.env`, `.env.example`, `apps/web/.env` and two sources.
const INDEX: &[u8] = include_bytes!("../../src/bin/workos-portal/doctor/indexes/v2");

#[test]
fn env_files_that_git_has_already() {
    let app = App::sound();
    app.file(".git/index", INDEX);
    app.file(".env", format!("WORKOS_API_KEY={}\n", key("test_")));
    // It is in a folder that git ignores, so nothing else in there is looked at.
    app.file(".gitignore", ".env*\n!.env.example\napps/\n");
    app.file(
        "apps/web/.env",
        format!("WORKOS_WEBHOOK_SECRET=whsec_{HIDDEN}\n"),
    );
    insta::assert_snapshot!(app.offline(&[]));

    app.file(".env", "LOG=debug\n");
    app.file("apps/web/.env", "WORKOS_WEBHOOK_SECRET=\n");
    assert_eq!(found(&app.offline(&["--json"])), [], "no secrets, no harm");
}

#[test]
fn git_is_found_wherever_it_keeps_its_index() {
    let app = App::sound();
    app.file("apps/web/.env", format!("A={}\n", key("test_")));
    app.file("elsewhere/git/index", INDEX);
    fs::remove_dir_all(app.path().join(".git")).expect("a removed folder");
    app.file(".git", "gitdir: elsewhere/git\n");
    let web = app.path().join("apps/web");
    let doctor = || told(program().args(["doctor", "--offline"]).arg(&web)).1;
    let text = doctor();
    assert!(
        text.contains("Git tracks files that hold secrets"),
        "{text}"
    );
    assert!(text.contains("           .env\n"), "{text}");

    // Whatever else is there is no index, and nothing is said by it.
    for index in [&INDEX[..100], b"DIRC", b""] {
        app.file("elsewhere/git/index", index);
        let text = doctor();
        assert!(text.contains("Git ignores the files that hold"), "{text}");
    }
    app.file(".git", "gitdir: nowhere\n");
    assert!(!doctor().contains("Git tracks"));
}

#[test]
fn rules_of_the_repository_around_hold_too() {
    let app = App::sound();
    app.file("services/.gitignore", "secret/\n");
    app.file(
        "services/secret/.env",
        format!("WORKOS_API_KEY={}\n", key("test_")),
    );
    let doctor = |folder: &str| {
        let folder = app.path().join(folder);
        told(
            program()
                .args(["doctor", "--offline", "--json"])
                .arg(folder),
        )
        .1
    };
    let text = doctor("services/secret");
    assert!(
        text.contains("Git ignores the files that hold secrets."),
        "{text}"
    );
    app.file("open/.gitignore", "!.env\n");
    app.file("open/.env", format!("WORKOS_API_KEY={}\n", key("test_")));
    let text = doctor("open");
    assert!(
        text.contains("Git does not ignore files that hold secrets."),
        "{text}"
    );
}

#[test]
fn keys_in_sources() {
    let app = App::sound();
    app.file(
        "src/client.ts",
        format!("// é\nnew WorkOS('{}');\n", key("live_")),
    );
    app.file("config/app.yml", format!("key: {}\n", key("")));
    // Neither what others wrote nor what git leaves out is the app's.
    app.file(".gitignore", ".env*\ndist/\n");
    app.file("dist/app.js", format!("'{}'", key("live_")));
    app.file("node_modules/a/index.js", format!("'{}'", key("live_")));
    insta::assert_snapshot!(app.offline(&[]));
}

#[test]
fn secrets_in_browsers() {
    let app = App::sound();
    app.file(
        ".env.local",
        format!(
            "WORKOS_API_KEY={0}\nNEXT_PUBLIC_WORKOS_KEY={0}\n",
            key("test_")
        ),
    );
    app.file(
        "app/button.tsx",
        "'use client';\nconst key = process.env.WORKOS_API_KEY;\n",
    );
    app.file("app/lib.ts", "import.meta.env.VITE_WORKOS_API_KEY\n");
    app.file("app/server.ts", "process.env.WORKOS_API_KEY\n");
    insta::assert_snapshot!(app.offline(&[]));
}

#[test]
fn webhooks_without_a_secret() {
    let app = App::sound();
    app.file(
        "src/webhook.py",
        "import workos\nevent = client.webhooks.verify_event(body, header, secret)\n",
    );
    insta::assert_snapshot!(app.offline(&[]));
    app.file(
        ".env.local",
        format!(
            "WORKOS_API_KEY={}\nWORKOS_CLIENT_ID=client_1\nWORKOS_WEBHOOK_SECRET=whsec_{HIDDEN}\n",
            key("test_")
        ),
    );
    assert_eq!(found(&app.offline(&["--json"])), []);
}

#[test]
fn no_sdk_and_no_code() {
    let app = App::sound();
    app.file("package.json", "{\"dependencies\": {}}");
    app.file("src/portal.ts", "export {};\n");
    app.file("Cargo.toml", "[package]\nname =\n");
    insta::assert_snapshot!(app.offline(&[]));
}

#[test]
fn return_urls_that_are_refused() {
    let urls = [
        "--return-url",
        "http://app.example.com/hidden",
        "--return-url",
        "/settings",
        "--return-url",
        "https://u:p@app.example.com",
        "--return-url",
        "http://localhost:3000/a",
        "--return-url",
        "https://app.example.com/",
    ];
    insta::assert_snapshot!(App::sound().offline(&urls));
}

#[test]
#[cfg(unix)]
fn a_build_is_run_when_it_is_asked_for() {
    let app = App::sound();
    let text = app.offline(&["--build", "echo built && test -f package.json"]);
    assert!(text.starts_with("exit code 0\n"), "{text}");
    assert!(text.contains("The build command succeeds."), "{text}");
    assert!(text.ends_with("built\n"), "on standard error: {text}");
    let text = app.offline(&["--build", "exit 3"]);
    assert!(text.starts_with("exit code 1\n"), "{text}");
    assert!(
        text.contains("The build command ends with exit code 3."),
        "{text}"
    );
}

#[test]
fn a_report_can_be_read_by_programs() {
    let app = App::sound();
    app.file(
        "src/client.ts",
        format!("new WorkOS('{}');\n", key("live_")),
    );
    insta::assert_snapshot!(app.offline(&["--json"]));
}
