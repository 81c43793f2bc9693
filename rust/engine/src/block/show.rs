//! Results that are no step's own column: constants, years, standings, roles.

use crate::batch::{Batch, Column};
use crate::plan::{Place, Plan, Source};
use crate::sheet::Sheet;

use super::{Blocks, Span};

impl Blocks {
    /// Constant results, years, standings and roles of the block's rows.
    pub(super) fn show_plain(
        &mut self,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        sheet: &mut Sheet<'_>,
        range: &std::ops::Range<usize>,
    ) {
        show_constants(batch, plan, span, sheet, range, &self.class);
        let years = sheet.years.get_mut(range.clone()).unwrap_or_default();
        let roles = sheet.roles.get_mut(range.clone()).unwrap_or_default();
        let standings = sheet.standings.get_mut(range.clone()).unwrap_or_default();
        self.vector.run(
            #[inline(always)]
            || {
                for (standing, class) in standings.iter_mut().zip(self.class.iter()) {
                    #[expect(clippy::cast_possible_truncation, reason = "classes are at most 126")]
                    {
                        *standing = *class as i8;
                    }
                }
                roles.fill(0);
            },
        );
        if let Some(year) = self.accounts.one_year {
            years.fill(year);
        } else {
            for segment in self.accounts.list(batch, span) {
                years.get_mut(segment.range()).unwrap_or_default().fill(segment.year);
            }
        }
        if !self.accounts.rejected {
            return;
        }
        for segment in self.accounts.list(batch, span) {
            if let Some(role) = segment.rejected {
                let rows = range.start.saturating_add(segment.start)..range.start.saturating_add(segment.end);
                sheet.reject(&rows, role);
            }
        }
    }
}

/// Fill results that are no column of their own: constants, inputs, and values that are another result already.
fn show_constants(
    batch: &Batch<'_>,
    plan: &Plan,
    span: Span,
    sheet: &mut Sheet<'_>,
    range: &std::ops::Range<usize>,
    class: &[i64],
) {
    for (n, source) in plan.results().copied().enumerate() {
        let direct = match source {
            Source::Value(value) => plan.places.get(value) == Some(&Place::Result(n)),
            Source::Constant(_) | Source::Column(_) => false,
        };
        if direct {
            continue;
        }
        let from: Option<Vec<i64>> = match source {
            Source::Constant(_) => None,
            Source::Column(input) => match batch.inputs.get(input) {
                Some(Column::Values(values)) => values.get(span.first..span.end).map(<[i64]>::to_vec),
                _ => None,
            },
            Source::Value(value) => match plan.places.get(value) {
                Some(Place::Result(other)) => sheet.column(*other, range).map(|rows| rows.to_vec()),
                _ => class.get(..span.len()).map(<[i64]>::to_vec),
            },
        };
        let Some(out) = sheet.column(n, range) else { continue };
        match (source, from) {
            (Source::Constant(value), _) => out.fill(value),
            (_, Some(rows)) if rows.len() == out.len() => out.copy_from_slice(&rows),
            _ => {}
        }
    }
}
