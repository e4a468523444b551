//! The page `docs/benchmarks.md`.

use super::{
    chart::{svg, time},
    plan::{BOUNDS, Bound, ONE_SERVER, Ratio, SCENARIOS, Scenario},
    row::{Quartiles, Row},
};
use crate::workspace::REDIS_RS;
use crate::{clean_build::CleanBuild, shell::capture};
use std::{fmt::Write, fs, path::Path, process::Command};

/// Writes `docs/benchmarks.md` and a chart for each scenario.
pub(crate) fn write(root: &Path, rows: &[Row], builds: &[CleanBuild; 2], server: &str) -> Result<(), String> {
    let charts = root.join("docs/benchmarks");
    fs::create_dir_all(&charts).map_err(|error| error.to_string())?;
    let mut page = head(server);
    bounds(&mut page, rows);
    building(&mut page, builds);
    page.push_str("\n## All numbers\n");
    for scenario in SCENARIOS {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.scenario == scenario.name).collect();
        table(&mut page, scenario, &rows);
        let chart = charts.join(format!("{}.svg", scenario.name));
        fs::write(&chart, svg(scenario.title, scenario.unit, &rows)).map_err(|error| error.to_string())?;
    }
    fs::write(root.join("docs/benchmarks.md"), page).map_err(|error| error.to_string())
}

fn head(server: &str) -> String {
    let output = |program: &str, arguments: &[&str]| match capture(Command::new(program).args(arguments)) {
        Ok(output) => output.trim().to_owned(),
        Err(_) => "unknown".to_owned(),
    };
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("unknown", |m| m.1);
    format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench` on {}; `cargo xtask bench --quick` prints the same rows in a few minutes.\n\n\
         - {model}, {} cores, {}, {}, Redis {server} on the same machine\n\
         - redis-rs {REDIS_RS}, rustis 0.27, fred 10, and a floor: a lower bound written by hand for exactly this work,\n  \
         with a raw socket, reused buffers and a decoder for the expected replies alone. Where tasks share a client, they\n  \
         share the floor's one connection too. On a cluster typedis on one server is in its place.\n\
         - Each client is measured in a process of its own, in turn, in several rounds; the numbers are medians. Absolute\n  \
         numbers drift with the load of the machine; the ratios within one run are stable.\n\
         - CPU is the time of the client alone, user and kernel. A reallocation counts as an allocation.\n\n\
         [Performance](performance.md) explains how typedis spends its time.\n",
        output("date", &["+%F"]),
        std::thread::available_parallelism().map_or(0, usize::from),
        output("uname", &["-sr"]),
        output("rustc", &["--version"]),
    )
}

fn bounds(page: &mut String, rows: &[Row]) {
    page.push_str(
        "\n## Bounds\n\n\
         Each ratio is a median of the rounds' ratios, with their quartiles; it is missed where the better quartile misses too. The\n\
         last column is the floor's own ratio to the best peer, which no client can improve on.\n\n\
         | work | ratio | bound | measured | | in user space | the floor |\n|---|---|---|---|---|---|---|\n",
    );
    for bound in BOUNDS {
        let Some(line) = Line::of(bound, rows) else { continue };
        let [user, floor] =
            [line.user, line.floor].map(|it| it.map_or_else(String::new, |ratio| format!("{ratio:.2}")));
        let (Line { name, word, measured, .. }, Bound { scenario, limit, .. }) = (&line, bound);
        let met = if line.is_met { "met" } else { "**missed**" };
        let _ = writeln!(page, "| {scenario} | {name} | {word} {limit:.2} | {measured} | {met} | {user} | {floor} |");
    }
}

/// Prints what became of the bounds of the scenarios that were measured.
pub(crate) fn print_bounds(rows: &[Row]) {
    for bound in BOUNDS {
        let Some(Line { name, word, measured, is_met, .. }) = Line::of(bound, rows) else { continue };
        let met = if is_met { "met" } else { "MISSED" };
        println!("{}: {name} {measured}, {word} {:.2}: {met}", bound.scenario, bound.limit);
    }
}

/// What became of a bound.
struct Line {
    name: &'static str,
    word: &'static str,
    measured: Quartiles,
    is_met: bool,
    /// The ratio of the CPU time in user space.
    user: Option<f64>,
    /// The ratio of the floor.
    floor: Option<f64>,
}

impl Line {
    fn of(bound: &Bound, rows: &[Row]) -> Option<Line> {
        let of = |client: &str| rows.iter().find(|row| row.scenario == bound.scenario && row.client == client);
        let (own, floor, one_server) = (of("typedis")?, of("floor"), of(ONE_SERVER));
        let (name, measured) = match bound.ratio {
            Ratio::CpuToFloor if one_server.is_some() => ("CPU to that on one server", own.cpu_to_floor),
            Ratio::CpuToFloor => ("CPU to the floor's", own.cpu_to_floor),
            Ratio::CpuToBestPeer => ("CPU to the best peer's", own.cpu_to_best),
            Ratio::ThroughputToBestPeer => ("throughput to the best peer's", own.throughput_to_best),
        };
        let (word, is_met) = match bound.ratio {
            Ratio::ThroughputToBestPeer => ("at least", measured.upper >= bound.limit),
            Ratio::CpuToFloor | Ratio::CpuToBestPeer => ("at most", measured.lower <= bound.limit),
        };
        let peers = rows
            .iter()
            .filter(|row| row.scenario == bound.scenario && !["typedis", "floor", ONE_SERVER].contains(&row.client));
        let user = match bound.ratio {
            Ratio::CpuToFloor => floor.or(one_server).map(|row| own.user / row.user),
            Ratio::CpuToBestPeer => peers.map(|row| row.user).reduce(f64::min).map(|best| own.user / best),
            Ratio::ThroughputToBestPeer => None,
        };
        let floor = match bound.ratio {
            Ratio::CpuToFloor => None,
            Ratio::CpuToBestPeer => floor.map(|row| row.cpu_to_best.median),
            Ratio::ThroughputToBestPeer => floor.map(|row| row.throughput_to_best.median),
        };
        Some(Line { name, word, measured, is_met, user, floor })
    }
}

fn building(page: &mut String, builds: &[CleanBuild; 2]) {
    page.push_str("\n## Building\n\n| | crates | clean debug build | CPU time of it |\n|---|---|---|---|\n");
    for CleanBuild { name, wall, cpu, crates, .. } in builds {
        let _ = writeln!(page, "| {name} | {crates} | {wall:.1} s | {cpu:.1} s |");
    }
    let ratio = builds[0].wall / builds[1].wall;
    let met = if ratio <= 0.7 { "met" } else { "**missed**" };
    let _ = writeln!(page, "\nThe ratio of the builds is {ratio:.2}; the bound is at most 0.70: {met}.");
}

fn table(page: &mut String, scenario: &Scenario, rows: &[&Row]) {
    let Scenario { name, title, unit, .. } = scenario;
    let _ = write!(
        page,
        "\n### {title}\n\n![{title}](benchmarks/{name}.svg)\n\n\
         | client | {unit}s per second | CPU per {unit} | of it in user space | allocations per {unit} | CPU to {} |\n\
         |---|---|---|---|---|---|\n",
        scenario.clients[0]
    );
    for Row { client, throughput, cpu, user, allocations, cpu_to_floor, .. } in rows.iter().copied() {
        let (cpu, user) = (time(*cpu), time(*user));
        let _ = writeln!(page, "| {client} | {throughput:.0} | {cpu} | {user} | {allocations:.2} | {cpu_to_floor} |");
    }
}
