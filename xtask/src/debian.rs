use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    servers::Server,
    shell::{ask, run, say},
};

/// Libraries may want libraries in turn, but not for long.
const ROUNDS: usize = 5;

/// Gets Debian's `redis-server` into `place` with the shared libraries that the system lacks; installs nothing.
pub(crate) fn get(place: &Path) -> Result<Server, String> {
    let program = place.join("usr/bin/redis-server");
    if let Ok(server) = server(&program, place) {
        return Ok(server);
    }
    fs::create_dir_all(place).map_err(|error| format!("{}: {error}", place.display()))?;
    download_with_lists(place, &["redis-server", "redis-tools"])?;
    // In Debian 12 the program itself is in redis-tools, under another name.
    for _ in 0..ROUNDS {
        unpack(place)?;
        match &missing_libraries(&program, place)?[..] {
            [] => break,
            missing => download(place, &missing.iter().map(|name| package_of(name)).collect::<Vec<_>>())?,
        }
    }
    server(&program, place)
}

fn server(program: &Path, place: &Path) -> Result<Server, String> {
    Server::at(program.to_path_buf(), "redis-server of Debian's archive", library_path(place))
}

/// A fresh machine has no package lists, an old one has stale ones.
fn download_with_lists(place: &Path, packages: &[&str]) -> Result<(), String> {
    let first = download(place, packages);
    if first.is_ok() || !is_root() {
        return first;
    }
    say("apt-get knows no such package yet");
    run(Command::new("apt-get").arg("update"))?;
    download(place, packages)
}

fn download(place: &Path, packages: &[impl AsRef<std::ffi::OsStr>]) -> Result<(), String> {
    run(Command::new("apt-get").arg("download").args(packages).current_dir(place))
}

fn unpack(place: &Path) -> Result<(), String> {
    let files = fs::read_dir(place).map_err(|error| format!("{}: {error}", place.display()))?;
    for package in files.flatten().map(|entry| entry.path()).filter(|path| is_package(path)) {
        run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(place))?;
        fs::remove_file(&package).map_err(|error| format!("{}: {error}", package.display()))?;
    }
    Ok(())
}

fn is_package(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "deb")
}

fn missing_libraries(program: &Path, place: &Path) -> Result<Vec<String>, String> {
    let told = ask(Command::new("ldd").arg(program).env("LD_LIBRARY_PATH", library_path(place)))?;
    Ok(told.lines().filter_map(missing_library).map(str::to_owned).collect())
}

/// `libjemalloc.so.2` of the line `libjemalloc.so.2 => not found`.
fn missing_library(line: &str) -> Option<&str> {
    line.trim().strip_suffix("=> not found").map(str::trim)
}

/// Debian's rule: `liblzf.so.1` is in `liblzf1`, and `liblz4.so.1` in `liblz4-1`.
fn package_of(library: &str) -> String {
    let (name, version) = library.split_once(".so.").unwrap_or((library, ""));
    match name.ends_with(|last: char| last.is_ascii_digit()) {
        true => format!("{name}-{version}"),
        false => format!("{name}{version}"),
    }
}

/// Every directory for shared libraries under `place`, such as `usr/lib/x86_64-linux-gnu`.
fn library_path(place: &Path) -> String {
    let mut found: Vec<PathBuf> = Vec::new();
    for parent in ["lib", "usr/lib"].map(|parent| place.join(parent)) {
        let children = fs::read_dir(&parent).into_iter().flatten().flatten().map(|entry| entry.path());
        found.extend(children.filter(|child| child.to_string_lossy().ends_with("-linux-gnu")));
    }
    let paths: Vec<_> = found.iter().map(|path| path.to_string_lossy()).collect();
    paths.join(":")
}

fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_not_found_leads_to_its_package() {
        let line = "\tliblz4.so.1 => not found";
        assert_eq!(missing_library(line).map(package_of).as_deref(), Some("liblz4-1"));
        assert_eq!(package_of("libjemalloc.so.2"), "libjemalloc2");
        assert_eq!(missing_library("\tlibm.so.6 => /lib/libm.so.6 (0x1)"), None);
    }
}
