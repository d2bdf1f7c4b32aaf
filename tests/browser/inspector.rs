//! The inspector: what it shows, and that it shows it as it happens.

use contract_tests::Reply;
use serde_json::{Value, json};
use workos_portal_mock::config::Secret;

use crate::stage::{PORTAL, Stage, play};

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
const RIGHT_TO_LEFT: &str = "شركة الاختبار \u{202e}gnitset";

#[tokio::test]
async fn what_happens_is_shown_as_it_happens() {
    play(async |stage| {
        stage.inspect("events").await;
        stage
            .browser
            .shows("main", "Nothing has happened yet.")
            .await;
        let id = stage.organization("Northwind Traders").await;
        stage.browser.shows("tbody tr", "Northwind Traders").await;
        assert_eq!(
            stage.texts("tbody tr .mono").await[0],
            "organization.created"
        );
        stage.view("requests").await;
        stage.open_row("/organizations").await;
        for text in ["create_organization", "Northwind Traders", &id] {
            stage.browser.shows(".detail", text).await;
        }
        // The key that the request came with is not on the page.
        let page = stage
            .browser
            .run("return document.documentElement.outerHTML", vec![])
            .await;
        assert!(!page.to_string().contains(stage.server.key()));
        stage.view("overview").await;
        stage.browser.shows(".newest", "organization.created").await;
        stage.link("sso").await;
        stage.browser.shows(".newest", "5 min").await;
    })
    .await;
}

#[tokio::test]
async fn what_a_request_was_can_be_sent_again_from_a_shell() {
    play(async |stage| {
        stage.organization("Ada's & Søn").await;
        stage.inspect("requests").await;
        stage.open_row("/organizations").await;
        // The clipboard is the browser's own, so the page is given one that can be looked into.
        let clipboard = "navigator.clipboard.writeText = async text => { document.body.dataset.copied = text; }";
        stage.browser.run(clipboard, vec![]).await;
        stage.browser.tap("Copy as curl").await;
        stage.browser.shows(".said", "Copied as curl").await;
        let copied = stage.browser.run("return document.body.dataset.copied", vec![]).await;
        assert_eq!(
            copied,
            "curl -X POST 'http://portal.localhost/organizations' \\\n  -H \"Authorization: Bearer $WORKOS_API_KEY\" \\\n  \
             -H 'content-type: application/json' \\\n  -d '{\"name\":\"Ada'\\''s & Søn\"}'"
        );
    })
    .await;
}

#[tokio::test]
async fn each_environment_is_watched_by_itself() {
    play(async |stage| {
        let body = json!({"clock": "2030-06-01T12:00:00Z", "test_organization": true});
        let made = stage.server.post("/_mock/environments", &body).send().await;
        let other = made.expect(201).string("/id");
        stage.organization("Only in the first").await;
        stage.inspect("organizations").await;
        stage.browser.shows("tbody tr", "Only in the first").await;
        let choose = format!("select[name='environment'] option[value='{other}']");
        stage.browser.tap_on(&choose).await;
        stage.browser.shows(".now", "12:00:00").await;
        stage.browser.shows(".now", "1 Jun 2030").await;
        stage.browser.shows("tbody tr", "Test Organization").await;
        assert_eq!(stage.texts("tbody tr").await.len(), 1);
        // What is done here is done there, and the address leads back to it.
        stage.browser.tap("+1 h").await;
        stage.browser.shows(".now", "13:00:00").await;
        assert_eq!(stage.server.now().to_string(), "2026-01-01T00:00:00Z");
        let address = stage.browser.address().await;
        assert_eq!(
            address.fragment(),
            Some(&*format!("/organizations?environment={other}"))
        );
        stage.browser.reload().await;
        stage.browser.shows(".now", "13:00:00").await;
        // One that is taken away meanwhile leaves its page with a way on.
        let gone = stage
            .server
            .delete(&format!("/_mock/environments/{other}"))
            .anonymous()
            .send();
        let _: Reply = gone.await.expect(204);
        stage
            .browser
            .shows("main", "This environment is not there any more.")
            .await;
        stage.browser.tap("Look at the default one").await;
        stage.browser.shows("tbody tr", "Only in the first").await;
        // The page has asked for what was gone; that it was refused is what it should be.
        stage.browser.log("performance").await;
    })
    .await;
}

