//! The rule of a benefit: a claim's base and a row of figures come in, a payment goes out and the accumulators move on.
//!
//! docs/machine.md, "Settling" and "Closing a year". Everything is checked; `None` is an overflow.

use jiugao_program::{
    Band, Benefit, Figure, Gate, GateOperator, LimitUse, PartFigures, Period, Program, RoundingMode, RoundingRule,
};

/// What a benefit accumulates in one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// S: base so far, at the base scale.
    pub(crate) base: i64,
    /// E: exact amount accrued, at base scale + rate scale.
    pub(crate) accrued: i64,
    /// P: fen paid.
    pub(crate) paid: i64,
    /// Of S, what claims before the payments began counted.
    pub(crate) start: i64,
}

/// A limit by year that several benefits draw on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    pub(crate) slot: usize,
    pub(crate) amount: i64,
}

/// One row of figures, ready to be applied.
#[derive(Clone, Debug)]
pub(crate) struct Phi {
    pub(crate) by: Period,
    pub(crate) deductible: i64,
    pub(crate) gate: Option<Gate>,
    pub(crate) bands: Box<[Band]>,
    /// Its own limit by year, fen; `i64::MAX` where there is none.
    pub(crate) yearly: i64,
    /// The least limit by claim, fen; `i64::MAX` where there is none.
    pub(crate) each_claim: i64,
    pub(crate) shared: Box<[Shared]>,
    /// Where the base is in parts.
    pub(crate) parts: Option<PartFigures>,
}

/// A benefit, ready to be applied.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// 10^(base scale + rate scale): how many units of E a fen has.
    pub(crate) fen: i64,
    /// 10^base scale: how many units of S a fen has.
    pub(crate) base_fen: i64,
    pub(crate) rounding: RoundingRule,
    pub(crate) claw_back: bool,
    /// Whether a base below 0 takes back.
    pub(crate) signed: bool,
    /// Claims before the payments begin count from this day on.
    pub(crate) counts_from: Option<i32>,
    /// How many parts the base has; 0 where it is in one piece.
    pub(crate) parts: usize,
    /// Row 1 is `rows[0]`.
    pub(crate) rows: Box<[Phi]>,
}

/// What happened to a claim in a benefit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stepped {
    pub(crate) pay: i64,
    /// What the claim added before limits, in units of E.
    pub(crate) added: i64,
    /// What the limits left, fen; `i64::MAX` without limits.
    pub(crate) room: i64,
    /// Nothing of the base was above the deductible or gate.
    pub(crate) below: bool,
    pub(crate) limited: bool,
    pub(crate) covered: bool,
    /// The claim came before payments begin: it only counts.
    pub(crate) counted: bool,
}

impl Terms {
    pub(crate) fn new(program: &Program, benefit: &Benefit) -> Self {
        let scale = u32::from(benefit.base_scale).saturating_add(u32::from(benefit.rate_scale));
        Self {
            fen: 10_i64.saturating_pow(scale),
            base_fen: 10_i64.saturating_pow(u32::from(benefit.base_scale)),
            rounding: benefit.rounding,
            claw_back: benefit.claw_back,
            signed: benefit.signed,
            counts_from: benefit.counts_from,
            parts: benefit.parts.len(),
            rows: benefit.figures.iter().map(|figure| Phi::new(program, figure)).collect(),
        }
    }

    /// The figures of a row; none for row 0.
    #[inline]
    pub(crate) fn row(&self, row: i64) -> Option<&Phi> {
        usize::try_from(row)
            .ok()
            .and_then(|row| self.rows.get(row.checked_sub(1)?))
    }

    /// What the benefit's own yearly limit leaves of what an account was paid, by the row of figures of its last claim.
    #[inline]
    pub(crate) fn own_left(&self, row: i64, paid: i64) -> Option<i64> {
        let yearly = self.row(row)?.yearly;
        (yearly != i64::MAX).then(|| yearly.saturating_sub(paid).max(0))
    }

