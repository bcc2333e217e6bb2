//! What happens behind the requests: sealing, projecting, checkpoints, jobs.
//!
//! [`engine`] runs it all in one process: [`sealing`] gives events their
//! places, the projections fold them, [`reactor`] turns requests in the ledger
//! into queued jobs, [`queue`] delivers those, [`job`] runs one, and
//! [`checkpoint`] signs the tree over the ledger. Any number of processes may
//! run an engine on the same database; each part has its own safety in there.
//!
//! [`schedules`] records the runs of campaigns that come due by the [`calendar`], [`syncs`] the sources that are to be
//! fetched, [`expiries`] ends accepted risks,
//! [`access_segments`] closes parts of the access log.
//!
//! [`notifier`] writes down what people and webhooks are to be told, [`deliverer`] and [`mailer`] bring it outside,
//! [`retention`] removes it in time.
//!
//! [`import`], [`campaign_run`], [`retest`] and [`retest_outcome`] are the jobs so far, [`starter`] the
//! content of a store nobody has imported into, [`request`] the import from the
//! command line. Files and tiles are kept by `aegis_objects`, [`verify`] checks the record.
//!
//! Left out on purpose: SQL (the crate `projections` has it; `queue` only
//! grants rights on the tables of apalis) and everything that answers requests.

pub mod access_segments;
mod audit_index;
pub mod calendar;
pub mod campaign_run;
pub mod checkpoint;
pub mod deliverer;
pub mod engine;
pub mod expiries;
pub mod import;
pub mod job;
pub mod leftovers;
pub mod mailer;
pub mod notifier;
pub mod outside;
pub mod queue;
pub mod reactor;
pub mod request;
pub mod retention;
pub mod retest;
pub mod retest_outcome;
mod retry;
pub mod schedules;
pub mod sealing;
pub mod starter;
pub mod syncs;
pub mod verify;
mod words;

/// What signs checkpoints.
pub use ed25519_dalek::SigningKey;
/// Where files are kept.
pub use object_store::ObjectStore;
