//! A verified program and batches of claims come in; payments, year ends and explanations go out.
//!
//! A [`Batch`] holds whole persons, each person's rows in order. [`Machine::settle`] fills [`Results`]: one row
//! for every row of the batch, and one record for each account (person and year, or person and application).
//! Amounts are fen, days count from 1970-01-01, masks have one bit for each identity of the program.

mod batch;
mod block;
mod calendar;
mod check;
mod choosing;
mod claim;
mod closing;
mod course;
mod enrolment;
mod error;
mod exact;
mod kernels;
mod ledger;
mod machine;
mod opening;
mod ops;
mod parts;
mod plan;
mod prepared;
mod replay;
mod results;
mod rule;
mod sheet;
mod standing;
mod trace;
mod vector;
mod world;

// Batches and programs of the tests, which name the crate from outside.
#[cfg(test)]
extern crate self as jiugao_engine;
#[cfg(test)]
#[path = "../tests/machine/support/mod.rs"]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong is to stop"
)]
mod support;

pub use batch::{Application, Batch, Column, EnrolmentBatch, Held, Identities, Reversal, held_on};
pub use calendar::month_begin;
pub use course::Course;
pub use error::EngineError;
pub use machine::{Machine, Options, settle_in_parallel};
pub use opening::{Accumulator, Fraction, Opening, Total, Totals, Unreadable, accumulators};
pub use results::{Account, Cut, Details, Results, Role, YearRecords};
pub use trace::{Judged, LimitStep, PartTrace, Reversed, Step, Trace, Window, trace};
pub use vector::Vector;
