//! What goes over `https`, to a server with a certificate that the authority in `tls/` signed.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::Server;
use crate::{program, told};

fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tls");
    folder.join(name)
}

/// The URL of a server that answers every request with no providers.
fn server() -> String {
    let certificate = CertificateDer::from_pem_file(file("server.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(file("server.key")).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a configuration");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let tls = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = StreamOwned::new(tls, connection);
            let mut request = [0; 4096];
            // Whoever does not trust this server sends no request.
            if stream.read(&mut request).is_ok_and(|length| length > 0) {
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\
                    connection: close\r\n\r\n[]";
                stream.write_all(answer.as_bytes()).expect("an answer");
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    format!("https://localhost:{port}")
}

/// The command, on a machine that trusts nobody but those in this file.
fn trusting(authorities: &Path, url: &str) -> Command {
    let mut command = program();
    command
        .args(["providers", "--json"])
        .env("WORKOS_API_KEY", "sk_test_default")
        .env("WORKOS_BASE_URL", url)
        .env("SSL_CERT_FILE", authorities)
        .env("SSL_CERT_DIR", "/nonexistent");
    command
}

#[test]
fn a_server_that_the_machine_trusts_is_talked_to() {
    let (code, out, err) = told(&mut trusting(&file("authority.pem"), &server()));
    assert_eq!((code, out.trim(), err.as_str()), (Some(0), "[]", ""));
}

#[test]
fn one_that_it_does_not_trust_is_told_nothing() {
    // It does trust somebody.
    let (code, out, err) = told(&mut trusting(&file("server.pem"), &server()));
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    assert!(
        err.contains("cannot prove who it is: invalid peer certificate"),
        "{err}"
    );
}

#[test]
fn a_machine_that_trusts_nobody_says_so() {
    let nobody = Path::new("/nonexistent");
    let (code, _, err) = told(&mut trusting(nobody, "https://localhost:9"));
    assert_eq!(code, Some(1));
    assert!(
        err.contains("the authorities that this machine trusts cannot be read"),
        "{err}"
    );
    let plain = Server::new("200 OK", "content-type: application/json", "[]");
    let (code, _, err) = told(&mut trusting(nobody, &plain.url));
    assert_eq!((code, err.as_str()), (Some(0), ""));
}
