mod hash_fields;
mod keyspaces;
