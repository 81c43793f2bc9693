//! A seed comes in; a program of random figures and a batch of claims for it go out.

use std::sync::Arc;

use jiugao_engine::{Application, Held, Reversal};
use jiugao_program::Program;
use serde_json::{Value, json};

use super::{Claims, NEW_YEAR, assemble};

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, n.
    pub fn below(&mut self, n: u64) -> i64 {
        (self.next() % n.max(1)) as i64
    }

    /// True once in n times.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// What the program is like.
#[derive(Clone, Debug)]
pub struct Shape {
    pub classes: usize,
    pub on_application: bool,
    pub limits: usize,
    /// Every benefit has one rate, a yearly deductible and limit, and rounds half up.
    pub plain: bool,
    /// Benefits are paid claim by claim by the class alone, and each counts what those before it have left.
    pub chained: bool,
}

const LEVELS: usize = 3;

fn figure(random: &mut Random, shape: &Shape, rate_scale: u32, base_scale: u32) -> Value {
    let one = 10_i64.pow(rate_scale);
    let fen = 10_i64.pow(base_scale);
    let period = if shape.plain || !random.once_in(4) {
        "year"
    } else {
        "claim"
    };
    let deductible = match random.below(3) {
        0 => json!(null),
        _ => json!([random.below(2_000) * fen, period]),
    };
    let mut bands = Vec::new();
    let mut lower = 0;
    let count = if shape.plain { 1 } else { 1 + random.below(3) };
    for n in 1..=count {
        let upper = (n < count).then(|| lower + (1 + random.below(3_000)) * fen);
        bands.push(json!([lower, upper, random.below(one as u64 + 1)]));
        lower = upper.unwrap_or(0);
    }
    let gate = if shape.plain || !random.once_in(4) {
        json!(null)
    } else {
        let word = if random.once_in(2) { "at_least" } else { "over" };
        json!([random.below(3_000) * fen, word, period])
    };
    let mut limits = Vec::new();
    if !random.once_in(3) {
        limits.push(json!(["year", random.below(4_000)]));
    }
    if !shape.plain {
        if random.once_in(4) {
            limits.push(json!(["claim", random.below(2_000)]));
        }
        for slot in 0..shape.limits {
            if random.once_in(2) {
                limits.push(json!(["shared", slot, random.below(6_000)]));
            }
        }
    }
    json!({
        "deductible": deductible, "gate": gate, "bands": bands, "bands_by": period, "limits": limits,
    })
}

