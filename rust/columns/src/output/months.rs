//! The month in which each row counts.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array};
use jiugao_engine::{Role, month_begin};

use crate::chunk::Chunk;

/// Days of so many years at most are told beforehand, each once.
const DAYS: usize = 4096;

/// The first day of each row's month; of a reversal that of what it undoes. None where a row was left out.
pub(super) fn months(chunk: &Chunk, roles: &[u8], rows: usize) -> ArrayRef {
    let mut months = begins(&chunk.days);
    for reversal in chunk.reversals() {
        let original = reversal
            .original
            .filter(|&row| roles.get(row) == Some(&(Role::Reversed as u8)));
        let month = original.and_then(|row| months.get(row).copied());
        if let (Some(month), Some(place)) = (month, months.get_mut(reversal.row)) {
            *place = month;
        }
    }
    let Some(kept) = &chunk.kept else {
        return Arc::new(Date32Array::new(months.into(), None));
    };
    let mut spread = vec![None; rows];
    for (&row, month) in kept.iter().zip(months) {
        if let Some(place) = spread.get_mut(row) {
            *place = Some(month);
        }
    }
    Arc::new(Date32Array::from(spread))
}

fn begins(days: &[i32]) -> Vec<i32> {
    let (Some(&least), Some(&most)) = (days.iter().min(), days.iter().max()) else {
        return Vec::new();
    };
    let distance = |day: i32| usize::try_from(day.abs_diff(least)).unwrap_or(usize::MAX);
    if distance(most) >= DAYS {
        return days.iter().map(|&day| month_begin(day)).collect();
    }
    let known: Vec<i32> = (least..=most).map(month_begin).collect();
    days.iter()
        .map(|&day| known.get(distance(day)).copied().unwrap_or(day))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_with_their_first_day() {
        let days: Vec<i32> = (19_300..19_800).rev().collect();
        let whole: Vec<i32> = days.iter().map(|&day| month_begin(day)).collect();
        assert_eq!(begins(&days), whole);
        let far = [-719_162, 0, 19_388, 2_932_896];
        assert_eq!(begins(&far), [-719_162, 0, 19_358, 2_932_866]);
        assert!(begins(&[]).is_empty());
    }
}
