//! What this browser keeps, in IndexedDB. Where storage is blocked nothing is kept, and nothing fails.

use idb::event::DatabaseEvent;
use idb::{Database, Error, Factory, ObjectStore, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The version of each database. Each has one store, so that a page of an earlier version in another tab, which has its own
/// database open, stands in nobody's way.
const VERSION: u32 = 1;

/// A database of its own for each kind of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Results of experiments, and what they can be continued from.
    Experiments,
    /// Runs of the lab.
    Runs,
    /// The reader's own data.
    Data,
}

impl Kept {
    /// The names of the database and of its store.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Experiments => ["init-lab", "experiments"],
            Self::Runs => ["init-lab-runs", "runs"],
            Self::Data => ["init-lab-data", "data"],
        }
    }

    /// The value of a key.
    pub async fn get(self, key: &str) -> Option<JsValue> {
        let key = JsValue::from(key);
        self.using(TransactionMode::ReadOnly, async |store| store.get(Query::Key(key))?.await).await.flatten()
    }

    /// Sets the value of a key. Returns whether that worked.
    pub async fn put(self, key: &str, value: &JsValue) -> bool {
        let (key, value) = (JsValue::from(key), value.clone());
        let put = async |store: ObjectStore| store.put(&value, Some(&key))?.await.map(drop);
        self.using(TransactionMode::ReadWrite, put).await.is_some()
    }

    /// Deletes a key.
    pub async fn delete(self, key: impl Into<Query>) {
        let key = key.into();
        self.using(TransactionMode::ReadWrite, async |store| store.delete(key)?.await.map(drop)).await;
    }

    /// Runs a request on the store in a transaction of its own. There is no answer if it fails.
    pub async fn using<T>(
        self,
        mode: TransactionMode,
        ask: impl AsyncFnOnce(ObjectStore) -> Result<T, Error>,
    ) -> Option<T> {
        let answer = async {
            let base = self.open().await?;
            let [_, store] = self.names();
            let transaction = base.transaction(&[store], mode)?;
            let answer = self.asked(transaction, ask).await;
            base.close();
            answer
        };
        answer.await.inspect_err(note).ok()
    }

    async fn asked<T>(
        self,
        transaction: Transaction,
        ask: impl AsyncFnOnce(ObjectStore) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let [_, store] = self.names();
        let answer = ask(transaction.object_store(store)?).await?;
        transaction.await?;
        Ok(answer)
    }

    async fn open(self) -> Result<Database, Error> {
        let [base, store] = self.names();
        let mut request = Factory::new()?.open(base, Some(VERSION))?;
        request.on_upgrade_needed(move |event| {
            // An error here makes the request fail, which reports it.
            event.database().and_then(|base| base.create_object_store(store, ObjectStoreParams::new())).ok();
        });
        request.await
    }
}

/// A field of an object, or undefined.
pub fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}

fn note(error: &Error) {
    web_sys::console::info_1(&format!("Nothing is kept in this browser: {error}").into());
}
