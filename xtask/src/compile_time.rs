use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

use crate::{
    programs::Style,
    shell::{ask, say},
    workspace::{cargo_program, root, target_directory},
};

const SIZES: [usize; 4] = [1, 10, 32, 100];
const ROUNDS: usize = 7;

/// Not in the workspace, so that nobody compiles it who does not measure.
const REDIS_RS: &str = "=2.0.0-rc.2";

/// Checks every program, over and over and in turns, and writes the page.
pub(crate) fn run() -> Result<ExitCode, String> {
    let package = Package::write(target_directory(&root())?.join("compile-time"))?;
    say("checking every program once, with all that it depends on");
    package.check(&["--bins"])?;
    let mut times: Vec<_> = Style::ALL.iter().flat_map(|style| SIZES.map(|size| Times::new(*style, size))).collect();
    for round in 1..=ROUNDS {
        say(&format!("round {round} of {ROUNDS}"));
        for time in &mut times {
            time.seconds.push(package.measure(time.style, time.commands, round)?);
        }
    }
    let report = Report { times };
    print!("{}", report.table());
    write(&root().join("docs/compile-times.md"), &report.page()?)?;
    Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A package of somebody who uses typedis, with one program for each style and size.
struct Package {
    place: PathBuf,
}

impl Package {
    fn write(place: PathBuf) -> Result<Self, String> {
        let programs = place.join("src/bin");
        fs::create_dir_all(&programs).map_err(|error| format!("{}: {error}", programs.display()))?;
        write(&place.join("Cargo.toml"), &manifest(&root()))?;
        let package = Package { place };
        for style in Style::ALL {
            for size in SIZES {
                package.write_program(style, size, 0)?;
            }
        }
        Ok(package)
    }

    fn write_program(&self, style: Style, commands: usize, round: usize) -> Result<(), String> {
        let path = self.place.join(format!("src/bin/{}.rs", style.program(commands)));
        write(&path, &format!("// round {round}\n{}", style.source(commands)))
    }

    /// Returns the seconds that one program takes to be checked again, once it has changed.
    fn measure(&self, style: Style, commands: usize, round: usize) -> Result<f64, String> {
        self.write_program(style, commands, round)?;
        let started = Clock::now();
        self.check(&["--offline", "--bin", &style.program(commands)])?;
        Ok(started.elapsed())
    }

    fn check(&self, arguments: &[&str]) -> Result<(), String> {
        let mut check = Command::new(cargo_program());
        check.args(["check", "--quiet", "--target-dir"]).arg(self.place.join("target")).args(arguments);
        ask(check.current_dir(&self.place).env_remove("RUSTFLAGS")).map(drop)
    }
}

/// What programs started from here have used of the processor, which on a busy machine says more than the time of day;
/// where the system does not tell it, the time of day.
struct Clock {
    used: Option<f64>,
    started: Instant,
}

impl Clock {
    fn now() -> Self {
        Clock { used: Clock::used(), started: Instant::now() }
    }

    fn elapsed(&self) -> f64 {
        match (self.used, Clock::used()) {
            (Some(before), Some(now)) => now - before,
            _ => self.started.elapsed().as_secs_f64(),
        }
    }

    /// The user and system time of all children that have ended, which Linux counts in hundredths of a second.
    fn used() -> Option<f64> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let of_children = fields.split_whitespace().skip(13).take(2);
        of_children.map(|ticks| ticks.parse::<f64>().ok()).sum::<Option<f64>>().map(|ticks| ticks / 100.0)
    }
}

fn manifest(root: &Path) -> String {
    format!(
        r#"[workspace]

[package]
name = "compile-time"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
redis = {{ version = "{REDIS_RS}", default-features = false, features = ["aio", "tokio-comp"] }}
typedis = {{ path = {root:?} }}

[profile.dev]
incremental = false
"#
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The times of one program.
struct Times {
    style: Style,
    commands: usize,
    seconds: Vec<f64>,
}

impl Times {
    fn new(style: Style, commands: usize) -> Self {
        Times { style, commands, seconds: Vec::new() }
    }

    fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    }
}

struct Report {
    times: Vec<Times>,
}

impl Report {
    fn median(&self, style: Style, commands: usize) -> f64 {
        let found = self.times.iter().find(|times| times.style == style && times.commands == commands);
        found.map_or(f64::NAN, Times::median)
    }

    /// The bound of the project: what costs more is to be built otherwise.
    fn holds(&self, style: Style) -> bool {
        self.median(style, 100) <= 2.0 * self.median(style, 10) + 1.0
    }

    fn is_well(&self) -> bool {
        Style::ALL.iter().all(|style| self.holds(*style))
    }

    fn table(&self) -> String {
        let sizes = SIZES.map(|size| format!(" {size} |")).concat();
        let mut table =
            format!("| seconds, by commands |{sizes} bound for 100 |\n|---|{}---|\n", "--:|".repeat(SIZES.len()));
        for style in Style::ALL {
            let times = SIZES.map(|size| format!(" {:.2} |", self.median(style, size))).concat();
            let bound = if self.holds(style) { "held" } else { "BROKEN" };
            table += &format!("| {} |{times} {bound} |\n", style.name());
        }
        table
    }

    fn page(&self) -> Result<String, String> {
        let rustc = ask(Command::new("rustc").arg("--version").current_dir(root()))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(format!(
            "# What pipelines cost to compile\n
Written by `cargo xtask compile-time`: the seconds that `cargo check` takes for a crate with one pipeline, after a change in
it and with everything it depends on checked already. They are seconds of the processor where the system tells them, cargo
itself included, and the median of {ROUNDS} rounds; not incremental, at the default recursion limit, by {} on {cores} cores.\n
{}
100 commands must check in at most twice the time of 10 and a second. The commands are SET, GET, INCR, EXPIRE, RPUSH, LRANGE,
SADD, HSET, HGET and ZADD, over and over on six keys; the literal ones are followed by the macro from command to command. In
typedis every reply has its own type and is taken apart by a pattern; redis-rs {} gives a `Vec<Value>`.\n",
            rustc.trim(),
            self.table(),
            REDIS_RS.trim_start_matches('='),
        ))
    }
}
