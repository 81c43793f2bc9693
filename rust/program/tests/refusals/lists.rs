//! Everything that is neither code nor figures: lengths, positions, masks, days, places.

use serde_json::{Value, json};

use super::{Change, each_refused, each_taken, many};

#[test]
fn lists_are_of_so_many_entries() {
    let cases: &[(&str, &str, Change)] = &[
        ("P804", "identities", |b| b["identities"] = many(63, &json!("a"))),
        ("P804", "classes", |b| b["classes"] = many(127, &b["classes"][2])),
        ("P804", "change_days", |b| {
            b["change_days"] = json!((0..65_537).collect::<Vec<_>>())
        }),
        ("P804", "limits", |b| b["limits"] = many(65, &b["limits"][0])),
        ("P804", "benefits", |b| b["benefits"] = many(65, &b["benefits"][0])),
        ("P804", "subsidies", |b| b["subsidies"] = many(65, &b["subsidies"][0])),
        ("P804", "sets", |b| b["sets"] = many(65_537, &json!([]))),
        ("P804", "dates", |b| b["dates"] = many(65_537, &json!([5]))),
        ("P804", "tallies", |b| b["tallies"] = many(257, &json!(0))),
        ("P804", "warnings", |b| b["warnings"] = many(257, &b["warnings"][0])),
        ("P804", "measures", |b| b["measures"] = many(257, &b["measures"][0])),
        ("P804", "year", |b| b["year"] = many(65, &b["year"][0])),
        ("P804", "inputs[3]", |b| {
            b["inputs"][3]["codes"] = many(65_537, &json!("x"));
            b["inputs"][3]["labels"] = many(65_537, &json!("x"));
        }),
        ("P804", "sets[0]", |b| {
            b["sets"][0] = json!((0..65_537).collect::<Vec<_>>())
        }),
        ("P804", "dates[0]", |b| {
            b["dates"][0] = json!((0..65_536).collect::<Vec<_>>())
        }),
        ("P804", "tables[3]", |b| {
            b["tables"][3]["values"] = many(65_537, &json!(5))
        }),
        ("P804", "lists[0]", |b| {
            b["lists"][0]["rows"] = many(65_537, &json!([0, null, null]))
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["identities"] = many(62, &json!("a")),
        |b| b["limits"] = many(64, &b["limits"][0]),
        |b| b["change_days"] = json!((0..65_536).collect::<Vec<_>>()),
        |b| b["tallies"] = json!([vec![0, 1], vec![0; 254]].concat()),
        |b| {
            b["dates"][0] = json!((0..3).collect::<Vec<_>>());
            b["change_days"] = b["dates"][0].clone();
        },
    ]);
}

/// Lists with so many entries that a debug build takes seconds for each.
#[test]
#[ignore = "half a minute without optimisation: `make long`"]
fn long_lists_are_of_so_many_entries() {
    let cases: &[(&str, &str, Change)] = &[
        ("P804", "sources", |b| b["sources"] = many(65_537, &b["sources"][0])),
        ("P804", "inputs", |b| b["inputs"] = many(65_537, &b["inputs"][0])),
        ("P804", "tables", |b| b["tables"] = many(65_537, &b["tables"][3])),
        ("P804", "lists", |b| b["lists"] = many(65_537, &b["lists"][0])),
        ("P804", "parameters", |b| {
            b["parameters"] = many(65_537, &b["parameters"][0])
        }),
        ("P804", "benefits[5]", |b| {
            let row = b["benefits"][5]["figures"][0].clone();
            b["benefits"][5]["figures"] = many(65_536, &row);
        }),
    ];
    each_refused(cases);
    each_taken(&[|b| {
        let row = b["benefits"][5]["figures"][0].clone();
        b["benefits"][5]["figures"] = many(65_535, &row);
    }]);
}

/// A position is a bit of a mask, and of masks there are as many as identities.
#[test]
fn all_identities_can_be_asked_for() {
    each_taken(&[|b| {
        b["identities"] = many(62, &json!("a"));
        b["classes"][2]["any"] = json!((1_i64 << 62) - 1 - 3);
    }]);
    each_refused(&[("P805", "classes[2]", |b| {
        b["identities"] = many(62, &json!("a"));
        b["classes"][2]["any"] = json!(1_i64 << 62);
    })]);
}

#[test]
fn inputs_are_columns_of_a_kind() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "day_input", |b| b["day_input"] = json!(11)),
        ("P805", "day_input", |b| b["day_input"] = json!(1)),
        ("P805", "day_input", |b| b["inputs"][0]["table"] = json!("enrolment")),
        ("P803", "inputs[3]", |b| b["inputs"][3]["labels"] = json!(["x"])),
        ("P803", "inputs[1]", |b| {
            b["inputs"][1]["codes"] = json!(["x"]);
            b["inputs"][1]["labels"] = json!(["x"]);
        }),
        ("P803", "inputs[1]", |b| b["inputs"][1]["required"] = json!(false)),
        ("P803", "inputs[1]", |b| b["inputs"][1]["default"] = json!(0)),
        ("P803", "inputs[5]", |b| b["inputs"][5]["default"] = json!(0)),
        ("P803", "inputs[7]", |b| b["inputs"][7]["default"] = json!(0)),
        ("P803", "inputs[3]", |b| b["inputs"][3]["required"] = json!(false)),
        ("P805", "fund_columns[0]", |b| b["fund_columns"] = json!([11])),
        ("P805", "fund_columns[1]", |b| b["fund_columns"] = json!([2, 6])),
        ("P805", "benefits[0].actual[0]", |b| {
            b["benefits"][0]["actual"] = json!([0])
        }),
        ("P805", "subsidies[0].actual[0]", |b| {
            b["subsidies"][0]["actual"] = json!([3])
        }),
        ("P805", "subsidies[0].actual[0]", |b| {
            b["subsidies"][0]["actual"] = json!([99])
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["inputs"][5]["required"] = json!(false),
        |b| b["inputs"][7]["required"] = json!(false),
        |b| b["inputs"][9]["required"] = json!(false),
        |b| b["inputs"][8]["table"] = json!("claims"),
    ]);
}

