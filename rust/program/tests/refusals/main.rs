//! A refusal for everything that a program file must not be: one program that has everything is changed in one place,
//! and refused with a code and that place; at the border of what is allowed it is taken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a test that goes wrong is to stop"
)]

#[path = "../support/assembly.rs"]
mod assembly;
mod carried;
mod code;
mod figures;
mod head;
mod lists;
mod outputs;
mod settling;

use jiugao_program::{Program, decode};
use serde_json::{Value, json};

type Change = fn(&mut Value);

/// The assembly of a program that has everything.
fn source() -> Value {
    serde_json::from_str(include_str!("whole.json")).expect("JSON")
}

/// Its body, with what the assembly does not know.
fn whole() -> Value {
    full(source())
}

fn full(source: Value) -> Value {
    let mut body = assembly::body(source);
    let here = |source: usize, end: usize| json!({"span": [source, 0, end], "text": "", "clauses": []});
    body["sources"] = json!([
        {"name": "a", "sha256": "", "text": "保障"},
        {"name": "b", "sha256": "", "text": "list"},
    ]);
    body["fund_columns"] = json!([2]);
    body["identity_codes"] = json!({"01": 0, "04": 3});
    body["lists"] = json!([
        {"name": "l", "source": 1, "rows": [[0, null, 19_100], [0, 19_101, 19_101], [0, 19_102, null], [1, 19_000, 19_500]]},
    ]);
    body["choices"] = json!([
        {"by": "year", "benefits": [2, 3], "whole": null, "place": here(0, 2)},
        {"by": "claim", "benefits": [6, 7, 8], "whole": null, "place": here(1, 4)},
    ]);
    body["parameters"] = json!([{
        "name": "p", "kind": "money", "assumption": null,
        "values": [{"start": null, "end": null, "value": "1", "place": here(0, 2)}],
    }]);
    body["measures"].as_array_mut().unwrap().push(json!({
        "name": "e.premium", "section": "enrolment", "kind": "money", "scale": 0, "register": 0, "place": here(0, 2),
    }));
    body["subsidies"][0]["actual"] = json!([10]);
    body["benefits"][0]["figures"][0]["places"] = json!({"rate": here(0, 2)});
    body
}

fn taken(body: &Value) -> Program {
    decode(&assembly::file(body)).unwrap_or_else(|error| panic!("taken, not {error}"))
}

/// Refused with this code at this very place.
fn refused(code: &str, place: &str, body: &Value) {
    let error = decode(&assembly::file(body)).expect_err(&format!("{code} at {place}"));
    assert_eq!((error.code, error.place.as_str()), (code, place), "{error}");
    assert!(!error.cause.is_empty());
    assert_eq!(error.to_string(), format!("{code} {place}: {}", error.cause));
}

/// Each change is refused so.
fn each_refused(cases: &[(&str, &str, Change)]) {
    let whole = whole();
    for (code, place, change) in cases {
        let mut body = whole.clone();
        change(&mut body);
        assert_ne!(body, whole, "a change at {place}");
        refused(code, place, &body);
    }
}

/// Each change is taken.
fn each_taken(cases: &[Change]) {
    let whole = whole();
    for change in cases {
        let mut body = whole.clone();
        change(&mut body);
        assert_ne!(body, whole, "a change");
        taken(&body);
    }
}

/// So many copies of one value.
fn many(count: usize, value: &Value) -> Value {
    Value::Array(vec![value.clone(); count])
}

#[test]
fn the_whole_program_is_taken() {
    taken(&whole());
}
