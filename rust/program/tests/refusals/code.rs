//! Instructions: words, operands, kinds, scales and bounds of registers.

use serde_json::{Value, json};

use super::{Change, each_refused, full, many, refused, source, taken};

/// The program with lines added at the end of a section, and the place of the last.
fn added(section: &str, lines: &[&str]) -> (Value, String) {
    let mut source = source();
    let code = match section {
        "claim" => &mut source["claim"],
        "year:4" => &mut source["year"][0]["code"],
        _ => &mut source[section]["code"],
    };
    let code = code.as_array_mut().unwrap();
    code.extend(lines.iter().map(|line| json!(line)));
    let place = format!("{section}.code[{}]", code.len() - 1);
    (full(source), place)
}

fn no(code: &str, lines: &[&str]) {
    let (body, place) = added("claim", lines);
    refused(code, &place, &body);
}

fn yes(lines: &[&str]) {
    taken(&added("claim", lines).0);
}

#[test]
fn words_are_those_of_an_instruction() {
    let cases: &[(&str, &str, Change)] = &[
        ("P806", "claim.code[2]", |b| b["claim"]["code"][2][0] = json!(999)),
        ("P806", "claim.code[2]", |b| b["claim"]["code"][2] = json!([])),
        ("P806", "claim.code[0]", |b| {
            b["claim"]["code"][0].as_array_mut().unwrap().push(json!(0))
        }),
        ("P806", "claim.code[2]", |b| b["claim"]["code"][2][2] = json!(-1)),
        ("P807", "claim.code[1]", |b| b["claim"]["code"][1][1] = json!(7)),
        ("P807", "claim.code[1]", |b| b["claim"]["code"][1][1] = json!(0)),
        ("P807", "claim.registers", |b| b["claim"]["registers"] = json!(3)),
        ("P803", "debug", |b| {
            let first = b["claim"]["code"][0].clone();
            b["claim"]["code"].as_array_mut().unwrap().push(first);
        }),
    ];
    each_refused(cases);
}

#[test]
fn a_section_is_of_so_many_instructions() {
    let mut source = source();
    let code = source["watch"]["code"].as_array_mut().unwrap();
    code.resize(16_385, json!("more = DAY"));
    refused("P804", "watch.code", &full(source));
}

#[test]
fn instructions_stand_in_their_sections() {
    for (section, line) in [
        ("year:4", "x = INPUT 1"),
        ("watch", "x = INPUT 1"),
        ("watch", "TALLY sum 0"),
        ("enrolment", "x = CLASS"),
        ("enrolment", "x = YEAR_TALLY 0"),
        ("claim", "x = YEAR_TALLY 0"),
        ("claim", "x = CLOSE row left left 4"),
    ] {
        let (body, place) = added(section, &[line]);
        refused("P806", &place, &body);
    }
    // Inputs of the enrolment file there and nowhere else.
    no("P806", &["x = INPUT 10"]);
    let (body, place) = added("enrolment", &["x = INPUT 1"]);
    refused("P806", &place, &body);
    // A text of which no rule asks for any is not read.
    no("P806", &["x = INPUT 9"]);
    yes(&["x = INPUT 5", "y = INPUT 8"]);
}

#[test]
fn operands_are_of_their_lists() {
    for line in [
        "x = INPUT 11",
        "x = LOOKUP class 6",
        "x = IN_SET kind 1",
        "x = REGIME 1",
        "x = LISTED kind day 1",
        "TALLY left 2",
        "x = SETTLE left one left 9",
        "DEFER left one 9",
        "x = TAKE 9",
        "x = HOLDS 16",
        "x = HOLDS 17",
        "x = DATE 2932897",
        "x = DATE -719163",
        "x = ROW 65536",
        "PART left 1 2",
        "x = PART_PAID 1 2",
    ] {
        no("P805", &[line]);
    }
    let numbers = [
        "x = MONEY 1 7",
        "x = FLAG 2",
        "x = ROUND finer 3 1",
        "x = ROUND finer 0 50",
        "x = ROUND finer 0 0",
        "x = RESCALE left 0",
        "x = RADIX class 1 flag",
        "x = HOLDS 0",
        "x = DATE 9999999999",
        "x = MULTIPLY left -1 0",
    ];
    for line in numbers {
        no("P806", &[line]);
    }
    yes(&[
        "a = LOOKUP class 0",
        "b = LOOKUP flag 5",
        "c = IN_SET kind 0",
        "d = REGIME 0",
        "e = LISTED kind day 0",
        "f = HOLDS 15",
        "g = DATE 2932896",
        "h = DATE -719162",
        "i = ROW 65535",
        "j = MONEY 1 6",
        "k = ROUND finer 2 100",
        "l = ROUND finer 0 1",
        "m = HOLDS 8",
    ]);
}

#[test]
fn registers_are_of_their_kinds() {
    for line in [
        "x = ADD class class",
        "x = ADD total count",
        "x = ADD left finer",
        "x = ADD total 99",
        "x = ADD 99 total",
        "x = AND flag total",
        "x = SHIFT total 1",
        "x = LISTED class day 0",
        "x = IN_SET flag 0",
        "x = CHOOSE total left left",
        "x = CHOOSE flag kind kind",
        "x = LT flag flag",
        "TALLY finer 0",
        "TALLY left 1",
        "TALLY count 0",
        "TALLY 99 0",
        "x = SETTLE left row left 0",
        "x = SETTLE count row left 4",
        "x = SETTLE left one finer 4",
        "x = SETTLE left one count 4",
        "x = SETTLE left class left 4",
        "x = LOOKUP total 0",
        "x = TIMES left left 0",
        "x = MIN left finer",
    ] {
        no("P807", &[line]);
    }
}

