//! The engine and its parts on a real PostgreSQL (`DATABASE_URL`, superuser).

mod bundle;
mod checkpoints;
mod hooked;
mod house;
mod imports;
mod lifecycle;
mod real_data;
mod recovery;
mod remedy;
mod retests;
