//! What the machine writes: columns that a caller owns and hands in again, so that memory is reused.

use jiugao_program::Program;

use crate::opening::Totals;

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
    /// Rejected: some figure that the claim needs has no value on its day.
    FiguresUnknown = 8,
    /// Rejected: its day is within the person's opening balance.
    WithinOpening = 9,
    /// Rejected: the person's opening balance cannot be used.
    OpeningBroken = 10,
    /// Rejected: the person has an opening balance, and an application that looks at claims within it.
    OpeningApplied = 11,
    /// Not looked at: it comes after the day at which totals were wanted.
    Later = 12,
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
    /// Another alternative of a choice was taken.
    pub const BEATEN: u8 = 8;
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

/// One record for each benefit year with rows and for each accepted application, ordered by person, year, application
/// (the person's year first). What the person got in a year is `paid` + `lookback` + `year_end` over its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearRecords {
    /// Whose.
    pub accounts: Vec<Account>,
    /// By benefit: what the rows booked to the year were paid, reversals counted off; 0 for applications.
    pub paid: Vec<Vec<i64>>,
    /// By benefit: the year-end amount; 0 unless the year is closed.
    pub year_end: Vec<Vec<i64>>,
    /// By benefit: the lump for claims before the application, as paid on its day; 0 for years.
    pub lookback: Vec<Vec<i64>>,
    /// By benefit: fen that the account has paid under the benefit (its own limit counts this), year end included.
    pub own_used: Vec<Vec<i64>>,
    /// By benefit: what its own yearly limit leaves by the figures of the account's last claim; none without a limit.
    pub own_left: Vec<Vec<Option<i64>>>,
    /// By shared limit: fen used.
    pub shared_used: Vec<Vec<i64>>,
    /// By shared limit: fen left by the figures of the last claim that names it; none where no claim did.
    pub shared_left: Vec<Vec<Option<i64>>>,
    /// By warning: the sum; none for applications, and where a figure that it needs is not known.
    pub warning_sums: Vec<Vec<Option<i64>>>,
    /// By warning: whether the target is missed.
    pub warnings: Vec<Vec<bool>>,
    /// What each account accumulated, before its year was closed; empty unless asked for. Nothing for applications, and
    /// for the years of persons who made one.
    pub totals: Vec<Totals>,
}

impl YearRecords {
    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// No records, with the columns of this program (of none where records are not wanted) and room for so many; keeps the
    /// memory.
    pub(crate) fn begin(&mut self, program: &Program, wanted: bool, room: usize) {
        fn size<T>(columns: &mut Vec<Vec<T>>, width: usize) {
            columns.resize_with(width, Vec::new);
        }
        let of = |width: usize| if wanted { width } else { 0 };
        let benefits = of(program.benefits().len());
        let limits = of(program.limits().len());
        let warnings = of(program.warnings().len());
        self.clear();
        for columns in [
            &mut self.paid,
            &mut self.year_end,
            &mut self.lookback,
            &mut self.own_used,
        ] {
            size(columns, benefits);
        }
        size(&mut self.own_left, benefits);
        size(&mut self.shared_used, limits);
        size(&mut self.shared_left, limits);
        size(&mut self.warning_sums, warnings);
        size(&mut self.warnings, warnings);
        self.reserve(of(room));
    }

    fn reserve(&mut self, room: usize) {
        fn columns<T>(all: &mut [Vec<T>], room: usize) {
            all.iter_mut().for_each(|column| column.reserve(room));
        }
        self.accounts.reserve(room);
        columns(&mut self.paid, room);
        columns(&mut self.year_end, room);
        columns(&mut self.lookback, room);
        columns(&mut self.own_used, room);
        columns(&mut self.own_left, room);
        columns(&mut self.shared_used, room);
        columns(&mut self.shared_left, room);
        columns(&mut self.warning_sums, room);
        columns(&mut self.warnings, room);
    }

