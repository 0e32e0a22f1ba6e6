//! Keeps a reader's own data in this browser, so that a reload and the next visit have it. Where there is no storage, it
//! lasts as long as the page.

use js_sys::{Object, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use super::storage::{Kept, field};
use super::store::Store;
use crate::lab::own::{OwnEdit, OwnFile};
use crate::lab::spec::{Model, Spec};
use crate::lab::state::Edit;

const STORE: Kept = Kept::Data;

/// Looks for the data that the lab lacks, and calls `then` once it is known whether this browser has it. Keeps what the
/// reader chooses from then on.
pub fn keep_own(store: Store, then: impl FnOnce() + 'static) {
    let lacks = move |spec: &Spec| spec.lacks_data().then_some(spec.network.model);
    let first = store.spec.with_untracked(lacks);
    // What follows the data belongs to the page, and not to what is drawn when storage answers.
    spawn_local(ScopedFuture::new_untracked(async move {
        if let Some(model) = first {
            recall(model, store).await;
        }
        then();
        follow(Model::Mlp, store);
        follow(Model::Gpt, store);
        // For which model the lab lacks its data, and for which it has it.
        let wanted = Memo::new(move |_| {
            let model = store.spec.with(|spec| spec.network.model);
            let has = store.state.with(|state| state.own.of(model).is_some());
            (store.spec.with(lacks), has.then_some(model))
        });
        Effect::new(move |before: Option<(Option<Model>, Option<Model>)>| {
            let now = wanted.get();
            // What the reader has just had forgotten is not looked for.
            let is_new = |model: &Model| before.is_some_and(|(lacked, had)| ![lacked, had].contains(&Some(*model)));
            if let Some(model) = now.0.filter(is_new) {
                spawn_local(recall(model, store));
            }
            now
        });
    }));
}

async fn recall(model: Model, store: Store) {
    let file = async {
        let kept = STORE.get(model.id()).await?;
        let bytes: Uint8Array = field(&kept, "bytes").dyn_into().ok()?;
        Some(OwnFile::new(field(&kept, "name").as_string()?, bytes.to_vec()))
    };
    let file = file.await;
    store.edit(Edit::Own(OwnEdit::Recall(model, file)));
}

/// Keeps the file of a model whenever it is another one, and deletes what is forgotten.
fn follow(model: Model, store: Store) {
    let mark = Memo::new(move |_| {
        store.state.with(|state| state.own.of(model).and_then(|file| Some(file.report.as_ref()?.mark)))
    });
    Effect::new(move |before: Option<Option<u32>>| {
        let now = mark.get();
        match before {
            _ if before.flatten() == now => {}
            _ if now.is_some() => {
                let value = store.state.with_untracked(|state| state.own.of(model).map(object));
                spawn_local(async move {
                    if let Some(value) = value {
                        STORE.put(model.id(), &value).await;
                    }
                });
            }
            _ => spawn_local(async move { STORE.delete(JsValue::from(model.id())).await }),
        }
        now
    });
}

fn object(file: &OwnFile) -> Object {
    let value = Object::new();
    let fields: [(&str, JsValue); 2] =
        [("name", file.name.as_str().into()), ("bytes", Uint8Array::from(&file.bytes[..]).into())];
    for (name, field) in fields {
        Reflect::set(&value, &name.into(), &field).ok();
    }
    value
}
