//! Calls to servers of these tests, on loopback, and refusals of all else. Nothing outside is contacted.

mod calls;
mod refusals;
mod sink;
