//! A report as people read it.

use std::io;

use super::finding::{Level, Report};
use crate::output::{Colour, Output, clean};

const WIDTH: usize = 80;
/// The most places that are listed of one finding; `--json` has all of them.
const PLACES: usize = 5;

pub(super) fn report(out: &mut Output, report: &Report) -> io::Result<()> {
    for finding in &report.findings {
        let (label, colour) = match finding.level {
            Level::Ok => ("ok", Colour::Green),
            Level::Warning => ("warning", Colour::Yellow),
            Level::Failure => ("failure", Colour::Red),
        };
        let label = out.paint(colour, &format!("{label:<7}"));
        for (line, text) in wrapped(&finding.message, WIDTH - 9).iter().enumerate() {
            let margin = if line == 0 { label.as_str() } else { "       " };
            out.line(&format!("{margin}  {text}"))?;
        }
        for place in finding.places.iter().take(PLACES) {
            let place = out.paint(Colour::Dim, &clean(place).replace('\n', "\u{fffd}"));
            out.line(&format!("           {place}"))?;
        }
        if let Some(more @ 1..) = finding.places.len().checked_sub(PLACES) {
            out.line(&format!("           and {more} more"))?;
        }
        let fix = finding.fix.as_deref().unwrap_or_default();
        for (line, text) in wrapped(fix, WIDTH - 14).iter().enumerate() {
            let margin = if line == 0 { "fix: " } else { "     " };
            out.line(&format!("         {margin}{text}"))?;
        }
    }
    let summary = &report.summary;
    out.line("")?;
    out.line(&format!(
        "{} ok, {}, {}",
        summary.ok,
        counted(summary.warnings, "warning"),
        counted(summary.failures, "failure")
    ))
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// Lines of at most `width` characters, broken between words; a longer word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in clean(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrapped("a bb ccc dddd", 6), ["a bb", "ccc", "dddd"]);
        assert_eq!(wrapped("one\ntwo longword", 7), ["one two", "longword"]);
        assert_eq!(wrapped("éé ab", 5), ["éé ab"]);
        assert!(wrapped("", 5).is_empty());
    }

    #[test]
    fn numbers_have_their_plural() {
        assert_eq!(counted(1, "failure"), "1 failure");
        assert_eq!(counted(0, "failure"), "0 failures");
    }
}
