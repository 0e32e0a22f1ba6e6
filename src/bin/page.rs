//! The page's program: a panic hook and one call.

fn main() {
    console_error_panic_hook::set_once();
    init_lab::shell::app::mount();
}