#[tokio::test]
async fn an_environment_is_made_reset_and_deleted() {
    play(async |stage| {
        stage.organization("To be forgotten").await;
        stage.inspect("environments").await;
        stage.browser.tap_on("input[name='organization']").await;
        stage.browser.tap("Make").await;
        stage
            .browser
            .shows("dialog", "Its key is told only now")
            .await;
        stage.browser.tap("Look at it").await;
        stage.browser.shows("tr.chosen", "environment_").await;
        assert!(!stage.texts("tr.chosen").await[0].contains("Default"));
        stage.browser.tap("Delete").await;
        stage
            .browser
            .shows("dialog", "Delete this environment?")
            .await;
        stage.browser.tap("Cancel").await;
        stage.browser.tap("Delete").await;
        stage.browser.tap_on("dialog .danger").await;
        stage
            .browser
            .shows(".log", "DELETE /_mock/environments/environment_")
            .await;
        stage.browser.shows("tr.chosen", "Default").await;
        stage.browser.tap("Reset").await;
        stage.browser.tap_on("dialog .danger").await;
        stage.browser.shows(".log", "POST /_mock/reset").await;
        stage.view("organizations").await;
        stage.browser.shows("main tbody", "Test Organization").await;
        assert_eq!(stage.texts("tbody tr").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_thousand_rows_are_pages() {
    play(async |stage| {
        let path = "/_mock/directories";
        for number in 0..2 {
            let body = json!({
                "organization_id": stage.server.organization(), "name": format!("Directory {number}"), "users": 50_000,
            });
            let _ = stage.server.post(path, &body).send().await.expect(201);
        }
        stage.inspect("events").await;
        stage.browser.shows("tbody tr", "dsync.user.created").await;
        let rows = "tbody tr td:nth-child(3)";
        let first = stage.texts(rows).await;
        assert_eq!(first.len(), 50);
        stage.browser.tap("Older").await;
        stage.browser.find("a[data-page='newer']").await;
        let second = stage.texts(rows).await;
        assert_eq!(second.len(), 50);
        assert!(second.iter().all(|id| id < &first[49]));
        stage.browser.tap("Newer").await;
        stage.browser.find("span.off").await;
        stage.view("events?event=organization.created").await;
        stage.browser.shows("main", "Nothing is like that.").await;
        // What comes now is there at once, with all the others behind it.
        stage.organization("Northwind Traders").await;
        stage.browser.shows("tbody tr", "Northwind Traders").await;
    })
    .await;
}

#[tokio::test]
async fn a_list_is_searched_by_the_server() {
    play(async |stage| {
        for number in 0..120 {
            stage.organization(&format!("Customer {number:03}")).await;
        }
        stage.inspect("organizations").await;
        stage.browser.shows("tbody tr", "Customer 119").await;
        assert_eq!(stage.texts("tbody tr").await.len(), 50);
        let field = stage.browser.find("input[name='search']").await;
        field
            .send_keys("r 007")
            .await
            .expect("a field to type into");
        stage
            .browser
            .shows("tbody tr:only-child", "Customer 007")
            .await;
        // The field keeps the focus and what was typed, and the address what is searched for.
        let focused = "return document.activeElement.name + ' ' + document.activeElement.value";
        assert_eq!(stage.browser.run(focused, vec![]).await, "search r 007");
        assert_eq!(
            stage.browser.address().await.fragment(),
            Some("/organizations?search=r+007")
        );
        stage.browser.tap("Clear").await;
        stage.browser.shows("tbody tr", "Customer 119").await;
    })
    .await;
}

#[tokio::test]
async fn names_are_text() {
    play(async |stage| {
        for name in [HOSTILE, RIGHT_TO_LEFT] {
            let id = stage.organization(name).await;
            stage.inspect(&format!("organizations/{id}")).await;
            for view in ["organizations", "events", "requests"] {
                if view != "organizations" {
                    stage.view(view).await;
                    stage.browser.tap_on("a.row").await;
                }
                stage.browser.shows(".detail", &name[..6]).await;
                let planted =
                    "return document.querySelectorAll('#inspector script, img, [onerror]').length";
                assert_eq!(stage.browser.run(planted, vec![]).await, 0, "{view}");
                assert!(
                    stage.browser.client().get_alert_text().await.is_err(),
                    "{view}"
                );
                stage.assert_fits(view).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn addresses_that_are_none_lead_somewhere() {
    play(async |stage| {
        stage.inspect("%E0%A4%A/%?limit=%ZZ").await;
        assert_eq!(stage.browser.heading().await, "Overview");
        stage
            .browser
            .run("location.hash = '#/portal_links'", vec![])
            .await;
        stage.browser.find(".view-overview h1").await;
        stage.view("events/event_nobody").await;
        stage
            .browser
            .shows(".detail", "There is no such event, or not any more.")
            .await;
        // That it is not there is what the page has been told.
        stage.browser.log("performance").await;
    })
    .await;
}

#[tokio::test]
async fn mails_are_found_among_all_of_them() {
    play(async |stage| {
        for name in ["grace", "ada"] {
            let path = format!(
                "/organizations/{}/it_contacts",
                stage.organization(name).await
            );
            let contact = json!({"email": format!("{name}@northwind.example")});
            let contact = stage.server.post(&path, &contact).send().await;
            let invite = format!("{path}/{}/invite", contact.expect(201).string("/id"));
            let invited = stage.server.post(&invite, &json!({"intents": ["sso"]}));
            let _ = invited.send().await.expect(204);
        }
        stage.inspect("outbox?search=GRACE").await;
        stage
            .browser
            .shows("tbody tr:only-child", "grace@northwind.example")
            .await;
        stage.open_row("grace").await;
        // The link is there to be followed, and not to be read.
        let link = stage.browser.named("Open the setup link").await;
        let href = link
            .prop("href")
            .await
            .expect("a property")
            .expect("an address");
        assert!(href.starts_with(&format!("{PORTAL}/portal/launch?token=")));
        assert!(!stage.browser.text("body").await.contains("token="));
    })
    .await;
}

#[tokio::test]
async fn a_refresh_leaves_everything_in_its_place() {
    play(async |stage| {
        for number in 0..40 {
            stage.organization(&format!("Customer {number}")).await;
        }
        stage.inspect("requests").await;
        stage.open_row("/organizations").await;
        let before = "
            window.row = document.querySelector('tr.chosen a.row');
            row.focus();
            document.querySelector('.scroll').scrollTop = 300;
            getSelection().selectAllChildren(document.querySelector('.detail h2 .mono'));";
        stage.browser.run(before, vec![]).await;
        stage.organization("One more").await;
        stage.browser.shows("tbody tr:first-child + tr + tr", "organizations").await;
        let last = stage.read("/_mock/requests?limit=1").await["data"][0]["id"].clone();
        stage.browser.find(&format!("a[href*='{}']", last.as_str().expect("an id"))).await;
        let after = "
            return [document.activeElement === row, document.querySelector('.scroll').scrollTop >= 300, getSelection().toString()];";
        assert_eq!(stage.browser.run(after, vec![]).await, json!([true, true, "/organizations"]));
    })
    .await;
}

#[tokio::test]
async fn live_updates_can_be_stopped() {
    play(async |stage| {
        stage.inspect("organizations").await;
        stage.browser.shows("tbody tr", "Test Organization").await;
        stage.browser.tap("Pause").await;
        stage.organization("Northwind Traders").await;
        stage.browser.shows(".live-text", "Paused, with news").await;
        assert_eq!(stage.texts("tbody tr").await.len(), 1);
        stage.browser.tap("Go on").await;
        stage.browser.shows("tbody tr", "Northwind Traders").await;
    })
    .await;
}

#[tokio::test]
async fn a_control_token_is_asked_for_once() {
    let token = Secret::new("token-for-this-test");
    let stage = Stage::new(|config| config.control_token = Some(token), false).await;
    stage
        .play(async |stage| {
            stage
                .browser
                .go(&format!("{PORTAL}/_mock/#/organizations"))
                .await;
            stage.browser.shows("dialog", "control token").await;
            let field = stage.browser.find("input[name='token']").await;
            field
                .send_keys("token-for-this-test")
                .await
                .expect("a field to type into");
            stage.browser.tap("Go on").await;
            stage.browser.shows(".live-text", "Live").await;
            stage.browser.shows("tbody tr", "Test Organization").await;
            stage.browser.reload().await;
            stage.browser.shows("tbody tr", "Test Organization").await;
            stage.browser.tap("+5 min").await;
            stage.browser.shows(".log", "200").await;
            let page = stage
                .browser
                .run("return document.documentElement.outerHTML", vec![])
                .await;
            assert!(!page.to_string().contains("token-for-this-test"));
        })
        .await;
}

/// Nobody reads a receiver's webhooks here, so it only has to be there.
#[tokio::test]
async fn a_delivery_is_sent_again() {
    play(async |stage| {
        let receiver = stage.receiver(&["organization.created"]).await;
        stage.organization("Northwind Traders").await;
        let first = receiver.next().await.json();
        stage.inspect("deliveries").await;
        stage.browser.shows("tbody tr", "Delivered").await;
        stage.open_row("organization.created").await;
        stage.browser.shows(".detail", "Attempts (1)").await;
        stage.browser.tap("Resend").await;
        let second: Value = receiver.next().await.json();
        assert_eq!(first, second);
        stage.browser.shows(".detail", "Attempts (2)").await;
        stage.browser.shows(".log", "/resend").await;
        stage.browser.shows(".log", "202").await;
    })
    .await;
}
