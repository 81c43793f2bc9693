//! Worked examples of the Liaocheng policy (domain notes E22, E25, E27) and of the language reference (3.4, 3.8).

use crate::support::{Claims, always, assemble, day, program};
use crate::ways_of_running::all_alike;
use jiugao_engine::{Application, EngineError, Held, Results, Role};

const ONE: i64 = 1;
const TWO: i64 = 2;
/// Position of 因病致贫重病患者.
const POOR_BY_ILLNESS: u32 = 2;

/// Total = in scope, nothing paid by others, inpatient.
fn stay(base: i64) -> [i64; 5] {
    [base, base, 0, 0, 0]
}

fn liaocheng(claims: &Claims) -> Results {
    claims.settle(&program("liaocheng")).expect("amounts that fit")
}

fn person(intervals: &[Held]) -> Claims {
    Claims::of_one(6, intervals)
}

#[test]
fn e22_exactly_at_the_line() {
    for (base, paid) in [
        (1_666_666, [1_166_666, 0, 500_000]),
        (1_666_667, [1_166_667, 0, 500_000]),
        (2_000_000, [1_400_000, 70_000, 530_000]),
    ] {
        let mut claims = person(&[always(ONE)]);
        claims.claim(day(3, 1), &stay(base));
        let results = liaocheng(&claims);
        let found = [results.benefits[0][0], results.benefits[1][0], results.burden[0]];
        assert_eq!(found, paid, "base {base}");
    }
}

#[test]
fn e25_stay_then_outpatient() {
    let mut claims = person(&[always(ONE)]);
    claims
        .claim(day(3, 1), &stay(4_000_000))
        .claim(day(6, 1), &stay(1_000_000));
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [2_800_000, 200_000]);
    assert_eq!(results.benefits[1], [490_000, 560_000]);
    assert_eq!(results.burden, [710_000, 240_000]);
}

#[test]
fn e27_identity_changes_and_the_year_is_closed() {
    let mut claims = person(&[
        Held {
            mask: TWO,
            start: day(1, 1),
            end: day(6, 30),
        },
        Held {
            mask: ONE,
            start: day(7, 1),
            end: i32::MAX,
        },
    ]);
    claims
        .claim(day(3, 1), &stay(1_000_000))
        .claim(day(9, 1), &stay(1_000_000));
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [350_000, 700_000]);
    assert_eq!(results.benefits[1], [0, 210_000]);
    assert_eq!(results.standings, [1, 0]);
    assert_eq!(results.records.year_end[1], [105_000]);
    assert_eq!(results.records.paid[1], [210_000]);
    assert_eq!(results.records.own_left[0], [Some(3_000_000 - 1_050_000)]);
    assert_eq!(results.records.own_left[1], [Some(2_000_000 - 315_000)]);
}

#[test]
fn e27_with_identities_on_the_claims() {
    let mut claims = person(&[]);
    claims
        .claim(day(3, 1), &stay(1_000_000))
        .claim(day(9, 1), &stay(1_000_000));
    claims.masks = Some(vec![TWO, ONE]);
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[1], [0, 210_000]);
    assert_eq!(results.records.year_end[1], [105_000]);
}

#[test]
fn a_rise_in_standing_never_takes_back() {
    let mut claims = person(&[
        Held {
            mask: TWO,
            start: day(1, 1),
            end: day(6, 30),
        },
        Held {
            mask: ONE,
            start: day(7, 1),
            end: i32::MAX,
        },
    ]);
    claims
        .claim(day(3, 1), &stay(5_000_000))
        .claim(day(9, 1), &stay(1_000_000));
    assert_eq!(liaocheng(&claims).benefits[0], [1_500_000, 700_000]);
}

#[test]
fn a_fall_in_standing_pays_nothing_beyond_the_lower_limit() {
    let mut claims = person(&[
        Held {
            mask: ONE,
            start: day(1, 1),
            end: day(6, 30),
        },
        Held {
            mask: TWO,
            start: day(7, 1),
            end: i32::MAX,
        },
    ]);
    claims
        .claim(day(3, 1), &stay(3_000_000))
        .claim(day(9, 1), &stay(1_000_000));
    assert_eq!(liaocheng(&claims).benefits[0], [2_100_000, 0]);
}

#[test]
fn a_reversal_pays_the_year_without_it_less_the_year_with_it() {
    let mut claims = person(&[always(ONE)]);
    claims
        .claim(day(1, 10), &stay(3_000_000))
        .claim(day(2, 10), &stay(2_000_000))
        .claim(day(3, 10), &stay(1_000_000))
        .reversal(day(9, 1), 0);
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [2_100_000, 900_000, 0, -900_000]);
    let roles = [Role::Reversed, Role::Settled, Role::Settled, Role::Reversal];
    assert_eq!(results.roles, roles.map(|role| role as u8));
    let total: i64 = results.benefits.iter().flatten().chain(&results.burden).sum();
    assert_eq!(total, 3_000_000, "the bills that are left");
}

