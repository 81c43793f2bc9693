//! Benefits: scales, roundings, classes, rows of figures.

use serde_json::json;

use super::{Change, each_refused, each_taken, many};

#[test]
fn benefits_are_well_formed() {
    let cases: &[(&str, &str, Change)] = &[
        ("P809", "benefits[0]", |b| b["benefits"][0]["rate_scale"] = json!(6)),
        ("P809", "benefits[0]", |b| b["benefits"][0]["rate_scale"] = json!(255)),
        ("P809", "benefits[0]", |b| b["benefits"][0]["base_scale"] = json!(6)),
        ("P809", "benefits[0]", |b| {
            b["benefits"][0]["rounding"]["unit"] = json!(10)
        }),
        ("P809", "benefits[5]", |b| {
            b["benefits"][5]["rounding"]["unit"] = json!(0)
        }),
        ("P804", "benefits[1]", |b| {
            let part = b["benefits"][1]["parts"][0].clone();
            b["benefits"][1]["parts"] = many(17, &part);
        }),
        ("P809", "benefits[4]", |b| {
            b["benefits"][4]["parts"] = json!([{"name": "p", "expense": "", "less": []}]);
        }),
        ("P809", "benefits[0]", |b| b["benefits"][0]["entitled"] = json!([3])),
        ("P809", "benefits[0]", |b| b["benefits"][0]["entitled"] = json!([-2])),
        ("P809", "benefits[0]", |b| b["benefits"][0]["entitled"] = json!([1, 0])),
        ("P809", "benefits[0]", |b| b["benefits"][0]["entitled"] = json!([1, 1])),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["benefits"][0]["rate_scale"] = json!(5),
        |b| b["benefits"][5]["rate_scale"] = json!(6),
        |b| b["benefits"][0]["rounding"]["unit"] = json!(100),
        |b| b["benefits"][0]["entitled"] = json!([-1, 0, 1, 2]),
    ]);
}

/// From the day that the force says at the earliest, and before payments begin.
#[test]
fn claims_count_before_payments_begin() {
    let cases: &[(&str, &str, Change)] = &[
        ("P809", "benefits[0]", |b| {
            b["benefits"][0]["counts_from"] = json!(19_049)
        }),
        ("P809", "benefits[0]", |b| {
            b["benefits"][0]["counts_from"] = json!(19_100)
        }),
        ("P809", "benefits[0]", |b| {
            b["benefits"][0]["counts_from"] = json!(19_101)
        }),
        ("P805", "benefits[0]", |b| {
            b["benefits"][0]["counts_from"] = json!(2_932_897)
        }),
        ("P809", "benefits[0]", |b| b["force"]["counts_from"] = json!(null)),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["benefits"][0]["counts_from"] = json!(19_050),
        |b| b["benefits"][0]["counts_from"] = json!(19_099),
    ]);
}

