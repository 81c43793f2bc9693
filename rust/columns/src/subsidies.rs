//! A program and a stream of enrolments come in; the premium subsidies of every row go out.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use jiugao_engine::{EnrolmentBatch, Machine, Options};
use jiugao_program::Program;

use crate::cell::Reason;
use crate::chunk::{Chunk, Place, Registers, Rejected, Rejects, column};
use crate::layout::{Layout, Naming};
use crate::mapped::{Failure, Mapped};
use crate::output::optional;
use crate::people::Batches;
use crate::person::Persons;
use crate::refusal::Refusal;
use crate::settlement::PersonTables;
use crate::settling::refusal;
use crate::why::Why;

const TABLE: &str = "@enrolment";

struct Subsidies {
    layout: Layout,
    why: Why,
    schema: Arc<Schema>,
    machine: Machine,
    registers: Registers,
    rows: u64,
    /// Subsidies, then measures.
    paid: Vec<Vec<Option<i64>>>,
    subsidies: usize,
}

/// The subsidies of every row of `enrolment`, row by row as they come. People are read at once.
///
/// # Errors
/// As [`crate::settle`].
pub fn subsidies(
    program: Arc<Program>,
    enrolment: Batches,
    people: Option<Batches>,
    naming: &Naming,
) -> Result<(Batches, Failure), Refusal> {
    let input = enrolment.schema();
    let layout = Layout::of_enrolment(&program, &input, naming)?;
    let projected = input
        .project(&layout.projection)
        .map_err(|error| Refusal::stream(TABLE, error))?;
    let numbers = projected
        .fields()
        .get(layout.person)
        .is_some_and(|f| f.data_type().is_integer());
    let handed_on = layout
        .handed_on
        .iter()
        .filter_map(|&at| projected.fields().get(at).cloned());
    let mut fields: Vec<Arc<Field>> = handed_on.collect();
    for subsidy in program.subsidies() {
        fields.push(Arc::new(Field::new(&subsidy.code, DataType::Decimal64(18, 2), true)));
    }
    for measure in program.enrolment_measures() {
        fields.push(Arc::new(Field::new(&measure.name, DataType::Int64, true)));
    }
    fields.extend(Why::fields().map(|(name, kind)| Arc::new(Field::new(name, kind, true))));
    let schema = Arc::new(Schema::new(fields));

    let registers = PersonTables {
        people,
        ..PersonTables::default()
    }
    .registers(&program, numbers)?;
    let projection = layout.projection.clone();
    let subsidies = program.subsidies().len();
    let mut work = Subsidies {
        why: Why::of(&layout),
        layout,
        schema: schema.clone(),
        machine: Machine::new(program, Options::default()),
        registers,
        rows: 0,
        paid: Vec::new(),
        subsidies,
    };
    let failure = Failure::default();
    let stream = Mapped {
        stream: enrolment,
        table: TABLE,
        schema,
        step: Box::new(move |batch| {
            let batch = batch
                .project(&projection)
                .map_err(|error| Refusal::stream(TABLE, error))?;
            work.step(&batch)
        }),
        failure: failure.clone(),
        ended: false,
    };
    Ok((Box::new(stream), failure))
}

impl Subsidies {
    fn step(&mut self, batch: &RecordBatch) -> Result<RecordBatch, Refusal> {
        let place = Place {
            first_row: self.rows.saturating_add(1),
        };
        self.rows = self.rows.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(0));
        let mut chunk = Chunk::default();
        let mut rejects = Rejects::default();
        chunk.read_cells(batch, &self.layout, &mut rejects)?;
        let held = self.held(batch, &chunk, place, &mut rejects)?;
        let inputs = chunk.inputs();
        let enrolments = EnrolmentBatch {
            days: &chunk.days,
            inputs: &inputs,
            held: &held,
        };
        let settled = self.machine.subsidies(&enrolments, &mut self.paid);
        settled.map_err(|error| refusal(error, batch, &self.layout, &chunk, place))?;
        self.columns(batch, rejects.0)
            .map_err(|error| Refusal::stream(TABLE, error))
    }

    /// Identities held on each row's day.
    fn held(
        &self,
        batch: &RecordBatch,
        chunk: &Chunk,
        place: Place,
        rejects: &mut Rejects,
    ) -> Result<Vec<i64>, Refusal> {
        let rows = batch.num_rows();
        let Some(people) = &self.registers.people else {
            return match self.layout.identity {
                Some(at) => {
                    let mut masks = Vec::new();
                    let array = column(batch, at)?;
                    let names = &self.registers.names;
                    names.masks(array, TABLE, "psn_idet_type", &mut masks)?;
                    let two = (0..).zip(&masks).filter(|(_, mask)| names.labels.conflict(**mask));
                    rejects.0.extend(two.map(|(row, _)| Rejected {
                        row,
                        reason: Reason::TwoLabels,
                        input: None,
                    }));
                    Ok(masks)
                }
                None => Ok(vec![0; rows]),
            };
        };
        let column = batch.columns().get(self.layout.person);
        let column = column.ok_or_else(|| Refusal::stream(TABLE, "a batch lacks a column"))?;
        let persons = Persons::of(column, TABLE, "psn_no", place.first_row)?;
        let mut cursor = 0;
        let mut held = Vec::with_capacity(rows);
        for (row, &day) in chunk.days.iter().enumerate() {
            let mine = persons.key(row).map_or(&[][..], |key| people.find(key, &mut cursor));
            if let Some(reason) = self.registers.names.fault(mine) {
                rejects.0.push(Rejected {
                    row,
                    reason,
                    input: None,
                });
            }
            let on_day = mine.iter().filter(|held| held.start <= day && day <= held.end);
            held.push(on_day.fold(0, |mask, held| mask | held.mask));
        }
        Ok(held)
    }

    fn columns(&mut self, batch: &RecordBatch, mut rejected: Vec<Rejected>) -> Result<RecordBatch, ArrowError> {
        let rows = batch.num_rows();
        rejected.sort_by_key(|rejected| (rejected.row, rejected.input));
        rejected.dedup_by_key(|rejected| rejected.row);
        let mut roles = vec![0_i8; rows];
        for rejected in &rejected {
            if let Some(role) = roles.get_mut(rejected.row) {
                *role = 3;
            }
            for paid in &mut self.paid {
                if let Some(paid) = paid.get_mut(rejected.row) {
                    *paid = Some(0);
                }
            }
        }
        let mut columns: Vec<ArrayRef> = self
            .layout
            .handed_on
            .iter()
            .filter_map(|&at| batch.columns().get(at).cloned())
            .collect();
        let (paid, measures) = self.paid.split_at_checked(self.subsidies).unwrap_or((&self.paid, &[]));
        for paid in paid {
            columns.push(optional(paid)?);
        }
        for measure in measures {
            columns.push(Arc::new(Int64Array::from(measure.clone())));
        }
        columns.extend(self.why.columns(&roles, &rejected)?);
        RecordBatch::try_new(self.schema.clone(), columns)
    }
}
