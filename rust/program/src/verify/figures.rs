//! The benefits: scales, roundings, and every row of figures.

use super::{cap, day, position};
use crate::document::{BenefitEntry, Document, FigureEntry, GateWord, LimitEntry};
use crate::error::code as codes;
use crate::program::{
    Band, Benefit, Deductible, Figure, Gate, GateOperator, LimitUse, PartFigures, Period, SettleMode, Sharing,
};
use crate::{ProgramError, caps};

/// The benefits of the document, checked.
pub(super) fn benefits(entries: Vec<BenefitEntry>, document: &Document) -> Result<Vec<Benefit>, ProgramError> {
    entries
        .into_iter()
        .enumerate()
        .map(|(n, entry)| benefit(n, entry, document))
        .collect()
}

fn wrong<T>(place: impl Into<String>, cause: &str) -> Result<T, ProgramError> {
    Err(ProgramError::new(codes::FIGURES, place, cause))
}

fn benefit(n: usize, entry: BenefitEntry, document: &Document) -> Result<Benefit, ProgramError> {
    let place = format!("benefits[{n}]");
    if entry
        .base_scale
        .checked_add(entry.rate_scale)
        .is_none_or(|sum| sum > caps::SCALE)
    {
        return wrong(place, "base scale and rate scale are more than 6 together");
    }
    if entry.rounding.unit != 1 && entry.rounding.unit != 100 {
        return wrong(place, "rounded to neither fen nor yuan");
    }
    cap(entry.figures.len(), caps::FIGURES, &place)?;
    cap(entry.parts.len(), caps::PARTS, &place)?;
    if let Some(found) = entry.counts_from {
        day(found, &place)?;
        let before = |first: i32| first <= found && found < document.force.claims_from;
        if !document.force.counts_from.is_some_and(before) {
            return wrong(place, "counts from no day before payments begin");
        }
    }
    if !entry.parts.is_empty() && entry.settle != SettleMode::PerClaim {
        return wrong(place, "in parts, and not settled claim by claim");
    }
    let classes = i64::try_from(document.classes.len()).unwrap_or(i64::MAX);
    if !entry.entitled.is_sorted_by(|a, b| a < b) || !entry.entitled.iter().all(|class| (-1..classes).contains(class)) {
        return wrong(place, "entitled classes that are not there, or not in order");
    }
    let one = 10_i64.pow(u32::from(entry.rate_scale));
    let figures = entry
        .figures
        .into_iter()
        .enumerate()
        .map(|(row, figure)| {
            let place = format!("{place}.figures[{row}]");
            read_figure(&place, figure, one, entry.parts.len(), document)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Benefit {
        code: entry.code,
        name: entry.name,
        payer: entry.payer,
        place: entry.place,
        expense: entry.expense,
        less: entry.less,
        parts: entry.parts,
        signed: entry.signed,
        counts_from: entry.counts_from,
        by_standing: entry.by_standing,
        settle: entry.settle,
        claw_back: entry.claw_back,
        base_scale: entry.base_scale,
        rate_scale: entry.rate_scale,
        rounding: entry.rounding,
        entitled: entry.entitled,
        actual: entry.actual,
        figures,
    })
}

fn read_figure(
    place: &str,
    entry: FigureEntry,
    one: i64,
    parts: usize,
    document: &Document,
) -> Result<Figure, ProgramError> {
    cap(entry.bands.len(), caps::BANDS, place)?;
    cap(entry.limits.len(), caps::LIMITS_OF_A_ROW, place)?;
    let deductible = match entry.deductible {
        Some((amount, period)) => Deductible { amount, period },
        None => Deductible {
            amount: 0,
            period: entry.bands_by,
        },
    };
    let gate = entry.gate.map(|(amount, word, period)| Gate {
        amount,
        operator: match word {
            GateWord::AtLeast => GateOperator::AtLeast,
            GateWord::Over => GateOperator::Over,
        },
        period,
    });
    if deductible.amount < 0 || gate.is_some_and(|gate| gate.amount < 0) {
        return wrong(place, "a deductible or gate below 0");
    }
    if deductible.period != entry.bands_by || gate.is_some_and(|gate| gate.period != entry.bands_by) {
        return wrong(place, "deductible, gate and bands are not of one period");
    }
    let bands = match &entry.parts {
        None if parts == 0 => bands(place, &entry.bands, one)?,
        Some(shares) if parts > 0 && entry.bands.is_empty() && gate.is_none() => {
            check_parts(place, shares, parts, one, deductible)?;
            Vec::new()
        }
        _ => {
            return wrong(
                place,
                "not bands for a base in one piece, or a rate for each part of one in parts",
            );
        }
    };
    let limits = limits(place, &entry.limits, document)?;
    Ok(Figure {
        deductible,
        gate,
        bands,
        bands_by: entry.bands_by,
        parts: entry.parts,
        limits,
        note: entry.note,
        places: entry.places,
        parameters: entry.parameters,
    })
}

/// A rate for every part, and every part once where they come in order.
fn check_parts(
    place: &str,
    shares: &PartFigures,
    parts: usize,
    one: i64,
    deductible: Deductible,
) -> Result<(), ProgramError> {
    if shares.rates.len() != parts || !shares.rates.iter().all(|rate| (0..=one).contains(rate)) {
        return wrong(place, "not a rate from nothing to the whole for each part");
    }
    let mut order = shares.order.clone();
    order.sort_unstable();
    let wanted = if shares.sharing == Some(Sharing::InOrder) {
        parts
    } else {
        0
    };
    if !order.into_iter().eq(0..wanted) {
        return wrong(place, "not every part once in the order of the deductible");
    }
    if shares.sharing.is_none() && deductible.amount > 0 && parts > 1 {
        return wrong(place, "a deductible of several parts that nothing shares out");
    }
    Ok(())
}

/// From 0 without gap or overlap to no end, each rate from nothing to the whole.
fn bands(place: &str, entries: &[(i64, Option<i64>, i64)], one: i64) -> Result<Vec<Band>, ProgramError> {
    let mut next = Some(0);
    for (n, &(lower, upper, rate)) in entries.iter().enumerate() {
        let place = format!("{place}.bands[{n}]");
        if next != Some(lower) {
            return wrong(place, "does not begin where the band before ends");
        }
        if upper.is_some_and(|upper| upper <= lower) {
            return wrong(place, "ends where it begins, or before");
        }
        if !(0..=one).contains(&rate) {
            return wrong(place, "a rate below 0 or above 100 %");
        }
        next = upper;
    }
    if entries.is_empty() || next.is_some() {
        return wrong(place, "the bands do not go on without end");
    }
    Ok(entries
        .iter()
        .map(|&(lower, upper, rate)| Band { lower, upper, rate })
        .collect())
}

fn limits(place: &str, entries: &[LimitEntry], document: &Document) -> Result<Vec<LimitUse>, ProgramError> {
    let mut limits: Vec<LimitUse> = Vec::with_capacity(entries.len());
    let mut yearly = 0_usize;
    for entry in entries {
        let (limit, amount) = match entry {
            LimitEntry::Shared(_, slot, amount) => {
                position(*slot, document.limits.len(), place)?;
                let named = |limit: &LimitUse| matches!(limit, LimitUse::Shared { slot: s, .. } if s == slot);
                if limits.iter().any(named) {
                    return wrong(place, "names a shared limit twice");
                }
                (
                    LimitUse::Shared {
                        slot: *slot,
                        amount: *amount,
                    },
                    *amount,
                )
            }
            LimitEntry::Own(period, amount) => {
                if *period == Period::Year {
                    yearly = yearly.saturating_add(1);
                }
                (
                    LimitUse::Own {
                        period: *period,
                        amount: *amount,
                    },
                    *amount,
                )
            }
        };
        if amount < 0 {
            return wrong(place, "a limit below 0");
        }
        limits.push(limit);
    }
    if yearly > 1 {
        return wrong(place, "two yearly limits of its own");
    }
    Ok(limits)
}
