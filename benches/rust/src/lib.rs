//! Liaocheng assistance and re-assistance written by hand, two ways: what the machine is held against.
//!
//! Amounts are fen; a person's class is constant in the year, so a year so far is due
//! `min(limit, rate x above)`, and a claim is paid the difference (LC-3.5 to LC-3.8, LC-4.1).

pub mod workload;

/// Deductible, rate in per cent, limit, by class (index 0 is unused).
const ASSISTANCE: [[i64; 3]; 4] = [
    [0; 3],
    [0, 70, 3_000_000],
    [300_000, 50, 1_500_000],
    [1_000_000, 60, 2_000_000],
];
const REASSISTANCE: [[i64; 3]; 4] = [[0; 3], [500_000, 70, 2_000_000], [1_000_000, 70, 1_500_000], [0; 3]];

/// Claims in order, persons together; all slices of one length.
#[derive(Clone, Copy)]
pub struct Claims<'a> {
    pub person: &'a [i64],
    pub kind: &'a [i8],
    pub in_scope: &'a [i64],
    pub basic: &'a [i64],
    pub critical: &'a [i64],
}

/// What a claim is paid and what is left to the person, in fen.
pub struct Paid<'a> {
    pub assistance: &'a mut [i64],
    pub reassistance: &'a mut [i64],
    pub person: &'a mut [i64],
}

/// Due for the year so far. Cut at the limit first: what is left fits 32 bits, whose division is a multiplication that
/// vectorises.
#[inline(always)]
fn due(running: i64, figures: [i64; 3]) -> i64 {
    let exact = ((running - figures[0]).max(0) * figures[1]).min(figures[2] * 100);
    i64::from((exact as u32 + 50) / 100)
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
    let (mut current, mut s1, mut p1, mut s2, mut p2) = (i64::MIN, 0, 0, 0, 0);
    for i in 0..n {
        if person[i] != current {
            (current, s1, p1, s2, p2) = (person[i], 0, 0, 0, 0);
        }
        let k = (kind[i] & 3) as usize;
        let left = in_scope[i] - basic[i] - critical[i];
        let base = left.max(0);
        s1 += base;
        let d1 = due(s1, ASSISTANCE[k]);
        let a = d1 - p1;
        p1 = d1;
        s2 += base - a;
        let d2 = due(s2, REASSISTANCE[k]);
        let r = d2 - p2;
        p2 = d2;
        out_a[i] = a;
        out_r[i] = r;
        out_p[i] = left - a - r;
    }
}

const BLOCK: usize = 1024;

/// State of the person in whose claims a block ends.
#[derive(Clone, Copy)]
struct Carry {
    person: i64,
    s1: i64,
    d1: i64,
    s2: i64,
    d2: i64,
}

/// Column at a time over blocks: running sums by scan, everything else vectorised.
pub fn blocked(claims: Claims, paid: Paid) {
    let mut carry = Carry {
        person: i64::MIN,
        s1: 0,
        d1: 0,
        s2: 0,
        d2: 0,
    };
    let Paid {
        assistance,
        reassistance,
        person,
    } = paid;
    let mut start = 0;
    let mut scratch = Scratch::default();
    while start < claims.person.len() {
        let end = (start + BLOCK).min(claims.person.len());
        let rows = start..end;
        let part = Claims {
            person: &claims.person[rows.clone()],
            kind: &claims.kind[rows.clone()],
            in_scope: &claims.in_scope[rows.clone()],
            basic: &claims.basic[rows.clone()],
            critical: &claims.critical[rows.clone()],
        };
        let out = Paid {
            assistance: &mut assistance[rows.clone()],
            reassistance: &mut reassistance[rows.clone()],
            person: &mut person[rows],
        };
        carry = block(part, out, carry, &mut scratch);
        start = end;
    }
}

struct Scratch {
    same: [i64; BLOCK], // -1 where the claim before is the same person's, else 0
    base: [i64; BLOCK],
    sum: [i64; BLOCK],
    due: [i64; BLOCK],
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            same: [0; BLOCK],
            base: [0; BLOCK],
            sum: [0; BLOCK],
            due: [0; BLOCK],
        }
    }
}

fn block(claims: Claims, paid: Paid, carry: Carry, scratch: &mut Scratch) -> Carry {
    let n = claims.person.len();
    let same = &mut scratch.same[..n];
    let base = &mut scratch.base[..n];
    let sum = &mut scratch.sum[..n];
    let dues = &mut scratch.due[..n];
    same[0] = -i64::from(claims.person[0] == carry.person);
    for (s, pair) in same[1..].iter_mut().zip(claims.person.windows(2)) {
        *s = -i64::from(pair[0] == pair[1]);
    }
    let (in_scope, basic, critical) = (&claims.in_scope[..n], &claims.basic[..n], &claims.critical[..n]);
    for i in 0..n {
        base[i] = (in_scope[i] - basic[i] - critical[i]).max(0);
    }
    let s1 = running(same, base, sum, carry.s1);
    let d1 = differences(sum, same, claims.kind, &ASSISTANCE, dues, paid.assistance, carry.d1);
    let (a, r, p) = (
        &mut paid.assistance[..n],
        &mut paid.reassistance[..n],
        &mut paid.person[..n],
    );
    for i in 0..n {
        base[i] -= a[i];
    }
    let s2 = running(same, base, sum, carry.s2);
    let d2 = differences(sum, same, claims.kind, &REASSISTANCE, dues, r, carry.d2);
    for i in 0..n {
        p[i] = in_scope[i] - basic[i] - critical[i] - a[i] - r[i];
    }
    Carry {
        person: claims.person[n - 1],
        s1,
        d1,
        s2,
        d2,
    }
}

fn running(same: &[i64], base: &[i64], sum: &mut [i64], mut total: i64) -> i64 {
    for i in 0..sum.len() {
        total = (total & same[i]) + base[i];
        sum[i] = total;
    }
    total
}

fn differences(
    sum: &[i64],
    same: &[i64],
    kind: &[i8],
    figures: &[[i64; 3]; 4],
    dues: &mut [i64],
    out: &mut [i64],
    before: i64,
) -> i64 {
    let n = sum.len();
    let (sum, kind, dues, same, out) = (&sum[..n], &kind[..n], &mut dues[..n], &same[..n], &mut out[..n]);
    let [_, one, two, three] = *figures;
    for i in 0..n {
        let pick = |j: usize| match kind[i] {
            1 => one[j],
            2 => two[j],
            _ => three[j],
        };
        dues[i] = due(sum[i], [pick(0), pick(1), pick(2)]);
    }
    out[0] = dues[0] - (before & same[0]);
    for i in 1..n {
        out[i] = dues[i] - (dues[i - 1] & same[i]);
    }
    dues[n - 1]
}

/// Row ranges that cut the claims into `parts` at person boundaries.
pub fn cuts(person: &[i64], parts: usize) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for part in 1..=parts {
        let mut end = person.len() * part / parts;
        while end > 0 && end < person.len() && person[end] == person[end - 1] {
            end += 1;
        }
        ranges.push(start..end);
        start = end;
    }
    ranges
}
