//! What is printed: tables and texts for a terminal, JSON for programs.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

/// A colour that can be read on light and on dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Bold,
    Dim,
    Green,
    Yellow,
    Red,
}

/// Standard output, and how it is to be used.
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) terminal: bool,
    colours: bool,
    out: io::Stdout,
}

impl Output {
    pub(crate) fn standard(json: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            json,
            terminal,
            colours: terminal && !set("NO_COLOR") && !dumb,
            out: io::stdout(),
        }
    }

    /// Prints bytes.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    /// Prints one line. It may have colours, and nothing else that moves a terminal.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        self.raw(format!("{text}\n").as_bytes())
    }

    /// Prints a value as JSON over several lines.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.line(&text)
    }

    /// Prints a value as one line of JSON.
    pub(crate) fn json_line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.line(&text)
    }

    pub(crate) fn paint(&self, colour: Colour, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let code = match colour {
            Colour::Bold => "1",
            Colour::Dim => "2",
            Colour::Green => "32",
            Colour::Yellow => "33",
            Colour::Red => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// Prints rows in columns, under their names.
    pub(crate) fn table<const N: usize>(
        &mut self,
        head: [&str; N],
        rows: &[[String; N]],
    ) -> io::Result<()> {
        let rows: Vec<[String; N]> = rows
            .iter()
            .map(|row| row.each_ref().map(|cell| clean(cell)))
            .collect();
        let mut widths = head.map(str::len);
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        self.line(&self.paint(Colour::Bold, &columns(&head, &widths)))?;
        for row in &rows {
            self.line(&columns(&row.each_ref().map(String::as_str), &widths))?;
        }
        Ok(())
    }
}

fn columns<const N: usize>(cells: &[&str; N], widths: &[usize; N]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        // Writing to a text does not fail.
        let _ = write!(line, "{cell:<width$}  ");
    }
    line.trim_end().to_owned()
}

/// Text from elsewhere, without what would move a terminal's cursor or change its colours.
pub(crate) fn clean(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' => c,
        // Marks that turn the direction of writing make a line look like another one.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ if c.is_control() => '\u{fffd}',
        _ => c,
    };
    text.chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_characters() {
        let widths = [4, 3];
        assert_eq!(columns(&["é", "x"], &widths), "é     x");
        assert_eq!(columns(&["abcd", "y"], &widths), "abcd  y");
        assert_eq!(columns(&["abcd", ""], &widths), "abcd");
    }

    #[test]
    fn what_moves_a_terminal_is_taken_out() {
        assert_eq!(
            clean("a\x1b[31mb\u{9b}c\rd\u{202e}é\n"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}d\u{fffd}é\n"
        );
    }

    #[test]
    fn colours_are_for_terminals() {
        let mut out = Output {
            json: false,
            terminal: true,
            colours: true,
            out: io::stdout(),
        };
        assert_eq!(out.paint(Colour::Red, "a"), "\x1b[31ma\x1b[0m");
        out.colours = false;
        assert_eq!(out.paint(Colour::Red, "a"), "a");
    }
}
