//! `jiugao._core`: program bytes, Arrow streams and errors cross here, and nothing else.

mod counter;
mod errors;
mod program;
mod settlement;
mod stream;

use pyo3::prelude::*;

#[pymodule(name = "_core")]
mod core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::counter::{Account, Counter};
    #[pymodule_export]
    use crate::errors::Refused;
    #[pymodule_export]
    use crate::program::Program;
    #[pymodule_export]
    use crate::settlement::{Settlement, settle, subsidies, trace};
    #[pymodule_export]
    use crate::stream::{Distinct, Stream, intake};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
