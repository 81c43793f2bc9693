//! One batch, many ways of running it: in blocks of any length, one by one, on threads, in parts. Always the same fen.

use std::sync::Arc;

use crate::persons::{in_courses, in_parts};
use crate::support::random::{self, Random, Shape};
use crate::support::{Claims, always, assemble, body, cases, day, file, program, used};
use jiugao_engine::{Batch, Column, EngineError, Machine, Options, Results, Reversal, settle_in_parallel};
use jiugao_program::Program;
use proptest::prelude::*;
use serde_json::json;

const ALL: Options = Options {
    records: true,
    close: true,
    details: true,
    amounts_only: false,
    unmeasured: false,
    totals: None,
};

fn shape() -> impl Strategy<Value = Shape> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (0..=3_usize, 0..=2_usize, flags).prop_map(|(classes, limits, (on_application, plain, chained))| Shape {
        classes,
        on_application: on_application && classes > 0,
        limits,
        plain,
        chained,
    })
}

fn one_by_one(program: &Arc<Program>, claims: &Claims) -> Result<Results, EngineError> {
    one_by_one_with(program, claims, ALL)
}

fn one_by_one_with(program: &Arc<Program>, claims: &Claims, options: Options) -> Result<Results, EngineError> {
    let mut results = Results::default();
    let mut machine = Machine::new(program.clone(), options);
    claims
        .with(|batch| machine.settle_one_by_one(batch, &mut results))
        .map(|()| results)
}

/// Equal, or a panic that says where they differ and no more.
fn same(found: Result<&Results, EngineError>, expected: &Result<Results, EngineError>, way: &str) {
    let (found, expected) = match (found, expected) {
        (Ok(found), Ok(expected)) => (found, expected),
        (found, expected) => {
            assert_eq!(found.err().as_ref(), expected.as_ref().err(), "{way}");
            return;
        }
    };
    fn rows<T: PartialEq + std::fmt::Debug>(what: &str, found: &[T], expected: &[T]) {
        assert_eq!(found.len(), expected.len(), "{what}: length");
        let differing = found
            .iter()
            .zip(expected)
            .position(|(found, expected)| found != expected);
        if let Some(n) = differing {
            panic!("{what}, {n}: {:?} instead of {:?}", found[n], expected[n]);
        }
    }
    fn columns<T: PartialEq + std::fmt::Debug>(what: &str, found: &[Vec<T>], expected: &[Vec<T>]) {
        assert_eq!(found.len(), expected.len(), "{what}: columns");
        for (n, (found, expected)) in found.iter().zip(expected).enumerate() {
            rows(&format!("{what} {n}"), found, expected);
        }
    }
    rows(&format!("{way}: role"), &found.roles, &expected.roles);
    rows(&format!("{way}: standing"), &found.standings, &expected.standings);
    rows(&format!("{way}: year"), &found.years, &expected.years);
    columns(&format!("{way}: benefit"), &found.benefits, &expected.benefits);
    rows(&format!("{way}: burden"), &found.burden, &expected.burden);
    rows(&format!("{way}: excess"), &found.excess, &expected.excess);
    columns(&format!("{way}: measure"), &found.measures, &expected.measures);
    for (n, (found, expected)) in found.details.iter().zip(&expected.details).enumerate() {
        rows(&format!("{way}: figures {n}"), &found.figures, &expected.figures);
        rows(&format!("{way}: cuts {n}"), &found.cuts, &expected.cuts);
    }
    let (found, expected) = (&found.records, &expected.records);
    rows(&format!("{way}: account"), &found.accounts, &expected.accounts);
    columns(&format!("{way}: paid"), &found.paid, &expected.paid);
    columns(&format!("{way}: year end"), &found.year_end, &expected.year_end);
    columns(&format!("{way}: lump"), &found.lookback, &expected.lookback);
    columns(&format!("{way}: own used"), &found.own_used, &expected.own_used);
    columns(&format!("{way}: own left"), &found.own_left, &expected.own_left);
    columns(
        &format!("{way}: shared used"),
        &found.shared_used,
        &expected.shared_used,
    );
    columns(
        &format!("{way}: shared left"),
        &found.shared_left,
        &expected.shared_left,
    );
    columns(&format!("{way}: sum"), &found.warning_sums, &expected.warning_sums);
    assert!(found == expected, "{way}: records");
}

