//! Verified instructions made ready to run: registers as indices, codes and classes shifted where they serve as
//! indices, and the value of one stateless instruction for one row.

use jiugao_program::isa::{Instruction, Kind, Register};
use jiugao_program::{DAYS, ListedCode, Program, RoundingMode, SectionCode};

use crate::rule;

/// One instruction. `d` is the register that it defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Constant {
        d: usize,
        value: i64,
    },
    Input {
        d: usize,
        input: usize,
    },
    Day {
        d: usize,
    },
    Class {
        d: usize,
    },
    Holds {
        d: usize,
        mask: i64,
    },
    Regime {
        d: usize,
        dates: usize,
    },
    Add {
        d: usize,
        a: usize,
        b: usize,
    },
    Sub {
        d: usize,
        a: usize,
        b: usize,
    },
    Multiply {
        d: usize,
        a: usize,
        by: i64,
    },
    Times {
        d: usize,
        a: usize,
        b: usize,
    },
    Min {
        d: usize,
        a: usize,
        b: usize,
    },
    Max {
        d: usize,
        a: usize,
        b: usize,
    },
    AboveZero {
        d: usize,
        a: usize,
    },
    /// The day so many days later.
    Shift {
        d: usize,
        a: usize,
        days: i64,
    },
    Less {
        d: usize,
        a: usize,
        b: usize,
    },
    LessEqual {
        d: usize,
        a: usize,
        b: usize,
    },
    Equal {
        d: usize,
        a: usize,
        b: usize,
    },
    NotEqual {
        d: usize,
        a: usize,
        b: usize,
    },
    And {
        d: usize,
        a: usize,
        b: usize,
    },
    Or {
        d: usize,
        a: usize,
        b: usize,
    },
    Not {
        d: usize,
        a: usize,
    },
    InSet {
        d: usize,
        a: usize,
        set: usize,
    },
    Listed {
        d: usize,
        a: usize,
        day: usize,
        list: usize,
    },
    Choose {
        d: usize,
        flag: usize,
        a: usize,
        b: usize,
    },
    /// (a + a_plus) × n + b + b_plus.
    Radix {
        d: usize,
        a: usize,
        a_plus: i64,
        n: i64,
        b: usize,
        b_plus: i64,
    },
    /// Entry a + plus of the table.
    Lookup {
        d: usize,
        a: usize,
        plus: i64,
        table: usize,
    },
    Settle {
        d: usize,
        base: usize,
        row: usize,
        uncovered: usize,
        benefit: usize,
    },
    Defer {
        base: usize,
        row: usize,
        benefit: usize,
    },
    Offer {
        base: usize,
        row: usize,
        uncovered: usize,
        benefit: usize,
    },
    Take {
        d: usize,
        benefit: usize,
    },
    CapByYear {
        d: usize,
        a: usize,
        b: usize,
        row: usize,
        benefit: usize,
        slot: usize,
    },
    Part {
        base: usize,
        benefit: usize,
        part: usize,
    },
    SettleParts {
        d: usize,
        row: usize,
        uncovered: usize,
        benefit: usize,
    },
    PartPaid {
        d: usize,
        benefit: usize,
        part: usize,
    },
    Tally {
        a: usize,
        tally: usize,
    },
    YearTally {
        d: usize,
        tally: usize,
    },
    Close {
        d: usize,
        row: usize,
        left: usize,
        uncovered: usize,
        benefit: usize,
    },
    /// Amounts of 1/`fen` fen to whole units.
    Round {
        d: usize,
        a: usize,
        fen: i64,
        mode: RoundingMode,
        unit: i64,
    },
}

/// What an instruction reads beside registers.
pub(crate) trait Scene {
    /// This row's value of an input.
    fn input(&self, input: usize) -> i64;
    /// The day by which things are judged.
    fn day(&self) -> i32;
    /// The standing class on that day.
    fn class(&self) -> i64;
    /// Identities held on that day.
    fn held(&self) -> i64;
    /// A total of the person's year.
    fn tally(&self, tally: usize) -> i64;
}

