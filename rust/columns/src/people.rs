//! The streams about persons come in; identities held and applications made, by person, go out.

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_schema::ArrowError;
use jiugao_engine::Held;
use jiugao_program::Program;

use crate::cell::Reason;
use crate::entries::look_up_numbers;
use crate::lifetime::Labels;
use crate::person::Persons;
use crate::reading::{Cells, Column, Meaning};
use crate::refusal::Refusal;
use crate::register::{Register, Rows};
use crate::text::Text;
use crate::unnamed::{self, Unnamed};

/// A stream of record batches.
pub type Batches = Box<dyn RecordBatchReader + Send>;

/// What stands between identities of one cell.
const SEPARATORS: [char; 6] = ['、', ',', '，', ';', '；', '|'];

/// Which identities a cell names: by code or by name, several with a comma between.
#[derive(Clone, Debug)]
pub(crate) struct IdentityNames {
    meaning: Meaning,
    /// Those that are held for life.
    pub(crate) labels: Labels,
}

impl IdentityNames {
    /// Those of a program.
    pub(crate) fn of(program: &Program) -> Self {
        let names = (0_i64..)
            .zip(program.identities())
            .map(|(bit, name)| (name.clone(), bit));
        let codes = program
            .identity_codes()
            .iter()
            .map(|(code, &bit)| (code.clone(), i64::from(bit)));
        Self {
            meaning: Meaning::Code(names.chain(codes).collect()),
            labels: Labels::of(program),
        }
    }

    /// The mask of a cell; names that the policy does not use count for nothing.
    pub(crate) fn mask(&self, cell: &str) -> i64 {
        cell.split(SEPARATORS)
            .filter_map(|name| self.meaning.parse(name.trim()).ok())
            .fold(0, |mask, bit| mask | bit_mask(bit))
    }

    /// The names of a cell that the policy does not use.
    pub(crate) fn unnamed<'a>(&'a self, cell: &'a str) -> impl Iterator<Item = &'a str> {
        let names = cell.split(SEPARATORS).map(str::trim);
        names.filter(|name| !name.is_empty() && self.meaning.parse(name).is_err())
    }

    /// The masks of a column.
    pub(crate) fn masks(
        &self,
        array: &dyn Array,
        table: &'static str,
        name: &str,
        masks: &mut Vec<i64>,
    ) -> Result<(), Refusal> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            // Written over where it is: clearing what is as long again would cost as much.
            let mut entries = Vec::new();
            self.masks(dictionary.values(), table, name, &mut entries)?;
            look_up_numbers(dictionary, &entries, 0, masks);
        } else if let Some(text) = Text::of(array) {
            let mut last = ("", 0);
            masks.clear();
            masks.extend((0..text.len()).map(|row| match text.get(row) {
                Some(cell) if cell == last.0 => last.1,
                Some(cell) => {
                    last = (cell, self.mask(cell));
                    last.1
                }
                None => 0,
            }));
        } else {
            // Codes as numbers; a blank or an unknown one is no identity.
            let column = Column {
                name: name.to_owned(),
                table,
                meaning: self.meaning.clone(),
                default: Some(-1),
            };
            let Cells { values, findings } = column.read(array)?;
            masks.clear();
            masks.extend(values.iter().map(|&bit| bit_mask(bit)));
            for finding in findings {
                if let Some(mask) = masks.get_mut(finding.row) {
                    *mask = 0;
                }
            }
        }
        Ok(())
    }

    /// Why the claims of a person who holds these cannot be settled, if so.
    pub(crate) fn fault(&self, intervals: &[Held]) -> Option<Reason> {
        if broken(intervals) {
            Some(Reason::PersonInterval)
        } else {
            self.labels.conflict_in(intervals).then_some(Reason::TwoLabels)
        }
    }
}

fn bit_mask(bit: i64) -> i64 {
    u32::try_from(bit)
        .ok()
        .and_then(|bit| 1_i64.checked_shl(bit))
        .unwrap_or(0)
}

/// Identities by person. An interval that runs backwards (or whose days cannot be read) stays as it is: its person's
/// claims are rejected.
pub(crate) type People = Register<Held>;

/// Whether one of a person's intervals runs backwards.
fn broken(intervals: &[Held]) -> bool {
    intervals.iter().any(|held| held.start > held.end)
}

/// An application of a person: its day and the bit of the identity.
pub(crate) type Applications = Register<(i32, u32)>;

/// The columns of a stream about persons.
pub(crate) struct Table {
    pub(crate) table: &'static str,
    pub(crate) rows: u64,
}

impl Table {
    pub(crate) fn column<'b>(&self, batch: &'b RecordBatch, name: &str) -> Result<&'b dyn Array, Refusal> {
        let column = batch
            .column_by_name(name)
            .ok_or_else(|| Refusal::data("D903", [("file", self.table.to_owned()), ("column", name.to_owned())]))?;
        Ok(column.as_ref())
    }

    pub(crate) fn persons(&self, batch: &RecordBatch) -> Result<Persons, Refusal> {
        let name = "psn_no";
        let column = batch
            .column_by_name(name)
            .ok_or_else(|| Refusal::data("D903", [("file", self.table.to_owned()), ("column", name.to_owned())]))?;
        Persons::of(column, self.table, name, self.rows.saturating_add(1))
    }

    /// Days of a column, `open` where blank; and which cells are bad.
    pub(crate) fn days(&self, batch: &RecordBatch, name: &str, open: i32) -> Result<(Vec<i32>, Vec<usize>), Refusal> {
        let column = Column {
            name: name.to_owned(),
            table: self.table,
            meaning: Meaning::Day,
            default: Some(i64::from(open)),
        };
        let Cells { values, findings } = column.read(self.column(batch, name)?)?;
        let days = values.iter().map(|&day| i32::try_from(day).unwrap_or(open)).collect();
        Ok((days, findings.into_iter().map(|finding| finding.row).collect()))
    }

    pub(crate) fn read(&mut self, batch: &RecordBatch) {
        self.rows = self.rows.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(0));
    }
}