/// A person whose rows are all rejected is worked out again and leaves no account: there are columns and no rows.
#[test]
fn records_without_accounts_have_their_columns() {
    let program = program("liaocheng");
    let mut claims = Claims::of_one(6, &[always(1)]);
    claims.claim(day(1, 1), &[100, 100, 0, 0, 0]);
    claims.reversals.push(Reversal { row: 0, original: None });
    let results = claims.settle(&program).expect("a reversal of nothing");
    assert_eq!(results.records.len(), 0);
    assert_eq!(results.records.paid, vec![Vec::<i64>::new(); results.benefits.len()]);
    all_alike(&program, &claims);
    all_alike(&program, &Claims::of_one(6, &[]));
}

/// What a class has comes to its deductible, and to its limit, by the fen: cuts say the same in every way.
#[test]
fn exactly_to_the_deductible_and_to_the_limit() {
    let program = program("liaocheng");
    for (mask, first, second) in [
        (1, 3_000_000 * 10 / 7, 10),
        (2, 300_000, 3_000_000),
        (2, 299_999, 1),
        (2, 300_001, 2_999_998),
        (1, 500_000, 1),
    ] {
        let mut claims = Claims::of_one(6, &[always(mask)]);
        claims.claim(day(1, 5), &[9_000_000, first, 0, 0, 0]);
        claims.claim(day(2, 5), &[9_000_000, second, 0, 0, 0]);
        claims.claim(day(2, 6), &[9_000_000, 1, 0, 0, 0]);
        all_alike(&program, &claims);
    }
}

/// What is undone stands in another person's rows: it is not there, whichever row it is.
#[test]
fn another_persons_claims_are_not_undone() {
    let program = program("liaocheng");
    let mut claims = Claims::of_one(6, &[always(1)]);
    for _ in 0..3 {
        claims.claim(day(1, 5), &[9_000_000, 100_000, 0, 0, 0]);
    }
    claims.persons = vec![0, 2, 3];
    claims.offsets = vec![0, 1, 1];
    for (row, original, role) in [(1, 2, 4), (1, 0, 2), (0, 1, 5), (2, 1, 4), (0, 2, 4)] {
        claims.reversals = vec![Reversal {
            row,
            original: Some(original),
        }];
        let found = claims.settle(&program).expect("amounts that fit");
        assert_eq!(found.roles[row], role, "{row} undoes {original}");
    }
}

/// A day that the calendar has not is an error of its claim in every way, not some other day.
#[test]
fn days_outside_of_the_calendar() {
    let program = assemble(serde_json::json!({
        "inputs": [{"column": "day", "kind": "day"}, {"column": "total", "kind": "money"}, {"column": "other", "kind": "money"}],
        "claim": ["day = DAY", "later = SHIFT day 15", "early = LT later day", "total = INPUT 1", "other = INPUT 2",
            "over = SUB total other", "excess = ABOVE_ZERO over"],
        "outputs": {"benefits": [], "burden": "total", "excess": "excess"},
        "measures": [["m.early", "flag", 0, "early"]],
    }));
    let last = *jiugao_program::DAYS.end();
    for (late, fits) in [(last - 15, true), (last - 14, false)] {
        let mut claims = Claims::of_one(3, &[]);
        claims.claim(day(1, 1), &[100, 0]);
        claims.claim(late, &[100, 0]);
        all_alike(&program, &claims);
        assert_eq!(claims.settle(&program).is_ok(), fits);
    }
}