/// A program over (day, total, in scope, paid, level, flag).
pub fn program(random: &mut Random, shape: &Shape) -> Arc<Program> {
    let count = 1 + random.below(3) as usize;
    let mut claim: Vec<String> = [
        "class = CLASS",
        "level = INPUT 4",
        "flag = INPUT 5",
        "era = REGIME 0",
        "total = INPUT 1",
        "raw = INPUT 2",
        "in_scope = ABOVE_ZERO raw",
        "paid = INPUT 3",
        "left_0 = SUB in_scope paid",
        "open_0 = SUB total paid",
        "held = HOLDS 1",
        "where = RADIX level 2 flag",
        "when = RADIX where 2 era",
        "who = RADIX class 2 held",
    ]
    .map(str::to_owned)
    .to_vec();
    let (mut benefits, mut tables, mut outputs, mut year) = (vec![], vec![], vec![], vec![]);
    for n in 0..count {
        let by_standing = random.once_in(2) || shape.chained;
        let base_scale = if shape.chained { 0 } else { random.below(3) as u32 };
        let rate_scale = random.below(3) as u32;
        let rows = 1 + random.below(5) as u64;
        let figures: Vec<Value> = (0..rows)
            .map(|_| figure(random, shape, rate_scale, base_scale))
            .collect();
        let length = if shape.chained {
            shape.classes + 1
        } else if by_standing {
            (shape.classes + 1) * 2
        } else {
            (LEVELS + 1) * 4
        };
        let mut values: Vec<i64> = (0..length).map(|_| random.below(rows + 1)).collect();
        if by_standing {
            // No class: not entitled.
            values[..if shape.chained { 1 } else { 2 }].fill(0);
        }
        tables.push(json!({"kind": "row", "scale": 0, "values": values}));
        let settle = match random.below(4) {
            _ if shape.chained => "per_claim",
            0 => "year_end",
            1 => "per_claim_year_end_top_up",
            _ => "per_claim",
        };
        let rounding = match random.below(if shape.plain { 1 } else { 5 }) {
            0 | 1 => json!({"mode": "half_up", "each": false, "unit": 1}),
            2 => json!({"mode": "half_even", "each": random.once_in(2), "unit": 1}),
            3 => json!({"mode": "truncate", "each": false, "unit": 100}),
            _ => json!({"mode": "half_up", "each": true, "unit": 1}),
        };
        let entitled: Vec<i64> = (-1..shape.classes as i64).collect();
        benefits.push(json!({
            "code": format!("b{n}"), "by_standing": by_standing, "settle": settle,
            "claw_back": random.once_in(3), "base_scale": base_scale, "rate_scale": rate_scale,
            "entitled": entitled, "rounding": rounding, "figures": figures,
        }));
        let index = match (shape.chained, by_standing) {
            (true, _) => "class",
            (_, true) => "who",
            _ => "when",
        };
        claim.push(format!("row_{n} = LOOKUP {index} {n}"));
        let base = if base_scale == 0 {
            format!("left_{n}")
        } else {
            claim.push(format!("base_{n} = RESCALE left_{n} {base_scale}"));
            format!("base_{n}")
        };
        if settle == "year_end" {
            claim.push(format!("DEFER {base} row_{n} {n}"));
            claim.push(format!("pay_{n} = MONEY 0 0"));
            outputs.push(json!(null));
        } else {
            claim.push(format!("pay_{n} = SETTLE {base} row_{n} open_{n} {n}"));
            outputs.push(json!(format!("pay_{n}")));
        }
        claim.push(format!("left_{} = SUB left_{n} pay_{n}", n + 1));
        claim.push(format!("open_{} = SUB open_{n} pay_{n}", n + 1));
        if settle != "per_claim" {
            let length = shape.classes + 1;
            let values: Vec<i64> = (0..length).map(|_| random.below(rows + 1)).collect();
            let table = 100 + year.len();
            year.push(json!({
                "benefit": n,
                "code": [
                    "class = CLASS", format!("row = LOOKUP class {table}"), "cap = YEAR_TALLY 0",
                    format!("amount = CLOSE row cap cap {n}")
                ],
                "out": "amount",
            }));
            outputs.last().expect("just pushed");
            tables.push(json!({"later": values}));
        }
    }
    claim.push(format!("rest = ABOVE_ZERO open_{count}"));
    claim.push("TALLY rest 0".into());
    claim.push("over = SUB paid in_scope".into());
    claim.push("excess = ABOVE_ZERO over".into());
    claim.push("m_total = INPUT 1".into());
    claim.push("m_level = INPUT 4".into());
    claim.push("m_flag = LT paid in_scope".into());
    claim.push(format!("m_third = MULTIPLY open_{count} 33 2"));
    // Tables of year ends come after those of claims.
    let (later, mut tables): (Vec<Value>, Vec<Value>) =
        tables.into_iter().partition(|table| table.get("later").is_some());
    let first = tables.len();
    for (n, table) in later.iter().enumerate() {
        tables.push(json!({"kind": "row", "scale": 0, "values": table["later"]}));
        let text = year[n].to_string().replace(
            &format!("LOOKUP class {}", 100 + n),
            &format!("LOOKUP class {}", first + n),
        );
        year[n] = serde_json::from_str(&text).unwrap();
    }
    let classes: Vec<Value> = (0..shape.classes)
        .map(|n| {
            let applied = shape.on_application && n + 1 == shape.classes;
            json!({
                "name": format!("c{n}"), "any": 1 << n, "except": if random.once_in(3) { 1 << 3 } else { 0 },
                "lookback": applied.then(|| random.below(14)), "once_a_year": random.once_in(2),
                "unclassed_only": random.once_in(3),
            })
        })
        .collect();
    let change = NEW_YEAR + 200 * random.below(2) as i32;
    let limits: Vec<Value> = (0..shape.limits)
        .map(|n| json!({"name": format!("l{n}"), "period": "year"}))
        .collect();
    let (start, end) = match random.below(3) {
        0 => (NEW_YEAR - 100, json!(NEW_YEAR + 300)),
        1 => (NEW_YEAR - 1000, json!(null)),
        _ => (NEW_YEAR, json!(NEW_YEAR + 365)),
    };
    let known = if random.once_in(4) {
        json!(NEW_YEAR + 250)
    } else {
        json!(null)
    };
    let begins = match random.below(6) {
        0 => json!({"month": 7, "day": 1}),
        1 => json!({"month": 1 + random.below(12), "day": 2 + random.below(27)}),
        _ => json!(null),
    };
    assemble(json!({
        "year_begins": begins,
        "identities": ["a", "b", "c", "d"], "classes": classes, "limits": limits,
        "inputs": [
            {"column": "day", "kind": "day"}, {"column": "total", "kind": "money"},
            {"column": "in_scope", "kind": "money"}, {"column": "paid", "kind": "money"},
            {"column": "level", "kind": "code", "codes": ["1", "2", "3"]},
            {"column": "flag", "kind": "flag"}
        ],
        "force": {"start": start, "end": end, "claims_from": start, "counts_from": null},
        "known_until": {"claim": known, "watch": null, "enrolment": null},
        "change_days": [change], "dates": [[change]], "tallies": [0], "tables": tables,
        "benefits": benefits, "claim": claim, "year": year,
        "outputs": {"benefits": outputs, "burden": format!("open_{count}"), "excess": "excess"},
        "watch": {
            "code": ["sum = YEAR_TALLY 0", "line = MONEY 500 0", "over = LT line sum"],
            "out": [[0, "sum", "over"]]
        },
        "warnings": ["w"],
        // Results again, a code, a flag, an amount of another scale, and one that nothing else needs.
        "measures": [
            ["m.open", "money", 0, format!("open_{count}")], ["m.level", "code", 0, "m_level"],
            ["m.flag", "flag", 0, "m_flag"], ["m.third", "money", 2, "m_third"], ["m.total", "money", 0, "m_total"],
        ],
    }))
}

