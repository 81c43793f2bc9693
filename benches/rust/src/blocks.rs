//! Column at a time over blocks that stay in the cache: a running sum by scan, everything else in vectors.

use crate::{ASSISTANCE, Claims, Figures, Paid, REASSISTANCE};

const BLOCK: usize = 1024;

/// Where the person in whose claims a block ends stands.
#[derive(Clone, Copy)]
struct Carry {
    person: i64,
    base: i64,
    due: [i32; 2],
}

struct Scratch {
    /// Claims' bases, then what the person's year has come to.
    base: [i64; BLOCK],
    /// All ones where the claim before is the same person's.
    same: [i64; BLOCK],
    /// Due after each claim; one entry more in front for the claim before.
    due1: [i32; BLOCK + 1],
    due2: [i32; BLOCK + 1],
}

/// The whole, block after block.
pub fn blocked(claims: Claims, paid: Paid) {
    let mut carry = Carry {
        person: i64::MIN,
        base: 0,
        due: [0; 2],
    };
    let mut scratch = Scratch {
        base: [0; BLOCK],
        same: [0; BLOCK],
        due1: [0; BLOCK + 1],
        due2: [0; BLOCK + 1],
    };
    let mut rest = paid;
    let mut start = 0;
    while start < claims.person.len() {
        let end = (start + BLOCK).min(claims.person.len());
        let (part, after) = rest.split(end - start);
        block(claims.rows(start..end), part, &mut carry, &mut scratch);
        (start, rest) = (end, after);
    }
}

fn block(claims: Claims, paid: Paid, carry: &mut Carry, scratch: &mut Scratch) {
    let n = claims.person.len();
    let (person, kind) = (&claims.person[..n], &claims.kind[..n]);
    let (in_scope, basic, critical) = (&claims.in_scope[..n], &claims.basic[..n], &claims.critical[..n]);
    let (base, same) = (&mut scratch.base[..n], &mut scratch.same[..n]);
    same[0] = -i64::from(person[0] == carry.person);
    for i in 1..n {
        same[i] = -i64::from(person[i] == person[i - 1]);
    }
    for i in 0..n {
        base[i] = (in_scope[i] - basic[i] - critical[i]).max(0);
    }
    let mut sum = carry.base;
    for i in 0..n {
        sum = (sum & same[i]) + base[i];
        base[i] = sum;
    }
    let (due1, due2) = (&mut scratch.due1[..=n], &mut scratch.due2[..=n]);
    [due1[0], due2[0]] = carry.due;
    for i in 0..n {
        let d1 = pick(&ASSISTANCE, kind[i]).due(base[i]);
        let d2 = pick(&REASSISTANCE, kind[i]).due(base[i] - i64::from(d1));
        (due1[i + 1], due2[i + 1]) = (d1 as i32, d2 as i32);
    }
    let (out_a, out_r, out_p) = (
        &mut paid.assistance[..n],
        &mut paid.reassistance[..n],
        &mut paid.person[..n],
    );
    for i in 0..n {
        let a = i64::from(due1[i + 1] - (due1[i] & same[i] as i32));
        let r = i64::from(due2[i + 1] - (due2[i] & same[i] as i32));
        out_a[i] = a;
        out_r[i] = r;
        out_p[i] = in_scope[i] - basic[i] - critical[i] - a - r;
    }
    *carry = Carry {
        person: person[n - 1],
        base: sum,
        due: [due1[n], due2[n]],
    };
}

/// By comparing, which vector units do better than looking up.
#[inline(always)]
fn pick(figures: &[Figures; 4], kind: i8) -> Figures {
    let mut chosen = figures[3];
    for class in [1, 2] {
        let (this, figures) = (kind == class, figures[class as usize]);
        chosen.deductible = if this { figures.deductible } else { chosen.deductible };
        chosen.rate = if this { figures.rate } else { chosen.rate };
        chosen.limit = if this { figures.limit } else { chosen.limit };
        chosen.enough = if this { figures.enough } else { chosen.enough };
    }
    chosen
}
