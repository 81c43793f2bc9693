//! A year cut at a day: what its first part came to, put before its second, changes no fen.

use std::sync::Arc;

use crate::support::random::{self, Random, Shape};
use crate::support::{Claims, body, file, recorded};
use jiugao_engine::{Accumulator, Batch, Fraction, Machine, Opening, Options, Results, accumulators};
use jiugao_program::Program;
use serde_json::json;

const CLOSED: Options = Options {
    records: true,
    close: true,
    details: false,
    amounts_only: false,
    unmeasured: false,
    totals: None,
};

/// The claims of later days; who has none stays, with none.
fn later(claims: &Claims, cut: i32) -> Claims {
    let kept: Vec<usize> = (0..claims.days.len()).filter(|n| claims.days[*n] > cut).collect();
    let choose = |column: &Vec<i64>| -> Vec<i64> {
        match column.is_empty() {
            true => Vec::new(),
            false => kept.iter().map(|n| column[*n]).collect(),
        }
    };
    Claims {
        persons: claims
            .persons
            .iter()
            .map(|start| kept.iter().filter(|n| *n < start).count())
            .collect(),
        days: kept.iter().map(|n| claims.days[*n]).collect(),
        inputs: claims.inputs.iter().map(choose).collect(),
        masks: claims.masks.as_ref().map(choose),
        ..claims.clone()
    }
}

/// The amounts of every account by person and year, as opening balances take them.
struct Begun {
    person: usize,
    year: i32,
    amounts: Vec<(u32, i64)>,
    fractions: Vec<Fraction>,
}

fn begun(program: &Program, results: &Results) -> Vec<Begun> {
    let known = accumulators(program);
    let accounts = results.records.accounts.iter().zip(&results.records.totals);
    accounts
        .filter(|(_, totals)| !totals.is_empty())
        .map(|(account, totals)| {
            let mut fractions = Vec::new();
            let mut amount = |at: u32, total: &jiugao_engine::Total| {
                let exact = total.clone().exact();
                if known[at as usize].fraction {
                    fractions.push(exact);
                    return (at, fractions.len() as i64 - 1);
                }
                assert!(exact.is_integer());
                (at, exact.to_integer().try_into().unwrap())
            };
            let amounts = totals.iter().map(|(at, total)| amount(*at, total)).collect();
            let (person, year) = (account.person as usize, i32::from(account.year));
            Begun {
                person,
                year,
                amounts,
                fractions,
            }
        })
        .collect()
}

/// Cut at a day and hold both parts against the whole; how many later rows were paid something.
fn hold(program: &Arc<Program>, claims: &Claims, cut: i32) -> usize {
    let claims = Claims {
        applications: Vec::new(),
        reversals: Vec::new(),
        ..claims.clone()
    };
    let run = |options, claims: &Claims, openings: &[Opening<'_>]| {
        let mut results = Results::default();
        let mut machine = Machine::new(program.clone(), options);
        let settled = claims.with(|batch| machine.settle(&Batch { openings, ..*batch }, &mut results));
        settled.expect("amounts that fit");
        results
    };
    let whole = run(CLOSED, &claims, &[]);
    let first = run(
        Options {
            totals: Some(cut),
            close: false,
            ..CLOSED
        },
        &claims,
        &[],
    );
    let begun = begun(program, &first);
    let openings: Vec<Opening<'_>> = begun
        .iter()
        .map(|one| Opening {
            person: one.person,
            year: one.year,
            until: cut,
            broken: false,
            amounts: &one.amounts,
            fractions: &one.fractions,
        })
        .collect();
    let late = later(&claims, cut);
    let second = run(CLOSED, &late, &openings);
    let rows = (0..claims.days.len()).filter(|n| claims.days[*n] > cut);
    for (found, n) in rows.enumerate() {
        assert_eq!(second.roles[found], whole.roles[n]);
        assert_eq!(second.burden[found], whole.burden[n]);
        for (second, whole) in second.benefits.iter().zip(&whole.benefits) {
            assert_eq!(second[found], whole[n], "row {n} after {cut}");
        }
    }
    if claims.masks.is_some() {
        return later_paid(&second); // The last claim that entitles at the year's end may lie before the cut.
    }
    for (n, account) in whole.records.accounts.iter().enumerate() {
        // Of a year whose claims all came before the cut the first part tells.
        let goes_on = |found: &usize| {
            let (start, end) = (
                late.persons[account.person as usize],
                late.persons[account.person as usize + 1],
            );
            let settled = |row: usize| second.roles[row] == 0 && second.years[row] == account.year;
            second.records.accounts[*found] == *account && (start..end).any(settled)
        };
        let Some(found) = (0..second.records.len()).find(goes_on) else {
            continue;
        };
        for (what, second, whole) in [
            ("year end", &second.records.year_end, &whole.records.year_end),
            ("own", &second.records.own_used, &whole.records.own_used),
            ("shared", &second.records.shared_used, &whole.records.shared_used),
        ] {
            for (at, (second, whole)) in second.iter().zip(whole).enumerate() {
                assert_eq!(second[found], whole[n], "{what} {at}, {account:?} after {cut}");
            }
        }
    }
    later_paid(&second)
}

