//! The workload's raw columns, as `benches/compute.py` writes them.

use std::fs;
use std::io;
use std::path::Path;

use crate::Claims;

/// Columns of one length.
pub struct Columns {
    pub person: Vec<i64>,
    pub kind: Vec<i8>,
    pub date: Vec<i32>,
    pub in_scope: Vec<i64>,
    pub basic: Vec<i64>,
    pub critical: Vec<i64>,
}

fn longs(folder: &Path, name: &str) -> io::Result<Vec<i64>> {
    let bytes = fs::read(folder.join(name))?;
    Ok(bytes
        .as_chunks::<8>()
        .0
        .iter()
        .map(|b| i64::from_le_bytes(*b))
        .collect())
}

impl Columns {
    /// Read them from a folder.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let date = fs::read(folder.join("date"))?;
        Ok(Self {
            person: longs(folder, "person")?,
            kind: fs::read(folder.join("kind"))?.iter().map(|b| *b as i8).collect(),
            date: date.as_chunks::<4>().0.iter().map(|b| i32::from_le_bytes(*b)).collect(),
            in_scope: longs(folder, "in_scope")?,
            basic: longs(folder, "basic")?,
            critical: longs(folder, "critical")?,
        })
    }

    /// As the hand-written forms take them.
    pub fn claims(&self) -> Claims<'_> {
        Claims {
            person: &self.person,
            kind: &self.kind,
            in_scope: &self.in_scope,
            basic: &self.basic,
            critical: &self.critical,
        }
    }
}