    /// SETTLE: a claim of base `base`, never paid more than `uncovered`.
    #[inline]
    pub(crate) fn settle(
        &self,
        phi: &Phi,
        state: &mut State,
        used: &mut [i64],
        base: i64,
        uncovered: i64,
    ) -> Option<Stepped> {
        let base = if self.signed { base } else { base.max(0) };
        let after = state.base.checked_add(base)?;
        let added = phi.added(state, after, base)?;
        let room = phi.room(state.paid, used);
        let wanted = state.accrued.checked_add(added)?;
        let most = state.paid.saturating_add(room);
        // What does not fit 64 bits is more than any accrued amount.
        let mut accrued = wanted.min(most.saturating_mul(self.fen));
        if self.signed {
            accrued = accrued.max(0);
        }
        let mut stepped = Stepped {
            pay: 0,
            added,
            room,
            below: added == 0 && base > 0,
            limited: accrued < wanted,
            covered: false,
            counted: false,
        };
        let reached = if self.rounding.each {
            let own = accrued.checked_sub(state.paid.checked_mul(self.fen)?)?;
            state.paid.checked_add(self.round(own)?)?
        } else {
            self.round(accrued)?
        };
        stepped.pay = reached.min(most).checked_sub(state.paid)?;
        if added >= 0 {
            // Rounding gives nothing that is not there. E stays: what is cut is due as soon as more is left.
            let left = self.left(phi, state.paid, base, after)?;
            stepped.pay = stepped.pay.max(0).min(left);
        }
        let uncovered = uncovered.max(0);
        state.base = after;
        state.accrued = accrued;
        if stepped.pay > uncovered {
            stepped.pay = uncovered;
            stepped.covered = true;
        }
        state.paid = state.paid.checked_add(stepped.pay)?;
        if stepped.covered || self.rounding.each {
            state.accrued = state.paid.checked_mul(self.fen)?;
        }
        phi.consume(used, stepped.pay)?;
        Some(stepped)
    }

    /// What a claim of this base can be paid, in whole fen (a part of a fen counts as one). Where a gate of the year opens,
    /// that is what the whole year has left.
    fn left(&self, phi: &Phi, paid: i64, base: i64, after: i64) -> Option<i64> {
        let by_year = phi.gate.is_some_and(|gate| gate.period == Period::Year);
        let (amount, paid) = if by_year { (after, paid) } else { (base, 0) };
        self.in_fen(amount)?.checked_sub(paid).map(|left| left.max(0))
    }

    /// A base in whole fen; a part of a fen counts as one.
    pub(crate) fn in_fen(&self, amount: i64) -> Option<i64> {
        let whole = amount.checked_div(self.base_fen)?;
        let part = amount.checked_rem(self.base_fen)?;
        whole.checked_add(i64::from(part > 0))
    }

    /// A claim that came before payments begin: its base counts, nothing is paid.
    pub(crate) fn count(&self, state: &mut State, base: i64) -> Option<Stepped> {
        let base = if self.signed { base } else { base.max(0) };
        state.base = state.base.checked_add(base)?;
        state.start = state.start.checked_add(base)?;
        Some(Stepped {
            room: i64::MAX,
            counted: true,
            ..Stepped::default()
        })
    }

    /// CLOSE: what the year still owes, never more than `cap`.
    pub(crate) fn close(&self, phi: &Phi, state: &mut State, used: &mut [i64], cap: i64) -> Option<i64> {
        let due = phi.due(state.base, state.start)?;
        let shared = phi.shared_room(used);
        let most = phi.yearly.min(state.paid.saturating_add(shared));
        let target = self.round(due.min(most.saturating_mul(self.fen)))?.min(most);
        let mut amount = target.checked_sub(state.paid)?;
        if !self.claw_back {
            amount = amount.max(0);
        }
        amount = amount.min(cap.max(0));
        state.paid = state.paid.checked_add(amount)?;
        phi.consume(used, amount)?;
        Some(amount)
    }

    /// An accrued amount (not negative) in fen, rounded as the benefit says.
    #[inline]
    pub(crate) fn round(&self, accrued: i64) -> Option<i64> {
        round(accrued, self.fen, self.rounding.mode, self.rounding.unit)
    }
}

