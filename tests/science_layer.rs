//! Layers and matrices by name: there and back, and from input to output.

use std::fmt::Debug;

use init_lab::lab::link::Lab;
use init_lab::science::layer::{LayerId, MatrixId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{from_value, json, to_value};

/// Their names; all of them are read as what they were, and stand in the order of their ids.
fn names<T: Serialize + DeserializeOwned + Debug + Ord>(ids: Vec<T>) -> Vec<String> {
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    let name = |id: T| {
        let name = to_value(&id).expect("a name");
        assert_eq!(from_value::<T>(name.clone()).expect("an id"), id);
        name.as_str().expect("a text").to_owned()
    };
    ids.into_iter().map(name).collect()
}

fn network(link: &str) -> [Vec<String>; 2] {
    let spec = Lab::from_link(link).0.spec;
    [names(spec.architecture().layers()), names(spec.architecture().matrices().iter().map(|site| site.id()).collect())]
}

#[test]
fn a_perceptron_has_a_matrix_a_layer() {
    let [layers, matrices] = network("depth=11");
    assert_eq!(layers[..2], ["hidden.1", "hidden.2"]);
    assert_eq!(layers[9..], ["hidden.10", "hidden.11", "output"]);
    assert_eq!(matrices, layers);
}

#[test]
fn a_transformer_has_several_a_block() {
    let [layers, matrices] = network("model=gpt&depth=1");
    assert_eq!(layers, ["embedding", "block.1", "head"]);
    let tables = ["embedding.token", "embedding.position"];
    let attention = ["block.1.q", "block.1.k", "block.1.v", "block.1.out"];
    assert_eq!(matrices, [&tables[..], &attention, &["block.1.mlp-in", "block.1.mlp-out"]].concat());
    let [_, matrices] = network("model=gpt&depth=1&block=llama&tied=off");
    let gated = ["block.1.mlp-in", "block.1.mlp-up", "block.1.mlp-out", "head"];
    assert_eq!(matrices, [&tables[..1], &attention, &gated].concat());
}

#[test]
fn nothing_else_is_a_name() {
    for name in ["", "hidden", "hidden.", "hidden.x", "hidden.-1", "block", "block1", "output.1", "head.2", "Output"] {
        assert!(from_value::<LayerId>(json!(name)).is_err(), "{name}");
    }
    for name in ["", "block.1", "embedding", "block.1.", "block.1.w", "q", ".q", "layer.1.q"] {
        assert!(from_value::<MatrixId>(json!(name)).is_err(), "{name}");
    }
    assert!(from_value::<LayerId>(json!(3)).is_err());
}
