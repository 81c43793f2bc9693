//! Programs in assembly (JSON with named registers) come in; the bytes of program files and verified programs go out.

#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of it")]

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use jiugao_program::isa::{Accept, SPECS};
use jiugao_program::{Program, ProgramError};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// The program that an assembly spells.
pub fn assemble(source: Value) -> Arc<Program> {
    Arc::new(try_assemble(source).expect("a program that verifies"))
}

pub fn try_assemble(source: Value) -> Result<Program, ProgramError> {
    jiugao_program::decode(&file(&body(source)))
}

/// The bytes of a program file.
pub fn file(body: &Value) -> Vec<u8> {
    file_of_text(&body.to_string())
}

/// The bytes of a program file with this body, canonical or not.
pub fn file_of_text(body: &str) -> Vec<u8> {
    format!("JIUGAO-RULESC 1\n{}\n{body}", digest(body)).into_bytes()
}

/// The sum of a text.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    })
}

/// A body that was recorded without its debug lines, one for each instruction.
pub fn with_debug_lines(body: &Value) -> Value {
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
    body
}

/// The whole body: what the assembly leaves out is filled in, names become numbers.
pub fn body(source: Value) -> Value {
    let Value::Object(mut source) = source else {
        panic!("an object")
    };
    let mut take = |key: &str, default: Value| source.remove(key).unwrap_or(default);
    let place = json!({"span": null, "text": "", "clauses": []});
    let inputs: Vec<Value> = list(take("inputs", json!([])))
        .into_iter()
        .map(|input| {
            let codes = input.get("codes").cloned().unwrap_or(json!([]));
            json!({
                "column": input["column"], "alternatives": [], "label": input["column"],
                "kind": input["kind"], "table": input.get("table").cloned().unwrap_or(json!("claims")),
                "required": true, "default": null, "codes": codes, "labels": codes,
            })
        })
        .collect();
    let classes: Vec<Value> = list(take("classes", json!([])))
        .into_iter()
        .map(|class| {
            with_defaults(
                class,
                &[
                    ("place", place.clone()),
                    ("unclassed_only", json!(false)),
                    ("lifetime", json!(false)),
                ],
            )
        })
        .collect();
    let benefits: Vec<Value> = list(take("benefits", json!([])))
        .into_iter()
        .map(|benefit| full_benefit(benefit, &place))
        .collect();
    let named = |value: Value, keys: &[(&str, Value)]| {
        let mut object = Map::new();
        object.insert("code".into(), value.clone());
        object.insert("name".into(), value);
        object.insert("place".into(), place.clone());
        object.extend(keys.iter().map(|(key, value)| ((*key).into(), value.clone())));
        Value::Object(object)
    };
    let mut debug = Vec::new();
    let (claim, names) = section("claim", take("claim", json!([])), &mut debug);
    let outputs = take("outputs", json!({"benefits": [], "burden": 0, "excess": 0}));
    let outputs = json!({
        "benefits": list(outputs["benefits"].clone()).iter().map(|r| register(r, &names)).collect::<Vec<_>>(),
        "burden": register(&outputs["burden"], &names),
        "excess": register(&outputs["excess"], &names),
        "paying": outputs["paying"].as_object().map(|paying| {
            let told = paying.iter().map(|(name, value)| (name.clone(), register(value, &names)));
            Value::Object(told.collect())
        }),
    });
    let payees = take("payees", json!([]));
    let measures: Vec<Value> = list(take("measures", json!([])))
        .into_iter()
        .map(|m| {
            json!({
                "name": m[0], "section": "claim", "kind": m[1], "scale": m[2], "register": register(&m[3], &names),
                "place": place,
            })
        })
        .collect();
    let year: Vec<Value> = list(take("year", json!([])))
        .into_iter()
        .map(|entry| {
            let name = format!("year:{}", entry["benefit"]);
            let (section, names) = section(&name, entry["code"].clone(), &mut debug);
            let out = register(&entry["out"], &names);
            with(section, &[("benefit", entry["benefit"].clone()), ("out", out)])
        })
        .collect();
    let watch = take("watch", json!({"code": [], "out": []}));
    let (section_watch, names) = section("watch", watch["code"].clone(), &mut debug);
    let out: Vec<Value> = list(watch["out"].clone())
        .iter()
        .map(|o| json!([o[0], register(&o[1], &names), register(&o[2], &names)]))
        .collect();
    let watch = with(section_watch, &[("out", json!(out))]);
    let enrolment = take("enrolment", json!({"code": [], "out": []}));
    let (section_enrolment, names) = section("enrolment", enrolment["code"].clone(), &mut debug);
    let out: Vec<Value> = list(enrolment["out"].clone())
        .iter()
        .map(|r| register(r, &names))
        .collect();
    let enrolment = with(section_enrolment, &[("out", json!(out))]);
    let warnings: Vec<Value> = list(take("warnings", json!([])))
        .into_iter()
        .map(|w| named(w, &[]))
        .collect();
    let subsidies: Vec<Value> = list(take("subsidies", json!([])))
        .into_iter()
        .map(|s| named(s, &[("payer", json!("")), ("actual", json!([]))]))
        .collect();
    let dates = take("dates", json!([]));
    let days = dates
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten();
    let change_days: BTreeSet<i64> = days.filter_map(Value::as_i64).collect();
    json!({
        "compiler": "tests", "settings": {}, "sources": take("sources", json!([])), "parameters": [],
        "policy": {"code": "test", "name": "test", "citation": "", "clauses": []},
        "inputs": inputs, "day_input": 0, "fund_columns": [], "standing": null,
        "identities": take("identities", json!([])), "identity_codes": {},
        "classes": classes, "force": take("force", json!({"start": -700000, "end": null, "claims_from": -700000, "counts_from": null})),
        "known_until": take("known_until", json!({"claim": null, "watch": null, "enrolment": null})),
        "change_days": take("change_days", json!(change_days)), "order_dependent": [],
        "limits": take("limits", json!([])), "benefits": benefits,
        "tables": take("tables", json!([])), "sets": take("sets", json!([])),
        "dates": dates, "lists": take("lists", json!([])), "tallies": take("tallies", json!([])),
        "claim": claim, "year": year, "watch": watch, "enrolment": enrolment,
        "outputs": outputs, "payees": payees, "choices": [], "warnings": warnings, "subsidies": subsidies, "debug": debug,
        "measures": measures, "year_begins": take("year_begins", json!(null)),
    })
}

