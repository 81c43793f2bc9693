//! The rule of a benefit in parts: every part's base and a row of figures come in, what each is paid goes out.
//!
//! docs/machine.md, "Parts". Everything is checked; `None` is an overflow.

use jiugao_program::{PartFigures, Period, Sharing};

use crate::exact::{Exact, Fraction};
use crate::rule::{Phi, State, Stepped, Terms};

/// What the parts of a benefit accumulate in one account.
#[derive(Clone, Debug)]
pub(crate) enum Parts {
    Whole(Vec<Part<i128>>),
    /// Where some figures share a deductible pro rata.
    Fractions(Vec<Part<Fraction>>),
}

/// S, E and P of one part.
#[derive(Clone, Debug)]
pub(crate) struct Part<E> {
    pub(crate) base: i64,
    pub(crate) accrued: E,
    pub(crate) paid: i64,
}

/// Which of S, E and P.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    Base,
    Accrued,
    Paid,
}

/// One part of a claim, for explanations. Exact amounts are written as decimals or fractions of units of E.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartStep {
    pub(crate) base: i64,
    pub(crate) year_base: [i64; 2],
    pub(crate) added: String,
    pub(crate) accrued: [String; 2],
    pub(crate) paid: [i64; 2],
    pub(crate) pay: i64,
}

/// A claim in the parts of a benefit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// By part.
    pub(crate) bases: &'a [i64],
    pub(crate) uncovered: i64,
    /// Whether to tell of every part.
    pub(crate) told: bool,
}

impl Parts {
    /// Nothing yet, for a benefit of so many parts.
    pub(crate) fn new(terms: &Terms) -> Self {
        let count = terms.parts;
        let fractions = terms.rows.iter().any(|phi| {
            let shares = phi.parts.as_ref();
            shares.is_some_and(|shares| shares.sharing == Some(Sharing::ProRata) && phi.deductible > 0)
        });
        if fractions {
            Self::Fractions(vec![Part::new(); count])
        } else {
            Self::Whole(vec![Part::new(); count])
        }
    }

    /// S, E and P of all parts together.
    pub(crate) fn together(&self) -> Option<(i64, i64, i64)> {
        match self {
            Self::Whole(parts) => together(parts),
            Self::Fractions(parts) => together(parts),
        }
    }

    /// A claim that only counts.
    pub(crate) fn count(&mut self, bases: &[i64], signed: bool) -> Option<()> {
        match self {
            Self::Whole(parts) => count(parts, bases, signed),
            Self::Fractions(parts) => count(parts, bases, signed),
        }
    }

    /// SETTLE_PARTS; what each part is paid goes to `pays`.
    pub(crate) fn settle(
        &mut self,
        terms: &Terms,
        phi: &Phi,
        ledger: (&mut State, &mut [i64]),
        given: &Given<'_>,
        pays: &mut [i64],
    ) -> Option<(Stepped, Vec<PartStep>)> {
        match self {
            Self::Whole(parts) => settle(terms, phi, parts, ledger, given, pays),
            Self::Fractions(parts) => settle(terms, phi, parts, ledger, given, pays),
        }
    }
}

impl<E: Exact> Part<E> {
    fn new() -> Self {
        Self {
            base: 0,
            accrued: E::units(0),
            paid: 0,
        }
    }
}

fn together<E: Exact>(parts: &[Part<E>]) -> Option<(i64, i64, i64)> {
    let (mut base, mut accrued, mut paid) = (0_i64, E::units(0), 0_i64);
    for part in parts {
        base = base.checked_add(part.base)?;
        accrued = accrued.plus(&part.accrued)?;
        paid = paid.checked_add(part.paid)?;
    }
    Some((base, accrued.whole(), paid))
}

fn count<E>(parts: &mut [Part<E>], bases: &[i64], signed: bool) -> Option<()> {
    for (part, base) in parts.iter_mut().zip(bases) {
        part.base = part.base.checked_add(counted(*base, signed))?;
    }
    Some(())
}

/// A claim's base; below 0 only where a benefit may have that.
const fn counted(base: i64, signed: bool) -> i64 {
    if signed || base > 0 { base } else { 0 }
}

