//! A program and a stream of claims come in; a stream of settled claims goes out, batch by batch as it is asked for.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use jiugao_engine::Options;
use jiugao_program::Program;

use crate::chunk::{Place, Registers};
use crate::cutting::Cutter;
use crate::desk::Desks;
use crate::feed::{Feed, Following, Task, out_of_order};
use crate::layout::{Layout, Naming};
use crate::opening::Openings;
use crate::output::{More, Output};
use crate::people::{Batches, IdentityNames, applications, people};
use crate::person::{Key, Persons, Runs};
use crate::refusal::Refusal;
use crate::settling::{Settled, Settler, Starts, Work};
use crate::team::Team;
use crate::together::{Seen, Together};
use crate::totals::Totals;
use crate::unnamed::Unnamed;
use crate::wide::widened_schema;

/// What a caller asks for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// How the stream's columns are called, and what is handed on.
    pub naming: Naming,
    /// Close the years.
    pub close_year: bool,
    /// Make accounts.
    pub years: bool,
    /// Rule ids of every row.
    pub details: bool,
    /// Amounts as 128-bit decimals.
    pub wide: bool,
    /// Threads that settle, the reader's own among them; 0 and 1 are the reader's own alone.
    pub threads: usize,
    /// What accounts have accumulated after the claims of this day, as a table of opening balances has it; later claims
    /// are left out.
    pub totals: Option<i32>,
    /// The result columns wanted; none: all.
    pub columns: Option<Vec<String>>,
    /// A column `month`: the first day of the month in which a row counts; a reversal counts where what it undoes does.
    pub months: bool,
    /// What earlier settlements left behind; this one takes from there and leaves there.
    pub desks: Desks,
    /// People and claims both come in the order of persons, by bytes: where persons are told by text and nothing is
    /// opened, identities are read as the claims come, and no more are held than a batch needs.
    pub people_in_order: bool,
}

/// The streams about persons.
#[derive(Default)]
pub struct PersonTables {
    /// Identities.
    pub people: Option<Batches>,
    /// Applications.
    pub applications: Option<Batches>,
    /// Opening balances.
    pub opening: Option<Batches>,
}

/// What a settlement tells beside its rows; shared with the stream that makes them.
#[derive(Debug, Default)]
struct Told {
    failure: Option<Refusal>,
    years: VecDeque<RecordBatch>,
    accumulated: VecDeque<RecordBatch>,
    opened_without_claims: Vec<String>,
    totals: Totals,
    merged_intervals: u64,
    ignored_applications: u64,
    unnamed: Unnamed,
}

/// A handle on a running settlement.
#[derive(Clone, Debug)]
pub struct Account {
    told: Arc<Mutex<Told>>,
    years: SchemaRef,
    accumulated: SchemaRef,
}

/// The stream of settled claims.
pub struct Settlement {
    schema: SchemaRef,
    told: Arc<Mutex<Told>>,
    state: State,
}

enum State {
    Waiting(Box<Plan>),
    Running(Box<Run>),
    Ended,
}

/// What is known before anything is read.
struct Plan {
    program: Arc<Program>,
    options: Options,
    threads: usize,
    layout: Layout,
    output: Output,
    wide: Option<(SchemaRef, SchemaRef)>,
    numbers: bool,
    people_in_order: bool,
    desks: Desks,
    cutter: Cutter,
    persons: PersonTables,
}

/// What goes on once something was read.
struct Run {
    feed: Feed,
    work: Arc<Work>,
    together: Together,
    hands: Hands,
    desks: Desks,
    /// For persons who have opening balances and no claims.
    spare: Option<Box<Settler>>,
}

/// Persons without claims that are taken at a time.
const PERSONS: usize = 32_768;

enum Hands {
    Own(Box<Settler>),
    Team(Box<Team>),
}

impl Told {
    fn take(&mut self, settled: Settled) {
        self.totals.add(&settled.totals);
        let filled = |batch: &RecordBatch| batch.num_rows() > 0;
        self.years.extend(settled.years.filter(filled));
        self.accumulated.extend(settled.accumulated.filter(filled));
    }
}

