//! One macro for every closed list that a person may choose from. The id is the word in links, experiment files,
//! messages and lists of options alike, so it is written exactly once.

/// Makes a C-like enum whose variants are known by a string id.
///
/// `choices! { /// Doc. pub enum Name { /// Doc. Variant "id", … } }` gives the enum, `ALL`, `IDS`,
/// `id`, `from_id` and serde as the id. After a semicolon may follow a variant that holds a number. It is not a choice
/// of its own and has the id of another one: `Variant(Number) is Other`.
macro_rules! choices {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident $id:literal, )+
            $(; $(#[$more_meta:meta])* $more:ident($number:ty) is $same:ident )?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $id)] $variant, )+
            $( $(#[$more_meta])* $more($number), )?
        }

        impl $name {
            /// Every choice, in the order of the list a person sees.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The ids of [`Self::ALL`], in the same order.
            pub const IDS: &'static [&'static str] = &[$( $id, )+];

            /// The word for this choice in links, files and messages.
            pub fn id(self) -> &'static str {
                match self {
                    $( Self::$variant => $id, )+
                    $( Self::$more(_) => Self::$same.id(), )?
                }
            }

            /// The choice with this id, if there is one.
            pub fn from_id(id: &str) -> Option<Self> {
                match id {
                    $( $id => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use choices;