fn full_benefit(benefit: Value, place: &Value) -> Value {
    let figures: Vec<Value> = list(benefit["figures"].clone())
        .into_iter()
        .map(|figure| {
            let defaults = [
                ("deductible", json!(null)),
                ("gate", json!(null)),
                ("parts", json!(null)),
                ("limits", json!([])),
                ("note", json!("")),
                ("places", json!({})),
                ("parameters", json!([])),
            ];
            with_defaults(figure, &defaults)
        })
        .collect();
    let benefit = with(benefit, &[("figures", json!(figures))]);
    let code = benefit["code"].clone();
    with_defaults(
        benefit,
        &[
            ("name", code),
            ("payer", json!("")),
            ("place", place.clone()),
            ("expense", json!("")),
            ("less", json!([])),
            ("parts", json!([])),
            ("signed", json!(false)),
            ("counts_from", json!(null)),
            ("claw_back", json!(false)),
            ("rounding", json!({"mode": "half_up", "each": false, "unit": 1})),
            ("actual", json!([])),
        ],
    )
}

fn list(value: Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn with(value: Value, more: &[(&str, Value)]) -> Value {
    let Value::Object(mut object) = value else {
        panic!("an object")
    };
    object.extend(more.iter().map(|(key, value)| ((*key).into(), value.clone())));
    Value::Object(object)
}

fn with_defaults(value: Value, defaults: &[(&str, Value)]) -> Value {
    let Value::Object(mut object) = value else {
        panic!("an object")
    };
    for (key, value) in defaults {
        object.entry(*key).or_insert_with(|| value.clone());
    }
    Value::Object(object)
}

fn register(name: &Value, names: &HashMap<String, usize>) -> Value {
    match name.as_str() {
        Some(name) => json!(names[name]),
        None => name.clone(),
    }
}

/// Lines like `base = SUB in_scope paid` as words.
fn section(name: &str, lines: Value, debug: &mut Vec<Value>) -> (Value, HashMap<String, usize>) {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut code = Vec::new();
    let place = json!({"span": null, "text": "", "clauses": []});
    for line in list(lines) {
        let line = line.as_str().expect("a line").to_owned();
        let (defined, rest) = match line.split_once(" = ") {
            Some((name, rest)) => (Some(name), rest),
            None => (None, line.as_str()),
        };
        let mut words = rest.split(' ');
        let mnemonic = words.next().unwrap();
        let spec = SPECS.iter().find(|spec| spec.name == mnemonic).expect(mnemonic);
        let mut word = vec![json!(spec.opcode)];
        if spec
            .operands
            .first()
            .is_some_and(|operand| operand.accept == Accept::Result)
        {
            word.push(json!(names.len()));
        }
        for operand in words {
            word.push(match operand.parse::<i64>() {
                Ok(number) => json!(number),
                Err(_) => json!(names.get(operand).unwrap_or_else(|| panic!("{operand} in {line}"))),
            });
        }
        if let Some(defined) = defined {
            let register = names.len();
            names.insert(defined.to_owned(), register);
        }
        debug.push(json!({
            "section": name, "index": code.len(), "role": mnemonic,
            "label": defined.unwrap_or(mnemonic), "place": place,
        }));
        code.push(json!(word));
    }
    (json!({"registers": names.len(), "code": code}), names)
}
