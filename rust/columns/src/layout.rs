//! A program and the columns of a stream come in; where each thing that the program reads is found goes out.

use std::collections::BTreeMap;

use arrow_schema::Schema;
use jiugao_program::{Input, InputKind, InputTable, Program};

use crate::reading::{Column, Meaning};
use crate::refusal::Refusal;
use crate::totals::summable;

/// When a claim was settled.
const SETTLED: &str = "setl_time";

/// How a caller's names differ from the program's.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// Column of the program (or of the contract: psn_no, setl_id, …) to column of the stream.
    pub columns: BTreeMap<String, String>,
    /// Column of the program to the value that it has in every row, as it would be written.
    pub constants: BTreeMap<String, String>,
    /// Columns to hand on as they are.
    pub passthrough: Vec<String>,
    /// Columns to sum up.
    pub summed: Vec<String>,
}

impl Naming {
    /// What the stream calls a column.
    pub(crate) fn name<'a>(&'a self, column: &'a str) -> &'a str {
        self.columns.get(column).map_or(column, String::as_str)
    }

    fn find(&self, schema: &Schema, column: &str) -> Option<usize> {
        schema.column_with_name(self.name(column)).map(|(at, _)| at)
    }
}

/// Where an input's values come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// The same in every row.
    Constant(i64),
    /// A column of the projected batch.
    Column(usize, Column),
}

/// Where everything is found in a projected batch.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Columns of the stream that are needed, in the order in which the batches are projected.
    pub(crate) projection: Vec<usize>,
    /// Person.
    pub(crate) person: usize,
    /// The day input (of an enrolment stream: notice_date).
    pub(crate) day: usize,
    /// How the day input is read.
    pub(crate) time: Column,
    /// What stands for a blank day (of an enrolment stream: begndate), and how it is read.
    pub(crate) day_else: Option<(usize, Column)>,
    /// Settlement.
    pub(crate) settlement: Option<usize>,
    /// Where another date than the settlement's decides: when it was settled, which orders the claims of one day.
    pub(crate) settled: Option<(usize, Column)>,
    /// The settlement that a row undoes.
    pub(crate) original: Option<usize>,
    /// Identities by row.
    pub(crate) identity: Option<usize>,
    /// By input of the program.
    pub(crate) inputs: Vec<Source>,
    /// Columns handed on: place in the projected batch.
    pub(crate) handed_on: Vec<usize>,
    /// Columns summed up: likewise.
    pub(crate) summed: Vec<usize>,
}

/// What the codes of an input mean, by code and, where that is no code too, by label.
pub(crate) fn meaning(input: &Input) -> Meaning {
    match input.kind {
        InputKind::Money => Meaning::Money,
        InputKind::Flag => Meaning::Flag,
        InputKind::Text => Meaning::Text(input.codes.iter().cloned().zip(0_i64..).collect()),
        InputKind::Day => Meaning::Day,
        InputKind::Count => Meaning::Count,
        InputKind::Code => {
            let named = |names: &'_ [String]| names.iter().cloned().zip(0_i64..).collect::<Vec<_>>();
            let codes = named(&input.codes).into_iter().chain(named(&input.labels)).collect();
            Meaning::Code(codes)
        }
    }
}

/// The place in the projected batch of a column of the stream.
fn place(projection: &mut Vec<usize>, at: usize) -> usize {
    if let Some(place) = projection.iter().position(|&column| column == at) {
        return place;
    }
    projection.push(at);
    projection.len().saturating_sub(1)
}

/// A text that need not be there counts as blank.
fn optional_text(input: &Input) -> Option<i64> {
    input
        .blank()
        .filter(|_| input.kind == InputKind::Text && !input.required)
}

struct Finder<'a> {
    schema: &'a Schema,
    naming: &'a Naming,
    table: &'static str,
    projection: Vec<usize>,
}

