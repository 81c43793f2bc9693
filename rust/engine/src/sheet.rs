//! The rows of the results that a run may write to: a stretch of every column.

use jiugao_program::NO_DAY;

use crate::machine::Options;
use crate::prepared::Prepared;
use crate::results::{Details, Results, Role};

/// Payee, last day, what goes beyond the outlay and what of it is made good: where nobody is paid.
#[expect(clippy::as_conversions, reason = "i64::from is not const")]
pub(crate) const NOBODY: [i64; 4] = [0, NO_DAY as i64, 0, 0];

/// A stretch of rows of the results.
#[derive(Debug, Default)]
pub(crate) struct Sheet<'a> {
    /// The batch's row that comes first here.
    pub(crate) first: usize,
    pub(crate) benefits: Vec<&'a mut [i64]>,
    pub(crate) burden: &'a mut [i64],
    pub(crate) excess: &'a mut [i64],
    /// As [`NOBODY`], where the program tells them.
    pub(crate) paying: Vec<&'a mut [i64]>,
    pub(crate) measures: Vec<&'a mut [i64]>,
    pub(crate) years: &'a mut [i16],
    pub(crate) standings: &'a mut [i8],
    pub(crate) roles: &'a mut [u8],
    pub(crate) details: Vec<(&'a mut [u16], &'a mut [u8])>,
    pub(crate) offered: Vec<&'a mut [i64]>,
}

/// What a row shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) pays: &'a [i64],
    pub(crate) burden: i64,
    pub(crate) excess: i64,
    /// As [`NOBODY`].
    pub(crate) paying: [i64; NOBODY.len()],
    pub(crate) measures: &'a [i64],
    pub(crate) year: i32,
    pub(crate) class: i64,
    pub(crate) role: Role,
    /// By benefit: row of figures and cuts.
    pub(crate) rows: &'a [i64],
    pub(crate) cuts: &'a [u8],
    /// By benefit: what an alternative would pay.
    pub(crate) offered: &'a [i64],
}

impl<'a> Sheet<'a> {
    /// All rows of the results, made as long as the batch.
    pub(crate) fn of(results: &'a mut Results, rows: usize, prepared: &Prepared, options: Options) -> Self {
        let details = options.details;
        let benefits = prepared.benefits();
        let paying = prepared.program.outputs().paying.as_ref().map_or(0, |_| NOBODY.len());
        results.benefits.resize_with(benefits, Vec::new);
        results.paying.resize_with(paying, Vec::new);
        let measures = if options.unmeasured {
            0
        } else {
            prepared.program.measures().len()
        };
        results.measures.resize_with(measures, Vec::new);
        for column in results
            .benefits
            .iter_mut()
            .chain([&mut results.burden, &mut results.excess])
            .chain(&mut results.paying)
            .chain(&mut results.measures)
        {
            make_room(column, rows, 0);
        }
        let shown = if options.amounts_only { 0 } else { rows };
        make_room(&mut results.years, shown, 0);
        make_room(&mut results.standings, shown, -1);
        make_room(&mut results.roles, rows, 0);
        results
            .details
            .resize_with(if details { benefits } else { 0 }, Details::default);
        let choosing = details && !prepared.program.choices().is_empty();
        results
            .offered
            .resize_with(if choosing { benefits } else { 0 }, Vec::new);
        for offered in &mut results.offered {
            make_room(offered, rows, 0);
        }
        for details in &mut results.details {
            make_room(&mut details.figures, rows, 0);
            make_room(&mut details.cuts, rows, 0);
        }
        Self {
            first: 0,
            benefits: results.benefits.iter_mut().map(Vec::as_mut_slice).collect(),
            burden: &mut results.burden,
            excess: &mut results.excess,
            paying: results.paying.iter_mut().map(Vec::as_mut_slice).collect(),
            measures: results.measures.iter_mut().map(Vec::as_mut_slice).collect(),
            years: &mut results.years,
            standings: &mut results.standings,
            roles: &mut results.roles,
            details: results
                .details
                .iter_mut()
                .map(|details| (details.figures.as_mut_slice(), details.cuts.as_mut_slice()))
                .collect(),
            offered: results.offered.iter_mut().map(Vec::as_mut_slice).collect(),
        }
    }