    /// Forget all records, keep the memory.
    pub fn clear(&mut self) {
        self.accounts.clear();
        self.totals.clear();
        for columns in [
            &mut self.paid,
            &mut self.year_end,
            &mut self.lookback,
            &mut self.own_used,
            &mut self.shared_used,
        ] {
            columns.iter_mut().for_each(Vec::clear);
        }
        for columns in [&mut self.own_left, &mut self.shared_left, &mut self.warning_sums] {
            columns.iter_mut().for_each(Vec::clear);
        }
        self.warnings.iter_mut().for_each(Vec::clear);
    }

    /// In order of person, year, application; of the first `before` records without those of the persons in the list (sorted).
    pub(crate) fn sort_without(&mut self, persons: &[usize], before: usize) {
        let named = |account: &Account| {
            usize::try_from(account.person).is_ok_and(|person| persons.binary_search(&person).is_ok())
        };
        let key = |n: &usize| {
            let account = self.accounts.get(*n).copied();
            account.map(|account| (account.person, account.year, account.application))
        };
        let kept = |n: &usize| *n >= before || self.accounts.get(*n).is_some_and(|account| !named(account));
        let mut order: Vec<usize> = (0..self.accounts.len()).filter(kept).collect();
        let sorted = order.is_sorted_by_key(key);
        if sorted && order.len() == self.accounts.len() {
            return;
        }
        if !sorted {
            order.sort_by_key(key);
        }
        self.choose(&order);
    }

    /// Records at these positions, in this order.
    fn choose(&mut self, order: &[usize]) {
        fn column<T: Clone>(values: &mut Vec<T>, order: &[usize]) {
            let mut chosen = Vec::with_capacity(order.len());
            chosen.extend(order.iter().filter_map(|n| values.get(*n).cloned()));
            *values = chosen;
        }
        fn columns<T: Clone>(all: &mut [Vec<T>], order: &[usize]) {
            all.iter_mut().for_each(|values| column(values, order));
        }
        column(&mut self.accounts, order);
        column(&mut self.totals, order);
        columns(&mut self.paid, order);
        columns(&mut self.year_end, order);
        columns(&mut self.lookback, order);
        columns(&mut self.own_used, order);
        columns(&mut self.own_left, order);
        columns(&mut self.shared_used, order);
        columns(&mut self.shared_left, order);
        columns(&mut self.warning_sums, order);
        columns(&mut self.warnings, order);
    }

    /// Records of later persons.
    pub(crate) fn append(&mut self, later: Self) {
        fn columns<T>(all: &mut [Vec<T>], later: Vec<Vec<T>>) {
            for (all, mut later) in all.iter_mut().zip(later) {
                all.append(&mut later);
            }
        }
        self.accounts.extend(later.accounts);
        self.totals.extend(later.totals);
        columns(&mut self.paid, later.paid);
        columns(&mut self.year_end, later.year_end);
        columns(&mut self.lookback, later.lookback);
        columns(&mut self.own_used, later.own_used);
        columns(&mut self.own_left, later.own_left);
        columns(&mut self.shared_used, later.shared_used);
        columns(&mut self.shared_left, later.shared_left);
        columns(&mut self.warning_sums, later.warning_sums);
        columns(&mut self.warnings, later.warnings);
    }
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
    /// Payee (its number in the program, 0 for the person), last day ([`jiugao_program::NO_DAY`]: none), what the
    /// payee gets beyond the outlay that is made good, and what of that is made good; empty where the program tells none.
    pub paying: Vec<Vec<i64>>,
    /// By measure; 0 on rejected rows.
    pub measures: Vec<Vec<i64>>,
    /// Benefit year.
    pub years: Vec<i16>,
    /// Class of the standing table, -1 for none.
    pub standings: Vec<i8>,
    /// [`Role`] as a number.
    pub roles: Vec<u8>,
    /// By benefit; empty unless asked for.
    pub details: Vec<Details>,
    /// By benefit: what an alternative of a choice would pay; with the details of programs that choose.
    pub offered: Vec<Vec<i64>>,
    /// Empty unless asked for.
    pub records: YearRecords,
}