/// `amount` (units of 1/`fen` fen) rounded to `unit` fen. Halves go away from zero; truncation goes towards zero.
#[inline]
pub(crate) fn round(amount: i64, fen: i64, mode: RoundingMode, unit: i64) -> Option<i64> {
    let step = fen.checked_mul(unit)?;
    let size = amount.unsigned_abs();
    let step = step.unsigned_abs();
    let whole = size.checked_div(step)?;
    let rest = size.checked_rem(step)?;
    let twice = rest.checked_mul(2)?;
    let up = match mode {
        RoundingMode::HalfUp => twice >= step,
        RoundingMode::HalfEven => twice > step || (twice == step && whole % 2 == 1),
        RoundingMode::Truncate => false,
    };
    let rounded = i64::try_from(whole.checked_add(u64::from(up))?)
        .ok()?
        .checked_mul(unit)?;
    if amount < 0 {
        rounded.checked_neg()
    } else {
        Some(rounded)
    }
}

impl Phi {
    fn new(program: &Program, figure: &Figure) -> Self {
        let mut phi = Self {
            by: figure.bands_by,
            deductible: figure.deductible.amount,
            gate: figure.gate,
            bands: figure.bands.as_slice().into(),
            yearly: i64::MAX,
            each_claim: i64::MAX,
            shared: Box::default(),
            parts: figure.parts.clone(),
        };
        let mut shared = Vec::new();
        for limit in &figure.limits {
            match *limit {
                LimitUse::Own {
                    period: Period::Year,
                    amount,
                } => phi.yearly = phi.yearly.min(amount),
                LimitUse::Own {
                    period: Period::Claim,
                    amount,
                } => {
                    phi.each_claim = phi.each_claim.min(amount);
                }
                LimitUse::Shared { slot, amount } => match program.limits().get(slot) {
                    Some(limit) if limit.period == Period::Year => shared.push(Shared { slot, amount }),
                    // A limit by claim has nothing used before the claim.
                    _ => phi.each_claim = phi.each_claim.min(amount),
                },
            }
        }
        phi.shared = shared.into();
        phi
    }

    /// e: what a claim adds that takes the year's base from `state` to `after`.
    #[inline]
    fn added(&self, state: &State, after: i64, base: i64) -> Option<i64> {
        let (before, line) = (state.base, self.deductible);
        match (self.by, &self.gate) {
            (Period::Claim, _) => self.due(base, 0),
            (Period::Year, None) if base < 0 => self.rated(after.max(line), before.max(line))?.checked_neg(),
            (Period::Year, None) => self.rated(before.max(line), after.max(line)),
            (Period::Year, Some(_)) => self
                .due(after, state.start)?
                .checked_sub(self.due(before, state.start)?),
        }
    }

    /// g: what a base of `base` is worth without limits, of which `start` was before payments began.
    fn due(&self, base: i64, start: i64) -> Option<i64> {
        let reached = match self.gate {
            None => true,
            Some(Gate {
                amount,
                operator: GateOperator::AtLeast,
                ..
            }) => base >= amount,
            Some(Gate {
                amount,
                operator: GateOperator::Over,
                ..
            }) => base > amount,
        };
        if !reached || base <= self.deductible {
            return Some(0);
        }
        self.rated(self.deductible.max(start), base)
    }

    /// The rates over the stretch of base from `from` to `to`.
    #[inline]
    fn rated(&self, from: i64, to: i64) -> Option<i64> {
        let mut total = 0_i64;
        for band in &self.bands {
            let top = band.upper.map_or(to, |upper| upper.min(to));
            let bottom = band.lower.max(from);
            if top > bottom {
                total = total.checked_add(top.checked_sub(bottom)?.checked_mul(band.rate)?)?;
            }
        }
        Some(total)
    }

    /// What the limits leave, never below 0; `i64::MAX` without limits.
    #[inline]
    pub(crate) fn room(&self, paid: i64, used: &[i64]) -> i64 {
        let mut room = self.each_claim.min(self.shared_room(used));
        if self.yearly != i64::MAX {
            room = room.min(self.yearly.saturating_sub(paid));
        }
        room.max(0)
    }

    #[inline]
    fn shared_room(&self, used: &[i64]) -> i64 {
        self.shared.iter().fold(i64::MAX, |room, shared| {
            let used = used.get(shared.slot).copied().unwrap_or(0);
            room.min(shared.amount.saturating_sub(used).max(0))
        })
    }

    #[inline]
    pub(crate) fn consume(&self, used: &mut [i64], pay: i64) -> Option<()> {
        for shared in &self.shared {
            if let Some(used) = used.get_mut(shared.slot) {
                *used = used.checked_add(pay)?;
            }
        }
        Some(())
    }
}
