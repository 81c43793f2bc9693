//! Random programs of the compiler with random claims: every row and account comes to what the exact second evaluator
//! of the Python tests says. `python -m tests.program.recorded` writes the files of tests/recorded.

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

mod support;

use std::sync::Arc;

use jiugao_engine::{Application, Held, Machine, Options, Results, Reversal, settle_in_parallel};
use jiugao_program::{Program, decode};
use serde_json::{Value, json};
use support::Claims;

/// Every file of tests/recorded, by name.
fn recorded() -> Vec<(String, Value)> {
    let folder = format!("{}/tests/recorded", env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<(String, Value)> = std::fs::read_dir(folder)
        .expect("a folder of recorded programs")
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (path.display().to_string(), serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The program, with a debug line for each of its instructions.
fn program(body: &Value) -> Arc<Program> {
    let mut body = body.clone();
    let mut debug = Vec::new();
    let place = json!({"span": null, "text": "", "clauses": []});
    let mut lines = |section: String, code: &Value| {
        for index in 0..code.as_array().unwrap().len() {
            debug.push(json!({"section": section, "index": index, "role": "", "label": "", "place": place}));
        }
    };
    lines("claim".into(), &body["claim"]["code"]);
    for year in body["year"].as_array().unwrap() {
        lines(format!("year:{}", year["benefit"]), &year["code"]);
    }
    lines("watch".into(), &body["watch"]["code"]);
    lines("enrolment".into(), &body["enrolment"]["code"]);
    body["debug"] = json!(debug);
    Arc::new(decode(&support::file(&body)).unwrap_or_else(|error| panic!("{error}")))
}

fn numbers<T: TryFrom<i64>>(values: &Value) -> Vec<T>
where
    T::Error: std::fmt::Debug,
{
    let all = values.as_array().expect("numbers").iter();
    all.map(|value| T::try_from(value.as_i64().unwrap()).unwrap()).collect()
}

fn claims(batch: &Value) -> Claims {
    let persons: Vec<usize> = numbers(&batch["persons"]);
    let held: Vec<(usize, Held)> = rows(&batch["held"])
        .map(|one| {
            let day = |value: &Value, open: i32| value.as_i64().map_or(open, |day| day as i32);
            let held = Held {
                mask: one[1].as_i64().unwrap(),
                start: day(&one[2], i32::MIN),
                end: day(&one[3], i32::MAX),
            };
            (one[0].as_u64().unwrap() as usize, held)
        })
        .collect();
    let inputs: Vec<Vec<i64>> = rows(&batch["inputs"]).map(numbers).collect();
    Claims {
        days: numbers(&batch["days"]),
        constants: vec![0; inputs.len()],
        inputs,
        masks: batch["masks"].is_array().then(|| numbers(&batch["masks"])),
        offsets: (0..persons.len())
            .map(|person| held.iter().filter(|(of, _)| *of < person).count())
            .collect(),
        intervals: held.iter().map(|(_, held)| *held).collect(),
        applications: rows(&batch["applications"])
            .map(|one| Application {
                person: one[0].as_u64().unwrap() as usize,
                day: one[1].as_i64().unwrap() as i32,
                identity: one[2].as_u64().unwrap() as u32,
            })
            .collect(),
        reversals: rows(&batch["reversals"])
            .map(|one| Reversal {
                row: one[0].as_u64().unwrap() as usize,
                original: one[1].as_u64().map(|row| row as usize),
            })
            .collect(),
        persons,
    }
}

fn rows(values: &Value) -> impl Iterator<Item = &Value> {
    values.as_array().expect("rows").iter()
}

/// Every row as it has to be; what a reversal shows beside amounts is its own affair.
fn hold_rows(name: &str, found: &Results, expected: &Value) {
    assert_eq!(found.roles.len(), expected.as_array().unwrap().len(), "{name}");
    for (n, row) in rows(expected).enumerate() {
        let place = format!("{name}, row {n}");
        let paid: Vec<i64> = found.benefits.iter().map(|column| column[n]).collect();
        if row.is_null() {
            assert!(found.roles[n] > 2, "{place}: rejected");
            assert!(paid.iter().all(|amount| *amount == 0), "{place}: {paid:?}");
            continue;
        }
        assert_eq!(json!(found.roles[n]), row["role"], "{place}: role");
        assert_eq!(json!(found.years[n]), row["year"], "{place}: year");
        assert_eq!(json!(paid), row["paid"], "{place}: paid");
        assert_eq!(json!(found.burden[n]), row["burden"], "{place}: burden");
        if row["role"] != json!(2) {
            assert_eq!(json!(found.standings[n]), row["standing"], "{place}: standing");
            assert_eq!(json!(found.excess[n]), row["excess"], "{place}: excess");
        }
    }
}

/// Every account that is not nothing, and no other.
fn hold_years(name: &str, found: &Results, expected: &Value) {
    let records = &found.records;
    let of = |columns: &[Vec<i64>], n: usize| -> Vec<i64> { columns.iter().map(|column| column[n]).collect() };
    let mut left: Vec<usize> = (0..records.len()).collect();
    for year in rows(expected) {
        let place = format!("{name}, {year}");
        let wanted = (
            year["person"].as_u64(),
            year["year"].as_i64(),
            year["application"].as_i64(),
        );
        let same = |n: &usize| {
            let account = records.accounts[*n];
            let application = account.application.map(i64::from);
            (
                Some(u64::from(account.person)),
                Some(i64::from(account.year)),
                application,
            ) == wanted
        };
        let Some(position) = left.iter().position(same) else {
            for amounts in ["rows", "look_back", "year_end"] {
                assert!(
                    rows(&year[amounts]).all(|amount| *amount == json!(0)),
                    "{place}: no account"
                );
            }
            continue;
        };
        let n = left.remove(position);
        assert_eq!(json!(of(&records.paid, n)), year["rows"], "{place}: paid");
        assert_eq!(json!(of(&records.lookback, n)), year["look_back"], "{place}: lump");
        assert_eq!(json!(of(&records.year_end, n)), year["year_end"], "{place}: year end");
        assert_eq!(json!(of(&records.shared_used, n)), year["used"], "{place}: shared");
        assert_eq!(json!(of(&records.own_used, n)), year["own"], "{place}: own");
        for (w, sum) in rows(&year["sums"]).enumerate().filter(|(_, sum)| !sum.is_null()) {
            let told = json!([records.warning_sums[w][n], records.warnings[w][n]]);
            assert_eq!(told, *sum, "{place}: sum");
        }
    }
    for n in left {
        let nothing = [&records.paid, &records.lookback, &records.year_end];
        assert!(
            nothing
                .iter()
                .all(|columns| of(columns, n).iter().all(|amount| *amount == 0)),
            "{name}: {n}"
        );
    }
}

#[test]
fn every_row_and_account_is_what_the_second_evaluator_says() {
    for (name, file) in recorded() {
        let (program, claims) = (program(&file["program"]), claims(&file["batch"]));
        let found = claims.settle(&program).expect("amounts that fit");
        hold_rows(&name, &found, &file["expected"]["rows"]);
        hold_years(&name, &found, &file["expected"]["years"]);
    }
}

/// Blocks that end within a person or a year, and threads, come to the same.
#[test]
fn rows_are_the_same_in_small_blocks_and_on_threads() {
    let options = Options {
        records: true,
        close: true,
        details: false,
        amounts_only: false,
        totals: None,
    };
    for (name, file) in recorded() {
        let (program, claims) = (program(&file["program"]), claims(&file["batch"]));
        let mut results = Results::default();
        for rows in [1, 3, 16] {
            let mut machine = Machine::new(program.clone(), options);
            machine.set_block_rows(rows);
            claims
                .with(|batch| machine.settle(batch, &mut results))
                .expect("amounts that fit");
            hold_rows(&name, &results, &file["expected"]["rows"]);
            hold_years(&name, &results, &file["expected"]["years"]);
        }
        let mut machines = vec![Machine::new(program.clone(), options); 3];
        claims
            .with(|batch| settle_in_parallel(&mut machines, batch, &mut results))
            .expect("amounts that fit");
        hold_rows(&name, &results, &file["expected"]["rows"]);
        hold_years(&name, &results, &file["expected"]["years"]);
    }
}
