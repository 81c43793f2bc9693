//! Bytes of a program file come in; a verified [`Program`] or the reason why not goes out.
//!
//! [`decode`] is the only way to a [`Program`], so whoever holds one knows that every index is in range, every
//! register is defined before it is read and has the kind its readers expect, every figure is well formed, and that
//! running it ends: there are no jumps.

mod caps;
mod decode;
mod digest;
mod document;
mod error;
pub mod isa;
mod program;
mod verify;

pub use caps::DAYS;
pub use decode::decode;
pub use error::ProgramError;
pub use program::*;

/// The day that stands for no deadline: the first of the calendar.
pub const NO_DAY: i32 = *DAYS.start();
