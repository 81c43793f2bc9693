//! One claim at a time comes in; what it pays goes out.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiugao_columns::{Claim, Given, Ledger};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyString};

use crate::errors::refused;
use crate::program::Program;

/// A program at a counter.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Counter(Arc<Desk>);

/// A counter, and the words that every payment is told in.
struct Desk {
    counter: jiugao_columns::Counter,
    benefits: Vec<Py<PyString>>,
    classes: Vec<Py<PyString>>,
}

type Identity = (String, Option<String>, Option<String>);

#[pymethods]
impl Counter {
    #[new]
    #[pyo3(signature = (program, beside=None))]
    fn new(py: Python<'_>, program: &Bound<'_, Program>, beside: Option<HashSet<String>>) -> Self {
        let program = &program.get().0;
        let word = |text: &str| PyString::intern(py, text).unbind();
        Self(Arc::new(Desk {
            counter: jiugao_columns::Counter::new(program.clone(), beside),
            benefits: program.benefits().iter().map(|benefit| word(&benefit.code)).collect(),
            classes: program.classes().iter().map(|class| word(&class.name)).collect(),
        }))
    }

    #[pyo3(signature = (identities, applications, opening))]
    fn open(
        &self,
        identities: Vec<Identity>,
        applications: Vec<(String, String)>,
        opening: Vec<(i32, String, String)>,
    ) -> PyResult<Account> {
        let counter = &self.0.counter;
        let ledger = counter.open(&identities, &applications, &opening).map_err(refused)?;
        Ok(Account {
            desk: self.0.clone(),
            ledger: Mutex::new(ledger),
        })
    }
}

/// A person's claims so far.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Account {
    desk: Arc<Desk>,
    ledger: Mutex<Ledger>,
}

/// A value as it was handed in.
enum Taken<'py> {
    Flag(bool),
    Number(i64),
    Text(Bound<'py, PyString>),
    Other(Bound<'py, PyString>),
}

impl<'py> Taken<'py> {
    fn of(value: &Bound<'py, PyAny>) -> PyResult<Self> {
        // To Python a bool is an int.
        if let Ok(flag) = value.cast::<PyBool>() {
            return Ok(Self::Flag(flag.is_true()));
        }
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(Self::Text(text.clone()));
        }
        match value.cast::<PyInt>().map(|number| number.extract()) {
            Ok(Ok(number)) => Ok(Self::Number(number)),
            _ => Ok(Self::Other(value.repr()?)),
        }
    }

    fn given(&self) -> PyResult<Given<'_>> {
        Ok(match self {
            Self::Flag(flag) => Given::Flag(*flag),
            Self::Number(number) => Given::Number(*number),
            Self::Text(text) => Given::Text(text.to_str()?),
            Self::Other(shown) => Given::Other(shown.to_str()?),
        })
    }
}

type Paid<'py> = (Option<Bound<'py, PyString>>, bool, Bound<'py, PyDict>, i64, i64);

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
        let mut given: Vec<(Bound<'py, PyString>, Taken<'py>)> = Vec::with_capacity(values.len());
        for (name, value) in values {
            given.push((name.cast_into::<PyString>()?, Taken::of(&value)?));
        }
        let mut read = Vec::with_capacity(given.len());
        for (name, value) in &given {
            read.push((name.to_str()?, value.given()?));
        }
        let claim = Claim {
            time,
            settlement,
            undoes,
        };
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let paid = self
            .desk
            .counter
            .settle(&mut ledger, claim, read.into_iter())
            .map_err(refused)?;
        let benefits = PyDict::new(py);
        for (code, fen) in self.desk.benefits.iter().zip(paid.benefits) {
            benefits.set_item(code.bind(py), fen)?;
        }
        let standing = paid.standing.and_then(|class| self.desk.classes.get(class));
        let standing = standing.map(|name| name.bind(py).clone());
        Ok((standing, paid.reversal, benefits, paid.burden, paid.excess))
    }
}
