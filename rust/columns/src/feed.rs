//! Claims and their persons' identities come in as streams; batches of whole persons with what belongs to them go out.
//!
//! Where both streams come in the order of persons, no more identities are held than those of a batch: memory does not
//! grow with the persons of a year.

use arrow_array::RecordBatch;
use jiugao_engine::Held;
use jiugao_program::Program;

use crate::chunk::Place;
use crate::cutting::Cutter;
use crate::people::{Batches, Intake, People};
use crate::person::{Key, OwnKey};
use crate::refusal::Refusal;
use crate::register::Rows;

/// A batch to be settled.
#[derive(Debug)]
pub(crate) struct Task {
    /// The claims of whole persons.
    pub(crate) batch: RecordBatch,
    /// Where they stand in the stream.
    pub(crate) place: Place,
    /// The identities of these persons, if they came with the claims and not before them.
    pub(crate) people: Option<People>,
}

/// What the tasks are made of.
pub(crate) struct Feed {
    /// The claims.
    pub(crate) cutter: Cutter,
    /// The identities, if they come with the claims.
    pub(crate) following: Option<Following>,
}

impl Feed {
    /// The next batch.
    ///
    /// # Errors
    /// As [`Cutter::next`] and [`Following::of`].
    pub(crate) fn next(&mut self) -> Result<Option<Task>, Refusal> {
        let Some((batch, place)) = self.cutter.next()? else {
            return Ok(None);
        };
        let people = match (&mut self.following, self.cutter.ends(&batch)?) {
            (Some(following), Some((first, last))) => Some(following.of(&first, last)?),
            _ => None,
        };
        Ok(Some(Task { batch, place, people }))
    }
}

/// Identities in the order of persons, read as far as the claims have come.
pub(crate) struct Following {
    stream: Batches,
    /// What is to be told of those that were read.
    pub(crate) intake: Intake,
    /// Read, and of persons who have not come yet.
    ahead: Rows<Held>,
    reached: Option<OwnKey>,
}

/// One of the streams that were said to be in order is not.
pub(crate) fn out_of_order(person: Key<'_>) -> Refusal {
    let detail = format!("{person}: people and claims are not in one order");
    Refusal::data("D919", [("detail", detail)])
}

impl Following {
    /// Nothing is read yet.
    pub(crate) fn new(stream: Batches, program: &Program) -> Self {
        Self {
            stream,
            intake: Intake::of(program),
            ahead: Rows::new(false),
            reached: None,
        }
    }

    /// The identities of the persons from `first` to `last`, who come after all before them.
    ///
    /// # Errors
    /// As [`crate::people::people`]; D919 for persons out of order.
    fn of(&mut self, first: &OwnKey, last: OwnKey) -> Result<People, Refusal> {
        if *first > last || self.reached.as_ref().is_some_and(|reached| reached >= first) {
            return Err(out_of_order(first.key()));
        }
        while self.ahead.last().is_none_or(|ahead| ahead <= last.key()) && self.read()? {}
        let rows = self.ahead.first_of(|person| person <= last.key());
        self.reached = Some(last);
        Ok(self.intake.register(rows))
    }

    /// Read a batch; whether there was one.
    fn read(&mut self) -> Result<bool, Refusal> {
        let Some(batch) = self.stream.next() else {
            return Ok(false);
        };
        self.intake.take(batch, &mut self.ahead)?;
        let (Some(first), Some(last)) = (self.ahead.first(), self.ahead.last()) else {
            return Ok(true);
        };
        let late = self.reached.as_ref().is_some_and(|reached| first <= reached.key());
        if late || !self.ahead.rise() {
            return Err(out_of_order(last));
        }
        Ok(true)
    }

    /// Read the persons who come after all claims, so that what is told holds for everybody.
    ///
    /// # Errors
    /// As [`Following::of`].
    pub(crate) fn finish(&mut self) -> Result<(), Refusal> {
        while self.read()? {
            let last = self.ahead.last().map(OwnKey::from);
            let whole = |person: Key<'_>| last.as_ref().is_some_and(|last| person < last.key());
            let rows = self.ahead.first_of(whole);
            self.intake.register(rows);
        }
        let rows = self.ahead.first_of(|_| true);
        self.intake.register(rows);
        Ok(())
    }
}