#[test]
fn what_cannot_be_reversed_is_rejected() {
    let mut claims = person(&[always(ONE)]);
    claims
        .claim(day(1, 10), &stay(3_000_000))
        .reversal(day(2, 10), 0)
        .reversal(day(3, 10), 0)
        .reversal(day(4, 10), 1)
        .claim(day(5, 10), &stay(100))
        .reversal(day(6, 10), 0);
    claims.reversals[3].original = None;
    claims.reversals[2].original = Some(4);
    let roles = liaocheng(&claims).roles;
    let expected = [
        Role::Reversed,
        Role::Reversal,
        Role::ReversedTwice,
        Role::OriginalLater,
        Role::Settled,
        Role::OriginalUnknown,
    ];
    assert_eq!(roles, expected.map(|role| role as u8));
}

#[test]
fn an_application_pays_the_claims_before_it_in_one_sum() {
    let mut claims = person(&[]);
    claims.applications.push(Application {
        person: 0,
        day: day(5, 10),
        identity: POOR_BY_ILLNESS,
    });
    claims
        .claim(day(2, 1), &stay(1_500_000))
        .claim(day(4, 1), &stay(1_000_000))
        .claim(day(6, 1), &stay(1_000_000));
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [0, 0, 600_000]);
    assert_eq!(results.standings, [-1, -1, 2]);
    assert_eq!(results.burden, [1_500_000, 1_000_000, 400_000]);
    let records = &results.records;
    let days: Vec<_> = records.accounts.iter().map(|a| a.application).collect();
    assert_eq!(days, [None, Some(day(5, 10))]);
    assert_eq!(records.paid[0], [600_000, 0]);
    assert_eq!(records.lookback[0], [0, 900_000]);
    assert_eq!(records.own_left[0], [None, Some(500_000)]);
}

#[test]
fn a_second_application_in_the_year_is_refused_and_one_in_the_next_counts_no_claim_twice() {
    let mut claims = person(&[]);
    let next = day(3, 1) + 365;
    for day in [day(3, 1), day(8, 1), next] {
        claims.applications.push(Application {
            person: 0,
            day,
            identity: POOR_BY_ILLNESS,
        });
    }
    claims
        .claim(day(2, 1), &stay(1_500_000))
        .claim(day(9, 1), &stay(1_000_000))
        .claim(next - 10, &stay(2_000_000));
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [0, 600_000, 0]);
    assert_eq!(results.records.lookback[0].iter().sum::<i64>(), 300_000 + 600_000);
    assert_eq!(results.records.len(), 4);
}

/// Who applied and has no claim has an account all the same, whoever has claims before and after.
#[test]
fn an_applicant_without_claims_has_an_account() {
    let mut claims = person(&[]);
    claims
        .claim(day(4, 1), &stay(1_000_000))
        .claim(day(5, 1), &stay(1_000_000));
    claims.persons = vec![0, 1, 1, 2];
    claims.offsets = vec![0; 4];
    claims.applications.push(Application {
        person: 1,
        day: day(3, 1),
        identity: POOR_BY_ILLNESS,
    });
    let accounts = liaocheng(&claims).records.accounts;
    let told: Vec<_> = accounts.iter().map(|one| (one.person, one.application)).collect();
    assert_eq!(told, [(0, None), (1, Some(day(3, 1))), (2, None)]);
}

#[test]
fn a_higher_class_goes_before_an_application() {
    let mut claims = person(&[Held {
        mask: ONE,
        start: day(6, 1),
        end: i32::MAX,
    }]);
    claims.applications.push(Application {
        person: 0,
        day: day(3, 1),
        identity: POOR_BY_ILLNESS,
    });
    claims
        .claim(day(2, 1), &stay(1_500_000))
        .claim(day(4, 1), &stay(1_000_000))
        .claim(day(7, 1), &stay(1_000_000));
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [0, 600_000, 700_000]);
    assert_eq!(results.standings, [-1, 2, 0]);
    assert_eq!(results.records.lookback[0], [0, 300_000]);
}

#[test]
fn a_bill_that_others_have_covered_is_not_paid_again() {
    let mut claims = person(&[always(ONE)]);
    // In scope 1,000 of which nothing was paid, but only 500 of the bill are open.
    claims
        .claim(day(3, 1), &[50_000, 100_000, 0, 0, 0])
        .claim(day(4, 1), &stay(100_000));
    let results = liaocheng(&claims);
    assert_eq!(results.benefits[0], [50_000, 70_000]);
    assert_eq!(results.details[0].cuts, [4, 0]);
    assert_eq!(results.details[0].figures, [1, 1]);
}

