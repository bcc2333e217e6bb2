//! Moving a test up or down: the places of all it passes change with it, in one command.

use super::{DRAFT, label};
use crate::actor::Actor;
use crate::campaign::command::{Labels, limits};
use crate::campaign::{Campaign, CampaignError, CampaignEvent, CampaignTest};
use crate::ids::TestId;
use chrono::{DateTime, Utc};

impl Campaign {
    /// Moves a test to a place, counted from 1. The orders stay what they are and change hands; where two tests
    /// share one they are told apart first. So between neighbours two tests change.
    pub(super) fn move_test(
        &self,
        by: Actor,
        at: DateTime<Utc>,
        test: TestId,
        place: u32,
        labels: &Labels,
    ) -> Result<Vec<CampaignEvent>, CampaignError> {
        self.needs(DRAFT, "change its tests")?;
        self.may_change(by, "revise")?;
        let mut tests = self.ordered_tests();
        let from = tests.iter().position(|held| held.test == test);
        let from = from.ok_or_else(|| CampaignError::NotInCampaign { test: label(test, labels) })?;
        let to = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
        let Some(to) = to.filter(|to| *to < tests.len()) else {
            return Err(CampaignError::NoSuchPlace { place, tests: tests.len() });
        };
        if from == to {
            return Ok(vec![]);
        }
        let orders = told_apart(tests.iter().map(|held| held.order));
        let moved = tests.remove(from);
        tests.insert(to, moved);
        let changed = tests.into_iter().zip(orders).filter(|(held, order)| held.order != *order);
        Ok(changed
            .map(|(held, order)| CampaignEvent::CampaignTestRevised {
                by: by.account,
                at,
                test: CampaignTest { order, ..held.clone() },
            })
            .collect())
    }
}

/// The same orders, each higher than the one before it; from 1 on where they would rise above the highest there is.
fn told_apart(orders: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut rising: Vec<u32> = vec![];
    for order in orders {
        let least = rising.last().map_or(0, |last| last + 1);
        rising.push(order.max(least));
    }
    if rising.last().is_some_and(|last| *last > limits::ORDER) {
        return (1..).take(rising.len()).collect();
    }
    rising
}
