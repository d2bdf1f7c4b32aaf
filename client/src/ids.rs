//! Ids as types, so that one kind is not taken for another.

use crate::InvalidPathSegment;

/// Declares types of ids.
macro_rules! ids {
    ($($(#[$attribute:meta])+ $name:ident,)+) => {$(
        $(#[$attribute])+
        ///
        /// Any text but an empty one, `.` and `..` is one: prefixes have changed over time.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidPathSegment;

            fn try_from(id: String) -> Result<Self, Self::Error> {
                crate::PathSegment::try_from(id).map(|id| Self(id.into()))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidPathSegment;

            fn try_from(id: &str) -> Result<Self, Self::Error> {
                id.to_owned().try_into()
            }
        }

        impl TryFrom<&String> for $name {
            type Error = InvalidPathSegment;

            fn try_from(id: &String) -> Result<Self, Self::Error> {
                id.clone().try_into()
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl crate::OptionalText for $name {
            fn into_optional_text(self) -> Option<String> {
                Some(self.0)
            }
        }

        impl crate::OptionalText for &$name {
            fn into_optional_text(self) -> Option<String> {
                Some(self.0.clone())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<&$name> for String {
            fn from(id: &$name) -> Self {
                id.0.clone()
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidPathSegment;

            fn from_str(id: &str) -> Result<Self, Self::Err> {
                id.try_into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                self.0 == *other
            }
        }

        impl PartialEq<$name> for String {
            fn eq(&self, other: &$name) -> bool {
                *self == other.0
            }
        }
    )+};
}

ids! {
    /// Id of an audit log export (`audit_log_export_…`).
    AuditLogExportId,
    /// Id of a connection (`conn_…`).
    ConnectionId,
    /// Id of a directory (`directory_…`).
    DirectoryId,
    /// Id of a directory group (`directory_group_…`).
    DirectoryGroupId,
    /// Id of a directory's token (`directory_token_…`).
    DirectoryTokenId,
    /// Id of a directory user (`directory_user_…`).
    DirectoryUserId,
    /// Id of an event (`event_…`).
    EventId,
    /// Id of an IT contact (`it_contact_…`).
    ItContactId,
    /// Id of a log stream (`als_…`).
    LogStreamId,
    /// Id of an organization (`org_…`).
    ///
    /// Texts become ids where one is asked for, and the id of something else does not:
    ///
    /// ```no_run
    /// # async fn run(client: workos_portal::Client, connection: workos_portal::types::Connection) {
    /// let by_text = client.get_organization().id("org_01");
    /// let by_id = client.get_connection().id(&connection.id);
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # async fn run(client: workos_portal::Client, connection: workos_portal::types::Connection) {
    /// let mistaken = client.get_organization().id(&connection.id);
    /// # }
    /// ```
    OrganizationId,
    /// Id of an organization's domain (`org_domain_…`).
    OrganizationDomainId,
    /// Id of a webhook endpoint (`we_…`).
    WebhookEndpointId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_whatever_it_begins_with() {
        for text in ["org_1", "wos_org_1", "7", "a b/c", "é"] {
            let id: OrganizationId = serde_json::from_value(text.into()).unwrap();
            assert_eq!(id, text);
            assert_eq!(serde_json::to_value(&id).unwrap(), text);
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
        }
        serde_json::from_value::<OrganizationId>(3.into()).unwrap_err();
    }

    #[test]
    fn what_would_address_something_else_is_no_id() {
        for text in ["", ".", ".."] {
            assert_eq!(ConnectionId::try_from(text), Err(InvalidPathSegment));
            let error = serde_json::from_value::<ConnectionId>(text.into()).unwrap_err();
            assert_eq!(error.to_string(), InvalidPathSegment.to_string());
        }
    }
}
