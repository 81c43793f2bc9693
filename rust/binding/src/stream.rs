//! Objects with `__arrow_c_stream__` come in and go out.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use arrow_array::RecordBatchReader;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_pyarrow::FromPyArrow;
use jiugao_columns::{Batches, Failure, Refusal};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors::{Parts, parts, refused};

/// Any object that is an Arrow stream.
pub(crate) struct Input(pub(crate) Batches);

impl<'py> FromPyObject<'_, 'py> for Input {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if !object.hasattr("__arrow_c_stream__")? {
            let kind = object.get_type().name()?.to_string();
            return Err(refused(Refusal::data("D936", [("kind", kind)])));
        }
        let reader = RecordBatchStreamReader::from_pyarrow_bound(&object)?;
        Ok(Self(Box::new(reader)))
    }
}

/// A stream that can be given away once.
pub(crate) struct Output(Mutex<Option<Batches>>);

impl Output {
    pub(crate) fn new(batches: Batches) -> Self {
        Self(Mutex::new(Some(batches)))
    }

    /// The capsule of the Arrow C stream interface; the stream is the capsule's from then on.
    pub(crate) fn give<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let batches = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let batches = batches.ok_or_else(|| refused(Refusal::data("D939", [])))?;
        let batches: Box<dyn RecordBatchReader + Send> = batches;
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), c"arrow_array_stream")
    }
}

/// Record batches made on demand; can be read once.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Stream {
    output: Output,
    failure: Failure,
}

impl Stream {
    pub(crate) fn new(batches: Batches, failure: Failure) -> Self {
        Self {
            output: Output::new(batches),
            failure,
        }
    }
}

#[pymethods]
impl Stream {
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
        self.failure.get().map(parts)
    }
}

type Spec = (String, String, Vec<String>, bool, Vec<String>, Option<String>);

/// Type the columns of a stream.
#[pyfunction]
pub(crate) fn intake(stream: Input, columns: Vec<Spec>, file: String) -> PyResult<Stream> {
    let columns =
        columns.into_iter().map(
            |(name, kind, spellings, required, codes, default)| jiugao_columns::IntakeColumn {
                name,
                kind,
                spellings,
                required,
                codes,
                default,
            },
        );
    let (batches, failure) = jiugao_columns::intake(stream.0, columns.collect(), file).map_err(refused)?;
    Ok(Stream::new(batches, failure))
}

/// Names seen so far: whether all of them differ.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Distinct(Mutex<Option<jiugao_columns::Distinct>>);

#[pymethods]
impl Distinct {
    #[new]
    fn new(folder: PathBuf) -> Self {
        Self(Mutex::new(Some(jiugao_columns::Distinct::new(folder))))
    }

    #[pyo3(signature = (names, /))]
    fn add(&self, py: Python<'_>, names: Input) -> PyResult<()> {
        let added = py.detach(|| {
            let mut distinct = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let distinct = distinct.as_mut().ok_or_else(|| Refusal::data("D939", []))?;
            distinct.add(names.0)
        });
        added.map_err(refused)
    }

    fn all_differ(&self, py: Python<'_>) -> PyResult<bool> {
        let told = py.detach(|| {
            let distinct = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            distinct.ok_or_else(|| Refusal::data("D939", []))?.all_differ()
        });
        told.map_err(refused)
    }
}
