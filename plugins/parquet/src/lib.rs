//! Weir's plug-in for Parquet: five C functions around the parquet crate. Record batches cross the border in the Arrow C data interface.
//!
//! Every function returns 0 or an error code; the text of an error is copied into the caller's buffer, cut to its size and ended by NUL.
//! No panic crosses the border. A handle belongs to one thread at a time.

use std::ffi::{c_char, CStr};
use std::fs::File;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

use arrow::array::{Array, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, TimeUnit};
use arrow::record_batch::RecordBatchReader;
use arrow::ffi::{from_ffi, FFI_ArrowArray, FFI_ArrowSchema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Raised when the functions below change.
const ABI_VERSION: i32 = 1;

type Failure = Box<dyn std::error::Error>;

unsafe fn tell(text: &str, error: *mut c_char, error_bytes: usize) {
    if error.is_null() || error_bytes == 0 {
        return;
    }
    let mut size = text.len().min(error_bytes - 1);
    while !text.is_char_boundary(size) {
        size -= 1;
    }
    std::ptr::copy_nonoverlapping(text.as_ptr(), error as *mut u8, size);
    *error.add(size) = 0;
}

unsafe fn guarded(error: *mut c_char, error_bytes: usize, body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => 0,
        Ok(Err(failure)) => {
            tell(&failure.to_string(), error, error_bytes);
            1
        }
        Err(_) => {
            tell("the Parquet library gave up (a panic)", error, error_bytes);
            2
        }
    }
}

#[no_mangle]
pub extern "C" fn weir_parquet_abi() -> i32 {
    ABI_VERSION
}

/// An open file: its batches, and the schema of what was asked for.
pub struct Reader {
    batches: ParquetRecordBatchReader,
    schema: Arc<Schema>,
}

/// INT96 timestamps are read as microseconds: as nanoseconds they would end in the year 2262.
fn microseconds(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => DataType::Timestamp(TimeUnit::Microsecond, zone.clone()),
        DataType::List(element) => DataType::List(microseconds(element)),
        DataType::Map(entries, sorted) => DataType::Map(microseconds(entries), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(microseconds).collect::<Fields>()),
        other => other.clone(),
    };
    Arc::new(Field::new(field.name(), data_type, field.is_nullable()).with_metadata(field.metadata().clone()))
}

fn has_int96(metadata: &ArrowReaderMetadata) -> bool {
    let schema = metadata.metadata().file_metadata().schema_descr();
    (0..schema.num_columns()).any(|i| schema.column(i).physical_type() == parquet::basic::Type::INT96)
}

fn open(path: &str, names: Option<&[&str]>, batch_rows: usize) -> Result<Reader, Failure> {
    let file = File::open(path)?;
    // Plain arrays: what a writer put into the embedded Arrow schema (dictionaries, views) does not matter here.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let mut metadata = ArrowReaderMetadata::load(&file, options.clone())?;
    if has_int96(&metadata) {
        let fields = metadata.schema().fields().iter().map(microseconds).collect::<Fields>();
        metadata = ArrowReaderMetadata::load(&file, options.with_schema(Arc::new(Schema::new(fields))))?;
    }
    let roots: Vec<usize> = metadata.schema().fields().iter().enumerate().filter(|(_, f)| names.map_or(true, |n| n.contains(&f.name().as_str()))).map(|(i, _)| i).collect();
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let batches = builder.with_projection(mask).with_batch_size(batch_rows).build()?;
    let schema = batches.schema();
    Ok(Reader { batches, schema })
}

/// Open a file for those of the named columns that it has (`names` NULL: all), in the file's order; `schema` describes them as a struct.
/// # Safety
/// `path` and the names are C strings; `schema` is written to and then the caller's to release.
#[no_mangle]
pub unsafe extern "C" fn weir_parquet_open(
    path: *const c_char,
    names: *const *const c_char,
    name_count: usize,
    batch_rows: usize,
    schema: *mut FFI_ArrowSchema,
    out: *mut *mut Reader,
    error: *mut c_char,
    error_bytes: usize,
) -> i32 {
    guarded(error, error_bytes, || {
        let path = CStr::from_ptr(path).to_str()?;
        let wanted = if names.is_null() { None } else { Some((0..name_count).map(|i| CStr::from_ptr(*names.add(i)).to_str()).collect::<Result<Vec<_>, _>>()?) };
        let reader = open(path, wanted.as_deref(), batch_rows)?;
        let exported = FFI_ArrowSchema::try_from(DataType::Struct(reader.schema.fields().clone()))?;
        std::ptr::write(schema, exported);
        *out = Box::into_raw(Box::new(reader));
        Ok(())
    })
}

