//! Claims of applicants: which of them count in the application, and by the figures of which day.

use std::sync::Arc;

use crate::support::{Claims, assemble, day};
use crate::ways_of_running::all_alike;
use jiugao_engine::Application;
use jiugao_program::Program;

/// Two classes, the second on application; 90 % in the first, in the second 50 % and where `late`, 70 %. `dates`: the days
/// that REGIME 0 goes by.
fn policy(late: &[&str], dates: &[&[i32]]) -> Arc<Program> {
    let path = format!("{}/tests/programs/applications.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a program of tests/programs");
    let mut source: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let code = source["claim"].as_array_mut().expect("lines");
    code.splice(1..2, late.iter().map(|line| (*line).into()));
    source["dates"] = serde_json::json!(dates);
    assemble(source)
}

/// Everybody applies on March 1st and is in hospital from then on, with bills of 100 yuan.
fn applicants(held: &[Vec<i64>]) -> Claims {
    let mut claims = Claims::of_one(3, &[]);
    claims.persons = vec![0];
    for (person, masks) in held.iter().enumerate() {
        claims.persons.push(0);
        for n in 0..masks.len() {
            claims.claim(day(3, 1) + n as i32, &[10_000, 0]);
        }
        claims.applications.push(Application {
            person,
            day: day(3, 1),
            identity: 1,
        });
    }
    claims.masks = Some(held.concat());
    claims
}

/// Rates rise on July 1st: what an applicant claims later is paid as on the day of the application, and only that.
#[test]
fn an_application_is_judged_by_the_figures_of_its_day() {
    let dated = policy(&["late = REGIME 0"], &[&[day(7, 1)]]);
    let by_day = policy(&["day = DAY", "line = DATE 19538", "late = LT line day"], &[]);
    for program in [dated, by_day] {
        for (applied, paid) in [(day(3, 1), [5_000, 5_000]), (day(7, 1), [0, 7_000 + 7_000])] {
            let mut claims = Claims::of_one(3, &[]);
            claims.claim(day(4, 1), &[10_000, 0]).claim(day(8, 1), &[10_000, 0]);
            claims.applications.push(Application {
                person: 0,
                day: applied,
                identity: 1,
            });
            let results = claims.settle(&program).expect("amounts that fit");
            let lump: i64 = results.records.lookback[0].iter().sum();
            let mut found = results.benefits[0].clone();
            found[1] += lump;
            assert_eq!(found, paid, "applied on {applied}");
            all_alike(&program, &claims);
        }
    }
}

/// Claims tell what is held (1: the higher class, 4: that it ended): whoever has it on a claim has the higher class there, on
/// whichever claim it is, and all others are the application's.
#[test]
fn a_higher_class_on_any_claim_goes_before_the_application() {
    let program = policy(&["late = FLAG 0"], &[]);
    let mut held = vec![Vec::new()];
    for claims in 1..=3 {
        for n in 0..4_usize.pow(claims) {
            held.push((0..claims).map(|at| [0, 1, 4, 5][n >> (2 * at) & 3]).collect());
        }
    }
    let claims = applicants(&held);
    let results = claims.settle(&program).expect("amounts that fit");
    let masks = held.concat();
    let standings: Vec<i8> = masks.iter().map(|mask| if *mask == 1 { 0 } else { 1 }).collect();
    assert_eq!(results.standings, standings);
    let paid: Vec<i64> = masks
        .iter()
        .map(|mask| if *mask == 1 { 9_000 } else { 5_000 })
        .collect();
    assert_eq!(results.benefits[0], paid);
    all_alike(&program, &claims);
}
