//! How much work one account may ask for over time, counted in points of complexity.
//!
//! A purse fills again with time. What an operation costs is known only when it has been validated, so it is
//! taken then, and may leave a debt: the next request waits until that is paid.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

/// Points an account may ask for within a minute, unless set otherwise: as many as one operation of the
/// highest complexity each second.
pub const POINTS_PER_MINUTE: u32 = 1_200_000;

/// A purse for each account. Clones share them.
#[derive(Clone, Debug)]
pub struct Purses {
    per_minute: u32,
    open: Arc<Mutex<HashMap<Uuid, Arc<Purse>>>>,
}

impl Purses {
    /// Purses that hold what a minute gives.
    pub fn of(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(1), open: Arc::default() }
    }

    /// The purse of an account.
    pub fn purse(&self, account: Uuid) -> Arc<Purse> {
        self.purse_at(account, Instant::now())
    }

    fn purse_at(&self, account: Uuid, now: Instant) -> Arc<Purse> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(purse) = open.get(&account) {
            return Arc::clone(purse);
        }
        // A full one is like a new one, so it need not be kept.
        open.retain(|_, purse| Arc::strong_count(purse) > 1 || !purse.is_full(now));
        let purse = Arc::new(Purse::full(self.per_minute, now));
        open.insert(account, Arc::clone(&purse));
        purse
    }
}

/// What an account has left to spend.
#[derive(Debug)]
pub struct Purse {
    per_minute: f64,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    points: f64,
    at: Instant,
}

impl Purse {
    fn full(per_minute: u32, now: Instant) -> Self {
        let per_minute = f64::from(per_minute);
        Self { per_minute, held: Mutex::new(Held { points: per_minute, at: now }) }
    }

    fn now(&self, now: Instant) -> MutexGuard<'_, Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let gained = now.saturating_duration_since(held.at).as_secs_f64() * self.per_minute / 60.0;
        held.points = (held.points + gained).min(self.per_minute);
        held.at = now;
        held
    }

    fn is_full(&self, now: Instant) -> bool {
        self.now(now).points >= self.per_minute
    }

    /// Takes what an operation costs, even where less is left.
    pub fn take(&self, points: usize) {
        self.take_at(points, Instant::now());
    }

    fn take_at(&self, points: usize, now: Instant) {
        #[allow(clippy::cast_precision_loss, reason = "a count far below 2^52")]
        let points = points as f64;
        self.now(now).points -= points;
    }

    /// How long it takes until a debt is paid; nothing where there is none.
    pub fn debt(&self) -> Option<Duration> {
        self.debt_at(Instant::now())
    }

    fn debt_at(&self, now: Instant) -> Option<Duration> {
        let points = self.now(now).points;
        (points < 0.0).then(|| Duration::from_secs_f64(-points * 60.0 / self.per_minute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(begin: Instant, seconds: u64) -> Instant {
        begin + Duration::from_secs(seconds)
    }

    #[test]
    fn who_has_spent_a_minute_waits_for_what_it_went_over() {
        let (purses, begin) = (Purses::of(6_000), Instant::now());
        let purse = |seconds| purses.purse_at(Uuid::from_u128(1), after(begin, seconds));
        purse(0).take_at(6_000, begin);
        assert_eq!(purse(0).debt_at(begin), None, "all of it may be spent");
        purse(0).take_at(500, begin);
        assert_eq!(purse(0).debt_at(begin), Some(Duration::from_secs(5)));
        assert_eq!(purses.purse_at(Uuid::from_u128(2), begin).debt_at(begin), None, "others have their own");
        assert!(purse(4).debt_at(after(begin, 4)).is_some());
        assert_eq!(purse(5).debt_at(after(begin, 5)), None);
        let later = after(begin, 3_600);
        purse(3_600).take_at(6_001, later);
        assert!(purse(3_600).debt_at(later).is_some(), "a purse holds no more than a minute gives");
    }

    #[test]
    fn who_asks_for_nothing_is_forgotten() {
        let (purses, begin) = (Purses::of(6_000), Instant::now());
        for account in 0..1_000 {
            let now = after(begin, account);
            purses.purse_at(Uuid::from_u128(account.into()), now).take_at(1, now);
        }
        assert!(purses.open.lock().expect("not poisoned").len() <= 2);
    }
}