/// The next rows as a struct array; *more false: there are none.
/// # Safety
/// `reader` is a handle of weir_parquet_open; `array` is written to and then the caller's to release.
#[no_mangle]
pub unsafe extern "C" fn weir_parquet_next(reader: *mut Reader, array: *mut FFI_ArrowArray, more: *mut bool, error: *mut c_char, error_bytes: usize) -> i32 {
    guarded(error, error_bytes, || {
        *more = false;
        if let Some(batch) = (*reader).batches.next() {
            let rows = StructArray::from(batch?);
            std::ptr::write(array, FFI_ArrowArray::new(&rows.to_data()));
            *more = true;
        }
        Ok(())
    })
}

/// # Safety
/// `reader` is a handle of weir_parquet_open, not used again; NULL is fine.
#[no_mangle]
pub unsafe extern "C" fn weir_parquet_close(reader: *mut Reader) {
    if !reader.is_null() {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(Box::from_raw(reader))));
    }
}

/// A file that is being written, in memory: the bytes made so far are taken away again and again.
pub struct Writer {
    writer: Option<ArrowWriter<Vec<u8>>>,
    schema: Arc<Schema>,
    taken: Vec<u8>,
}

fn compression(name: &str) -> Result<Compression, Failure> {
    Ok(match name.to_ascii_uppercase().as_str() {
        "UNCOMPRESSED" => Compression::UNCOMPRESSED,
        "SNAPPY" => Compression::SNAPPY,
        "GZIP" => Compression::GZIP(GzipLevel::default()),
        "BROTLI" => Compression::BROTLI(BrotliLevel::default()),
        "ZSTD" => Compression::ZSTD(ZstdLevel::default()),
        "LZ4" | "LZ4_RAW" => Compression::LZ4_RAW,
        other => return Err(format!("'{other}' is no compression of Parquet").into()),
    })
}

/// Start a file of rows like `schema` (a struct; taken over).
/// # Safety
/// `schema` is an exported schema; its release passes to this function.
#[no_mangle]
pub unsafe extern "C" fn weir_parquet_writer(schema: *mut FFI_ArrowSchema, compression_name: *const c_char, out: *mut *mut Writer, error: *mut c_char, error_bytes: usize) -> i32 {
    guarded(error, error_bytes, || {
        let schema = FFI_ArrowSchema::from_raw(schema);
        let schema = Arc::new(Schema::try_from(&schema)?);
        let properties = WriterProperties::builder().set_compression(compression(CStr::from_ptr(compression_name).to_str()?)?).set_created_by("weir".into()).build();
        let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties))?;
        *out = Box::into_raw(Box::new(Writer { writer: Some(writer), schema, taken: Vec::new() }));
        Ok(())
    })
}

/// Add rows (`array`: a struct array, taken over; NULL: none), finish the file if `finish`; *data, *size: bytes to be written next, valid until the next call.
/// # Safety
/// `writer` is a handle of weir_parquet_writer.
#[no_mangle]
pub unsafe extern "C" fn weir_parquet_write(
    writer: *mut Writer,
    array: *mut FFI_ArrowArray,
    finish: bool,
    data: *mut *const u8,
    size: *mut usize,
    error: *mut c_char,
    error_bytes: usize,
) -> i32 {
    guarded(error, error_bytes, || {
        let this = &mut *writer;
        let inner = this.writer.as_mut().ok_or("the file is finished")?;
        if !array.is_null() {
            let array = FFI_ArrowArray::from_raw(array);
            let exported = FFI_ArrowSchema::try_from(DataType::Struct(this.schema.fields().clone()))?;
            let rows = RecordBatch::from(StructArray::from(from_ffi(array, &exported)?));
            inner.write(&rows.with_schema(this.schema.clone())?)?;
        }
        if finish {
            inner.finish()?;
        }
        this.taken = std::mem::take(inner.inner_mut());
        if finish {
            this.writer = None;
        }
        *data = this.taken.as_ptr();
        *size = this.taken.len();
        Ok(())
    })
}

/// # Safety
/// `writer` is a handle of weir_parquet_writer, not used again; NULL is fine.
#[no_mangle]
pub unsafe extern "C" fn weir_parquet_writer_close(writer: *mut Writer) {
    if !writer.is_null() {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(Box::from_raw(writer))));
    }
}