/// Sums that say the same where no amount is below 0: a block takes one for the other only there.
#[test]
fn sums_alike_but_for_amounts_below_0() {
    let program = assemble(serde_json::json!({
        "inputs": [{"column": "day", "kind": "day"}, {"column": "total", "kind": "money"}, {"column": "other", "kind": "money"}],
        "claim": ["total = INPUT 1", "other = INPUT 2", "rest = SUB total other",
            "whole = ABOVE_ZERO total", "part = ABOVE_ZERO other", "again = SUB whole part",
            "more = LT again total", "against = SUB part whole", "excess = ABOVE_ZERO against"],
        "outputs": {"benefits": [], "burden": "rest", "excess": "excess"},
        "measures": [["m.more", "flag", 0, "more"]],
    }));
    for (total, other) in [(100, 30), (30, 100), (-40, 30), (100, -30), (-40, -30), (-30, -40)] {
        let mut claims = Claims::of_one(3, &[]);
        for n in 0..9 {
            claims.claim(day(1, 1) + n, &[100, 30]);
        }
        claims.claim(day(2, 1), &[total, other]);
        all_alike(&program, &claims);
        let settled = claims.settle(&program).expect("sums");
        let (whole, part) = (total.max(0), other.max(0));
        assert_eq!(settled.burden[9], total - other);
        assert_eq!(settled.excess[9], (part - whole).max(0));
        assert_eq!(settled.measures[0][9], i64::from(whole - part < total));
    }
}

/// Every way comes to what one by one comes to.
pub(crate) fn all_alike(program: &Arc<Program>, claims: &Claims) {
    let expected = one_by_one(program, claims);
    let mut results = Results::default();
    for rows in [1, 2, 3, 7, 64, 1024] {
        soil(&mut results);
        let mut machine = Machine::new(program.clone(), ALL);
        machine.set_block_rows(rows);
        let settled = claims.with(|batch| machine.settle(batch, &mut results));
        same(settled.map(|()| &results), &expected, &format!("blocks of {rows}"));
        sums(&machine, &expected);
    }
    for threads in [1, 2, 3] {
        let mut machines = vec![Machine::new(program.clone(), ALL); threads];
        let settled = claims.with(|batch| settle_in_parallel(&mut machines, batch, &mut results));
        same(settled.map(|()| &results), &expected, &format!("{threads} threads"));
    }
    in_open_years(program, claims);
    let Ok(expected) = expected else { return };
    let mut machine = Machine::new(program.clone(), Options::default());
    for rows in [1, 2, 3, 7, 64, 1024] {
        soil(&mut results);
        machine.set_block_rows(rows);
        claims
            .with(|batch| machine.settle(batch, &mut results))
            .expect("as with everything wanted");
        assert_eq!(results.benefits, expected.benefits, "blocks of {rows}");
        assert_eq!(results.burden, expected.burden, "blocks of {rows}");
        assert_eq!(results.measures, expected.measures, "blocks of {rows}");
    }
    amounts_alone(program, claims, &expected);
    in_parts(program, ALL, claims, &expected);
    in_courses(program, claims, &expected);
    with_twins(program, claims);
}

/// Where years are not closed, blocks record accounts otherwise.
fn in_open_years(program: &Arc<Program>, claims: &Claims) {
    let options = Options { close: false, ..ALL };
    let expected = one_by_one_with(program, claims, options);
    let mut results = Results::default();
    let mut machine = Machine::new(program.clone(), options);
    for rows in [1, 3, 7, 1024] {
        soil(&mut results);
        machine.set_block_rows(rows);
        let settled = claims.with(|batch| machine.settle(batch, &mut results));
        same(
            settled.map(|()| &results),
            &expected,
            &format!("blocks of {rows}, years open"),
        );
    }
    let settled = claims.with(|batch| settle_in_parallel(&mut [machine.clone(), machine], batch, &mut results));
    same(settled.map(|()| &results), &expected, "two threads, years open");
}