/// The people table, how many overlapping intervals of one identity were merged, and what identities the policy does
/// not name.
///
/// # Errors
/// D903, D908, D933 for columns that cannot be used; D938 if the stream fails.
pub(crate) fn people(stream: Batches, program: &Program, numbers: bool) -> Result<(People, u64, Unnamed), Refusal> {
    let mut intake = Intake::of(program);
    let mut rows = Rows::new(numbers);
    for batch in stream {
        intake.take(batch, &mut rows)?;
    }
    let register = intake.register(rows);
    Ok((register, intake.merged, intake.unnamed))
}

/// What reads batches of the people table, and what is to be told of all of them.
pub(crate) struct Intake {
    table: Table,
    names: IdentityNames,
    masks: Vec<i64>,
    /// Overlapping intervals of one identity that went into another.
    pub(crate) merged: u64,
    /// Identities that the policy does not name.
    pub(crate) unnamed: Unnamed,
}

impl Intake {
    /// Nothing is read yet.
    pub(crate) fn of(program: &Program) -> Self {
        Self {
            table: Table {
                table: "@people",
                rows: 0,
            },
            names: IdentityNames::of(program),
            masks: Vec::new(),
            merged: 0,
            unnamed: Unnamed::new(),
        }
    }

    /// Put a batch's intervals to the others.
    ///
    /// # Errors
    /// As [`people`].
    pub(crate) fn take(
        &mut self,
        batch: Result<RecordBatch, ArrowError>,
        rows: &mut Rows<Held>,
    ) -> Result<(), Refusal> {
        let table = &self.table;
        let batch = batch.map_err(|error| Refusal::stream(table.table, error))?;
        let persons = table.persons(&batch)?;
        let identities = table.column(&batch, "psn_idet_type")?;
        self.names
            .masks(identities, table.table, "psn_idet_type", &mut self.masks)?;
        unnamed::count(&self.names, identities, &mut self.unnamed);
        let (starts, bad_starts) = table.days(&batch, "begndate", i32::MIN)?;
        let (ends, bad_ends) = table.days(&batch, "enddate", i32::MAX)?;
        for (row, ((&mask, &start), &end)) in self.masks.iter().zip(&starts).zip(&ends).enumerate() {
            let bad = bad_starts.binary_search(&row).is_ok() || bad_ends.binary_search(&row).is_ok();
            let held = if bad {
                Held { mask, start: 1, end: 0 }
            } else {
                Held { mask, start, end }
            };
            // An identity that the policy does not use matters only where its row is broken.
            if mask != 0 || held.start > held.end {
                rows.extend_one(persons.key(row), held);
            }
        }
        self.table.read(&batch);
        Ok(())
    }

    /// The identities of these rows by person.
    pub(crate) fn register(&mut self, rows: Rows<Held>) -> People {
        rows.register(|mine| {
            if broken(mine) {
                return;
            }
            if mine.len() > 1 {
                self.merged = self.merged.saturating_add(merge(mine));
            }
            self.names.labels.open(mine);
        })
    }
}

/// Merge overlapping intervals of the same identity; how many went into another.
fn merge(mine: &mut Vec<Held>) -> u64 {
    mine.sort_unstable_by_key(|held| (held.mask, held.start, held.end));
    let before = mine.len();
    mine.dedup_by(|next, held| {
        let overlap = next.mask == held.mask && next.start <= held.end;
        if overlap {
            held.end = held.end.max(next.end);
        }
        overlap
    });
    u64::try_from(before.saturating_sub(mine.len())).unwrap_or(0)
}

/// The applications table: by person in order of days. And how many rows name no day or no identity that the policy
/// uses; those are left out.
///
/// # Errors
/// As [`people`].
pub(crate) fn applications(stream: Batches, program: &Program, numbers: bool) -> Result<(Applications, u64), Refusal> {
    let mut table = Table {
        table: "@applications",
        rows: 0,
    };
    let names = IdentityNames::of(program);
    let mut rows = Rows::new(numbers);
    let mut masks = Vec::new();
    let mut ignored = 0_u64;
    for batch in stream {
        let batch = batch.map_err(|error| Refusal::stream(table.table, error))?;
        let persons = table.persons(&batch)?;
        names.masks(
            table.column(&batch, "psn_idet_type")?,
            table.table,
            "psn_idet_type",
            &mut masks,
        )?;
        let (days, bad) = table.days(&batch, "apply_date", i32::MIN)?;
        rows.reserve(batch.num_rows());
        for (row, (&mask, &day)) in masks.iter().zip(&days).enumerate() {
            if mask == 0 || day == i32::MIN || bad.binary_search(&row).is_ok() {
                ignored = ignored.saturating_add(1);
            } else {
                rows.extend_one(persons.key(row), (day, mask.trailing_zeros()));
            }
        }
        table.read(&batch);
    }
    Ok((rows.register(|mine| mine.sort_unstable()), ignored))
}
