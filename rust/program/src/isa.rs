//! The instruction set. Written by `generate.py` from isa.toml; change those.
//!
//! One instruction is an opcode and its operands as `i64` words. `Instruction::decode` gives the words types;
//! `spec` tells the verifier what every word must be, so that a new instruction is one row of isa.toml.

// Fields and variants are named and explained by the rows of isa.toml.
#![allow(missing_docs)]

use core::fmt;

/// Where in a program an instruction may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Claim,
    Year,
    Watch,
    Enrolment,
}

/// What a register holds; money has a scale beside it (fen × 10^scale).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Money,
    Flag,
    Count,
    Day,
    Code,
    Class,
    Row,
}

/// What the verifier takes for one operand. Numbers name other operands by position after the opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// The register that receives the result: the next one of the section.
    Result,
    /// A register of one of these kinds.
    Kinds(&'static [Kind]),
    /// A register of the kind (and scale) of that operand.
    Like(usize),
    /// A register of money at scale 0.
    Fen,
    /// A register of money at the base scale of the benefit that operand names.
    BaseOf(usize),
    /// A number from the first to the second, both included.
    Number(i64, i64),
    Input,
    Table,
    Set,
    Dates,
    List,
    Benefit,
    Tally,
}

/// How the result gets its kind. Numbers name operands by position after the opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is no result.
    Nothing,
    Kind(Kind),
    /// Money of this scale.
    Money(u8),
    /// Money of the scale that the operand gives.
    MoneyAt(usize),
    /// The kind and scale of the operand's register.
    Like(usize),
    /// The first operand's kind, its scale raised by the second operand.
    Finer(usize, usize),
    /// What the input, table or tally holds that the operand names.
    Of(usize),
}

/// One operand of a specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    pub name: &'static str,
    pub accept: Accept,
}

/// What an instruction's words must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    pub name: &'static str,
    pub opcode: i64,
    pub sections: &'static [Section],
    pub operands: &'static [Operand],
    pub outcome: Outcome,
}

/// Why words are no instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordError {
    /// No words at all.
    Empty,
    /// No instruction has this opcode.
    UnknownOpcode(i64),
    /// The instruction takes another number of operands.
    OperandCount {
        name: &'static str,
        expected: usize,
        found: usize,
    },
    /// An index below zero or above 2^32 - 1.
    IndexRange(i64),
}

impl fmt::Display for WordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "empty instruction"),
            Self::UnknownOpcode(opcode) => write!(f, "unknown opcode {opcode}"),
            Self::OperandCount { name, expected, found } => {
                write!(f, "{name} takes {expected} operands, not {found}")
            }
            Self::IndexRange(word) => write!(f, "index {word} is out of range"),
        }
    }
}

impl std::error::Error for WordError {}

