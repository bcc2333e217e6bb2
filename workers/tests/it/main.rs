//! The engine and its parts on a real PostgreSQL (`DATABASE_URL`, superuser).

mod bundle;
mod campaign_runs;
mod checkpoints;
mod evidence;
mod hooked;
mod house;
mod imports;
mod leftovers;
mod lifecycle;
mod mail;
mod notifications;
mod outside;
mod people;
mod queues;
mod real_data;
mod recovery;
#[path = "../../../tests/servers/redis.rs"]
mod redis;
mod remedy;
mod retests;
mod segments;
mod sources;
mod webhooks;
