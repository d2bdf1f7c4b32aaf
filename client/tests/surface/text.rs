//! Code as text that does not depend on how it is laid out.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The text of code, names as they are written.
pub(crate) fn plain(code: &impl ToTokens) -> String {
    text(code, &|path| path.join("::"))
}

/// The text of code, every path in it as `rename` gives it. A path that begins with `::` begins with an empty name.
pub(crate) fn text(code: &impl ToTokens, rename: &dyn Fn(&[String]) -> String) -> String {
    let mut words = Vec::new();
    spell(code.to_token_stream(), rename, &mut words);
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 && spaced(&words[index - 1], word) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

fn spell(code: TokenStream, rename: &dyn Fn(&[String]) -> String, words: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((path, length)) = path_at(&tokens[at..]) {
            at += length;
            if path[0].is_empty() && words.last().is_some_and(|word| word == ">") {
                // An associated type, as in `<A as B>::C`.
                words.extend(["::".to_owned(), path[1..].join("::")]);
                continue;
            }
            let member = matches!(words.last().map(String::as_str), Some("." | "::"));
            let named = path.len() == 1 && names_something(&tokens[at..]);
            words.push(if member || named {
                path.join("::")
            } else {
                rename(&path)
            });
            continue;
        }
        match &tokens[at] {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                let from = words.len();
                spell(group.stream(), rename, words);
                let commas = words[from..].iter().filter(|word| *word == ",").count();
                // With one only, it makes a tuple, unless these are the arguments of `Fn`.
                let arguments = from > 1 && words[from - 2].starts_with("Fn");
                if (commas > 1 || arguments) && words.last().is_some_and(|word| word == ",") {
                    words.pop();
                }
                words.push(close.to_owned());
            }
            TokenTree::Punct(mark) if mark.as_char() == '\'' => {
                at += 1;
                words.push(format!("'{}", tokens[at]));
            }
            TokenTree::Punct(_) => {
                let mut word = String::new();
                // `->` and `::` are one; `>>` closes twice.
                while let TokenTree::Punct(mark) = &tokens[at] {
                    word.push(mark.as_char());
                    let more = ["->", "=>", "::", "..", "=="];
                    let next = tokens.get(at + 1).map(ToString::to_string);
                    let joined = word.clone() + &next.unwrap_or_default();
                    if mark.spacing() == Spacing::Alone || !more.contains(&joined.as_str()) {
                        break;
                    }
                    at += 1;
                }
                if word == ">" && words.last().is_some_and(|word| word == ",") {
                    words.pop(); // It is there when the code has more than one line.
                }
                words.push(word);
            }
            token => words.push(token.to_string()),
        }
        at += 1;
    }
    words.retain(|word| !word.is_empty());
}

/// The path that the tokens begin with, and how many of them it is.
fn path_at(tokens: &[TokenTree]) -> Option<(Vec<String>, usize)> {
    let is = |at: usize, mark| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == mark);
    let joint = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.spacing() == Spacing::Joint);
    let separates = |at: usize| is(at, ':') && joint(at) && is(at + 1, ':');
    let (mut path, mut at) = if separates(0) {
        (vec![String::new()], 2)
    } else {
        (Vec::new(), 0)
    };
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        path.push(name.to_string());
        at += 1;
        if !separates(at) || !matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
            return Some((path, at));
        }
        at += 2;
    }
    None
}

/// Whether a name before these tokens is one of an argument, a field or an associated type.
fn names_something(after: &[TokenTree]) -> bool {
    match after {
        [TokenTree::Punct(mark), ..] => {
            mark.spacing() == Spacing::Alone && [':', '='].contains(&mark.as_char())
        }
        _ => false,
    }
}

fn spaced(before: &str, after: &str) -> bool {
    let opens = ["(", "[", "<", "&", "::", "!", "*", "?", "#", "."];
    let closes = [",", ";", ":", ")", "]", ">", "::", "."];
    if opens.contains(&before) || closes.contains(&after) {
        return false;
    }
    if ["(", "[", "<"].contains(&after) && !before.starts_with('\'') {
        let keywords = ["dyn", "mut", "const", "as", "where", "for", "in"];
        let marks = [",", ":", "=", "->", "=>", "+", "{", "}"];
        let bound = after == "<" && before == "for";
        return !bound && (keywords.contains(&before) || marks.contains(&before));
    }
    true
}
