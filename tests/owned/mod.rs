//! Data as a reader might have it.
// Each test file uses other parts.
#![allow(dead_code)]

/// Sixty flowers of three kinds, with a line of names. The kinds differ in height and weight.
pub(crate) fn flowers() -> String {
    let row = |at: usize| {
        let kind = at % 3;
        let wave = |by: f64| (at as f64 * by).sin() * 0.4;
        let (height, weight) =
            (1.5 + 2.0 * kind as f64 + wave(1.3), 8.0 - 3.0 * (kind as f64 - 1.0).powi(2) + wave(2.1));
        format!("{height:.3},{weight:.3},{}\n", ["iris", "rose", "tulip"][kind])
    };
    format!("height,weight,kind\n{}", (0..60).map(row).collect::<String>())
}

/// A text of so many lines.
pub(crate) fn lines(count: usize) -> String {
    (0..count).map(|line| format!("Dòng {line}: mạng học từ chữ.\n")).collect()
}
