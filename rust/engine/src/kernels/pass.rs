//! What claims add to a base, what it is then worth by one benefit or by two, and what they are paid: without columns in
//! between.

use super::due::{Division, Narrow, pick_narrow};

/// A benefit's figures by entry, the first entry standing for none. Held by value: what is chosen by comparing is to be in
/// registers, not to be fetched by an address that was chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entries<const N: usize> {
    pub(crate) figures: [Narrow; N],
    pub(crate) fen: Division,
}

impl<const N: usize> Entries<N> {
    #[inline(always)]
    fn due(&self, sum: i64, entry: i64) -> i64 {
        self.fen.rounded_narrow(pick_narrow(&self.figures, entry).accrue(sum))
    }
}

/// Rows of a pass: the sums after each, what chooses the entry (it is `keys + plus`), whether the row before is of the same
/// account, and what is uncovered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch<'a> {
    pub(crate) sums: &'a [i64],
    pub(crate) keys: &'a [i64],
    pub(crate) plus: i64,
    pub(crate) same: &'a [i64],
    pub(crate) uncovered: &'a [i64],
}

/// As [`super::added`], where bits tell the entries that count.
#[inline(always)]
pub(crate) fn added_by_entry(added: &mut [i64], bases: &[i64], keys: &[i64], plus: i64, counts: u64) {
    for ((added, base), key) in added.iter_mut().zip(bases).zip(keys) {
        let entry = key.wrapping_add(plus).cast_unsigned() & 63;
        *added = base.max(&0) & ((counts >> entry) & 1).cast_signed().wrapping_neg();
    }
}

/// Payments of one benefit, and what they leave uncovered. `due`: what was due before the first row; then after the last.
/// True where some payment is above what is uncovered.
#[inline(always)]
pub(crate) fn pay_one<const N: usize>(
    of: Entries<N>,
    pay: &mut [i64],
    rest: &mut [i64],
    rows: Stretch<'_>,
    due: &mut i64,
) -> bool {
    let (mut before, mut above) = (*due, 0_i64);
    let each = rows.sums.iter().zip(rows.keys).zip(rows.same).zip(rows.uncovered);
    for ((out, rest), (((sum, key), same), uncovered)) in pay.iter_mut().zip(rest).zip(each) {
        let due = of.due(*sum, key.wrapping_add(rows.plus));
        let pay = due.wrapping_sub(before & same);
        let left = uncovered.wrapping_sub(pay);
        (*out, *rest) = (pay, left);
        before = due;
        // Below 0 if something was paid and less than nothing is left.
        above |= left & pay.wrapping_neg();
    }
    *due = before;
    above < 0
}

/// Payments of two benefits, of which the second counts what the first has left, and what both leave uncovered. `due` as in
/// [`pay_one`].
#[inline(always)]
pub(crate) fn pay_two<const N: usize>(
    [first, second]: [Entries<N>; 2],
    [out_one, out_two]: [&mut [i64]; 2],
    rest: &mut [i64],
    rows: Stretch<'_>,
    due: &mut [i64; 2],
) -> bool {
    let [mut before_one, mut before_two] = *due;
    let mut above = 0_i64;
    let each = rows.sums.iter().zip(rows.keys).zip(rows.same).zip(rows.uncovered);
    let out = out_one.iter_mut().zip(out_two).zip(rest);
    for (((out_one, out_two), rest), (((sum, key), same), uncovered)) in out.zip(each) {
        let entry = key.wrapping_add(rows.plus);
        let due_one = first.due(*sum, entry);
        let due_two = second.due(sum.wrapping_sub(due_one), entry);
        let pay_one = due_one.wrapping_sub(before_one & same);
        let pay_two = due_two.wrapping_sub(before_two & same);
        let both = pay_one.wrapping_add(pay_two);
        let left = uncovered.wrapping_sub(both);
        (*out_one, *out_two, *rest) = (pay_one, pay_two, left);
        (before_one, before_two) = (due_one, due_two);
        // Neither is below 0: where one is above what it finds uncovered, both are above what both find.
        above |= left & both.wrapping_neg();
    }
    *due = [before_one, before_two];
    above < 0
}