fn open(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Settle `claims`. Nothing is read yet but the names of the columns.
///
/// # Errors
/// Columns that are missing, constants that cannot be.
pub fn settle(
    program: Arc<Program>,
    claims: Batches,
    persons: PersonTables,
    request: Request,
) -> Result<(Settlement, Account), Refusal> {
    let layout = Layout::of_claims(&program, &claims.schema(), &request.naming)?;
    let cutter = Cutter::new(claims, layout.projection.clone(), layout.person, "@claims")?;
    let wanted = request.columns.as_deref();
    let more = More {
        details: request.details,
        months: request.months,
    };
    let output = Output::of(&program, &layout, cutter.schema(), more, wanted)?;
    let (schema, years) = if request.wide {
        (widened_schema(&output.schema), widened_schema(&output.years))
    } else {
        (output.schema.clone(), output.years.clone())
    };
    let numbers = cutter
        .schema()
        .fields()
        .get(layout.person)
        .is_some_and(|f| f.data_type().is_integer());
    let told = Arc::new(Mutex::new(Told::default()));
    let account = Account {
        told: told.clone(),
        years: years.clone(),
        accumulated: output.written.schema.clone(),
    };
    let options = Options {
        records: request.years || request.totals.is_some(),
        totals: request.totals,
        close: request.close_year,
        details: request.details,
        amounts_only: !output.shows_standing(),
        unmeasured: !output.shows_measures(),
    };
    let settlement = Settlement {
        schema: schema.clone(),
        told,
        state: State::Waiting(Box::new(Plan {
            program,
            options,
            threads: request.threads,
            layout,
            output,
            wide: request.wide.then_some((schema, years)),
            numbers,
            people_in_order: request.people_in_order,
            desks: request.desks,
            cutter,
            persons,
        })),
    };
    Ok((settlement, account))
}

impl Account {
    /// What stopped the settlement.
    #[must_use]
    pub fn failure(&self) -> Option<Refusal> {
        open(&self.told).failure.clone()
    }

    /// The accounts made since the last call.
    #[must_use]
    pub fn years(&self) -> Batches {
        let years: Vec<RecordBatch> = open(&self.told).years.drain(..).collect();
        let years = years.into_iter().map(Ok);
        Box::new(arrow_array::RecordBatchIterator::new(years, self.years.clone()))
    }

    /// What accounts accumulated, those made since the last call.
    #[must_use]
    pub fn accumulated(&self) -> Batches {
        let batches: Vec<RecordBatch> = open(&self.told).accumulated.drain(..).collect();
        let batches = batches.into_iter().map(Ok);
        Box::new(arrow_array::RecordBatchIterator::new(batches, self.accumulated.clone()))
    }

    /// Persons who have opening balances and no claims; known once the stream has ended.
    #[must_use]
    pub fn opened_without_claims(&self) -> Vec<String> {
        open(&self.told).opened_without_claims.clone()
    }

    /// Counts and sums so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        open(&self.told).totals.clone()
    }

    /// How many overlapping intervals of the people table went into another.
    #[must_use]
    pub fn merged_intervals(&self) -> u64 {
        open(&self.told).merged_intervals
    }

    /// How many rows of the applications table were left out.
    #[must_use]
    pub fn ignored_applications(&self) -> u64 {
        open(&self.told).ignored_applications
    }

    /// Identities of the people table that the policy does not name, and how many rows have them.
    #[must_use]
    pub fn unnamed(&self) -> Unnamed {
        open(&self.told).unnamed.clone()
    }
}

impl Settlement {
    fn advance(&mut self) -> Result<Option<RecordBatch>, Refusal> {
        if matches!(self.state, State::Waiting(_))
            && let State::Waiting(plan) = core::mem::replace(&mut self.state, State::Ended)
        {
            self.state = State::Running(Box::new(plan.begin(&self.told)?));
        }
        let State::Running(run) = &mut self.state else {
            return Ok(None);
        };
        let Some((settled, task)) = run.next()? else {
            run.people_to_the_end(&self.told)?;
            return run.without_claims(&self.told).map(|()| None);
        };
        run.check_together(&task.batch, &settled, task.place)?;
        let mut told = open(&self.told);
        let rows = settled.rows.clone();
        told.take(settled);
        Ok(Some(rows))
    }
}

impl Iterator for Settlement {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.advance() {
            Ok(Some(batch)) => Some(Ok(batch)),
            Ok(None) => {
                if let State::Running(run) = core::mem::replace(&mut self.state, State::Ended) {
                    run.end();
                }
                None
            }
            Err(refusal) => {
                self.state = State::Ended;
                let code = refusal.code;
                open(&self.told).failure = Some(refusal);
                // The code alone: the words are made by whoever asks the account for the failure.
                Some(Err(ArrowError::ComputeError(code.into())))
            }
        }
    }
}

