//! As `beside`, a batch at a time as the stream cuts them, and the least that each batch took: a third of a millisecond is
//! mostly left alone even on a shared machine. Nanoseconds a claim, and the ratio to the better hand-written form.
//!
//! `cargo bench --bench pieces -- [ROUNDS]`; needs `JIUGAO_BENCH_DATA`. `JIUGAO_ONE`: the first batch alone, which stays in
//! the caches; `JIUGAO_ONLY`: one contender, for a profile.

#[expect(dead_code, reason = "what other benchmarks measure")]
mod common;

use std::sync::Arc;
use std::time::Instant;

use common::Workload;
use handwritten::{Claims, Paid, blocked, plain};
use jiugao_engine::{Application, Batch, Column, Identities, Machine, Options, Results};

/// Rows of a batch, as the stream cuts them.
const ROWS: usize = 32_768;

struct Piece<'a> {
    claims: Claims<'a>,
    persons: Vec<usize>,
    days: &'a [i32],
    inputs: Vec<Column<'a>>,
    masks: &'a [i64],
    applications: Vec<Application>,
}

fn pieces<'a>(batch: &Batch<'a>, claims: Claims<'a>) -> Vec<Piece<'a>> {
    let Identities::ByRow(masks) = batch.identities else {
        return Vec::new();
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    while from + 1 < batch.persons.len() {
        let first = batch.persons[from];
        let to = batch.persons.partition_point(|at| *at <= first + ROWS) - 1;
        let to = to.max(from + 1);
        let end = batch.persons[to];
        pieces.push(Piece {
            claims: claims.rows(first..end),
            persons: batch.persons[from..=to].iter().map(|at| at - first).collect(),
            days: &batch.days[first..end],
            inputs: batch
                .inputs
                .iter()
                .map(|column| match column {
                    Column::Values(values) => Column::Values(&values[first..end]),
                    Column::Constant(value) => Column::Constant(*value),
                })
                .collect(),
            masks: &masks[first..end],
            applications: batch
                .applications
                .iter()
                .filter(|a| (from..to).contains(&a.person))
                .map(|a| Application {
                    person: a.person - from,
                    ..*a
                })
                .collect(),
        });
        from = to;
    }
    pieces
}

fn main() {
    let Some(folder) = common::folder() else { return };
    let count = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(200);
    let workload = Workload::read(&folder);
    let inputs = workload.inputs();
    let whole = workload.batch(&inputs);
    let rows = whole.days.len();
    let mut cut = pieces(&whole, workload.columns.claims());
    let mut rows = rows;
    if std::env::var_os("JIUGAO_ONE").is_some() {
        cut.truncate(1);
        rows = cut[0].days.len();
    }
    let block_rows: Option<usize> = std::env::var("JIUGAO_BLOCK_ROWS").ok().and_then(|r| r.parse().ok());
    let amounts = Options {
        amounts_only: true,
        unmeasured: true,
        ..Options::default()
    };
    let options = [
        ("machine, amounts", amounts),
        ("machine", Options::default()),
        (
            "machine, details",
            Options {
                details: true,
                ..Options::default()
            },
        ),
        (
            "machine, records",
            Options {
                records: true,
                ..amounts
            },
        ),
    ];
    let mut machines: Vec<_> = options
        .iter()
        .map(|(_, options)| {
            let mut machine = Machine::new(Arc::clone(&workload.program), *options);
            if let Some(rows) = block_rows {
                machine.set_block_rows(rows);
            }
            (machine, Results::default())
        })
        .collect();
    let mut out = [vec![0; rows], vec![0; rows], vec![0; rows]];
    let mut least = vec![vec![f64::INFINITY; cut.len()]; 2 + machines.len()];
    let only = std::env::var("JIUGAO_ONLY").ok();
    for _ in 0..count {
        for (who, least) in least.iter_mut().enumerate() {
            let mut at = 0;
            let name = if who < 2 { "hand" } else { options[who - 2].0 };
            if only.as_deref().is_some_and(|only| only != name) {
                continue;
            }
            for (piece, least) in cut.iter().zip(least) {
                let n = piece.days.len();
                let [a, b, c] = &mut out;
                let paid = Paid {
                    assistance: &mut a[at..at + n],
                    reassistance: &mut b[at..at + n],
                    person: &mut c[at..at + n],
                };
                at += n;
                let batch = Batch {
                    persons: &piece.persons,
                    days: piece.days,
                    inputs: &piece.inputs,
                    identities: Identities::ByRow(piece.masks),
                    applications: &piece.applications,
                    reversals: &[],
                    openings: &[],
                };
                let start = Instant::now();
                match who {
                    0 => plain(piece.claims, paid),
                    1 => blocked(piece.claims, paid),
                    other => {
                        let (machine, results) = &mut machines[other - 2];
                        machine.settle(&batch, results).expect("settled");
                    }
                }
                *least = least.min(start.elapsed().as_secs_f64() * 1e9);
            }
        }
    }
    let ns = |least: &[f64]| least.iter().sum::<f64>() / rows as f64;
    let best = ns(&least[0]).min(ns(&least[1]));
    let names = ["hand-written loop", "hand-written blocked"].into_iter();
    for (name, least) in names.chain(options.iter().map(|(name, _)| *name)).zip(&least) {
        println!("{name:<24} {:6.2}  ratio {:5.2}", ns(least), ns(least) / best);
    }
}
