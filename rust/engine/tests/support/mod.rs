//! Programs in assembly come in (JSON with named registers), verified programs go out; batches are made by hand.

#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of it")]

pub mod random;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use jiugao_engine::{Application, Batch, Column, EngineError, Held, Identities, Machine, Options, Results, Reversal};
use jiugao_program::isa::{Accept, SPECS};
use jiugao_program::{Program, ProgramError};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// At least so many cases, the same ones every time: a change is judged by what it changed, not by its luck. The long
/// run draws new ones (`PROPTEST_RNG_SEED` repeats a draw).
pub fn cases(least: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let drawn = std::env::var("JIUGAO_PROPERTIES").is_ok_and(|which| which == "long");
    ProptestConfig {
        cases: given.cases.max(least),
        failure_persistence: None,
        rng_seed: match given.rng_seed {
            RngSeed::Random if !drawn => RngSeed::Fixed(2022),
            seed => seed,
        },
        ..given
    }
}

/// A program of tests/programs.
pub fn program(name: &str) -> Arc<Program> {
    let path = format!("{}/tests/programs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a program of tests/programs");
    assemble(serde_json::from_str(&text).expect("JSON"))
}

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
    let digest = Sha256::digest(body).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    format!("JIUGAO-RULESC 1\n{digest}\n{body}").into_bytes()
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
    json!({
        "compiler": "tests", "settings": {}, "sources": [], "parameters": [],
        "policy": {"code": "test", "name": "test", "citation": "", "clauses": []},
        "inputs": inputs, "day_input": 0, "fund_columns": [], "standing": null,
        "identities": take("identities", json!([])), "identity_codes": {},
        "classes": classes, "force": take("force", json!({"start": -700000, "end": null, "claims_from": -700000, "counts_from": null})),
        "known_until": take("known_until", json!({"claim": null, "watch": null, "enrolment": null})),
        "change_days": take("change_days", json!([])), "order_dependent": [],
        "limits": take("limits", json!([])), "benefits": benefits,
        "tables": take("tables", json!([])), "sets": take("sets", json!([])),
        "dates": take("dates", json!([])), "lists": take("lists", json!([])), "tallies": take("tallies", json!([])),
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

/// 2023-01-01.
pub const NEW_YEAR: i32 = 19_358;

/// A day of 2023.
pub fn day(month: u32, day: u32) -> i32 {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    NEW_YEAR + before[month as usize - 1] + day as i32 - 1
}

/// A batch that owns its columns.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    pub persons: Vec<usize>,
    pub days: Vec<i32>,
    /// By input; an empty one is constant.
    pub inputs: Vec<Vec<i64>>,
    pub constants: Vec<i64>,
    /// A mask a row, or none: intervals.
    pub masks: Option<Vec<i64>>,
    pub offsets: Vec<usize>,
    pub intervals: Vec<Held>,
    pub applications: Vec<Application>,
    pub reversals: Vec<Reversal>,
}

impl Claims {
    /// One person without claims yet.
    pub fn of_one(inputs: usize, intervals: &[Held]) -> Self {
        Self {
            persons: vec![0, 0],
            inputs: vec![Vec::new(); inputs],
            constants: vec![0; inputs],
            offsets: vec![0, intervals.len()],
            intervals: intervals.to_vec(),
            ..Self::default()
        }
    }

    /// A claim of the last person: values of the inputs but the day.
    pub fn claim(&mut self, day: i32, values: &[i64]) -> &mut Self {
        self.days.push(day);
        for (column, value) in self.inputs.iter_mut().skip(1).zip(values) {
            column.push(*value);
        }
        *self.persons.last_mut().unwrap() = self.days.len();
        self
    }

    pub fn reversal(&mut self, day: i32, original: usize) -> &mut Self {
        let values: Vec<i64> = self.inputs.iter().skip(1).map(|column| column[original]).collect();
        self.claim(day, &values);
        let row = self.days.len() - 1;
        self.reversals.push(Reversal {
            row,
            original: Some(original),
        });
        self
    }

    pub fn with<R>(&self, run: impl FnOnce(&Batch<'_>) -> R) -> R {
        let inputs: Vec<Column<'_>> = self
            .inputs
            .iter()
            .zip(&self.constants)
            .map(|(column, constant)| match column.is_empty() {
                true => Column::Constant(*constant),
                false => Column::Values(column),
            })
            .collect();
        run(&Batch {
            persons: &self.persons,
            days: &self.days,
            inputs: &inputs,
            identities: match &self.masks {
                Some(masks) => Identities::ByRow(masks),
                None => Identities::ByPerson {
                    offsets: &self.offsets,
                    intervals: &self.intervals,
                },
            },
            applications: &self.applications,
            reversals: &self.reversals,
            openings: &[],
        })
    }

    /// Settle in blocks and one by one, which have to agree.
    pub fn settle(&self, program: &Arc<Program>) -> Result<Results, EngineError> {
        let options = Options {
            records: true,
            close: true,
            details: true,
            amounts_only: false,
            totals: None,
        };
        let mut machine = Machine::new(program.clone(), options);
        let (mut blocks, mut single) = (Results::default(), Results::default());
        let one = self.with(|batch| machine.settle(batch, &mut blocks));
        let other = self.with(|batch| machine.settle_one_by_one(batch, &mut single));
        assert_eq!(one, other);
        if one.is_ok() {
            assert_eq!(blocks, single);
        }
        one.map(|()| blocks)
    }
}

/// Held without end.
pub fn always(mask: i64) -> Held {
    Held {
        mask,
        start: i32::MIN,
        end: i32::MAX,
    }
}
