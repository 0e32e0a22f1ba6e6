//! Mixes colours, because Plotly has neither `color-mix` nor a colour scale for bars.

/// The parts red, green and blue of a colour, from 0 to 1.
pub(super) type Rgb = [f64; 3];

/// Reads a colour as the browser resolves it, `rgb(…)`, or as a style sheet writes it, `#rrggbb`. Any other text gives
/// grey.
pub(super) fn parse(text: &str) -> Rgb {
    let parts: Vec<f64> = match text.strip_prefix('#') {
        Some(hex) => {
            (0..3).filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).map(f64::from).collect()
        }
        None => {
            let inner = text.trim_start_matches(|sign| sign != '(').trim_matches(['(', ')']);
            inner.split([',', ' ']).filter_map(|part| part.parse().ok()).collect()
        }
    };
    match parts[..] {
        [red, green, blue, ..] => [red, green, blue].map(|part| part / 255.0),
        _ => [0.5; 3],
    }
}

/// The colour `share` of the way from the first to the second, at equal steps for the eye (in Oklab).
pub(super) fn mix(from: Rgb, to: Rgb, share: f64) -> String {
    let [from, to] = [from, to].map(oklab);
    let between = [0, 1, 2].map(|at| from[at] + share.clamp(0.0, 1.0) * (to[at] - from[at]));
    write(rgb(between))
}

/// The colour `share` of the way from the first to the second, each part by itself.
pub(super) fn blend(from: Rgb, to: Rgb, share: f64) -> String {
    write([0, 1, 2].map(|at| from[at] + share * (to[at] - from[at])))
}

fn write(color: Rgb) -> String {
    let [red, green, blue] = color.map(|part| (255.0 * part.clamp(0.0, 1.0)).round() as u8);
    format!("rgb({red},{green},{blue})")
}

/// The coordinates of a colour in Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020).
fn oklab(color: Rgb) -> [f64; 3] {
    let [red, green, blue] =
        color.map(|part| if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) });
    let [l, m, s] = [
        0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue,
        0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue,
        0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue,
    ]
    .map(libm::cbrt);
    [
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
}

fn rgb([lightness, a, b]: [f64; 3]) -> Rgb {
    let cube = |part: f64| part * part * part;
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    [
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
    .map(|part| if part <= 0.0031308 { 12.92 * part } else { 1.055 * libm::pow(part, 1.0 / 2.4) - 0.055 })
}
