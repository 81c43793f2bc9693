//! A quick timing of the Liaocheng workload beside hand-written Rust:
//! `cargo run --release --example quick -- liaocheng.rulesc [claims] [by_row]`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    missing_docs,
    reason = "a tool for developers, run by hand"
)]

use std::sync::Arc;
use std::time::Instant;

use jiugao_engine::{Application, Batch, Column, Held, Identities, Machine, Options, Results, settle_in_parallel};

#[allow(warnings, clippy::all)]
#[path = "../../../benches/rust/src/lib.rs"]
mod handwritten;
#[allow(unused_imports)]
use handwritten::{Claims, Paid};

type Contender<'a> = Box<dyn FnMut(&mut Results) + 'a>;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&arguments[1]).expect("a program file");
    let program = Arc::new(jiugao_program::decode(&bytes).expect("a good program"));
    let n: usize = arguments.get(2).map_or(1_000_000, |n| n.parse().unwrap());
    let by_row = arguments.iter().any(|a| a == "by_row");
    let mixed = arguments.iter().any(|a| a == "mixed");
    let rounds = 100;
    let late = arguments.iter().any(|a| a == "late");
    let mut random = Random(7);
    let start = 19_358;
    let bit = |name: &str| program.identities().iter().position(|i| i == name).unwrap();
    let (one, two) = (1_i64 << bit("特困人员"), 1_i64 << bit("低保边缘家庭成员"));
    let three = bit("因病致贫重病患者") as u32;
    let mut persons = vec![0];
    let (mut days, mut masks, mut kinds, mut ids) = (vec![], vec![], vec![], vec![]);
    let (mut in_scope, mut basic, mut critical) = (vec![], vec![], vec![]);
    let (mut offsets, mut intervals, mut applications) = (vec![0], vec![], vec![]);
    while days.len() < n {
        let count = ((random.unit().ln() / (7.0_f64 / 8.0).ln()).ceil() as usize).clamp(1, 40);
        let kind = match random.below(10) {
            0..6 => 1,
            6..9 => 2,
            _ => 3,
        };
        let mut own: Vec<i32> = (0..count).map(|_| start + random.below(365) as i32).collect();
        own.sort_unstable();
        let person = persons.len() - 1;
        let switch = mixed && random.below(10) == 0;
        for (k, day) in own.iter().enumerate() {
            days.push(*day);
            ids.push(person as i64);
            kinds.push(kind as i8);
            let late = switch && k > count / 2;
            masks.push(match kind {
                1 if late => two,
                2 if late => one,
                1 => one,
                2 => two,
                _ => 0,
            });
            let normal = (-2.0 * random.unit().ln()).sqrt() * (std::f64::consts::TAU * random.unit()).cos();
            let amount = (((6000.0_f64.ln() + normal).exp()).clamp(1.0, 300_000.0) * 100.0) as i64;
            let b = amount * (40 + random.below(40) as i64) / 100;
            let c = if random.below(5) == 0 {
                (amount - b) * random.below(60) as i64 / 100
            } else {
                0
            };
            in_scope.push(amount);
            basic.push(b);
            critical.push(c);
        }
        if kind < 3 {
            intervals.push(Held {
                mask: if kind == 1 { one } else { two },
                start: 0,
                end: i32::MAX,
            });
        } else {
            let day = if late { start + 60 } else { start };
            applications.push(Application {
                person,
                day,
                identity: three,
            });
        }
        offsets.push(intervals.len());
        persons.push(days.len());
    }
    let rows = days.len();
    let inputs: Vec<Column<'_>> = program
        .inputs()
        .iter()
        .map(|input| match input.column.as_str() {
            "medfee_sumamt" | "inscp_scp_amt" => Column::Values(&in_scope),
            "hifp_pay" => Column::Values(&basic),
            "hifmi_pay" => Column::Values(&critical),
            "med_type" => Column::Constant(input.codes.iter().position(|c| c == "21").unwrap() as i64),
            "designated" => Column::Constant(1),
            _ => Column::Constant(0),
        })
        .collect();
    let batch = Batch {
        persons: &persons,
        days: &days,
        inputs: &inputs,
        identities: if by_row || mixed {
            Identities::ByRow(&masks)
        } else {
            Identities::ByPerson {
                offsets: &offsets,
                intervals: &intervals,
            }
        },
        applications: &applications,
        reversals: &[],
    };
    println!("{rows} claims, {} persons", batch.people());
    let claims = handwritten::Claims {
        person: &ids,
        kind: &kinds,
        in_scope: &in_scope,
        basic: &basic,
        critical: &critical,
    };
    let mut out = [vec![0_i64; rows], vec![0; rows], vec![0; rows]];
    let mut results = Results::default();
    let machine = |options| Machine::new(program.clone(), options);
    let plain = Options::default();
    let records = Options {
        records: true,
        close: true,
        ..plain
    };
    let mut one = machine(plain);
    let mut two = [machine(plain), machine(plain)];
    let mut detailed = machine(Options { details: true, ..plain });
    let mut closing = machine(records);
    let mut contenders: Vec<(&str, Contender<'_>)> = vec![
        (
            "hand-written, loop",
            Box::new({
                let mut out = out.clone();
                move |_| by_hand(handwritten::plain, claims, &mut out)
            }),
        ),
        (
            "hand-written, blocked",
            Box::new({
                let mut out = out.clone();
                move |_| by_hand(handwritten::blocked, claims, &mut out)
            }),
        ),
        ("machine", Box::new(|results| one.settle(&batch, results).unwrap())),
        (
            "machine, 2 threads",
            Box::new(|r| settle_in_parallel(&mut two, &batch, r).unwrap()),
        ),
        (
            "with details",
            Box::new(|results| detailed.settle(&batch, results).unwrap()),
        ),
        (
            "with records, closed",
            Box::new(|results| closing.settle(&batch, results).unwrap()),
        ),
    ];
    // In turns, so that whatever else the machine does falls on all alike; the best round counts.
    if let Some(which) = arguments.iter().position(|a| a == "only") {
        let which: usize = arguments[which + 1].parse().unwrap();
        for _ in 0..rounds * 20 {
            contenders[which].1(&mut results);
        }
        return;
    }
    let mut best = vec![f64::INFINITY; contenders.len()];
    for _ in 0..rounds {
        for ((_, run), best) in contenders.iter_mut().zip(&mut best) {
            let start = Instant::now();
            run(&mut results);
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / rows as f64);
        }
    }
    for ((name, _), best) in contenders.iter().zip(&best) {
        println!("{name:24} {best:7.2} ns a claim");
    }
    drop(contenders);
    by_hand(handwritten::blocked, claims, &mut out);
    one.settle(&batch, &mut results).unwrap();
    if !mixed && !late {
        assert!(results.benefits[0] == out[0] && results.benefits[1] == out[1]);
        assert!(results.burden == out[2]);
    }
    closing.settle(&batch, &mut results).unwrap();
    let blocks = results.clone();
    closing.settle_one_by_one(&batch, &mut results).unwrap();
    assert!(blocks == results, "one by one comes to other amounts");
}

fn by_hand(
    f: fn(handwritten::Claims<'_>, handwritten::Paid<'_>),
    claims: handwritten::Claims<'_>,
    [a, b, c]: &mut [Vec<i64>; 3],
) {
    f(
        claims,
        handwritten::Paid {
            assistance: a,
            reassistance: b,
            person: c,
        },
    );
}