#[test]
fn deductibles_gates_and_bands_are_of_one_period() {
    let place = "benefits[0].figures[0]";
    let cases: &[(&str, &str, Change)] = &[
        ("P809", place, |b| {
            b["benefits"][0]["figures"][0]["deductible"][0] = json!(-1)
        }),
        ("P809", place, |b| b["benefits"][0]["figures"][0]["gate"][0] = json!(-1)),
        ("P809", place, |b| {
            b["benefits"][0]["figures"][0]["deductible"][1] = json!("claim")
        }),
        ("P809", place, |b| {
            b["benefits"][0]["figures"][0]["gate"][2] = json!("claim")
        }),
        ("P809", "benefits[0].figures[1]", |b| {
            b["benefits"][0]["figures"][1]["gate"][2] = json!("year")
        }),
        ("P809", place, |b| {
            b["benefits"][0]["figures"][0]["bands_by"] = json!("claim")
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["benefits"][0]["figures"][0]["deductible"][0] = json!(0),
        |b| b["benefits"][0]["figures"][0]["gate"][0] = json!(0),
        |b| b["benefits"][0]["figures"][0]["gate"] = json!(null),
        |b| b["benefits"][0]["figures"][0]["deductible"] = json!(null),
        |b| b["benefits"][0]["figures"][1]["deductible"] = json!([5, "claim"]),
    ]);
}

#[test]
fn bands_go_on_from_nothing_without_end() {
    let first = "benefits[0].figures[0].bands[0]";
    let second = "benefits[0].figures[0].bands[1]";
    let row = "benefits[0].figures[0]";
    let cases: &[(&str, &str, Change)] = &[
        ("P809", first, |b| {
            b["benefits"][0]["figures"][0]["bands"][0][0] = json!(1)
        }),
        ("P809", second, |b| {
            b["benefits"][0]["figures"][0]["bands"][1][0] = json!(1001)
        }),
        ("P809", second, |b| {
            b["benefits"][0]["figures"][0]["bands"][1][0] = json!(999)
        }),
        ("P809", second, |b| {
            b["benefits"][0]["figures"][0]["bands"][0][1] = json!(null)
        }),
        ("P809", first, |b| {
            b["benefits"][0]["figures"][0]["bands"][0][1] = json!(0)
        }),
        ("P809", second, |b| {
            b["benefits"][0]["figures"][0]["bands"][1][1] = json!(999)
        }),
        ("P809", first, |b| {
            b["benefits"][0]["figures"][0]["bands"][0][2] = json!(11)
        }),
        ("P809", first, |b| {
            b["benefits"][0]["figures"][0]["bands"][0][2] = json!(-1)
        }),
        ("P809", row, |b| {
            b["benefits"][0]["figures"][0]["bands"][1][1] = json!(2000)
        }),
        ("P809", row, |b| b["benefits"][0]["figures"][0]["bands"] = json!([])),
        ("P804", row, |b| {
            let bands: Vec<_> = (0..65)
                .map(|n| json!([n, if n == 64 { None } else { Some(n + 1) }, 5]))
                .collect();
            b["benefits"][0]["figures"][0]["bands"] = json!(bands);
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["benefits"][0]["figures"][0]["bands"][0][2] = json!(10),
        |b| b["benefits"][0]["figures"][0]["bands"][0][2] = json!(0),
        |b| {
            let bands: Vec<_> = (0..64)
                .map(|n| json!([n, if n == 63 { None } else { Some(n + 1) }, 5]))
                .collect();
            b["benefits"][0]["figures"][0]["bands"] = json!(bands);
        },
    ]);
}

/// Bands for a base in one piece, a rate for each part of one in parts.
#[test]
fn parts_have_a_rate_each_and_share_a_deductible() {
    let row = "benefits[1].figures[0]";
    let cases: &[(&str, &str, Change)] = &[
        ("P809", "benefits[0].figures[1]", |b| {
            b["benefits"][0]["figures"][1]["parts"] = json!({"rates": [], "sharing": null, "order": []});
        }),
        ("P809", "benefits[0].figures[1]", |b| {
            b["benefits"][0]["figures"][1]["bands"] = json!([]);
            b["benefits"][0]["figures"][1]["gate"] = json!(null);
            b["benefits"][0]["figures"][1]["parts"] = json!({"rates": [], "sharing": null, "order": []});
        }),
        ("P809", row, |b| b["benefits"][1]["figures"][0]["parts"] = json!(null)),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"] = json!(null);
            b["benefits"][1]["figures"][0]["bands"] = json!([[0, null, 5]]);
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["bands"] = json!([[0, null, 5]])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["gate"] = json!([5, "over", "year"])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["rates"] = json!([5])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["rates"] = json!([5, 11])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["rates"] = json!([-1, 5])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["order"] = json!([0])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["order"] = json!([0, 0])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["order"] = json!([0, 1, 2])
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["sharing"] = json!("pro_rata")
        }),
        ("P809", row, |b| {
            b["benefits"][1]["figures"][0]["parts"]["sharing"] = json!(null);
            b["benefits"][1]["figures"][0]["parts"]["order"] = json!([]);
        }),
        ("P809", "benefits[1].figures[1]", |b| {
            b["benefits"][1]["figures"][1]["parts"]["order"] = json!([0, 1])
        }),
        ("P809", "benefits[1].figures[1]", |b| {
            b["benefits"][1]["figures"][1]["deductible"] = json!([1, "year"])
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| {
            b["benefits"][1]["figures"][0]["parts"]["sharing"] = json!("pro_rata");
            b["benefits"][1]["figures"][0]["parts"]["order"] = json!([]);
        },
        |b| b["benefits"][1]["figures"][0]["parts"]["order"] = json!([0, 1]),
        |b| b["benefits"][1]["figures"][1]["deductible"] = json!([0, "year"]),
        |b| b["benefits"][1]["figures"][1]["parts"]["sharing"] = json!("by_date"),
    ]);
}

/// One part needs nobody to share its deductible with.
#[test]
fn a_single_part_keeps_its_deductible() {
    let single: Change = |b| {
        let part = b["benefits"][1]["parts"][0].clone();
        b["benefits"][1]["parts"] = json!([part]);
        for figure in b["benefits"][1]["figures"].as_array_mut().unwrap() {
            figure["parts"] = json!({"rates": [5], "sharing": null, "order": []});
            figure["deductible"] = json!([100, "year"]);
        }
        // One part is given: the second and what it was paid go, their registers stay.
        let code = b["claim"]["code"].as_array_mut().unwrap();
        let part_paid = code[13].clone();
        code[13] = json!([part_paid[0], part_paid[1], part_paid[2], 0]);
        code.remove(11);
        let debug = b["debug"].as_array_mut().unwrap();
        debug.retain(|line| !(line["section"] == "claim" && line["index"] == 11));
        for line in debug.iter_mut().filter(|line| line["section"] == "claim") {
            let index = line["index"].as_u64().unwrap();
            line["index"] = json!(if index > 11 { index - 1 } else { index });
        }
    };
    each_taken(&[single]);
}

#[test]
fn limits_are_named_once() {
    let row = "benefits[0].figures[0]";
    let cases: &[(&str, &str, Change)] = &[
        ("P805", row, |b| {
            b["benefits"][0]["figures"][0]["limits"] = json!([["shared", 2, 5]])
        }),
        ("P809", row, |b| {
            b["benefits"][0]["figures"][0]["limits"] = json!([["shared", 1, 5], ["shared", 1, 6]])
        }),
        ("P809", row, |b| {
            b["benefits"][0]["figures"][0]["limits"] = json!([["shared", 1, -1]])
        }),
        ("P809", row, |b| {
            b["benefits"][0]["figures"][0]["limits"] = json!([["year", -1]])
        }),
        ("P809", row, |b| {
            b["benefits"][0]["figures"][0]["limits"] = json!([["year", 5], ["claim", 5], ["year", 6]])
        }),
        ("P804", row, |b| {
            b["benefits"][0]["figures"][0]["limits"] = many(17, &json!(["claim", 5]))
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["benefits"][0]["figures"][0]["limits"] = many(16, &json!(["claim", 5])),
        |b| b["benefits"][0]["figures"][0]["limits"] = json!([["year", 0], ["shared", 0, 0]]),
        |b| b["benefits"][0]["figures"][0]["limits"] = json!([]),
    ]);
}

/// What was read is what the file says.
#[test]
fn figures_are_kept() {
    use jiugao_program::{Band, LimitUse, Period};
    let program = super::taken(&super::whole());
    let benefits = program.benefits();
    assert_eq!(benefits.len(), 9);
    let first = &benefits[0].figures[0];
    let expected = [
        Band {
            lower: 0,
            upper: Some(1000),
            rate: 5,
        },
        Band {
            lower: 1000,
            upper: None,
            rate: 7,
        },
    ];
    assert_eq!(first.bands, expected);
    assert_eq!((first.deductible.amount, first.deductible.period), (100, Period::Year));
    let without = &benefits[0].figures[1];
    assert_eq!(
        (without.deductible.amount, without.deductible.period),
        (0, Period::Claim)
    );
    assert_eq!(first.limits.len(), 5);
    assert_eq!(first.limits[1], LimitUse::Shared { slot: 1, amount: 500 });
    assert_eq!(
        first.limits[3],
        LimitUse::Own {
            period: Period::Claim,
            amount: 300
        }
    );
    assert_eq!(program.outputs().benefits[5], None);
    assert_eq!(program.tables()[2].values, [5, 6, 7]);
    assert_eq!(program.lists()[0].rows.len(), 4);
}
