//! A batch of another shape than `Batch` describes is refused, and nothing is settled.

use crate::support::{Claims, always, day, program};
use jiugao_engine::{
    Application, Batch, Column, EngineError, Held, Identities, Machine, Opening, Options, Results, Reversal,
};

/// Two persons with two claims each, on 聊城's program of the tests.
fn claims() -> Claims {
    let mut claims = Claims::of_one(6, &[always(1)]);
    for n in 0..4 {
        claims.claim(day(1, 1) + n, &[500_000, 500_000, 0, 0, 0]);
    }
    claims.persons = vec![0, 2, 4];
    claims.offsets = vec![0, 1, 1];
    claims
}

fn settled(batch: &Batch<'_>) -> Result<(), EngineError> {
    Machine::new(program("liaocheng"), Options::default()).settle(batch, &mut Results::default())
}

/// Whether the batch is taken with other fields.
macro_rules! taken {
    ($($field:ident: $value:expr),* $(,)?) => {
        claims().with(|batch| match settled(&Batch { $($field: $value,)* ..*batch }) {
            Ok(()) => true,
            Err(EngineError::Shape(cause)) => cause.is_empty(),
            Err(error) => panic!("{error}"),
        })
    };
}

#[test]
fn rows_are_those_of_the_persons() {
    assert!(taken!());
    assert!(taken!(persons: &[0, 0, 4]));
    for persons in [&[0, 2, 3][..], &[0, 2, 5], &[1, 2, 4], &[0, 5, 4], &[]] {
        // Who holds what is not what is wrong here.
        assert!(!taken!(persons: persons, identities: Identities::None), "{persons:?}");
    }
    assert!(!taken!(days: &[day(1, 1), day(1, 2), day(1, 3)], identities: Identities::None));
}

#[test]
fn columns_are_as_long_and_of_their_kinds() {
    for (values, fits) in [
        (&[0, 1, -1, 1][..], true),
        (&[0, 1, 2, 1], false),
        (&[0, -2, 1, 1], false),
        (&[0, 1, 1], false),
    ] {
        let column = Column::Values(values);
        let changed = claims().with(|batch| {
            let mut inputs = batch.inputs.to_vec();
            inputs[5] = column;
            settled(&Batch {
                inputs: &inputs,
                ..*batch
            })
            .is_ok()
        });
        assert_eq!(changed, fits, "{values:?}");
    }
    for (value, fits) in [(-1, true), (1, true), (2, false), (-2, false)] {
        let changed = claims().with(|batch| {
            let mut inputs = batch.inputs.to_vec();
            inputs[5] = Column::Constant(value);
            settled(&Batch {
                inputs: &inputs,
                ..*batch
            })
            .is_ok()
        });
        assert_eq!(changed, fits, "{value}");
    }
    assert!(!claims().with(|batch| {
        settled(&Batch {
            inputs: &batch.inputs[..5],
            ..*batch
        })
        .is_ok()
    }));
    // The day input is not read as a column, whatever is there.
    let changed = claims().with(|batch| {
        let mut inputs = batch.inputs.to_vec();
        inputs[0] = Column::Values(&[]);
        settled(&Batch {
            inputs: &inputs,
            ..*batch
        })
        .is_ok()
    });
    assert!(changed);
}

#[test]
fn identities_are_those_of_the_persons_or_rows() {
    let intervals = [always(1), always(2)];
    let by_person =
        |offsets: &[usize], intervals: &[Held]| taken!(identities: Identities::ByPerson { offsets, intervals });
    assert!(by_person(&[0, 1, 2], &intervals));
    assert!(by_person(&[0, 0, 0], &[]));
    assert!(!by_person(&[0, 2], &intervals));
    assert!(!by_person(&[0, 1, 1], &intervals));
    assert!(!by_person(&[0, 3, 2], &intervals));
    assert!(!by_person(&[0, 1, 2, 2], &intervals));
    assert!(taken!(identities: Identities::ByRow(&[1, 1, 2, 2])));
    assert!(!taken!(identities: Identities::ByRow(&[1, 1, 2])));
    assert!(taken!(identities: Identities::None));
}

#[test]
fn applications_and_reversals_are_in_order() {
    let of = |person, day| Application {
        person,
        day,
        identity: 2,
    };
    let (first, second) = (of(0, day(2, 1)), of(1, day(1, 5)));
    assert!(taken!(applications: &[first, second]));
    assert!(!taken!(applications: &[second, first]));
    assert!(!taken!(applications: &[of(0, 9), of(0, 8)]));
    assert!(taken!(applications: &[of(0, day(2, 1)), of(0, day(2, 1))]));
    assert!(!taken!(applications: &[of(2, day(2, 1))]));
    let undoes = |row, original| Reversal { row, original };
    assert!(taken!(reversals: &[undoes(1, Some(0)), undoes(3, None)]));
    assert!(!taken!(reversals: &[undoes(3, None), undoes(1, Some(0))]));
    assert!(!taken!(reversals: &[undoes(1, Some(0)), undoes(1, Some(0))]
    ));
    assert!(!taken!(reversals: &[undoes(4, None)]));
}

#[test]
fn opening_balances_are_in_order_and_of_what_accumulates() {
    let of = |person, year, amounts| Opening {
        person,
        year,
        until: i32::MIN,
        broken: false,
        amounts,
        fractions: &[],
    };
    let known = jiugao_engine::accumulators(&program("liaocheng")).len() as u32;
    let (last, none) = ([(known - 1, 5)], [(known, 5)]);
    assert!(
        taken!(openings: &[of(0, 2023, &last), of(0, 2024, &[]), of(1, 2023, &[])]
        )
    );
    assert!(!taken!(openings: &[of(0, 2023, &none)]));
    assert!(!taken!(openings: &[of(0, 2024, &[]), of(0, 2023, &[])]));
    assert!(!taken!(openings: &[of(0, 2023, &[]), of(0, 2023, &[])]));
    assert!(!taken!(openings: &[of(2, 2023, &[])]));
}
