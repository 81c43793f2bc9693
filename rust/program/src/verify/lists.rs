//! Everything of a program that is neither code nor figures: lengths, positions, masks, days, places.

use super::{cap, day, position};
use crate::document::{CodeListEntry, Document, ListedEntry, TableEntry, TableKind};
use crate::error::code as codes;
use crate::isa::Kind;
use crate::program::{CodeList, InputKind, InputTable, ListedCode, Place, Table, YearBegin};
use crate::{ProgramError, caps};

/// Check every list of the document.
pub(super) fn check(document: &Document) -> Result<(), ProgramError> {
    lengths(document)?;
    inputs(document)?;
    identities(document)?;
    days(document)?;
    sets(document)?;
    for (n, scale) in document.tallies.iter().enumerate() {
        if *scale > caps::SCALE {
            return Err(ProgramError::new(
                codes::RANGE,
                format!("tallies[{n}]"),
                "scale above 6",
            ));
        }
    }
    places(document)
}

fn lengths(document: &Document) -> Result<(), ProgramError> {
    cap(document.sources.len(), caps::ENTRIES, "sources")?;
    cap(document.inputs.len(), caps::ENTRIES, "inputs")?;
    cap(document.identities.len(), caps::IDENTITIES, "identities")?;
    cap(document.classes.len(), caps::CLASSES, "classes")?;
    cap(document.change_days.len(), caps::ENTRIES, "change_days")?;
    cap(document.limits.len(), caps::LIMITS, "limits")?;
    cap(document.benefits.len(), caps::BENEFITS, "benefits")?;
    cap(document.subsidies.len(), caps::BENEFITS, "subsidies")?;
    cap(document.tables.len(), caps::ENTRIES, "tables")?;
    cap(document.sets.len(), caps::ENTRIES, "sets")?;
    cap(document.dates.len(), caps::ENTRIES, "dates")?;
    cap(document.tallies.len(), caps::TALLIES, "tallies")?;
    cap(document.warnings.len(), caps::TALLIES, "warnings")?;
    cap(document.measures.len(), caps::TALLIES, "measures")?;
    cap(document.year.len(), caps::BENEFITS, "year")?;
    cap(document.parameters.len(), caps::ENTRIES, "parameters")
}

fn inputs(document: &Document) -> Result<(), ProgramError> {
    let count = document.inputs.len();
    position(document.day_input, count, "day_input")?;
    if let Some(input) = document.inputs.get(document.day_input)
        && (input.kind != InputKind::Day || input.table != InputTable::Claims)
    {
        return Err(ProgramError::new(codes::RANGE, "day_input", "not a day of the claims"));
    }
    for (n, input) in document.inputs.iter().enumerate() {
        let place = format!("inputs[{n}]");
        cap(input.codes.len(), caps::TABLE_VALUES, &place)?;
        if input.codes.len() != input.labels.len() {
            return Err(ProgramError::new(codes::SHAPE, place, "not a label for each code"));
        }
        if !input.codes.is_empty() && !matches!(input.kind, InputKind::Code | InputKind::Text) {
            return Err(ProgramError::new(
                codes::SHAPE,
                place,
                "codes of an input that is no code",
            ));
        }
        if input.required == input.default.is_some() {
            let cause = "required means that there is no default, and the other way round";
            // A text or day may be optional without a default; a number that is computed with may not.
            if input.required || !matches!(input.kind, InputKind::Text | InputKind::Day) {
                return Err(ProgramError::new(codes::SHAPE, place, cause));
            }
        }
        if let Some(default) = input.default {
            default_fits(default, input.kind, input.codes.len(), &place)?;
        }
    }
    for (n, column) in document.fund_columns.iter().enumerate() {
        let place = format!("fund_columns[{n}]");
        money_column(document, *column, &place)?;
    }
    for (b, benefit) in document.benefits.iter().enumerate() {
        for (n, column) in benefit.actual.iter().enumerate() {
            money_column(document, *column, &format!("benefits[{b}].actual[{n}]"))?;
        }
    }
    for (s, subsidy) in document.subsidies.iter().enumerate() {
        for (n, column) in subsidy.actual.iter().enumerate() {
            money_column(document, *column, &format!("subsidies[{s}].actual[{n}]"))?;
        }
    }
    Ok(())
}

fn default_fits(default: i64, kind: InputKind, codes: usize, place: &str) -> Result<(), ProgramError> {
    let fits = match kind {
        InputKind::Money | InputKind::Count => true,
        InputKind::Flag => (0..=1).contains(&default),
        InputKind::Code | InputKind::Text => default == -1 || usize::try_from(default).is_ok_and(|d| d < codes),
        InputKind::Day => i32::try_from(default).is_ok_and(|d| caps::DAYS.contains(&d)),
    };
    if fits {
        return Ok(());
    }
    Err(ProgramError::new(
        codes::RANGE,
        place,
        format!("{default} is no default of its kind"),
    ))
}

