//! Batches with 64-bit decimals come in; the same with 128-bit decimals go out, for readers that take every decimal
//! for one of 128 bits and would show wrong amounts without a word.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal64Type;
use arrow_array::{Array, ArrayRef, Decimal128Array, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

/// The schema with its 64-bit decimals widened.
pub(crate) fn widened_schema(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Decimal64(digits, decimals) => {
            let kind = DataType::Decimal128(*digits, *decimals);
            Arc::new(Field::new(field.name(), kind, field.is_nullable()))
        }
        _ => field.clone(),
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The batch with its 64-bit decimals widened, as `schema` says.
pub(crate) fn widened(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns: Result<Vec<ArrayRef>, ArrowError> = batch.columns().iter().map(wide).collect();
    RecordBatch::try_new(schema.clone(), columns?)
}

fn wide(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match (column.as_primitive_opt::<Decimal64Type>(), column.data_type()) {
        (Some(narrow), DataType::Decimal64(digits, decimals)) => {
            let values = narrow.values().iter().map(|&value| i128::from(value)).collect();
            let wide = Decimal128Array::try_new(values, narrow.nulls().cloned())?;
            Ok(Arc::new(wide.with_precision_and_scale(*digits, *decimals)?))
        }
        _ => Ok(column.clone()),
    }
}