/// How many rows were paid something.
fn later_paid(results: &Results) -> usize {
    let paid = |n: &usize| results.benefits.iter().any(|column| column[*n] != 0);
    (0..results.roles.len()).filter(paid).count()
}

/// Days to cut at: some of the claims' own.
fn cuts(claims: &Claims) -> Vec<i32> {
    let mut days = claims.days.clone();
    days.sort_unstable();
    (1..4).filter_map(|n| days.get(days.len() * n / 4).copied()).collect()
}

#[test]
fn random_years_go_on() {
    let mut paid = 0;
    for seed in 0..200 {
        let mut random = Random(seed);
        let shape = Shape {
            classes: 2,
            on_application: false,
            limits: (seed % 3) as usize,
            plain: seed % 2 == 0,
            chained: seed % 4 == 0,
        };
        let program = random::program(&mut random, &shape);
        let claims = random::claims(&mut random, &shape, 6);
        paid += cuts(&claims)
            .into_iter()
            .map(|cut| hold(&program, &claims, cut))
            .sum::<usize>();
    }
    assert!(paid > 1_000, "{paid}");
}

/// Parts, choices, shares of the year's bills: what the programs of the compiler do beside.
#[test]
fn recorded_years_go_on() {
    let mut paid = 0;
    for recorded::Recorded { program, claims, .. } in recorded::recorded() {
        if claims.masks.is_some() && program.classes().iter().any(|class| class.lifetime) {
            continue; // A label for life on a later row is on the earlier ones too.
        }
        paid += cuts(&claims)
            .into_iter()
            .map(|cut| hold(&program, &claims, cut))
            .sum::<usize>();
    }
    assert!(paid > 100, "{paid}");
}

/// An account that begins with nothing is the account of everybody else, whatever the person's rows undo.
#[test]
fn an_opening_of_nothing_changes_nothing() {
    for seed in 0..120 {
        let mut random = Random(seed);
        let shape = Shape {
            classes: 2,
            on_application: false,
            limits: 1,
            plain: seed % 2 == 0,
            chained: false,
        };
        let program = random::program(&mut random, &shape);
        let claims = random::claims(&mut random, &shape, 8);
        let run = |openings: &[Opening<'_>]| {
            let mut results = Results::default();
            let mut machine = Machine::new(program.clone(), CLOSED);
            let settled = claims.with(|batch| machine.settle(&Batch { openings, ..*batch }, &mut results));
            settled.expect("amounts that fit");
            results
        };
        let openings: Vec<Opening<'_>> = (0..8)
            .filter(|person| person % 3 != 1)
            .map(|person| Opening {
                person,
                year: 2023,
                until: i32::MIN,
                broken: false,
                amounts: &[],
                fractions: &[],
            })
            .collect();
        let (whole, opened) = (run(&[]), run(&openings));
        assert_eq!(opened.roles, whole.roles);
        assert_eq!(opened.benefits, whole.benefits);
        let named = |results: &Results| -> Vec<_> {
            let records = &results.records;
            let accounts = records.accounts.iter().copied().enumerate();
            accounts
                .map(|(n, account)| (account, records.paid.iter().map(|paid| paid[n]).collect::<Vec<_>>()))
                .collect()
        };
        // A year without claims has an account too, of nothing.
        let mut found = named(&opened);
        found.retain(|one| named(&whole).contains(one) || one.1.iter().any(|paid| *paid != 0));
        assert_eq!(found, named(&whole), "seed {seed}");
    }
}

/// What totals are written as is read back as it was.
#[test]
fn totals_are_written_as_they_are_read() {
    let (mut units, mut fractions) = (0, 0);
    for recorded::Recorded { program, claims, .. } in recorded::recorded() {
        let known = accumulators(&program);
        let mut results = Results::default();
        let mut machine = Machine::new(
            program.clone(),
            Options {
                totals: Some(i32::MAX),
                close: false,
                ..CLOSED
            },
        );
        claims
            .with(|batch| machine.settle(batch, &mut results))
            .expect("amounts that fit");
        for (at, total) in results.records.totals.iter().flatten() {
            let accumulator = &known[*at as usize];
            let text = accumulator.write(total);
            let read = accumulator.read(&text).expect("an amount");
            assert_eq!(
                read.clone().exact(),
                total.clone().exact(),
                "{} {text}",
                accumulator.name
            );
            let unit = Fraction::new(10.into(), 1.into()).pow(accumulator.decimals as i32);
            let yuan = total.clone().exact() / unit;
            let Ok(plain) = text.replace('.', "").parse::<i128>() else {
                assert_eq!(text, yuan.to_string());
                fractions += 1;
                continue;
            };
            let places = text.split_once('.').map_or(0, |(_, part)| part.len());
            assert_eq!(yuan, Fraction::new(plain.into(), 10_i128.pow(places as u32).into()));
            units += 1;
        }
    }
    assert!(units > 1_000 && fractions > 10, "{units} {fractions}");
}

