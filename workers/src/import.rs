//! Parsers: bytes from outside in, content in Aegis's own terms out. No I/O.

pub mod archive;
pub mod attack;
