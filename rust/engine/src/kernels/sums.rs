//! Sums of few columns, and what bits the columns have: they are read from far away once.

/// What bits are set anywhere in the parts of a sum, and in the sum: below 0 if something is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signs {
    pub(crate) parts: [i64; 3],
    pub(crate) sum: i64,
}

/// `out[i] = f(a[i], b[i])`.
#[inline(always)]
pub(crate) fn sum_of_two(out: &mut [i64], a: &[i64], b: &[i64], f: impl Fn(i64, i64) -> i64) -> Signs {
    let (mut in_a, mut in_b, mut sum) = (0, 0, 0);
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*a, *b);
        in_a |= *a;
        in_b |= *b;
        sum |= *out;
    }
    Signs {
        parts: [in_a, in_b, 0],
        sum,
    }
}

/// `out[i] = f(a[i], b[i], c[i])`.
#[inline(always)]
pub(crate) fn sum_of_three(out: &mut [i64], [a, b, c]: [&[i64]; 3], f: impl Fn(i64, i64, i64) -> i64) -> Signs {
    let (mut in_a, mut in_b, mut in_c, mut sum) = (0, 0, 0, 0);
    for (((out, a), b), c) in out.iter_mut().zip(a).zip(b).zip(c) {
        *out = f(*a, *b, *c);
        in_a |= *a;
        in_b |= *b;
        in_c |= *c;
        sum |= *out;
    }
    Signs {
        parts: [in_a, in_b, in_c],
        sum,
    }
}
