//! Each benefit is settled once in the claim section, in order, and closed once where it has a year end.

use super::cap;
use crate::error::code as codes;
use crate::isa::Instruction;
use crate::program::{Benefit, Choice, LimitUse, Period, SectionCode, SettleMode, YearSection};
use crate::{ProgramError, caps};

/// How the claim section settles a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Settle,
    Parts,
    Defer,
    Offer,
    Take,
}

/// Choices are of benefits side by side, in one piece, settled claim by claim on the same accounts; by year with
/// limits of their own.
pub(super) fn choices(benefits: &[Benefit], choices: &[Choice]) -> Result<(), ProgramError> {
    let mut after = 0;
    for (n, choice) in choices.iter().enumerate() {
        let wrong = |cause: &str| ProgramError::new(codes::SETTLING, format!("choices[{n}]"), cause);
        let first = choice.benefits.first().copied().unwrap_or(0);
        let end = first.saturating_add(choice.benefits.len());
        if choice.benefits.len() < 2 || first < after || !choice.benefits.iter().copied().eq(first..end) {
            return Err(wrong("not two or more benefits side by side, in order"));
        }
        let Some(members) = benefits.get(first..end) else {
            return Err(wrong("a benefit that is not there"));
        };
        let same = members.iter().all(|member| {
            member.settle == SettleMode::PerClaim
                && member.parts.is_empty()
                && members
                    .first()
                    .is_some_and(|first| first.by_standing == member.by_standing)
        });
        if !same {
            return Err(wrong(
                "not all in one piece, settled claim by claim on the same accounts",
            ));
        }
        let mut limits = members.iter().flat_map(|m| &m.figures).flat_map(|f| &f.limits);
        if choice.by == Period::Year && limits.any(|limit| matches!(limit, LimitUse::Shared { .. })) {
            return Err(wrong("a shared limit in a choice by year"));
        }
        after = end;
    }
    Ok(())
}

/// What the claim section has to do, in order.
fn expected(benefits: &[Benefit], choices: &[Choice]) -> Vec<(usize, Way)> {
    let mut ways = Vec::with_capacity(benefits.len());
    for (n, benefit) in benefits.iter().enumerate() {
        let choice = choices.iter().find(|choice| choice.benefits.contains(&n));
        match choice {
            None if benefit.settle == SettleMode::YearEnd => ways.push((n, Way::Defer)),
            None if !benefit.parts.is_empty() => ways.push((n, Way::Parts)),
            None => ways.push((n, Way::Settle)),
            Some(choice) if choice.benefits.first() == Some(&n) => {
                ways.extend(choice.benefits.iter().map(|member| (*member, Way::Offer)));
                ways.extend(choice.benefits.iter().map(|member| (*member, Way::Take)));
            }
            Some(_) => {}
        }
    }
    ways
}

/// Check the claim section and the year sections.
pub(super) fn check(
    benefits: &[Benefit],
    choices: &[Choice],
    claim: &SectionCode,
    year: &[YearSection],
) -> Result<(), ProgramError> {
    let settled = claim.code.iter().filter_map(|instruction| match instruction {
        Instruction::Settle { benefit, .. } => Some((benefit.index(), Way::Settle)),
        Instruction::SettleParts { benefit, .. } => Some((benefit.index(), Way::Parts)),
        Instruction::Defer { benefit, .. } => Some((benefit.index(), Way::Defer)),
        Instruction::Offer { benefit, .. } => Some((benefit.index(), Way::Offer)),
        Instruction::Take { benefit, .. } => Some((benefit.index(), Way::Take)),
        _ => None,
    });
    if !settled.eq(expected(benefits, choices)) {
        let cause = "not each benefit once and in order, by DEFER where it is settled at year end, by OFFER and then TAKE \
                     where it is one of a choice, by SETTLE_PARTS where it is in parts, else by SETTLE";
        return Err(ProgramError::new(codes::SETTLING, "claim.code", cause));
    }
    parts(benefits, claim)?;
    let closing = benefits
        .iter()
        .enumerate()
        .filter(|(_, benefit)| benefit.settle != SettleMode::PerClaim)
        .map(|(n, _)| n);
    if !year.iter().map(|section| section.benefit).eq(closing) {
        let cause = "not one section for each benefit with a year end, in order";
        return Err(ProgramError::new(codes::SETTLING, "year", cause));
    }
    for (n, section) in year.iter().enumerate() {
        let mut closes = section.section.code.iter().filter_map(|instruction| match instruction {
            Instruction::Close { d, benefit, .. } => Some((d.index(), benefit.index())),
            _ => None,
        });
        if closes.next() != Some((section.out, section.benefit)) || closes.next().is_some() {
            let cause = "not one CLOSE of this benefit, whose result is `out`";
            return Err(ProgramError::new(codes::SETTLING, format!("year[{n}]"), cause));
        }
    }
    Ok(())
}

/// The bases of all parts before they are settled, what they are paid after it; slots of CAP_BY_YEAR in order.
fn parts(benefits: &[Benefit], claim: &SectionCode) -> Result<(), ProgramError> {
    let mut given = vec![0_usize; benefits.len()];
    let mut settled = vec![false; benefits.len()];
    let mut slots = 0_usize;
    for (n, instruction) in claim.code.iter().enumerate() {
        let fits = match instruction {
            Instruction::Part { benefit, part, .. } => given.get_mut(benefit.index()).is_some_and(|given| {
                let next = usize::try_from(*part) == Ok(*given);
                *given = given.saturating_add(1);
                next
            }),
            Instruction::SettleParts { benefit, .. } => {
                let at = benefit.index();
                if let Some(settled) = settled.get_mut(at) {
                    *settled = true;
                }
                given.get(at).copied() == benefits.get(at).map(|benefit| benefit.parts.len())
            }
            Instruction::PartPaid { benefit, .. } => settled.get(benefit.index()).copied().unwrap_or(false),
            Instruction::CapByYear { slot, .. } => {
                let next = usize::try_from(*slot) == Ok(slots);
                slots = slots.saturating_add(1);
                next
            }
            _ => true,
        };
        if !fits {
            let cause = "not every part's base before SETTLE_PARTS, what parts are paid after it, and the slots of \
                         CAP_BY_YEAR one after another";
            return Err(ProgramError::new(codes::SETTLING, format!("claim.code[{n}]"), cause));
        }
    }
    cap(slots, caps::YEARLY_CAPS, "claim.code")
}

/// The payment register of each benefit; none where it is deferred.
pub(super) fn pay_registers(claim: &SectionCode, benefits: usize) -> Vec<Option<usize>> {
    let mut registers = vec![None; benefits];
    for instruction in &claim.code {
        if let Instruction::Settle { d, benefit, .. }
        | Instruction::SettleParts { d, benefit, .. }
        | Instruction::Take { d, benefit } = instruction
            && let Some(register) = registers.get_mut(benefit.index())
        {
            *register = Some(d.index());
        }
    }
    registers
}
