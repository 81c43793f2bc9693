//! Damaged program files: refused, or harmless; never a panic. Each refusal has its test in rust/program.

use std::sync::Arc;

use crate::support::random::{self, Random, Shape};
use crate::support::{Claims, always, body, cases, day, file};
use jiugao_engine::{Machine, Options, Results};
use jiugao_program::decode;
use proptest::prelude::*;
use serde_json::{Value, json};

fn source(name: &str) -> Value {
    let path = format!("{}/tests/programs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn liaocheng() -> Value {
    body(source("liaocheng"))
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
    #![proptest_config(cases(2000))]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(decode(&bytes).is_err());
    }

    /// A number changed anywhere: refused, or it runs, and blocks and single claims agree.
    #[test]
    fn a_changed_number_is_refused_or_harmless(seed in any::<u64>(), changes in 1..3_usize) {
        let mut random = Random(seed);
        let mut body = if random.once_in(2) { liaocheng() } else { body(source("shared_limits")) };
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
