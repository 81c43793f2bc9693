//! Program bytes come in, a verified program goes out.

use std::sync::Arc;

use jiugao_columns::Desks;
use jiugao_program::decode;
use pyo3::prelude::*;
use serde_json::json;

use crate::errors::refused;

/// A decoded and verified program file, and what settlements of it leave behind.
#[pyclass(frozen, module = "jiugao._core")]
pub(crate) struct Program(pub(crate) Arc<jiugao_program::Program>, pub(crate) Desks);

#[pymethods]
impl Program {
    #[new]
    fn new(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        let program = py.detach(|| decode(data)).map_err(|error| refused(error.into()))?;
        Ok(Self(Arc::new(program), Desks::default()))
    }

    #[getter]
    fn digest(&self) -> &str {
        self.0.digest()
    }

    fn describe(&self) -> String {
        let program = &*self.0;
        let policy = program.policy();
        let inputs = program.inputs().iter().map(|input| {
            json!({
                "column": input.column, "label": input.label, "kind": format!("{:?}", input.kind).to_lowercase(),
                "table": format!("{:?}", input.table).to_lowercase(), "required": input.required,
                "default": input.default, "alternatives": input.alternatives, "codes": input.codes, "labels": input.labels,
            })
        });
        let benefits = program.benefits().iter().map(|benefit| {
            json!({"code": benefit.code, "name": benefit.name, "payer": benefit.payer, "by_standing": benefit.by_standing,
                "actual": benefit.actual.iter().filter_map(|&at| program.inputs().get(at)).map(|input| &input.column).collect::<Vec<_>>(),
            })
        });
        let classes = program
            .classes()
            .iter()
            .map(|class| json!({"name": class.name, "on_application": class.lookback.is_some()}));
        let accumulators = jiugao_columns::accumulators(program);
        let accumulators = accumulators.iter().map(|one| {
            let code = |at: &usize| program.benefits().get(*at).map(|benefit| &benefit.code);
            json!({
                "name": one.name, "decimals": one.decimals, "fraction": one.fraction, "signed": one.signed,
                "benefit": one.benefit.as_ref().and_then(code), "kind": one.kind(),
                "needed_by": one.needed.iter().filter_map(code).collect::<Vec<_>>(),
            })
        });
        json!({
            "accumulators": accumulators.collect::<Vec<_>>(),
            "digest": program.digest(),
            "policy": {"code": policy.code, "name": policy.name},
            "day_input": program.inputs().get(program.day_input()).map(|input| &input.column),
            "inputs": inputs.collect::<Vec<_>>(),
            "benefits": benefits.collect::<Vec<_>>(),
            "classes": classes.collect::<Vec<_>>(),
            "identities": program.identities(),
            "limits": program.limits().iter().map(|limit| &limit.name).collect::<Vec<_>>(),
            "measures": program.measures().iter().map(|m| &m.name).collect::<Vec<_>>(),
            "warnings": program.warnings().iter().map(|w| json!({"code": w.code, "name": w.name})).collect::<Vec<_>>(),
            "subsidies": program.subsidies().iter().map(|s| json!({"code": s.code, "name": s.name, "payer": s.payer})).collect::<Vec<_>>(),
        })
        .to_string()
    }
}
