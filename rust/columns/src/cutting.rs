//! A stream of batches cut anywhere comes in; batches of whole persons go out, without a copy where they are long.

use std::collections::VecDeque;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;

use crate::chunk::Place;
use crate::people::Batches;
use crate::person::{OwnKey, Persons};
use crate::refusal::Refusal;

/// About how many rows go to the machine at once: enough to forget the cost of a batch, few enough for the caches. Batches
/// that are no shorter are cut and not copied: claims/reading.py reads so many.
pub(crate) const LONG: usize = 32_768;
/// Batches below this are put together first: a copy costs less than a call for a few rows.
const SHORT: usize = 8_192;

/// Cuts a stream at persons.
pub(crate) struct Cutter {
    stream: Batches,
    projection: Vec<usize>,
    person: usize,
    schema: SchemaRef,
    table: &'static str,
    /// Rows whose last person may go on.
    pending: Vec<RecordBatch>,
    pending_rows: usize,
    ready: VecDeque<RecordBatch>,
    next_row: u64,
    read: u64,
    ended: bool,
}

impl Cutter {
    /// A cutter over the projected columns; `person` is a place among them.
    ///
    /// # Errors
    /// D938 if the stream's own schema does not allow the projection.
    pub(crate) fn new(
        stream: Batches,
        projection: Vec<usize>,
        person: usize,
        table: &'static str,
    ) -> Result<Self, Refusal> {
        let schema = stream
            .schema()
            .project(&projection)
            .map_err(|error| Refusal::stream(table, error))?;
        Ok(Self {
            stream,
            projection,
            person,
            schema: schema.into(),
            table,
            pending: Vec::new(),
            pending_rows: 0,
            ready: VecDeque::new(),
            next_row: 1,
            read: 0,
            ended: false,
        })
    }

    /// Schema of the batches.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next batch of whole persons, and where it stands in the stream.
    ///
    /// # Errors
    /// D938 if the stream fails, D908 and D933 for persons without a usable number.
    pub(crate) fn next(&mut self) -> Result<Option<(RecordBatch, Place)>, Refusal> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                let place = Place {
                    first_row: self.next_row,
                };
                self.next_row = place.row(batch.num_rows());
                return Ok(Some((batch, place)));
            }
            if self.ended {
                return Ok(None);
            }
            match self.stream.next() {
                None => {
                    self.ended = true;
                    self.flush()?;
                }
                Some(batch) => {
                    let batch = batch.and_then(|batch| batch.project(&self.projection));
                    self.feed(batch.map_err(|error| Refusal::stream(self.table, error))?)?;
                }
            }
        }
    }

    fn persons(&self, batch: &RecordBatch) -> Result<Persons, Refusal> {
        let column = batch.columns().get(self.person);
        let column = column.ok_or_else(|| Refusal::stream(self.table, "a batch lacks a column"))?;
        let rows = u64::try_from(batch.num_rows()).unwrap_or(0);
        let first_row = self.read.saturating_sub(rows).saturating_add(1);
        Persons::of(column, self.table, "psn_no", first_row)
    }

    fn feed(&mut self, batch: RecordBatch) -> Result<(), Refusal> {
        let rows = batch.num_rows();
        self.read = self.read.saturating_add(u64::try_from(rows).unwrap_or(0));
        if rows == 0 {
            return Ok(());
        }
        let persons = self.persons(&batch)?;
        let Some(last) = self.last_pending()? else {
            return self.take_whole(batch, &persons);
        };
        let same = persons.begins_after(last.key());
        if same == rows || self.pending_rows.saturating_add(rows) < LONG {
            self.hold(batch);
            return Ok(());
        }
        self.hold(batch.slice(0, same));
        self.flush()?;
        let rest = batch.slice(same, rows.saturating_sub(same));
        let persons = self.persons(&rest)?;
        self.take_whole(rest, &persons)
    }

    /// The person of the last row that is held back.
    fn last_pending(&self) -> Result<Option<OwnKey>, Refusal> {
        let Some(batch) = self.pending.last().filter(|batch| batch.num_rows() > 0) else {
            return Ok(None);
        };
        let last = batch.slice(batch.num_rows().saturating_sub(1), 1);
        Ok(self.persons(&last)?.key(0).map(OwnKey::from))
    }

    /// The first and the last person of a batch.
    ///
    /// # Errors
    /// As [`Cutter::next`].
    pub(crate) fn ends(&self, batch: &RecordBatch) -> Result<Option<(OwnKey, OwnKey)>, Refusal> {
        let Some(last) = batch.num_rows().checked_sub(1) else {
            return Ok(None);
        };
        let first = self.persons(&batch.slice(0, 1))?;
        let last = self.persons(&batch.slice(last, 1))?;
        let own = |person: &Persons| person.key(0).map(OwnKey::from);
        Ok(own(&first).zip(own(&last)))
    }

    fn hold(&mut self, batch: RecordBatch) {
        if batch.num_rows() > 0 {
            self.pending_rows = self.pending_rows.saturating_add(batch.num_rows());
            self.pending.push(batch);
        }
    }

    /// A batch that begins with a new person: all but its last person are ready.
    fn take_whole(&mut self, batch: RecordBatch, persons: &Persons) -> Result<(), Refusal> {
        let rows = batch.num_rows();
        if rows < SHORT {
            self.hold(batch);
            return Ok(());
        }
        let last = persons.last_begins();
        self.cut(&batch.slice(0, last), persons);
        self.hold(batch.slice(last, rows.saturating_sub(last)));
        Ok(())
    }

    /// Everything held back is whole.
    fn flush(&mut self) -> Result<(), Refusal> {
        let pending = core::mem::take(&mut self.pending);
        self.pending_rows = 0;
        let whole = match pending.as_slice() {
            [] => return Ok(()),
            [one] => one.clone(),
            several => concat_batches(&self.schema, several).map_err(|error| Refusal::stream(self.table, error))?,
        };
        let persons = self.persons(&whole)?;
        self.cut(&whole, &persons);
        Ok(())
    }

    /// Into pieces of about [`LONG`] rows, each of whole persons.
    fn cut(&mut self, batch: &RecordBatch, persons: &Persons) {
        let rows = batch.num_rows();
        let mut start = 0_usize;
        while start < rows {
            let mut end = start.saturating_add(LONG).min(rows);
            while end < rows && persons.key(end) == persons.key(end.saturating_sub(1)) {
                end = end.saturating_add(1);
            }
            self.ready.push_back(batch.slice(start, end.saturating_sub(start)));
            start = end;
        }
    }
}