/// Optional, with what an absent value counts as.
fn with_default(body: &mut Value, input: usize, default: i64) {
    body["inputs"][input]["required"] = json!(false);
    body["inputs"][input]["default"] = json!(default);
}

#[test]
fn what_an_absent_value_counts_as_is_of_its_kind() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "inputs[3]", |b| with_default(b, 3, 2)),
        ("P805", "inputs[3]", |b| with_default(b, 3, -2)),
        ("P805", "inputs[4]", |b| with_default(b, 4, 2)),
        ("P805", "inputs[4]", |b| with_default(b, 4, -1)),
        ("P805", "inputs[5]", |b| with_default(b, 5, 2)),
        ("P805", "inputs[5]", |b| with_default(b, 5, -2)),
        ("P805", "inputs[7]", |b| with_default(b, 7, 2_932_897)),
        ("P805", "inputs[7]", |b| with_default(b, 7, -719_163)),
        ("P805", "inputs[7]", |b| with_default(b, 7, 1 << 40)),
    ];
    each_refused(cases);
    each_taken(&[
        |b| with_default(b, 1, i64::MIN),
        |b| with_default(b, 3, 0),
        |b| with_default(b, 3, 1),
        |b| with_default(b, 3, -1),
        |b| with_default(b, 4, 1),
        |b| with_default(b, 4, 0),
        |b| with_default(b, 5, 1),
        |b| with_default(b, 5, -1),
        |b| with_default(b, 6, 99),
        |b| with_default(b, 7, 2_932_896),
        |b| with_default(b, 7, -719_162),
        |b| with_default(b, 9, -1),
    ]);
}

