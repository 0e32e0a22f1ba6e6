//! Small pictures whose pixels are numbers.

use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Draws grey levels from 0 (black) to 1 (white), row by row; what is missing of the last row is left out.
pub fn draw_grey(canvas: &HtmlCanvasElement, levels: impl ExactSizeIterator<Item = f64>, columns: usize) {
    let columns = columns.max(1);
    let rows = levels.len().div_ceil(columns).max(1);
    let mut bytes = Vec::with_capacity(4 * rows * columns);
    for level in levels {
        let grey = (255.0 * level).round().clamp(0.0, 255.0) as u8;
        bytes.extend([grey, grey, grey, u8::MAX]);
    }
    bytes.resize(4 * rows * columns, 0);
    draw_pixels(canvas, &bytes, columns, rows);
}

/// Draws pixels, row by row, each as red, green, blue and opacity.
pub fn draw_pixels(canvas: &HtmlCanvasElement, bytes: &[u8], columns: usize, rows: usize) {
    let (width, height) = (columns as u32, rows as u32);
    (canvas.width() != width).then(|| canvas.set_width(width));
    (canvas.height() != height).then(|| canvas.set_height(height));
    let context = canvas.get_context("2d").ok().flatten().and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
    if let (Some(context), Ok(image)) =
        (context, ImageData::new_with_u8_clamped_array_and_sh(Clamped(bytes), width, height))
    {
        context.put_image_data(&image, 0.0, 0.0).ok();
    }
}

/// Red, green and blue of a colour as a browser writes it, `rgb(1, 2, 3)`.
pub fn channels(color: &str) -> [u8; 3] {
    let mut numbers = color.split(|sign: char| !sign.is_ascii_digit()).filter_map(|part| part.parse().ok());
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}
