//! Every step of every claim of the recorded programs, as a sum for each program in tests/traces.txt.
//! `JIUGAO_GOLDEN=write cargo test -p jiugao_engine` writes it again.

use std::fmt::Write as _;

use crate::support::digest;
use crate::support::recorded::{claims, program, recorded};
use jiugao_engine::{Trace, trace};

/// What a trace says of a claim is what was paid for it.
fn hold(name: &str, told: &Trace, paid: &[i64]) {
    for step in &told.benefits {
        let own = paid[step.benefit];
        assert_eq!(step.pay, own, "{name}, row {}, benefit {}", told.row, step.benefit);
        for limit in &step.limits {
            assert!(limit.used[1] >= limit.used[0], "{name}, row {}", told.row);
            assert!(own <= limit.amount, "{name}, row {}", told.row);
        }
    }
}

#[test]
fn traces_are_as_they_were() {
    let path = format!("{}/tests/traces.txt", env!("CARGO_MANIFEST_DIR"));
    let mut found = String::new();
    for (name, file) in recorded() {
        let (program, claims) = (program(&file["program"]), claims(&file["batch"]));
        let results = claims.settle(&program).expect("amounts that fit");
        let mut text = String::new();
        for row in 0..claims.days.len() {
            let told = claims.with(|batch| trace(&program, batch, row)).expect("a trace");
            let paid: Vec<i64> = results.benefits.iter().map(|column| column[row]).collect();
            if told.role == "settled" {
                hold(&name, &told, &paid);
            }
            writeln!(text, "{}", serde_json::to_string(&told).unwrap()).unwrap();
        }
        let stem = name.rsplit('/').next().unwrap();
        writeln!(found, "{stem} {} {}", claims.days.len(), digest(&text)).unwrap();
    }
    if std::env::var("JIUGAO_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap());
}
