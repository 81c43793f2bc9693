//! Identities come in, classes of the standing table go out (就高不重复: the first line that holds).

use jiugao_program::{Class, Program};

use crate::batch::Held;

/// No class.
pub(crate) const NONE: i64 = -1;

/// A line of the standing table, as far as every claim looks at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) any: i64,
    pub(crate) except: i64,
    pub(crate) on_application: bool,
}

impl Line {
    /// Whether the identities alone put a person in the class.
    #[inline]
    pub(crate) const fn holds(self, held: i64) -> bool {
        !self.on_application && held & self.any != 0 && held & self.except == 0
    }
}

/// The standing table.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    classes: Vec<Class>,
    lines: Vec<Line>,
}

impl Standing {
    pub(crate) fn new(program: &Program) -> Self {
        let line = |class: &Class| Line {
            any: class.any,
            except: class.except,
            on_application: class.lookback.is_some(),
        };
        let classes = program.classes().to_vec();
        let lines = classes.iter().map(line).collect();
        Self { classes, lines }
    }

    /// Its lines, highest first.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The classes, highest first.
    pub(crate) fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The first class, where an application for the class `applied` is running.
    pub(crate) fn class(&self, held: i64, applied: Option<usize>) -> i64 {
        self.lines
            .iter()
            .enumerate()
            .position(|(n, line)| applied == Some(n) || line.holds(held))
            .and_then(|n| i64::try_from(n).ok())
            .unwrap_or(NONE)
    }

    /// The class on application that an identity asks for.
    pub(crate) fn applied_for(&self, identity: u32) -> Option<usize> {
        let bit = 1_i64.checked_shl(identity)?;
        self.classes
            .iter()
            .position(|class| class.lookback.is_some() && class.any & bit != 0)
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
