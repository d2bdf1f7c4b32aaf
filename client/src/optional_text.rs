//! Texts that may be left out.

use std::borrow::Cow;

/// What a text that may be left out can be set to: a text, an id, or an `Option` of one.
///
/// ```
/// use workos_portal::types::GeneratePortalLink;
///
/// let body = GeneratePortalLink::builder().return_url("https://app.example.com/settings");
/// let nobody: Option<String> = None;
/// let body = body.external_user_id(nobody);
/// # let _ = body;
/// ```
pub trait OptionalText {
    /// The text, if there is one.
    fn into_optional_text(self) -> Option<String>;
}

impl OptionalText for String {
    fn into_optional_text(self) -> Option<String> {
        Some(self)
    }
}

impl OptionalText for &String {
    fn into_optional_text(self) -> Option<String> {
        Some(self.clone())
    }
}

impl OptionalText for &str {
    fn into_optional_text(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl OptionalText for Cow<'_, str> {
    fn into_optional_text(self) -> Option<String> {
        Some(self.into_owned())
    }
}

impl<T: OptionalText> OptionalText for Option<T> {
    fn into_optional_text(self) -> Option<String> {
        self.and_then(OptionalText::into_optional_text)
    }
}