fn settle<E: Exact>(
    terms: &Terms,
    phi: &Phi,
    parts: &mut [Part<E>],
    (state, used): (&mut State, &mut [i64]),
    given: &Given<'_>,
    pays: &mut [i64],
) -> Option<(Stepped, Vec<PartStep>)> {
    let shares = phi.parts.as_ref()?;
    let bases: Vec<i64> = given.bases.iter().map(|base| counted(*base, terms.signed)).collect();
    let before: Vec<i64> = parts.iter().map(|part| part.base).collect();
    let after = before
        .iter()
        .zip(&bases)
        .map(|(before, base)| before.checked_add(*base))
        .collect::<Option<Vec<i64>>>()?;
    let added: Vec<E> = added(phi, shares, &before, &bases, &after)?;
    let base = sum(&bases)?;
    let room = phi.room(state.paid, used);
    let most = state.paid.saturating_add(room);

    let wanted = parts
        .iter()
        .zip(&added)
        .map(|(part, added)| part.accrued.plus(added))
        .collect::<Option<Vec<E>>>()?;
    let (accrued, limited) = limited(terms, parts, wanted, most)?;
    let mut own = payments(terms, parts, &accrued)?;
    let rises = total(&added)? >= E::units(0);
    if rises {
        if sum(&own)? < 0 {
            own.fill(0); // rounding fell behind what a cut left
        }
        held(terms, parts, (&bases, &after), &mut own)?;
    }
    cut(&mut own, most.checked_sub(state.paid)?)?;
    let uncovered = given.uncovered.max(0);
    let covered = sum(&own)? > uncovered;
    cut(&mut own, uncovered)?;

    let pay = sum(&own)?;
    let all = total(&added)?;
    let stepped = Stepped {
        pay,
        added: all.whole(),
        room,
        below: all == E::units(0) && base > 0,
        limited,
        covered,
        counted: false,
    };
    let mut steps = Vec::new();
    for (((((part, after), accrued), pay), base), added) in parts
        .iter_mut()
        .zip(after)
        .zip(accrued)
        .zip(&own)
        .zip(&bases)
        .zip(&added)
    {
        let (was, had) = (part.base, part.paid);
        let earned = given.told.then(|| part.accrued.to_string());
        part.base = after;
        part.paid = had.checked_add(*pay)?;
        part.accrued = if covered || terms.rounding.each {
            E::units(i128::from(part.paid).checked_mul(i128::from(terms.fen))?)
        } else {
            accrued
        };
        if let Some(earned) = earned {
            steps.push(PartStep {
                base: *base,
                year_base: [was, after],
                added: added.to_string(),
                accrued: [earned, part.accrued.to_string()],
                paid: [had, part.paid],
                pay: *pay,
            });
        }
    }
    for (place, pay) in pays.iter_mut().zip(&own) {
        *place = *pay;
    }
    state.base = state.base.checked_add(base)?;
    state.paid = state.paid.checked_add(pay)?;
    (_, state.accrued, _) = together(parts)?;
    phi.consume(used, pay)?;
    Some((stepped, steps))
}

/// e of every part.
fn added<E: Exact>(phi: &Phi, shares: &PartFigures, before: &[i64], bases: &[i64], after: &[i64]) -> Option<Vec<E>> {
    match (phi.by, shares.sharing) {
        (Period::Claim, Some(Sharing::ByDate)) => by_date(phi, shares, &vec![0; bases.len()], bases),
        (Period::Claim, _) => worth(phi, shares, bases),
        (Period::Year, Some(Sharing::ByDate)) => by_date(phi, shares, before, after),
        (Period::Year, _) => {
            let (was, is): (Vec<E>, Vec<E>) = (worth(phi, shares, before)?, worth(phi, shares, after)?);
            is.iter().zip(&was).map(|(is, was)| is.minus(was)).collect()
        }
    }
}

/// f: what totals of the parts are worth, one deductible taken off them all.
fn worth<E: Exact>(phi: &Phi, shares: &PartFigures, totals: &[i64]) -> Option<Vec<E>> {
    let sizes: Vec<i128> = totals.iter().map(|total| i128::from(*total).max(0)).collect();
    let deductible = i128::from(phi.deductible);
    if shares.sharing == Some(Sharing::ProRata) && deductible > 0 {
        let whole = sizes.iter().try_fold(0_i128, |sum, size| sum.checked_add(*size))?;
        let rest = whole.checked_sub(deductible)?.max(0);
        let part = |(size, rate): (&i128, &i64)| {
            if rest == 0 {
                return Some(E::units(0));
            }
            E::share(size.checked_mul(i128::from(*rate))?, rest, whole)
        };
        return sizes.iter().zip(&shares.rates).map(part).collect();
    }
    // One part, or none of whom is first, comes in the order of the base.
    let mut left = deductible;
    let mut above = sizes.clone();
    let written = 0..sizes.len();
    let in_order = shares.order.iter().copied();
    let order: Vec<usize> = if shares.order.is_empty() {
        written.collect()
    } else {
        in_order.collect()
    };
    for at in order {
        let size = above.get_mut(at)?;
        let taken = left.min(*size);
        *size = size.checked_sub(taken)?;
        left = left.checked_sub(taken)?;
    }
    above
        .iter()
        .zip(&shares.rates)
        .map(|(above, rate)| Some(E::units(above.checked_mul(i128::from(*rate))?)))
        .collect()
}