#[test]
fn classes_are_of_identities_that_are_there() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "identity_codes.04", |b| b["identity_codes"]["04"] = json!(4)),
        ("P805", "classes[0]", |b| b["classes"][0]["any"] = json!(0)),
        ("P805", "classes[0]", |b| b["classes"][0]["any"] = json!(16)),
        ("P805", "classes[0]", |b| b["classes"][0]["any"] = json!(17)),
        ("P805", "classes[0]", |b| b["classes"][0]["except"] = json!(16)),
        ("P805", "classes[0]", |b| b["classes"][0]["except"] = json!(1_i64 << 40)),
        ("P805", "classes[2]", |b| b["classes"][2]["any"] = json!(0)),
        ("P805", "classes[2]", |b| b["classes"][2]["any"] = json!(-1)),
        ("P804", "classes[2]", |b| b["classes"][2]["lookback"] = json!(121)),
        ("P805", "classes[2]", |b| b["classes"][2]["lifetime"] = json!(true)),
        ("P805", "classes[1]", |b| b["classes"][1]["any"] = json!(3)),
        ("P805", "classes[1]", |b| b["classes"][1]["any"] = json!(1)),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["classes"][2]["lookback"] = json!(0),
        |b| b["classes"][2]["lookback"] = json!(119),
        |b| b["classes"][0]["except"] = json!(15),
        |b| b["classes"][2]["any"] = json!(15),
        |b| b["classes"][1]["any"] = json!(2 + 4),
        |b| {
            b["classes"][1]["lifetime"] = json!(false);
            b["classes"][1]["any"] = json!(3);
        },
    ]);
}

/// A label of the third class for life is also none of those before the second.
#[test]
fn labels_for_life_add_up() {
    each_refused(&[("P805", "classes[2]", |b| {
        b["classes"][2]["lookback"] = json!(null);
        b["classes"][2]["lifetime"] = json!(true);
        b["classes"][2]["any"] = json!(4 + 1);
    })]);
    each_taken(&[|b| {
        b["classes"][2]["lookback"] = json!(null);
        b["classes"][2]["lifetime"] = json!(true);
    }]);
}

#[test]
fn days_are_of_the_calendar_and_in_order() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "force", |b| b["force"]["start"] = json!(-719_163)),
        ("P805", "force", |b| b["force"]["end"] = json!(2_932_897)),
        ("P805", "force", |b| b["force"]["end"] = json!(18_999)),
        ("P805", "force", |b| b["force"]["end"] = json!(19_099)),
        ("P805", "force", |b| b["force"]["claims_from"] = json!(20_001)),
        ("P805", "force", |b| b["force"]["counts_from"] = json!(19_100)),
        ("P805", "force", |b| b["force"]["counts_from"] = json!(19_101)),
        ("P805", "force", |b| b["force"]["counts_from"] = json!(-719_163)),
        ("P805", "known_until", |b| b["known_until"]["claim"] = json!(2_932_897)),
        ("P805", "known_until", |b| b["known_until"]["watch"] = json!(2_932_897)),
        ("P805", "known_until", |b| {
            b["known_until"]["enrolment"] = json!(2_932_897)
        }),
        ("P805", "change_days", |b| b["change_days"] = json!([5, 5])),
        ("P805", "change_days", |b| b["change_days"] = json!([6, 5])),
        ("P805", "change_days", |b| b["change_days"] = json!([2_932_897])),
        ("P805", "dates[0]", |b| b["dates"][0] = json!([])),
        ("P805", "dates[0]", |b| b["dates"][0] = json!([5, 5])),
        ("P805", "dates[0]", |b| b["change_days"] = json!([])),
        ("P805", "dates[0]", |b| b["change_days"] = json!([19_200])),
        ("P805", "dates[0]", |b| b["change_days"] = json!([19_300])),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["force"]["end"] = json!(19_100),
        |b| b["force"]["end"] = json!(null),
        |b| b["force"]["claims_from"] = json!(20_000),
        |b| b["force"]["start"] = json!(-719_162),
        |b| b["force"]["start"] = json!(20_000),
        |b| b["known_until"] = json!({"claim": null, "watch": null, "enrolment": 2_932_896}),
        |b| b["change_days"] = json!([19_000, 19_200, 19_250, 19_300]),
    ]);
    // Payments that begin before the force does are its own affair; a force that ends before it begins is not.
    each_refused(&[("P805", "force", |b| {
        b["force"] = json!({"start": 19_200, "end": 19_150, "claims_from": 19_100, "counts_from": 19_050});
    })]);
}

#[test]
fn a_benefit_year_begins_on_a_day_that_every_year_has() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 1, "day": 1})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 2, "day": 29})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 6, "day": 31})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 3, "day": 0})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 3, "day": 32})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 0, "day": 5})
        }),
        ("P805", "year_begins", |b| {
            b["year_begins"] = json!({"month": 13, "day": 1})
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["year_begins"] = json!({"month": 2, "day": 28}),
        |b| b["year_begins"] = json!({"month": 11, "day": 30}),
        |b| b["year_begins"] = json!({"month": 12, "day": 31}),
        |b| b["year_begins"] = json!({"month": 1, "day": 2}),
    ]);
}

