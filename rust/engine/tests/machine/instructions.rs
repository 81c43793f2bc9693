//! Every instruction that knows nothing of other rows: what it gives is worked out here once more, in plain numbers.

use crate::support::random::Random;
use crate::support::{Claims, always, program};
use jiugao_engine::{Column, EngineError, EnrolmentBatch, Machine, Options, Results};
use serde_json::json;

/// One claim of tests/programs/instructions.json.
#[derive(Clone, Copy)]
struct Claim {
    day: i64,
    total: i64,
    other: i64,
    level: i64,
    flag: bool,
    number: i64,
    ordered: i64,
    held: i64,
}

/// How many steps an amount is, a half to the even one, or the half away from nothing, or none of it.
fn steps(amount: i64, step: i64, mode: &str) -> i64 {
    let (whole, rest) = (amount.abs() / step, amount.abs() % step);
    let up = match mode {
        "even" => 2 * rest > step || (2 * rest == step && whole % 2 == 1),
        "up" => 2 * rest >= step,
        _ => false,
    };
    (whole + i64::from(up)) * amount.signum()
}

/// The measures of a claim, in order.
fn measures(claim: &Claim) -> Vec<i64> {
    let Claim {
        day,
        total,
        other,
        level,
        flag,
        number,
        ordered,
        held,
    } = *claim;
    let third = total * 33;
    let (early, by) = (ordered + 30 < day, day <= 19_450);
    let within = level == 0 || level == 2;
    let listed = match level {
        0 => day <= 19_449,
        1 => (19_420..=19_480).contains(&day),
        2 => day >= 19_470,
        _ => false,
    };
    let second = held & 2 != 0;
    let known = held & 1 != 0;
    let era = i64::from(day >= 19_400) + i64::from(day >= 19_500);
    let place = ((level + 1) * 2 + i64::from(flag)) * 3 + era;
    let amounts = [
        1, 20, 300, 4, 50, 600, 7, 80, 900, 10, 110, 1200, 13, 140, 1500, 16, 170, 1800, 19, 200, 2100, 22, 230, 2400,
    ];
    let if_else = |condition: bool, yes: i64, no: i64| if condition { yes } else { no };
    let told = [
        early,
        by,
        by,
        total == other,
        number != 3,
        early && by,
        early || by,
        !flag,
        within,
        listed,
    ]
    .map(i64::from);
    let amount = amounts[place as usize];
    let rounded = [
        steps(third, 10_000, "even") * 100,
        steps(third, 100, "cut"),
        steps(third, 100, "up"),
    ];
    let mixed = [flag && within, flag || known, flag != within].map(i64::from);
    [third, other * number, other * 100, total.min(other), total.max(other)]
        .into_iter()
        .chain(told)
        .chain([if_else(early, total, other), if_else(second, 1000, other), 1000])
        .chain([amount, i64::from(known), 1000 * number.min(3)])
        .chain([number + 3 < 3, ordered.max(day) > 19_450, flag == second].map(i64::from))
        .chain(rounded)
        .chain(mixed)
        .chain([if_else(flag, 7, 500), total.max(0), i64::from(second)])
        .collect()
}

/// Claims of some persons: days and amounts around those at which something changes.
fn drawn(random: &mut Random, held: i64) -> Vec<Claim> {
    let around = [0, 1, 50, 99, 100, 101, 10_000, 5_000, 15_000, -1, -5_000];
    let mut days: Vec<i64> = (0..8).map(|_| 19_390 + random.below(120)).collect();
    days[0] = [19_399, 19_400, 19_449, 19_450, 19_451, 19_480][random.below(6) as usize];
    days.sort_unstable();
    let claim = |day| {
        let total = around[random.below(11) as usize] * (1 + random.below(3) * 50);
        let other = if random.once_in(4) { total } else { random.below(20_000) };
        Claim {
            day,
            total,
            other,
            level: random.below(4) - 1,
            flag: random.once_in(2),
            number: random.below(6),
            ordered: day - 33 + random.below(6),
            held,
        }
    };
    days.into_iter().map(claim).collect()
}

#[test]
fn every_instruction_gives_what_it_says() {
    let program = program("instructions");
    for seed in 0..40 {
        let mut random = Random(seed);
        let mut claims = Claims::of_one(7, &[]);
        (claims.persons, claims.offsets) = (vec![0], vec![0]);
        let mut expected = Vec::new();
        for _ in 0..6 {
            let held = random.below(4);
            let own = drawn(&mut random, held);
            claims.persons.push(claims.days.len());
            for claim in &own {
                let values = [
                    claim.total,
                    claim.other,
                    claim.level,
                    i64::from(claim.flag),
                    claim.number,
                    claim.ordered,
                ];
                claims.claim(claim.day as i32, &values);
            }
            claims.intervals.push(always(held));
            claims.offsets.push(claims.intervals.len());
            expected.extend(own);
        }
        let found = claims.settle(&program).expect("amounts that fit");
        for (row, claim) in expected.iter().enumerate() {
            let told: Vec<i64> = found.measures.iter().map(|column| column[row]).collect();
            assert_eq!(told, measures(claim), "seed {seed}, row {row}");
            assert_eq!(found.burden[row], claim.total + claim.other);
            assert_eq!(found.excess[row], (claim.total - claim.other).max(0));
        }
    }
}