macro_rules! index {
    ($name:ident, $words:literal) => {
        #[doc = $words]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The index that a word of an instruction gives.
            pub fn from_word(word: &i64) -> Result<Self, WordError> {
                u32::try_from(*word)
                    .map(Self)
                    .map_err(|_| WordError::IndexRange(*word))
            }

            /// The index for a slice.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(Register, "a register of the section");
index!(Input, "a position in the program's inputs");
index!(Table, "a position in the program's tables");
index!(Set, "a position in the program's sets");
index!(Dates, "a position in the program's lists of days");
index!(List, "a position in the program's lists");
index!(Benefit, "a position in the program's benefits");
index!(Tally, "a position in the program's tallies");

/// One decoded instruction; registers are written once, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// a constant amount.
    Money { d: Register, amount: i64, scale: i64 },
    /// a constant count.
    Count { d: Register, value: i64 },
    /// a constant row number; its bound is the value plus one.
    Row { d: Register, value: i64 },
    /// a constant truth value.
    Flag { d: Register, value: i64 },
    /// a constant day.
    Date { d: Register, day: i64 },
    /// this row’s value of an input: of claims and institutions in the claim section, of enrolment in the enrolment section.
    Input { d: Register, input: Input },
    /// the day by which things are judged (see “The four sections”).
    Day { d: Register },
    /// the standing class on that day; -1 for none.
    Class { d: Register },
    /// whether the person holds any of these identities on that day.
    Holds { d: Register, mask: i64 },
    /// how many days of the list are not after that day; its bound is the length of the list plus one.
    Regime { d: Register, dates: Dates },
    /// a + b.
    Add { d: Register, a: Register, b: Register },
    /// a − b.
    Sub { d: Register, a: Register, b: Register },
    /// a × numerator, the scale raised by scale_added (70 % is 7 and 1).
    Multiply {
        d: Register,
        a: Register,
        numerator: i64,
        scale_added: i64,
    },
    /// a × count, the scale raised by scale_added (a dated rate is multiplied this way too).
    Times {
        d: Register,
        a: Register,
        count: Register,
        scale_added: i64,
    },
    /// a × 10^power: the same amount at a finer scale.
    Rescale { d: Register, a: Register, power: i64 },
    /// the smaller of a and b.
    Min { d: Register, a: Register, b: Register },
    /// the larger of a and b.
    Max { d: Register, a: Register, b: Register },
    /// a, or 0 where a is below 0.
    AboveZero { d: Register, a: Register },
    /// the day so many days after a (before it, where below 0).
    Shift { d: Register, a: Register, days: i64 },
    /// a < b.
    Lt { d: Register, a: Register, b: Register },
    /// a ≤ b.
    Le { d: Register, a: Register, b: Register },
    /// a = b.
    Eq { d: Register, a: Register, b: Register },
    /// a ≠ b.
    Ne { d: Register, a: Register, b: Register },
    /// a and b.
    And { d: Register, a: Register, b: Register },
    /// a or b.
    Or { d: Register, a: Register, b: Register },
    /// not a.
    Not { d: Register, a: Register },
    /// whether the code or class a is in the set (-1 is in no set).
    InSet { d: Register, a: Register, set: Set },
    /// whether the code a is on the list on that day (-1 is on no list).
    Listed {
        d: Register,
        a: Register,
        day: Register,
        list: List,
    },
    /// a where flag holds, else b; of rows the larger bound.
    Choose {
        d: Register,
        flag: Register,
        a: Register,
        b: Register,
    },
    /// a × n + b (codes and classes count from -1, so one is added first); the bound of b is at most n, that of the result is the bound of a times n, at most 65536.
    Radix {
        d: Register,
        a: Register,
        n: i64,
        b: Register,
    },
    /// entry a of the table (for a code or class, entry a + 1); the bound of a is at most the table’s length; of a table of rows the bound is its greatest value plus one.
    Lookup { d: Register, a: Register, table: Table },
    /// settle a benefit on this claim by the figures of that row; the result is the payment (see “Settling”).
    Settle {
        d: Register,
        base: Register,
        row: Register,
        uncovered: Register,
        benefit: Benefit,
    },
    /// a benefit settled at year end: the claim only adds its base.
    Defer {
        base: Register,
        row: Register,
        benefit: Benefit,
    },
    /// an alternative of a choice: its base, row of figures and what the bill has left (see “Choosing”).
    Offer {
        base: Register,
        row: Register,
        uncovered: Register,
        benefit: Benefit,
    },
    /// what an alternative pays once the choice is made; 0 where another was chosen.
    Take { d: Register, benefit: Benefit },
    /// add a to the total of the person’s year.
    Tally { a: Register, tally: Tally },
    /// by how much this claim raises the lesser of the year’s totals of a and of b; where row is 0 nothing is added and the result is 0 (see “Parts”).
    CapByYear {
        d: Register,
        a: Register,
        b: Register,
        row: Register,
        benefit: Benefit,
        slot: i64,
    },
    /// a benefit in parts: the base of one part.
    Part {
        base: Register,
        benefit: Benefit,
        part: i64,
    },
    /// settle a benefit in parts by the figures of that row; the result is the sum of what the parts are paid (see “Parts”).
    SettleParts {
        d: Register,
        row: Register,
        uncovered: Register,
        benefit: Benefit,
    },
    /// what one part is paid on this claim.
    PartPaid { d: Register, benefit: Benefit, part: i64 },
    /// the total of the person’s year.
    YearTally { d: Register, tally: Tally },
    /// the year-end amount of a benefit by the figures of that row (see “Closing a year”).
    Close {
        d: Register,
        row: Register,
        left: Register,
        uncovered: Register,
        benefit: Benefit,
    },
    /// a rounded to unit fen.
    Round {
        d: Register,
        a: Register,
        mode: i64,
        unit: i64,
    },
}

impl Instruction {
    /// The instruction that these words spell.
    pub fn decode(words: &[i64]) -> Result<Self, WordError> {
        match words {
            [1, d, amount, scale] => Ok(Self::Money {
                d: Register::from_word(d)?,
                amount: *amount,
                scale: *scale,
            }),
            [2, d, value] => Ok(Self::Count {
                d: Register::from_word(d)?,
                value: *value,
            }),
            [3, d, value] => Ok(Self::Row {
                d: Register::from_word(d)?,
                value: *value,
            }),
            [4, d, value] => Ok(Self::Flag {
                d: Register::from_word(d)?,
                value: *value,
            }),
            [5, d, day] => Ok(Self::Date {
                d: Register::from_word(d)?,
                day: *day,
            }),
            [10, d, input] => Ok(Self::Input {
                d: Register::from_word(d)?,
                input: Input::from_word(input)?,
            }),
            [11, d] => Ok(Self::Day {
                d: Register::from_word(d)?,
            }),
            [12, d] => Ok(Self::Class {
                d: Register::from_word(d)?,
            }),
            [13, d, mask] => Ok(Self::Holds {
                d: Register::from_word(d)?,
                mask: *mask,
            }),
            [14, d, dates] => Ok(Self::Regime {
                d: Register::from_word(d)?,
                dates: Dates::from_word(dates)?,
            }),
            [20, d, a, b] => Ok(Self::Add {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [21, d, a, b] => Ok(Self::Sub {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [22, d, a, numerator, scale_added] => Ok(Self::Multiply {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                numerator: *numerator,
                scale_added: *scale_added,
            }),
            [23, d, a, count, scale_added] => Ok(Self::Times {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                count: Register::from_word(count)?,
                scale_added: *scale_added,
            }),
            [24, d, a, power] => Ok(Self::Rescale {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                power: *power,
            }),
            [25, d, a, b] => Ok(Self::Min {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [26, d, a, b] => Ok(Self::Max {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [27, d, a] => Ok(Self::AboveZero {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
            }),
            [28, d, a, days] => Ok(Self::Shift {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                days: *days,
            }),
            [30, d, a, b] => Ok(Self::Lt {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [31, d, a, b] => Ok(Self::Le {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [32, d, a, b] => Ok(Self::Eq {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [33, d, a, b] => Ok(Self::Ne {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [40, d, a, b] => Ok(Self::And {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [41, d, a, b] => Ok(Self::Or {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [42, d, a] => Ok(Self::Not {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
            }),
            [43, d, a, set] => Ok(Self::InSet {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                set: Set::from_word(set)?,
            }),
            [45, d, a, day, list] => Ok(Self::Listed {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                day: Register::from_word(day)?,
                list: List::from_word(list)?,
            }),
            [44, d, flag, a, b] => Ok(Self::Choose {
                d: Register::from_word(d)?,
                flag: Register::from_word(flag)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
            }),
            [50, d, a, n, b] => Ok(Self::Radix {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                n: *n,
                b: Register::from_word(b)?,
            }),
            [51, d, a, table] => Ok(Self::Lookup {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                table: Table::from_word(table)?,
            }),
            [60, d, base, row, uncovered, benefit] => Ok(Self::Settle {
                d: Register::from_word(d)?,
                base: Register::from_word(base)?,
                row: Register::from_word(row)?,
                uncovered: Register::from_word(uncovered)?,
                benefit: Benefit::from_word(benefit)?,
            }),
            [61, base, row, benefit] => Ok(Self::Defer {
                base: Register::from_word(base)?,
                row: Register::from_word(row)?,
                benefit: Benefit::from_word(benefit)?,
            }),
            [63, base, row, uncovered, benefit] => Ok(Self::Offer {
                base: Register::from_word(base)?,
                row: Register::from_word(row)?,
                uncovered: Register::from_word(uncovered)?,
                benefit: Benefit::from_word(benefit)?,
            }),
            [64, d, benefit] => Ok(Self::Take {
                d: Register::from_word(d)?,
                benefit: Benefit::from_word(benefit)?,
            }),
            [62, a, tally] => Ok(Self::Tally {
                a: Register::from_word(a)?,
                tally: Tally::from_word(tally)?,
            }),
            [66, d, a, b, row, benefit, slot] => Ok(Self::CapByYear {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                b: Register::from_word(b)?,
                row: Register::from_word(row)?,
                benefit: Benefit::from_word(benefit)?,
                slot: *slot,
            }),
            [67, base, benefit, part] => Ok(Self::Part {
                base: Register::from_word(base)?,
                benefit: Benefit::from_word(benefit)?,
                part: *part,
            }),
            [68, d, row, uncovered, benefit] => Ok(Self::SettleParts {
                d: Register::from_word(d)?,
                row: Register::from_word(row)?,
                uncovered: Register::from_word(uncovered)?,
                benefit: Benefit::from_word(benefit)?,
            }),
            [69, d, benefit, part] => Ok(Self::PartPaid {
                d: Register::from_word(d)?,
                benefit: Benefit::from_word(benefit)?,
                part: *part,
            }),
            [70, d, tally] => Ok(Self::YearTally {
                d: Register::from_word(d)?,
                tally: Tally::from_word(tally)?,
            }),
            [71, d, row, left, uncovered, benefit] => Ok(Self::Close {
                d: Register::from_word(d)?,
                row: Register::from_word(row)?,
                left: Register::from_word(left)?,
                uncovered: Register::from_word(uncovered)?,
                benefit: Benefit::from_word(benefit)?,
            }),
            [80, d, a, mode, unit] => Ok(Self::Round {
                d: Register::from_word(d)?,
                a: Register::from_word(a)?,
                mode: *mode,
                unit: *unit,
            }),
            [] => Err(WordError::Empty),
            [opcode, rest @ ..] => match spec(*opcode) {
                Some(spec) => Err(WordError::OperandCount {
                    name: spec.name,
                    expected: spec.operands.len(),
                    found: rest.len(),
                }),
                None => Err(WordError::UnknownOpcode(*opcode)),
            },
        }
    }

    /// The opcode, which names the specification.
    #[must_use]
    pub const fn opcode(&self) -> i64 {
        match self {
            Self::Money { .. } => 1,
            Self::Count { .. } => 2,
            Self::Row { .. } => 3,
            Self::Flag { .. } => 4,
            Self::Date { .. } => 5,
            Self::Input { .. } => 10,
            Self::Day { .. } => 11,
            Self::Class { .. } => 12,
            Self::Holds { .. } => 13,
            Self::Regime { .. } => 14,
            Self::Add { .. } => 20,
            Self::Sub { .. } => 21,
            Self::Multiply { .. } => 22,
            Self::Times { .. } => 23,
            Self::Rescale { .. } => 24,
            Self::Min { .. } => 25,
            Self::Max { .. } => 26,
            Self::AboveZero { .. } => 27,
            Self::Shift { .. } => 28,
            Self::Lt { .. } => 30,
            Self::Le { .. } => 31,
            Self::Eq { .. } => 32,
            Self::Ne { .. } => 33,
            Self::And { .. } => 40,
            Self::Or { .. } => 41,
            Self::Not { .. } => 42,
            Self::InSet { .. } => 43,
            Self::Listed { .. } => 45,
            Self::Choose { .. } => 44,
            Self::Radix { .. } => 50,
            Self::Lookup { .. } => 51,
            Self::Settle { .. } => 60,
            Self::Defer { .. } => 61,
            Self::Offer { .. } => 63,
            Self::Take { .. } => 64,
            Self::Tally { .. } => 62,
            Self::CapByYear { .. } => 66,
            Self::Part { .. } => 67,
            Self::SettleParts { .. } => 68,
            Self::PartPaid { .. } => 69,
            Self::YearTally { .. } => 70,
            Self::Close { .. } => 71,
            Self::Round { .. } => 80,
        }
    }
}

/// The specification of an opcode.
#[must_use]
pub fn spec(opcode: i64) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.opcode == opcode)
}

/// Every instruction, in the order of isa.toml.
pub static SPECS: [Spec; 43] = [
    Spec {
        name: "MONEY",
        opcode: 1,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "amount",
                accept: Accept::Number(i64::MIN, i64::MAX),
            },
            Operand {
                name: "scale",
                accept: Accept::Number(0, 6),
            },
        ],
        outcome: Outcome::MoneyAt(2),
    },
    Spec {
        name: "COUNT",
        opcode: 2,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "value",
                accept: Accept::Number(i64::MIN, i64::MAX),
            },
        ],
        outcome: Outcome::Kind(Kind::Count),
    },
    Spec {
        name: "ROW",
        opcode: 3,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "value",
                accept: Accept::Number(0, i64::MAX),
            },
        ],
        outcome: Outcome::Kind(Kind::Row),
    },
    Spec {
        name: "FLAG",
        opcode: 4,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "value",
                accept: Accept::Number(0, 1),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "DATE",
        opcode: 5,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "day",
                accept: Accept::Number(-2147483648, 2147483647),
            },
        ],
        outcome: Outcome::Kind(Kind::Day),
    },
    Spec {
        name: "INPUT",
        opcode: 10,
        sections: &[Section::Claim, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "input",
                accept: Accept::Input,
            },
        ],
        outcome: Outcome::Of(1),
    },
    Spec {
        name: "DAY",
        opcode: 11,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[Operand {
            name: "d",
            accept: Accept::Result,
        }],
        outcome: Outcome::Kind(Kind::Day),
    },
    Spec {
        name: "CLASS",
        opcode: 12,
        sections: &[Section::Claim, Section::Year, Section::Watch],
        operands: &[Operand {
            name: "d",
            accept: Accept::Result,
        }],
        outcome: Outcome::Kind(Kind::Class),
    },
    Spec {
        name: "HOLDS",
        opcode: 13,
        sections: &[Section::Claim, Section::Year, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "mask",
                accept: Accept::Number(1, i64::MAX),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "REGIME",
        opcode: 14,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "dates",
                accept: Accept::Dates,
            },
        ],
        outcome: Outcome::Kind(Kind::Row),
    },
    Spec {
        name: "ADD",
        opcode: 20,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "SUB",
        opcode: 21,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "MULTIPLY",
        opcode: 22,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
            Operand {
                name: "numerator",
                accept: Accept::Number(0, i64::MAX),
            },
            Operand {
                name: "scale_added",
                accept: Accept::Number(0, 6),
            },
        ],
        outcome: Outcome::Finer(1, 3),
    },
    Spec {
        name: "TIMES",
        opcode: 23,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
            Operand {
                name: "count",
                accept: Accept::Kinds(&[Kind::Count]),
            },
            Operand {
                name: "scale_added",
                accept: Accept::Number(0, 6),
            },
        ],
        outcome: Outcome::Finer(1, 3),
    },
    Spec {
        name: "RESCALE",
        opcode: 24,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
            Operand {
                name: "power",
                accept: Accept::Number(1, 6),
            },
        ],
        outcome: Outcome::Finer(1, 2),
    },
    Spec {
        name: "MIN",
        opcode: 25,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "MAX",
        opcode: 26,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "ABOVE_ZERO",
        opcode: 27,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "SHIFT",
        opcode: 28,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Day]),
            },
            Operand {
                name: "days",
                accept: Accept::Number(i64::MIN, i64::MAX),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "LT",
        opcode: 30,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "LE",
        opcode: 31,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "EQ",
        opcode: 32,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day, Kind::Flag]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "NE",
        opcode: 33,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day, Kind::Flag]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "AND",
        opcode: 40,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Flag]),
            },
            Operand {
                name: "b",
                accept: Accept::Kinds(&[Kind::Flag]),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "OR",
        opcode: 41,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Flag]),
            },
            Operand {
                name: "b",
                accept: Accept::Kinds(&[Kind::Flag]),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "NOT",
        opcode: 42,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Flag]),
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "IN_SET",
        opcode: 43,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Code, Kind::Class]),
            },
            Operand {
                name: "set",
                accept: Accept::Set,
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "LISTED",
        opcode: 45,
        sections: &[Section::Claim, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Code]),
            },
            Operand {
                name: "day",
                accept: Accept::Kinds(&[Kind::Day]),
            },
            Operand {
                name: "list",
                accept: Accept::List,
            },
        ],
        outcome: Outcome::Kind(Kind::Flag),
    },
    Spec {
        name: "CHOOSE",
        opcode: 44,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "flag",
                accept: Accept::Kinds(&[Kind::Flag]),
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money, Kind::Count, Kind::Day, Kind::Flag, Kind::Row]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(2),
            },
        ],
        outcome: Outcome::Like(2),
    },
    Spec {
        name: "RADIX",
        opcode: 50,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Row, Kind::Class, Kind::Code, Kind::Flag]),
            },
            Operand {
                name: "n",
                accept: Accept::Number(2, 65536),
            },
            Operand {
                name: "b",
                accept: Accept::Kinds(&[Kind::Row, Kind::Class, Kind::Code, Kind::Flag]),
            },
        ],
        outcome: Outcome::Kind(Kind::Row),
    },
    Spec {
        name: "LOOKUP",
        opcode: 51,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Row, Kind::Class, Kind::Code, Kind::Flag]),
            },
            Operand {
                name: "table",
                accept: Accept::Table,
            },
        ],
        outcome: Outcome::Of(2),
    },
    Spec {
        name: "SETTLE",
        opcode: 60,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "base",
                accept: Accept::BaseOf(4),
            },
            Operand {
                name: "row",
                accept: Accept::Kinds(&[Kind::Row]),
            },
            Operand {
                name: "uncovered",
                accept: Accept::Fen,
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
        ],
        outcome: Outcome::Money(0),
    },
    Spec {
        name: "DEFER",
        opcode: 61,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "base",
                accept: Accept::BaseOf(2),
            },
            Operand {
                name: "row",
                accept: Accept::Kinds(&[Kind::Row]),
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
        ],
        outcome: Outcome::Nothing,
    },
    Spec {
        name: "OFFER",
        opcode: 63,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "base",
                accept: Accept::BaseOf(3),
            },
            Operand {
                name: "row",
                accept: Accept::Kinds(&[Kind::Row]),
            },
            Operand {
                name: "uncovered",
                accept: Accept::Fen,
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
        ],
        outcome: Outcome::Nothing,
    },
    Spec {
        name: "TAKE",
        opcode: 64,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
        ],
        outcome: Outcome::Money(0),
    },
    Spec {
        name: "TALLY",
        opcode: 62,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
            Operand {
                name: "tally",
                accept: Accept::Tally,
            },
        ],
        outcome: Outcome::Nothing,
    },
    Spec {
        name: "CAP_BY_YEAR",
        opcode: 66,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
            Operand {
                name: "b",
                accept: Accept::Like(1),
            },
            Operand {
                name: "row",
                accept: Accept::Kinds(&[Kind::Row]),
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
            Operand {
                name: "slot",
                accept: Accept::Number(0, i64::MAX),
            },
        ],
        outcome: Outcome::Like(1),
    },
    Spec {
        name: "PART",
        opcode: 67,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "base",
                accept: Accept::BaseOf(1),
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
            Operand {
                name: "part",
                accept: Accept::Number(0, i64::MAX),
            },
        ],
        outcome: Outcome::Nothing,
    },
    Spec {
        name: "SETTLE_PARTS",
        opcode: 68,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "row",
                accept: Accept::Kinds(&[Kind::Row]),
            },
            Operand {
                name: "uncovered",
                accept: Accept::Fen,
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
        ],
        outcome: Outcome::Money(0),
    },
    Spec {
        name: "PART_PAID",
        opcode: 69,
        sections: &[Section::Claim],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
            Operand {
                name: "part",
                accept: Accept::Number(0, i64::MAX),
            },
        ],
        outcome: Outcome::Money(0),
    },
    Spec {
        name: "YEAR_TALLY",
        opcode: 70,
        sections: &[Section::Year, Section::Watch],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "tally",
                accept: Accept::Tally,
            },
        ],
        outcome: Outcome::Of(1),
    },
    Spec {
        name: "CLOSE",
        opcode: 71,
        sections: &[Section::Year],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "row",
                accept: Accept::Kinds(&[Kind::Row]),
            },
            Operand {
                name: "left",
                accept: Accept::Fen,
            },
            Operand {
                name: "uncovered",
                accept: Accept::Fen,
            },
            Operand {
                name: "benefit",
                accept: Accept::Benefit,
            },
        ],
        outcome: Outcome::Money(0),
    },
    Spec {
        name: "ROUND",
        opcode: 80,
        sections: &[Section::Claim, Section::Year, Section::Watch, Section::Enrolment],
        operands: &[
            Operand {
                name: "d",
                accept: Accept::Result,
            },
            Operand {
                name: "a",
                accept: Accept::Kinds(&[Kind::Money]),
            },
            Operand {
                name: "mode",
                accept: Accept::Number(0, 2),
            },
            Operand {
                name: "unit",
                accept: Accept::Number(1, 100),
            },
        ],
        outcome: Outcome::Money(0),
    },
];
