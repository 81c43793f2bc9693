//! What an absent cell counts as.

use jiugao_program::{Input, InputKind, InputTable};

fn input(kind: InputKind, default: Option<i64>) -> Input {
    Input {
        column: "column".into(),
        alternatives: Vec::new(),
        label: "label".into(),
        kind,
        table: InputTable::Claims,
        required: false,
        default,
        codes: Vec::new(),
        labels: Vec::new(),
    }
}

#[test]
fn a_text_that_is_not_there_is_none_of_those_that_rules_ask_for() {
    assert_eq!(input(InputKind::Text, None).blank(), Some(-1));
    assert_eq!(input(InputKind::Text, Some(2)).blank(), Some(2));
}

#[test]
fn any_other_value_that_is_not_there_is_its_default_or_a_reject() {
    assert_eq!(input(InputKind::Money, None).blank(), None);
    assert_eq!(input(InputKind::Money, Some(0)).blank(), Some(0));
}
