//! Where the values of a block are: columns that steps read, and the one that a step writes.

use crate::batch::Column;
use crate::kernels::Operand;
use crate::plan::{Place, Plan, Source};

use super::Span;
use super::lane::Lane;

/// The columns that steps read.
pub(super) struct Columns<'a> {
    pub(super) inputs: &'a [Column<'a>],
    pub(super) span: Span,
    pub(super) places: &'a [Place],
    /// By value: what it is the same as.
    pub(super) aliases: &'a [Option<Source>],
    pub(super) slots: &'a [Lane],
    pub(super) results: &'a [&'a mut [i64]],
    pub(super) class: &'a [i64],
}

impl<'a> Columns<'a> {
    pub(super) fn get(&self, source: Source) -> Operand<'a> {
        let rows = self.span.len();
        let part = |column: &'a [i64]| Operand::Rows(column.get(..rows).unwrap_or(&[]));
        match source {
            Source::Constant(value) => Operand::Value(value),
            Source::Column(input) => match self.inputs.get(input) {
                Some(Column::Values(values)) => {
                    Operand::Rows(values.get(self.span.first..self.span.end).unwrap_or(&[]))
                }
                Some(Column::Constant(value)) => Operand::Value(*value),
                None => Operand::Value(0),
            },
            Source::Value(value) if let Some(Some(alias)) = self.aliases.get(value) => self.get(*alias),
            Source::Value(value) => match self.places.get(value) {
                Some(Place::Slot(slot)) => part(self.slots.get(*slot).map_or(&[], |slot| &**slot)),
                Some(Place::Result(result)) => part(self.results.get(*result).map_or(&[], |r| &**r)),
                Some(Place::Class) | None => part(self.class),
            },
        }
    }
}

/// The column that a step writes, taken out of the others while it does.
pub(super) enum Taken<'a> {
    Slot(usize, Lane),
    Result(usize, &'a mut [i64]),
    Nothing,
}

/// Take the column of a value out.
pub(super) fn take<'r>(slots: &mut [Lane], results: &mut [&'r mut [i64]], plan: &Plan, out: usize) -> Taken<'r> {
    match plan.places.get(out) {
        Some(Place::Slot(slot)) => match slots.get_mut(*slot) {
            Some(column) => Taken::Slot(*slot, std::mem::take(column)),
            None => Taken::Nothing,
        },
        Some(Place::Result(result)) => match results.get_mut(*result) {
            Some(column) => Taken::Result(*result, std::mem::take(column)),
            None => Taken::Nothing,
        },
        Some(Place::Class) | None => Taken::Nothing,
    }
}

/// Put it back.
pub(super) fn give<'r>(slots: &mut [Lane], results: &mut [&'r mut [i64]], target: Taken<'r>) {
    match target {
        Taken::Slot(slot, column) => {
            if let Some(place) = slots.get_mut(slot) {
                *place = column;
            }
        }
        Taken::Result(result, column) => {
            if let Some(place) = results.get_mut(result) {
                *place = column;
            }
        }
        Taken::Nothing => {}
    }
}

pub(super) fn rows_of<'t>(target: &'t mut Taken<'_>, span: Span) -> &'t mut [i64] {
    match target {
        Taken::Slot(_, column) => column.get_mut(..span.len()).unwrap_or_default(),
        Taken::Result(_, column) => column.get_mut(..span.len()).unwrap_or_default(),
        Taken::Nothing => &mut [],
    }
}
