//! Bar charts as SVG.

use super::row::Row;
use std::fmt::Write;

const WIDTH: usize = 640;
const BAR: usize = 22;
const GAP: usize = 8;
const LEFT: usize = 80;
const RIGHT: usize = 110;
const TOP: usize = 34;

/// A chart with one bar a client, its CPU time. The text is grey, which is readable on light and dark pages.
pub(crate) fn svg(title: &str, unit: &str, rows: &[&Row]) -> String {
    let maximum = rows.iter().map(|row| row.cpu).fold(f64::MIN_POSITIVE, f64::max);
    let height = TOP + rows.len() * (BAR + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#808080\">\n\
         <text x=\"0\" y=\"16\" font-weight=\"bold\">{title}: client CPU per {unit}, less is better</text>\n"
    );
    for (number, row) in rows.iter().enumerate() {
        let y = TOP + number * (BAR + GAP);
        let width = ((WIDTH - LEFT - RIGHT) as f64 * row.cpu / maximum).max(1.0);
        let colour = match row.client {
            "floor" => "#9e9e9e",
            "typedis" => "#d82c20",
            _ => "#5b8db8",
        };
        let (client, text, end) = (row.client, y + BAR - 6, LEFT as f64 + width + 6.0);
        let _ = writeln!(svg, "<text x=\"0\" y=\"{text}\">{client}</text>");
        let _ = writeln!(
            svg,
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.0}\" height=\"{BAR}\" rx=\"3\" fill=\"{colour}\"/>"
        );
        let _ = writeln!(svg, "<text x=\"{end:.0}\" y=\"{text}\">{}</text>", time(row.cpu));
    }
    svg + "</svg>\n"
}

/// Formats a time in ns with a unit of its size.
pub(crate) fn time(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!([12.3, 4567.8, 1.5e6].map(time), ["12 ns", "4.57 µs", "1.50 ms"]);
    }
}
