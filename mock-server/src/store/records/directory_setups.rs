//! What the ways directories are set up can be found by.

use crate::domain::directory_setup::DirectorySetup;
use crate::domain::ids::{DirectoryId, DirectorySetupId, Id as _};
use crate::store::table::Table;
use crate::store::{InOrder, Record, Tables};

/// What the way a directory is set up can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DirectorySetupKey {
    /// The directory.
    Directory(DirectoryId),
}

impl Record for DirectorySetup {
    type Key = DirectorySetupKey;
    type Rows = InOrder<Self>;

    const PREFIX: &'static str = DirectorySetupId::PREFIX;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn keys(&self) -> Vec<DirectorySetupKey> {
        vec![DirectorySetupKey::Directory(self.directory_id.clone())]
    }

    fn table(tables: &Tables) -> &Table<Self> {
        &tables.directory_setups
    }

    fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
        &mut tables.directory_setups
    }
}
