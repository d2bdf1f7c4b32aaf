//! `portal_links`.

use contract_tests::TestServer;
use insta::assert_snapshot;
use workos_portal::types::PortalIntent;

use super::{note, said};

#[path = "../../../client/examples/portal_links.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod example;

#[tokio::test]
pub(crate) async fn a_link_is_made_and_taken_back() {
    let (server, mut out) = (TestServer::start().await, Vec::new());
    let (client, organization) = (server.client(), server.organization());
    let made = example::make(&client, organization, PortalIntent::Sso, &mut out).await;
    made.expect("a link");
    let link = said(out.clone());
    let link = link.rsplit(' ').next().expect("a link").trim();

    note(&mut out, "revoke");
    let taken = example::take_back(&client, organization, &mut out).await;
    taken.expect("it is taken back");
    let page = server.visitor().get(link).await.expect(410);
    assert!(page.text().contains("revoked"), "{page}");

    note(&mut out, "of nobody");
    let made = example::make(&client, "org_nobody", PortalIntent::Dsync, &mut out).await;
    made.expect("an answer");
    assert_snapshot!(said(out));

    let typed = PortalIntent::from("ssoo");
    let refused = example::make(&client, organization, typed, &mut Vec::new()).await;
    let refused = refused.expect_err("it is not sent");
    let refused = refused.downcast_ref::<workos_portal::Error>();
    assert!(
        matches!(refused, Some(workos_portal::Error::InvalidRequest(_))),
        "{refused:?}"
    );
}
