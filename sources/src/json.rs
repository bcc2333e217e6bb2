//! JSON files of sources.
//!
//! The parser refuses what is nested more than 128 levels deep, so nothing recurses on what a file says.

use crate::Reject;
use crate::files::File;
use serde::de::{DeserializeOwned, Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// The most items of one list: what is short in a file may be long in memory.
pub(crate) const MAX_ITEMS: usize = 200_000;

/// A list of no more than [`MAX_ITEMS`].
pub(crate) struct Few<T>(pub(crate) Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = Few<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Few<T>, A::Error> {
                let mut few = Few::default();
                while let Some(item) = items.next_element()? {
                    if few.0.len() == MAX_ITEMS {
                        return Err(A::Error::custom(format!("a list has more than {MAX_ITEMS} items")));
                    }
                    few.0.push(item);
                }
                Ok(few)
            }
        }
        deserializer.deserialize_seq(Items(PhantomData))
    }
}

/// Reads a file as JSON of a shape; fields beyond it are passed over.
pub(crate) fn read<T: DeserializeOwned>(file: &File) -> Result<T, Reject> {
    serde_json::from_str(file.text()?).map_err(|error| {
        let line = u32::try_from(error.line()).unwrap_or(0);
        Reject::new(&file.path, "", format!("it does not read: {error}")).at(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        let file = File { path: "f.json".to_owned(), bytes: text.as_bytes().to_vec() };
        read::<Vec<u32>>(&file).expect_err("refused").to_string()
    }

    #[test]
    fn a_fault_has_its_line() {
        assert!(reason("[1,\n2,\nx]").starts_with("f.json:3: "));
    }

    #[test]
    fn a_list_has_an_end() {
        let list =
            |count| File { path: String::new(), bytes: format!("[{}1]", "1,".repeat(count)).into_bytes() };
        assert_eq!(read::<Few<u8>>(&list(9)).expect("read").0.len(), 10);
        assert_eq!(read::<Few<u8>>(&list(MAX_ITEMS - 1)).expect("read").0.len(), MAX_ITEMS);
        assert!(read::<Few<u8>>(&list(MAX_ITEMS)).is_err());
    }

    #[test]
    fn a_hundred_thousand_levels_are_refused() {
        let deep = "[".repeat(100_000);
        let file = File { path: "f.json".to_owned(), bytes: deep.into_bytes() };
        assert!(read::<serde_json::Value>(&file).is_err());
        assert!(read::<serde::de::IgnoredAny>(&file).is_err());
    }
}