#[test]
fn money_is_no_finer_than_it_can_be() {
    yes(&[
        "a = RESCALE finer 5",
        "b = MULTIPLY left 5 6",
        "c = TIMES left count 6",
        "d = RESCALE left 6",
    ]);
    no("P807", &["a = RESCALE finer 6"]);
    no("P807", &["a = MULTIPLY finer 5 6"]);
    no("P807", &["a = MONEY 1 6", "b = TIMES a count 1"]);
    // The scale is that of the operand and the power together.
    yes(&["a = RESCALE finer 2", "b = MONEY 1 3", "c = ADD a b"]);
    no("P807", &["a = RESCALE finer 2", "b = MONEY 1 2", "c = ADD a b"]);
    yes(&["a = MULTIPLY finer 3 1", "b = MONEY 1 2", "c = ADD a b"]);
    no("P807", &["a = MULTIPLY finer 3 1", "b = MONEY 1 3", "c = ADD a b"]);
}

#[test]
fn what_is_looked_up_has_kind_and_scale_of_the_table() {
    yes(&["a = LOOKUP flag 1", "i = RADIX flag 2 flag", "b = LOOKUP i 0"]);
    yes(&[
        "two = CHOOSE flag one one",
        "a = LOOKUP two 2",
        "b = MONEY 1 6",
        "c = ADD a b",
    ]);
    no("P807", &["a = LOOKUP one 2", "b = MONEY 1 5", "c = ADD a b"]);
    yes(&["a = INPUT 6", "zero = ROW 0", "b = LOOKUP zero 3", "c = ADD a b"]);
    yes(&["zero = ROW 0", "a = LOOKUP zero 4", "b = LT a day"]);
    yes(&["a = LOOKUP flag 5", "b = AND a flag"]);
    no("P807", &["a = LOOKUP one 2", "b = AND a flag"]);
    let (body, place) = added("watch", &["x = ADD sum fine"]);
    refused("P807", &place, &body);
}

/// A table is as long as what it is asked for, a row is one that the benefit has.
#[test]
fn bounds_are_known_and_kept() {
    // Classes: three, and none.
    let short: &[(&str, &str, Change)] = &[
        ("P807", "claim.code[5]", |b| b["tables"][0]["values"] = json!([0, 1, 2])),
        ("P807", "claim.code[9]", |b| {
            b["tables"][0]["values"] = json!([0, 1, 3, 0])
        }),
    ];
    each_refused(short);
    yes(&["a = LOOKUP kind 2"]);
    no("P807", &["a = LOOKUP kind 1"]);
    no("P807", &["a = LOOKUP kind 4"]);
    yes(&["level = INPUT 8", "a = LOOKUP level 1"]);
    yes(&["era = REGIME 0", "a = LOOKUP era 2"]);
    no("P807", &["era = REGIME 0", "a = LOOKUP era 1"]);
    yes(&["two = ROW 2", "a = LOOKUP two 2"]);
    no("P807", &["three = ROW 3", "a = LOOKUP three 2"]);
    yes(&["a = RADIX flag 2 flag", "b = LOOKUP a 0"]);
    no("P807", &["a = RADIX flag 3 flag", "b = LOOKUP a 0"]);
    no("P807", &["a = RADIX flag 2 class"]);
    yes(&["a = RADIX class 4 class"]);
    yes(&["a = ROW 32767", "b = RADIX a 2 flag"]);
    no("P807", &["a = ROW 32768", "b = RADIX a 2 flag"]);
    // Of two rows the larger counts, whichever it is.
    for order in ["a = CHOOSE flag one three", "a = CHOOSE flag three one"] {
        no("P807", &["three = ROW 3", order, "b = LOOKUP a 2"]);
        yes(&["three = ROW 3", order, "b = LOOKUP a 0"]);
    }
    // What a table of rows gives is bounded by its largest value: 2.
    yes(&["b = LOOKUP row 2"]);
    no("P807", &["b = LOOKUP row 1"]);
    yes(&["a = LOOKUP flag 1", "b = LOOKUP a 1"]);
}

#[test]
fn rows_are_those_of_the_benefit() {
    let sections = [
        ("claim", "x = SETTLE left two left 4"),
        ("claim", "DEFER left two 5"),
        ("claim", "x = CAP_BY_YEAR left left two 4 2"),
        ("claim", "x = SETTLE_PARTS three left 1"),
        ("year:4", "x = CLOSE two left left 4"),
    ];
    for (section, line) in sections {
        let (body, place) = added(section, &["two = ROW 2", "three = ROW 3", line]);
        refused("P807", &place, &body);
    }
}

#[test]
fn lists_of_registers_have_no_end_of_their_own() {
    // A table of 65,536 values is reached to its last.
    let mut source = source();
    source["tables"]
        .as_array_mut()
        .unwrap()
        .push(json!({"kind": "flag", "scale": 0, "values": many(65_536, &json!(0))}));
    let claim = source["claim"].as_array_mut().unwrap();
    claim.extend(["last = ROW 65535", "found = LOOKUP last 6"].map(|line| json!(line)));
    taken(&full(source));
}
