//! A program file comes in, one with a changed body and the right digest goes out: damage that gets past the head.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiugao_program::isa::{Accept, SPECS, Spec};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Random;

const MAGIC: &[u8] = b"JIUGAO-RULESC 1\n";
const HEAD: usize = MAGIC.len() + 65;
const KEPT: usize = 32;
/// Never run: changed seldom.
const TOLD: [&str; 5] = ["sources", "debug", "settings", "parameters", "place"];
const NUMBERS: [i64; 22] = [
    0,
    1,
    -1,
    2,
    3,
    6,
    7,
    61,
    62,
    63,
    64,
    126,
    127,
    255,
    1024,
    32_767,
    65_535,
    65_536,
    i32::MAX as i64,
    i32::MIN as i64,
    i64::MAX,
    i64::MIN,
];

/// Parts of bodies seen before, by what holds them: they are put into others.
#[derive(Debug, Default)]
pub struct Bank(BTreeMap<String, Vec<Value>>);

impl Bank {
    fn keep(&mut self, key: &str, value: &Value, random: &mut Random) {
        let kept = self.0.entry(key.to_owned()).or_default();
        if kept.len() < KEPT {
            kept.push(value.clone());
        } else if let Some(old) = kept.get_mut(random.index(KEPT * 8)) {
            *old = value.clone();
        }
    }
}

/// The bytes of a program file with this body.
#[must_use]
pub fn seal(body: &str) -> Vec<u8> {
    let digest = Sha256::digest(body).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    });
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(digest.as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

/// `bytes` with its body changed and its digest right; none if there is no body of JSON.
#[must_use]
pub fn mutated(bytes: &[u8], seed: u64, bank: &mut Bank) -> Option<Vec<u8>> {
    let mut random = Random(seed);
    let mut body: Value = serde_json::from_slice(bytes.get(HEAD..)?).ok()?;
    for _ in 0..[1, 1, 1, 2, 3].get(random.index(5)).copied().unwrap_or(1) {
        if random.once_in(3) {
            instruction(&mut body, &mut random);
        } else {
            somewhere(&mut body, bank, &mut random);
        }
    }
    Some(seal(&body.to_string()))
}

/// How many values there are, each told part counted as one.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(size).sum(),
        Value::Object(object) => object.iter().map(|(key, value)| size_under(key, value)).sum(),
        _ => 0,
    }
}

fn size_under(key: &str, value: &Value) -> usize {
    if TOLD.contains(&key) { 1 } else { size(value) }
}

/// Change the value at a drawn place.
fn somewhere(body: &mut Value, bank: &mut Bank, random: &mut Random) {
    let mut left = random.index(size(body));
    let (mut value, mut name) = (body, String::new());
    loop {
        if left == 0 {
            break;
        }
        left -= 1;
        let next = match value {
            Value::Array(list) => list.iter_mut().find_map(|value| {
                let size = size(value);
                if left < size {
                    return Some(value);
                }
                left -= size;
                None
            }),
            Value::Object(object) => {
                let mut found = None;
                for (key, value) in object.iter_mut() {
                    let size = size_under(key, value);
                    if left < size {
                        name.clone_from(key);
                        found = Some(value);
                        break;
                    }
                    left -= size;
                }
                found
            }
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return,
        }
    }
    bank.keep(&name, value, random);
    if random.once_in(6)
        && let Some(other) = bank.0.get(&name).and_then(|kept| random.pick(kept))
    {
        *value = other.clone();
        return;
    }
    change(value, random);
}

