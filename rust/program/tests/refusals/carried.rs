//! What goes on from a replaced policy.

use serde_json::{Value, json};

use super::{Change, each_refused, each_taken, many};

/// A policy that is carried: sorts, new names, old names.
fn carried(code: &str, totals: &[(&str, &str, &str)]) -> Value {
    let totals: Vec<Value> = totals
        .iter()
        .map(|(sort, new, old)| json!({"sort": sort, "new": new, "old": old}))
        .collect();
    let place = json!({"span": null, "text": "", "clauses": []});
    json!({"code": code, "name": code, "totals": totals, "place": place})
}

/// A line for a name that the body itself has.
fn known(b: &Value, sort: &str, old: &str) -> Value {
    let new = match sort {
        "benefit" => &b["benefits"][0]["code"],
        "limit" => &b["limits"][0]["name"],
        _ => &b["warnings"][0]["code"],
    };
    json!({"sort": sort, "new": new, "old": old})
}

#[test]
fn another_policy_is_carried_once_into_totals_that_are_there() {
    let cases: &[(&str, &str, Change)] = &[
        ("P804", "carried", |b| b["carried"] = many(65_537, &carried("old", &[]))),
        ("P805", "carried[0]", |b| {
            let own = b["policy"]["code"].as_str().unwrap().to_owned();
            b["carried"] = json!([carried(&own, &[])])
        }),
        ("P805", "carried[1]", |b| {
            b["carried"] = json!([carried("old", &[]), carried("old", &[])])
        }),
        ("P805", "carried[0].totals[0]", |b| {
            b["carried"] = json!([carried("old", &[("benefit", "nothing", "aid")])])
        }),
        ("P805", "carried[0].totals[0]", |b| {
            b["carried"] = json!([carried("old", &[("limit", "nothing", "cap")])])
        }),
        ("P805", "carried[0].totals[0]", |b| {
            b["carried"] = json!([carried("old", &[("indicator", "nothing", "seen")])])
        }),
        ("P805", "carried[0].totals[1]", |b| {
            let twice = [("expense", "in_scope", "a"), ("expense", "in_scope", "b")];
            b["carried"] = json!([carried("old", &twice)])
        }),
        ("P805", "carried[0].totals[1]", |b| {
            let twice = [("expense", "one", "a"), ("expense", "other", "a")];
            b["carried"] = json!([carried("old", &twice)])
        }),
        ("P805", "carried[0].place", |b| {
            let mut one = carried("old", &[]);
            one["place"]["span"] = json!([0, 5, 1_000_000]);
            b["carried"] = json!([one])
        }),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["carried"] = json!([carried("old", &[]), carried("other", &[])]),
        |b| {
            let lines = [known(b, "benefit", "aid"), known(b, "indicator", "aid")];
            b["carried"] = json!([carried("old", &[("expense", "any", "aid")])]);
            for line in lines {
                b["carried"][0]["totals"].as_array_mut().unwrap().push(line);
            }
        },
        |b| {
            b["limits"][0]["period"] = json!("year");
            let line = known(b, "limit", "cap");
            b["carried"] = json!([carried("old", &[])]);
            b["carried"][0]["totals"] = json!([line]);
        },
    ]);
}
