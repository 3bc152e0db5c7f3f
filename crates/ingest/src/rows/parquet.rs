//! Parquet: row groups in batches, every column as text, nested structures flattened to `outer.inner`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::{BATCH_ROWS, Batch};
use crate::error::IngestError;
use crate::files::SourceFile;
use crate::open::read_error;
use crate::progress::Progress;

/// Reads a Parquet file.
pub(crate) struct ParquetReader<'a> {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    progress: &'a dyn Progress,
    /// Bytes of the file that stand for one row.
    bytes_per_row: u64,
    row: u64,
}

impl<'a> ParquetReader<'a> {
    pub(super) fn open(file: &SourceFile, progress: &'a dyn Progress) -> Result<Self, IngestError> {
        let path = &file.path;
        let stored = File::open(path).map_err(|source| read_error(path, source))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(stored)
            .map_err(|error| damaged(path, error))?;
        let n_rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let batches =
            builder.with_batch_size(BATCH_ROWS).build().map_err(|error| damaged(path, error))?;
        let bytes_per_row = file.size_bytes / n_rows.max(1);
        Ok(Self { path: path.clone(), batches, progress, bytes_per_row, row: 0 })
    }

    pub(super) fn fill(&mut self, batch: &mut Batch) -> Result<(), IngestError> {
        let Some(records) = self.batches.next() else {
            return Ok(());
        };
        let records = records.map_err(|error| damaged(&self.path, error))?;
        let (names, arrays) = text_columns(&records).map_err(|error| damaged(&self.path, error))?;
        if *batch.columns != names {
            batch.columns = Arc::new(names);
        }
        batch.is_rectangular = false;
        for row in 0..records.num_rows() {
            self.row += 1;
            let cells = arrays.iter().map(|array| {
                if array.is_null(row) { &b""[..] } else { array.value(row).as_bytes() }
            });
            batch.push(self.row, cells);
        }
        self.progress.bytes(self.bytes_per_row * records.num_rows() as u64);
        Ok(())
    }
}

fn damaged(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> IngestError {
    IngestError::Parquet { path: path.to_owned(), source: Box::new(error) }
}

/// The columns of a batch as text. Lists and maps have no text and are left out.
fn text_columns(
    records: &RecordBatch,
) -> Result<(Vec<String>, Vec<StringArray>), arrow_schema::ArrowError> {
    let (mut names, mut arrays) = (Vec::new(), Vec::new());
    for (field, array) in records.schema().fields().iter().zip(records.columns()) {
        flatten(field.name(), array, &mut names, &mut arrays)?;
    }
    Ok((names, arrays))
}

fn flatten(
    name: &str,
    array: &ArrayRef,
    names: &mut Vec<String>,
    arrays: &mut Vec<StringArray>,
) -> Result<(), arrow_schema::ArrowError> {
    if let Some(nested) = array.as_struct_opt() {
        for (field, inner) in nested.fields().iter().zip(nested.columns()) {
            flatten(&format!("{name}.{}", field.name()), inner, names, arrays)?;
        }
    } else if !array.data_type().is_nested() && can_cast_types(array.data_type(), &DataType::Utf8) {
        let text = cast_with_options(array, &DataType::Utf8, &CastOptions::default())?;
        names.push(name.to_owned());
        arrays.push(text.as_string::<i32>().clone());
    }
    Ok(())
}