fn change(value: &mut Value, random: &mut Random) {
    match value {
        Value::Null => *value = json!(random.between(-2, 20_000)),
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(number) => {
            let old = number.as_i64().unwrap_or(0);
            let new = match random.index(8) {
                0 => *random.pick(&NUMBERS).unwrap_or(&0),
                1 => old.saturating_add(1),
                2 => old.saturating_sub(1),
                3 => old.checked_neg().unwrap_or(0),
                4 => old ^ (1 << random.index(63)),
                5 => random.between(0, 12),
                6 => random.between(0, 400_000),
                _ => random.bits().cast_signed() >> random.index(62),
            };
            *value = if random.once_in(24) { Value::Null } else { json!(new) };
        }
        Value::String(text) => match random.index(4) {
            0 => text.clear(),
            1 => text.push('x'),
            2 => *text = "year".into(),
            _ => *text = "claim".into(),
        },
        Value::Array(list) => change_list(list, random),
        Value::Object(object) => {
            let keys: Vec<String> = object.keys().cloned().collect();
            if let Some(key) = random.pick(&keys) {
                match random.index(3) {
                    0 => drop(object.remove(key)),
                    1 => drop(object.insert(key.clone(), Value::Null)),
                    _ => drop(object.insert(format!("{key}x"), Value::Null)),
                }
            }
        }
    }
}

fn change_list(list: &mut Vec<Value>, random: &mut Random) {
    let at = random.index(list.len());
    match random.index(5) {
        0 if !list.is_empty() => drop(list.remove(at)),
        1 if !list.is_empty() => list.insert(at, list.get(at).cloned().unwrap_or_default()),
        2 if !list.is_empty() => {
            let other = random.index(list.len());
            list.swap(at, other);
        }
        3 => list.truncate(at),
        _ => {
            // As many again: what happens near a cap.
            let again = list.clone();
            list.extend(again);
        }
    }
}

/// Where instructions are: of a claim, of a year end, of indicators, of enrolments.
fn a_section<'a>(body: &'a mut Value, random: &mut Random) -> Option<&'a mut Value> {
    match random.index(6) {
        0 => body.get_mut("watch"),
        1 => body.get_mut("enrolment"),
        2 => {
            let years = body.get_mut("year")?.as_array_mut()?;
            let at = random.index(years.len());
            years.get_mut(at)
        }
        _ => body.get_mut("claim"),
    }
}

/// Put an instruction in another's place, with a result where that had one; or give one other operands.
fn instruction(body: &mut Value, random: &mut Random) -> Option<()> {
    let section = a_section(body, random)?;
    let code = section.get_mut("code")?.as_array_mut()?;
    let at = random.index(code.len());
    let words = code.get_mut(at)?.as_array_mut()?;
    let opcode = words.first()?.as_i64()?;
    let old = SPECS.iter().find(|spec| spec.opcode == opcode)?;
    let result = has_result(old).then(|| words.get(1).cloned()).flatten();
    let spec = if random.once_in(2) {
        old
    } else {
        let alike: Vec<&Spec> = SPECS
            .iter()
            .filter(|spec| has_result(spec) == has_result(old))
            .collect();
        random.pick(&alike).copied()?
    };
    let registers = result.as_ref().and_then(Value::as_i64).unwrap_or(20);
    let mut changed = vec![json!(spec.opcode)];
    for (n, operand) in spec.operands.iter().enumerate() {
        let kept = words.get(n + 1).filter(|_| spec == old && !random.once_in(3)).cloned();
        changed.push(match (operand.accept, kept) {
            (Accept::Result, _) => result.clone().unwrap_or_default(),
            (_, Some(kept)) => kept,
            (Accept::Number(low, high), _) => {
                let top = high.min(low.saturating_add(if random.once_in(4) { 5_000_000 } else { 8 }));
                json!(random.between(low, top.saturating_add(1)))
            }
            (Accept::Kinds(_) | Accept::Like(_) | Accept::Fen | Accept::BaseOf(_), _) => {
                json!(random.between(0, registers))
            }
            _ => json!(random.between(0, 6)),
        });
    }
    *words = changed;
    Some(())
}

fn has_result(spec: &Spec) -> bool {
    spec.operands.iter().any(|operand| operand.accept == Accept::Result)
}
