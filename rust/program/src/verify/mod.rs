//! A document comes in; a program whose every part was checked goes out, or the first thing that is wrong.
//!
//! `lists` checks what is not code, `carried` what goes on from a replaced policy, `figures` the benefits' figures, `code` the sections, `settling` that each
//! benefit is settled once and in order.

mod carried;
mod code;
mod figures;
mod lists;
mod settling;

use crate::document::Document;
use crate::error::code as codes;
use crate::isa::Section;
use crate::program::{
    DebugEntry, Measure, MeasureKind, MeasuredSection, Outputs, Program, SectionCode, WatchOut, YearSection,
};
use crate::{ProgramError, caps};

/// What the sections' instructions may name.
pub(super) struct Scope<'a> {
    pub(super) inputs: &'a [crate::Input],
    pub(super) classes: usize,
    pub(super) identities: usize,
    pub(super) benefits: &'a [crate::Benefit],
    pub(super) tables: &'a [crate::Table],
    pub(super) sets: usize,
    pub(super) dates: &'a [Vec<i32>],
    pub(super) lists: usize,
    pub(super) tallies: &'a [u8],
}

/// The verified program.
pub(super) fn program(document: Document, digest: String, body: String) -> Result<Program, ProgramError> {
    let mut document = document;
    lists::check(&document)?;
    carried::check(&document)?;
    let code_lists = lists::code_lists(std::mem::take(&mut document.lists), document.sources.len())?;
    let tables = lists::tables(std::mem::take(&mut document.tables))?;
    let benefits = figures::benefits(std::mem::take(&mut document.benefits), &document)?;
    let mut debug = debug_by_section(&mut document)?;
    let scope = Scope {
        inputs: &document.inputs,
        classes: document.classes.len(),
        identities: document.identities.len(),
        benefits: &benefits,
        tables: &tables,
        sets: document.sets.len(),
        dates: &document.dates,
        lists: code_lists.len(),
        tallies: &document.tallies,
    };
    let take = |debug: &mut Vec<(String, Vec<DebugEntry>)>, name: &str| {
        debug
            .iter_mut()
            .find(|(section, _)| section == name)
            .map(|(_, d)| std::mem::take(d))
    };
    let mut section = |kind, name: &str, registers, words: &[Vec<i64>]| {
        let entries = take(&mut debug, name).unwrap_or_default();
        code::section(&scope, kind, name, registers, words, entries)
    };
    let claim = section(Section::Claim, "claim", document.claim.registers, &document.claim.code)?;
    let mut year = Vec::with_capacity(document.year.len());
    for entry in &document.year {
        let name = format!("year:{}", entry.benefit);
        let section = section(Section::Year, &name, entry.registers, &entry.code)?;
        year.push(YearSection {
            benefit: entry.benefit,
            section,
            out: entry.out,
        });
    }
    let watch = section(Section::Watch, "watch", document.watch.registers, &document.watch.code)?;
    let enrolment = section(
        Section::Enrolment,
        "enrolment",
        document.enrolment.registers,
        &document.enrolment.code,
    )?;
    if let Some((name, _)) = debug.iter().find(|(_, entries)| !entries.is_empty()) {
        return Err(ProgramError::new(codes::SHAPE, "debug", format!("no section {name}")));
    }
    settling::choices(&benefits, &document.choices)?;
    settling::check(&benefits, &document.choices, &claim, &year)?;
    let outputs = outputs(&document, &claim, &benefits)?;
    let watch_out = watch_out(&document, &watch)?;
    enrolment_out(&document, &enrolment)?;
    let measured = measures(&document, &claim, MeasuredSection::Claim)?;
    let enrolment_measures = measures(&document, &enrolment, MeasuredSection::Enrolment)?;
    Ok(Program {
        digest,
        body,
        compiler: document.compiler,
        policy: document.policy,
        settings: document.settings,
        sources: document.sources,
        inputs: document.inputs,
        day_input: document.day_input,
        fund_columns: document.fund_columns,
        standing: document.standing,
        order_dependent: document.order_dependent,
        identities: document.identities,
        identity_codes: document.identity_codes,
        classes: document.classes,
        force: document.force,
        known_until: document.known_until,
        change_days: document.change_days,
        limits: document.limits,
        benefits,
        choices: document.choices,
        tables,
        sets: document.sets,
        dates: document.dates,
        lists: code_lists,
        tallies: document.tallies,
        claim,
        outputs,
        payees: document.payees,
        year,
        watch,
        watch_out,
        warnings: document.warnings,
        measures: measured,
        enrolment_measures,
        enrolment,
        enrolment_out: document.enrolment.out,
        subsidies: document.subsidies,
        parameters: document.parameters,
        year_begins: document.year_begins.unwrap_or_default(),
    })
}