impl RecordBatchReader for Settlement {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl Plan {
    fn begin(mut self, told: &Mutex<Told>) -> Result<Run, Refusal> {
        // Persons with an opening balance and no claims are looked for in the whole table afterwards.
        let follows = self.people_in_order && !self.numbers && self.persons.opening.is_none();
        let following = self.persons.people.take_if(|_| follows);
        let following = following.map(|stream| Following::new(stream, &self.program));
        let registers = self.persons.read(&self.program, self.numbers, told)?;
        let work = Arc::new(Work {
            layout: self.layout,
            registers,
            output: self.output,
            wide: self.wide,
            records: self.options.records,
        });
        let settler = || Settler::new(work.clone(), self.desks.take(&self.program, self.options));
        let hands = if self.threads > 1 {
            Hands::Team(Box::new(Team::new(self.threads, settler)?))
        } else {
            Hands::Own(Box::new(settler()))
        };
        // Last, so that the desks on which most was worked are taken for the claims.
        let spare = work.registers.openings.is_some().then(settler);
        Ok(Run {
            feed: Feed {
                cutter: self.cutter,
                following,
            },
            together: Together::default(),
            hands,
            work,
            desks: self.desks,
            spare: spare.map(Box::new),
        })
    }
}

impl PersonTables {
    fn read(self, program: &Program, numbers: bool, told: &Mutex<Told>) -> Result<Registers, Refusal> {
        let people = self.people.map(|stream| people(stream, program, numbers)).transpose()?;
        let applications = self
            .applications
            .map(|stream| applications(stream, program, numbers))
            .transpose()?;
        let openings = self.opening.map(|stream| Openings::read(stream, program, numbers));
        let openings = openings.transpose()?;
        let mut told = open(told);
        told.merged_intervals = people.as_ref().map_or(0, |(_, merged, _)| *merged);
        told.ignored_applications = applications.as_ref().map_or(0, |(_, ignored)| *ignored);
        let (people, unnamed) = people.map(|(people, _, unnamed)| (people, unnamed)).unzip();
        told.unnamed = unnamed.unwrap_or_default();
        Ok(Registers {
            people,
            applications: applications.map(|(applications, _)| applications),
            openings,
            names: IdentityNames::of(program),
        })
    }

    /// Read at once, for one batch.
    pub(crate) fn registers(self, program: &Program, numbers: bool) -> Result<Registers, Refusal> {
        self.read(program, numbers, &Mutex::default())
    }
}

impl Run {
    fn next(&mut self) -> Result<Option<(Settled, Task)>, Refusal> {
        match &mut self.hands {
            Hands::Own(settler) => match self.feed.next()? {
                Some(task) => Ok(Some((settler.settle(&task)?, task))),
                None => Ok(None),
            },
            Hands::Team(team) => team.next(&mut self.feed),
        }
    }

    /// Everything is settled: what the next settlement can use stays.
    fn end(self) {
        let settlers = match self.hands {
            Hands::Own(settler) => vec![*settler],
            Hands::Team(team) => team.end(),
        };
        for settler in settlers {
            self.desks.leave(settler.end());
        }
    }

    /// Identities that came with the claims: those of persons without any, and what is told of all.
    fn people_to_the_end(&mut self, told: &Mutex<Told>) -> Result<(), Refusal> {
        if let Some(following) = &mut self.feed.following {
            following.finish()?;
            let mut told = open(told);
            told.merged_intervals = following.intake.merged;
            told.unnamed.clone_from(&following.intake.unnamed);
        }
        Ok(())
    }

    /// Accounts of persons who have opening balances and no claims.
    fn without_claims(&mut self, told: &Mutex<Told>) -> Result<(), Refusal> {
        let (Some(openings), Some(mut settler)) = (&self.work.registers.openings, self.spare.take()) else {
            return Ok(());
        };
        let keys = openings.without_claims();
        let column = self.feed.cutter.schema().fields().get(self.work.layout.person);
        let kind = column.map(|field| field.data_type().clone());
        for some in keys.chunks(PERSONS) {
            if let (Some(kind), true) = (&kind, self.work.records) {
                let settled = settler.without_claims(kind, some)?;
                open(told).take(settled);
            }
            let names = some.iter().map(|key| key.key().to_string());
            open(told).opened_without_claims.extend(names);
        }
        self.desks.leave(settler.end());
        Ok(())
    }

    /// D932 for a person who was there before, D930 where that cannot be told.
    fn check_together(&mut self, input: &RecordBatch, settled: &Settled, place: Place) -> Result<(), Refusal> {
        let Some(column) = input.columns().get(self.work.layout.person) else {
            return Ok(());
        };
        let persons = Persons::of(column, "@claims", "psn_no", place.first_row)?;
        let firsts = match &settled.starts {
            Starts::Rising(first, last, lengths) => {
                if let (Some(first), Some(last)) = (persons.key(*first), persons.key(*last))
                    && self.together.add_rising(first, last, *lengths)
                {
                    return Ok(());
                }
                let mut runs = Runs::default();
                persons.runs(&mut runs, None);
                Cow::Owned(runs.ranges().map(|(first, _)| first).collect())
            }
            Starts::Any(firsts) => {
                if let (Some(_), [_, second, ..]) = (&self.feed.following, firsts.as_slice()) {
                    return Err(out_of_order(persons.key(*second).unwrap_or(Key::Text(""))));
                }
                Cow::Borrowed(firsts)
            }
        };
        for &row in firsts.iter() {
            let Some(key) = persons.key(row) else { continue };
            let code = match self.together.add(key) {
                Seen::Never => continue,
                Seen::Before => "D932",
                Seen::Perhaps => "D930",
            };
            let arguments = [("row", place.row(row).to_string()), ("person", key.to_string())];
            return Err(Refusal::data(code, arguments));
        }
        Ok(())
    }
}
