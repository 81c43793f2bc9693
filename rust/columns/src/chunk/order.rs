//! Whether the rows of each person are in order.

use arrow_array::RecordBatch;

use super::{Chunk, Place, column};
use crate::layout::Layout;
use crate::names::{Names, claim_name};
use crate::neighbours::{marked, without};
use crate::refusal::Refusal;
use crate::times::{Times, Way};

impl Chunk {
    /// Within each person: time does not fall, and at one time settlements rise (on one day of another date than the
    /// settlement's, the time of settlement first).
    pub(super) fn check_order(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        times: &Times,
        place: Place,
    ) -> Result<(), Refusal> {
        let mut marks = core::mem::take(&mut self.marks);
        if self.runs.days_fall.unwrap_or_else(|| times.fall(&self.runs.begins)) {
            times.mark(&mut marks, Way::Falls);
            without(&mut marks, &self.runs.begins);
            let row = marked(&marks).next().unwrap_or(0);
            return Err(self.out_of_order("D931", batch, layout, row, place));
        }
        if let Some(at) = layout.settlement {
            times.mark(&mut marks, Way::Stays);
            without(&mut marks, &self.runs.begins);
            let settlements = Names::of(column(batch, at)?)?;
            let settled = match &layout.settled {
                Some((at, reading)) => Some(reading.read(column(batch, *at)?)?.values),
                None => None,
            };
            let settled = |row: usize| settled.as_ref().and_then(|times| times.get(row));
            for row in marked(&marks) {
                let (before, now) = (self.row(row.saturating_sub(1)), self.row(row));
                let order = settled(before).cmp(&settled(now));
                let code = match order.then_with(|| settlements.get(before).cmp(&settlements.get(now))) {
                    core::cmp::Ordering::Less => continue,
                    core::cmp::Ordering::Equal => "D937",
                    core::cmp::Ordering::Greater => "D931",
                };
                return Err(self.out_of_order(code, batch, layout, row, place));
            }
        }
        self.marks = marks;
        Ok(())
    }

    fn out_of_order(
        &self,
        code: &'static str,
        batch: &RecordBatch,
        layout: &Layout,
        row: usize,
        place: Place,
    ) -> Refusal {
        let row = self.row(row);
        let arguments = [
            ("row", place.row(row).to_string()),
            ("claim", claim_name(batch, layout, row)),
        ];
        Refusal::data(code, arguments)
    }
}