/// What parts add that use up the deductible as they come, from their totals before the claim to those after it. A part
/// that is overdrawn counts as nothing, here as in [`worth`]: it takes nothing off another.
fn by_date<E: Exact>(phi: &Phi, shares: &PartFigures, before: &[i64], after: &[i64]) -> Option<Vec<E>> {
    let there = |total: i64| total.max(0);
    let mut from = before
        .iter()
        .try_fold(0_i64, |sum, total| sum.checked_add(there(*total)))?;
    before
        .iter()
        .zip(after)
        .zip(&shares.rates)
        .map(|((before, after), rate)| {
            let to = from.checked_add(there(*after).checked_sub(there(*before))?)?;
            let above = to.max(phi.deductible).checked_sub(from.max(phi.deductible))?;
            from = to;
            Some(E::units(i128::from(above).checked_mul(i128::from(*rate))?))
        })
        .collect()
}

/// E of every part within what the limits leave: what is too much comes off the last part first, none below what it was
/// paid. Nothing accrues below 0.
fn limited<E: Exact>(terms: &Terms, parts: &[Part<E>], wanted: Vec<E>, most: i64) -> Option<(Vec<E>, bool)> {
    let nothing = E::units(0);
    let mut accrued = wanted;
    for amount in &mut accrued {
        if *amount < nothing {
            amount.clone_from(&nothing);
        }
    }
    let units = |fen: i64| Some(E::units(i128::from(fen).checked_mul(i128::from(terms.fen))?));
    let mut over = total(&accrued)?.minus(&units(most)?)?;
    if over <= nothing {
        return Some((accrued, false));
    }
    for (amount, part) in accrued.iter_mut().zip(parts).rev() {
        let free = amount.minus(&units(part.paid)?)?;
        if over <= nothing || free <= nothing {
            continue;
        }
        let taken = if free < over { free } else { over.clone() };
        *amount = amount.minus(&taken)?;
        over = over.minus(&taken)?;
    }
    Some((accrued, true))
}

/// What each part is paid so that they sum to the payment: the parts up to each are rounded together.
fn payments<E: Exact>(terms: &Terms, parts: &[Part<E>], accrued: &[E]) -> Option<Vec<i64>> {
    let rounding = terms.rounding;
    let mut sum = E::units(0);
    let mut reached = 0_i64;
    let mut pays = Vec::with_capacity(parts.len());
    for (part, accrued) in parts.iter().zip(accrued) {
        let paid = E::units(i128::from(part.paid).checked_mul(i128::from(terms.fen))?);
        let own = if rounding.each {
            accrued.minus(&paid)?
        } else {
            accrued.clone()
        };
        sum = sum.plus(&own)?;
        let next = sum.rounded(terms.fen, rounding.mode, rounding.unit)?;
        let share = next.checked_sub(reached)?;
        reached = next;
        pays.push(if rounding.each {
            share
        } else {
            share.checked_sub(part.paid)?
        });
    }
    Some(pays)
}

/// Rounding gives nothing that is not there: over the year no part more than its total, and the claim no more than it has
/// of all parts (a part of a fen counts as one). E stays: what is cut is due as soon as more is there.
fn held<E>(terms: &Terms, parts: &[Part<E>], (bases, after): (&[i64], &[i64]), pays: &mut [i64]) -> Option<()> {
    let mut claim = 0_i64;
    for (((part, pay), base), after) in parts.iter().zip(pays.iter_mut()).zip(bases).zip(after) {
        let left = terms.in_fen(*after)?.checked_sub(part.paid)?;
        *pay = (*pay).min(left.max(0));
        claim = claim.checked_add(terms.in_fen((*base).max(0))?)?;
    }
    cut(pays, claim)
}

/// Take what the payments are above `most` off the last part first.
fn cut(pays: &mut [i64], most: i64) -> Option<()> {
    let mut over = sum(pays)?.checked_sub(most)?;
    for pay in pays.iter_mut().rev() {
        let taken = over.min(*pay).max(0);
        *pay = pay.checked_sub(taken)?;
        over = over.checked_sub(taken)?;
    }
    Some(())
}

fn sum(amounts: &[i64]) -> Option<i64> {
    amounts.iter().try_fold(0_i64, |sum, amount| sum.checked_add(*amount))
}

fn total<E: Exact>(amounts: &[E]) -> Option<E> {
    amounts.iter().try_fold(E::units(0), |sum, amount| sum.plus(amount))
}
