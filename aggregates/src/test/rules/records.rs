//! What red and blue write down: whether it can be so, and whether it is news.

use super::in_calendar;
use crate::test::TestError;
use crate::test::command::{AttackRecord, ContainmentResult, DetectionRecord, DetectionResult, limits};
use crate::text::{maybe, required};
use chrono::{DateTime, FixedOffset, Utc};

pub(super) fn checked_attack(attack: AttackRecord, at: DateTime<Utc>) -> Result<AttackRecord, TestError> {
    not_in_future("startedAt", Some(attack.started_at), at)?;
    not_in_future("endedAt", attack.ended_at, at)?;
    if attack.ended_at.is_some_and(|ended_at| ended_at < attack.started_at) {
        return Err(TestError::BeforeStart { field: "endedAt" });
    }
    Ok(AttackRecord {
        procedure: required("procedure", &attack.procedure, limits::LONG_TEXT_CHARS)?,
        tool: maybe("tool", attack.tool, limits::SHORT_TEXT_CHARS)?,
        summary: required("summary", &attack.summary, limits::LONG_TEXT_CHARS)?,
        ..attack
    })
}

pub(super) fn checked_detection(
    detection: DetectionRecord,
    attack: &AttackRecord,
    at: DateTime<Utc>,
) -> Result<DetectionRecord, TestError> {
    let clock_skew_note = maybe("clockSkewNote", detection.clock_skew_note, limits::LONG_TEXT_CHARS)?;
    let times = [
        ("detectedAt", detection.detected_at),
        ("alertedAt", detection.alerted_at),
        ("containedAt", detection.contained_at),
    ];
    for (field, time) in times {
        not_in_future(field, time, at)?;
        if clock_skew_note.is_none() && time.is_some_and(|time| time < attack.started_at) {
            return Err(TestError::DetectedBeforeAttack { field });
        }
    }
    match (detection.result, detection.detected_at) {
        (DetectionResult::Detected | DetectionResult::PartiallyDetected, None) => {
            return Err(TestError::DetectionWithoutTime);
        }
        (DetectionResult::NotDetected, Some(_)) => return Err(TestError::TimeWithoutDetection),
        _ => {}
    }
    match (detection.containment_result, detection.contained_at) {
        (Some(ContainmentResult::Contained | ContainmentResult::PartiallyContained), None) => {
            return Err(TestError::ContainmentWithoutTime);
        }
        (None | Some(ContainmentResult::NotContained | ContainmentResult::NotApplicable), Some(_)) => {
            return Err(TestError::TimeWithoutContainment);
        }
        _ => {}
    }
    let summary = required("summary", &detection.summary, limits::LONG_TEXT_CHARS)?;
    Ok(DetectionRecord { clock_skew_note, summary, ..detection })
}

/// `==` on times compares instants only; a corrected zone is news.
pub(super) fn same_attack(held: &AttackRecord, new: &AttackRecord) -> bool {
    let zones = |of: &AttackRecord| (*of.started_at.offset(), of.ended_at.map(|time| *time.offset()));
    held == new && zones(held) == zones(new)
}

pub(super) fn same_detection(held: &DetectionRecord, new: &DetectionRecord) -> bool {
    let zones = |of: &DetectionRecord| {
        [of.detected_at, of.alerted_at, of.contained_at].map(|time| time.map(|time| *time.offset()))
    };
    held == new && zones(held) == zones(new)
}

fn not_in_future(
    field: &'static str,
    time: Option<DateTime<FixedOffset>>,
    at: DateTime<Utc>,
) -> Result<(), TestError> {
    in_calendar(field, time.map(|time| time.naive_utc().date()))?;
    if time.is_some_and(|time| time > at + limits::CLOCK_TOLERANCE) {
        return Err(TestError::InFuture { field });
    }
    Ok(())
}
