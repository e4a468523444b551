//! Rows of aggregations: structs that are read by the names of their columns.

use super::replies::{OtherEntries, ReadResults, Results, SearchReply, read_named};
use crate::{
    reply::{Any, FromReply},
    resp::{DecodeError, Reader},
};
use std::{fmt, marker::PhantomData};

/// A row of an aggregation: a struct whose fields are columns.
///
/// The derive of the same name makes a constant for each column, into which an [`Aggregation`](super::Aggregation) computes. A
/// column is of any type that a script's reply can be read as: text, numbers, `Option` where it may be missing or null, and `Vec` for
/// a list. `#[typedis(rename = "name")]` gives it another name.
///
/// ```
/// use typedis::commands::search::SearchRow;
///
/// #[derive(SearchRow)]
/// struct Facet {
///     category: Option<String>,
///     count: u64,
///     names: Vec<String>,
/// }
/// assert_eq!(Facet::COLUMNS.count.name(), "count");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of an aggregation",
    label = "not a struct with `#[derive(SearchRow)]`",
    note = "write `#[derive(typedis::commands::search::SearchRow)]` on a struct whose fields are the columns"
)]
pub trait SearchRow: Sized {
    /// The struct of the columns.
    type Columns: Copy;
    /// The columns, by the names that they have in this struct.
    const COLUMNS: Self::Columns;
    /// The names of the columns, in the order of the struct.
    const NAMES: &'static [&'static str];

    /// Reads the row from its columns.
    #[doc(hidden)]
    fn read_columns(columns: &mut ColumnReader<'_, '_>) -> Result<Self, DecodeError>;
}

/// A column of the row `R`, with values of the type `T`.
pub struct Column<R, T> {
    name: &'static str,
    of: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Column<R, T> {
    /// For the derive: makes a column.
    #[doc(hidden)]
    pub const fn declared(name: &'static str) -> Self
    where
        T: FromReply<Any>,
    {
        Column { name, of: PhantomData }
    }

    /// Returns the column's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<R, T> Clone for Column<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R, T> Copy for Column<R, T> {}
impl<R, T> fmt::Debug for Column<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Column").field(&self.name).finish()
    }
}

/// For the derive: reads the columns of one row.
#[derive(Debug)]
pub struct ColumnReader<'a, 'b> {
    reader: &'a mut Reader<'b>,
    left: usize,
}

impl ColumnReader<'_, '_> {
    /// Returns the index of the next column that the row has, and skips those that it does not have.
    pub fn next_known(&mut self, names: &[&str]) -> Result<Option<usize>, DecodeError> {
        while self.left > 0 {
            self.left -= 1;
            let name = self.reader.bytes()?;
            match names.iter().position(|known| known.as_bytes() == name) {
                Some(index) => return Ok(Some(index)),
                None => self.reader.ignore()?,
            }
        }
        Ok(None)
    }

    /// Reads the value of the column `name`, whose index was returned last.
    pub fn value<T: FromReply<Any>>(&mut self, name: &str) -> Result<T, DecodeError> {
        T::read(self.reader).map_err(|error| match error {
            DecodeError::Mismatch(reason) => DecodeError::Mismatch(format!("column `{name}`: {reason}").into()),
            error => error,
        })
    }

