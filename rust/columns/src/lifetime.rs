//! Labels for life (终身): what a person holds comes in; the same with the labels held on every day goes out.

use jiugao_engine::Held;
use jiugao_program::Program;

/// The identities of the 终身 rows of the standing table.
#[derive(Clone, Debug)]
pub(crate) struct Labels {
    /// By row.
    rows: Vec<i64>,
    all: i64,
}

impl Labels {
    /// Those of a program.
    pub(crate) fn of(program: &Program) -> Self {
        let lifelong = program.classes().iter().filter(|class| class.lifetime);
        let rows: Vec<i64> = lifelong.map(|class| class.any).collect();
        let all = rows.iter().fold(0, |all, row| all | row);
        Self { rows, all }
    }

    /// Whether the policy has any.
    pub(crate) const fn any(&self) -> bool {
        self.all != 0
    }

    /// Whether labels of two rows are among some identities: nobody can say which holds.
    pub(crate) fn conflict(&self, mask: i64) -> bool {
        self.rows.iter().filter(|&row| row & mask != 0).count() > 1
    }

    /// Whether a person's intervals name labels of two rows.
    pub(crate) fn conflict_in(&self, intervals: &[Held]) -> bool {
        self.any() && self.conflict(intervals.iter().fold(0, |mask, held| mask | held.mask))
    }

    /// Labels hold on every day, whatever days stand beside them.
    pub(crate) fn open(&self, mine: &mut Vec<Held>) {
        let labels = mine.iter().fold(0, |mask, held| mask | held.mask) & self.all;
        if labels == 0 {
            return;
        }
        for held in &mut *mine {
            held.mask &= !self.all;
        }
        mine.retain(|held| held.mask != 0);
        mine.push(Held {
            mask: labels,
            start: i32::MIN,
            end: i32::MAX,
        });
    }

    /// The same where a person's rows carry the identities themselves: a label in one of them is in all. Whether
    /// they conflict; then nothing is changed.
    pub(crate) fn spread(&self, rows: &mut [i64]) -> bool {
        let labels = rows.iter().fold(0, |mask, row| mask | row) & self.all;
        let conflict = self.conflict(labels);
        if !conflict {
            for row in rows {
                *row |= labels;
            }
        }
        conflict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: fn() -> Labels = || Labels {
        rows: vec![0b0011, 0b0100],
        all: 0b0111,
    };

    fn held(mask: i64, start: i32, end: i32) -> Held {
        Held { mask, start, end }
    }

    #[test]
    fn a_label_is_held_on_every_day_and_nothing_else_is() {
        let mut mine = vec![held(0b0001, 5, 9), held(0b1010, 20, 30), held(0b1000, 1, 2)];
        LABELS().open(&mut mine);
        let expected = [
            held(0b1000, 20, 30),
            held(0b1000, 1, 2),
            held(0b0011, i32::MIN, i32::MAX),
        ];
        assert_eq!(mine, expected);
        assert!(!LABELS().conflict_in(&mine));
    }

    #[test]
    fn labels_of_two_rows_conflict_on_whatever_days() {
        assert!(LABELS().conflict_in(&[held(0b0001, 1, 2), held(0b0100, 8, 9)]));
        assert!(!LABELS().conflict_in(&[held(0b0011, 1, 2), held(0b1000, 8, 9)]));
    }

    #[test]
    fn a_label_in_one_row_is_in_all_rows() {
        let mut rows = [0, 0b0001, 0b1000];
        assert!(!LABELS().spread(&mut rows));
        assert_eq!(rows, [0b0001, 0b0001, 0b1001]);
        let mut rows = [0b0001, 0b0100];
        assert!(LABELS().spread(&mut rows));
        assert_eq!(rows, [0b0001, 0b0100]);
    }
}
