//! Identities come in, classes of the standing table go out (就高不重复: the first line that holds).

use jiugao_program::{Class, Program};

use crate::batch::Held;

/// No class.
pub(crate) const NONE: i64 = -1;

/// The standing table.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    classes: Vec<Class>,
}

impl Standing {
    pub(crate) fn new(program: &Program) -> Self {
        Self { classes: program.classes().to_vec() }
    }

    /// The classes, highest first.
    pub(crate) fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// Whether the identities alone put a person in the class.
    pub(crate) fn holds(class: &Class, held: i64) -> bool {
        class.lookback.is_none() && held & class.any != 0 && held & class.except == 0
    }

    /// The first class, where an application for the class `applied` is running.
    pub(crate) fn class(&self, held: i64, applied: Option<usize>) -> i64 {
        self.classes
            .iter()
            .enumerate()
            .position(|(n, class)| applied == Some(n) || Self::holds(class, held))
            .and_then(|n| i64::try_from(n).ok())
            .unwrap_or(NONE)
    }

    /// The class on application that an identity asks for.
    pub(crate) fn applied_for(&self, identity: u32) -> Option<usize> {
        let bit = 1_i64.checked_shl(identity)?;
        self.classes.iter().position(|class| class.lookback.is_some() && class.any & bit != 0)
    }

    /// The last day from `first` to `last` on which identities alone give one of the `entitled` classes (sorted, -1
    /// for none), and what is held on it.
    pub(crate) fn last_entitled(
        &self,
        entitled: &[i64],
        intervals: &[Held],
        first: i32,
        last: i32,
    ) -> Option<(i32, i64)> {
        // What is held can differ from the day after only where an interval ends or the next day begins one.
        let mut day = last;
        while day >= first {
            let held = crate::batch::held_on(intervals, day);
            if entitled.binary_search(&self.class(held, None)).is_ok() {
                return Some((day, held));
            }
            day = intervals
                .iter()
                .flat_map(|held| [held.end, held.start.saturating_sub(1)])
                .filter(|edge| *edge < day)
                .max()?;
        }
        None
    }
}
