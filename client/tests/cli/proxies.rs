//! Proxies that the environment names.

use std::net::TcpListener;

use crate::server::Server;
use crate::{program, told};

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let server = Server::new("200 OK", "content-type: application/json", "[]");
    // Nobody listens there any more.
    let proxy = TcpListener::bind("127.0.0.1:0").and_then(|proxy| proxy.local_addr());
    let proxy = format!("http://{}", proxy.expect("an address"));
    let mut command = program();
    command
        .args(["providers", "--json"])
        .env("WORKOS_API_KEY", "sk_test_default")
        .env("WORKOS_BASE_URL", &server.url)
        .envs(["http_proxy", "ALL_PROXY"].map(|name| (name, &proxy)));
    let (code, out, err) = told(&mut command);
    assert_eq!((code, out.trim(), err.as_str()), (Some(0), "[]", ""));
}
