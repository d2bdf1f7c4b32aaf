//! The library as a test uses it: environments, what they are held against, and many of them at once.

mod app;
mod environments;
mod faults;
mod parallel;
mod portal_links;
mod seeds;
mod strict;
