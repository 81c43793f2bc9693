//! Programs of tests/programs, and batches made by hand.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the test of the fuzzed files uses a part of it"
)]

#[path = "../../../../program/tests/support/assembly.rs"]
mod assembly;
pub mod random;
pub mod recorded;

use std::sync::Arc;

pub use assembly::{assemble, body, digest, file, file_of_text, with_debug_lines};

use jiugao_engine::{
    Application, Batch, Column, Details, EngineError, Held, Identities, Machine, Options, Results, Reversal,
};
use jiugao_program::Program;
use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// At least so many cases, the same ones every time: a change is judged by what it changed, not by its luck. The long
/// run draws new ones (`PROPTEST_RNG_SEED` repeats a draw).
pub fn cases(least: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let drawn = std::env::var("JIUGAO_PROPERTIES").is_ok_and(|which| which == "long");
    ProptestConfig {
        cases: given.cases.max(least),
        failure_persistence: None,
        rng_seed: match given.rng_seed {
            RngSeed::Random if !drawn => RngSeed::Fixed(2022),
            seed => seed,
        },
        ..given
    }
}

/// A program of tests/programs.
pub fn program(name: &str) -> Arc<Program> {
    let path = format!("{}/tests/programs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a program of tests/programs");
    assemble(serde_json::from_str(&text).expect("JSON"))
}

/// 2023-01-01.
pub const NEW_YEAR: i32 = 19_358;

/// A day of 2023.
pub fn day(month: u32, day: u32) -> i32 {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    NEW_YEAR + before[month as usize - 1] + day as i32 - 1
}

/// A batch that owns its columns.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    pub persons: Vec<usize>,
    pub days: Vec<i32>,
    /// By input; an empty one is constant.
    pub inputs: Vec<Vec<i64>>,
    pub constants: Vec<i64>,
    /// A mask a row, or none: intervals.
    pub masks: Option<Vec<i64>>,
    pub offsets: Vec<usize>,
    pub intervals: Vec<Held>,
    pub applications: Vec<Application>,
    pub reversals: Vec<Reversal>,
}

impl Claims {
    /// One person without claims yet.
    pub fn of_one(inputs: usize, intervals: &[Held]) -> Self {
        Self {
            persons: vec![0, 0],
            inputs: vec![Vec::new(); inputs],
            constants: vec![0; inputs],
            offsets: vec![0, intervals.len()],
            intervals: intervals.to_vec(),
            ..Self::default()
        }
    }

    /// A claim of the last person: values of the inputs but the day.
    pub fn claim(&mut self, day: i32, values: &[i64]) -> &mut Self {
        self.days.push(day);
        for (column, value) in self.inputs.iter_mut().skip(1).zip(values) {
            column.push(*value);
        }
        *self.persons.last_mut().unwrap() = self.days.len();
        self
    }

    pub fn reversal(&mut self, day: i32, original: usize) -> &mut Self {
        let values: Vec<i64> = self.inputs.iter().skip(1).map(|column| column[original]).collect();
        self.claim(day, &values);
        let row = self.days.len() - 1;
        self.reversals.push(Reversal {
            row,
            original: Some(original),
        });
        self
    }

    pub fn with<R>(&self, run: impl FnOnce(&Batch<'_>) -> R) -> R {
        let inputs: Vec<Column<'_>> = self
            .inputs
            .iter()
            .zip(&self.constants)
            .map(|(column, constant)| match column.is_empty() {
                true => Column::Constant(*constant),
                false => Column::Values(column),
            })
            .collect();
        run(&Batch {
            persons: &self.persons,
            days: &self.days,
            inputs: &inputs,
            identities: match &self.masks {
                Some(masks) => Identities::ByRow(masks),
                None => Identities::ByPerson {
                    offsets: &self.offsets,
                    intervals: &self.intervals,
                },
            },
            applications: &self.applications,
            reversals: &self.reversals,
            openings: &[],
        })
    }

    /// Settle in blocks and one by one, which have to agree.
    pub fn settle(&self, program: &Arc<Program>) -> Result<Results, EngineError> {
        let options = Options {
            records: true,
            close: true,
            details: true,
            amounts_only: false,
            unmeasured: false,
            totals: None,
        };
        let mut machine = Machine::new(program.clone(), options);
        let (mut blocks, mut single) = (used(), Results::default());
        let one = self.with(|batch| machine.settle(batch, &mut blocks));
        let other = self.with(|batch| machine.settle_one_by_one(batch, &mut single));
        assert_eq!(one, other);
        if one.is_ok() {
            assert_eq!(blocks, single);
        }
        one.map(|()| blocks)
    }
}

/// Results in whose memory something else stands: every row has to be written.
pub fn used() -> Results {
    let amounts = || vec![-77; 10_000];
    let columns = || (0..20).map(|_| amounts()).collect();
    let details = || Details {
        figures: vec![77; 10_000],
        cuts: vec![77; 10_000],
    };
    Results {
        benefits: columns(),
        burden: amounts(),
        excess: amounts(),
        paying: columns(),
        measures: columns(),
        years: vec![77; 10_000],
        standings: vec![77; 10_000],
        roles: vec![77; 10_000],
        details: (0..20).map(|_| details()).collect(),
        offered: columns(),
        ..Results::default()
    }
}

/// Held without end.
pub fn always(mask: i64) -> Held {
    Held {
        mask,
        start: i32::MIN,
        end: i32::MAX,
    }
}