/// What a machine says that amounts come to is what they come to.
fn sums(machine: &Machine, expected: &Result<Results, EngineError>) {
    if let (Some(sums), Ok(expected)) = (machine.sums(), expected) {
        let columns = expected.benefits.iter().chain([&expected.burden, &expected.excess]);
        let total = |column: &Vec<i64>| column.iter().map(|amount| i128::from(*amount)).sum::<i128>();
        assert!(sums.iter().copied().eq(columns.map(total)));
    }
}

/// What an earlier batch left behind in the columns: amounts that nobody paid, of no common bit.
fn soil(results: &mut Results) {
    let columns = results
        .benefits
        .iter_mut()
        .chain(&mut results.measures)
        .chain(&mut results.paying);
    for column in columns.chain([&mut results.burden, &mut results.excess]) {
        for (n, amount) in column.iter_mut().enumerate() {
            *amount = 1 << (n % 2);
        }
    }
}

/// Without years, standings and measures, in blocks and on two threads.
fn amounts_alone(program: &Arc<Program>, claims: &Claims, expected: &Results) {
    let options = Options {
        amounts_only: true,
        unmeasured: true,
        ..Options::default()
    };
    let mut machines = vec![Machine::new(program.clone(), options); 2];
    let mut results = Results::default();
    for threads in [1, 2] {
        claims
            .with(|batch| settle_in_parallel(&mut machines[..threads], batch, &mut results))
            .expect("as with everything wanted");
        assert_eq!(results.benefits, expected.benefits);
        assert_eq!(results.burden, expected.burden);
        assert_eq!(results.excess, expected.excess);
        assert_eq!(results.roles, expected.roles);
        assert_eq!((results.years.len(), results.standings.len()), (0, 0));
        assert!(results.measures.is_empty());
    }
}

/// Amounts that are one column in memory: sums of them may be the same, and are worked out once.
fn with_twins(program: &Arc<Program>, claims: &Claims) {
    with_inputs(program, claims, "twins", |inputs| inputs[2] = inputs[1]);
}

/// Bills that are all alike: what they leave uncovered is no column.
fn with_one_bill(program: &Arc<Program>, claims: &Claims) {
    for total in [0, 400, 3_000] {
        with_inputs(program, claims, "one bill", |inputs| {
            (inputs[1], inputs[3]) = (Column::Constant(total), Column::Constant(0));
        });
    }
}

