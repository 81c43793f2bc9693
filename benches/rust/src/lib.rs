//! Liaocheng assistance and re-assistance written by hand, two ways: what the machine is held against.
//!
//! Amounts are fen; a person's class is constant in the year, so a year so far is due
//! `min(limit, rate x above)`, and a claim is paid the difference (LC-3.5 to LC-3.8, LC-4.1). What re-assistance counts is
//! what assistance left: the year's base less what assistance paid of it.

mod blocks;
pub mod changing;
pub mod workload;

pub use blocks::blocked;

/// The figures of one benefit for one class.
#[derive(Clone, Copy)]
struct Figures {
    deductible: i64,
    rate: u32,
    /// Hundredths of fen.
    limit: u32,
    /// Above the deductible, more than this changes nothing: the limit is reached.
    enough: i64,
}

impl Figures {
    const NONE: Self = Self::new(0, 0, 0);

    const fn new(deductible: i64, per_cent: u32, limit: u32) -> Self {
        Self {
            deductible,
            rate: per_cent,
            limit: limit * 100,
            enough: if per_cent == 0 {
                0
            } else {
                (limit * 100).div_ceil(per_cent) as i64
            },
        }
    }

    /// Due for the year so far, in fen. What is above the deductible is cut first: the rest then fits 32 bits, whose
    /// division is a multiplication.
    #[inline(always)]
    fn due(&self, base: i64) -> u32 {
        let above = (base - self.deductible).clamp(0, self.enough) as u32;
        ((above * self.rate).min(self.limit) + 50) / 100
    }
}

/// By class; index 0 is unused.
const ASSISTANCE: [Figures; 4] = [
    Figures::NONE,
    Figures::new(0, 70, 3_000_000),
    Figures::new(300_000, 50, 1_500_000),
    Figures::new(1_000_000, 60, 2_000_000),
];
const REASSISTANCE: [Figures; 4] = [
    Figures::NONE,
    Figures::new(500_000, 70, 2_000_000),
    Figures::new(1_000_000, 70, 1_500_000),
    Figures::NONE,
];

/// Claims in order, persons together; all slices of one length.
#[derive(Clone, Copy)]
pub struct Claims<'a> {
    pub person: &'a [i64],
    pub kind: &'a [i8],
    pub in_scope: &'a [i64],
    pub basic: &'a [i64],
    pub critical: &'a [i64],
}

impl<'a> Claims<'a> {
    /// Some of the rows.
    #[must_use]
    pub fn rows(&self, rows: std::ops::Range<usize>) -> Claims<'a> {
        Claims {
            person: &self.person[rows.clone()],
            kind: &self.kind[rows.clone()],
            in_scope: &self.in_scope[rows.clone()],
            basic: &self.basic[rows.clone()],
            critical: &self.critical[rows],
        }
    }
}

/// What a claim is paid and what is left to the person, in fen.
pub struct Paid<'a> {
    pub assistance: &'a mut [i64],
    pub reassistance: &'a mut [i64],
    pub person: &'a mut [i64],
}

impl<'a> Paid<'a> {
    /// Columns as results.
    pub fn of(columns: &'a mut [Vec<i64>; 3]) -> Self {
        let [assistance, reassistance, person] = columns;
        Self {
            assistance,
            reassistance,
            person,
        }
    }

    /// The first `rows` rows, and the rest.
    fn split(self, rows: usize) -> (Self, Self) {
        let (assistance, assistance2) = self.assistance.split_at_mut(rows);
        let (reassistance, reassistance2) = self.reassistance.split_at_mut(rows);
        let (person, person2) = self.person.split_at_mut(rows);
        (
            Self {
                assistance,
                reassistance,
                person,
            },
            Self {
                assistance: assistance2,
                reassistance: reassistance2,
                person: person2,
            },
        )
    }
}

/// One pass, one claim at a time.
pub fn plain(claims: Claims, paid: Paid) {
    let n = claims.person.len();
    let (person, kind) = (&claims.person[..n], &claims.kind[..n]);
    let (in_scope, basic, critical) = (&claims.in_scope[..n], &claims.basic[..n], &claims.critical[..n]);
    let (out_a, out_r, out_p) = (
        &mut paid.assistance[..n],
        &mut paid.reassistance[..n],
        &mut paid.person[..n],
    );
    let (mut current, mut base, mut due1, mut due2) = (i64::MIN, 0, 0, 0);
    for i in 0..n {
        if person[i] != current {
            (current, base, due1, due2) = (person[i], 0, 0, 0);
        }
        let class = (kind[i] & 3) as usize;
        let left = in_scope[i] - basic[i] - critical[i];
        base += left.max(0);
        let d1 = i64::from(ASSISTANCE[class].due(base));
        let d2 = i64::from(REASSISTANCE[class].due(base - d1));
        let (a, r) = (d1 - due1, d2 - due2);
        (due1, due2) = (d1, d2);
        out_a[i] = a;
        out_r[i] = r;
        out_p[i] = left - a - r;
    }
}

/// One of the forms on so many threads, cut at persons.
pub fn in_parallel(settle: fn(Claims, Paid), threads: usize, claims: Claims, out: &mut [Vec<i64>; 3]) {
    if threads == 1 {
        settle(claims, Paid::of(out));
        return;
    }
    let mut rest = Paid::of(out);
    std::thread::scope(|scope| {
        let mut start = 0;
        for part in 1..=threads {
            let mut end = claims.person.len() * part / threads;
            while end > 0 && end < claims.person.len() && claims.person[end] == claims.person[end - 1] {
                end += 1;
            }
            let (paid, after) = rest.split(end - start);
            let claims = claims.rows(start..end);
            scope.spawn(move || settle(claims, paid));
            (start, rest) = (end, after);
        }
    });
}
