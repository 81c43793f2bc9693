//! The hand-written forms and the machine in turns, so that a slow second of the machine hits all alike: least and median
//! nanoseconds a claim, and the ratio to the best hand-written form.
//!
//! `cargo bench --bench beside -- [ROUNDS]`; needs `JIUGAO_BENCH_DATA`, as `settle` does.

mod common;

use std::sync::Arc;
use std::time::Instant;

use common::Workload;
use common::changing::Changing;
use handwritten::{Paid, blocked, in_parallel, plain};
use jiugao_engine::{Machine, Options, Results, settle_in_parallel};

type Turn<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// Least and median of nanoseconds a row, by contender.
fn rounds(turns: &mut [Turn<'_>], rounds: usize, rows: usize) {
    let mut times = vec![Vec::new(); turns.len()];
    let only = std::env::var("JIUGAO_ONLY").ok();
    for round in 0..=rounds {
        for ((name, turn), times) in turns.iter_mut().zip(&mut times) {
            if only.as_deref().is_some_and(|only| only != *name) {
                times.resize(rounds, 0.0);
                continue;
            }
            let start = Instant::now();
            turn();
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e9 / rows as f64);
            }
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let is_peer = |name: &str| name.contains("hand-written");
    let together = |name: &str| name.contains("two threads");
    for ((name, _), own) in turns.iter().zip(&times) {
        let peers = turns
            .iter()
            .zip(&times)
            .filter(|((peer, _), _)| is_peer(peer) && together(peer) == together(name));
        let peer = peers.map(|(_, times)| times[0]).fold(f64::INFINITY, f64::min);
        let times = own;
        let (least, median) = (times[0], times[times.len() / 2]);
        let ratio = least / peer;
        println!("{name:<36} least {least:7.2}  median {median:7.2}  least / best peer {ratio:5.2}");
    }
}

fn main() {
    let Some(folder) = common::folder() else { return };
    let count = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(40);
    let workload = Workload::read(&folder);
    let inputs = workload.inputs();
    let batch = workload.batch(&inputs);
    let n = batch.days.len();
    let columns = || [vec![0; n], vec![0; n], vec![0; n]];
    let claims = workload.columns.claims();
    let rows = std::env::var("JIUGAO_BLOCK_ROWS")
        .ok()
        .and_then(|rows| rows.parse().ok());
    let machine = |options| {
        let mut machine = Machine::new(Arc::clone(&workload.program), options);
        if let Some(rows) = rows {
            machine.set_block_rows(rows);
        }
        (machine, Results::default())
    };

    let (mut expected, mut out) = (columns(), columns());
    plain(claims, Paid::of(&mut expected));
    blocked(claims, Paid::of(&mut out));
    assert_eq!(out, expected, "the hand-written forms agree");
    let (mut plainly, mut found) = machine(Options::default());
    plainly.settle(&batch, &mut found).expect("settled");
    assert_eq!(
        [&found.benefits[0], &found.benefits[1], &found.burden],
        expected.each_ref(),
        "the machine agrees"
    );

    let (mut detailed, mut with_details) = machine(Options {
        details: true,
        ..Options::default()
    });
    let (mut recorded, mut with_records) = machine(Options {
        records: true,
        ..Options::default()
    });
    let (one, mut parallel) = machine(Options::default());
    let mut two = [one.clone(), one];
    let (mut out2, mut out3, mut out4) = (columns(), columns(), columns());
    rounds(
        &mut [
            ("hand-written loop", Box::new(|| plain(claims, Paid::of(&mut out)))),
            (
                "hand-written blocked",
                Box::new(|| blocked(claims, Paid::of(&mut out2))),
            ),
            (
                "machine",
                Box::new(|| plainly.settle(&batch, &mut found).expect("settled")),
            ),
            (
                "machine, details",
                Box::new(|| detailed.settle(&batch, &mut with_details).expect("settled")),
            ),
            (
                "machine, records",
                Box::new(|| recorded.settle(&batch, &mut with_records).expect("settled")),
            ),
            (
                "two threads: hand-written loop",
                Box::new(|| in_parallel(plain, 2, claims, &mut out3)),
            ),
            (
                "two threads: hand-written blocked",
                Box::new(|| in_parallel(blocked, 2, claims, &mut out4)),
            ),
            (
                "machine, two threads",
                Box::new(|| settle_in_parallel(&mut two, &batch, &mut parallel).expect("settled")),
            ),
        ],
        count,
        n,
    );
    if let Some(changing) = Changing::read(&folder, &workload) {
        changes(&workload, &changing, count);
    }
}

/// The workload of which figures change within the year.
fn changes(workload: &Workload, changing: &Changing, count: usize) {
    let inputs = changing.inputs(workload);
    let batch = changing.batch(workload, &inputs);
    let n = batch.days.len();
    let claims = workload.columns.claims();
    let by_hand =
        |out: &mut _| handwritten::changing::changing(claims, &changing.class, &changing.level, Paid::of(out));
    let mut out = [vec![0; n], vec![0; n], vec![0; n]];
    let mut machine = Machine::new(Arc::clone(&changing.program), Options::default());
    let mut found = Results::default();
    by_hand(&mut out);
    machine.settle(&batch, &mut found).expect("settled");
    assert_eq!(
        [&found.benefits[0], &found.benefits[1], &found.burden],
        out.each_ref(),
        "the machine agrees"
    );
    rounds(
        &mut [
            ("changing: hand-written loop", Box::new(|| by_hand(&mut out))),
            (
                "changing: machine",
                Box::new(|| machine.settle(&batch, &mut found).expect("settled")),
            ),
        ],
        count,
        n,
    );
}
