//! What may happen in Aegis: commands, events and the rules between them.
//!
//! Aggregates judge commands without touching the world: time, ids and the
//! policy in force arrive inside the command, so every rule can be tried
//! without a clock or a database. Nothing here reads, writes or asks.

pub mod access_journal;
pub mod access_policy;
pub mod actor;
pub mod campaign;
pub mod discussion;
pub mod ids;
pub mod knowledge;
pub mod policy;
pub mod refusal;
pub mod remediation;
pub mod roster;
pub mod tags;
pub mod template;
pub mod test;
pub mod text;

/// What every aggregate is, for code that executes commands of any of them.
pub use cqrs_es::Aggregate;
