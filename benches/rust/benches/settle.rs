//! What does the machine cost beside the hand-written forms, without Python and without Arrow?
//!
//! Needs `JIUGAO_BENCH_DATA`: a folder with the workload's raw columns and `policy.rulesc` (`make bench` makes it), and
//! `changing.rulesc` (`jiugao compile benches/rust/changing.rules`) for the workload of which figures change.

mod common;

use std::path::Path;
use std::sync::Arc;

use common::Workload;
use common::changing::Changing;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use handwritten::changing::changing as by_hand;
use handwritten::{Paid, blocked, plain};
use jiugao_engine::{Machine, Options, Results, settle_in_parallel};

fn settle(c: &mut Criterion) {
    let Some(folder) = common::folder() else { return };
    let workload = Workload::read(&folder);
    let inputs = workload.inputs();
    let batch = workload.batch(&inputs);
    let n = batch.days.len();
    let mut group = c.benchmark_group("settle");
    group.throughput(Throughput::Elements(n as u64)).sample_size(20);
    let mut out = [vec![0; n], vec![0; n], vec![0; n]];
    for (name, form) in [
        ("handwritten loop", plain as fn(_, Paid)),
        ("handwritten blocked", blocked),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| form(workload.columns.claims(), Paid::of(&mut out)));
        });
    }
    let mut results = Results::default();
    let mut machine = Machine::new(Arc::clone(&workload.program), Options::default());
    group.bench_function("machine", |b| {
        b.iter(|| machine.settle(&batch, &mut results).expect("settled"))
    });
    assert_eq!(results.burden, out[2], "the machine and the hand-written forms agree");
    let mut machines = vec![machine.clone(), machine];
    group.bench_function("machine, two threads", |b| {
        b.iter(|| settle_in_parallel(&mut machines, &batch, &mut results).expect("settled"));
    });
    group.finish();
    changing(c, &folder, &workload);
}

/// Classes that change within the year, rates by level, a limit that two benefits share.
fn changing(c: &mut Criterion, folder: &Path, workload: &Workload) {
    let Some(changing) = Changing::read(folder, workload) else {
        return;
    };
    let inputs = changing.inputs(workload);
    let batch = changing.batch(workload, &inputs);
    let n = batch.days.len();
    let mut group = c.benchmark_group("changing");
    group.throughput(Throughput::Elements(n as u64)).sample_size(20);
    let mut out = [vec![0; n], vec![0; n], vec![0; n]];
    let claims = workload.columns.claims();
    group.bench_function("handwritten loop", |b| {
        b.iter(|| by_hand(claims, &changing.class, &changing.level, Paid::of(&mut out)));
    });
    let mut results = Results::default();
    let mut machine = Machine::new(Arc::clone(&changing.program), Options::default());
    group.bench_function("machine", |b| {
        b.iter(|| machine.settle(&batch, &mut results).expect("settled"))
    });
    assert_eq!(results.burden, out[2], "the machine and the hand-written form agree");
    group.finish();
}

criterion_group!(benches, settle);
criterion_main!(benches);
