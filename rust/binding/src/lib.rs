//! `jiugao._core`: program bytes, Arrow streams and errors cross here, and nothing else.

use pyo3::prelude::*;

#[pymodule(name = "_core")]
mod core {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
