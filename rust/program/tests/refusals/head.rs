//! Head, digest, canonical form, and what a program says of itself.

use jiugao_program::isa::{Instruction, SPECS, spec};
use jiugao_program::{InputKind, MeasureKind, YearBegin, decode};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{assembly, refused, taken, whole};

fn code_of(bytes: &[u8]) -> (&'static str, String) {
    let error = decode(bytes).expect_err("no program");
    (error.code, error.place)
}

#[test]
fn the_head_is_checked() {
    let good = assembly::file(&whole());
    assert!(decode(&good).is_ok());
    let head = ("P801", "head".to_owned());
    assert_eq!(code_of(b""), head);
    assert!(decode(b"").unwrap_err().cause.contains("not a program file"));
    let mut newer = good.clone();
    newer[14] = b'2';
    assert_eq!(code_of(&newer), head);
    assert!(decode(&newer).unwrap_err().cause.contains("another version"));
    assert_eq!(code_of(&good[..40]), head);
    let mut no_line = good.clone();
    no_line[16 + 64] = b' ';
    assert_eq!(code_of(&no_line), head);
}

#[test]
fn the_digest_is_that_of_the_body() {
    let body = whole().to_string();
    let good = assembly::file_of_text(&body);
    let mut changed = good.clone();
    *changed.last_mut().unwrap() = b' ';
    let wrong = ("P802", "head".to_owned());
    assert_eq!(code_of(&changed), wrong);
    let mut longer = good.clone();
    longer.push(b'\n');
    assert_eq!(code_of(&longer), wrong);
    let mut named = good;
    named[20] = if named[20] == b'0' { b'1' } else { b'0' };
    assert_eq!(code_of(&named), wrong);
    let program = taken(&whole());
    let digest: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(program.digest(), digest);
    assert_eq!(program.body(), body);
}

#[test]
fn only_canonical_bodies_are_taken() {
    let spaced = whole().to_string().replacen('{', "{ ", 1);
    // The digest fits, the spelling does not.
    assert_eq!(code_of(&assembly::file_of_text(&spaced)), ("P803", "body".into()));
    let text = whole().to_string();
    let cut = assembly::file_of_text(&text[..text.len() - 1]);
    assert_eq!(decode(&cut).unwrap_err().code, "P803");
    let mut bytes = b"JIUGAO-RULESC 1\n".to_vec();
    let body = [b'"', 0xff, b'"'];
    bytes.extend(
        Sha256::digest(body)
            .iter()
            .flat_map(|byte| format!("{byte:02x}").into_bytes()),
    );
    bytes.push(b'\n');
    bytes.extend(body);
    assert_eq!(code_of(&bytes), ("P803", "body".into()));
    let mut more = whole();
    more["surprise"] = json!(1);
    assert_eq!(decode(&assembly::file(&more)).unwrap_err().code, "P803");
}

/// More than 64 MiB are not even looked at: the digest would not fit either.
#[test]
fn a_body_has_a_size_that_is_not_passed() {
    assert_eq!(code_of(&blank(MOST + 1)), ("P804", "body".into()));
}

#[test]
#[ignore = "seconds without optimisation: `make long`"]
fn a_body_of_just_that_size_is_looked_at() {
    assert_eq!(code_of(&blank(MOST)), ("P802", "head".into()));
}

const MOST: usize = 64 << 20;

/// A file whose body is so many blanks.
fn blank(length: usize) -> Vec<u8> {
    let mut bytes = b"JIUGAO-RULESC 1\n".to_vec();
    bytes.extend([b'0'; 64]);
    bytes.push(b'\n');
    bytes.resize(bytes.len() + length, b' ');
    bytes
}

#[test]
fn words_are_instructions_and_back() {
    for expected in SPECS {
        let words: Vec<i64> = std::iter::once(expected.opcode)
            .chain((0..expected.operands.len()).map(|n| n as i64))
            .collect();
        let instruction = Instruction::decode(&words).expect(expected.name);
        assert_eq!(instruction.opcode(), expected.opcode);
        assert_eq!(spec(expected.opcode).map(|found| found.name), Some(expected.name));
        let few = Instruction::decode(&words[..words.len() - 1]);
        assert!(few.is_err(), "{}", expected.name);
    }
    assert!(spec(9999).is_none());
    let cause = Instruction::decode(&[]).unwrap_err().to_string();
    assert_eq!(cause, "empty instruction");
}

#[test]
fn the_day_input_and_the_year_are_those_of_the_file() {
    let mut body = whole();
    assert_eq!(taken(&body).year_begins(), YearBegin { month: 1, day: 1 });
    assert_eq!(taken(&body).day_input(), 0);
    body["day_input"] = json!(7);
    body["year_begins"] = json!({"month": 7, "day": 2});
    assert_eq!(taken(&body).day_input(), 7);
    assert_eq!(taken(&body).year_begins(), YearBegin { month: 7, day: 2 });
}

#[test]
fn texts_are_read_where_rules_ask_for_some() {
    let program = taken(&whole());
    for input in program.inputs() {
        let read = input.register().is_some();
        assert_eq!(read, input.kind != InputKind::Text || !input.codes.is_empty());
    }
}

#[test]
fn codes_do_not_add_up() {
    assert!(MeasureKind::Money.adds() && MeasureKind::Flag.adds());
    assert!(!MeasureKind::Code.adds());
}

#[test]
fn debug_lines_are_those_of_the_sections() {
    let mut body = whole();
    body["debug"][1]["index"] = json!(2);
    refused("P803", "debug[1]", &body);
    body = whole();
    body["debug"][0]["section"] = json!("elsewhere");
    refused("P803", "debug[1]", &body);
    body = whole();
    body["debug"].as_array_mut().unwrap().pop();
    refused("P803", "debug", &body);
    body = whole();
    let line = json!({"section": "elsewhere", "index": 0, "role": "", "label": "", "place": body["debug"][0]["place"]});
    body["debug"].as_array_mut().unwrap().push(line);
    refused("P803", "debug", &body);
    let program = taken(&whole());
    assert_eq!(program.claim().debug.len(), program.claim().code.len());
    assert_eq!(program.claim().debug[0].label, "class");
    assert_eq!(program.watch().debug[0].label, "sum");
}
