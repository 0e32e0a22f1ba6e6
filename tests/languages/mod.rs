//! The files of texts, as a site serves them.

use init_lab::lab::lang::Lang;

/// What a language's file says.
pub(crate) fn source(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../../static/lang/en.toml"),
        Lang::Vi => include_str!("../../static/lang/vi.toml"),
    }
}
