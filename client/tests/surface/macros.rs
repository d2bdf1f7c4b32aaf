//! Expands what `macro_rules!` declares, as far as the declarations of items need it.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, Lifetime, Path, Type, Visibility};

/// A macro: its rules, tried one after another.
pub(crate) struct Macro {
    name: String,
    rules: Vec<(Vec<TokenTree>, Vec<TokenTree>)>,
}

/// What a name in a rule stands for.
#[derive(Clone)]
enum Bound {
    Once(TokenStream),
    Repeated(Vec<Bound>),
}

type Bindings = BTreeMap<String, Bound>;

impl Macro {
    /// The macro that is declared by `tokens`: `(…) => { … };` and so on.
    pub(crate) fn of(name: &str, tokens: TokenStream) -> Self {
        let groups: Vec<Vec<TokenTree>> = tokens
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Group(group) => Some(group.stream().into_iter().collect()),
                _ => None,
            })
            .collect();
        let rules = groups.chunks_exact(2);
        let rules = rules.map(|rule| (rule[0].clone(), rule[1].clone()));
        Self {
            name: name.to_owned(),
            rules: rules.collect(),
        }
    }

    /// What an invocation becomes.
    pub(crate) fn expand(&self, input: TokenStream) -> TokenStream {
        let input: Vec<TokenTree> = input.into_iter().collect();
        for (pattern, body) in &self.rules {
            let mut bindings = Bindings::new();
            if matches(pattern, &input, &mut bindings) == Some(input.len()) {
                return transcribe(body, &bindings);
            }
        }
        panic!("no rule of {}! fits", self.name)
    }
}

/// `$(…) separator operator`, at the beginning of a pattern or a body.
struct Repetition {
    inner: Vec<TokenTree>,
    separator: Option<TokenTree>,
    /// How many tokens it is itself.
    length: usize,
    may_be_none: bool,
}

impl Repetition {
    fn at(tokens: &[TokenTree]) -> Option<Self> {
        let [TokenTree::Punct(dollar), TokenTree::Group(group), rest @ ..] = tokens else {
            return None;
        };
        if dollar.as_char() != '$' || group.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let operator =
            |token: &TokenTree| matches!(token, TokenTree::Punct(p) if "*+?".contains(p.as_char()));
        let separated = !operator(&rest[0]);
        Some(Self {
            inner: group.stream().into_iter().collect(),
            separator: separated.then(|| rest[0].clone()),
            length: 3 + usize::from(separated),
            may_be_none: rest[usize::from(separated)].to_string() != "+",
        })
    }
}