fn money_column(document: &Document, column: usize, place: &str) -> Result<(), ProgramError> {
    position(column, document.inputs.len(), place)?;
    match document.inputs.get(column) {
        Some(input) if input.kind == InputKind::Money => Ok(()),
        _ => Err(ProgramError::new(codes::RANGE, place, "not a money input")),
    }
}

fn identities(document: &Document) -> Result<(), ProgramError> {
    let all = all_identities(document.identities.len());
    for (code, bit) in &document.identity_codes {
        let place = format!("identity_codes.{code}");
        let bit = usize::try_from(*bit).unwrap_or(usize::MAX);
        position(bit, document.identities.len(), &place)?;
    }
    let mut labels = 0;
    for (n, class) in document.classes.iter().enumerate() {
        let place = format!("classes[{n}]");
        if class.lifetime {
            if class.lookback.is_some() {
                let cause = "a class for life cannot be on application";
                return Err(ProgramError::new(codes::RANGE, place, cause));
            }
            if class.any & labels != 0 {
                let cause = "a label of two classes for life";
                return Err(ProgramError::new(codes::RANGE, place, cause));
            }
            labels |= class.any;
        }
        if class.any & !all != 0 || class.except & !all != 0 || class.any == 0 {
            let cause = "a mask without identities, or with some that are not in the list";
            return Err(ProgramError::new(codes::RANGE, place, cause));
        }
        if class.lookback.is_some_and(|months| months > caps::LOOKBACK_MONTHS) {
            return Err(ProgramError::new(codes::CAPS, place, "looks back more than 120 months"));
        }
    }
    Ok(())
}

/// The mask of all identities: bits 0 up to their number.
pub(super) fn all_identities(count: usize) -> i64 {
    // `count` is at most 62 here, so the shift is in range and the difference not negative.
    let bits = u32::try_from(count).unwrap_or(0).min(62);
    1_i64.checked_shl(bits).map_or(0, |bit| bit.wrapping_sub(1))
}

fn days(document: &Document) -> Result<(), ProgramError> {
    let force = &document.force;
    for found in [Some(force.start), force.end, Some(force.claims_from), force.counts_from]
        .into_iter()
        .flatten()
    {
        day(found, "force")?;
    }
    if force.end.is_some_and(|end| end < force.start) || force.claims_from > force.end.unwrap_or(i32::MAX) {
        return Err(ProgramError::new(codes::RANGE, "force", "ends before it begins"));
    }
    if force.counts_from.is_some_and(|first| first >= force.claims_from) {
        let cause = "counts claims from no day before payments begin";
        return Err(ProgramError::new(codes::RANGE, "force", cause));
    }
    year_begins(document.year_begins)?;
    let known = &document.known_until;
    for found in [known.claim, known.watch, known.enrolment].into_iter().flatten() {
        day(found, "known_until")?;
    }
    rising(&document.change_days, "change_days")?;
    for (n, dates) in document.dates.iter().enumerate() {
        let place = format!("dates[{n}]");
        cap(dates.len(), caps::TABLE_VALUES.saturating_sub(1), &place)?;
        if dates.is_empty() {
            return Err(ProgramError::new(codes::RANGE, place, "no days"));
        }
        rising(dates, &place)?;
        // Between days of change whoever settles takes all figures for the same.
        if let Some(day) = dates
            .iter()
            .find(|day| document.change_days.binary_search(day).is_err())
        {
            let cause = format!("changes on day {day}, which change_days lacks");
            return Err(ProgramError::new(codes::RANGE, place, cause));
        }
    }
    Ok(())
}

/// A day that every year has; 1 January goes without saying.
fn year_begins(found: Option<YearBegin>) -> Result<(), ProgramError> {
    let Some(begin) = found else { return Ok(()) };
    let days = match begin.month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if begin == YearBegin::default() || !(1..=days).contains(&begin.day) {
        let cause = "not a day other than 1 January that every year has";
        return Err(ProgramError::new(codes::RANGE, "year_begins", cause));
    }
    Ok(())
}

fn rising(days: &[i32], place: &str) -> Result<(), ProgramError> {
    for found in days {
        day(*found, place)?;
    }
    if days.is_sorted_by(|a, b| a < b) {
        return Ok(());
    }
    Err(ProgramError::new(codes::RANGE, place, "days that do not rise"))
}

fn sets(document: &Document) -> Result<(), ProgramError> {
    for (n, set) in document.sets.iter().enumerate() {
        let place = format!("sets[{n}]");
        cap(set.len(), caps::TABLE_VALUES, &place)?;
        let bounds = 0..i64::try_from(caps::TABLE_VALUES).unwrap_or(i64::MAX);
        if !set.is_sorted_by(|a, b| a < b) || !set.iter().all(|value| bounds.contains(value)) {
            return Err(ProgramError::new(codes::RANGE, place, "not rising positions"));
        }
    }
    Ok(())
}

