//! Chance that can be repeated: SplitMix64, the same on every machine and in
//! every release of every crate.

#![allow(dead_code, reason = "each test uses a part of it")]

use uuid::Uuid;

/// A source of chance.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The same seed gives the same chances.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).expect("it is below a usize")
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// An id.
    pub fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(
            ((u128::from(self.number()) << 64) | u128::from(self.number())).to_be_bytes(),
        )
        .into_uuid()
    }
}

/// The seeds of a test: those asked for with `AEGIS_SEED`, else the first
/// `short`, or with `AEGIS_LONG` the first `long`.
pub fn seeds(short: u64, long: u64) -> Vec<u64> {
    match std::env::var("AEGIS_SEED") {
        Ok(seed) => vec![seed.parse().expect("AEGIS_SEED is a number")],
        Err(_) => (1..=if long_form() { long } else { short }).collect(),
    }
}

/// Whether the long form was asked for.
pub fn long_form() -> bool {
    std::env::var_os("AEGIS_LONG").is_some_and(|value| value == "1")
}
