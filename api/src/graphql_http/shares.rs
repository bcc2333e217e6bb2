//! How much of the server one account may take at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Semaphore;
use uuid::Uuid;

/// Places of which each account has so many. Clones share them.
#[derive(Clone, Debug)]
pub struct Shares {
    most: usize,
    // Weak, so that an account that takes nothing at the moment leaves nothing behind.
    taken: Arc<Mutex<HashMap<Uuid, Weak<Semaphore>>>>,
}

impl Shares {
    /// So many places for each account.
    pub fn of(most: usize) -> Self {
        Self { most: most.min(Semaphore::MAX_PERMITS), taken: Arc::default() }
    }

    /// The places of an account. They are the same ones for as long as one of them is held or waited for.
    pub fn places(&self, account: Uuid) -> Arc<Semaphore> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = taken.get(&account).and_then(Weak::upgrade) {
            return places;
        }
        taken.retain(|_, places| places.strong_count() > 0);
        let places = Arc::new(Semaphore::new(self.most));
        taken.insert(account, Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_own_places_and_gets_them_back() {
        let shares = Shares::of(2);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let take = |account| shares.places(account).try_acquire_owned();
        let first = take(one).expect("a place");
        let _second = take(one).expect("a place");
        assert!(take(one).is_err(), "there are two");
        assert!(take(other).is_ok(), "of each");
        drop(first);
        assert!(take(one).is_ok());
        let _other = take(other).expect("a place");
        drop(_second);
        let _again = take(one).expect("a place");
        assert_eq!(shares.taken.lock().expect("not poisoned").len(), 2);
    }

    #[test]
    fn who_takes_nothing_is_forgotten() {
        let shares = Shares::of(1);
        for account in 0..1_000 {
            drop(shares.places(Uuid::from_u128(account)).try_acquire_owned());
        }
        assert_eq!(shares.taken.lock().expect("not poisoned").len(), 1);
    }
}
