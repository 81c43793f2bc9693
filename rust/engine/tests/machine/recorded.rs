//! Random programs of the compiler with random claims: every row and account comes to what the exact second evaluator
//! of the Python tests says. `python -m tests.program.recorded` writes tests/recorded.jsonl.

use crate::support::recorded::{Recorded, all, recorded, rows};
use crate::ways_of_running::all_alike;
use jiugao_engine::{Machine, Options, Results, settle_in_parallel};
use jiugao_program::NO_DAY;
use serde_json::{Value, json};

/// A column where a row has to say something; `at` is the row.
fn hold_column<T: serde::Serialize>(name: &str, what: &str, found: &[T], expected: &Value) {
    for (row, wanted) in rows(expected).enumerate().filter(|(_, wanted)| !wanted.is_null()) {
        assert_eq!(json!(found[row]), *wanted, "{name}, row {row}: {what}");
    }
}

/// Every row as it has to be; what a reversal shows beside amounts is its own affair.
fn hold_rows(one: &Recorded, found: &Results) {
    let (name, expected) = (&one.name, &one.expected);
    let roles = &expected["roles"];
    assert_eq!(found.roles.len(), roles.as_array().unwrap().len(), "{name}");
    for (row, role) in rows(roles).enumerate().filter(|(_, role)| role.is_null()) {
        assert!(found.roles[row] > 2, "{name}, row {row}: rejected, {role}");
    }
    hold_column(name, "role", &found.roles, roles);
    hold_column(name, "year", &found.years, &expected["years"]);
    hold_column(name, "standing", &found.standings, &expected["standings"]);
    hold_column(name, "burden", &found.burden, &expected["burden"]);
    hold_column(name, "excess", &found.excess, &expected["excess"]);
    for (benefit, (paid, wanted)) in found.benefits.iter().zip(rows(&expected["paid"])).enumerate() {
        assert_eq!(*paid, all(wanted, paid.len()), "{name}: benefit {benefit}");
    }
    assert_eq!(found.benefits.len(), rows(&expected["paid"]).count(), "{name}");
    let measures = one.program.measures().iter().zip(&found.measures);
    let amounts = measures.filter(|(measure, _)| measure.kind.adds());
    for ((_, shown), wanted) in amounts.zip(rows(&expected["measures"])) {
        hold_column(name, "measure", shown, wanted);
    }
    for (row, wanted) in expected["paying"].as_array().into_iter().flatten().enumerate() {
        let shown: Vec<Value> = found.paying.iter().map(|column| json!(column[row])).collect();
        let day = |value: &Value| if value.is_null() { json!(NO_DAY) } else { value.clone() };
        if let Some(wanted) = wanted.as_array() {
            let wanted: Vec<Value> = wanted.iter().map(day).collect();
            assert_eq!(shown, wanted, "{name}, row {row}: paid to");
        }
    }
}

/// Every account that is not nothing, and no other.
fn hold_accounts(one: &Recorded, found: &Results) {
    let (name, records) = (&one.name, &found.records);
    assert_eq!(records.is_empty(), records.accounts.is_empty(), "{name}");
    let of = |columns: &[Vec<i64>], n: usize| -> Vec<i64> { columns.iter().map(|column| column[n]).collect() };
    let mut left: Vec<usize> = (0..records.len()).collect();
    for year in rows(&one.expected["accounts"]) {
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
    for one in recorded() {
        let found = one.claims.settle(&one.program).expect("amounts that fit");
        hold_rows(&one, &found);
        hold_accounts(&one, &found);
    }
}

/// Blocks that end within a person or a year, and threads, come to the same.
#[test]
fn rows_are_the_same_in_small_blocks_and_on_threads() {
    let options = Options {
        records: true,
        close: true,
        ..Options::default()
    };
    for one in recorded() {
        let mut results = Results::default();
        for rows in [1, 3, 16] {
            let mut machine = Machine::new(one.program.clone(), options);
            machine.set_block_rows(rows);
            one.claims
                .with(|batch| machine.settle(batch, &mut results))
                .expect("amounts that fit");
            hold_rows(&one, &results);
            hold_accounts(&one, &results);
        }
        let mut machines = vec![Machine::new(one.program.clone(), options); 3];
        one.claims
            .with(|batch| settle_in_parallel(&mut machines, batch, &mut results))
            .expect("amounts that fit");
        hold_rows(&one, &results);
        hold_accounts(&one, &results);
    }
}

/// In parts, claim by claim as they come, without records, with one column for two inputs.
#[test]
fn recorded_programs_come_to_the_same_in_every_way() {
    for one in recorded().into_iter().step_by(4) {
        all_alike(&one.program, &one.claims);
    }
}
