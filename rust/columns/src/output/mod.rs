//! Results of the machine come in; record batches go out, row for row of what came in.

mod accounts;
mod amounts;
mod months;
mod rows;

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::types::Int8Type;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use jiugao_program::Program;

use self::accounts::year_schema;
use self::amounts::amount;
pub(crate) use self::amounts::optional;
use crate::layout::Layout;
use crate::opening::Written;
use crate::refusal::Refusal;
use crate::why::{Blank, Why, dictionary, texts};

/// The last of [`ROLES`].
const REJECTED: i8 = 3;
const ROLES: [&str; 4] = ["settled", "reversed", "reversal", "rejected"];

/// What the result columns are.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// Of the settled rows.
    pub(crate) schema: SchemaRef,
    /// Of the accounts.
    pub(crate) years: SchemaRef,
    /// Of what the accounts accumulated.
    pub(crate) written: Written,
    /// By benefit: where the classes end, if one written benefit's classes begin there.
    wholes: Vec<Option<usize>>,
    shown: Vec<Shown>,
    roles: ArrayRef,
    settled: Blank,
    standings: ArrayRef,
    why: Why,
    payees: ArrayRef,
}

/// A result column; the numbers are places among the columns handed on, among benefits,
/// among `Results::paying` and among measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    HandedOn(usize),
    Month,
    Year,
    Role,
    Standing,
    Benefit(usize),
    /// Of the benefits from the one up to the other together.
    Whole(usize, usize),
    Burden,
    Excess,
    Payee(usize),
    DueBy(usize),
    PayingAmount(usize),
    Measure(usize),
    Reject,
    RejectColumn,
    Figure(usize),
    Cuts(usize),
    Offered(usize),
}

/// Columns that are made only for those who ask.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct More {
    /// Rule ids of every row.
    pub(crate) details: bool,
    /// Months.
    pub(crate) months: bool,
}

/// Every result column that there can be, in order.
fn all_columns(program: &Program, layout: &Layout, input: &Schema, more: More) -> Vec<(Arc<Field>, Shown)> {
    let mut columns = Vec::new();
    for &at in &layout.handed_on {
        columns.extend(input.fields().get(at).map(|field| (field.clone(), Shown::HandedOn(at))));
    }
    let mut column = |name: &str, kind: DataType, nulls: bool, shown: Shown| {
        columns.push((Arc::new(Field::new(name, kind, nulls)), shown));
    };
    column("benefit_year", DataType::Int16, false, Shown::Year);
    if more.months {
        column("month", DataType::Date32, true, Shown::Month);
    }
    column("role", dictionary(DataType::Int8), false, Shown::Role);
    column("standing", dictionary(DataType::Int8), true, Shown::Standing);
    for (at, benefit) in program.benefits().iter().enumerate() {
        if let Some((code, end)) = whole_at(program, at) {
            column(code, amount(), false, Shown::Whole(at, end));
        }
        column(&benefit.code, amount(), false, Shown::Benefit(at));
    }
    column("psn_burden", amount(), false, Shown::Burden);
    column("excess", amount(), false, Shown::Excess);
    if program.outputs().paying.is_some() {
        column("payee", dictionary(DataType::Int16), true, Shown::Payee(0));
        column("due_by", DataType::Date32, true, Shown::DueBy(1));
        column("payee_excess", amount(), false, Shown::PayingAmount(2));
        column("outlay_replaced", amount(), false, Shown::PayingAmount(3));
    }
    for (at, measure) in program.measures().iter().enumerate() {
        column(&measure.name, DataType::Int64, false, Shown::Measure(at));
    }
    for ((name, kind), shown) in Why::fields().into_iter().zip([Shown::Reject, Shown::RejectColumn]) {
        column(name, kind, true, shown);
    }
    if more.details {
        for (at, benefit) in program.benefits().iter().enumerate() {
            column(
                &format!("{}.figure", benefit.code),
                DataType::UInt16,
                false,
                Shown::Figure(at),
            );
            column(
                &format!("{}.cuts", benefit.code),
                DataType::UInt8,
                false,
                Shown::Cuts(at),
            );
        }
        for &at in program.choices().iter().flat_map(|choice| &choice.benefits) {
            if let Some(benefit) = program.benefits().get(at) {
                column(
                    &format!("{}.offered", benefit.code),
                    amount(),
                    false,
                    Shown::Offered(at),
                );
            }
        }
    }
    columns
}

impl Output {
    /// The result columns of `program` over batches of `input`: all of them, or those in `wanted`.
    ///
    /// # Errors
    /// D935 for a wanted column that there is not.
    pub(crate) fn of(
        program: &Program,
        layout: &Layout,
        input: &Schema,
        more: More,
        wanted: Option<&[String]>,
    ) -> Result<Self, Refusal> {
        let mut columns = all_columns(program, layout, input, more);
        if let Some(wanted) = wanted {
            if let Some(name) = wanted
                .iter()
                .find(|&name| columns.iter().all(|(f, _)| f.name() != name))
            {
                let arguments = [("column", "columns".to_owned()), ("value", name.clone())];
                return Err(Refusal::data("D935", arguments));
            }
            columns.retain(|(field, _)| wanted.contains(field.name()));
        }
        let (fields, shown): (Vec<Arc<Field>>, Vec<Shown>) = columns.into_iter().unzip();
        Ok(Self {
            schema: Arc::new(Schema::new(fields)),
            years: year_schema(program, layout, input),
            written: Written::of(program, input.field(layout.person)),
            wholes: (0..program.benefits().len())
                .map(|at| whole_at(program, at).map(|(_, end)| end))
                .collect(),
            shown,
            roles: texts(ROLES),
            settled: Blank::of::<Int8Type>(&texts(ROLES), false),
            standings: texts(program.classes().iter().map(|class| class.name.as_str())),
            why: Why::of(layout),
            payees: texts(program.payees().iter().map(String::as_str)),
        })
    }

    /// Whether years or standings are among the columns.
    pub(crate) fn shows_standing(&self) -> bool {
        let shows = |shown: &Shown| matches!(shown, Shown::Year | Shown::Standing);
        self.shown.iter().any(shows)
    }

    /// Whether measures are among the columns.
    pub(crate) fn shows_measures(&self) -> bool {
        self.shown.iter().any(|shown| matches!(shown, Shown::Measure(_)))
    }
}

/// The benefit whose classes begin at a position: its code, and where they end.
fn whole_at(program: &Program, at: usize) -> Option<(&str, usize)> {
    let mut choices = program.choices().iter();
    let choice = choices.find(|choice| choice.benefits.first() == Some(&at))?;
    let code = choice.whole.as_ref()?.code.as_str();
    Some((code, at.checked_add(choice.benefits.len())?))
}

fn missing() -> ArrowError {
    ArrowError::SchemaError("a result column is missing".into())
}
