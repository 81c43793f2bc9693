//! The most that a program file may hold of anything, so that reading one is bounded in time and memory.

/// Bytes of a file: the largest real one (a policy with its sources) is under 1 MiB; 64 MiB is far beyond any.
pub(crate) const BODY_BYTES: usize = 64 << 20;
/// Entries of any list without a cap of its own (inputs, sources, parameters, clauses …).
pub(crate) const ENTRIES: usize = 65_536;
/// Benefits and subsidies each: results have a column for each, and a circular names a handful.
pub(crate) const BENEFITS: usize = 64;
/// Payees: results store their number in 16 signed bits, and a circular names one or two.
pub(crate) const PAYEES: usize = 64;
/// Shared limits: every settled claim looks at those that it names.
pub(crate) const LIMITS: usize = 64;
/// Rows of figures of a benefit: row numbers are 16 bits wide in results.
pub(crate) const FIGURES: usize = 65_535;
/// Bands of a row: walked for every claim.
pub(crate) const BANDS: usize = 64;
/// Limits that one row names: walked for every claim.
pub(crate) const LIMITS_OF_A_ROW: usize = 16;
/// Parts of a base: walked for every claim.
pub(crate) const PARTS: usize = 16;
/// Shares of the year's bills: kept for every person and year.
pub(crate) const YEARLY_CAPS: usize = 256;
/// Classes: results store the class in 8 signed bits.
pub(crate) const CLASSES: usize = 126;
/// Identities: one bit each of a non-negative 64-bit number.
pub(crate) const IDENTITIES: usize = 62;
/// Instructions of a section: every claim runs all of them.
pub(crate) const INSTRUCTIONS: usize = 16_384;
/// Values of a table, and the bound of a row number.
pub(crate) const TABLE_VALUES: usize = 65_536;
/// Tallies and warnings each: kept for every person and year.
pub(crate) const TALLIES: usize = 256;
/// The finest money: fen × 10^-6.
pub(crate) const SCALE: u8 = 6;
/// Months of look-back: a window longer than ten years is a mistake.
pub(crate) const LOOKBACK_MONTHS: u32 = 120;
/// Days from 0001-01-01 to 9999-12-31: the calendar's arithmetic is exact there.
pub const DAYS: core::ops::RangeInclusive<i32> = -719_162..=2_932_896;
