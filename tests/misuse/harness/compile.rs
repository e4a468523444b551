use std::{
    collections::HashMap,
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use super::{Program, diagnostic::Diagnostic};

/// The compiler's messages to one program, and whether it compiled.
#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) compiled: bool,
}

impl Verdict {
    /// All messages, as a terminal would show them.
    pub(crate) fn rendered(&self) -> String {
        match &self.diagnostics[..] {
            [] => "nothing".to_owned(),
            said => said.iter().map(|said| said.rendered.as_str()).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// The chapter whose programs are compiled with the features of modules; the others are compiled without them, as most users do.
const MODULES: &str = "module";
const FEATURES: &[&str] = &["bloom", "json", "serde", "time_series"];

/// Checks all programs in two runs of cargo, without and with the features of modules.
pub(crate) fn compile(programs: &[Program]) -> HashMap<PathBuf, Verdict> {
    let (modules, core): (Vec<&Program>, Vec<&Program>) =
        programs.iter().partition(|program| program.folder == MODULES);
    let mut verdicts = compile_with("misuse", &[], &core);
    verdicts.extend(compile_with("misuse-modules", FEATURES, &modules));
    verdicts
}

/// Checks programs in one run of cargo, as the binaries of a package that depends on typedis.
///
/// The package stays in the target directory, so that only programs that changed are compiled again. All packages share one such
/// directory of their own, so that what does not depend on the features is compiled once.
fn compile_with(name: &str, features: &[&str], programs: &[&Program]) -> HashMap<PathBuf, Verdict> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    write_package(&package, features, programs).unwrap_or_else(|error| panic!("{}: {error}", package.display()));
    // Offline first: the crates that the workspace was compiled with are on this machine already.
    let mut output = check(&package, &["--offline"]);
    if !has_finished(&output) {
        output = check(&package, &[]);
    }
    assert!(has_finished(&output), "cargo could not check the programs:\n{}", words(&output));
    let verdicts = read_messages(&output, programs);
    let any = verdicts.values().any(|verdict| verdict.compiled || !verdict.diagnostics.is_empty());
    assert!(any, "no program was compiled:\n{}", words(&output));
    verdicts
}

fn write_package(package: &Path, features: &[&str], programs: &[&Program]) -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(package)?;
    write_if_changed(&package.join("Cargo.toml"), &manifest(root, features, programs))?;
    // The same lock file, so that the programs are compiled with the very crates that the tests are.
    match fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn manifest(root: &Path, features: &[&str], programs: &[&Program]) -> String {
    let mut manifest = format!(
        r#"
[workspace]

[package]
name = "typedis-misuse"
version = "0.0.0"
edition = "2024"
publish = false
autobins = false

[dependencies]
typedis = {{ path = {root:?}, features = {features:?} }}
# Not `full`, which needs crates that typedis does not.
tokio = {{ version = "1", features = ["io-util", "macros", "net", "rt-multi-thread", "sync", "time"] }}
"#
    );
    for program in programs {
        let name = program.name.replace('.', "_");
        manifest += &format!("\n[[bin]]\nname = {name:?}\npath = {:?}\n", program.path);
    }
    manifest
}

/// Leaves a file with the same content untouched, so that cargo does not compile it anew.
fn write_if_changed(path: &Path, content: &str) -> std::io::Result<()> {
    match fs::read_to_string(path) {
        Ok(present) if present == content => Ok(()),
        _ => fs::File::create(path)?.write_all(content.as_bytes()),
    }
}

fn check(package: &Path, more: &[&str]) -> Output {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .args(["check", "--bins", "--keep-going", "--message-format=json"])
        .args(more)
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("misuse/target"))
        .current_dir(package)
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("cargo could not be run: {error}"))
}

/// Returns whether cargo got as far as compiling.
fn has_finished(output: &Output) -> bool {
    messages(output).any(|message| message["reason"] == "build-finished")
}

fn read_messages(output: &Output, programs: &[&Program]) -> HashMap<PathBuf, Verdict> {
    let mut verdicts: HashMap<PathBuf, Verdict> =
        programs.iter().map(|program| (program.path.clone(), Verdict::default())).collect();
    for message in messages(output) {
        let Some(program) = programs.iter().find(|program| is_about(&message, program)) else {
            continue;
        };
        let verdict = verdicts.entry(program.path.clone()).or_default();
        match message["reason"].as_str() {
            Some("compiler-artifact") => verdict.compiled = true,
            Some("compiler-message") => {
                let diagnostic = Diagnostic::read(&message["message"], &program.path, &program.source);
                verdict.diagnostics.extend((diagnostic.level != "failure-note").then_some(diagnostic));
            }
            _ => {}
        }
    }
    verdicts
}

fn is_about(message: &Value, program: &Program) -> bool {
    message["target"]["src_path"].as_str().is_some_and(|path| Path::new(path) == program.path)
}

fn messages(output: &Output) -> impl Iterator<Item = Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect::<Vec<Value>>()
        .into_iter()
}

/// The messages of the compiler and of cargo, as a terminal would show them.
fn words(output: &Output) -> String {
    let rendered = messages(output).filter_map(|message| Some(message["message"]["rendered"].as_str()?.to_owned()));
    format!("{}{}", rendered.collect::<String>(), String::from_utf8_lossy(&output.stderr))
}