/// The instructions of a section.
pub(crate) fn of_section(section: &SectionCode) -> Vec<Op> {
    section
        .code
        .iter()
        .map(|instruction| of_instruction(instruction, &section.kinds))
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one line for each instruction")]
fn of_instruction(instruction: &Instruction, kinds: &[(Kind, u8)]) -> Op {
    use Instruction as I;
    let at = |register: Register| register.index();
    let plus = |register: Register| match kinds.get(register.index()) {
        Some((Kind::Code | Kind::Class, _)) => 1,
        _ => 0,
    };
    match *instruction {
        I::Money { d, amount, .. } => Op::Constant {
            d: at(d),
            value: amount,
        },
        I::Count { d, value } | I::Row { d, value } | I::Flag { d, value } => Op::Constant { d: at(d), value },
        I::Date { d, day } => Op::Constant { d: at(d), value: day },
        I::Input { d, input } => Op::Input {
            d: at(d),
            input: input.index(),
        },
        I::Day { d } => Op::Day { d: at(d) },
        I::Class { d } => Op::Class { d: at(d) },
        I::Holds { d, mask } => Op::Holds { d: at(d), mask },
        I::Regime { d, dates } => Op::Regime {
            d: at(d),
            dates: dates.index(),
        },
        I::Add { d, a, b } => Op::Add {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Sub { d, a, b } => Op::Sub {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        // The scale is raised with the number, so the number is only multiplied.
        I::Multiply { d, a, numerator, .. } => Op::Multiply {
            d: at(d),
            a: at(a),
            by: numerator,
        },
        I::Times { d, a, count, .. } => Op::Times {
            d: at(d),
            a: at(a),
            b: at(count),
        },
        I::Rescale { d, a, power } => Op::Multiply {
            d: at(d),
            a: at(a),
            by: 10_i64.saturating_pow(u32::try_from(power).unwrap_or(0)),
        },
        I::Min { d, a, b } => Op::Min {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Max { d, a, b } => Op::Max {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::AboveZero { d, a } => Op::AboveZero { d: at(d), a: at(a) },
        I::Shift { d, a, days } => Op::Shift {
            d: at(d),
            a: at(a),
            days,
        },
        I::Lt { d, a, b } => Op::Less {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Le { d, a, b } => Op::LessEqual {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Eq { d, a, b } => Op::Equal {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Ne { d, a, b } => Op::NotEqual {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::And { d, a, b } => Op::And {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Or { d, a, b } => Op::Or {
            d: at(d),
            a: at(a),
            b: at(b),
        },
        I::Not { d, a } => Op::Not { d: at(d), a: at(a) },
        I::InSet { d, a, set } => Op::InSet {
            d: at(d),
            a: at(a),
            set: set.index(),
        },
        I::Listed { d, a, day, list } => Op::Listed {
            d: at(d),
            a: at(a),
            day: at(day),
            list: list.index(),
        },
        I::Choose { d, flag, a, b } => Op::Choose {
            d: at(d),
            flag: at(flag),
            a: at(a),
            b: at(b),
        },
        I::Radix { d, a, n, b } => Op::Radix {
            d: at(d),
            a: at(a),
            a_plus: plus(a),
            n,
            b: at(b),
            b_plus: plus(b),
        },
        I::Lookup { d, a, table } => Op::Lookup {
            d: at(d),
            a: at(a),
            plus: plus(a),
            table: table.index(),
        },
        I::Settle {
            d,
            base,
            row,
            uncovered,
            benefit,
        } => Op::Settle {
            d: at(d),
            base: at(base),
            row: at(row),
            uncovered: at(uncovered),
            benefit: benefit.index(),
        },
        I::Offer {
            base,
            row,
            uncovered,
            benefit,
        } => Op::Offer {
            base: at(base),
            row: at(row),
            uncovered: at(uncovered),
            benefit: benefit.index(),
        },
        I::Take { d, benefit } => Op::Take {
            d: at(d),
            benefit: benefit.index(),
        },
        I::Defer { base, row, benefit } => Op::Defer {
            base: at(base),
            row: at(row),
            benefit: benefit.index(),
        },
        I::CapByYear {
            d,
            a,
            b,
            row,
            benefit,
            slot,
        } => Op::CapByYear {
            d: at(d),
            a: at(a),
            b: at(b),
            row: at(row),
            benefit: benefit.index(),
            slot: small(slot),
        },
        I::Part { base, benefit, part } => Op::Part {
            base: at(base),
            benefit: benefit.index(),
            part: small(part),
        },
        I::SettleParts {
            d,
            row,
            uncovered,
            benefit,
        } => Op::SettleParts {
            d: at(d),
            row: at(row),
            uncovered: at(uncovered),
            benefit: benefit.index(),
        },
        I::PartPaid { d, benefit, part } => Op::PartPaid {
            d: at(d),
            benefit: benefit.index(),
            part: small(part),
        },
        I::Tally { a, tally } => Op::Tally {
            a: at(a),
            tally: tally.index(),
        },
        I::YearTally { d, tally } => Op::YearTally {
            d: at(d),
            tally: tally.index(),
        },
        I::Close {
            d,
            row,
            left,
            uncovered,
            benefit,
        } => {
            let (left, uncovered) = (at(left), at(uncovered));
            Op::Close {
                d: at(d),
                row: at(row),
                left,
                uncovered,
                benefit: benefit.index(),
            }
        }
        I::Round { d, a, mode, unit } => Op::Round {
            d: at(d),
            a: at(a),
            fen: 10_i64.saturating_pow(kinds.get(a.index()).map_or(0, |(_, scale)| u32::from(*scale))),
            mode: match mode {
                0 => RoundingMode::HalfUp,
                1 => RoundingMode::HalfEven,
                _ => RoundingMode::Truncate,
            },
            unit,
        },
    }
}

/// A number that the verifier bounded.
fn small(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Op {
    /// The register that it defines.
    pub(crate) const fn defines(&self) -> Option<usize> {
        match *self {
            Self::Constant { d, .. }
            | Self::Input { d, .. }
            | Self::Day { d }
            | Self::Class { d }
            | Self::Holds { d, .. }
            | Self::Regime { d, .. }
            | Self::Add { d, .. }
            | Self::Sub { d, .. }
            | Self::Multiply { d, .. }
            | Self::Times { d, .. }
            | Self::Min { d, .. }
            | Self::Max { d, .. }
            | Self::AboveZero { d, .. }
            | Self::Shift { d, .. }
            | Self::Less { d, .. }
            | Self::LessEqual { d, .. }
            | Self::Equal { d, .. }
            | Self::NotEqual { d, .. }
            | Self::And { d, .. }
            | Self::Or { d, .. }
            | Self::Not { d, .. }
            | Self::InSet { d, .. }
            | Self::Listed { d, .. }
            | Self::Choose { d, .. }
            | Self::Radix { d, .. }
            | Self::Lookup { d, .. }
            | Self::Settle { d, .. }
            | Self::Take { d, .. }
            | Self::CapByYear { d, .. }
            | Self::SettleParts { d, .. }
            | Self::PartPaid { d, .. }
            | Self::YearTally { d, .. }
            | Self::Close { d, .. }
            | Self::Round { d, .. } => Some(d),
            Self::Defer { .. } | Self::Offer { .. } | Self::Tally { .. } | Self::Part { .. } => None,
        }
    }

    /// The registers that it reads; the rest are the first again.
    pub(crate) const fn reads(&self) -> ([usize; 3], usize) {
        match *self {
            Self::Constant { .. }
            | Self::Input { .. }
            | Self::Day { .. }
            | Self::Class { .. }
            | Self::Holds { .. }
            | Self::Regime { .. }
            | Self::Take { .. }
            | Self::PartPaid { .. }
            | Self::YearTally { .. } => ([0; 3], 0),
            Self::Part { base, .. } => ([base; 3], 1),
            Self::SettleParts { row, uncovered, .. } => ([row, uncovered, row], 2),
            Self::CapByYear { a, b, row, .. } => ([a, b, row], 3),
            Self::Multiply { a, .. }
            | Self::AboveZero { a, .. }
            | Self::Shift { a, .. }
            | Self::Not { a, .. }
            | Self::InSet { a, .. }
            | Self::Lookup { a, .. }
            | Self::Tally { a, .. }
            | Self::Round { a, .. } => ([a; 3], 1),
            Self::Listed { a, day, .. } => ([a, day, a], 2),
            Self::Add { a, b, .. }
            | Self::Sub { a, b, .. }
            | Self::Times { a, b, .. }
            | Self::Min { a, b, .. }
            | Self::Max { a, b, .. }
            | Self::Less { a, b, .. }
            | Self::LessEqual { a, b, .. }
            | Self::Equal { a, b, .. }
            | Self::NotEqual { a, b, .. }
            | Self::And { a, b, .. }
            | Self::Or { a, b, .. }
            | Self::Radix { a, b, .. } => ([a, b, a], 2),
            Self::Defer { base, row, .. } => ([base, row, base], 2),
            Self::Close {
                row, left, uncovered, ..
            } => ([row, left, uncovered], 3),
            Self::Choose { flag, a, b, .. } => ([flag, a, b], 3),
            Self::Settle {
                base, row, uncovered, ..
            }
            | Self::Offer {
                base, row, uncovered, ..
            } => ([base, row, uncovered], 3),
        }
    }
}

/// Lists of a program that instructions look into.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    pub(crate) tables: Vec<Vec<i64>>,
    pub(crate) sets: Vec<Vec<i64>>,
    pub(crate) dates: Vec<Vec<i32>>,
    pub(crate) lists: Vec<CodeList>,
}

/// When codes are on a list: those of code c are `periods[offsets[c]..offsets[c + 1]]`.
#[derive(Clone, Debug)]
pub(crate) struct CodeList {
    offsets: Vec<usize>,
    periods: Vec<(i64, i64)>,
}

impl CodeList {
    /// From entries that rise by code.
    fn new(entries: &[ListedCode]) -> Self {
        let open = |day: Option<i32>, end: i64| day.map_or(end, i64::from);
        let codes = entries.last().map_or(0, |last| last.code.saturating_add(1));
        let offsets = (0..=codes).map(|code| entries.partition_point(|entry| entry.code < code));
        Self {
            offsets: offsets.collect(),
            periods: entries
                .iter()
                .map(|entry| (open(entry.start, i64::MIN), open(entry.end, i64::MAX)))
                .collect(),
        }
    }

    /// Whether a code is listed on a day.
    fn has(&self, code: i64, day: i64) -> bool {
        let place = |code: Option<i64>| usize::try_from(code?).ok().and_then(|at| self.offsets.get(at).copied());
        match (place(Some(code)), place(code.checked_add(1))) {
            (Some(first), Some(end)) => {
                let mut periods = self.periods.get(first..end).unwrap_or(&[]).iter();
                periods.any(|(start, end)| (*start..=*end).contains(&day))
            }
            _ => false,
        }
    }
}

impl Lists {
    pub(crate) fn new(program: &Program) -> Self {
        Self {
            tables: program.tables().iter().map(|table| table.values.clone()).collect(),
            sets: program.sets().to_vec(),
            dates: program.dates().to_vec(),
            lists: program.lists().iter().map(|list| CodeList::new(&list.rows)).collect(),
        }
    }

    /// How many days of a list are not after `day`.
    pub(crate) fn regime(&self, dates: usize, day: i32) -> i64 {
        let passed = self
            .dates
            .get(dates)
            .map_or(0, |dates| dates.partition_point(|from| *from <= day));
        i64::try_from(passed).unwrap_or(i64::MAX)
    }

    /// An entry of a table. The verifier bounds the index, [`crate::batch`] the inputs that it comes from.
    pub(crate) fn entry(&self, table: usize, index: i64) -> i64 {
        let values = self.tables.get(table);
        usize::try_from(index)
            .ok()
            .and_then(|index| values?.get(index).copied())
            .unwrap_or(0)
    }

    /// Whether a set has a value.
    pub(crate) fn has(&self, set: usize, value: i64) -> bool {
        self.sets.get(set).is_some_and(|set| set.binary_search(&value).is_ok())
    }
}

/// The value of a stateless instruction; `None` is an overflow. The instructions with state give 0.
#[inline]
pub(crate) fn value(op: &Op, registers: &[i64], lists: &Lists, scene: &impl Scene) -> Option<i64> {
    // INVARIANT: the verifier saw every register defined before it is read.
    let get = |register: usize| registers.get(register).copied().unwrap_or(0);
    Some(match *op {
        Op::Constant { value, .. } => value,
        Op::Input { input, .. } => scene.input(input),
        Op::Day { .. } => i64::from(scene.day()),
        Op::Class { .. } => scene.class(),
        Op::Holds { mask, .. } => i64::from(scene.held() & mask != 0),
        Op::Regime { dates, .. } => lists.regime(dates, scene.day()),
        Op::Add { a, b, .. } => get(a).checked_add(get(b))?,
        Op::Sub { a, b, .. } => get(a).checked_sub(get(b))?,
        Op::Multiply { a, by, .. } => get(a).checked_mul(by)?,
        Op::Times { a, b, .. } => get(a).checked_mul(get(b))?,
        Op::Min { a, b, .. } => get(a).min(get(b)),
        Op::Max { a, b, .. } => get(a).max(get(b)),
        Op::AboveZero { a, .. } => get(a).max(0),
        Op::Shift { a, days, .. } => get(a)
            .checked_add(days)
            .filter(|day| (i64::from(*DAYS.start())..=i64::from(*DAYS.end())).contains(day))?,
        Op::Less { a, b, .. } => i64::from(get(a) < get(b)),
        Op::LessEqual { a, b, .. } => i64::from(get(a) <= get(b)),
        Op::Equal { a, b, .. } => i64::from(get(a) == get(b)),
        Op::NotEqual { a, b, .. } => i64::from(get(a) != get(b)),
        Op::And { a, b, .. } => get(a) & get(b),
        Op::Or { a, b, .. } => get(a) | get(b),
        Op::Not { a, .. } => get(a) ^ 1,
        Op::InSet { a, set, .. } => i64::from(lists.has(set, get(a))),
        Op::Listed { a, day, list, .. } => {
            let list = lists.lists.get(list);
            i64::from(list.is_some_and(|list| list.has(get(a), get(day))))
        }
        Op::Choose { flag, a, b, .. } => {
            if get(flag) != 0 {
                get(a)
            } else {
                get(b)
            }
        }
        Op::Radix {
            a,
            a_plus,
            n,
            b,
            b_plus,
            ..
        } => get(a)
            .checked_add(a_plus)?
            .checked_mul(n)?
            .checked_add(get(b))?
            .checked_add(b_plus)?,
        Op::Lookup { a, plus, table, .. } => lists.entry(table, get(a).checked_add(plus)?),
        Op::YearTally { tally, .. } => scene.tally(tally),
        Op::Round { a, fen, mode, unit, .. } => rule::round(get(a), fen, mode, unit)?,
        Op::Settle { .. }
        | Op::Defer { .. }
        | Op::Offer { .. }
        | Op::Take { .. }
        | Op::CapByYear { .. }
        | Op::Part { .. }
        | Op::SettleParts { .. }
        | Op::PartPaid { .. }
        | Op::Tally { .. }
        | Op::Close { .. } => 0,
    })
}