impl Finder<'_> {
    fn project(&mut self, at: usize) -> usize {
        place(&mut self.projection, at)
    }

    fn optional(&mut self, column: &str) -> Option<usize> {
        self.naming.find(self.schema, column).map(|at| self.project(at))
    }

    fn required(&mut self, column: &str) -> Result<usize, Refusal> {
        self.optional(column).ok_or_else(|| {
            let name = self.naming.name(column).to_owned();
            Refusal::data("D903", [("file", self.table.to_owned()), ("column", name)])
        })
    }

    fn input(&mut self, input: &Input) -> Result<Source, Refusal> {
        let column = Column {
            name: self.naming.name(&input.column).to_owned(),
            table: self.table,
            meaning: meaning(input),
            default: input.blank(),
        };
        let names = core::iter::once(&input.column).chain(&input.alternatives);
        if let Some(text) = names.clone().find_map(|name| self.naming.constants.get(name)) {
            let value = column
                .meaning
                .parse(text.trim())
                .map_err(|_| Refusal::data("D935", [("column", input.column.clone()), ("value", text.clone())]))?;
            return Ok(Source::Constant(value));
        }
        let found = names.filter_map(|name| self.naming.find(self.schema, name)).next();
        match (
            found.map(|at| self.project(at)),
            input.default.or_else(|| optional_text(input)),
        ) {
            (Some(place), _) => Ok(Source::Column(place, column)),
            (None, Some(default)) => Ok(Source::Constant(default)),
            (None, None) if !input.required => Ok(Source::Constant(0)),
            (None, None) => Err(Refusal::data(
                "D916",
                [("column", column.name), ("file", self.table.to_owned())],
            )),
        }
    }
}

impl Layout {
    /// Where a claims stream has what `program` reads.
    ///
    /// # Errors
    /// D903 and D916 for columns that are not there, D935 for a constant that cannot be.
    pub(crate) fn of_claims(program: &Program, schema: &Schema, naming: &Naming) -> Result<Self, Refusal> {
        let day = program
            .inputs()
            .get(program.day_input())
            .map_or(SETTLED, |input| &input.column);
        let mut layout = Self::of(program, schema, naming, "@claims", day, |input| {
            input.table != InputTable::Enrolment
        })?;
        if let Some(at) = naming.find(schema, SETTLED).filter(|_| day != SETTLED) {
            let mut column = layout.time.clone();
            naming.name(SETTLED).clone_into(&mut column.name);
            layout.settled = Some((place(&mut layout.projection, at), column));
        }
        Ok(layout)
    }

    /// Where an enrolment stream has what `program` reads.
    ///
    /// # Errors
    /// As [`Layout::of_claims`].
    pub(crate) fn of_enrolment(program: &Program, schema: &Schema, naming: &Naming) -> Result<Self, Refusal> {
        let notice = naming.find(schema, "notice_date").is_some();
        let day = if notice { "notice_date" } else { "begndate" };
        let mut layout = Self::of(program, schema, naming, "@enrolment", day, |input| {
            input.table == InputTable::Enrolment
        })?;
        if let Some(at) = naming.find(schema, "begndate").filter(|_| notice) {
            let mut column = layout.time.clone();
            naming.name("begndate").clone_into(&mut column.name);
            layout.day_else = Some((place(&mut layout.projection, at), column));
        }
        Ok(layout)
    }

    fn of(
        program: &Program,
        schema: &Schema,
        naming: &Naming,
        table: &'static str,
        day: &str,
        read: impl Fn(&Input) -> bool,
    ) -> Result<Self, Refusal> {
        // A mapping that leads nowhere would count as a column that is not there.
        if let Some(name) = naming
            .columns
            .values()
            .find(|name| schema.column_with_name(name).is_none())
        {
            return Err(Refusal::data(
                "D903",
                [("file", table.to_owned()), ("column", name.clone())],
            ));
        }
        let mut finder = Finder {
            schema,
            naming,
            table,
            projection: Vec::new(),
        };
        let person = finder.required("psn_no")?;
        let time = Column {
            name: naming.name(day).to_owned(),
            table,
            meaning: Meaning::Time,
            default: None,
        };
        let day = finder.required(day)?;
        let settlement = finder.optional("setl_id");
        let inputs: Result<Vec<Source>, Refusal> = program
            .inputs()
            .iter()
            .enumerate()
            .map(|(at, input)| {
                if read(input) && at != program.day_input() && input.register().is_some() {
                    finder.input(input)
                } else {
                    Ok(Source::Constant(0))
                }
            })
            .collect();
        let inputs = inputs?;
        let original = finder.optional("init_setl_id");
        let identity = finder.optional("psn_idet_type");
        let mut handed_on = vec![person];
        handed_on.extend(settlement);
        for column in &naming.passthrough {
            let place = finder.required(column)?;
            if !handed_on.contains(&place) {
                handed_on.push(place);
            }
        }
        let summed = naming.summed.iter().map(|column| finder.required(column));
        let summed: Vec<usize> = summed.collect::<Result<_, _>>()?;
        for &place in &summed {
            summable(schema, finder.projection.get(place).copied().unwrap_or(usize::MAX))?;
        }
        Ok(Self {
            projection: finder.projection,
            person,
            day,
            time,
            day_else: None,
            settlement,
            settled: None,
            original,
            identity,
            inputs,
            handed_on,
            summed,
        })
    }
}