#[test]
fn the_indicator_passes_its_target_by_one_fen() {
    for (burden, warned) in [(1_878_000, false), (1_878_001, true)] {
        let mut claims = person(&[always(TWO)]);
        // An outpatient visit: no assistance.
        claims.claim(day(3, 1), &[burden, burden, 0, 0, 1]);
        let records = liaocheng(&claims).records;
        assert_eq!(records.warning_sums[0], [Some(burden)]);
        assert_eq!(records.warnings[0], [warned]);
    }
}

#[test]
fn an_overflow_names_the_claim() {
    let mut claims = person(&[always(ONE)]);
    claims
        .claim(day(3, 1), &stay(1_000_000))
        .claim(day(4, 1), &stay(i64::MAX / 2))
        .claim(day(5, 1), &stay(i64::MAX));
    let error = claims.settle(&program("liaocheng")).expect_err("too large");
    assert_eq!(
        error,
        EngineError::Overflow {
            row: Some(1),
            what: "pay_a".into()
        }
    );
}

#[test]
fn shared_limits_are_drawn_on_in_claim_order() {
    let program = program("shared_limits");
    let mut claims = Claims::of_one(5, &[always(1)]);
    let claim = |base: i64, major: i64, outpatient: i64| [base, 0, major, outpatient];
    claims
        .claim(day(1, 5), &claim(800_000, 0, 1))
        .claim(day(1, 6), &claim(400_000, 1, 1))
        .claim(day(1, 7), &claim(6_000_000, 1, 0))
        .claim(day(1, 8), &claim(1_000_000, 1, 1))
        .claim(day(1, 9), &claim(3_000_000, 0, 0));
    let results = claims.settle(&program).expect("amounts that fit");
    // 4,800 and 1,200 of the shared 6,000; the major stay then has 20,000 − 1,200.
    assert_eq!(results.benefits[1], [480_000, 120_000, 0, 0, 0]);
    assert_eq!(results.benefits[0], [0, 0, 1_880_000, 0, 1_000_000]);
    assert_eq!(results.records.shared_used.concat(), [1_000_000, 2_000_000, 600_000]);
    assert_eq!(results.records.shared_left.concat(), [Some(0); 3]);
}

/// Three tenths of what goes beyond 250 yuan, by itself; three and two tenths of everything, together at most 90 yuan a year.
/// Bills of 100 yuan use the 90 up with the second of them; what stands by itself counts on as if there were no such limit.
#[test]
fn a_shared_limit_that_is_used_up_leaves_other_benefits_alone() {
    let benefit = |code: &str, figures: serde_json::Value| {
        serde_json::json!({
            "code": code, "by_standing": false, "settle": "per_claim", "base_scale": 0, "rate_scale": 1,
            "entitled": [-1], "figures": [figures],
        })
    };
    let shared = serde_json::json!([["shared", 0, 9_000]]);
    let program = assemble(serde_json::json!({
        "inputs": [{"column": "day", "kind": "day"}, {"column": "total", "kind": "money"}, {"column": "paid", "kind": "money"}],
        "limits": [{"name": "together", "period": "year"}],
        "benefits": [
            benefit("beyond", serde_json::json!({
                "deductible": [25_000, "year"], "bands": [[0, null, 3]], "bands_by": "year", "limits": [],
            })),
            benefit("first", serde_json::json!({"bands": [[0, null, 3]], "bands_by": "year", "limits": shared})),
            benefit("second", serde_json::json!({"bands": [[0, null, 2]], "bands_by": "year", "limits": shared})),
        ],
        "tables": [{"kind": "row", "scale": 0, "values": [1]}],
        "claim": ["class = CLASS", "row = LOOKUP class 0", "total = INPUT 1", "beyond = SETTLE total row total 0",
            "open = SUB total beyond", "first = SETTLE total row open 1", "left = SUB open first",
            "second = SETTLE total row left 2", "burden = SUB left second", "none = MONEY 0 0"],
        "outputs": {"benefits": ["beyond", "first", "second"], "burden": "burden", "excess": "none"},
    }));
    let mut claims = Claims::of_one(3, &[]);
    for month in 1..=5 {
        claims.claim(day(month, 1), &[10_000, 0]);
    }
    let results = claims.settle(&program).expect("amounts that fit");
    assert_eq!(results.benefits[0], [0, 0, 1_500, 3_000, 3_000]);
    assert_eq!(results.benefits[1], [3_000, 3_000, 0, 0, 0]);
    assert_eq!(results.benefits[2], [2_000, 1_000, 0, 0, 0]);
    assert_eq!(results.records.shared_used.concat(), [9_000]);
    all_alike(&program, &claims);
}

#[test]
fn rows_out_of_order_are_refused() {
    let mut claims = person(&[always(ONE)]);
    claims.claim(day(3, 1), &stay(1)).claim(day(2, 1), &stay(1));
    let program = program("liaocheng");
    let mut machine = jiugao_engine::Machine::new(program, jiugao_engine::Options::default());
    let settled = claims.with(|batch| machine.settle(batch, &mut Results::default()));
    assert!(matches!(settled, Err(EngineError::Shape(_))));
}
