//! Aegis over HTTP: GraphQL, sessions, permissions, uploads and the interface.
//!
//! A resolver authorises (by the one table in `permissions`), builds a
//! command, executes it and reads back. No SQL and no rule of the domain is
//! here.

// What can be asked for is one object after another, each within the one before.
#![recursion_limit = "256"]

mod access_policy;
mod accounts;
mod asked;
mod audit;
mod campaign_commands;
mod campaigns;
mod comments;
mod context;
mod correlation;
mod data_sources;
mod error;
mod events;
mod evidence;
mod graphql_http;
mod inputs;
mod jobs;
mod knowledge;
mod metrics;
mod mutation;
mod noted;
mod notifications;
mod page;
pub mod password;
mod people;
pub mod permissions;
mod remediation_commands;
mod remediations;
mod review_policy;
mod saved_filters;
mod schema;
mod second_factor;
pub mod server;
mod session;
pub mod setup;
mod single_sign_on;
mod system;
mod template_commands;
mod template_drafts;
mod templates;
mod test_commands;
mod test_upkeep;
mod tests;
mod timeline;
mod trail;
mod ui;
mod uploads;
mod webhooks;

pub use context::{EngineView, OutsideView, Services, SessionConfig};
pub use graphql_http::POINTS_PER_MINUTE;
pub use schema::{AegisSchema, build as build_schema, sdl};
pub use server::{
    CONNECTIONS, CONNECTIONS_OF_ADDRESS, Internal, Origins, PATIENCE_SECONDS, Proxies, Server, ServerConfig,
};
pub use single_sign_on::{SingleSignOn, SingleSignOnError, SingleSignOnSettings};
