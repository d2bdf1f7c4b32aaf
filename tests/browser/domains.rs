//! Domain verification.

use serde_json::json;

use crate::stage::play;

#[tokio::test]
async fn an_admin_proves_a_domain() {
    play(async |stage| {
        let browser = &stage.browser;
        browser.go(&stage.link("domain_verification").await).await;
        assert_eq!(browser.heading().await, "Which domain is yours?");
        browser.fill("domain", "northwind.example").await;
        stage.submit().await;
        assert_eq!(
            browser.heading().await,
            "Prove that northwind.example is yours"
        );
        browser.choose("outcome", "found").await;
        stage.submit().await;
        assert_eq!(
            browser.text(".alert").await,
            "northwind.example is verified\nIt is proved to be yours."
        );
        stage.finish().await;
        assert_eq!(stage.app.targets(), ["/done"]);

        let organization = stage
            .server
            .get(&format!("/organizations/{}", stage.server.organization()));
        let organization = organization.send().await.expect(200).json();
        assert_eq!(
            organization["domains"][0]["domain"],
            json!("northwind.example")
        );
        assert_eq!(organization["domains"][0]["state"], json!("verified"));
        let names = stage
            .event_names(&[
                "organization_domain.created",
                "organization_domain.verified",
            ])
            .await;
        assert_eq!(
            names,
            [
                "organization_domain.created",
                "organization_domain.verified"
            ]
        );
    })
    .await;
}
