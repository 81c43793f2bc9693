//! The value of one stateless instruction for one row.

use jiugao_program::DAYS;

use super::{Lists, Op};
use crate::rule;

/// What an instruction reads beside registers; nothing, where the verifier lets no instruction ask.
pub(crate) trait Scene {
    /// This row's value of an input.
    fn input(&self, _input: usize) -> i64 {
        0
    }

    /// The day by which things are judged.
    fn day(&self) -> i32 {
        0
    }

    /// The standing class on that day.
    fn class(&self) -> i64 {
        crate::standing::NONE
    }

    /// Identities held on that day.
    fn held(&self) -> i64 {
        0
    }

    /// A total of the person's year.
    fn tally(&self, _tally: usize) -> i64 {
        0
    }
}

/// For instructions that read registers alone.
pub(crate) struct Nowhere;

impl Scene for Nowhere {}

/// The value of a stateless instruction; `None` is an overflow. The instructions with state give 0.
#[inline]
pub(crate) fn value(op: &Op, registers: &[i64], lists: &Lists, scene: &impl Scene) -> Option<i64> {
    // INVARIANT: the verifier saw every register defined before it is read.
    let get = |register: usize| registers.get(register).copied().unwrap_or(0);
    Some(match *op {
        Op::Constant { value, .. } => value,
        Op::Input { input, .. } => scene.input(input),
        Op::Day { .. } => i64::from(scene.day()),
        Op::Class { .. } => scene.class(),
        Op::Holds { mask, .. } => i64::from(scene.held() & mask != 0),
        Op::Regime { dates, .. } => lists.regime(dates, scene.day()),
        Op::Add { a, b, .. } => get(a).checked_add(get(b))?,
        Op::Sub { a, b, .. } => get(a).checked_sub(get(b))?,
        Op::Multiply { a, by, .. } => get(a).checked_mul(by)?,
        Op::Times { a, b, .. } => get(a).checked_mul(get(b))?,
        Op::Min { a, b, .. } => get(a).min(get(b)),
        Op::Max { a, b, .. } => get(a).max(get(b)),
        Op::AboveZero { a, .. } => get(a).max(0),
        Op::Shift { a, days, .. } => get(a)
            .checked_add(days)
            .filter(|day| (i64::from(*DAYS.start())..=i64::from(*DAYS.end())).contains(day))?,
        Op::Less { a, b, .. } => i64::from(get(a) < get(b)),
        Op::LessEqual { a, b, .. } => i64::from(get(a) <= get(b)),
        Op::Equal { a, b, .. } => i64::from(get(a) == get(b)),
        Op::NotEqual { a, b, .. } => i64::from(get(a) != get(b)),
        Op::And { a, b, .. } => get(a) & get(b),
        Op::Or { a, b, .. } => get(a) | get(b),
        Op::Not { a, .. } => get(a) ^ 1,
        Op::InSet { a, set, .. } => i64::from(lists.has(set, get(a))),
        Op::Listed { a, day, list, .. } => {
            let list = lists.lists.get(list);
            i64::from(list.is_some_and(|list| list.has(get(a), get(day))))
        }
        Op::Choose { flag, a, b, .. } => {
            if get(flag) != 0 {
                get(a)
            } else {
                get(b)
            }
        }
        Op::Radix {
            a,
            a_plus,
            n,
            b,
            b_plus,
            ..
        } => get(a)
            .checked_add(a_plus)?
            .checked_mul(n)?
            .checked_add(get(b))?
            .checked_add(b_plus)?,
        Op::Lookup { a, plus, table, .. } => lists.entry(table, get(a).checked_add(plus)?),
        Op::YearTally { tally, .. } => scene.tally(tally),
        Op::Round { a, fen, mode, unit, .. } => rule::round(get(a), fen, mode, unit)?,
        Op::Settle { .. }
        | Op::Defer { .. }
        | Op::Offer { .. }
        | Op::Take { .. }
        | Op::CapByYear { .. }
        | Op::Part { .. }
        | Op::SettleParts { .. }
        | Op::PartPaid { .. }
        | Op::Tally { .. }
        | Op::Close { .. } => 0,
    })
}
