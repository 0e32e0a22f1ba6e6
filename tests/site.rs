//! The tests of the house and of what is read: the imports, the texts, the cards, the lessons, what links say.
#![allow(missing_docs)]

mod card;
#[cfg(feature = "engine")]
mod driven;
mod imports;
#[cfg(feature = "engine")]
mod measured;
mod vietnamese;

mod architecture;
mod cards;
mod decimal_point;
mod embed_keys;
mod lessons;
mod lessons_beside;
mod page_heads;
mod recorded;
mod schemes;
mod site_navigation;
mod test_programs;
mod vietnamese_terms;
