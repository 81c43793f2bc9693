//! Random programs of the compiler with random claims: every row and account comes to what the exact second evaluator
//! of the Python tests says. `python -m tests.program.recorded` writes the files of tests/recorded.

use crate::support::recorded::{claims, program, recorded, rows};
use jiugao_engine::{Machine, Options, Results, settle_in_parallel};
use serde_json::{Value, json};

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
    assert_eq!(records.is_empty(), records.accounts.is_empty(), "{name}");
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
        unmeasured: false,
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
