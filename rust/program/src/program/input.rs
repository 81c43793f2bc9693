//! What comes in: columns, codes and the classes of the standing table.

use serde::Deserialize;

use super::source::Place;
use crate::isa::Kind;

/// What an input column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// Fen.
    Money,
    /// 0 or 1.
    Flag,
    /// Position among the input's codes; -1 unknown.
    Code,
    /// Days since 1970-01-01.
    Day,
    /// A whole number.
    Count,
    /// Any text: its position among the input's codes, -1 for every other; without codes no instruction reads it.
    Text,
}

/// Where an input column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputTable {
    /// The claims file.
    Claims,
    /// The institutions file, joined to the claim.
    Institutions,
    /// The enrolment file.
    Enrolment,
}

/// A column that the program reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Column name.
    pub column: String,
    /// Other spellings of it.
    pub alternatives: Vec<String>,
    /// What the rules call it.
    pub label: String,
    /// What it holds.
    pub kind: InputKind,
    /// Where it comes from.
    pub table: InputTable,
    /// Whether a file without it is refused.
    pub required: bool,
    /// What an absent or empty value counts as.
    pub default: Option<i64>,
    /// Known codes, in order (kind code: no other is taken; kind text: those that some rule asks for).
    pub codes: Vec<String>,
    /// The labels of the codes.
    pub labels: Vec<String>,
}

impl Input {
    /// The register kind that reading the input gives, if it can be read.
    #[must_use]
    pub const fn register(&self) -> Option<Kind> {
        match self.kind {
            InputKind::Money => Some(Kind::Money),
            InputKind::Flag => Some(Kind::Flag),
            InputKind::Code => Some(Kind::Code),
            InputKind::Day => Some(Kind::Day),
            InputKind::Count => Some(Kind::Count),
            InputKind::Text if self.codes.is_empty() => None,
            InputKind::Text => Some(Kind::Code),
        }
    }

    /// What an absent or blank value counts as, if its row need not be rejected.
    #[must_use]
    pub fn blank(&self) -> Option<i64> {
        match self.kind {
            InputKind::Text => Some(self.default.unwrap_or(-1)),
            _ => self.default,
        }
    }
}

/// A dated list of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// The source that it was read from.
    pub source: usize,
    /// Its codes, sorted by code and day.
    pub rows: Vec<ListedCode>,
}

/// A code on a list and the days on which it is there, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedCode {
    /// Position among the codes of the input.
    pub code: i64,
    /// First day; none for no beginning.
    pub start: Option<i32>,
    /// Last day; none for no end.
    pub end: Option<i32>,
}

/// A class of the standing table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// A person with one of these identities is in it,
    pub any: i64,
    /// unless one of these is held too.
    pub except: i64,
    /// For a class on application: how many months before the application's month its window begins.
    pub lookback: Option<u32>,
    /// Whether a claim before the application counts only if its own day gave the person no class.
    pub unclassed_only: bool,
    /// Whether a second application in a benefit year is refused.
    pub once_a_year: bool,
    /// Whether its identities are labels for life: held on every day, and never beside those of another such class.
    pub lifetime: bool,
    /// Where it is written.
    pub place: Place,
}