/// `$name`, at the beginning of a pattern or a body.
fn variable(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [TokenTree::Punct(dollar), TokenTree::Ident(name), ..] if dollar.as_char() == '$' => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// How much of the input the pattern takes, if it fits.
fn matches(pattern: &[TokenTree], input: &[TokenTree], bindings: &mut Bindings) -> Option<usize> {
    let (mut at, mut taken) = (0, 0);
    while at < pattern.len() {
        if let Some(repetition) = Repetition::at(&pattern[at..]) {
            taken += repeat(&repetition, &input[taken..], bindings)?;
            at += repetition.length;
        } else if let Some(name) = variable(&pattern[at..]) {
            let kind = pattern[at + 3].to_string();
            let length = fragment(&kind, &input[taken..])?;
            let tokens = input[taken..taken + length].iter().cloned().collect();
            bindings.insert(name, Bound::Once(tokens));
            taken += length;
            at += 4;
        } else {
            let given = input.get(taken)?;
            match (&pattern[at], given) {
                (TokenTree::Group(pattern), TokenTree::Group(given)) => {
                    let pattern: Vec<_> = pattern.stream().into_iter().collect();
                    let inside: Vec<_> = given.stream().into_iter().collect();
                    if matches(&pattern, &inside, bindings)? != inside.len() {
                        return None;
                    }
                }
                (pattern, given) if pattern.to_string() != given.to_string() => return None,
                _ => {}
            }
            taken += 1;
            at += 1;
        }
    }
    Some(taken)
}

fn repeat(repetition: &Repetition, input: &[TokenTree], bindings: &mut Bindings) -> Option<usize> {
    let mut rounds = Vec::new();
    let mut taken = 0;
    loop {
        let separator = usize::from(repetition.separator.is_some() && !rounds.is_empty());
        if separator == 1 {
            let next = input.get(taken).map(ToString::to_string);
            if next != repetition.separator.as_ref().map(ToString::to_string) {
                break;
            }
        }
        let mut round = Bindings::new();
        let rest = input.get(taken + separator..).unwrap_or_default();
        match matches(&repetition.inner, rest, &mut round) {
            Some(length) if length > 0 => taken += length + separator,
            _ => break,
        }
        rounds.push(round);
    }
    if rounds.is_empty() && !repetition.may_be_none {
        return None;
    }
    for name in variables(&repetition.inner) {
        let each = rounds.iter().filter_map(|round| round.get(&name).cloned());
        let bound = Bound::Repeated(each.collect());
        bindings.insert(name, bound);
    }
    Some(taken)
}

/// How many tokens a fragment of a kind takes.
fn fragment(kind: &str, input: &[TokenTree]) -> Option<usize> {
    match (kind, input.first()) {
        ("ident", Some(TokenTree::Ident(_)))
        | ("literal", Some(TokenTree::Literal(_)))
        | ("tt", Some(_)) => Some(1),
        ("ident" | "literal" | "tt", _) => None,
        // An attribute, whose brackets have nothing else in them.
        ("meta", first) => first.map(|_| input.len()),
        ("expr", _) => parsed::<Expr>(input),
        ("lifetime", _) => parsed::<Lifetime>(input),
        ("path", _) => parsed::<Path>(input),
        ("ty", _) => parsed::<Type>(input),
        ("vis", _) => parsed::<Visibility>(input),
        _ => panic!("fragments of the kind {kind} are not known here"),
    }
}

/// How many tokens the longest `T` takes that the input begins with.
fn parsed<T: Parse>(input: &[TokenTree]) -> Option<usize> {
    let parser = |input: ParseStream<'_>| {
        input.parse::<T>()?;
        input.parse::<TokenStream>()
    };
    let rest = parser.parse2(input.iter().cloned().collect()).ok()?;
    Some(input.len() - rest.into_iter().count())
}

/// The names that are bound in a pattern, or used in a body.
fn variables(tokens: &[TokenTree]) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if let Some(name) = variable(&tokens[at..]) {
            found.push(name);
        }
        if let TokenTree::Group(group) = &tokens[at] {
            let inside: Vec<_> = group.stream().into_iter().collect();
            found.extend(variables(&inside));
        }
    }
    found
}

fn transcribe(body: &[TokenTree], bindings: &Bindings) -> TokenStream {
    let mut output = TokenStream::new();
    let mut at = 0;
    while at < body.len() {
        if let Some(repetition) = Repetition::at(&body[at..]) {
            for (index, round) in rounds(&repetition.inner, bindings).iter().enumerate() {
                if index > 0 {
                    output.extend(repetition.separator.clone());
                }
                output.extend(transcribe(&repetition.inner, round));
            }
            at += repetition.length;
        } else if let Some(Bound::Once(tokens)) =
            variable(&body[at..]).and_then(|name| bindings.get(&name))
        {
            output.extend(tokens.clone());
            at += 2;
        } else {
            output.extend([match &body[at] {
                TokenTree::Group(group) => {
                    let inside: Vec<_> = group.stream().into_iter().collect();
                    TokenTree::Group(Group::new(group.delimiter(), transcribe(&inside, bindings)))
                }
                token => token.clone(),
            }]);
            at += 1;
        }
    }
    output
}

/// The bindings of each round of a repetition.
fn rounds(body: &[TokenTree], bindings: &Bindings) -> Vec<Bindings> {
    let mut rounds: Vec<Bindings> = Vec::new();
    for name in variables(body) {
        if let Some(Bound::Repeated(each)) = bindings.get(&name) {
            rounds.resize(rounds.len().max(each.len()), bindings.clone());
            for (round, bound) in rounds.iter_mut().zip(each) {
                round.insert(name.clone(), bound.clone());
            }
        }
    }
    rounds
}
