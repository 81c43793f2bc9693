//! A choice among benefits on one claim: what each offers comes in, what the chosen one pays goes out.
//!
//! docs/machine.md, "Choosing". Every alternative's base counts; only the chosen one is paid and uses limits.

use jiugao_program::{Choice, Period};

use crate::claim::{Observer, Offer, Runner, Settling, cuts_of, get, set};
use crate::ledger::Ledger;
use crate::prepared::Prepared;
use crate::results::Cut;
use crate::rule::{State, Stepped};

/// An alternative worked out.
#[derive(Clone, Copy, Debug)]
struct Worked {
    benefit: usize,
    offer: Offer,
    before: State,
    after: State,
    stepped: Stepped,
    /// What it would pay; of a choice by year so far in the year.
    offered: i64,
}

impl Runner {
    /// Choose; payments, rows and cuts of the alternatives are set. `None` is an overflow.
    pub(crate) fn choose(
        &mut self,
        prepared: &Prepared,
        choice: &Choice,
        ledger: &mut Ledger,
        observer: &mut impl Observer,
    ) -> Option<()> {
        let worked = match choice.by {
            Period::Claim => self.of_claim(prepared, choice, ledger)?,
            Period::Year => self.of_year(prepared, choice, ledger)?,
        };
        self.used_before.clone_from(&ledger.used);
        let chosen = match choice.by {
            Period::Claim => self.pay_of_claim(prepared, &worked, ledger)?,
            Period::Year => self.pay_of_year(choice, &worked, ledger)?,
        };
        for one in &worked {
            let taken = chosen.is_some_and(|chosen| chosen == one.benefit);
            let mut stepped = one.stepped;
            stepped.pay = get(&self.pays, one.benefit);
            set(&mut ledger.rows, one.benefit, one.offer.row);
            set(&mut self.rows, one.benefit, one.offer.row);
            if let Some(cuts) = self.cuts.get_mut(one.benefit) {
                *cuts = cuts_of(&stepped) | if taken { 0 } else { Cut::BEATEN };
            }
            observer.settled(&Settling {
                benefit: one.benefit,
                row: one.offer.row,
                base: one.offer.base,
                uncovered: one.offer.uncovered,
                before: one.before,
                after: one.after,
                used_before: &self.used_before,
                used_after: &ledger.used,
                stepped,
                parts: Vec::new(),
                choice: Some((one.offered, taken)),
            });
        }
        Some(())
    }

    /// An alternative on a claim from before payments begin: its base counts.
    pub(crate) fn count_offered(
        &mut self,
        prepared: &Prepared,
        ledger: &mut Ledger,
        observer: &mut impl Observer,
        benefit: usize,
    ) -> Option<()> {
        let offer = self.offers.get(benefit).copied()?;
        let terms = prepared.terms.get(benefit)?;
        if terms.row(offer.row).is_none() {
            return Some(());
        }
        terms.count(ledger.alone.get_mut(benefit)?, offer.base)?;
        let state = ledger.states.get_mut(benefit)?;
        let before = *state;
        let stepped = terms.count(state, offer.base)?;
        let after = *state;
        self.used_before.clone_from(&ledger.used);
        observer.settled(&Settling {
            benefit,
            row: offer.row,
            base: offer.base,
            uncovered: offer.uncovered,
            before,
            after,
            used_before: &self.used_before,
            used_after: &ledger.used,
            stepped,
            parts: Vec::new(),
            choice: None,
        });
        self.settled(ledger, benefit, offer.row, &stepped);
        Some(())
    }

    /// By claim: each alternative as if it were chosen.
    fn of_claim(&mut self, prepared: &Prepared, choice: &Choice, ledger: &Ledger) -> Option<Vec<Worked>> {
        let mut worked = Vec::with_capacity(choice.benefits.len());
        for &benefit in &choice.benefits {
            let offer = self.offers.get(benefit).copied()?;
            let terms = prepared.terms.get(benefit)?;
            let Some(phi) = terms.row(offer.row) else { continue };
            let before = ledger.states.get(benefit).copied()?;
            let mut after = before;
            self.used_before.clone_from(&ledger.used);
            let stepped = terms.settle(phi, &mut after, &mut self.used_before, offer.base, offer.uncovered)?;
            set(&mut self.offered, benefit, stepped.pay);
            worked.push(Worked {
                benefit,
                offer,
                before,
                after,
                stepped,
                offered: stepped.pay,
            });
        }
        Some(worked)
    }

