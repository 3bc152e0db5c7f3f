//! Parquet: row groups in batches, every column as text, nested structures flattened to `outer.inner`.

mod column;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::can_cast_types;
use arrow_schema::{ArrowError, DataType};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::{BATCH_ROWS, Batch};
use crate::error::IngestError;
use crate::files::SourceFile;
use crate::open::read_error;
use crate::progress::{Progress, Work};

use column::Column;

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
        let began = Instant::now();
        let records = self.batches.next();
        self.progress.busy(Work::Load, began.elapsed());
        let Some(records) = records else {
            return Ok(());
        };
        let records = records.map_err(|error| damaged(&self.path, error))?;
        let mut columns = Columns::default();
        columns.add_all(&records).map_err(|error| damaged(&self.path, error))?;
        if *batch.columns != columns.names {
            batch.columns = Arc::new(columns.names);
        }
        batch.is_rectangular = false;
        for row in 0..records.num_rows() {
            self.row += 1;
            batch.push(self.row, columns.columns.iter_mut(), |column, bytes| {
                column.write(row, bytes);
            });
        }
        self.progress.bytes(self.bytes_per_row * records.num_rows() as u64);
        Ok(())
    }
}

fn damaged(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> IngestError {
    IngestError::Parquet { path: path.to_owned(), source: Box::new(error) }
}

/// The columns of a batch that have a text; lists and maps have none and are left out.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    columns: Vec<Column>,
}

impl Columns {
    fn add_all(&mut self, records: &RecordBatch) -> Result<(), ArrowError> {
        for (field, array) in records.schema().fields().iter().zip(records.columns()) {
            self.add(field.name(), array)?;
        }
        Ok(())
    }

    fn add(&mut self, name: &str, array: &ArrayRef) -> Result<(), ArrowError> {
        if let Some(nested) = array.as_struct_opt() {
            for (field, inner) in nested.fields().iter().zip(nested.columns()) {
                self.add(&format!("{name}.{}", field.name()), inner)?;
            }
        } else if !array.data_type().is_nested()
            && can_cast_types(array.data_type(), &DataType::Utf8)
        {
            self.names.push(name.to_owned());
            self.columns.push(Column::of(array)?);
        }
        Ok(())
    }
}