/// So many pieces at a price: what fits is paid, and a fen a piece more is an error of its claim, also in a block.
#[test]
fn pieces_at_a_price_that_hardly_fit() {
    let program = crate::support::assemble(json!({
        "inputs": [
            {"column": "day", "kind": "day"}, {"column": "price", "kind": "money"}, {"column": "pieces", "kind": "count"}
        ],
        "claim": ["price = INPUT 1", "pieces = INPUT 2", "whole = TIMES price pieces 0", "none = MONEY 0 0"],
        "outputs": {"benefits": [], "burden": "whole", "excess": "none"},
    }));
    let most = i64::MAX / 5;
    for (price, fits) in [
        (70, true),
        (most, true),
        (most + 1, false),
        (-most, true),
        (-most - 1, false),
    ] {
        let mut claims = Claims::of_one(3, &[]);
        claims.claim(19_400, &[100, 3]).claim(19_401, &[price, 5]);
        let what = "whole".into();
        let expected = if fits {
            Ok(vec![300, price * 5])
        } else {
            Err(EngineError::Overflow { row: Some(1), what })
        };
        assert_eq!(claims.settle(&program).map(|found| found.burden), expected, "{price}");
    }
}

/// Subsidies by what is held, by day, and of amounts that hardly fit.
fn premiums() -> serde_json::Value {
    json!({
        "identities": ["a", "b"],
        "inputs": [
            {"column": "day", "kind": "day"}, {"column": "paid", "kind": "money", "table": "enrolment"},
            {"column": "insured", "kind": "code", "codes": ["310", "390"], "table": "enrolment"}
        ],
        "dates": [[19_400]],
        "tables": [{"kind": "money", "scale": 0, "values": [18_000, 38_000]}, {"kind": "flag", "scale": 0, "values": [0, 0, 1]}],
        "claim": ["none = MONEY 0 0"],
        "outputs": {"benefits": [], "burden": "none", "excess": "none"},
        "known_until": {"claim": null, "watch": null, "enrolment": 19_500},
        "enrolment": {
            "code": [
                "paid = INPUT 1", "insured = INPUT 2", "era = REGIME 0", "day = DAY", "line = DATE 19450",
                "first = HOLDS 1", "second = HOLDS 2", "none = MONEY 0 0", "third = MULTIPLY paid 3333 4",
                "part = ROUND third 0 1", "fixed = LOOKUP era 0", "covered = LOOKUP insured 1",
                "least = MIN paid fixed", "by_first = CHOOSE first paid none", "by_second = CHOOSE second part none",
                "best = MAX by_first by_second", "late = LT line day", "either = CHOOSE late least best",
                "due = CHOOSE covered either none"
            ],
            "out": ["due", "least"]
        },
        "subsidies": ["premium", "other"],
    })
}

#[test]
fn subsidies_of_every_row() {
    let program = crate::support::assemble(premiums());
    let mut machine = Machine::new(program, Options::default());
    let days = [19_390, 19_399, 19_400, 19_450, 19_451, 19_500, 19_501];
    for (paid, insured) in [(38_000, 1), (10_000, 1), (25_001, 1), (38_000, 0), (38_000, -1)] {
        for held in 0..4 {
            let columns = [
                Column::Constant(0),
                Column::Constant(paid),
                Column::Values(&[insured; 7]),
            ];
            let batch = EnrolmentBatch {
                days: &days,
                inputs: &columns,
                held: &[held; 7],
            };
            let mut found = vec![vec![Some(7)]; 5];
            machine.subsidies(&batch, &mut found).expect("amounts that fit");
            for (row, day) in days.iter().enumerate() {
                let least = paid.min(if *day < 19_400 { 18_000 } else { 38_000 });
                let part = steps(paid * 3_333, 10_000, "up");
                let best = [0, paid, part, paid][held as usize];
                let due = if *day > 19_450 { least } else { best } * i64::from(insured == 1);
                let expected = (*day <= 19_500).then_some([due, least]);
                assert_eq!(
                    found[0][row],
                    expected.map(|pair| pair[0]),
                    "{paid} {insured} {held} {day}"
                );
                assert_eq!(
                    found[1][row],
                    expected.map(|pair| pair[1]),
                    "{paid} {insured} {held} {day}"
                );
            }
            assert_eq!((found.len(), found[0].len()), (2, 7));
        }
    }
}

#[test]
fn rows_of_the_enrolment_that_cannot_be_worked_out() {
    let mut machine = Machine::new(crate::support::assemble(premiums()), Options::default());
    let mut told = |paid: &[i64], held: &[i64]| {
        let columns = [Column::Constant(0), Column::Values(paid), Column::Constant(1)];
        let batch = EnrolmentBatch {
            days: &[19_400, 19_400],
            inputs: &columns,
            held,
        };
        machine.subsidies(&batch, &mut Vec::new())
    };
    assert_eq!(told(&[1, 2], &[0, 0]), Ok(()));
    assert!(matches!(told(&[1, 2], &[0]), Err(EngineError::Shape(_))));
    assert!(matches!(told(&[1], &[0, 0]), Err(EngineError::Shape(_))));
    let overflow = told(&[1, i64::MAX / 3_333 + 1], &[0, 0]);
    let what = "third".into();
    assert_eq!(overflow, Err(EngineError::Overflow { row: Some(1), what }));
    assert_eq!(told(&[1, i64::MAX / 3_333], &[0, 0]), Ok(()));
    // A claim has none of it.
    let mut claims = Claims::of_one(3, &[]);
    claims.claim(19_400, &[i64::MAX, 1]);
    let program = crate::support::assemble(premiums());
    let mut results = Results::default();
    let settled = claims.with(|batch| Machine::new(program, Options::default()).settle(batch, &mut results));
    assert_eq!((settled, results.burden), (Ok(()), vec![0]));
}
