//! Refusals become the one exception of this module; its words are made in Python.

use std::collections::BTreeMap;

use jiugao_columns::{Fault, Refusal};
use pyo3::prelude::*;

pyo3::create_exception!(
    jiugao._core,
    Refused,
    pyo3::exceptions::PyException,
    "What was wrong: `args` are fault, code, arguments."
);

/// The shape of `Refused.args`.
pub(crate) type Parts = (&'static str, &'static str, BTreeMap<&'static str, String>);

/// What a refusal says.
pub(crate) fn parts(refusal: Refusal) -> Parts {
    let fault = match refusal.fault {
        Fault::Program => "program",
        Fault::Data => "data",
        Fault::Run => "run",
    };
    (fault, refusal.code, refusal.arguments.into_iter().collect())
}

/// The exception of a refusal.
pub(crate) fn refused(refusal: Refusal) -> PyErr {
    Refused::new_err(parts(refusal))
}
