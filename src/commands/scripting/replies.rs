//! Replies of the commands on libraries of functions.

use crate::reply::record::records;
use bytes::Bytes;

records! {
    /// A library that the server has, of FUNCTION LIST.
    pub struct LibraryInfo {
        /// The library's name.
        name: String = "library_name",
        /// The engine that runs it, such as `LUA`.
        engine: String = "engine",
        /// Its functions, in no particular order.
        functions: Vec<FunctionInfo> = "functions",
        /// Its source, if WITHCODE asked for it.
        code: Option<Bytes> = "library_code" or default,
    } and others

    /// A function of a library, of FUNCTION LIST.
    pub struct FunctionInfo {
        /// The function's name.
        name: String = "name",
        /// Its description, if the library registers one.
        description: Option<String> = "description" or default,
        /// Its flags, such as `no-writes`.
        flags: Vec<String> = "flags" or default,
    }

    /// The reply of FUNCTION STATS.
    pub struct FunctionStats {
        /// The function that runs now.
        running_script: Option<RunningFunction> = "running_script" or default,
        /// The engines by name, such as `LUA`.
        engines: Vec<(String, EngineStats)> = "engines" or default,
    } and others

    /// The function that runs, of FUNCTION STATS.
    pub struct RunningFunction {
        /// The function's name.
        name: String = "name",
        /// The words of the command that runs it.
        command: Vec<Bytes> = "command" or default,
        /// The time since it began, in milliseconds.
        duration_ms: u64 = "duration_ms" or default,
    }

    /// What an engine has, of FUNCTION STATS.
    pub struct EngineStats {
        /// The number of its libraries.
        libraries: u64 = "libraries_count" or default,
        /// The number of their functions.
        functions: u64 = "functions_count" or default,
    }
}
