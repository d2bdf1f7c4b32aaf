//! The portal in a real browser: headless Chromium, driven through chromedriver as a person would drive it.
//!
//! Every test has a server, an app that links lead back to, and a browser of its own. The browser reaches those two by
//! name and nothing else; when a test ends, what the browser has asked for and complained of is looked through.

mod app;
mod axe;
mod browser;
mod driver;
mod page;
mod stage;
mod tour;

mod dead_ends;
mod directories;
mod domains;
mod guards;
mod inspecting;
mod inspector;
mod inspector_steering;
mod keyboard;
mod logs_and_keys;
mod names;
mod sign_on;
mod soundness;
mod ways;
mod without_scripts;
