//! The machine on programs made by hand, drawn at random, recorded from the compiler, or damaged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test that goes wrong is to stop"
)]

mod applications;
mod damaged_programs;
mod instructions;
mod openings;
mod persons;
mod recorded;
mod shapes;
mod support;
mod traces;
mod ways_of_running;
mod worked_examples;