    /// By claim: the highest is paid; of the others only the base counts.
    fn pay_of_claim(&mut self, prepared: &Prepared, worked: &[Worked], ledger: &mut Ledger) -> Option<Option<usize>> {
        let mut chosen: Option<Worked> = None;
        for one in worked {
            if chosen.is_none_or(|chosen| one.offered > chosen.offered) {
                chosen = Some(*one);
            }
        }
        let chosen = chosen.map(|chosen| chosen.benefit);
        for one in worked {
            let state = ledger.states.get_mut(one.benefit)?;
            if chosen == Some(one.benefit) {
                let terms = prepared.terms.get(one.benefit)?;
                let phi = terms.row(one.offer.row)?;
                let stepped = terms.settle(phi, state, &mut ledger.used, one.offer.base, one.offer.uncovered)?;
                set(&mut self.pays, one.benefit, stepped.pay);
            } else {
                state.base = one.after.base;
            }
        }
        Some(chosen)
    }

    /// By year: each alternative goes on as if it alone had been paid all year.
    fn of_year(&mut self, prepared: &Prepared, choice: &Choice, ledger: &mut Ledger) -> Option<Vec<Worked>> {
        let mut worked = Vec::with_capacity(choice.benefits.len());
        for &benefit in &choice.benefits {
            let offer = self.offers.get(benefit).copied()?;
            let terms = prepared.terms.get(benefit)?;
            let alone = ledger.alone.get_mut(benefit)?;
            let before = *alone;
            if let Some(phi) = terms.row(offer.row) {
                // INVARIANT: no shared limits in a choice by year (verified).
                let stepped = terms.settle(phi, alone, &mut [], offer.base, offer.uncovered)?;
                worked.push(Worked {
                    benefit,
                    offer,
                    before,
                    after: *alone,
                    stepped,
                    offered: alone.paid,
                });
            }
            let offered = alone.paid;
            set(&mut self.offered, benefit, offered);
        }
        Some(worked)
    }

    /// By year: what the best year so far pays more than was paid, where its benefit applies to the claim.
    fn pay_of_year(&mut self, choice: &Choice, worked: &[Worked], ledger: &mut Ledger) -> Option<Option<usize>> {
        let mut paid = 0_i64;
        for &benefit in &choice.benefits {
            paid = paid.checked_add(ledger.states.get(benefit)?.paid)?;
        }
        let winner = best_of_year(choice, ledger)?;
        let Some(one) = worked.iter().find(|one| one.benefit == winner) else {
            return Some(None);
        };
        // Below 0 only where a base was: what was paid too much is taken back.
        let due = one.after.paid.checked_sub(paid)?;
        let pay = due.min(one.offer.uncovered.max(0));
        let state = ledger.states.get_mut(winner)?;
        state.paid = state.paid.checked_add(pay)?;
        set(&mut self.pays, winner, pay);
        Some(Some(winner))
    }
}

/// The alternative that alone would have been paid most; the first of equals.
fn best_of_year(choice: &Choice, ledger: &Ledger) -> Option<usize> {
    let mut best: Option<(usize, i64)> = None;
    for &benefit in &choice.benefits {
        let worth = ledger.alone.get(benefit)?.paid;
        if best.is_none_or(|(_, most)| worth > most) {
            best = Some((benefit, worth));
        }
    }
    best.map(|(benefit, _)| benefit)
}

/// The end of a year: what other alternatives of choices by year paid becomes the winner's. `None` is an overflow.
pub(crate) fn move_to_winners(prepared: &Prepared, ledger: &mut Ledger, amounts: &mut [i64]) -> Option<()> {
    for choice in prepared.program.choices() {
        if choice.by == Period::Claim {
            continue;
        }
        let winner = best_of_year(choice, ledger)?;
        for &benefit in &choice.benefits {
            if benefit == winner {
                continue;
            }
            let state = ledger.states.get_mut(benefit)?;
            let moved = std::mem::take(&mut state.paid);
            set(amounts, benefit, get(amounts, benefit).checked_sub(moved)?);
            set(amounts, winner, get(amounts, winner).checked_add(moved)?);
            let state = ledger.states.get_mut(winner)?;
            state.paid = state.paid.checked_add(moved)?;
        }
    }
    Some(())
}
