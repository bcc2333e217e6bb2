//! What every refusal has in common, so that one place can choose its code.

/// How a refused command should be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The input itself is wrong: the same input is refused in any state.
    InvalidInput,
    /// A rule refuses it in the present state.
    InvalidState,
    /// It was decided on an older version of the aggregate.
    Conflict,
}

/// A rule said no.
pub trait Refusal: std::error::Error {
    /// How to answer.
    fn kind(&self) -> RefusalKind;

    /// The input field it is about, in the names of the schema.
    fn field(&self) -> Option<&'static str> {
        None
    }
}
