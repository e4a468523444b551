use std::{
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
    time::Instant,
};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Says what happens now, and when that is in seconds since the start.
pub(crate) fn say(what: &str) {
    println!("[{:6.1} s] {what}", START.elapsed().as_secs_f64());
}

/// Runs a command with its output passed on, and fails if it does.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    match watch(command, |_| ())? {
        true => Ok(()),
        false => Err(format!("{} failed", name(command))),
    }
}

/// Runs a command with its output passed on line by line, and shows each line of its standard output to `see`.
/// Returns whether it succeeded.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool, String> {
    say(&format!("$ {}", words(command)));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{} could not be run: {error}", name(command)))?;
    if let Some(output) = child.stdout.take() {
        pass_on(BufReader::new(output), &mut see).map_err(|error| format!("{}: {error}", name(command)))?;
    }
    let status = child.wait().map_err(|error| format!("{}: {error}", name(command)))?;
    Ok(status.success())
}

/// Runs a command quietly and returns what it printed.
pub(crate) fn ask(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{} could not be run: {error}", name(command)))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{} failed: {}", name(command), String::from_utf8_lossy(&output.stderr).trim())),
    }
}

fn pass_on(mut output: impl BufRead, see: &mut impl FnMut(&str)) -> io::Result<()> {
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        see(text.trim_end());
        line.clear();
    }
    Ok(())
}

fn words(command: &Command) -> String {
    let mut words = vec![name(command)];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}
