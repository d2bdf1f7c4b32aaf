//! What is answered to a form, by a person on a page or by a control call.

use std::collections::BTreeMap;

use super::form::Field;

/// What is answered, by the names of the fields. What is only blank is not answered. `Debug` shows the names alone: there
/// may be secrets among the values.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Answers(BTreeMap<String, Vec<String>>);

impl Answers {
    /// Whether nothing is answered.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one answer to a field, without blanks around it.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// Every answer to a field.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.0.get(name).into_iter().flatten();
        values.map(String::as_str).collect()
    }

    /// The answer to a number field that has been checked.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.text(name)?.parse().ok()
    }

    /// The names of what is answered.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every answer with its name.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.0.iter();
        values.flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), &**value)))
    }

    /// The same and one more answer.
    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extend([(name.into(), value.into())]);
        self
    }

    /// Takes the answer to a field out.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)?.into_iter().next()
    }

    /// Puts every answer of `others` in the place of what was answered to the same fields.
    pub(crate) fn replace(&mut self, others: &Self) {
        for (name, values) in &others.0 {
            self.0.insert(name.clone(), values.clone());
        }
    }

    /// Of these answers, those that some fields ask for; where there is none, the value of the field or its sample.
    pub(crate) fn or_samples(&self, fields: &[Field]) -> Self {
        let mut all = BTreeMap::new();
        for field in fields {
            let given = self.0.get(field.name).cloned();
            let values = given.unwrap_or_else(|| {
                if field.value.is_empty() {
                    field.sample.clone()
                } else {
                    field.value.clone()
                }
            });
            if !values.is_empty() {
                all.insert(field.name.to_owned(), values);
            }
        }
        Self(all)
    }
}

impl Extend<(String, String)> for Answers {
    fn extend<I: IntoIterator<Item = (String, String)>>(&mut self, pairs: I) {
        for (name, value) in pairs {
            let value = value.trim();
            if !value.is_empty() {
                self.0.entry(name).or_default().push(value.to_owned());
            }
        }
    }
}

impl FromIterator<(String, String)> for Answers {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut answers = Self::default();
        answers.extend(pairs);
        answers
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::Kind;

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    #[test]
    fn samples_stand_in_for_what_is_not_answered() {
        let fields = [
            Field::new("a", "A", Kind::Text).sample("sample"),
            Field::new("b", "B", Kind::Text)
                .value("before")
                .sample("sample"),
            Field::new("c", "C", Kind::Text).sample("sample"),
            Field::new("d", "D", Kind::Text).optional(),
        ];
        let all = answers(&[("c", "mine"), ("other", "x")]).or_samples(&fields);
        let pairs: Vec<_> = all.pairs().collect();
        assert_eq!(pairs, [("a", "sample"), ("b", "before"), ("c", "mine")]);
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", answers(&[("client_secret", "hush")]));
        assert!(
            shown.contains("client_secret") && !shown.contains("hush"),
            "{shown}"
        );
    }
}
