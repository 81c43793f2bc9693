//! Each benefit is settled once and in order, and closed where it has a year end.

use serde_json::{Value, json};

use super::{Change, each_refused, each_taken, full, refused, source, taken};

/// The program with lines of its claim section taken out and others put in.
fn rewritten(at: usize, take: usize, lines: &[&str]) -> Value {
    let mut source = source();
    let claim = source["claim"].as_array_mut().unwrap();
    claim.splice(at..at + take, lines.iter().map(|line| json!(line)));
    full(source)
}

/// Where the line stands in the claim section.
fn line(text: &str) -> usize {
    let source = source();
    let claim = source["claim"].as_array().unwrap();
    claim.iter().position(|line| line == text).expect(text)
}

#[test]
fn each_benefit_is_settled_once_and_in_its_way() {
    let zero = "pay_0 = SETTLE finer row left 0";
    let four = "pay_4 = SETTLE left one left 4";
    let late = "DEFER left one 5";
    for (text, instead) in [
        (zero, vec!["pay_0 = MONEY 0 0"]),
        (zero, vec![zero, "twice = SETTLE finer row left 0"]),
        (zero, vec!["DEFER finer row 0", "pay_0 = MONEY 0 0"]),
        (zero, vec!["OFFER finer row left 0", "pay_0 = TAKE 0"]),
        (four, vec![four, "twice = SETTLE left one left 4"]),
        (
            "pay_1 = SETTLE_PARTS one left 1",
            vec!["pay_1 = SETTLE left one left 1"],
        ),
        (late, vec!["pay_5 = SETTLE left one left 5"]),
        (late, vec![]),
        (late, vec![late, late]),
        ("OFFER left one left 3", vec![]),
        ("OFFER left one left 2", vec!["DEFER left one 2"]),
        ("pay_2 = TAKE 2", vec!["pay_2 = MONEY 0 0"]),
    ] {
        refused("P808", "claim.code", &rewritten(line(text), 1, &instead));
    }
    // A choice is offered whole before any of it is taken.
    let mixed = [
        "OFFER left one left 2",
        "pay_2 = TAKE 2",
        "OFFER left one left 3",
        "pay_3 = TAKE 3",
    ];
    refused("P808", "claim.code", &rewritten(line(mixed[0]), 4, &mixed));
    // Three to choose from are offered and taken in order.
    let three = ["OFFER left one left 8", "pay_6 = TAKE 6"];
    refused(
        "P808",
        "claim.code",
        &rewritten(line(three[0]), 2, &[three[1], three[0]]),
    );
    // In order: the second before the first.
    let swapped = ["pay_7 = TAKE 7", "pay_6 = TAKE 6"];
    refused("P808", "claim.code", &rewritten(line("pay_6 = TAKE 6"), 2, &swapped));
}

#[test]
fn parts_and_yearly_shares_come_in_order() {
    let (first, second) = ("PART left 1 0", "PART left 1 1");
    let settled = "pay_1 = SETTLE_PARTS one left 1";
    let (share, next) = (
        "capped = CAP_BY_YEAR left left one 4 0",
        "again = CAP_BY_YEAR left left one 4 1",
    );
    let at = |text: &str| format!("claim.code[{}]", line(text));
    refused("P808", &at(first), &rewritten(line(first), 1, &[second]));
    refused("P808", &at(second), &rewritten(line(second), 1, &[first]));
    refused("P808", &at(second), &rewritten(line(second), 2, &[settled]));
    refused(
        "P808",
        &at(second),
        &rewritten(line(second), 0, &["early = PART_PAID 1 0"]),
    );
    refused(
        "P808",
        &at(share),
        &rewritten(line(share), 1, &[&share.replace("4 0", "4 1")]),
    );
    refused(
        "P808",
        &at(next),
        &rewritten(line(next), 1, &[&next.replace("4 1", "4 0")]),
    );
}

#[test]
fn yearly_shares_are_counted() {
    let next = "again = CAP_BY_YEAR left left one 4 1";
    let shares = |most: usize| -> Vec<String> {
        (1..most)
            .map(|n| format!("share_{n} = CAP_BY_YEAR left left one 4 {n}"))
            .collect()
    };
    let rewrite = |most| {
        let lines = shares(most);
        rewritten(line(next), 1, &lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    // Registers of what follows move along, as the names do.
    taken(&rewrite(256));
    refused("P804", "claim.code", &rewrite(257));
}

#[test]
fn a_year_end_is_closed_once() {
    let cases: &[(&str, &str, Change)] = &[
        ("P808", "year", |b| {
            b["benefits"][0]["settle"] = json!("per_claim_year_end_top_up")
        }),
        ("P808", "year", |b| b["benefits"][4]["settle"] = json!("per_claim")),
        ("P808", "year[0]", |b| b["year"][0]["out"] = json!(1)),
        ("P808", "year[1]", |b| b["year"][1]["out"] = json!(0)),
    ];
    each_refused(cases);
    let closes = |lines: Value| {
        let mut source = source();
        source["year"][1]["code"] = lines;
        full(source)
    };
    let (row, left) = ("row = ROW 1", "left = YEAR_TALLY 0");
    let (out, again) = ("out = CLOSE row left left 5", "again = CLOSE row left left 5");
    taken(&closes(json!([row, left, out])));
    refused("P808", "year[1]", &closes(json!([row, left, "out = MONEY 0 0"])));
    refused("P808", "year[1]", &closes(json!([row, left, out, again])));
    refused(
        "P808",
        "year[1]",
        &closes(json!([row, left, "out = CLOSE row left left 4"])),
    );
    let mut swapped = full(source());
    swapped["year"].as_array_mut().unwrap().swap(0, 1);
    refused("P808", "year", &swapped);
}

/// Benefits side by side, in one piece, claim by claim on the same accounts.
#[test]
fn choices_are_of_benefits_that_can_stand_for_each_other() {
    let cases: &[(&str, &str, Change)] = &[
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([2])),
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([])),
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([2, 2])),
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([3, 2])),
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([2, 4])),
        ("P808", "choices[1]", |b| b["choices"][1]["benefits"] = json!([7, 8, 9])),
        ("P808", "choices[1]", |b| b["choices"][1]["benefits"] = json!([3, 4])),
        ("P808", "choices[1]", |b| b["choices"][1]["benefits"] = json!([2, 3])),
        ("P808", "choices[1]", |b| {
            b["choices"].as_array_mut().unwrap().swap(0, 1)
        }),
        // Not in one piece; with a year end; on other accounts.
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([1, 2])),
        ("P808", "choices[0]", |b| b["choices"][0]["benefits"] = json!([3, 4])),
        ("P808", "choices[0]", |b| b["benefits"][3]["by_standing"] = json!(true)),
        ("P808", "choices[1]", |b| b["choices"][1]["by"] = json!("year")),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["choices"][0]["by"] = json!("claim"),
        |b| b["benefits"][3]["figures"][0]["limits"] = json!([["year", 5]]),
    ]);
}
