//! `changing.rules` written by hand: classes that change within the year, rates by level, a limit that two benefits share.
//!
//! Figures differ from claim to claim, so every claim adds to what its year has accrued, in order; nothing is columnwise.

use crate::{Claims, Paid};

/// Deductible, rate in per cent, yearly limit.
type Figures = [i64; 3];

/// By class (the first is none) and level.
const FIRST: [[Figures; 3]; 3] = [
    [[0; 3]; 3],
    [
        [50_000, 80, 3_000_000],
        [50_000, 75, 3_000_000],
        [50_000, 70, 3_000_000],
    ],
    [
        [200_000, 60, 2_000_000],
        [200_000, 55, 2_000_000],
        [200_000, 50, 2_000_000],
    ],
];
const SECOND: [Figures; 3] = [[0; 3], [500_000, 70, 2_000_000], [1_000_000, 60, 1_500_000]];
const SHARED: i64 = 4_000_000;

/// What one benefit has come to in a person's year.
#[derive(Clone, Copy, Default)]
struct Account {
    base: i64,
    /// Hundredths of fen.
    accrued: i64,
    paid: i64,
}

impl Account {
    #[inline(always)]
    fn settle(&mut self, [deductible, rate, limit]: Figures, base: i64, used: &mut i64, uncovered: i64) -> i64 {
        let after = self.base + base;
        let added = (after.max(deductible) - self.base.max(deductible)) * rate;
        let room = (limit - self.paid).min(SHARED - *used).max(0);
        self.accrued = (self.accrued + added).min((self.paid + room) * 100);
        let due = ((self.accrued + 50) / 100 - self.paid).max(0);
        let pay = due.min(uncovered.max(0));
        self.base = after;
        self.paid += pay;
        if pay < due {
            self.accrued = self.paid * 100;
        }
        *used += pay;
        pay
    }
}

/// One pass; `class` and `level` are each claim's, 0 being no class.
pub fn changing(claims: Claims, class: &[i8], level: &[i8], paid: Paid) {
    let n = claims.person.len();
    let (person, class, level) = (&claims.person[..n], &class[..n], &level[..n]);
    let (in_scope, basic, critical) = (&claims.in_scope[..n], &claims.basic[..n], &claims.critical[..n]);
    let (out_a, out_r, out_p) = (
        &mut paid.assistance[..n],
        &mut paid.reassistance[..n],
        &mut paid.person[..n],
    );
    let mut current = i64::MIN;
    let (mut first, mut second, mut used) = (Account::default(), Account::default(), 0);
    for i in 0..n {
        if person[i] != current {
            current = person[i];
            (first, second, used) = (Account::default(), Account::default(), 0);
        }
        let left = in_scope[i] - basic[i] - critical[i];
        let class = (class[i] as usize).min(2);
        let (mut a, mut r) = (0, 0);
        if class > 0 {
            let base = left.max(0);
            a = first.settle(FIRST[class][(level[i] as usize).min(2)], base, &mut used, left);
            r = second.settle(SECOND[class], base - a, &mut used, left - a);
        }
        out_a[i] = a;
        out_r[i] = r;
        out_p[i] = left - a - r;
    }
}
