//! Damaged program files: refused with a code and a place, or harmless; never a panic.

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

use jiugao_engine::{Machine, Options, Results};
use jiugao_program::{ProgramError, decode};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::random::{self, Random, Shape};
use support::{Claims, always, body, day, file};

fn source(name: &str) -> Value {
    let path = format!("{}/tests/programs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn liaocheng() -> Value {
    body(source("liaocheng"))
}

/// What decoding says after a change of the body.
fn refused(change: impl FnOnce(&mut Value)) -> ProgramError {
    let mut body = liaocheng();
    change(&mut body);
    decode(&file(&body)).expect_err("a program that must not run")
}

#[test]
fn the_head_is_checked() {
    let good = file(&liaocheng());
    assert!(decode(&good).is_ok());
    assert_eq!(decode(b"").unwrap_err().code, "P801");
    let mut newer = good.clone();
    newer[14] = b'2';
    assert_eq!(decode(&newer).unwrap_err().code, "P801");
    assert_eq!(decode(&good[..40]).unwrap_err().code, "P801");
    let mut changed = good.clone();
    *changed.last_mut().unwrap() = b' ';
    assert_eq!(decode(&changed).unwrap_err().code, "P802");
    let mut longer = good;
    longer.push(b'\n');
    assert_eq!(decode(&longer).unwrap_err().code, "P802");
}

#[test]
fn every_refusal_has_its_code_and_place() {
    type Change = fn(&mut Value);
    let cases: [(&str, &str, Change); 33] = [
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 1, "day": 1})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 2, "day": 29})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 6, "day": 31})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 13, "day": 1})
        }),
        ("P803", "body", |b| b["surprise"] = json!(1)),
        ("P803", "body", |b| b["day_input"] = json!("first")),
        ("P805", "day_input", |b| b["day_input"] = json!(99)),
        ("P805", "classes[0]", |b| b["classes"][0]["any"] = json!(1_i64 << 40)),
        ("P804", "classes[2]", |b| b["classes"][2]["lookback"] = json!(1000)),
        ("P805", "classes[2]", |b| b["classes"][2]["lifetime"] = json!(true)),
        ("P805", "classes[1]", |b| {
            for n in 0..2 {
                b["classes"][n]["lifetime"] = json!(true);
                b["classes"][n]["any"] = json!(1);
            }
        }),
        ("P805", "change_days", |b| b["change_days"] = json!([5, 5])),
        ("P805", "tables[0]", |b| b["tables"][0]["values"][1] = json!(-1)),
        ("P805", "sets[0]", |b| b["sets"][0] = json!([3, 1])),
        ("P803", "body", |b| {
            b["lists"] = json!([{"name": "a", "source": 0, "rows": [[0, null]]}])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"] = json!([{"name": "a", "source": 9, "rows": []}])
        }),
        ("P805", "lists[0]", |b| {
            b["sources"] = json!([{"name": "a", "sha256": "", "text": ""}]);
            b["lists"] = json!([{"name": "a", "source": 0, "rows": [[0, 5, 9], [0, 9, null]]}]);
        }),
        ("P805", "lists[0]", |b| {
            b["sources"] = json!([{"name": "a", "sha256": "", "text": ""}]);
            b["lists"] = json!([{"name": "a", "source": 0, "rows": [[1, 9, 5]]}]);
        }),
        ("P806", "claim.code[2]", |b| b["claim"]["code"][2][0] = json!(999)),
        ("P806", "claim.code[0]", |b| b["claim"]["code"][0] = json!([10, 0])),
        ("P807", "claim.code[3]", |b| b["claim"]["code"][3][2] = json!(20)),
        ("P807", "claim.code[1]", |b| b["claim"]["code"][1][1] = json!(7)),
        ("P807", "claim.registers", |b| b["claim"]["registers"] = json!(3)),
        ("P807", "claim.code[4]", |b| b["tables"][0]["values"] = json!([0, 1])),
        ("P807", "claim.code[13]", |b| b["tables"][0]["values"][7] = json!(4)),
        ("P808", "year", |b| {
            b["benefits"][0]["settle"] = json!("per_claim_year_end_top_up")
        }),
        ("P809", "benefits[0]", |b| b["benefits"][0]["rate_scale"] = json!(7)),
        ("P809", "benefits[0].figures[0].bands[0]", |b| {
            b["benefits"][0]["figures"][0]["bands"] = json!([[0, null, 11]])
        }),
        ("P809", "benefits[0].figures[0].bands[1]", |b| {
            b["benefits"][0]["figures"][0]["bands"] = json!([[0, 100, 7], [90, null, 8]]);
        }),
        ("P809", "benefits[0].figures[0]", |b| {
            b["benefits"][0]["figures"][0]["bands"] = json!([[0, 100, 7]])
        }),
        ("P805", "benefits[0].figures[0]", |b| {
            b["benefits"][0]["figures"][0]["limits"] = json!([["shared", 0, 5]])
        }),
        ("P810", "enrolment.out", |b| b["enrolment"]["out"] = json!([0])),
        ("P810", "outputs.burden", |b| b["outputs"]["burden"] = json!(0)),
    ];
    for (code, place, change) in cases {
        let error = refused(change);
        assert_eq!(error.code, code, "{error}");
        assert!(error.place.starts_with(place), "{error}, not at {place}");
        assert!(!error.cause.is_empty());
    }
}

