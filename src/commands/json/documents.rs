//! Documents, or parts of them, at several keys, for JSON.MSET.

use super::{
    path::{JsonPath, at},
    value::ToJson,
};
use crate::{
    argument::{Argument, KeyRows, Writer},
    key::{Anything, Json, KeyFor},
};

/// Values with their keys and paths: `(key, "$.path", value)`, or an array, a slice or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of values with their keys and paths",
    label = "expected `(key, \"$.path\", value)`, or an array, slice or `Vec` of them",
    note = "values of several types are of one as `serde_json::Value` or `RawJson`"
)]
pub trait KeyDocuments: KeyRows<Json<Anything>, 3> {}

#[diagnostic::do_not_recommend]
impl<T: KeyRows<Json<Anything>, 3> + ?Sized> KeyDocuments for T {}

impl<K: KeyFor<Json<Anything>>, P: JsonPath, V: ToJson> KeyRows<Json<Anything>, 3> for (K, P, V) {
    fn rows(&self) -> usize {
        1
    }
    fn write_rows(&self, out: &mut Writer) {
        self.0.write(out);
        at(&self.1).write(out);
        self.2.write_json(out);
    }
}
