//! The files of tests/recorded: programs, claims, and what has to come out.

use std::sync::Arc;

use jiugao_engine::{Application, Held, Reversal};
use jiugao_program::{Program, decode};
use serde_json::Value;

use super::Claims;

/// Every file of tests/recorded, by name.
pub fn recorded() -> Vec<(String, Value)> {
    let folder = format!("{}/tests/recorded", env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<(String, Value)> = std::fs::read_dir(folder)
        .expect("a folder of recorded programs")
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (path.display().to_string(), serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The program, with a debug line for each of its instructions.
pub fn program(body: &Value) -> Arc<Program> {
    Arc::new(decode(&super::file(&super::with_debug_lines(body))).unwrap_or_else(|error| panic!("{error}")))
}

fn numbers<T: TryFrom<i64>>(values: &Value) -> Vec<T>
where
    T::Error: std::fmt::Debug,
{
    let all = values.as_array().expect("numbers").iter();
    all.map(|value| T::try_from(value.as_i64().unwrap()).unwrap()).collect()
}

pub fn claims(batch: &Value) -> Claims {
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
    let inputs: Vec<Vec<i64>> = rows(&batch["inputs"]).map(numbers).collect();
    Claims {
        days: numbers(&batch["days"]),
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
