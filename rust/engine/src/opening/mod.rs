//! What an account accumulates, named, so that it can be written down at one day and a year go on from it.
//!
//! docs/machine.md, "Opening balances".

mod account;
mod amounts;

use jiugao_program::{Period, Program};
use num_bigint::BigInt;
use num_rational::Ratio;

use crate::ops::Op;

/// An exact amount of units that may not be whole: of a part that shares a deductible pro rata.
pub type Fraction = Ratio<BigInt>;

pub use amounts::Unreadable;

/// S, E or P, or what of S came before payments began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Base,
    Accrued,
    Paid,
    Counted,
}

/// Where an accumulator stands in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Of a benefit.
    Own(usize, Of),
    /// Of a benefit chosen by year: what it would have, had it alone been paid.
    Alone(usize, Of),
    /// Of a part of a benefit.
    Part(usize, usize, Of),
    /// A limit that benefits share.
    Used(usize),
    /// One of the totals of a share of the year's bills.
    Cap(usize, usize),
    /// A total for the year's end or an indicator.
    Tally(usize),
}

/// Something that an account accumulates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accumulator {
    /// As tables of opening balances call it.
    pub name: String,
    /// How many decimals of a yuan it has: its unit is 10^-decimals yuan.
    pub decimals: u32,
    /// Whether it may be a fraction that no decimals write.
    pub fraction: bool,
    /// Whether it may be below 0.
    pub signed: bool,
    /// The benefits whose totals say nothing without it.
    pub needed: Vec<usize>,
    /// The benefit that it is of, if it is of one.
    pub benefit: Option<usize>,
    pub(crate) place: Place,
}

impl Accumulator {
    /// What it is of: `base`, `accrued`, `paid` or `counted` of a benefit, `used` of a limit, else `total`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.place {
            Place::Own(_, of) | Place::Alone(_, of) | Place::Part(_, _, of) => match of {
                Of::Base => "base",
                Of::Accrued => "accrued",
                Of::Paid => "paid",
                Of::Counted => "counted",
            },
            Place::Used(_) => "used",
            Place::Cap(..) | Place::Tally(_) => "total",
        }
    }
}

/// What a person's account of a year begins with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening<'a> {
    /// Position of the person in the batch.
    pub person: usize,
    /// The benefit year.
    pub year: i32,
    /// The last day that is in the totals; later claims come on top. `i32::MIN`: not told.
    pub until: i32,
    /// The totals cannot be used: no claim of the person is settled.
    pub broken: bool,
    /// Accumulators by their place in [`accumulators`], in their units; of one that may be a fraction, the place in
    /// `fractions`.
    pub amounts: &'a [(u32, i64)],
    /// Units that may not be whole.
    pub fractions: &'a [Fraction],
}

/// What an account has of an accumulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Total {
    /// Whole units.
    Units(i128),
    /// A fraction.
    Fraction(Fraction),
}

/// What a year accumulated: places in [`accumulators`], and how much.
pub type Totals = Vec<(u32, Total)>;

/// Decimals of an amount in fen.
const FEN: u32 = 2;

/// Everything that an account of a year accumulates under this program, in the order of the benefits.
#[must_use]
pub fn accumulators(program: &Program) -> Vec<Accumulator> {
    let mut list = Listing {
        program,
        found: Vec::new(),
    };
    for benefit in 0..program.benefits().len() {
        list.benefit(benefit);
    }
    for (slot, limit) in program.limits().iter().enumerate() {
        if limit.period == Period::Year {
            let needed = list.drawing_on(slot);
            list.add(format!("{}.used", limit.name), FEN, Place::Used(slot), needed);
        }
    }
    list.caps();
    list.tallies();
    list.found
}

struct Listing<'a> {
    program: &'a Program,
    found: Vec<Accumulator>,
}

