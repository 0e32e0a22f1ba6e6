//! Wall time: the only place of the engine that reads a clock.

/// Milliseconds since an arbitrary start.
#[cfg(target_family = "wasm")]
pub fn now_ms() -> f64 {
    use web_time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// Milliseconds since an arbitrary start.
#[cfg(not(target_family = "wasm"))]
pub fn now_ms() -> f64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