/// The debug lines of each section, in order of instructions.
fn debug_by_section(document: &mut Document) -> Result<Vec<(String, Vec<DebugEntry>)>, ProgramError> {
    let mut sections: Vec<(String, Vec<DebugEntry>)> = Vec::new();
    for (position, line) in std::mem::take(&mut document.debug).into_iter().enumerate() {
        let known = sections.iter().position(|(name, _)| *name == line.section);
        let entry = DebugEntry {
            role: line.role,
            label: line.label,
            place: line.place,
        };
        let index = match known.and_then(|known| sections.get_mut(known)) {
            Some((_, entries)) => {
                entries.push(entry);
                entries.len().saturating_sub(1)
            }
            None => {
                sections.push((line.section, vec![entry]));
                0
            }
        };
        if index != line.index {
            let place = format!("debug[{position}]");
            return Err(ProgramError::new(
                codes::SHAPE,
                place,
                "not in the order of instructions",
            ));
        }
    }
    Ok(sections)
}

/// A register that has to be money in fen.
fn fen(section: &SectionCode, register: usize, place: String) -> Result<(), ProgramError> {
    use crate::isa::Kind;
    match section.kinds.get(register) {
        Some((Kind::Money, 0)) => Ok(()),
        Some(_) => Err(ProgramError::new(codes::OUTPUT, place, "not an amount in fen")),
        None => Err(ProgramError::new(
            codes::OUTPUT,
            place,
            format!("register {register} is not defined"),
        )),
    }
}

/// The results of the claim section: payments as settled, burden and excess in fen.
fn outputs(document: &Document, claim: &SectionCode, benefits: &[crate::Benefit]) -> Result<Outputs, ProgramError> {
    let entry = &document.outputs;
    let settled = settling::pay_registers(claim, benefits.len());
    if entry.benefits != settled {
        let cause = "each benefit's result has to be the payment that its SETTLE gives, null for DEFER";
        return Err(ProgramError::new(codes::OUTPUT, "outputs.benefits", cause));
    }
    fen(claim, entry.burden, "outputs.burden".into())?;
    fen(claim, entry.excess, "outputs.excess".into())?;
    paying(document, claim, benefits.len())?;
    Ok(Outputs {
        benefits: settled,
        burden: entry.burden,
        excess: entry.excess,
        paying: entry.paying.clone(),
    })
}

/// Payee, deadline and excess of a claim.
fn paying(document: &Document, claim: &SectionCode, benefits: usize) -> Result<(), ProgramError> {
    use crate::isa::Kind;
    let Some(entry) = &document.outputs.paying else {
        if document.payees.is_empty() {
            return Ok(());
        }
        return Err(ProgramError::new(codes::OUTPUT, "payees", "payees that nothing names"));
    };
    let of_kind = |register: usize, kind: Kind, name: &str| match claim.kinds.get(register) {
        Some((found, _)) if *found == kind => Ok(()),
        _ => {
            let place = format!("outputs.paying.{name}");
            Err(ProgramError::new(codes::OUTPUT, place, "no register of that kind"))
        }
    };
    of_kind(entry.payee, Kind::Row, "payee")?;
    of_kind(entry.due, Kind::Day, "due")?;
    cap(document.payees.len(), caps::PAYEES, "payees")?;
    for told in &entry.benefits {
        position(*told, benefits, "outputs.paying.benefits")?;
    }
    if entry.benefits.is_empty() || !entry.benefits.is_sorted_by(|a, b| a < b) {
        let place = "outputs.paying.benefits";
        return Err(ProgramError::new(codes::OUTPUT, place, "not rising positions"));
    }
    fen(claim, entry.excess, "outputs.paying.excess".into())?;
    fen(claim, entry.replaced, "outputs.paying.replaced".into())
}

