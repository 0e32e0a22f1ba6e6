//! The few pictures on buttons, drawn in the button's own colour.

use leptos::prelude::*;

/// The picture of this name, as SVG paths on a field of 24 by 24.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    let path = match name {
        "play" => "M8 5.5v13l10.5-6.5z",
        "pause" => "M8 5.5v13M16 5.5v13",
        "step" => "M6 5.5v13l9-6.5zM18.5 5.5v13",
        "reset" => "M5 12a7 7 0 1 0 2.3-5.2M5 4.5v4h4",
        "reseed" => "M5 5h14v14H5zM9 9h.01M15 15h.01M15 9h.01M9 15h.01M12 12h.01",
        "link" => "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1",
        "done" => "M5 12.5l4.5 4.5L19 7.5",
        "dark" => "M20 14.5A8.2 8.2 0 1 1 9.5 4a6.6 6.6 0 0 0 10.5 10.5z",
        "light" => {
            "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"
        }
        "table" => "M4 5.5h16v13H4zM4 10h16M4 14.3h16M10 10v8.5",
        "file" => "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14",
        "close" => "M6.5 6.5l11 11M17.5 6.5l-11 11",
        "lock" => "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
        "auto" => "M5 12a7 7 0 1 0 2.3-5.2M5 4.5v4h4",
        "open" => "M13.5 5H19v5.5M19 5l-8 8M16 14v5H5V8h5",
        "picture" => "M4 5.5h16v13H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
        "pin" => "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
        "gallery" => "M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z",
        "up" => "M6 14.5l6-6 6 6",
        "down" => "M6 9.5l6 6 6-6",
        "question" => "M9 9.2a3 3 0 1 1 4.4 2.6c-1 .6-1.4 1.1-1.4 2.2M12 17.6h.01",
        _ => "",
    };
    let filled = name == "play" || name == "step";
    view! {
        <svg class="icon" class:filled=filled viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
}