    /// Returns the value of a column, or that of a missing one: null, where the type can be that.
    pub fn required<T: FromReply<Any>>(&self, value: Option<T>, name: &str) -> Result<T, DecodeError> {
        let null = || T::read(&mut Reader::new(&NULL)).ok();
        value.or_else(null).ok_or_else(|| {
            DecodeError::Mismatch(
                format!("the row has no column `{name}`; make it an `Option` where that may be").into(),
            )
        })
    }
}

static NULL: bytes::Bytes = bytes::Bytes::from_static(b"_\r\n");

/// Reads a row from a map, or from an array of names and values.
fn read_row<R: SearchRow>(reader: &mut Reader<'_>) -> Result<Row<R>, DecodeError> {
    if reader.null()? {
        return Ok(Row::Expired);
    }
    let left = reader.map()?;
    let row = R::read_columns(&mut ColumnReader { reader, left });
    match row {
        Err(DecodeError::Mismatch(reason)) if left == 0 => Ok(Row::Empty(reason)),
        row => row.map(Row::Read),
    }
}

/// A row as it came.
enum Row<R> {
    Read(R),
    /// A row without columns, as which the server ends results that are partial; with the reason why it is no `R`.
    Empty(Box<str>),
    /// The null in the place of a document that has expired, and is still in the index because nothing has removed it yet.
    Expired,
}

/// The rows, without those that are empty and those of expired documents. Where the results are complete an empty row is an error.
fn rows<R>(rows: Vec<Row<R>>, is_complete: bool) -> Result<Vec<R>, DecodeError> {
    let rows = rows.into_iter().filter_map(|row| match row {
        Row::Read(row) => Some(Ok(row)),
        Row::Expired => None,
        Row::Empty(_) if !is_complete => None,
        Row::Empty(reason) => Some(Err(DecodeError::Mismatch(reason))),
    });
    rows.collect()
}

impl<R: SearchRow> ReadResults for Vec<R> {
    fn read_results(reader: &mut Reader<'_>, other: &mut OtherEntries<'_>) -> Result<SearchReply<Self>, DecodeError> {
        if reader.kind()? == b'%' {
            // The number counts no rows.
            let (_, found, warnings) = read_named(reader, read_named_row, other)?;
            return rows(found, warnings.is_empty()).map(|rows| SearchReply::new(rows, warnings));
        }
        let Some(count) = reader.array()?.checked_sub(1) else {
            return Err(DecodeError::mismatch("the rows of an aggregation", "an empty array"));
        };
        reader.ignore()?;
        let found = (0..count).map(|_| read_row(reader)).collect::<Result<_, _>>()?;
        rows(found, true).map(|rows| SearchReply::new(rows, Vec::new()))
    }
}

fn read_named_row<R: SearchRow>(reader: &mut Reader<'_>) -> Result<Row<R>, DecodeError> {
    let mut row = None;
    crate::reply::record::read_fields(reader, |name, reader| {
        match name {
            "extra_attributes" => row = Some(read_row(reader)?),
            _ => reader.ignore()?,
        }
        Ok(())
    })?;
    row.ok_or_else(|| DecodeError::mismatch("a row of an aggregation", "one without `extra_attributes`"))
}

/// A cursor of an aggregation with rows `R`: what [`ft_cursor_read`](super::SearchCommands::ft_cursor_read) goes on from.
pub struct Cursor<R> {
    pub(super) id: u64,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Cursor<R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R> Copy for Cursor<R> {}
impl<R> PartialEq for Cursor<R> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl<R> fmt::Debug for Cursor<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cursor").field(&self.id).finish()
    }
}

/// Some rows of an aggregation, and the cursor to the others.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CursorPage<R> {
    /// The rows.
    pub rows: SearchReply<Vec<R>>,
    /// The cursor to the next rows; `None` behind the last one.
    pub cursor: Option<Cursor<R>>,
}

/// The shape of the reply of FT.AGGREGATE with a cursor.
#[derive(Debug)]
pub struct RowsWithCursor;

impl<R: SearchRow> FromReply<RowsWithCursor> for CursorPage<R> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.array()? {
            2 => {
                let rows = FromReply::<Results>::read(reader)?;
                let id = <u64 as FromReply<crate::reply::Integer>>::read(reader)?;
                Ok(CursorPage { rows, cursor: (id != 0).then_some(Cursor { id, of: PhantomData }) })
            }
            count => Err(DecodeError::mismatch("rows and a cursor", format!("an array of {count} elements"))),
        }
    }
}
