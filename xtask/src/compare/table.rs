//! The table that is printed.

use std::fmt::Write as _;

/// Rows of a table in Markdown.
pub(super) struct Table(String);

impl Table {
    pub(super) fn new() -> Self {
        Self(
            "| | `workos-portal` | `workos` 3.5.0 | ratio |\n| --- | --- | --- | --- |\n"
                .to_owned(),
        )
    }

    pub(super) fn row(&mut self, what: &str, cells: &[String; 2]) {
        let [ours, official] = cells;
        let _ = writeln!(self.0, "| {what} | {ours} | {official} | |");
        eprintln!("{what}: {ours} | {official}");
    }

    pub(super) fn ratio(&mut self, what: &str, figures: &[f64], shown: impl Fn(f64) -> String) {
        let [ours, official] = [figures[0], figures[1]];
        let row = format!(
            "| {what} | {} | {} | {:.2} |\n",
            shown(ours),
            shown(official),
            ours / official
        );
        eprint!("{row}");
        self.0 += &row;
    }

    #[expect(clippy::print_stdout, reason = "it is what was asked for")]
    pub(super) fn print(&self) {
        print!("{}", self.0);
    }
}
