//! Reading one of two enums by the name of its variant.
//!
//! Serde's `untagged` does the same by copying the whole message first and trying both; the code for that is a tenth of the
//! desk's download.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::EnumAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor};

/// Reads a `Small` where the variant's name begins with a small letter, and a `Large` otherwise. Fails where the message is
/// neither.
pub(super) fn by_first_letter<'de, Small, Large, Either, D>(deserializer: D) -> Result<Either, D::Error>
where
    Small: Deserialize<'de> + Into<Either>,
    Large: Deserialize<'de> + Into<Either>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_enum("message", &[], ByFirstLetter(PhantomData::<(Small, Large, Either)>))
}

struct ByFirstLetter<Small, Large, Either>(PhantomData<(Small, Large, Either)>);

impl<'de, Small, Large, Either> Visitor<'de> for ByFirstLetter<Small, Large, Either>
where
    Small: Deserialize<'de> + Into<Either>,
    Large: Deserialize<'de> + Into<Either>,
{
    type Value = Either;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a message")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Either, A::Error> {
        let (name, content) = data.variant::<String>()?;
        let is_small = name.starts_with(|first: char| first.is_ascii_lowercase());
        let message = EnumAccessDeserializer::new(NamedVariant { name, content });
        if is_small { Small::deserialize(message).map(Into::into) } else { Large::deserialize(message).map(Into::into) }
    }
}

/// A variant whose name was read already.
struct NamedVariant<V> {
    name: String,
    content: V,
}

impl<'de, V: VariantAccess<'de>> EnumAccess<'de> for NamedVariant<V> {
    type Error = V::Error;
    type Variant = V;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, V), V::Error> {
        Ok((seed.deserialize(self.name.into_deserializer())?, self.content))
    }
}
