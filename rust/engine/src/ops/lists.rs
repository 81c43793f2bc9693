//! Tables, sets, days and lists of a program, as instructions look into them.

use jiugao_program::{ListedCode, Program};

/// Lists of a program that instructions look into.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    pub(crate) tables: Vec<Vec<i64>>,
    pub(crate) sets: Vec<Vec<i64>>,
    pub(crate) dates: Vec<Vec<i32>>,
    pub(crate) lists: Vec<CodeList>,
}

/// When codes are on a list: those of code c are `periods[offsets[c]..offsets[c + 1]]`.
#[derive(Clone, Debug)]
pub(crate) struct CodeList {
    offsets: Vec<usize>,
    periods: Vec<(i64, i64)>,
}

impl CodeList {
    /// From entries that rise by code.
    fn new(entries: &[ListedCode]) -> Self {
        let open = |day: Option<i32>, end: i64| day.map_or(end, i64::from);
        let codes = entries.last().map_or(0, |last| last.code.saturating_add(1));
        let offsets = (0..=codes).map(|code| entries.partition_point(|entry| entry.code < code));
        Self {
            offsets: offsets.collect(),
            periods: entries
                .iter()
                .map(|entry| (open(entry.start, i64::MIN), open(entry.end, i64::MAX)))
                .collect(),
        }
    }

    /// Whether a code is listed on a day.
    pub(super) fn has(&self, code: i64, day: i64) -> bool {
        let place = |code: Option<i64>| usize::try_from(code?).ok().and_then(|at| self.offsets.get(at).copied());
        match (place(Some(code)), place(code.checked_add(1))) {
            (Some(first), Some(end)) => {
                let mut periods = self.periods.get(first..end).unwrap_or(&[]).iter();
                periods.any(|(start, end)| (*start..=*end).contains(&day))
            }
            _ => false,
        }
    }
}

impl Lists {
    pub(crate) fn new(program: &Program) -> Self {
        Self {
            tables: program.tables().iter().map(|table| table.values.clone()).collect(),
            sets: program.sets().to_vec(),
            dates: program.dates().to_vec(),
            lists: program.lists().iter().map(|list| CodeList::new(&list.rows)).collect(),
        }
    }

    /// How many days of a list are not after `day`.
    pub(crate) fn regime(&self, dates: usize, day: i32) -> i64 {
        let passed = self
            .dates
            .get(dates)
            .map_or(0, |dates| dates.partition_point(|from| *from <= day));
        i64::try_from(passed).unwrap_or(i64::MAX)
    }

    /// An entry of a table. The verifier bounds the index, [`crate::batch`] the inputs that it comes from.
    pub(crate) fn entry(&self, table: usize, index: i64) -> i64 {
        let values = self.tables.get(table);
        usize::try_from(index)
            .ok()
            .and_then(|index| values?.get(index).copied())
            .unwrap_or(0)
    }

    /// Whether a set has a value.
    pub(crate) fn has(&self, set: usize, value: i64) -> bool {
        self.sets.get(set).is_some_and(|set| set.binary_search(&value).is_ok())
    }
}
