//! What the sections give: results, payees, indicators, subsidies, measures.

use serde_json::json;

use super::{Change, each_refused, each_taken, many, taken, whole};

#[test]
fn results_are_registers_of_their_kind() {
    let cases: &[(&str, &str, Change)] = &[
        ("P810", "outputs.benefits", |b| b["outputs"]["benefits"][0] = json!(3)),
        ("P810", "outputs.benefits", |b| b["outputs"]["benefits"][5] = json!(3)),
        ("P810", "outputs.burden", |b| b["outputs"]["burden"] = json!(0)),
        ("P810", "outputs.burden", |b| b["outputs"]["burden"] = json!(8)),
        ("P810", "outputs.excess", |b| b["outputs"]["excess"] = json!(99)),
        ("P810", "payees", |b| b["outputs"]["paying"] = json!(null)),
        ("P810", "outputs.paying.payee", |b| {
            b["outputs"]["paying"]["payee"] = json!(0)
        }),
        ("P810", "outputs.paying.payee", |b| {
            b["outputs"]["paying"]["payee"] = json!(99)
        }),
        ("P810", "outputs.paying.due", |b| {
            b["outputs"]["paying"]["due"] = json!(3)
        }),
        ("P810", "outputs.paying.excess", |b| {
            b["outputs"]["paying"]["excess"] = json!(0)
        }),
        ("P810", "outputs.paying.replaced", |b| {
            b["outputs"]["paying"]["replaced"] = json!(8)
        }),
        ("P805", "outputs.paying.benefits", |b| {
            b["outputs"]["paying"]["benefits"] = json!([0, 9])
        }),
        ("P810", "outputs.paying.benefits", |b| {
            b["outputs"]["paying"]["benefits"] = json!([])
        }),
        ("P810", "outputs.paying.benefits", |b| {
            b["outputs"]["paying"]["benefits"] = json!([1, 0])
        }),
        ("P810", "outputs.paying.benefits", |b| {
            b["outputs"]["paying"]["benefits"] = json!([1, 1])
        }),
        ("P804", "payees", |b| b["payees"] = many(65, &json!("p"))),
    ];
    each_refused(cases);
    each_taken(&[
        |b| b["payees"] = many(64, &json!("p")),
        |b| b["outputs"]["paying"]["benefits"] = json!([0, 1, 2]),
        |b| {
            b["outputs"]["paying"] = json!(null);
            b["payees"] = json!([]);
        },
    ]);
}

#[test]
fn indicators_have_a_sum_and_a_flag_each() {
    let cases: &[(&str, &str, Change)] = &[
        ("P810", "watch.out", |b| b["watch"]["out"] = json!([[0, 0, 2]])),
        ("P810", "watch.out", |b| {
            b["watch"]["out"] = json!([[1, 0, 2], [0, 0, 2]])
        }),
        ("P810", "watch.out[1]", |b| b["watch"]["out"][1][1] = json!(3)),
        ("P810", "watch.out[1]", |b| b["watch"]["out"][1][2] = json!(1)),
        ("P810", "watch.out[1]", |b| b["watch"]["out"][1][2] = json!(9)),
    ];
    each_refused(cases);
    let out = taken(&whole()).watch_out().to_vec();
    assert_eq!(
        out.iter().map(|o| (o.warning, o.sum, o.flag)).collect::<Vec<_>>(),
        [(0, 0, 2), (1, 1, 2)]
    );
}

#[test]
fn every_subsidy_has_its_register() {
    let cases: &[(&str, &str, Change)] = &[
        ("P810", "enrolment.out", |b| b["enrolment"]["out"] = json!([2])),
        ("P810", "enrolment.out", |b| b["enrolment"]["out"] = json!([2, 2, 2])),
        ("P810", "enrolment.out[0]", |b| b["enrolment"]["out"][0] = json!(9)),
        ("P810", "enrolment.out[1]", |b| b["enrolment"]["out"][1] = json!(1)),
    ];
    each_refused(cases);
}

#[test]
fn measures_are_registers_of_their_section() {
    let cases: &[(&str, &str, Change)] = &[
        ("P810", "measures[0]", |b| b["measures"][0]["scale"] = json!(1)),
        ("P810", "measures[0]", |b| b["measures"][0]["register"] = json!(2)),
        ("P810", "measures[0]", |b| b["measures"][0]["register"] = json!(99)),
        ("P810", "measures[2]", |b| b["measures"][2]["scale"] = json!(1)),
        ("P810", "measures[2]", |b| b["measures"][2]["register"] = json!(1)),
        ("P810", "measures[3]", |b| b["measures"][3]["register"] = json!(2)),
        ("P810", "measures[4]", |b| b["measures"][4]["register"] = json!(1)),
        ("P810", "measures[4]", |b| b["measures"][4]["section"] = json!("claim")),
    ];
    each_refused(cases);
    let program = taken(&whole());
    let of = |measures: &[jiugao_program::Measure]| -> Vec<(String, usize)> {
        measures.iter().map(|m| (m.name.clone(), m.register)).collect()
    };
    let expected = [("m.left", 7), ("m.finer", 8), ("m.flag", 2), ("m.kind", 1)];
    assert_eq!(of(program.measures()), expected.map(|(name, at)| (name.to_owned(), at)));
    assert_eq!(of(program.enrolment_measures()), [("e.premium".to_owned(), 0)]);
}
