//! What the machine writes: columns that a caller owns and hands in again, so that memory is reused.

/// What became of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// Settled.
    #[default]
    Settled = 0,
    /// Settled, and undone by a later row; it keeps what it was paid.
    Reversed = 1,
    /// Undoes an earlier row; carries the difference.
    Reversal = 2,
    /// Rejected: its day is outside the days in force, and in no accepted application's window.
    OutsideForce = 3,
    /// Rejected: the settlement that it undoes is not there.
    OriginalUnknown = 4,
    /// Rejected: the settlement that it undoes stands after it.
    OriginalLater = 5,
    /// Rejected: the settlement that it undoes was undone before.
    ReversedTwice = 6,
    /// Rejected: the settlement that it undoes was rejected or is itself a reversal.
    OriginalNotSettled = 7,
}

impl Role {
    /// Whether the row counts nowhere.
    #[must_use]
    pub const fn is_rejected(self) -> bool {
        !matches!(self, Self::Settled | Self::Reversed | Self::Reversal)
    }
}

/// Why a payment is less than what accrued; bits of [`Details::cuts`].
pub struct Cut;

impl Cut {
    /// The whole base lies below the deductible or gate.
    pub const BELOW: u8 = 1;
    /// A limit bound.
    pub const LIMIT: u8 = 2;
    /// The bill had less left: already covered.
    pub const COVERED: u8 = 4;
}

/// Rule ids of every row, for one benefit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The row of figures applied; 0 where the benefit does not apply.
    pub figures: Vec<u16>,
    /// Bits of [`Cut`].
    pub cuts: Vec<u8>,
}

/// Whose totals a record of the year holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Position of the person in the batch.
    pub person: u32,
    /// Benefit year; of an application the year of its day.
    pub year: i16,
    /// The application's day, for an account of an application.
    pub application: Option<i32>,
}

/// One record for each account that has claims, ordered by person, year, application (the person's year first).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearRecords {
    /// Whose.
    pub accounts: Vec<Account>,
    /// By benefit: everything paid on claims of the account, reversals counted off, lumps included.
    pub paid: Vec<Vec<i64>>,
    /// By benefit: the year-end amount; 0 unless the year is closed.
    pub year_end: Vec<Vec<i64>>,
    /// By benefit: the part of `paid` that is the lump for claims before the application.
    pub lookback: Vec<Vec<i64>>,
    /// By benefit: how much of its own yearly limit is used (by the figures of the account's last claim), or none.
    pub own_left: Vec<Vec<Option<i64>>>,
    /// By shared limit: fen used.
    pub shared_used: Vec<Vec<i64>>,
    /// By shared limit: fen left by the figures of the last claim that names it, or none.
    pub shared_left: Vec<Vec<Option<i64>>>,
    /// By warning: the sum; 0 for accounts of applications.
    pub warning_sums: Vec<Vec<i64>>,
    /// By warning: whether the target is missed.
    pub warnings: Vec<Vec<bool>>,
}

/// Results of one batch; row n belongs to row n of the batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// By benefit (all of the program's, deferred ones are 0): fen paid on the row.
    pub benefits: Vec<Vec<i64>>,
    /// 个人负担, fen; 0 on rejected rows. A reversal row has the difference that it makes.
    pub burden: Vec<i64>,
    /// What other payments exceed the expense by, fen.
    pub excess: Vec<i64>,
    /// Benefit year.
    pub years: Vec<i16>,
    /// Class of the standing table, -1 for none.
    pub standings: Vec<i8>,
    /// [`Role`] as a number.
    pub roles: Vec<u8>,
    /// By benefit; empty unless asked for.
    pub details: Vec<Details>,
    /// Empty unless asked for.
    pub records: YearRecords,
}
