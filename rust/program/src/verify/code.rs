//! The instructions of one section: words, operands, kinds, scales and bounds of registers.

use super::{Scope, cap};
use crate::error::code as codes;
use crate::isa::{self, Accept, Instruction, Kind, Outcome, Section};
use crate::program::{DebugEntry, Input, InputTable, SectionCode};
use crate::{ProgramError, caps};

/// What is known of a register: kind, money scale, and for index kinds how many values it can take.
#[derive(Clone, Copy)]
struct Known {
    kind: Kind,
    scale: u8,
    bound: usize,
}

/// Check a section and decode it.
pub(super) fn section(
    scope: &Scope<'_>,
    section: Section,
    name: &str,
    registers: usize,
    words: &[Vec<i64>],
    debug: Vec<DebugEntry>,
) -> Result<SectionCode, ProgramError> {
    cap(words.len(), caps::INSTRUCTIONS, &format!("{name}.code"))?;
    if debug.len() != words.len() {
        let cause = format!("not a debug line for each instruction of {name}");
        return Err(ProgramError::new(codes::SHAPE, "debug", cause));
    }
    let mut checker = Checker {
        scope,
        section,
        known: Vec::with_capacity(words.len()),
    };
    let mut code = Vec::with_capacity(words.len());
    for (n, words) in words.iter().enumerate() {
        let place = || format!("{name}.code[{n}]");
        let instruction = Instruction::decode(words)
            .map_err(|error| ProgramError::new(codes::INSTRUCTION, place(), error.to_string()))?;
        checker
            .instruction(words, &instruction)
            .map_err(|fault| fault.at(place()))?;
        code.push(instruction);
    }
    if checker.known.len() != registers {
        let cause = format!("{} registers are defined, not {registers}", checker.known.len());
        return Err(ProgramError::new(codes::REGISTER, format!("{name}.registers"), cause));
    }
    let kinds = checker.known.iter().map(|known| (known.kind, known.scale)).collect();
    Ok(SectionCode {
        registers,
        code,
        kinds,
        debug,
    })
}

/// A code and a cause; the place is known further out.
struct Fault(&'static str, String);

impl Fault {
    fn at(self, place: String) -> ProgramError {
        ProgramError::new(self.0, place, self.1)
    }
}

fn fault<T>(code: &'static str, cause: impl Into<String>) -> Result<T, Fault> {
    Err(Fault(code, cause.into()))
}

struct Checker<'a> {
    scope: &'a Scope<'a>,
    section: Section,
    known: Vec<Known>,
}