#[test]
fn only_canonical_bodies_are_taken() {
    let body = liaocheng().to_string().replacen('{', "{ ", 1);
    // The digest fits, the spelling does not.
    let bytes = support::file_of_text(&body);
    assert_eq!(decode(&bytes).unwrap_err().code, "P803");
}

/// How many numbers a body has.
fn count(value: &Value) -> usize {
    match value {
        Value::Number(_) => 1,
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(object) => object.values().map(count).sum(),
        _ => 0,
    }
}

/// Set the n-th number of a body.
fn set(value: &mut Value, n: &mut usize, new: i64) -> bool {
    match value {
        Value::Number(_) if *n == 0 => {
            *value = json!(new);
            true
        }
        Value::Number(_) => {
            *n -= 1;
            false
        }
        Value::Array(list) => list.iter_mut().any(|value| set(value, n, new)),
        Value::Object(object) => object.values_mut().any(|value| set(value, n, new)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(support::cases(2000))]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(decode(&bytes).is_err());
    }

    /// A number changed anywhere: refused, or it runs, and blocks and single claims agree.
    #[test]
    fn a_changed_number_is_refused_or_harmless(seed in any::<u64>(), changes in 1..3_usize) {
        let mut random = Random(seed);
        let mut body = if random.once_in(2) { liaocheng() } else { support::body(source("shared_limits")) };
        let inputs = body["inputs"].as_array().unwrap().len();
        let all = count(&body);
        for _ in 0..changes {
            let mut n = random.below(all as u64) as usize;
            let new = match random.below(4) {
                0 => random.below(12) - 1,
                1 => random.below(100_000),
                2 => i64::MAX >> random.below(40),
                _ => -(i64::MAX >> random.below(60)),
            };
            set(&mut body, &mut n, new);
        }
        let Ok(program) = decode(&file(&body)) else { return Ok(()) };
        let mut claims = Claims::of_one(inputs, &[always(1)]);
        for n in 0..6 {
            let values: Vec<i64> = (1..inputs).map(|_| random.below(2)).collect();
            claims.claim(day(1, 5) + n, &values);
        }
        let mut results = Results::default();
        // The day input may have moved: the shape is then refused, which is an answer too.
        let mut machine = Machine::new(Arc::new(program.clone()), Options::default());
        if claims.with(|batch| machine.settle(batch, &mut results)).is_ok() {
            claims.settle(&Arc::new(program)).ok();
        }
    }
}

#[test]
fn random_programs_verify() {
    for seed in 0..200 {
        let shape = Shape {
            classes: 3,
            on_application: true,
            limits: 2,
            chained: false,
            plain: false,
        };
        random::program(&mut Random(seed), &shape);
    }
}
