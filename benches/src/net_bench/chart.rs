//! The results as a picture: a panel for each load, a bar for each server.

use std::fmt::Write as _;

use super::{Load, Results, Row, Server, Workload};

/// The distances in a panel, in pixels.
const LINE: usize = 18;
const NAMES: usize = 130;
const BARS: usize = 170;
const VALUES: usize = 60;
const HEAD: usize = 26;
const GAP: usize = 16;
const TOP: usize = 56;
const WIDTH: usize = NAMES + BARS + VALUES;

/// An SVG. The panels of one kind of message are in one line, by the number of connections.
pub fn draw(results: &Results) -> String {
    let mut kinds: Vec<(Workload, usize)> = Vec::new();
    let mut connections = Vec::new();
    for Row { load, .. } in &results.rows {
        if !kinds.contains(&(load.workload, load.size)) {
            kinds.push((load.workload, load.size));
        }
        if !connections.contains(&load.connections) {
            connections.push(load.connections);
        }
    }
    let count = results.rows.iter().filter(|row| row.load == results.rows[0].load).count();
    let height = HEAD + count * LINE + GAP;
    let (full_width, full_height) =
        (GAP + connections.len().max(2) * (WIDTH + GAP), TOP + kinds.len() * height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {full_width} {full_height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{full_width}\" height=\"{full_height}\" fill=\"#ffffff\"/>\n"
    );
    text(&mut svg, (GAP, 24), "start", "font-size=\"16\"", "Thousands of requests per CPU second");
    text(
        &mut svg,
        (GAP, 42),
        "start",
        "",
        "Longer bars are better; each panel has a scale of its own.",
    );
    for (line, &(workload, size)) in kinds.iter().enumerate() {
        for (column, &connections) in connections.iter().enumerate() {
            let load = Load { workload, connections, size };
            let corner = (GAP + column * (WIDTH + GAP), TOP + line * height);
            draw_panel(&mut svg, results, load, corner);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_panel(svg: &mut String, results: &Results, load: Load, (left, top): (usize, usize)) {
    let rows: Vec<&Row> = results.rows.iter().filter(|row| row.load == load).collect();
    let best = rows.iter().map(|row| row.median.per_cpu_second).fold(1.0, f64::max);
    let kind = match load.workload {
        Workload::Echo => "echo",
        Workload::File => "file",
    };
    let plural = if load.connections == 1 { "" } else { "s" };
    let title = format!("{kind}, {} bytes, {} connection{plural}", load.size, load.connections);
    text(svg, (left, top + HEAD - 8), "start", "font-weight=\"bold\"", &title);
    for (number, row) in rows.iter().enumerate() {
        let line = top + HEAD + number * LINE;
        let (value, start) = (row.median.per_cpu_second, left + NAMES);
        let width = (value / best * BARS as f64).round().max(1.0) as usize;
        text(svg, (start - 6, line + 13), "end", "", &row.server.to_string());
        let (color, height) = (color(row.server), LINE - 4);
        let _ = writeln!(
            svg,
            "<rect x=\"{start}\" y=\"{}\" width=\"{width}\" height=\"{height}\" fill=\"{color}\"/>",
            line + 2
        );
        let label = format!("{:.1}", value / 1e3);
        text(svg, (start + width + 4, line + 13), "start", "", &label);
    }
}

const fn color(server: Server) -> &'static str {
    match server {
        Server::CoframeUring
        | Server::CoframeLeased
        | Server::CoframeEpoll
        | Server::CoframeThreads => "#c2571a",
        Server::RawEpoll | Server::RawUring => "#8a8a8a",
        _ => "#4a7fb0",
    }
}

fn text(svg: &mut String, (x, y): (usize, usize), anchor: &str, style: &str, label: &str) {
    let space = if style.is_empty() { "" } else { " " };
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\"{space}{style}>{label}</text>"
    );
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::super::Sample;
    use super::*;

    fn results() -> Results {
        let mut results = Results::default();
        for (workload, size) in [(Workload::Echo, 64), (Workload::File, 4096)] {
            for connections in [1, 64, 1000] {
                let load = Load { workload, connections, size };
                results.rows.extend(Server::value_variants().iter().enumerate().map(
                    |(number, &server)| {
                        let per_cpu_second = 1_234_567.0 / (number + 1) as f64;
                        let (per_second, allocations) = (1.0, None);
                        let median =
                            Sample { per_cpu_second, per_second, latencies: [1.0; 3], allocations };
                        Row { server, load, median, of_raw: None }
                    },
                ));
            }
        }
        results
    }

    fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
        let (_, rest) = element.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    }

    /// Where a label is, if its letters are as wide as wide letters are: left, top, right, bottom.
    fn place(element: &str) -> [f64; 4] {
        let number = |name| attribute(element, name).and_then(|value| value.parse::<f64>().ok());
        let (x, y) = (number("x").unwrap(), number("y").unwrap());
        let label = element.split_once('>').unwrap().1.split_once('<').unwrap().0;
        let size = number("font-size").unwrap_or(12.0);
        let width = label.chars().count() as f64 * size * 0.6;
        let left = if attribute(element, "text-anchor") == Some("end") { x - width } else { x };
        [left, y - size * 0.8, left + width, y + size * 0.2]
    }

    #[test]
    fn no_labels_overlap_and_all_are_inside() {
        let svg = draw(&results());
        let size =
            attribute(&svg, "viewBox").unwrap().split(' ').map(|number| number.parse::<f64>());
        let size: Vec<f64> = size.map(Result::unwrap).collect();
        let labels: Vec<&str> = svg.lines().filter(|line| line.starts_with("<text")).collect();
        assert_eq!(labels.len(), 2 + 6 * (1 + 2 * Server::value_variants().len()));
        for (index, label) in labels.iter().enumerate() {
            let place_of = place(label);
            let [left, top, right, bottom] = place_of;
            assert!(left >= 0.0 && top >= 0.0 && right <= size[2] && bottom <= size[3], "{label}");
            for other in &labels[index + 1..] {
                let [start, upper, end, lower] = place(other);
                let is_apart = right <= start || end <= left || bottom <= upper || lower <= top;
                assert!(is_apart, "{label}\n{other}");
            }
        }
    }
}
