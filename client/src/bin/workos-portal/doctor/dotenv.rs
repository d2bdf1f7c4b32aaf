//! Reads `.env` files.

use workos_portal::Secret;

/// A variable that a file sets.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: Secret,
    /// Counted from 1.
    pub(super) line: usize,
}

/// The variables of a file. Lines that set none are passed over, as loaders do; values over several lines are
/// read up to the first one's end.
pub(super) fn parse(text: &str) -> Vec<Entry> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line);
            let (name, value) = line.split_once('=')?;
            let name = name.trim();
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            (!name.is_empty() && name.chars().all(is_name)).then(|| Entry {
                name: name.to_owned(),
                value: unquoted(value.trim()).into(),
                line: index + 1,
            })
        })
        .collect()
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\'', '`'] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    let comment = value.find(" #").or(value.starts_with('#').then_some(0));
    comment.map_or(value, |at| value[..at].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_as_loaders_read_them() {
        let text = "\u{feff}A=1\r\n# B=2\n export C = 'x # y' # z\nD=\"q\nE=a#b # c\nF=\nnothing\n=1\nG H=1\nI=#no";
        let entries = parse(text);
        let read: Vec<(&str, &str, usize)> = entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.value.expose(), entry.line))
            .collect();
        assert_eq!(
            read,
            [
                ("A", "1", 1),
                ("C", "x # y", 3),
                ("D", "q", 4),
                ("E", "a#b", 5),
                ("F", "", 6),
                ("I", "", 10)
            ]
        );
    }
}
