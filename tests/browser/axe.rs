//! What is wrong with a page for whoever cannot see it, or sees it in another size: axe-core's findings, and the layout.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::browser::Look;
use crate::stage::Stage;

/// axe-core, as `tests/browser/prepare` installs it.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    );
    let path = target.join("browser/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "axe-core is not at {} ({error}); `tests/browser/prepare` installs it",
            path.display()
        )
    })
});

/// Runs axe-core and returns what is serious, a line for each rule.
const FINDINGS: &str = "
    const found = await axe.run(document, {resultTypes: ['violations']});
    return found.violations
        .filter(rule => rule.impact === 'serious' || rule.impact === 'critical')
        .map(rule => `${rule.id} (${rule.impact}): ` + rule.nodes.map(node => node.target.join(' ')).join('; '));";

/// How far the page is wider than the window, and what sticks out of it.
const OVERHANG: &str = "
    const width = innerWidth;
    const inside = element => {
        for (let up = element.parentElement; up; up = up.parentElement) {
            if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return true;
        }
        return false;
    };
    const out = [...document.querySelectorAll('body *')]
        .filter(element => !inside(element) && element.getBoundingClientRect().right > width + 1)
        .map(element => `${element.tagName.toLowerCase()}.${element.className}`);
    return [document.scrollingElement.scrollWidth - width, out.slice(0, 5)];";

impl Stage {
    /// That nothing serious is wrong with the page that is shown, in both palettes, and that it fits into a window of each
    /// width. Leaves the window as it was at first.
    pub(crate) async fn assert_sound(&self, page: &str) {
        for is_dark in [true, false] {
            self.browser.look(Look::new(1200, is_dark)).await;
            let palette = if is_dark { "dark" } else { "light" };
            self.assert_accessible(&format!("{page}, {palette}")).await;
        }
        self.assert_fits(page).await;
    }

    /// That axe-core finds nothing serious as the page is shown now.
    pub(crate) async fn assert_accessible(&self, page: &str) {
        let findings = self.findings().await;
        assert!(findings.is_empty(), "{page}: {findings:#?}");
    }

    /// That the page needs no scrolling to the side.
    pub(crate) async fn assert_fits(&self, page: &str) {
        for look in Look::ALL {
            let (pixels, elements) = self.overhang(look).await;
            assert!(
                pixels <= 0 && elements.is_empty(),
                "{page}, {look:?}: {pixels} px wider than the window: {elements:?}"
            );
        }
        self.browser.look(Look::ALL[0]).await;
    }

    /// What axe-core finds that is serious.
    pub(crate) async fn findings(&self) -> Vec<String> {
        let script = format!("{}\n{FINDINGS}", *AXE);
        texts(&self.browser.run(&script, vec![]).await)
    }

    /// How many pixels the page is wider than a window, and what sticks out of it.
    pub(crate) async fn overhang(&self, look: Look) -> (i64, Vec<String>) {
        self.browser.look(look).await;
        let overhang = self.browser.run(OVERHANG, vec![]).await;
        let pixels = overhang[0].as_i64().expect("a number of pixels");
        (pixels, texts(&overhang[1]))
    }
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter().map(text).collect()
}
