//! What goes on from a replaced policy: another one, told once, and into totals that this program has.

use super::cap;
use crate::document::{CarriedEntry, CarriedSort, CarriedTotal, Document};
use crate::error::code as codes;
use crate::program::Period;
use crate::{ProgramError, caps};

/// Check every policy that is carried.
pub(super) fn check(document: &Document) -> Result<(), ProgramError> {
    cap(document.carried.len(), caps::ENTRIES, "carried")?;
    for (n, carried) in document.carried.iter().enumerate() {
        let place = format!("carried[{n}]");
        cap(carried.totals.len(), caps::ENTRIES, &place)?;
        let before = document.carried.get(..n).unwrap_or_default();
        if carried.code == document.policy.code || before.iter().any(|other| other.code == carried.code) {
            let cause = "carries itself, or one policy twice";
            return Err(ProgramError::new(codes::RANGE, place, cause));
        }
        totals(document, carried, &place)?;
    }
    Ok(())
}

fn totals(document: &Document, carried: &CarriedEntry, place: &str) -> Result<(), ProgramError> {
    for (n, total) in carried.totals.iter().enumerate() {
        let before = carried.totals.get(..n).unwrap_or_default();
        let twice = before
            .iter()
            .any(|other| other.sort == total.sort && (other.new == total.new || other.old == total.old));
        if twice || !known(document, total) {
            let cause = "a total of nothing, or carried twice";
            return Err(ProgramError::new(codes::RANGE, format!("{place}.totals[{n}]"), cause));
        }
    }
    Ok(())
}

fn known(document: &Document, total: &CarriedTotal) -> bool {
    match total.sort {
        CarriedSort::Benefit => document.benefits.iter().any(|benefit| benefit.code == total.new),
        CarriedSort::Limit => {
            let mut limits = document.limits.iter();
            limits.any(|limit| limit.name == total.new && limit.period == Period::Year)
        }
        CarriedSort::Indicator => document.warnings.iter().any(|warning| warning.code == total.new),
        // Expenses have names only where the year's end needs what is left of them.
        CarriedSort::Expense => true,
    }
}
