//! The results as text: Markdown, which also reads well in a terminal.

use std::fmt::Write as _;

use super::{Load, Results, Row, Server, Workload};

/// All tables, without a title.
pub fn write(results: &Results) -> String {
    let mut text = String::new();
    let mut last = None;
    for row in &results.rows {
        if last != Some(row.load) {
            last = Some(row.load);
            let best = yardstick(results, row.load);
            write_head(&mut text, row.load, best.is_some());
        }
        write_row(&mut text, row, yardstick(results, row.load));
    }
    if !results.idle.is_empty() {
        write_idle(&mut text, results);
    }
    for (server, reason) in &results.skipped {
        let _ = writeln!(text, "\nSkipped: {server}: {reason}.");
    }
    for remark in &results.remarks {
        let _ = writeln!(text, "\nNote: {remark}.");
    }
    text
}

/// What the raw `io_uring` loop did under a load.
fn yardstick(results: &Results, load: Load) -> Option<f64> {
    let is_raw = |row: &&Row| row.load == load && row.server == Server::RawUring;
    results.rows.iter().find(is_raw).map(|row| row.median.per_cpu_second)
}

fn write_head(text: &mut String, load: Load, has_yardstick: bool) {
    let Load { connections, size, .. } = load;
    let what = match load.workload {
        Workload::Echo => format!("echo of {size} bytes"),
        Workload::File => format!("{size} bytes of a file"),
    };
    let plural = if connections == 1 { "" } else { "s" };
    let _ = writeln!(text, "\n### {what}, {connections} connection{plural}\n");
    let column = if has_yardstick { "CPU per request, of raw io_uring" } else { "" };
    let _ = writeln!(
        text,
        "| server | requests per CPU second | {column} | requests per second | p50 us | p99 us | \
         p99.9 us | allocations per request |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    );
}

fn write_row(text: &mut String, row: &Row, best: Option<f64>) {
    let sample = &row.median;
    let ratio =
        best.map_or_else(String::new, |best| format!("{:.2}", best / sample.per_cpu_second));
    let allocations = match sample.allocations {
        Some(count) => format!("{count:.2}"),
        None => "unknown".to_owned(),
    };
    let [half, most, nearly_all] = sample.latencies;
    let _ = writeln!(
        text,
        "| {} | {:.0} | {ratio} | {:.0} | {half:.1} | {most:.1} | {nearly_all:.1} | {allocations} |",
        row.server, sample.per_cpu_second, sample.per_second,
    );
}

fn write_idle(text: &mut String, results: &Results) {
    let count = results.idle_count;
    let _ = writeln!(text, "\n### memory of {count} idle connections\n");
    let _ = writeln!(text, "| server | bytes of user memory per connection |\n|---|--:|");
    for (server, bytes) in &results.idle {
        let _ = writeln!(text, "| {server} | {bytes:.0} |");
    }
}
