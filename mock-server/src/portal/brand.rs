//! Whose portal it is: name, logo and accent colour of the environment.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::config::{Accent, Branding};

/// A brand as a page shows it.
pub(super) struct Brand {
    pub(super) name: String,
    /// The letters of the logo; without any, it is the portal's own.
    pub(super) logo: Option<String>,
    /// The stylesheet with the accent colour, if it is another than ours.
    pub(super) stylesheet: Option<String>,
}

impl Brand {
    pub(super) fn new(branding: &Branding) -> Self {
        let name = branding.name.as_deref().map(str::trim);
        let initial = |name: &str| name.chars().find(|c| c.is_alphanumeric());
        let logo = branding.logo_text.as_deref().map(str::trim);
        let logo = logo.map(ToOwned::to_owned).or_else(|| {
            let letter = name.and_then(initial)?;
            Some(letter.to_uppercase().collect())
        });
        let stylesheet = branding.accent.map(|accent| {
            let colour = String::from(accent);
            format!("/portal/accent/{}.css", &colour[1..])
        });
        Self {
            name: name.unwrap_or("Admin Portal").to_owned(),
            logo,
            stylesheet,
        }
    }
}

/// Serves a stylesheet for each accent colour.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/portal/accent/{file}", get(stylesheet))
}

#[derive(Template)]
#[template(path = "accent.css", escape = "none")]
struct Stylesheet {
    light: Palette,
    dark: Palette,
}

/// An accent on one background.
struct Palette {
    accent: String,
    hover: String,
    soft: String,
    on_accent: String,
}

/// The background of cards, light and dark, as the stylesheet has it.
const LIGHT: [u8; 3] = [0xff, 0xff, 0xff];
const DARK: [u8; 3] = [0x18, 0x1c, 0x25];
/// What text on the accent can be.
const INK: [u8; 3] = [0x10, 0x14, 0x2a];
/// What WCAG AA asks of text, and a little more for the softened background.
const CONTRAST: f64 = 5.0;

async fn stylesheet(file: Result<Path<String>, PathRejection>) -> Response {
    let colour = file.ok().and_then(|Path(file)| {
        let digits = file.strip_suffix(".css")?;
        Accent::try_from(format!("#{digits}")).ok()
    });
    let Some(accent) = colour else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=86400"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let sheet = Stylesheet {
        light: palette(accent, LIGHT),
        dark: palette(accent, DARK),
    };
    match sheet.render() {
        Ok(css) => (headers, css).into_response(),
        Err(error) => {
            tracing::error!(%error, "an accent could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn palette(Accent(colour): Accent, background: [u8; 3]) -> Palette {
    let far = if background == LIGHT { INK } else { LIGHT };
    let steps = (0..=20).map(|step| mix(colour, far, f64::from(step) / 20.0));
    let accent = steps
        .into_iter()
        .find(|colour| contrast(*colour, background) >= CONTRAST)
        .unwrap_or(far);
    let on_accent = if contrast(accent, LIGHT) >= contrast(accent, INK) {
        LIGHT
    } else {
        INK
    };
    Palette {
        accent: written(accent),
        hover: written(mix(accent, far, 0.2)),
        soft: written(mix(background, accent, 0.1)),
        on_accent: written(on_accent),
    }
}

fn written(colour: [u8; 3]) -> String {
    String::from(Accent(colour))
}

/// So much of `other` in `one`.
fn mix(one: [u8; 3], other: [u8; 3], share: f64) -> [u8; 3] {
    let mut mixed = [0; 3];
    for (mixed, (one, other)) in mixed.iter_mut().zip(one.into_iter().zip(other)) {
        let value = f64::from(one) * (1.0 - share) + f64::from(other) * share;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a mean of two bytes is a byte"
        )]
        let byte = value.round() as u8;
        *mixed = byte;
    }
    mixed
}

/// The contrast of WCAG 2: from 1, none, to 21, black on white.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|byte| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_can_be_read() {
        for colour in [
            [0, 0, 0],
            [255, 255, 255],
            [255, 255, 0],
            [255, 0, 0],
            [0, 0, 255],
            [0x80, 0x80, 0x80],
            [0x3a, 0x4f, 0xd0],
        ] {
            for background in [LIGHT, DARK] {
                let palette = palette(Accent(colour), background);
                let read = |text: &str| Accent::try_from(text.to_owned()).unwrap().0;
                let accent = read(&palette.accent);
                for (one, other) in [
                    (accent, background),
                    (accent, read(&palette.on_accent)),
                    (accent, read(&palette.soft)),
                ] {
                    let seen = contrast(one, other);
                    assert!(seen >= 4.0, "{colour:?} {one:?} on {other:?}: {seen}");
                }
            }
        }
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
    }

    #[test]
    fn a_brand_has_a_name_and_perhaps_a_logo() {
        let brand = Brand::new(&Branding::default());
        assert_eq!((brand.name.as_str(), brand.logo), ("Admin Portal", None));
        let brand = Brand::new(&Branding {
            name: Some("northwind".to_owned()),
            accent: Some(Accent([1, 2, 3])),
            ..Branding::default()
        });
        assert_eq!(brand.logo.as_deref(), Some("N"));
        assert_eq!(
            brand.stylesheet.as_deref(),
            Some("/portal/accent/010203.css")
        );
    }
}
