//! What every page that this server shows has in common: its stylesheet and favicon, and the headers that it goes out with.
//! Knows nothing of what is on a page.

pub(crate) mod assets;
pub(crate) mod respond;
