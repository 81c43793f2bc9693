//! Instructions of the program file come in; the ones that the machine runs go out.

use jiugao_program::isa::{Instruction, Kind, Register};
use jiugao_program::{RoundingMode, SectionCode};

use super::Op;

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