#[test]
fn sets_lists_and_tables_hold_what_is_looked_up() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "tallies[1]", |b| b["tallies"][1] = json!(7)),
        ("P805", "sets[0]", |b| b["sets"][0] = json!([1, 0])),
        ("P805", "sets[0]", |b| b["sets"][0] = json!([1, 1])),
        ("P805", "sets[0]", |b| b["sets"][0] = json!([-1])),
        ("P805", "sets[0]", |b| b["sets"][0] = json!([65_536])),
        ("P805", "lists[0]", |b| b["lists"][0]["source"] = json!(2)),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[-1, null, null]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[65_536, null, null]])
        }),
        ("P805", "lists[0]", |b| b["lists"][0]["rows"] = json!([[0, 9, 5]])),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[0, null, 2_932_897]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[1, null, null], [0, null, null]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[1, 3, 4], [0, 5, 6]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[0, 5, 9], [0, 9, null]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[0, 5, 9], [0, 8, null]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[0, 5, null], [0, 9, null]])
        }),
        ("P805", "lists[0]", |b| {
            b["lists"][0]["rows"] = json!([[0, 5, 9], [0, null, null]])
        }),
        ("P805", "tables[0]", |b| b["tables"][0]["values"] = json!([])),
        ("P805", "tables[0]", |b| b["tables"][0]["values"][1] = json!(-1)),
        ("P805", "tables[0]", |b| b["tables"][0]["values"][1] = json!(65_536)),
        ("P805", "tables[0]", |b| b["tables"][0]["scale"] = json!(1)),
        ("P805", "tables[2]", |b| b["tables"][2]["scale"] = json!(7)),
        ("P805", "tables[3]", |b| b["tables"][3]["scale"] = json!(1)),
        ("P805", "tables[4]", |b| b["tables"][4]["values"] = json!([2_932_897])),
        ("P805", "tables[5]", |b| b["tables"][5]["values"] = json!([0, 2])),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["sets"][0] = json!([]),
        |b| b["sets"][0] = json!([0, 65_535]),
        |b| b["lists"][0]["rows"] = json!([]),
        |b| b["lists"][0]["rows"] = json!([[0, 5, 5], [0, 6, null], [65_535, null, 9]]),
        |b| b["lists"][0]["rows"] = json!([[0, 5, null], [1, 5, null]]),
        |b| b["tables"][3]["values"] = json!([i64::MIN]),
        |b| b["tables"][2]["values"] = json!([i64::MAX, i64::MIN]),
        |b| b["tables"][4]["values"] = json!([-719_162]),
        |b| b["tables"][2]["scale"] = json!(0),
        |b| b["tallies"] = json!([0, 1, 6]),
    ]);
}

/// A place is of a source and between its first and last character, of which one may take several bytes.
#[test]
fn places_are_of_the_sources() {
    let cases: &[(&str, &str, Change)] = &[
        ("P805", "classes[0].place", |b| {
            b["classes"][0]["place"]["span"] = json!([2, 0, 0])
        }),
        ("P805", "classes[1].place", |b| {
            b["classes"][1]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "classes[1].place", |b| {
            b["classes"][1]["place"]["span"] = json!([0, 2, 1])
        }),
        ("P805", "benefits[2].place", |b| {
            b["benefits"][2]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "benefits[0].figures[0].places", |b| {
            b["benefits"][0]["figures"][0]["places"]["rate"]["span"] = json!([0, 0, 3]);
        }),
        ("P805", "choices[1].place", |b| {
            b["choices"][1]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "warnings[1].place", |b| {
            b["warnings"][1]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "measures[3].place", |b| {
            b["measures"][3]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "subsidies[1].place", |b| {
            b["subsidies"][1]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "parameters[0].values", |b| {
            b["parameters"][0]["values"][0]["place"]["span"] = json!([0, 0, 3])
        }),
        ("P805", "debug[4].place", |b| {
            b["debug"][4]["place"]["span"] = json!([0, 0, 3])
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["classes"][0]["place"]["span"] = json!([0, 2, 2]),
        |b| b["classes"][0]["place"]["span"] = json!([1, 1, 4]),
    ]);
}
