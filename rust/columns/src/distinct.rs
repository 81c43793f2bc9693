//! Names come in, batch by batch; whether all of them differ goes out, in a few megabytes however many there are.
//!
//! Kept are 64 bits of each name, by their first bits in parts that go to disk when they are full. Names whose 64 bits
//! differ differ; where two agree the names may still differ, and whoever asks has to look at the names themselves.

use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::PathBuf;

use crate::names::Names;
use crate::people::Batches;
use crate::refusal::Refusal;

/// Parts: as many as there are values of so many first bits.
const BITS: u32 = 7;
/// Numbers of a part that are held in memory: 64 KiB, 8 MiB for all parts.
const HELD: usize = 1 << 13;

/// Names seen so far.
#[derive(Debug)]
pub struct Distinct {
    folder: PathBuf,
    parts: Vec<Part>,
}

#[derive(Debug, Default)]
struct Part {
    held: Vec<u64>,
    file: Option<File>,
}

impl Distinct {
    /// No names yet; parts are written into `folder`, which whoever made it takes away.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        let parts = core::iter::repeat_with(Part::default).take(1 << BITS).collect();
        Self { folder, parts }
    }

    /// Take in the names of the first column of a stream; nulls are no names.
    ///
    /// # Errors
    /// D917 where the folder cannot be written, D938 if the stream fails.
    pub fn add(&mut self, names: Batches) -> Result<(), Refusal> {
        for batch in names {
            let batch = batch.map_err(|error| Refusal::stream("@claims", error))?;
            let Some(column) = batch.columns().first() else {
                continue;
            };
            let names = Names::of(column)?;
            for name in (0..batch.num_rows()).filter_map(|row| names.get(row)) {
                let mut hasher = DefaultHasher::new();
                name.hash(&mut hasher);
                self.put(hasher.finish())?;
            }
        }
        Ok(())
    }

    fn put(&mut self, number: u64) -> Result<(), Refusal> {
        let place = usize::try_from(number.wrapping_shr(u64::BITS.wrapping_sub(BITS))).unwrap_or(0);
        let Some(part) = self.parts.get_mut(place) else {
            return Ok(());
        };
        part.held.push(number);
        if part.held.len() < HELD {
            return Ok(());
        }
        let path = self.folder.join(format!("names-{place}"));
        part.spill(&path).map_err(|error| {
            let folder = self.folder.display().to_string();
            Refusal::data("D917", [("folder", folder), ("detail", error.to_string())])
        })
    }

    /// Whether all names differ for certain.
    ///
    /// # Errors
    /// D917 where a part cannot be read again.
    pub fn all_differ(self) -> Result<bool, Refusal> {
        for part in self.parts {
            let differ = part.all_differ().map_err(|error| {
                let folder = self.folder.display().to_string();
                Refusal::data("D917", [("folder", folder), ("detail", error.to_string())])
            })?;
            if !differ {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Part {
    fn spill(&mut self, path: &std::path::Path) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(OpenOptions::new().append(true).read(true).create(true).open(path)?),
        };
        let bytes: Vec<u8> = self.held.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.held.clear();
        file.write_all(&bytes)
    }

    fn all_differ(mut self) -> std::io::Result<bool> {
        if let Some(file) = &mut self.file {
            let mut bytes = Vec::new();
            std::io::Seek::rewind(file)?;
            file.read_to_end(&mut bytes)?;
            let (numbers, _) = bytes.as_chunks::<8>();
            self.held
                .extend(numbers.iter().map(|&number| u64::from_le_bytes(number)));
        }
        self.held.sort_unstable();
        let mut pairs = self.held.iter().zip(self.held.iter().skip(1));
        Ok(pairs.all(|(before, now)| before != now))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, StringArray};

    use super::*;

    fn names(names: impl Iterator<Item = String>) -> Batches {
        let column: ArrayRef = Arc::new(StringArray::from_iter_values(names));
        let batch = RecordBatch::try_from_iter([("name", column)]).unwrap();
        let schema = batch.schema();
        Box::new(RecordBatchIterator::new([Ok(batch)], schema))
    }

    #[test]
    fn a_name_that_comes_twice_is_found_also_on_disk() {
        let folder = std::env::temp_dir().join(format!("jiugao-distinct-{}", std::process::id()));
        for (count, again, differ) in [
            (0, None, true),
            (1, None, true),
            (1, Some(0), false),
            (1_500_000, None, true),
            (1_500_000, Some(3), false),
            (1_500_000, Some(1_499_999), false),
        ] {
            std::fs::create_dir_all(&folder).unwrap();
            let mut distinct = Distinct::new(folder.clone());
            distinct.add(names((0..count).map(|n| format!("S{n}")))).unwrap();
            distinct
                .add(names(again.into_iter().map(|n: i32| format!("S{n}"))))
                .unwrap();
            assert_eq!(folder.join("names-0").exists(), count > 1_000_000);
            assert_eq!(distinct.all_differ().unwrap(), differ, "{count} {again:?}");
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let mut distinct = Distinct::new(PathBuf::from("/nowhere/at/all"));
        let refused = distinct.add(names((0..1_500_000).map(|n| n.to_string())));
        assert_eq!(refused.unwrap_err().code, "D917");
    }
}