/// In blocks and one by one, with other inputs.
fn with_inputs(program: &Arc<Program>, claims: &Claims, what: &str, change: impl Fn(&mut [Column<'_>])) {
    claims.with(|batch| {
        let mut inputs = batch.inputs.to_vec();
        change(&mut inputs);
        let batch = Batch {
            inputs: &inputs,
            ..*batch
        };
        let mut machine = Machine::new(program.clone(), ALL);
        let (mut found, mut expected) = (used(), used());
        let one_by_one = machine.settle_one_by_one(&batch, &mut expected).map(|()| expected);
        for rows in [3, 1024] {
            machine.set_block_rows(rows);
            let settled = machine.settle(&batch, &mut found);
            same(
                settled.map(|()| &found),
                &one_by_one,
                &format!("{what}, blocks of {rows}"),
            );
        }
    });
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn random_programs_and_claims(seed in any::<u64>(), shape in shape(), persons in 1..30_usize) {
        let mut random = Random(seed);
        let program = random::program(&mut random, &shape);
        let claims = random::claims(&mut random, &shape, persons);
        all_alike(&program, &claims);
        with_one_bill(&program, &claims);
    }

    /// With a constant class, a year's total is min(L, g(S)), however it was cut into claims; and money is conserved.
    #[test]
    fn claims_telescope(amounts in prop::collection::vec(0..6_000_000_i64, 1..20), one in any::<bool>()) {
        let mask = if one { 1 } else { 2 };
        let mut claims = Claims::of_one(6, &[always(mask)]);
        for (n, amount) in amounts.iter().enumerate() {
            claims.claim(day(1, 1) + n as i32, &[*amount, *amount, 0, 0, 0]);
        }
        let results = claims.settle(&program("liaocheng")).expect("amounts that fit");
        let total: i64 = amounts.iter().sum();
        let (free, rate, limit) = if one { (0, 7, 3_000_000) } else { (300_000, 5, 1_500_000) };
        let due = ((total - free).max(0) * rate + 5) / 10;
        prop_assert_eq!(results.benefits[0].iter().sum::<i64>(), due.min(limit));
        let given: i64 = results.benefits.iter().flatten().chain(&results.burden).sum();
        prop_assert_eq!(given, total);
    }

    /// A reversed claim leaves the year as if it had never been.
    #[test]
    fn a_reversal_undoes(amounts in prop::collection::vec(0..6_000_000_i64, 1..12), which in any::<prop::sample::Index>()) {
        let mut with = Claims::of_one(6, &[always(1)]);
        let mut without = with.clone();
        let which = which.index(amounts.len());
        for (n, amount) in amounts.iter().enumerate() {
            let values = [*amount, *amount, 0, 0, 0];
            with.claim(day(1, 1) + n as i32, &values);
            if n != which {
                without.claim(day(1, 1) + n as i32, &values);
            }
        }
        with.reversal(day(12, 1), which);
        let program = program("liaocheng");
        let with = with.settle(&program).expect("amounts that fit");
        if without.days.is_empty() {
            prop_assert_eq!(with.benefits[0].iter().sum::<i64>(), 0);
            return Ok(());
        }
        let without = without.settle(&program).expect("amounts that fit");
        for (with, without) in with.benefits.iter().zip(&without.benefits) {
            prop_assert_eq!(with.iter().sum::<i64>(), without.iter().sum::<i64>());
        }
        prop_assert_eq!(with.records.year_end, without.records.year_end);
    }
}

/// An indicator that does not fit is an error of the account, whichever way it is recorded.
#[test]
fn an_indicator_that_does_not_fit() {
    let body = body(json!({
        "inputs": [{"column": "day", "kind": "day"}, {"column": "total", "kind": "money"}, {"column": "o", "kind": "money"}],
        "tallies": [0],
        "claim": ["total = INPUT 1", "TALLY total 0"],
        "outputs": {"benefits": [], "burden": "total", "excess": "total"},
        "watch": {
            "code": ["sum = YEAR_TALLY 0", "more = MULTIPLY sum 1000000 0", "line = MONEY 500 0", "over = LT line more"],
            "out": [[0, "sum", "over"]]
        },
        "warnings": ["w"],
    }));
    let program = Arc::new(jiugao_program::decode(&file(&body)).expect("a program that verifies"));
    for (amount, fits) in [(1_000_000_000, true), (1_000_000_000_000_000, false)] {
        let mut claims = Claims::of_one(3, &[]);
        for amount in [7, amount, 7] {
            claims.claim(day(3, 1), &[amount, 0]);
        }
        claims.persons = vec![0, 1, 2, 3];
        claims.offsets = vec![0; 4];
        assert_eq!(one_by_one(&program, &claims).is_ok(), fits);
        all_alike(&program, &claims);
    }
}

/// Amounts near the ends of 64 bits: the same error, naming the same claim, or the same amounts.
#[test]
fn amounts_that_hardly_fit() {
    let mut fits = 0;
    for seed in 0..300 {
        let mut random = Random(seed);
        let shape = Shape {
            classes: 2,
            on_application: false,
            limits: 1,
            plain: seed % 2 == 0,
            chained: seed % 3 == 0,
        };
        let program = random::program(&mut random, &shape);
        let mut claims = random::claims(&mut random, &shape, 6);
        claims.reversals.clear();
        for _ in 0..1 + random.below(3) {
            let row = random.below(claims.days.len() as u64) as usize;
            let huge = i64::MAX >> random.below(24);
            for column in [1, 2] {
                if let Some(value) = claims.inputs[column].get_mut(row) {
                    *value = huge;
                }
            }
        }
        fits += usize::from(one_by_one(&program, &claims).is_ok());
        all_alike(&program, &claims);
    }
    assert!((30..270).contains(&fits), "{fits} of 300 fit");
}