impl Listing<'_> {
    fn add(&mut self, name: String, decimals: u32, place: Place, needed: Vec<usize>) -> Option<&mut Accumulator> {
        let benefit = match place {
            Place::Own(benefit, _) | Place::Alone(benefit, _) | Place::Part(benefit, ..) => Some(benefit),
            Place::Used(_) | Place::Cap(..) | Place::Tally(_) => None,
        };
        self.found.push(Accumulator {
            name,
            decimals,
            fraction: false,
            signed: false,
            needed,
            benefit,
            place,
        });
        self.found.last_mut()
    }

    fn benefit(&mut self, at: usize) {
        let Some(benefit) = self.program.benefits().get(at) else {
            return;
        };
        let (code, signed) = (&benefit.code, benefit.signed);
        let base = FEN.saturating_add(u32::from(benefit.base_scale));
        let accrued = base.saturating_add(u32::from(benefit.rate_scale));
        let by_year = self
            .program
            .choices()
            .iter()
            .any(|choice| choice.by == Period::Year && choice.benefits.contains(&at));
        let three = [
            ("base", base, Of::Base),
            ("accrued", accrued, Of::Accrued),
            ("paid", FEN, Of::Paid),
        ];
        let pro_rata = benefit.figures.iter().any(|figure| {
            let shares = figure.parts.as_ref().and_then(|parts| parts.sharing);
            shares == Some(jiugao_program::Sharing::ProRata) && figure.deductible.amount > 0
        });
        for (n, part) in benefit.parts.iter().enumerate() {
            for (word, decimals, of) in three {
                let name = format!("{code}.{}.{word}", part.name);
                if let Some(made) = self.add(name, decimals, Place::Part(at, n, of), Vec::new()) {
                    made.signed = signed;
                    made.fraction = of == Of::Accrued && pro_rata;
                }
            }
        }
        for (word, decimals, of) in three {
            if benefit.parts.is_empty() && (!by_year || of == Of::Paid) {
                let made = self.add(format!("{code}.{word}"), decimals, Place::Own(at, of), Vec::new());
                if let Some(made) = made {
                    made.signed = signed;
                }
            }
            if by_year {
                let made = self.add(
                    format!("{code}.alone.{word}"),
                    decimals,
                    Place::Alone(at, of),
                    Vec::new(),
                );
                if let Some(made) = made {
                    made.signed = signed;
                }
            }
        }
        if benefit.counts_from.is_some() {
            let place = if by_year {
                Place::Alone(at, Of::Counted)
            } else {
                Place::Own(at, Of::Counted)
            };
            if let Some(made) = self.add(format!("{code}.counted"), base, place, Vec::new()) {
                made.signed = signed;
            }
        }
    }

    /// The benefits that draw on a shared limit.
    fn drawing_on(&self, slot: usize) -> Vec<usize> {
        let draws = |benefit: &jiugao_program::Benefit| {
            let mut uses = benefit.figures.iter().flat_map(|figure| &figure.limits);
            uses.any(|limit| matches!(limit, jiugao_program::LimitUse::Shared { slot: drawn, .. } if *drawn == slot))
        };
        let benefits = self.program.benefits().iter().enumerate();
        benefits
            .filter(|(_, benefit)| draws(benefit))
            .map(|(at, _)| at)
            .collect()
    }

    /// Shares of the year's bills: what was left, and the most that counts.
    fn caps(&mut self) {
        let mut of_benefit = vec![0_usize; self.program.benefits().len()];
        let claim = self.program.claim();
        for op in crate::ops::of_section(claim) {
            let Op::CapByYear { a, benefit, slot, .. } = op else {
                continue;
            };
            let scale = claim.kinds.get(a).map_or(0, |(_, scale)| u32::from(*scale));
            let Some(code) = self.program.benefits().get(benefit).map(|benefit| benefit.code.clone()) else {
                continue;
            };
            let Some(nth) = of_benefit.get_mut(benefit) else {
                continue;
            };
            *nth = nth.saturating_add(1);
            let nth = *nth;
            for (side, word) in ["left", "most"].into_iter().enumerate() {
                let name = format!("{code}.share{nth}.{word}");
                if let Some(made) = self.add(name, FEN.saturating_add(scale), Place::Cap(slot, side), vec![benefit]) {
                    made.signed = true;
                }
            }
        }
    }

    /// Totals that the year's end needs, and those of indicators.
    fn tallies(&mut self) {
        let closed: Vec<usize> = self.program.year().iter().map(|year| year.benefit).collect();
        let claim = self.program.claim();
        for (at, op) in crate::ops::of_section(claim).iter().enumerate() {
            let Op::Tally { tally, .. } = *op else { continue };
            let Some(debug) = claim.debug.get(at) else { continue };
            let scale = self.program.tallies().get(tally).copied().unwrap_or(0);
            let warning = self
                .program
                .warnings()
                .iter()
                .find(|warning| warning.name == debug.label);
            let (name, needed) = match (debug.role.as_str(), warning) {
                ("left", _) => (format!("year.left.{}", debug.label), closed.clone()),
                ("uncovered", _) => ("year.uncovered".to_owned(), closed.clone()),
                (_, Some(warning)) => (format!("{}.sum", warning.code), Vec::new()),
                (_, None) => (format!("year.{tally}"), Vec::new()),
            };
            let decimals = FEN.saturating_add(u32::from(scale));
            if let Some(made) = self.add(name, decimals, Place::Tally(tally), needed) {
                made.signed = true;
            }
        }
    }
}
