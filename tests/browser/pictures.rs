//! Draws pictures of the pages, for the README and for whoever wants to look at them all: `cargo xtask pictures`.
//!
//! The arguments are a folder, and `--all` before it for every page in every look.

#![expect(dead_code, reason = "the tests of the pages do more with the browser")]

mod app;
mod axe;
mod browser;
mod driver;
mod inspecting;
mod page;
mod scene;
mod stage;
mod tour;

use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde_json::json;

use crate::browser::Look;
use crate::inspecting::VIEWS;
use crate::stage::{Stage, play};
use crate::tour::INTENTS;

/// The largest picture that the README shows, in bytes.
const LARGEST: usize = 150_000;

#[tokio::main]
async fn main() {
    let mut arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let folder = arguments.pop().map(PathBuf::from).expect("a folder");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    if arguments.iter().any(|argument| argument == "--all") {
        every_page(&folder).await;
        every_view(&folder).await;
    } else {
        the_steps_of_single_sign_on(&folder).await;
        the_inspector(&folder).await;
    }
}

/// Takes scroll bars away, which would stand in a picture.
async fn hide_scrollbars(stage: &Stage) {
    let hidden = json!({"hidden": true});
    let command = "Emulation.setScrollbarsHidden";
    stage.browser.devtools(command, hidden).await;
}

/// Draws what the window shows, or all of the page.
async fn draw(stage: &Stage, path: &Path, is_whole: bool) -> usize {
    let browser = &stage.browser;
    let mut parameters = json!({"format": "png", "captureBeyondViewport": is_whole});
    if is_whole {
        let metrics = browser.devtools("Page.getLayoutMetrics", json!({})).await;
        let size = &metrics["cssContentSize"];
        parameters["clip"] = json!({
            "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1,
        });
    }
    let shot = browser.devtools("Page.captureScreenshot", parameters).await;
    let data = shot["data"].as_str().expect("a picture");
    let bytes = base64::engine::general_purpose::STANDARD.decode(data);
    let bytes = bytes.expect("a picture in Base64");
    std::fs::write(path, &bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    bytes.len()
}

async fn the_steps_of_single_sign_on(folder: &Path) {
    play(async |stage| {
        hide_scrollbars(stage).await;
        let organization = stage.organization("Northwind Traders").await;
        stage.open(&organization, "sso").await;
        let size = json!({"width": 1100, "height": 760, "deviceScaleFactor": 1, "mobile": false});
        stage
            .browser
            .devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        loop {
            stage.fill_samples().await;
            let step = stage.step().await;
            let name = step.as_deref().unwrap_or("overview");
            let path = folder.join(format!("sso-{name}.png"));
            let bytes = draw(stage, &path, false).await;
            assert!(bytes < LARGEST, "{} has {bytes} bytes", path.display());
            if step.is_none() {
                break;
            }
            stage.submit().await;
        }
    })
    .await;
}

/// A request that was refused, as the README shows the inspector, and webhooks on their way.
async fn the_inspector(folder: &Path) {
    play(async |stage| {
        hide_scrollbars(stage).await;
        let receiver = scene::set(stage).await;
        for (view, row, is_dark) in [
            ("requests", "422", false),
            ("deliveries", "organization_domain.created", true),
        ] {
            stage.browser.look(Look::new(1200, is_dark)).await;
            let size =
                json!({"width": 1200, "height": 760, "deviceScaleFactor": 1, "mobile": false});
            stage
                .browser
                .devtools("Emulation.setDeviceMetricsOverride", size)
                .await;
            stage.inspect(view).await;
            stage.open_row(row).await;
            let path = folder.join(format!("inspector-{view}.png"));
            let bytes = draw(stage, &path, false).await;
            assert!(bytes < LARGEST, "{} has {bytes} bytes", path.display());
        }
        scene::end(stage, &receiver).await;
    })
    .await;
}

/// Every view of the inspector, empty and with something in it, in every look.
async fn every_view(folder: &Path) {
    play(async |stage| {
        hide_scrollbars(stage).await;
        let draw_all = async |what: &str, opens: bool| {
            for view in VIEWS {
                stage.inspect(view).await;
                if opens && view != "environments" && stage.browser.has("a.row").await {
                    stage.browser.tap_on("a.row").await;
                    stage.browser.find(".detail h2").await;
                }
                for look in Look::ALL {
                    stage.browser.look(look).await;
                    let palette = if look.is_dark { "dark" } else { "light" };
                    let name = format!("inspector-{view}-{what}-{palette}-{}.png", look.width);
                    draw(stage, &folder.join(name), look.width < 600).await;
                }
            }
        };
        draw_all("empty", false).await;
        let receiver = scene::set(stage).await;
        draw_all("full", false).await;
        draw_all("open", true).await;
        scene::end(stage, &receiver).await;
    })
    .await;
}

async fn every_page(folder: &Path) {
    play(async |stage| {
        hide_scrollbars(stage).await;
        let mut number = 0;
        let mut look = async |stage: &Stage, page: &str| {
            number += 1;
            for look in Look::ALL {
                stage.browser.look(look).await;
                let palette = if look.is_dark { "dark" } else { "light" };
                let name = format!("{number:03}-{page}-{palette}-{}.png", look.width);
                draw(stage, &folder.join(name), true).await;
            }
            stage.browser.look(Look::ALL[0]).await;
        };
        for intent in INTENTS {
            let organization = stage.organization("Northwind Traders").await;
            stage.prepare(&organization, intent).await;
            stage.tour(&organization, intent, &mut look).await;
        }
        for destination in ["S3", "AzureSentinel", "GenericHttps"] {
            let organization = stage.organization("Northwind Traders").await;
            stage.open(&organization, "log_streams").await;
            stage.browser.choose("destination", destination).await;
            stage.submit().await;
            look(stage, &format!("log_streams-settings-{destination}")).await;
        }
        for (link, name) in [
            ("", "menu"),
            ("finish", "finished"),
            ("expire", "ended"),
            ("dead", "expired"),
        ] {
            let own = json!({"organization": stage.server.organization()});
            let made = stage
                .server
                .post("/portal/generate_link", &own)
                .send()
                .await;
            let address = made.expect(201).string("/link");
            if link == "dead" {
                stage.server.advance("5 minutes");
            }
            stage.browser.go(&address).await;
            match link {
                "finish" => stage.browser.press("Finish").await,
                "expire" => stage.browser.press("Expire now").await,
                _ => {}
            }
            look(stage, name).await;
        }
        let long = stage.organization(&"Überlandwerke ".repeat(20)).await;
        stage.open(&long, "domain_verification").await;
        look(stage, "long-name").await;
        let mirrored = stage.organization("شركة الاختبار").await;
        stage.open(&mirrored, "domain_verification").await;
        look(stage, "right-to-left").await;
    })
    .await;
}