/// Who is not told what accrued takes what was paid for it.
#[test]
fn what_accrued_is_what_was_paid_where_nobody_says() {
    let mut told = 0;
    for recorded::Recorded { program, claims, .. } in recorded::recorded() {
        let known = accumulators(&program);
        let scale = |at: u32| 10_i64.pow(known[at as usize].decimals - 2);
        let of = |kind: &str| -> Vec<u32> {
            let all = 0..known.len() as u32;
            all.filter(|at| known[*at as usize].kind() == kind).collect()
        };
        let paid: Vec<(u32, i64)> = of("paid").into_iter().map(|at| (at, 1_000 + i64::from(at))).collect();
        let named = |name: &str| known.iter().position(|one| one.name == name).map(|at| at as u32);
        let accrued: Vec<(u32, i64)> = of("accrued")
            .into_iter()
            .map(|at| {
                let own = known[at as usize].name.replace(".accrued", ".paid");
                let paid = paid.iter().find(|(paid, _)| Some(*paid) == named(&own));
                (at, paid.expect("what was paid").1 * scale(at))
            })
            .collect();
        if accrued.is_empty() || accrued.iter().any(|(at, _)| known[*at as usize].fraction) {
            continue;
        }
        let mut whole = [paid.clone(), accrued].concat();
        whole.sort_unstable();
        let run = |amounts: &[(u32, i64)]| {
            let openings: Vec<Opening<'_>> = (0..claims.persons.len() - 1)
                .map(|person| Opening {
                    person,
                    year: 2022,
                    until: i32::MIN,
                    broken: false,
                    amounts,
                    fractions: &[],
                })
                .collect();
            let mut results = Results::default();
            let mut machine = Machine::new(program.clone(), CLOSED);
            let settled = claims.with(|batch| {
                let openings = &openings;
                machine.settle(&Batch { openings, ..*batch }, &mut results)
            });
            settled.expect("amounts that fit");
            results
        };
        let nothing: Vec<(u32, i64)> = whole
            .iter()
            .map(|(at, amount)| {
                let accrued = known[*at as usize].kind() == "accrued";
                (*at, if accrued { 0 } else { *amount })
            })
            .collect();
        assert!(run(&paid) == run(&whole));
        told += usize::from(run(&nothing) != run(&whole));
    }
    assert!(told > 10, "{told}");
}

/// What every account of the recorded programs accumulates, as it is kept in tests/accumulators.txt.
/// `JIUGAO_GOLDEN=write cargo test -p jiugao_engine` writes it again.
#[test]
fn accumulators_are_as_they_were() {
    let path = format!("{}/tests/accumulators.txt", env!("CARGO_MANIFEST_DIR"));
    let mut found = String::new();
    for one in recorded::recorded().into_iter().step_by(5) {
        found += &format!("{}\n", one.name);
        for known in accumulators(&one.program) {
            let Accumulator {
                name,
                decimals,
                fraction,
                signed,
                needed,
                benefit,
                ..
            } = &known;
            let kind = known.kind();
            found += &format!("  {name} {kind} {decimals} {fraction} {signed} {needed:?} {benefit:?}\n");
        }
    }
    if std::env::var("JIUGAO_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap_or_default());
}

/// Totals for the year's end and for indicators are called by what they are for.
#[test]
fn totals_are_called_by_what_they_are_for() {
    let mut body = body(json!({
        "inputs": [{"column": "day", "kind": "day"}, {"column": "total", "kind": "money"}],
        "tallies": [0, 0, 1, 0],
        "claim": ["total = INPUT 1", "tenth = MULTIPLY total 1 1", "TALLY total 0", "TALLY total 1", "TALLY tenth 2",
            "TALLY total 3"],
        "outputs": {"benefits": [], "burden": "total", "excess": "total"},
        "watch": {
            "code": ["sum = YEAR_TALLY 0", "line = MONEY 500 0", "over = LT line sum"],
            "out": [[0, "sum", "over"]]
        },
        "warnings": ["预警"],
    }));
    for (at, role, label) in [
        (2, "left", "范围内"),
        (3, "uncovered", "预警"),
        (4, "sum", "预警"),
        (5, "sum", "别的"),
    ] {
        body["debug"][at]["role"] = json!(role);
        body["debug"][at]["label"] = json!(label);
    }
    body["warnings"][0]["code"] = json!("watched");
    let program = jiugao_program::decode(&file(&body)).expect("a program that verifies");
    let known = accumulators(&program);
    let told: Vec<_> = known.iter().map(|one| (one.name.as_str(), one.decimals)).collect();
    let expected = [
        ("year.left.范围内", 2),
        ("year.uncovered", 2),
        ("watched.sum", 3),
        ("year.3", 2),
    ];
    assert_eq!(told, expected);
    assert!(
        known
            .iter()
            .all(|one| one.signed && one.needed.is_empty() && one.kind() == "total")
    );
}
