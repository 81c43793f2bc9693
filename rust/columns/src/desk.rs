//! Memory that a settlement leaves behind comes in; the next one of the same program begins with it, for fresh memory
//! costs more than the arithmetic.

use std::sync::{Arc, Mutex, PoisonError};

use jiugao_engine::{Machine, Options, Results};
use jiugao_program::Program;

use crate::chunk::Chunk;
use crate::cutting::LONG;
use crate::lending::Lending;

/// More desks than this are not kept: of so many threads at once.
const MOST: usize = 8;
/// Rows of a batch for which a desk is not kept: twice as many as there are where no person has thousands.
const LARGE: usize = 2 * LONG;

/// A machine with the memory that it works in: what one thread needs.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) machine: Machine,
    pub(crate) results: Results,
    pub(crate) lending: Lending,
    pub(crate) chunk: Chunk,
}

/// The desks of a program that nobody works at.
#[derive(Clone, Debug, Default)]
pub struct Desks(Arc<Mutex<Vec<Desk>>>);

impl Desks {
    /// A desk where the same was worked out before, or a new one.
    pub(crate) fn take(&self, program: &Arc<Program>, options: Options) -> Desk {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |desk: &Desk| Arc::ptr_eq(desk.machine.program(), program) && desk.machine.options() == options;
        let found = left.iter().rposition(fits).map(|at| left.swap_remove(at));
        drop(left);
        found.unwrap_or_else(|| Desk {
            machine: Machine::new(program.clone(), options),
            results: Results::default(),
            lending: Lending::default(),
            chunk: Chunk::default(),
        })
    }

    /// Leave a desk to the next settlement: nothing that is a caller's stays on it. One that a person of very many rows
    /// has made large is not kept.
    pub(crate) fn leave(&self, mut desk: Desk) {
        if desk.results.roles.capacity() > LARGE {
            return;
        }
        desk.chunk.leave();
        desk.lending.forget_old();
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() >= MOST {
            left.remove(0);
        }
        left.push(desk);
    }
}
