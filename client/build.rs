//! Generates the client from `client.json` into `OUT_DIR`.

use std::collections::BTreeSet;
use std::error::Error;
use std::process::ExitCode;
use std::{env, fs, path::Path};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use serde_json::Value;

#[path = "build/builders.rs"]
mod builders;
#[path = "build/choices.rs"]
mod choices;
#[path = "build/document.rs"]
mod document;
#[path = "build/enums.rs"]
mod enums;
#[path = "build/ids.rs"]
mod ids;
#[path = "build/lists.rs"]
mod lists;
#[path = "build/operations.rs"]
mod operations;
#[path = "build/replacements.rs"]
mod replacements;
#[path = "build/setters.rs"]
mod setters;
#[path = "build/surface.rs"]
mod surface;

const DOCUMENT: &str = "client.json";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={DOCUMENT}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Box<dyn Error>> {
    let mut document: Value = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    ids::mark(&mut document)?;
    let replacements = replacements::of(&document)?;

    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type("crate::transport::Transport".parse()?)
        .with_map_type("::std::collections::BTreeMap");
    for (component, path) in &replacements {
        let traits = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(component, path, traits.into_iter());
    }
    let spec = serde_json::from_value(document.clone())?;
    let mut generated = syn::parse2(Generator::new(&settings).generate_tokens(&spec)?)?;

    let replaced: BTreeSet<&str> = replacements.keys().map(String::as_str).collect();
    surface::check(&generated, &replaced)?;
    surface::seal(&mut generated)?;
    surface::without_streams(&mut generated.items);
    builders::prune(&mut generated)?;
    setters::ease(&mut generated)?;
    lists::add(&mut generated, &lists::find(&document)?)?;

    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let out = Path::new(&out);
    let client = surface::with_one_error(&prettyplease::unparse(&generated))?;
    fs::write(out.join("client.rs"), client)?;
    fs::write(out.join("document.rs"), document::source(&document)?)?;
    fs::write(out.join("enums.rs"), enums::source(&document)?)?;
    let operations = operations::source(&document) + &choices::source(&document)?;
    fs::write(out.join("operations.rs"), operations)?;
    Ok(())
}
