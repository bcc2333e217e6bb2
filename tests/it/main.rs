//! Aegis from outside: over HTTP and on the command line, a file per feature.
//!
//! Each test starts the built binary on a database of its own (see `app`), so
//! tests run side by side and none sees another's events. `DATABASE_URL` names
//! the server on which those databases are made; `make test` provides one.

mod app;
mod architecture;
mod audit;
mod campaigns;
mod client;
mod evidence;
mod evidence_claims;
mod graphql;
mod hostile;
mod import;
mod keys;
mod logs;
mod matrix;
mod neighbours;
mod notifications;
#[path = "../servers/oidc.rs"]
mod oidc;
mod people;
mod permissions;
mod probes;
mod process;
#[path = "../servers/redis.rs"]
mod redis;
mod remediation;
mod replicas;
mod run;
mod s3;
mod second_factor;
mod sessions;
mod shape;
mod single_sign_on;
mod slow;
mod sockets;
mod stories;
mod story;
mod templates;
mod traces;
mod upkeep;
mod waiting;
mod week;
mod workflow;
