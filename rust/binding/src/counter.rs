//! One claim at a time comes in; what it pays goes out.

use std::sync::{Arc, Mutex, PoisonError};

use jiugao_columns::{Claim, Given, Ledger};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyString, PyTuple};

use crate::errors::refused;
use crate::program::Program;

/// A program at a counter.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Counter(Arc<jiugao_columns::Counter>);

type Identity = (String, Option<String>, Option<String>);

#[pymethods]
impl Counter {
    #[new]
    fn new(program: &Bound<'_, Program>) -> Self {
        Self(Arc::new(jiugao_columns::Counter::new(program.get().0.clone())))
    }

    #[pyo3(signature = (identities, applications))]
    fn open(&self, identities: Vec<Identity>, applications: Vec<(String, String)>) -> PyResult<Account> {
        let ledger = self.0.open(&identities, &applications).map_err(refused)?;
        Ok(Account {
            counter: self.0.clone(),
            ledger: Mutex::new(ledger),
        })
    }
}

/// A person's claims so far.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Account {
    counter: Arc<jiugao_columns::Counter>,
    ledger: Mutex<Ledger>,
}

type Paid<'py> = (Option<usize>, bool, Bound<'py, PyTuple>, i64, i64);

#[pymethods]
impl Account {
    #[pyo3(signature = (time, settlement, values, undoes, /))]
    fn settle<'py>(
        &self,
        py: Python<'py>,
        time: &str,
        settlement: &str,
        values: &Bound<'py, PyDict>,
        undoes: Option<&str>,
    ) -> PyResult<Paid<'py>> {
        let mut given: Vec<(Bound<'py, PyString>, Bound<'py, PyAny>)> = Vec::with_capacity(values.len());
        for (name, value) in values {
            given.push((name.cast_into::<PyString>()?, value));
        }
        let mut read = Vec::with_capacity(given.len());
        for (name, value) in &given {
            let value = match value.cast::<PyInt>() {
                Ok(number) => Given::Number(number.extract()?),
                Err(_) => Given::Text(value.cast::<PyString>()?.to_str()?),
            };
            read.push((name.to_str()?, value));
        }
        let claim = Claim {
            time,
            settlement,
            undoes,
        };
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let paid = self
            .counter
            .settle(&mut ledger, claim, read.into_iter())
            .map_err(refused)?;
        let benefits = PyTuple::new(py, paid.benefits)?;
        Ok((paid.standing, paid.reversal, benefits, paid.burden, paid.excess))
    }
}
