//! An account that does not begin with nothing: opening balances go in, totals come out.

use num_bigint::BigInt;
use num_rational::Ratio;

use super::{Of, Opening, Place, Total, Totals};
use crate::ledger::Ledger;
use crate::parts::{Parts, Quantity};
use crate::prepared::Prepared;
use crate::rule::State;

impl Ledger {
    /// Take in what the account begins with. `None` is an overflow.
    ///
    /// What accrued is as much as was paid where the table does not tell it.
    pub(crate) fn open(&mut self, prepared: &Prepared, opening: &Opening<'_>) -> Option<()> {
        let mut told = vec![false; prepared.accumulators.len()];
        for (at, amount) in opening.amounts {
            let at = usize::try_from(*at).ok()?;
            let accumulator = prepared.accumulators.get(at)?;
            *told.get_mut(at)? = true;
            let units = if accumulator.fraction {
                let exact = opening.fractions.get(usize::try_from(*amount).ok()?)?;
                Total::Fraction(exact.clone())
            } else {
                Total::Units(i128::from(*amount))
            };
            self.put(accumulator.place, &units)?;
        }
        for (accumulator, told) in prepared.accumulators.iter().zip(&told) {
            if !told {
                self.accrue_as_paid(prepared, accumulator.place)?;
            }
        }
        self.sum_up_parts()
    }

    fn accrue_as_paid(&mut self, prepared: &Prepared, place: Place) -> Option<()> {
        let fen = |benefit: usize| prepared.terms.get(benefit).map(|terms| terms.fen);
        match place {
            Place::Own(benefit, Of::Accrued) => {
                let state = self.states.get_mut(benefit)?;
                state.accrued = state.paid.checked_mul(fen(benefit)?)?;
            }
            Place::Alone(benefit, Of::Accrued) => {
                let state = self.alone.get_mut(benefit)?;
                state.accrued = state.paid.checked_mul(fen(benefit)?)?;
            }
            Place::Part(benefit, part, Of::Accrued) => {
                let parts = self.parts.get_mut(benefit)?.as_mut()?;
                let Total::Units(paid) = parts.total(part, Quantity::Paid)? else {
                    return None;
                };
                let accrued = paid.checked_mul(i128::from(fen(benefit)?))?;
                parts.put(part, Quantity::Accrued, &Total::Units(accrued))?;
            }
            _ => {}
        }
        Some(())
    }

    /// What a benefit in parts has is what its parts have.
    fn sum_up_parts(&mut self) -> Option<()> {
        for (state, parts) in self.states.iter_mut().zip(&self.parts) {
            if let Some(parts) = parts {
                (state.base, state.accrued, state.paid) = parts.together()?;
            }
        }
        Some(())
    }

    fn put(&mut self, place: Place, total: &Total) -> Option<()> {
        if let Place::Part(benefit, part, of) = place {
            return self.parts.get_mut(benefit)?.as_mut()?.put(part, quantity(of)?, total);
        }
        let Total::Units(units) = total else { return None };
        let units = i64::try_from(*units).ok()?;
        match place {
            Place::Own(benefit, of) => *of_state(self.states.get_mut(benefit)?, of) = units,
            Place::Alone(benefit, of) => {
                *of_state(self.alone.get_mut(benefit)?, of) = units;
                if of == Of::Counted {
                    self.states.get_mut(benefit)?.start = units;
                }
            }
            Place::Used(slot) => *self.used.get_mut(slot)? = units,
            Place::Cap(slot, side) => *self.caps.get_mut(slot)?.get_mut(side)? = units,
            Place::Tally(tally) => {
                *self.closing.get_mut(tally)? = units;
                *self.watched.get_mut(tally)? = units;
            }
            Place::Part(..) => {}
        }
        Some(())
    }

    fn total(&self, place: Place) -> Option<Total> {
        let units = match place {
            Place::Own(benefit, of) => *of_state(&mut self.states.get(benefit).copied()?, of),
            Place::Alone(benefit, of) => *of_state(&mut self.alone.get(benefit).copied()?, of),
            Place::Part(benefit, part, of) => return self.parts.get(benefit)?.as_ref()?.total(part, quantity(of)?),
            Place::Used(slot) => *self.used.get(slot)?,
            Place::Cap(slot, side) => *self.caps.get(slot)?.get(side)?,
            Place::Tally(tally) => *self.closing.get(tally)?,
        };
        Some(Total::Units(i128::from(units)))
    }

    /// What the account accumulated: nothing where that is nothing, else all that is not 0 and all that other tables
    /// must tell.
    pub(crate) fn totals(&self, prepared: &Prepared) -> Totals {
        let mut found = Totals::new();
        let mut any = false;
        for (at, accumulator) in (0..).zip(&prepared.accumulators) {
            let Some(total) = self.total(accumulator.place) else {
                continue;
            };
            any = any || !total.is_nothing();
            if !total.is_nothing() || !accumulator.needed.is_empty() {
                found.push((at, total));
            }
        }
        if any { found } else { Totals::new() }
    }
}

fn of_state(state: &mut State, of: Of) -> &mut i64 {
    match of {
        Of::Base => &mut state.base,
        Of::Accrued => &mut state.accrued,
        Of::Paid => &mut state.paid,
        Of::Counted => &mut state.start,
    }
}

const fn quantity(of: Of) -> Option<Quantity> {
    match of {
        Of::Base => Some(Quantity::Base),
        Of::Accrued => Some(Quantity::Accrued),
        Of::Paid => Some(Quantity::Paid),
        Of::Counted => None,
    }
}

impl Parts {
    fn put(&mut self, part: usize, quantity: Quantity, total: &Total) -> Option<()> {
        let whole = |total: &Total| match total {
            Total::Units(units) => Some(*units),
            Total::Fraction(_) => None,
        };
        match self {
            Self::Whole(parts) => {
                let part = parts.get_mut(part)?;
                match quantity {
                    Quantity::Accrued => part.accrued = whole(total)?,
                    Quantity::Base => part.base = i64::try_from(whole(total)?).ok()?,
                    Quantity::Paid => part.paid = i64::try_from(whole(total)?).ok()?,
                }
            }
            Self::Fractions(parts) => {
                let part = parts.get_mut(part)?;
                match quantity {
                    Quantity::Accrued => {
                        part.accrued = match total {
                            Total::Units(units) => Ratio::from_integer(BigInt::from(*units)),
                            Total::Fraction(fraction) => fraction.clone(),
                        }
                    }
                    Quantity::Base => part.base = i64::try_from(whole(total)?).ok()?,
                    Quantity::Paid => part.paid = i64::try_from(whole(total)?).ok()?,
                }
            }
        }
        Some(())
    }

    fn total(&self, part: usize, quantity: Quantity) -> Option<Total> {
        let units = |units: i64| Total::Units(i128::from(units));
        Some(match (self, quantity) {
            (Self::Whole(parts), Quantity::Base) => units(parts.get(part)?.base),
            (Self::Whole(parts), Quantity::Paid) => units(parts.get(part)?.paid),
            (Self::Whole(parts), Quantity::Accrued) => Total::Units(parts.get(part)?.accrued),
            (Self::Fractions(parts), Quantity::Base) => units(parts.get(part)?.base),
            (Self::Fractions(parts), Quantity::Paid) => units(parts.get(part)?.paid),
            (Self::Fractions(parts), Quantity::Accrued) => Total::Fraction(parts.get(part)?.accrued.clone()),
        })
    }
}
