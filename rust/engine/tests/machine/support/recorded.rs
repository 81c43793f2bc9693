//! The programs of tests/recorded.jsonl: with claims, and what has to come out.

use std::sync::Arc;

use jiugao_engine::{Application, Held, Reversal};
use jiugao_program::{Program, decode};
use serde_json::Value;

use super::Claims;

/// A program with claims, and what has to come out.
pub struct Recorded {
    pub name: String,
    pub program: Arc<Program>,
    pub claims: Claims,
    pub expected: Value,
}

/// The programs of tests/recorded.jsonl.
pub fn recorded() -> Vec<Recorded> {
    let path = format!("{}/tests/recorded.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("recorded programs");
    let mut lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let usual: Value = lines.next().expect("what they say in common");
    lines
        .map(|mut line: Value| {
            fill(&mut line, &usual, "");
            Recorded {
                name: line["name"].as_str().unwrap().to_owned(),
                program: program(&line["program"]),
                claims: claims(&line["batch"]),
                expected: line["expected"].clone(),
            }
        })
        .collect()
}

/// Put back what was left out as usual (tests/program/compact.py).
fn fill(value: &mut Value, usual: &Value, path: &str) {
    match value {
        Value::Object(record) => {
            for (name, one) in usual[path].as_object().into_iter().flatten() {
                record.entry(name.clone()).or_insert_with(|| one.clone());
            }
            for (name, one) in record {
                let own = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                fill(one, usual, &own);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| fill(one, usual, path)),
        _ => {}
    }
}

/// The program, with a debug line for each of its instructions.
fn program(body: &Value) -> Arc<Program> {
    Arc::new(decode(&super::file(&super::with_debug_lines(body))).unwrap_or_else(|error| panic!("{error}")))
}

fn numbers<T: TryFrom<i64>>(values: &Value) -> Vec<T>
where
    T::Error: std::fmt::Debug,
{
    let all = values.as_array().expect("numbers").iter();
    all.map(|value| T::try_from(value.as_i64().unwrap()).unwrap()).collect()
}

/// A column of so many rows; a number stands for as many of it.
pub fn all(column: &Value, rows: usize) -> Vec<i64> {
    match column.as_i64() {
        Some(number) => vec![number; rows],
        None => numbers(column),
    }
}

fn claims(batch: &Value) -> Claims {
    let persons: Vec<usize> = numbers(&batch["persons"]);
    let held: Vec<(usize, Held)> = rows(&batch["held"])
        .map(|one| {
            let day = |value: &Value, open: i32| value.as_i64().map_or(open, |day| day as i32);
            let held = Held {
                mask: one[1].as_i64().unwrap(),
                start: day(&one[2], i32::MIN),
                end: day(&one[3], i32::MAX),
            };
            (one[0].as_u64().unwrap() as usize, held)
        })
        .collect();
    let days: Vec<i32> = numbers(&batch["days"]);
    let inputs: Vec<Vec<i64>> = rows(&batch["inputs"]).map(|column| all(column, days.len())).collect();
    Claims {
        days,
        constants: vec![0; inputs.len()],
        inputs,
        masks: batch["masks"].is_array().then(|| numbers(&batch["masks"])),
        offsets: (0..persons.len())
            .map(|person| held.iter().filter(|(of, _)| *of < person).count())
            .collect(),
        intervals: held.iter().map(|(_, held)| *held).collect(),
        applications: rows(&batch["applications"])
            .map(|one| Application {
                person: one[0].as_u64().unwrap() as usize,
                day: one[1].as_i64().unwrap() as i32,
                identity: one[2].as_u64().unwrap() as u32,
            })
            .collect(),
        reversals: rows(&batch["reversals"])
            .map(|one| Reversal {
                row: one[0].as_u64().unwrap() as usize,
                original: one[1].as_u64().map(|row| row as usize),
            })
            .collect(),
        persons,
    }
}

pub fn rows(values: &Value) -> impl Iterator<Item = &Value> {
    values.as_array().expect("rows").iter()
}
