//! A program comes in, a few persons with claims that it could be given go out.

use jiugao_engine::{Application, Batch, Column, Held, Identities, Reversal};
use jiugao_program::{DAYS, Input, InputKind, InputTable, Program};

use crate::Random;

const PERSONS: usize = 4;
const CLAIMS: usize = 9;
/// 2023-01-01.
const YEAR: i64 = 19_358;

/// A batch that owns its columns.
pub struct Drawn {
    persons: Vec<usize>,
    days: Vec<i32>,
    inputs: Vec<Vec<i64>>,
    constant: Vec<bool>,
    masks: Vec<i64>,
    by_row: bool,
    offsets: Vec<usize>,
    intervals: Vec<Held>,
    applications: Vec<Application>,
    reversals: Vec<Reversal>,
}

impl Drawn {
    /// Claims of some persons.
    pub fn of(program: &Program, random: &mut Random) -> Self {
        let mut drawn = Self::empty();
        let person_count = 1 + random.index(PERSONS);
        for person in 0..person_count {
            let first = drawn.days.len();
            let mut days: Vec<i32> = (0..random.index(CLAIMS)).map(|_| day(program, random)).collect();
            days.sort_unstable();
            for n in 0..days.len() {
                if n > 0 && random.once_in(10) {
                    let original = (!random.once_in(9)).then(|| first + random.index(n + 1));
                    drawn.reversals.push(Reversal {
                        row: first + n,
                        original,
                    });
                }
            }
            drawn.days.extend(days);
            drawn.persons.push(drawn.days.len());
            drawn.hold(program, random);
            if random.once_in(3) {
                drawn.apply(program, person, random);
            }
        }
        drawn.fill(program, random);
        drawn
    }

    /// Rows of an enrolment table.
    pub fn of_enrolment(program: &Program, random: &mut Random) -> Self {
        let mut drawn = Self::empty();
        for _ in 0..random.index(CLAIMS) {
            drawn.days.push(day(program, random));
        }
        drawn.persons.push(drawn.days.len());
        drawn.offsets.push(0);
        drawn.fill(program, random);
        drawn
    }

    fn empty() -> Self {
        Self {
            persons: vec![0],
            days: Vec::new(),
            inputs: Vec::new(),
            constant: Vec::new(),
            masks: Vec::new(),
            by_row: false,
            offsets: vec![0],
            intervals: Vec::new(),
            applications: Vec::new(),
            reversals: Vec::new(),
        }
    }

    fn hold(&mut self, program: &Program, random: &mut Random) {
        for _ in 0..random.index(4) {
            let (start, end) = (day(program, random), day(program, random));
            self.intervals.push(Held {
                mask: mask(program, random),
                start: if random.once_in(2) { i32::MIN } else { start },
                end: if random.once_in(2) { i32::MAX } else { end },
            });
        }
        self.offsets.push(self.intervals.len());
    }

    fn apply(&mut self, program: &Program, person: usize, random: &mut Random) {
        let mut days: Vec<i32> = (0..=random.index(2)).map(|_| day(program, random)).collect();
        days.sort_unstable();
        for day in days {
            let identity = u32::try_from(random.index(program.identities().len())).unwrap_or(0);
            self.applications.push(Application { person, day, identity });
        }
    }

    /// Values of every input, and identities of every row.
    fn fill(&mut self, program: &Program, random: &mut Random) {
        let rows = self.days.len();
        let huge = random.once_in(12);
        for input in program.inputs() {
            let constant = random.once_in(5);
            let count = if constant { 1 } else { rows };
            self.inputs
                .push((0..count).map(|_| value(program, input, huge, random)).collect());
            self.constant.push(constant);
        }
        self.masks = (0..rows).map(|_| mask(program, random)).collect();
        self.by_row = random.once_in(3);
    }

    /// Identities of every row.
    pub fn masks(&self) -> &[i64] {
        &self.masks
    }

    /// The batch that borrows from this one.
    pub fn with<R>(&self, run: impl FnOnce(&Batch<'_>) -> R) -> R {
        let inputs: Vec<Column<'_>> = self
            .inputs
            .iter()
            .zip(&self.constant)
            .map(|(values, constant)| match values.as_slice() {
                [value] if *constant => Column::Constant(*value),
                values => Column::Values(values),
            })
            .collect();
        run(&Batch {
            persons: &self.persons,
            days: &self.days,
            inputs: &inputs,
            identities: if self.by_row {
                Identities::ByRow(&self.masks)
            } else {
                Identities::ByPerson {
                    offsets: &self.offsets,
                    intervals: &self.intervals,
                }
            },
            applications: &self.applications,
            reversals: &self.reversals,
            openings: &[],
        })
    }
}

/// A day near those at which the program changes; seldom any of the calendar.
fn day(program: &Program, random: &mut Random) -> i32 {
    let force = program.force();
    let mut near = vec![i64::from(force.start), i64::from(force.claims_from), YEAR];
    near.extend(force.end.map(i64::from));
    near.extend(random.pick(program.change_days()).copied().map(i64::from));
    let near = random.pick(&near).copied().unwrap_or(YEAR);
    let drawn = match random.index(16) {
        0 => random.between(i64::from(*DAYS.start()), i64::from(*DAYS.end()) + 1),
        1 => near,
        _ => near.saturating_add(random.between(-40, 500)),
    };
    let drawn = drawn.clamp(i64::from(*DAYS.start()), i64::from(*DAYS.end()));
    i32::try_from(drawn).unwrap_or(0)
}

fn mask(program: &Program, random: &mut Random) -> i64 {
    let bits = program.identities().len();
    if bits == 0 || random.once_in(6) {
        return 0;
    }
    let all = (1_i64 << bits.min(62)) - 1;
    let one = 1_i64 << random.index(bits);
    if random.once_in(4) {
        random.bits().cast_signed() & all
    } else {
        one & all
    }
}

fn value(program: &Program, input: &Input, huge: bool, random: &mut Random) -> i64 {
    match input.kind {
        InputKind::Flag => random.between(0, 2),
        InputKind::Code | InputKind::Text => {
            let codes = i64::try_from(input.codes.len()).unwrap_or(0);
            random.between(-1, codes.max(0))
        }
        InputKind::Day => i64::from(day(program, random)),
        InputKind::Count => random.between(-2, 40),
        InputKind::Money if huge && random.once_in(3) => {
            let shift = u32::try_from(random.index(30)).unwrap_or(0);
            random.bits().cast_signed() >> shift
        }
        InputKind::Money if input.table == InputTable::Enrolment => random.between(0, 60_000),
        InputKind::Money => match random.index(8) {
            0 => 0,
            1 => random.between(-50_000, 0),
            2 => random.between(0, 400_000_000),
            _ => random.between(0, 3_000_000),
        },
    }
}
