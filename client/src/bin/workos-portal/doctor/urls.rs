//! Where the portal is to lead back to.

use workos_portal::portal::PortalRedirects;

use super::finding::Finding;

const CHECK: &str = "return_url";
const FIX: &str = "Use an https address of the app, or http on localhost; each has to be among the redirect URIs \
in the WorkOS dashboard.";

/// Looks at addresses. More of one than its origin is not shown: the rest may hold a token.
pub(super) fn check(urls: &[String]) -> Vec<Finding> {
    let mut origins: Vec<String> = Vec::new();
    let mut findings = Vec::new();
    for (index, url) in urls.iter().enumerate() {
        match origin(url) {
            Ok(origin) => {
                let local = if origin.starts_with("http:") {
                    ", on this machine alone"
                } else {
                    ""
                };
                findings.push(Finding::ok(
                    CHECK,
                    format!("The portal may lead back to {origin}{local}."),
                ));
                if !origins.contains(&origin) {
                    origins.push(origin);
                }
            }
            Err(reason) => findings.push(Finding::failure(
                CHECK,
                format!("Return URL {} is refused: {reason}.", index + 1),
                FIX,
            )),
        }
    }
    if origins.len() > 1 {
        findings.push(Finding::warning(
            "return_url_origins",
            format!("The return URLs are of {} origins.", origins.len()),
            "Let the app allow exactly those of its own: `portal::PortalRedirects` holds such a list.",
        ));
    }
    findings
}

/// The origin of an address that the portal may lead back to.
fn origin(url: &str) -> Result<String, String> {
    let parsed = reqwest::Url::parse(url).map_err(|_| "it is not an absolute URL".to_owned())?;
    let origin = parsed.origin().ascii_serialization();
    if !matches!(parsed.scheme(), "https" | "http") {
        return Err("it is neither https nor http".to_owned());
    }
    let redirects = PortalRedirects::to([&origin]).map_err(|error| error.to_string())?;
    redirects.check(url).map_err(|error| error.to_string())?;
    Ok(origin)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    fn levels(urls: &[&str]) -> Vec<Level> {
        let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
        let findings = check(&urls);
        findings.iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn https_and_this_machine_are_accepted() {
        use Level::{Ok, Warning};
        assert_eq!(levels(&["https://app.example.com/a?b=c"]), [Ok]);
        assert_eq!(levels(&["http://localhost:3000/a"]), [Ok]);
        assert_eq!(
            levels(&["https://app.example.com/a", "https://app.example.com/b"]),
            [Ok, Ok]
        );
        assert_eq!(
            levels(&["https://a.example", "https://b.example"]),
            [Ok, Ok, Warning]
        );
        assert_eq!(levels(&[]), []);
    }

    #[test]
    fn everything_else_is_refused_and_not_shown() {
        for url in [
            "http://app.example.com/hidden",
            "javascript:hidden",
            "/hidden",
            "//app.example.com/hidden",
            "https://u:hidden@app.example.com",
            "https://app.example.com/ hidden",
            "",
        ] {
            let findings = check(&[url.to_owned()]);
            assert_eq!(findings.len(), 1, "{url}");
            assert_eq!(findings[0].level, Level::Failure, "{url}");
            assert!(!findings[0].message.contains("hidden"), "{url}");
        }
    }
}
