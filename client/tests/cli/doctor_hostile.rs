//! `doctor` in folders that are out to harm it.

use std::fs;

use crate::apps::{App, found, key};
use crate::{program, told};

#[test]
fn a_folder_that_is_none_is_told() {
    let app = App::empty();
    app.file("file", "");
    for (path, why) in [
        ("nothing", "does not exist: name the app's folder"),
        ("file", "is not a folder: name the one that the app is in"),
        (
            "file/below",
            "is not a folder: name the one that the app is in",
        ),
    ] {
        let path = app.path().join(path);
        let (code, out, err) = told(program().arg("doctor").arg(&path));
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert_eq!(err, format!("error: {} {why}\n", path.display()));
    }
}

#[test]
fn long_files_and_binary_files_are_passed_over() {
    let app = App::sound();
    let secret = format!("'{}'\n", key("live_"));
    app.file("long.js", secret.clone() + &" ".repeat(1024 * 1024));
    app.file("picture.js", format!("\0{secret}"));
    app.file("latin.js", [b"\xe9".as_slice(), secret.as_bytes()].concat());
    assert_eq!(
        found(&app.offline(&["--json"])),
        [
            (
                "files".to_owned(),
                "warning".to_owned(),
                vec!["long.js".to_owned()]
            ),
            (
                "hard_coded_keys".to_owned(),
                "failure".to_owned(),
                vec!["latin.js:1 sk_live_…".to_owned()]
            ),
        ]
    );
}

#[test]
#[cfg(unix)]
fn a_hostile_folder_is_gone_through() {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    let app = App::sound();
    symlink(app.path(), app.path().join("src/loop")).expect("a link");
    symlink("nowhere", app.path().join("src/dangling.ts")).expect("a link");
    symlink("/dev/zero", app.path().join(".env")).expect("a link");
    for pipe in [
        ".env.pipe",
        "src/pipe.ts",
        "src/.gitignore",
        "package.json/pipe",
    ] {
        if pipe.starts_with("package.json") {
            fs::remove_file(app.path().join("package.json")).expect("a removed file");
            fs::create_dir(app.path().join("package.json")).expect("a folder");
        }
        let made = Command::new("mkfifo").arg(app.path().join(pipe)).status();
        assert!(made.expect("a program that ran").success());
    }
    app.file("src/\u{1b}[31m\n.ts", "import.meta.env.VITE_WORKOS_API_KEY");
    app.file("deep/.gitignore", "[\n{a,\n**/**/**\n\\\n");
    app.file(&format!("{}a.ts", "d/".repeat(100)), "workos");
    insta::assert_snapshot!(app.offline(&[]));
}
