//! Rejected rows come in; the columns that say why go out.

use std::sync::{Arc, OnceLock};

use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int16Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int8Array, Int16Array, PrimitiveArray, StringArray, new_null_array,
};
use arrow_schema::{ArrowError, DataType};
use jiugao_engine::Role;

use crate::cell::Reason;
use crate::chunk::Rejected;
use crate::layout::{Layout, Source};

/// Codes of rejected rows, bad cells first, in the order of [`Reason`] and then of [`Role`].
const CODES: [&str; 19] = [
    "D951", "D952", "D953", "D954", "D955", "D956", "D957", "D961", "D976", "D966", "D967", "D969", "D968", "D974",
    "D975", "D929", "D970", "D900", "D971",
];
/// Where the codes of roles begin.
const FIRST_ROLE: i8 = 9;

/// The code of a role of the machine, if it is one of rejection.
pub(crate) fn role_code(role: u8) -> Option<&'static str> {
    let place = role.checked_sub(Role::OutsideForce as u8)?;
    let place = usize::from(place).checked_add(usize::try_from(FIRST_ROLE).ok()?)?;
    CODES.get(place).copied()
}

/// The type of a dictionary of texts.
pub(crate) fn dictionary(key: DataType) -> DataType {
    DataType::Dictionary(key.into(), DataType::Utf8.into())
}

/// A column of texts.
pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// A dictionary column that is the same in every row: its first entry, or null. Made once, when a batch first shows it.
#[derive(Clone, Debug)]
pub(crate) struct Blank {
    long: OnceLock<ArrayRef>,
    make: fn(&ArrayRef, bool, usize) -> ArrayRef,
    entries: ArrayRef,
    null: bool,
}

/// Rows of a batch, at most, as a rule (see `crate::cutting`).
const ROWS: usize = 1 << 16;

impl Blank {
    /// Of `entries`.
    pub(crate) fn of<K: ArrowDictionaryKeyType>(entries: &ArrayRef, null: bool) -> Self {
        fn make<K: ArrowDictionaryKeyType>(entries: &ArrayRef, null: bool, rows: usize) -> ArrayRef {
            let keys = if null {
                PrimitiveArray::<K>::new_null(rows)
            } else {
                PrimitiveArray::<K>::from_value(K::Native::default(), rows)
            };
            match DictionaryArray::<K>::try_new(keys, entries.clone()) {
                Ok(column) => Arc::new(column),
                // Only without entries, and then there is nothing that could be settled.
                Err(_) => new_null_array(entries.data_type(), rows),
            }
        }
        Self {
            long: OnceLock::new(),
            make: make::<K>,
            entries: entries.clone(),
            null,
        }
    }

    /// So many rows.
    pub(crate) fn of_rows(&self, rows: usize) -> ArrayRef {
        let make = |rows| (self.make)(&self.entries, self.null, rows);
        if rows <= ROWS {
            self.long.get_or_init(|| make(ROWS)).slice(0, rows)
        } else {
            make(rows)
        }
    }
}

/// Why rows are rejected: a code, and the column of the bad cell.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    codes: ArrayRef,
    columns: ArrayRef,
    /// By input, then of the day: the place of its column among them; none where it has no column.
    places: Vec<Option<i16>>,
    no_code: Blank,
    no_column: Blank,
}

impl Why {
    /// For the columns of a stream.
    pub(crate) fn of(layout: &Layout) -> Self {
        let inputs = layout.inputs.iter().map(|source| match source {
            Source::Constant(_) => None,
            Source::Column(_, column) => Some(column.name.as_str()),
        });
        // Readers take the entries of a dictionary for categories: none may come twice.
        let mut names: Vec<&str> = Vec::new();
        let places = inputs.chain([Some(layout.time.name.as_str())]).map(|name| {
            let name = name?;
            let known = names.iter().position(|&known| known == name);
            let place = known.unwrap_or(names.len());
            if known.is_none() {
                names.push(name);
            }
            i16::try_from(place).ok()
        });
        let places = places.collect();
        let codes = texts(CODES);
        let columns = texts(names);
        Self {
            no_code: Blank::of::<Int8Type>(&codes, true),
            no_column: Blank::of::<Int16Type>(&columns, true),
            codes,
            columns,
            places,
        }
    }

    /// Names and types of its columns.
    pub(crate) fn fields() -> [(&'static str, DataType); 2] {
        [
            ("reject", dictionary(DataType::Int8)),
            ("reject_column", dictionary(DataType::Int16)),
        ]
    }

    /// Where nothing is rejected: no code.
    pub(crate) fn no_code(&self, rows: usize) -> ArrayRef {
        self.no_code.of_rows(rows)
    }

    /// And no column.
    pub(crate) fn no_column(&self, rows: usize) -> ArrayRef {
        self.no_column.of_rows(rows)
    }

    /// Its columns for rows of these roles, those `rejected` for a bad cell among them.
    pub(crate) fn columns(&self, roles: &[i8], rejected: &[Rejected]) -> Result<[ArrayRef; 2], ArrowError> {
        let rows = roles.len();
        let mut codes = Int8Array::new_null(rows);
        let mut names = Int16Array::new_null(rows);
        if roles.iter().any(|&role| role >= 3) {
            let mut by_cell: Vec<(Option<i8>, Option<i16>)> = vec![(None, None); rows];
            for rejected in rejected {
                if let Some(cell) = by_cell.get_mut(rejected.row) {
                    *cell = (Some(reason_place(rejected.reason)), self.column_place(*rejected));
                }
            }
            let first_rejected = i8::try_from(Role::OutsideForce as u8).unwrap_or(3);
            let by_role = |role: i8| {
                let place = role.saturating_sub(first_rejected).saturating_add(FIRST_ROLE);
                (role >= first_rejected).then_some(place)
            };
            codes = by_cell
                .iter()
                .zip(roles)
                .map(|((code, _), &role)| code.or_else(|| by_role(role)))
                .collect();
            names = by_cell.iter().map(|(_, name)| *name).collect();
        }
        Ok([
            Arc::new(DictionaryArray::<Int8Type>::try_new(codes, self.codes.clone())?),
            Arc::new(DictionaryArray::<Int16Type>::try_new(names, self.columns.clone())?),
        ])
    }

    fn column_place(&self, rejected: Rejected) -> Option<i16> {
        let place = match (rejected.input, rejected.reason) {
            (Some(input), _) => self.places.get(input),
            (None, Reason::PersonInterval | Reason::TwoLabels) => None,
            (None, _) => self.places.last(),
        };
        place.copied().flatten()
    }
}

fn reason_place(reason: Reason) -> i8 {
    let place = CODES.iter().position(|&code| code == reason.code());
    place.and_then(|place| i8::try_from(place).ok()).unwrap_or(0)
}
