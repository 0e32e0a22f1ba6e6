//! Shows the scheme's card: its formula, where it comes from, what it keeps, and its line of PyTorch.
//!
//! Cards are static pages of the site (`www/schemes`), one a language, readable on their own. They
//! come when somebody asks, so that thirty of them cost the first visit nothing. Their articles are
//! taken over as parsed nodes; no text of another origin gets in.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DomParser, Element, HtmlElement, SupportedType};

use super::Lens;
use super::show::Show;
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::prediction::{WeightSpread, spreads};
use crate::lab::spec::Spec;
use crate::shell::browser::fetch_text;
use crate::shell::effect::effect;

/// The line "About this scheme", which unfolds to the card.
pub fn card(lens: Lens) -> AnyView {
    let open = RwSignal::new(false);
    let missing = RwSignal::new(false);
    let place = NodeRef::<leptos::html::Div>::new();
    let scheme = Memo::new(move |_| lens.spec.with(|spec| spec.start.scheme));
    effect(move || {
        let (lang, scheme_now) = (lens.lang.get(), scheme);
        let scheme = scheme_now.get();
        if !open.get() {
            return;
        }
        let Some(place) = place.get() else { return };
        let place: HtmlElement = place.unchecked_ref::<HtmlElement>().clone();
        let embedded = lens.view.with_untracked(|view| view.embed);
        spawn_local(async move {
            let card = fetch(lang, scheme.id()).await;
            // The answer to an earlier request may come after that to a later one, and must not replace it.
            if (lens.lang.get_untracked(), scheme_now.get_untracked()) != (lang, scheme) {
                return;
            }
            missing.set(card.is_err());
            place.set_text_content(None);
            if let Ok(card) = card {
                adapt(&card, embedded);
                place.append_child(&card).ok();
            }
        });
    });
    let name = move || {
        let lang = lens.lang.get();
        lang.fill("card.about", &[("scheme", &lang.option("init", scheme.get().id()))])
    };
    let table = move || {
        let lang = lens.lang.get();
        let row = |spread: WeightSpread| {
            let matrix = lang.text(&format!("role.{}", spread.role)).to_owned();
            let (first, last) = (show(spread.first), show(spread.last));
            let std = if first == last { first } else { format!("{first} … {last}") };
            view! {
                <tr>
                    <th scope="row">{matrix}</th>
                    <td>{std}</td>
                </tr>
            }
        };
        lens.spec.with(spreads).into_iter().map(row).collect_view()
    };
    view! {
        <details
            class="card"
            data-testid="card"
            hidden=move || lens.spec.with(Spec::is_toy)
            on:toggle=move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"))
        >
            <summary>{name}</summary>
            <Show when=move || open.get()>
                <table class="spreads">
                    <caption>{lens.text("card.spreads")}</caption>
                    <tbody>{table}</tbody>
                </table>
            </Show>
            <p hidden=move || !missing.get()>{lens.text("card.missing")}</p>
            <div node_ref=place data-testid="card-text"></div>
        </details>
    }
    .into_any()
}

/// Fetches the article of a scheme in a language.
async fn fetch(lang: Lang, id: &str) -> Result<Element, JsValue> {
    let text = fetch_text(&format!("schemes/{}.html", lang.id())).await?;
    let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    let article = page.get_element_by_id(id).ok_or(JsValue::NULL)?;
    document().import_node_with_deep(&article, true)?.dyn_into().map_err(JsValue::from)
}

/// Makes a card fit the lab: its name goes, because the line above it has it already, and its link opens
/// this lab or, from a frame, the whole one in a tab of its own.
fn adapt(card: &Element, embedded: bool) {
    card.remove_attribute("id").ok();
    if let Ok(Some(name)) = card.query_selector("h3") {
        name.remove();
    }
    if let Ok(Some(link)) = card.query_selector("a.try") {
        let address = link.get_attribute("href").unwrap_or_default();
        let hash = address.split_once('#').map(|(_, hash)| format!("#{hash}")).unwrap_or_default();
        link.set_attribute("href", &if embedded { format!("./{hash}") } else { hash }).ok();
        if embedded {
            link.set_attribute("target", "_blank").ok();
        }
    }
}
