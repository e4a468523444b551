//! Running commands and logging them.

use std::{
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
    time::Instant,
};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Prints a line with the seconds since the start of the program.
pub(crate) fn log(message: &str) {
    println!("[{:6.1} s] {message}", START.elapsed().as_secs_f64());
}

/// Runs a command with its output passed on; the error is a failure of the command.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    if run_with(command, |_| ())? { Ok(()) } else { Err(format!("{} failed", name(command))) }
}

/// Runs a command with its output passed on, and hands each line of its standard output to `on_line`.
/// Returns whether the command succeeded.
pub(crate) fn run_with(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<bool, String> {
    log(&format!("$ {}", words(command)));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{} could not be run: {error}", name(command)))?;
    if let Some(output) = child.stdout.take() {
        pass_on(BufReader::new(output), &mut on_line).map_err(|error| format!("{}: {error}", name(command)))?;
    }
    let status = child.wait().map_err(|error| format!("{}: {error}", name(command)))?;
    Ok(status.success())
}

/// Runs a command silently and returns its standard output; the error holds its standard error.
pub(crate) fn capture(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{} could not be run: {error}", name(command)))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{} failed: {}", name(command), String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn pass_on(mut output: impl BufRead, on_line: &mut impl FnMut(&str)) -> io::Result<()> {
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        on_line(text.trim_end());
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