/// Claims of some persons over about two years.
pub fn claims(random: &mut Random, shape: &Shape, persons: usize) -> Claims {
    let mut claims = Claims {
        persons: vec![0],
        inputs: vec![Vec::new(); 6],
        constants: vec![0; 6],
        offsets: vec![0],
        ..Claims::default()
    };
    let by_row = random.once_in(3);
    let steady = shape.chained && !random.once_in(3);
    let mut masks = Vec::new();
    let years = if random.once_in(2) { 365 } else { 800 };
    for person in 0..persons {
        let first = claims.days.len();
        let most = if random.once_in(6) { 40 } else { 9 };
        let count = random.below(most) as usize;
        let mut days: Vec<i32> = (0..count)
            .map(|_| NEW_YEAR - (years > 365) as i32 * 200 + random.below(years) as i32)
            .collect();
        days.sort_unstable();
        let mask = random.below(16);
        let reversing = random.once_in(5) && !steady;
        for (n, day) in days.into_iter().enumerate() {
            let total = random.below(4_000) - 20 * i64::from(random.once_in(10));
            let in_scope = total - random.below(200);
            // A bill of which others have covered nearly all: less is left than what is due.
            let total = if random.once_in(12) { total / 4 } else { total };
            let paid = if random.once_in(3) {
                random.below(2_000)
            } else {
                random.below(50)
            };
            let values = [total, in_scope, paid, random.below(4) - 1, random.below(2)];
            claims.persons.push(0);
            claims.claim(day, &values);
            claims.persons.pop();
            masks.push(if random.once_in(8) && !steady {
                random.below(16)
            } else {
                mask
            });
            if reversing && n > 0 && random.once_in(4) {
                let original = first as i64 + random.below(n as u64 + 2);
                let original = (!random.once_in(9)).then_some(original as usize);
                claims.reversals.push(Reversal {
                    row: first + n,
                    original,
                });
            }
        }
        claims.persons.push(claims.days.len());
        for _ in 0..random.below(3) {
            let start = NEW_YEAR - 300 + random.below(700) as i32;
            let end = if random.once_in(2) {
                i32::MAX
            } else {
                start + random.below(300) as i32
            };
            let start = if random.once_in(2) || steady { i32::MIN } else { start };
            let end = if steady { i32::MAX } else { end };
            claims.intervals.push(Held {
                mask: random.below(16),
                start,
                end,
            });
        }
        claims.offsets.push(claims.intervals.len());
        if shape.on_application && random.once_in(3) {
            let mut days: Vec<i32> = (0..=random.below(2))
                .map(|_| NEW_YEAR - 60 + random.below(500) as i32 * i32::from(!random.once_in(3)))
                .collect();
            days.sort_unstable();
            for day in days {
                let identity = shape.classes as u32 - 1;
                claims.applications.push(Application { person, day, identity });
            }
        }
    }
    if by_row {
        claims.masks = Some(masks);
    }
    for column in [4, 5] {
        if random.once_in(3) {
            claims.inputs[column] = Vec::new();
            claims.constants[column] = random.below(2);
        }
    }
    claims
}
