//! Arrow streams come in, batches of claims go to the machine, Arrow streams go out. The only user of arrow.

mod cell;
mod chunk;
mod counter;
mod cutting;
mod intake;
mod layout;
mod lending;
mod mapped;
mod neighbours;
mod output;
mod people;
mod person;
mod reading;
mod refusal;
mod register;
mod settlement;
mod settling;
mod subsidies;
mod text;
mod together;
mod totals;
mod tracing;
mod wide;

pub use counter::{Claim, Counter, Given, Ledger, Paid};
pub use intake::{IntakeColumn, intake};
pub use layout::Naming;
pub use mapped::Failure;
pub use people::Batches;
pub use refusal::{Fault, Refusal};
pub use settlement::{Account, PersonTables, Request, Settlement, settle};
pub use subsidies::subsidies;
pub use totals::Totals;
pub use tracing::trace;
