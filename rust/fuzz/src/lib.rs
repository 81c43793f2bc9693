//! Any bytes come in; they are refused with a code, or they are a program that settles drawn claims in every way alike.
//!
//! What libFuzzer, the gate's few seconds and the kept cases all call. It panics where something is wrong: that is what a
//! fuzzer looks for.

#![forbid(unsafe_code)]

mod claims;
mod mutate;
mod random;

pub use mutate::{Bank, mutated, seal};
pub use random::Random;

use std::sync::Arc;

use claims::Drawn;
use jiugao_engine::{EnrolmentBatch, Machine, Options, Results, settle_in_parallel, trace};
use jiugao_program::{Program, decode};

/// What became of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No program: the code.
    Refused(&'static str),
    /// A program that stopped at an amount too large, or at a shape that its inputs cannot have.
    Stopped,
    /// A program that settled claims.
    Settled,
}

const ALL: Options = Options {
    records: true,
    close: true,
    details: true,
    amounts_only: false,
    unmeasured: false,
    totals: None,
};

/// Decode, verify, run: one by one, in blocks, on threads, with the account of single claims.
///
/// # Panics
/// Where two ways of running differ, a refusal has no cause, or anything below panics.
#[must_use]
pub fn attempt(bytes: &[u8]) -> Outcome {
    match decode(bytes) {
        Err(error) => {
            assert!(error.code.starts_with('P') && !error.cause.is_empty(), "{error}");
            Outcome::Refused(error.code)
        }
        Ok(program) => run(&Arc::new(program), bytes),
    }
}

fn run(program: &Arc<Program>, bytes: &[u8]) -> Outcome {
    let mut random = Random(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    }));
    let mut outcome = Outcome::Stopped;
    for _ in 0..2 {
        let drawn = Drawn::of(program, &mut random);
        if settled_alike(program, &drawn, &mut random) {
            outcome = Outcome::Settled;
        }
    }
    subsidies(program, &mut random);
    outcome
}

/// Whether the claims could be settled; every way gives the same.
fn settled_alike(program: &Arc<Program>, drawn: &Drawn, random: &mut Random) -> bool {
    drawn.with(|batch| {
        // Accounts of years that are not closed are recorded in a way of their own.
        let close = !random.once_in(3);
        let mut machine = Machine::new(program.clone(), Options { close, ..ALL });
        let (mut plain, mut blocks) = (Results::default(), Results::default());
        let expected = machine.settle_one_by_one(batch, &mut plain);
        for rows in [1 + random.index(5), 1024] {
            machine.set_block_rows(rows);
            let found = machine.settle(batch, &mut blocks);
            assert_eq!(found, expected, "blocks of {rows}");
            assert!(found.is_err() || blocks == plain, "blocks of {rows} give other results");
        }
        if random.once_in(8) {
            let mut machines = vec![machine; 2];
            let found = settle_in_parallel(&mut machines, batch, &mut blocks);
            assert_eq!(found, expected, "two threads");
            assert!(found.is_err() || blocks == plain, "two threads give other results");
        }
        let rows = batch.days.len();
        if rows > 0 {
            let row = random.index(rows);
            if let Ok(told) = trace(program, batch, row)
                && expected.is_ok()
            {
                assert_eq!(Some(&told.burden), plain.burden.get(row), "the account of row {row}");
                serde_json::to_string(&told).expect("an account is JSON");
            }
        }
        expected.is_ok()
    })
}

fn subsidies(program: &Arc<Program>, random: &mut Random) {
    let drawn = Drawn::of_enrolment(program, random);
    let mut machine = Machine::new(program.clone(), Options::default());
    let mut paid = Vec::new();
    drawn.with(|batch| {
        let batch = EnrolmentBatch {
            days: batch.days,
            inputs: batch.inputs,
            held: drawn.masks(),
        };
        // An amount too large is an answer too.
        machine.subsidies(&batch, &mut paid).ok();
    });
}