/// The lists of LISTED: rising codes; the periods of one code follow each other.
pub(super) fn code_lists(entries: Vec<CodeListEntry>, sources: usize) -> Result<Vec<CodeList>, ProgramError> {
    cap(entries.len(), caps::ENTRIES, "lists")?;
    let mut lists = Vec::with_capacity(entries.len());
    for (n, entry) in entries.into_iter().enumerate() {
        let place = format!("lists[{n}]");
        position(entry.source, sources, &place)?;
        cap(entry.rows.len(), caps::TABLE_VALUES, &place)?;
        for row in &entry.rows {
            listed(row, &place)?;
        }
        let apart = |(a, _, end): &ListedEntry, (b, start, _): &ListedEntry| {
            a < b || a == b && end.zip(*start).is_some_and(|(end, start)| end < start)
        };
        if !entry.rows.is_sorted_by(apart) {
            return Err(ProgramError::new(codes::RANGE, place, "not rising codes and periods"));
        }
        let code = |(code, start, end)| ListedCode { code, start, end };
        lists.push(CodeList {
            name: entry.name,
            source: entry.source,
            rows: entry.rows.into_iter().map(code).collect(),
        });
    }
    Ok(lists)
}

/// One code of a list: a position, and days that do not run backwards.
fn listed((code, start, end): &ListedEntry, place: &str) -> Result<(), ProgramError> {
    position(usize::try_from(*code).unwrap_or(usize::MAX), caps::TABLE_VALUES, place)?;
    for found in [start, end].into_iter().flatten() {
        day(*found, place)?;
    }
    if start.zip(*end).is_some_and(|(start, end)| end < start) {
        let cause = "a period that ends before it begins";
        return Err(ProgramError::new(codes::RANGE, place, cause));
    }
    Ok(())
}

/// The tables of LOOKUP.
pub(super) fn tables(entries: Vec<TableEntry>) -> Result<Vec<Table>, ProgramError> {
    let mut tables = Vec::with_capacity(entries.len());
    for (n, entry) in entries.into_iter().enumerate() {
        let place = format!("tables[{n}]");
        cap(entry.values.len(), caps::TABLE_VALUES, &place)?;
        let (kind, range) = match entry.kind {
            TableKind::Money => (Kind::Money, i64::MIN..=i64::MAX),
            TableKind::Count => (Kind::Count, i64::MIN..=i64::MAX),
            TableKind::Day => (Kind::Day, i64::from(*caps::DAYS.start())..=i64::from(*caps::DAYS.end())),
            TableKind::Flag => (Kind::Flag, 0..=1),
            TableKind::Row => (Kind::Row, 0..=65_535),
        };
        let scale = if kind == Kind::Money { caps::SCALE } else { 0 };
        if entry.values.is_empty() || entry.scale > scale {
            return Err(ProgramError::new(
                codes::RANGE,
                place,
                "no values, or a scale out of range",
            ));
        }
        if let Some(value) = entry.values.iter().find(|value| !range.contains(value)) {
            return Err(ProgramError::new(
                codes::RANGE,
                place,
                format!("{value} is not of its kind"),
            ));
        }
        tables.push(Table {
            kind,
            scale: entry.scale,
            values: entry.values,
        });
    }
    Ok(tables)
}

/// Places point into the sources.
fn places(document: &Document) -> Result<(), ProgramError> {
    let lengths: Vec<usize> = document
        .sources
        .iter()
        .map(|source| source.text.chars().count())
        .collect();
    let check = |at: &Place, place: &dyn Fn() -> String| {
        let Some((source, start, end)) = at.span else {
            return Ok(());
        };
        if lengths.get(source).is_some_and(|length| start <= end && end <= *length) {
            return Ok(());
        }
        Err(ProgramError::new(codes::RANGE, place(), "a place outside the sources"))
    };
    for (n, carried) in document.carried.iter().enumerate() {
        check(&carried.place, &|| format!("carried[{n}].place"))?;
    }
    for (n, class) in document.classes.iter().enumerate() {
        check(&class.place, &|| format!("classes[{n}].place"))?;
    }
    for (n, benefit) in document.benefits.iter().enumerate() {
        check(&benefit.place, &|| format!("benefits[{n}].place"))?;
        for (row, figure) in benefit.figures.iter().enumerate() {
            for at in figure.places.values() {
                check(at, &|| format!("benefits[{n}].figures[{row}].places"))?;
            }
        }
    }
    for (n, choice) in document.choices.iter().enumerate() {
        check(&choice.place, &|| format!("choices[{n}].place"))?;
    }
    for (n, warning) in document.warnings.iter().enumerate() {
        check(&warning.place, &|| format!("warnings[{n}].place"))?;
    }
    for (n, measure) in document.measures.iter().enumerate() {
        check(&measure.place, &|| format!("measures[{n}].place"))?;
    }
    for (n, subsidy) in document.subsidies.iter().enumerate() {
        check(&subsidy.place, &|| format!("subsidies[{n}].place"))?;
    }
    for (n, parameter) in document.parameters.iter().enumerate() {
        for value in &parameter.values {
            check(&value.place, &|| format!("parameters[{n}].values"))?;
        }
    }
    for (n, line) in document.debug.iter().enumerate() {
        check(&line.place, &|| format!("debug[{n}].place"))?;
    }
    Ok(())
}
