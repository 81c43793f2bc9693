//! Persons of a batch alone, and their claims one after another: paid as in the whole.

use std::sync::Arc;

use jiugao_engine::{Application, Batch, Column, Course, Identities, Machine, Options, Results, Reversal};
use jiugao_program::Program;

use crate::support::Claims;

/// Some rows of a batch, from a person's first on, as a batch of their own.
fn part<R>(whole: &Batch<'_>, person: usize, rows: std::ops::Range<usize>, run: impl FnOnce(&Batch<'_>) -> R) -> R {
    let inputs: Vec<_> = whole
        .inputs
        .iter()
        .map(|column| match column {
            Column::Values(values) => Column::Values(&values[rows.clone()]),
            constant => *constant,
        })
        .collect();
    let reversals: Vec<Reversal> = whole
        .reversals
        .iter()
        .filter(|reversal| rows.contains(&reversal.row))
        .map(|reversal| Reversal {
            row: reversal.row - rows.start,
            original: reversal.original.map(|row| row - rows.start),
        })
        .collect();
    let applications: Vec<_> = whole
        .applications
        .iter()
        .filter(|application| application.person == person)
        .map(|application| Application {
            person: 0,
            ..*application
        })
        .collect();
    let offsets;
    run(&Batch {
        persons: &[0, rows.len()],
        days: &whole.days[rows.clone()],
        inputs: &inputs,
        identities: match whole.identities {
            Identities::ByRow(masks) => Identities::ByRow(&masks[rows.clone()]),
            Identities::ByPerson {
                offsets: all,
                intervals,
            } => {
                let own = &intervals[all[person]..all[person + 1]];
                offsets = [0, own.len()];
                Identities::ByPerson {
                    offsets: &offsets,
                    intervals: own,
                }
            }
            Identities::None => Identities::None,
        },
        applications: &applications,
        reversals: &reversals,
        openings: &[],
    })
}

/// Person by person on one machine.
pub(crate) fn in_parts(program: &Arc<Program>, options: Options, claims: &Claims, expected: &Results) {
    let mut machine = Machine::new(program.clone(), options);
    let mut results = Results::default();
    claims.with(|whole| {
        for person in 0..whole.people() {
            let rows = whole.persons[person]..whole.persons[person + 1];
            part(whole, person, rows.clone(), |part| machine.settle(part, &mut results)).expect("as in the whole");
            for (column, all) in results.benefits.iter().zip(&expected.benefits) {
                assert_eq!(column[..], all[rows.clone()]);
            }
            assert_eq!(results.roles[..], expected.roles[rows.clone()]);
        }
    });
}

/// A person's claims one after another, each going on from those before.
pub(crate) fn in_courses(program: &Arc<Program>, claims: &Claims, expected: &Results) {
    let mut machine = Machine::new(program.clone(), Options::default());
    let mut results = Results::default();
    claims.with(|whole| {
        // Of a claim that comes after its reversal nobody knows as yet.
        let early = |row: usize| whole.reversals.iter().any(|r| r.row == row && r.original > Some(row));
        for person in 0..whole.people() {
            let rows = whole.persons[person]..whole.persons[person + 1];
            if rows.clone().any(early) {
                continue;
            }
            let (mut course, mut found) = (Course::default(), vec![Vec::new(); rows.len()]);
            for end in rows.start + 1..=rows.end {
                let upto = rows.start..end;
                let from = part(whole, person, upto.clone(), |part| {
                    machine.go_on(part, &mut course, &mut results)
                });
                let from = from.expect("as in the whole");
                for (n, row) in found[from..upto.len()].iter_mut().enumerate() {
                    *row = shown(&results, n);
                }
                if end % 3 == 0 {
                    course.changed_from(upto.len() - 1);
                }
            }
            let expected: Vec<_> = rows.map(|row| shown(expected, row)).collect();
            assert_eq!(found, expected, "person {person} claim by claim");
        }
    });
}

/// What a row of results holds.
fn shown(results: &Results, row: usize) -> Vec<i64> {
    let paid = results.benefits.iter().map(|column| column[row]);
    let told = [
        results.roles[row].into(),
        results.standings[row].into(),
        results.years[row].into(),
    ];
    paid.chain([results.burden[row], results.excess[row]])
        .chain(told)
        .collect()
}