/// Sum (fen) and flag of each warning, each once and in order.
fn watch_out(document: &Document, watch: &SectionCode) -> Result<Vec<WatchOut>, ProgramError> {
    use crate::isa::Kind;
    let entries = &document.watch.out;
    if !entries
        .iter()
        .map(|(warning, ..)| *warning)
        .eq(0..document.warnings.len())
    {
        return Err(ProgramError::new(
            codes::OUTPUT,
            "watch.out",
            "not each warning once and in order",
        ));
    }
    let mut out = Vec::with_capacity(entries.len());
    for (position, &(warning, sum, flag)) in entries.iter().enumerate() {
        let place = format!("watch.out[{position}]");
        fen(watch, sum, place.clone())?;
        if !matches!(watch.kinds.get(flag), Some((Kind::Flag, _))) {
            return Err(ProgramError::new(
                codes::OUTPUT,
                place,
                "the third number is no flag register",
            ));
        }
        out.push(WatchOut { warning, sum, flag });
    }
    Ok(out)
}

/// A register in fen for each subsidy.
fn enrolment_out(document: &Document, enrolment: &SectionCode) -> Result<(), ProgramError> {
    let out = &document.enrolment.out;
    if out.len() != document.subsidies.len() {
        return Err(ProgramError::new(
            codes::OUTPUT,
            "enrolment.out",
            "not one register for each subsidy",
        ));
    }
    for (position, register) in out.iter().enumerate() {
        fen(enrolment, *register, format!("enrolment.out[{position}]"))?;
    }
    Ok(())
}

/// The measures of a section, each a register of the kind that it says.
fn measures(document: &Document, code: &SectionCode, section: MeasuredSection) -> Result<Vec<Measure>, ProgramError> {
    use crate::isa::Kind;
    let mut out = Vec::new();
    for (position, entry) in document.measures.iter().enumerate() {
        if entry.section != section {
            continue;
        }
        let wanted = match entry.kind {
            MeasureKind::Money => (Kind::Money, entry.scale),
            MeasureKind::Flag => (Kind::Flag, 0),
            MeasureKind::Code => (Kind::Code, 0),
        };
        if entry.scale != wanted.1 || code.kinds.get(entry.register) != Some(&wanted) {
            let place = format!("measures[{position}]");
            return Err(ProgramError::new(codes::OUTPUT, place, "not a register of its kind"));
        }
        out.push(Measure {
            name: entry.name.clone(),
            kind: entry.kind,
            scale: entry.scale,
            register: entry.register,
        });
    }
    Ok(out)
}

/// More than `cap` of something.
pub(super) fn cap(found: usize, cap: usize, place: &str) -> Result<(), ProgramError> {
    if found > cap {
        return Err(ProgramError::new(
            codes::CAPS,
            place,
            format!("{found} of them; at most {cap}"),
        ));
    }
    Ok(())
}

/// A position outside its list.
pub(super) fn position(found: usize, length: usize, place: &str) -> Result<(), ProgramError> {
    if found >= length {
        let cause = format!("position {found} of a list of {length}");
        return Err(ProgramError::new(codes::RANGE, place, cause));
    }
    Ok(())
}

/// A day that the calendar does not have.
pub(super) fn day(found: i32, place: &str) -> Result<(), ProgramError> {
    if caps::DAYS.contains(&found) {
        return Ok(());
    }
    Err(ProgramError::new(
        codes::RANGE,
        place,
        format!("{found} is no day of the years 1 to 9999"),
    ))
}