    /// The rows before `row` (of the batch), and the rest.
    pub(crate) fn split(self, row: usize) -> (Self, Self) {
        let at = row.saturating_sub(self.first).min(self.roles.len());
        let (burden, burden2) = self.burden.split_at_mut(at);
        let (excess, excess2) = self.excess.split_at_mut(at);
        let (years, years2) = self.years.split_at_mut(at.min(self.years.len()));
        let (standings, standings2) = self.standings.split_at_mut(at.min(self.standings.len()));
        let (roles, roles2) = self.roles.split_at_mut(at);
        let (benefits, benefits2) = self.benefits.into_iter().map(|c| c.split_at_mut(at)).unzip();
        let (paying, paying2) = self.paying.into_iter().map(|c| c.split_at_mut(at)).unzip();
        let (offered, offered2) = self.offered.into_iter().map(|c| c.split_at_mut(at)).unzip();
        let (measures, measures2) = self.measures.into_iter().map(|c| c.split_at_mut(at)).unzip();
        let (details, details2) = self
            .details
            .into_iter()
            .map(|(figures, cuts)| {
                let ((f, f2), (c, c2)) = (figures.split_at_mut(at), cuts.split_at_mut(at));
                ((f, c), (f2, c2))
            })
            .unzip();
        let first = self.first;
        (
            Self {
                first,
                benefits,
                burden,
                excess,
                paying,
                measures,
                years,
                standings,
                roles,
                details,
                offered,
            },
            Self {
                first: first.saturating_add(at),
                benefits: benefits2,
                burden: burden2,
                excess: excess2,
                paying: paying2,
                measures: measures2,
                years: years2,
                standings: standings2,
                roles: roles2,
                details: details2,
                offered: offered2,
            },
        )
    }

    /// Write a row of the batch.
    pub(crate) fn show(&mut self, row: usize, shown: &Shown<'_>) {
        let Some(at) = row.checked_sub(self.first) else { return };
        for (column, pay) in self.benefits.iter_mut().zip(shown.pays) {
            put(column, at, *pay);
        }
        put(self.burden, at, shown.burden);
        put(self.excess, at, shown.excess);
        for (column, value) in self.paying.iter_mut().zip(shown.paying) {
            put(column, at, value);
        }
        for (column, value) in self.measures.iter_mut().zip(shown.measures) {
            put(column, at, *value);
        }
        put(self.years, at, narrow_year(shown.year));
        put(self.standings, at, narrow_class(shown.class));
        put(self.roles, at, shown.role as u8);
        for (n, (figures, cuts)) in self.details.iter_mut().enumerate() {
            let row = shown.rows.get(n).copied().unwrap_or(0);
            put(figures, at, u16::try_from(row).unwrap_or(0));
            put(cuts, at, shown.cuts.get(n).copied().unwrap_or(0));
        }
        for (n, offered) in self.offered.iter_mut().enumerate() {
            put(offered, at, shown.offered.get(n).copied().unwrap_or(0));
        }
    }

    /// A stretch of a result: the benefits' payments, then burden, excess, as [`NOBODY`], and the measures.
    /// Counted from the sheet's first row.
    pub(crate) fn column(&mut self, n: usize, rows: &std::ops::Range<usize>) -> Option<&mut [i64]> {
        let benefits = self.benefits.len();
        let column = match n.checked_sub(benefits) {
            None => &mut **self.benefits.get_mut(n)?,
            Some(0) => &mut *self.burden,
            Some(1) => &mut *self.excess,
            Some(more) => {
                let told = more.checked_sub(2)?;
                match told.checked_sub(self.paying.len()) {
                    None => &mut **self.paying.get_mut(told)?,
                    Some(measure) => &mut **self.measures.get_mut(measure)?,
                }
            }
        };
        column.get_mut(rows.clone())
    }

    /// Make rows (counted from the sheet's first) rejected.
    pub(crate) fn reject(&mut self, rows: &std::ops::Range<usize>, role: Role) {
        for n in 0..self.benefits.len().saturating_add(2) {
            self.column(n, rows).unwrap_or_default().fill(0);
        }
        for column in &mut self.measures {
            column.get_mut(rows.clone()).unwrap_or_default().fill(0);
        }
        for (column, value) in self.paying.iter_mut().zip(NOBODY) {
            column.get_mut(rows.clone()).unwrap_or_default().fill(value);
        }
        self.standings.get_mut(rows.clone()).unwrap_or_default().fill(-1);
        self.roles.get_mut(rows.clone()).unwrap_or_default().fill(role as u8);
        for (figures, cuts) in &mut self.details {
            figures.get_mut(rows.clone()).unwrap_or_default().fill(0);
            cuts.get_mut(rows.clone()).unwrap_or_default().fill(0);
        }
    }

    pub(crate) fn role(&mut self, row: usize, role: Role) {
        let at = row.saturating_sub(self.first);
        put(self.roles, at, role as u8);
    }
}

/// As long as the batch. Batches differ by a few rows: there is room for some more, and what stood in a column that was too
/// short is not taken along.
fn make_room<T: Copy>(column: &mut Vec<T>, rows: usize, nothing: T) {
    if column.capacity() < rows {
        *column = Vec::with_capacity(rows.saturating_add(rows >> 4));
    }
    column.resize(rows, nothing);
}

/// Years 1 to 9999 fit.
pub(crate) fn narrow_year(year: i32) -> i16 {
    i16::try_from(year).unwrap_or(0)
}

/// Classes are at most 126.
pub(crate) fn narrow_class(class: i64) -> i8 {
    i8::try_from(class).unwrap_or(-1)
}

fn put<T>(column: &mut [T], at: usize, value: T) {
    if let Some(place) = column.get_mut(at) {
        *place = value;
    }
}
