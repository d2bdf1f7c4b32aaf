//! Mails, which are only ever listed.

use std::convert::Infallible;

use crate::domain::ids::{Id as _, MailId};
use crate::domain::mail::Mail;
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

impl Record for Mail {
    type Key = Infallible;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = MailId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<Infallible> {
        Vec::new()
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.mails
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.mails
    }
}
