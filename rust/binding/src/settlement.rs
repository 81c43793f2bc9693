//! A program and streams come in, the engine is called, a stream goes out.

use std::collections::BTreeMap;

use jiugao_columns::{Account, Naming, PersonTables, Refusal, Request};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors::{Parts, parts, refused};
use crate::program::Program;
use crate::stream::{Input, Output, Stream};

type Names = BTreeMap<String, String>;

/// The settled claims, and what is told beside them.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Settlement {
    output: Output,
    account: Account,
    benefits: Vec<String>,
    summed: Vec<String>,
}

#[pymethods]
impl Settlement {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A request may be left unmet: the types are those of the contract.
        drop(requested_schema);
        self.output.give(py)
    }

    fn failure(&self) -> Option<Parts> {
        self.account.failure().map(parts)
    }

    fn years(&self) -> Stream {
        Stream::new(self.account.years(), jiugao_columns::Failure::default())
    }

    fn accumulated(&self) -> Stream {
        Stream::new(self.account.accumulated(), jiugao_columns::Failure::default())
    }

    fn opened_without_claims(&self) -> Vec<String> {
        self.account.opened_without_claims()
    }

    fn unnamed_identities(&self) -> BTreeMap<String, u64> {
        self.account.unnamed()
    }

    fn totals(&self) -> BTreeMap<String, i128> {
        let totals = self.account.totals();
        let mut told: BTreeMap<String, i128> = [
            ("rows", totals.rows),
            ("persons", totals.persons),
            ("without_standing", totals.without_standing),
            ("merged_intervals", self.account.merged_intervals()),
            ("ignored_applications", self.account.ignored_applications()),
        ]
        .map(|(name, count)| (name.to_owned(), i128::from(count)))
        .into();
        let roles = ["settled", "reversed", "reversal", "rejected"]
            .into_iter()
            .zip(totals.roles);
        told.extend(roles.map(|(role, count)| (role.to_owned(), i128::from(count))));
        told.insert("psn_burden".into(), totals.burden);
        told.insert("excess".into(), totals.excess);
        for (at, code) in self.benefits.iter().enumerate() {
            told.insert(code.clone(), totals.benefits.get(at).copied().unwrap_or(0));
            told.insert(
                format!("{code}.year_end"),
                totals.year_end.get(at).copied().unwrap_or(0),
            );
        }
        told
    }

    fn sums(&self) -> BTreeMap<String, (i128, i128)> {
        let sums = self.account.totals().summed;
        let sum = |at: usize| sums.get(at).map_or((0, 0), |[all, undone]| (*all, *undone));
        let columns = self.summed.iter().enumerate();
        columns.map(|(at, column)| (column.clone(), sum(at))).collect()
    }
}

fn naming(columns: Option<Names>, constants: Option<Names>, passthrough: Option<Vec<String>>) -> Naming {
    Naming {
        summed: Vec::new(),
        columns: columns.unwrap_or_default(),
        constants: constants.unwrap_or_default(),
        passthrough: passthrough.unwrap_or_default(),
    }
}

/// Settle claims.
#[pyfunction]
#[pyo3(signature = (program, claims, *, people=None, applications=None, opening=None, columns=None, constants=None,
    close_year=false, years=true, details=false, wide=false, threads=1, passthrough=None, result_columns=None,
    totals_until=None, people_in_order=false, months=false, summed=None))]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python call")]
pub(crate) fn settle(
    py: Python<'_>,
    program: &Bound<'_, Program>,
    claims: Input,
    people: Option<Input>,
    applications: Option<Input>,
    opening: Option<Input>,
    columns: Option<Names>,
    constants: Option<Names>,
    close_year: bool,
    years: bool,
    details: bool,
    wide: bool,
    threads: usize,
    passthrough: Option<Vec<String>>,
    result_columns: Option<Vec<String>>,
    totals_until: Option<i32>,
    people_in_order: bool,
    months: bool,
    summed: Option<Vec<String>>,
) -> PyResult<Settlement> {
    let crate::program::Program(program, desks) = program.get();
    let (program, desks) = (program.clone(), desks.clone());
    let benefits = program.benefits().iter().map(|benefit| benefit.code.clone()).collect();
    let summed = summed.unwrap_or_default();
    let request = Request {
        naming: Naming {
            summed: summed.clone(),
            ..naming(columns, constants, passthrough)
        },
        close_year,
        years,
        details,
        wide,
        threads,
        totals: totals_until,
        columns: result_columns,
        desks,
        people_in_order,
        months,
    };
    let tables = tables(people, applications, opening);
    let settled = py.detach(|| jiugao_columns::settle(program, claims.0, tables, request));
    let (settlement, account) = settled.map_err(refused)?;
    Ok(Settlement {
        output: Output::new(Box::new(settlement)),
        account,
        benefits,
        summed,
    })
}

fn tables(people: Option<Input>, applications: Option<Input>, opening: Option<Input>) -> PersonTables {
    PersonTables {
        people: people.map(|people| people.0),
        applications: applications.map(|rows| rows.0),
        opening: opening.map(|rows| rows.0),
    }
}

/// Every step of one row.
#[pyfunction]
#[pyo3(signature = (program, claims, row, *, people=None, applications=None, opening=None, columns=None, constants=None))]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python call")]
pub(crate) fn trace(
    py: Python<'_>,
    program: &Bound<'_, Program>,
    claims: Input,
    row: usize,
    people: Option<Input>,
    applications: Option<Input>,
    opening: Option<Input>,
    columns: Option<Names>,
    constants: Option<Names>,
) -> PyResult<String> {
    let program = program.get().0.clone();
    let tables = tables(people, applications, opening);
    let naming = naming(columns, constants, None);
    let traced = py.detach(|| {
        let trace = jiugao_columns::trace(&program, claims.0, tables, &naming, row)?;
        serde_json::to_string(&trace).map_err(|error| Refusal::data("D919", [("detail", error.to_string())]))
    });
    traced.map_err(refused)
}

/// The premium subsidies of every enrolment row.
#[pyfunction]
#[pyo3(signature = (program, enrolment, *, people=None, columns=None, constants=None, passthrough=None))]
pub(crate) fn subsidies(
    py: Python<'_>,
    program: &Bound<'_, Program>,
    enrolment: Input,
    people: Option<Input>,
    columns: Option<Names>,
    constants: Option<Names>,
    passthrough: Option<Vec<String>>,
) -> PyResult<Stream> {
    let program = program.get().0.clone();
    let naming = naming(columns, constants, passthrough);
    let people = people.map(|people| people.0);
    let made = py.detach(|| jiugao_columns::subsidies(program, enrolment.0, people, &naming));
    let (batches, failure) = made.map_err(refused)?;
    Ok(Stream::new(batches, failure))
}
