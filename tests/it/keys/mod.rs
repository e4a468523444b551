//! Typed keys: keyspaces and the fields of hashes.

mod hash_fields;
mod keyspaces;
