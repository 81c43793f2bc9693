//! Each benefit is settled once in the claim section, in order, and closed once where it has a year end.

use crate::ProgramError;
use crate::error::code as codes;
use crate::isa::Instruction;
use crate::program::{Benefit, SectionCode, SettleMode, YearSection};

/// Check the claim section and the year sections.
pub(super) fn check(benefits: &[Benefit], claim: &SectionCode, year: &[YearSection]) -> Result<(), ProgramError> {
    let settled = claim.code.iter().filter_map(|instruction| match instruction {
        Instruction::Settle { benefit, .. } => Some((benefit.index(), false)),
        Instruction::Defer { benefit, .. } => Some((benefit.index(), true)),
        _ => None,
    });
    let expected = benefits
        .iter()
        .enumerate()
        .map(|(n, benefit)| (n, benefit.settle == SettleMode::YearEnd));
    if !settled.eq(expected) {
        let cause = "not each benefit once and in order, by DEFER where it is settled at year end, else by SETTLE";
        return Err(ProgramError::new(codes::SETTLING, "claim.code", cause));
    }
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

/// The payment register of each benefit; none where it is deferred.
pub(super) fn pay_registers(claim: &SectionCode, benefits: usize) -> Vec<Option<usize>> {
    let mut registers = vec![None; benefits];
    for instruction in &claim.code {
        if let Instruction::Settle { d, benefit, .. } = instruction
            && let Some(register) = registers.get_mut(benefit.index())
        {
            *register = Some(d.index());
        }
    }
    registers
}