impl Checker<'_> {
    /// Check one instruction and note the register that it defines.
    fn instruction(&mut self, words: &[i64], instruction: &Instruction) -> Result<(), Fault> {
        let Some((spec, operands)) = words
            .split_first()
            .and_then(|(opcode, rest)| Some((isa::spec(*opcode)?, rest)))
        else {
            return fault(codes::INSTRUCTION, "unknown opcode");
        };
        if !spec.sections.contains(&self.section) {
            return fault(
                codes::INSTRUCTION,
                format!("{} may not stand in this section", spec.name),
            );
        }
        for (operand, word) in spec.operands.iter().zip(operands) {
            self.operand(operand, *word, operands)?;
        }
        self.rules_of_one(instruction)?;
        let defined = match spec.outcome {
            Outcome::Nothing => return Ok(()),
            Outcome::Kind(kind) => (kind, 0),
            Outcome::Money(scale) => (Kind::Money, scale),
            Outcome::MoneyAt(at) => (Kind::Money, self.scale_word(operands, at)?),
            Outcome::Like(at) => {
                let like = self.named(operands, at)?;
                (like.kind, like.scale)
            }
            Outcome::Finer(at, added) => {
                let like = self.named(operands, at)?;
                let added = self.scale_word(operands, added)?;
                match like.scale.checked_add(added) {
                    Some(scale) if scale <= caps::SCALE => (like.kind, scale),
                    _ => return fault(codes::REGISTER, "money finer than scale 6"),
                }
            }
            Outcome::Of(at) => self.outcome_of(spec, operands, at)?,
        };
        let bound = self.bound(instruction, defined.0)?;
        self.known.push(Known {
            kind: defined.0,
            scale: defined.1,
            bound,
        });
        Ok(())
    }

    fn operand(&self, operand: &isa::Operand, word: i64, words: &[i64]) -> Result<(), Fault> {
        let scope = self.scope;
        let listed = |length: usize| {
            if usize::try_from(word).is_ok_and(|index| index < length) {
                return Ok(());
            }
            fault(
                codes::RANGE,
                format!("{} {word} is not in its list of {length}", operand.name),
            )
        };
        match operand.accept {
            Accept::Result => {
                if usize::try_from(word).is_ok_and(|index| index == self.known.len()) {
                    return Ok(());
                }
                fault(codes::REGISTER, format!("defines register {word}, not the next one"))
            }
            Accept::Kinds(kinds) => {
                if kinds.contains(&self.register(word)?.kind) {
                    return Ok(());
                }
                fault(codes::REGISTER, format!("{} is of another kind", operand.name))
            }
            Accept::Like(at) => {
                let (this, like) = (self.register(word)?, self.named(words, at)?);
                if this.kind == like.kind && this.scale == like.scale {
                    return Ok(());
                }
                fault(codes::REGISTER, format!("{} differs in kind or scale", operand.name))
            }
            Accept::Fen => self.money(word, 0, operand.name),
            Accept::BaseOf(at) => {
                let benefit = words.get(at).and_then(|word| usize::try_from(*word).ok());
                match benefit.and_then(|benefit| scope.benefits.get(benefit)) {
                    Some(benefit) => self.money(word, benefit.base_scale, operand.name),
                    None => fault(codes::RANGE, "no such benefit"),
                }
            }
            Accept::Number(low, high) => {
                if (low..=high).contains(&word) {
                    return Ok(());
                }
                fault(
                    codes::INSTRUCTION,
                    format!("{} is not from {low} to {high}", operand.name),
                )
            }
            Accept::Input => listed(scope.inputs.len()),
            Accept::Table => listed(scope.tables.len()),
            Accept::Set => listed(scope.sets),
            Accept::Dates => listed(scope.dates.len()),
            Accept::List => listed(scope.lists),
            Accept::Benefit => listed(scope.benefits.len()),
            Accept::Tally => listed(scope.tallies.len()),
        }
    }

    /// What the table of instructions cannot say.
    fn rules_of_one(&self, instruction: &Instruction) -> Result<(), Fault> {
        let scope = self.scope;
        match instruction {
            Instruction::Holds { mask, .. } => {
                let all = super::lists::all_identities(scope.identities);
                if mask & !all == 0 {
                    Ok(())
                } else {
                    fault(codes::RANGE, "an identity that is not there")
                }
            }
            Instruction::Date { day, .. } => {
                if i32::try_from(*day).is_ok_and(|day| caps::DAYS.contains(&day)) {
                    return Ok(());
                }
                fault(codes::RANGE, "no day of the years 1 to 9999")
            }
            Instruction::Row { value, .. } => match usize::try_from(*value) {
                Ok(value) if value < caps::TABLE_VALUES => Ok(()),
                _ => fault(codes::RANGE, "a row above 65535"),
            },
            Instruction::Round { unit, .. } if *unit != 1 && *unit != 100 => {
                fault(codes::INSTRUCTION, "rounds to neither fen nor yuan")
            }
            Instruction::Input { input, .. } => match scope.inputs.get(input.index()) {
                Some(input) if (input.table == InputTable::Enrolment) == (self.section == Section::Enrolment) => Ok(()),
                _ => fault(codes::INSTRUCTION, "an input of another table"),
            },
            Instruction::Settle { row, benefit, .. }
            | Instruction::SettleParts { row, benefit, .. }
            | Instruction::CapByYear { row, benefit, .. }
            | Instruction::Defer { row, benefit, .. }
            | Instruction::Close { row, benefit, .. } => {
                let rows = scope
                    .benefits
                    .get(benefit.index())
                    .map_or(0, |benefit| benefit.figures.len());
                if self.register(i64::from(row.0))?.bound <= rows.saturating_add(1) {
                    return Ok(());
                }
                fault(codes::REGISTER, "a row that the benefit may not have")
            }
            Instruction::Part { benefit, part, .. } | Instruction::PartPaid { benefit, part, .. } => {
                let parts = scope
                    .benefits
                    .get(benefit.index())
                    .map_or(0, |benefit| benefit.parts.len());
                if usize::try_from(*part).is_ok_and(|part| part < parts) {
                    return Ok(());
                }
                fault(codes::RANGE, "a part that the benefit has not")
            }
            Instruction::Tally { a, tally } => {
                let scale = scope.tallies.get(tally.index()).copied().unwrap_or(0);
                self.money(i64::from(a.0), scale, "a")
            }
            Instruction::Lookup { a, table, .. } => {
                let length = scope.tables.get(table.index()).map_or(0, |table| table.values.len());
                if self.register(i64::from(a.0))?.bound <= length {
                    return Ok(());
                }
                fault(codes::REGISTER, "the table is shorter than what it is asked for")
            }
            _ => Ok(()),
        }
    }

    /// How many values the new register can take as an index; 0 for kinds that are none.
    fn bound(&self, instruction: &Instruction, kind: Kind) -> Result<usize, Fault> {
        let of = |register: &isa::Register| self.register(i64::from(register.0)).map(|known| known.bound);
        let scope = self.scope;
        Ok(match (instruction, kind) {
            (Instruction::Row { value, .. }, _) => usize::try_from(*value).unwrap_or(usize::MAX).saturating_add(1),
            (Instruction::Regime { dates, .. }, _) => scope
                .dates
                .get(dates.index())
                .map_or(1, |dates| dates.len().saturating_add(1)),
            (Instruction::Radix { a, n, b, .. }, _) => {
                let (a, b, n) = (of(a)?, of(b)?, usize::try_from(*n).unwrap_or(0));
                match a.checked_mul(n) {
                    Some(bound) if b <= n && bound <= caps::TABLE_VALUES => bound,
                    _ => return fault(codes::REGISTER, "the rows of a and b do not fit"),
                }
            }
            (Instruction::Choose { a, b, .. }, Kind::Row) => of(a)?.max(of(b)?),
            (Instruction::Lookup { table, .. }, Kind::Row) => scope
                .tables
                .get(table.index())
                .and_then(|table| table.values.iter().max())
                .and_then(|most| usize::try_from(*most).ok())
                .map_or(1, |most| most.saturating_add(1)),
            (_, Kind::Flag) => 2,
            (_, Kind::Class) => scope.classes.saturating_add(1),
            (Instruction::Input { input, .. }, Kind::Code) => scope
                .inputs
                .get(input.index())
                .map_or(1, |input| input.codes.len().saturating_add(1)),
            (_, Kind::Row | Kind::Code) => {
                return fault(codes::REGISTER, "a row or code whose bound is not known");
            }
            (_, Kind::Money | Kind::Count | Kind::Day) => 0,
        })
    }

    fn outcome_of(&self, spec: &isa::Spec, operands: &[i64], at: usize) -> Result<(Kind, u8), Fault> {
        let index = operands
            .get(at)
            .and_then(|word| usize::try_from(*word).ok())
            .unwrap_or(usize::MAX);
        match spec.operands.get(at).map(|operand| operand.accept) {
            Some(Accept::Input) => match self.scope.inputs.get(index).and_then(Input::register) {
                Some(kind) => Ok((kind, 0)),
                None => fault(codes::INSTRUCTION, "a text input cannot be read"),
            },
            Some(Accept::Table) => self
                .scope
                .tables
                .get(index)
                .map(|table| (table.kind, table.scale))
                .ok_or(no_list()),
            Some(Accept::Tally) => self
                .scope
                .tallies
                .get(index)
                .map(|scale| (Kind::Money, *scale))
                .ok_or(no_list()),
            _ => Err(no_list()),
        }
    }

    fn register(&self, word: i64) -> Result<Known, Fault> {
        match usize::try_from(word).ok().and_then(|index| self.known.get(index)) {
            Some(known) => Ok(*known),
            None => fault(codes::REGISTER, format!("register {word} is not defined")),
        }
    }

    /// The register that the operand at this position names.
    fn named(&self, operands: &[i64], at: usize) -> Result<Known, Fault> {
        match operands.get(at) {
            Some(word) => self.register(*word),
            None => Err(no_list()),
        }
    }

    fn money(&self, word: i64, scale: u8, name: &str) -> Result<(), Fault> {
        let known = self.register(word)?;
        if known.kind == Kind::Money && known.scale == scale {
            return Ok(());
        }
        fault(codes::REGISTER, format!("{name} is not money of scale {scale}"))
    }

    fn scale_word(&self, operands: &[i64], at: usize) -> Result<u8, Fault> {
        match operands.get(at).and_then(|word| u8::try_from(*word).ok()) {
            Some(scale) if scale <= caps::SCALE => Ok(scale),
            _ => fault(codes::INSTRUCTION, "a scale above 6"),
        }
    }
}

fn no_list() -> Fault {
    Fault(codes::RANGE, "names nothing".into())
}
