//! Every step of every claim of the recorded programs, as a sum for each program in tests/traces.txt.
//! `JIUGAO_GOLDEN=write cargo test -p jiugao_engine` writes it again.

use std::fmt::Write as _;

use crate::support::digest;
use crate::support::recorded::{Recorded, recorded};
use jiugao_engine::{Trace, trace};
use jiugao_program::Program;

/// What a trace says of a claim is what was paid for it.
fn hold(name: &str, program: &Program, told: &Trace, paid: &[i64]) {
    for step in &told.benefits {
        let own = paid[step.benefit];
        assert_eq!(step.pay, own, "{name}, row {}, benefit {}", told.row, step.benefit);
        // Only what takes back gives room again.
        let takes_back = program.benefits()[step.benefit].signed && own < 0;
        for limit in &step.limits {
            assert_eq!(limit.used[1] < limit.used[0], takes_back, "{name}, row {}", told.row);
            assert!(own <= limit.amount, "{name}, row {}", told.row);
        }
    }
}

#[test]
fn traces_are_as_they_were() {
    let path = format!("{}/tests/traces.txt", env!("CARGO_MANIFEST_DIR"));
    let mut found = String::new();
    for one in recorded() {
        let Recorded {
            name, program, claims, ..
        } = one;
        let results = claims.settle(&program).expect("amounts that fit");
        let mut text = String::new();
        for row in 0..claims.days.len() {
            let told = claims.with(|batch| trace(&program, batch, row)).expect("a trace");
            let paid: Vec<i64> = results.benefits.iter().map(|column| column[row]).collect();
            if told.role == "settled" {
                hold(&name, &program, &told, &paid);
            }
            writeln!(text, "{}", serde_json::to_string(&told).unwrap()).unwrap();
        }
        writeln!(found, "{name} {} {}", claims.days.len(), digest(&text)).unwrap();
    }
    if std::env::var("JIUGAO_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap());
}
