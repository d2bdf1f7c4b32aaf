//! The generated client without `async`, over the mock.

use std::thread;

use contract_tests::TestServer;
use serde_json::json;
use tokio::task::spawn_blocking;
use workos_portal::Client;
use workos_portal::blocking::Wait;
use workos_portal::types::PortalIntent;

use crate::support::organization;

/// Does something that blocks its thread, while this one goes on with the server.
async fn beside<T: Send + 'static>(
    server: &TestServer,
    work: impl FnOnce(&Client) -> T + Send + 'static,
) -> T {
    let client = server.client();
    spawn_blocking(move || work(&client))
        .await
        .expect("no panic")
}

#[tokio::test]
pub(crate) async fn an_app_without_async_makes_a_link() {
    let server = TestServer::start().await;
    let link = beside(&server, |client| {
        let call = client.create_organization();
        let acme = call.body_map(|body| body.name("Acme")).send().wait()?;
        let call = client.generate_portal_link().body_map(|body| {
            let body = body.organization(&acme.id);
            body.intent(PortalIntent::Sso)
        });
        call.send().wait()
    });
    let link = link.await.expect("a link");
    let session = server.visitor().open(link.link.expose()).await;
    assert!(!session.is_empty());

    let call = |client: &Client| client.get_organization().id("org_0").send().wait();
    let error = beside(&server, call).await.expect_err("nobody");
    assert!(error.is_organization_not_found(), "{error}");
}

#[tokio::test]
pub(crate) async fn lists_are_gone_through_and_threads_share_a_client() {
    let server = TestServer::with(|config| config.test_organization = false).await;
    for number in 0..9 {
        let body = json!({"name": format!("Organization {number}")});
        organization(&server, &body).await;
    }
    let names = beside(&server, |client| {
        let read = || {
            let call = client.list_organizations().limit(2u32);
            let names = call.stream().blocking_iter().map(|one| Ok(one?.name));
            names.collect::<Result<Vec<_>, workos_portal::Error>>()
        };
        thread::scope(|scope| {
            let threads = [(); 8].map(|()| scope.spawn(read));
            threads.map(|thread| thread.join().expect("no panic").expect("a list"))
        })
    });
    let newest_first: Vec<_> = (0..9).rev().map(|n| format!("Organization {n}")).collect();
    for read in names.await {
        assert_eq!(read, newest_first);
    }
}
