//! The results as text: Markdown, which also reads well in a terminal.

use std::fmt::Write as _;

use super::{Load, Results, Row, Workload};

/// All tables, without a title.
pub fn write(results: &Results) -> String {
    let mut text = String::new();
    let mut last = None;
    for row in &results.rows {
        if last != Some(row.load) {
            last = Some(row.load);
            write_head(&mut text, row.load, row.of_raw.is_some());
        }
        write_row(&mut text, row);
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

fn write_head(text: &mut String, load: Load, is_compared: bool) {
    let Load { connections, size, .. } = load;
    let what = match load.workload {
        Workload::Echo => format!("echo of {size} bytes"),
        Workload::File => format!("{size} bytes of a file"),
    };
    let plural = if connections == 1 { "" } else { "s" };
    let _ = writeln!(text, "\n### {what}, {connections} connection{plural}\n");
    let column = if is_compared { "CPU per request, of raw io_uring" } else { "" };
    let _ = writeln!(
        text,
        "| server | requests per CPU second | {column} | requests per second | p50 us | p99 us | \
         p99.9 us | allocations per request |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    );
}

fn write_row(text: &mut String, row: &Row) {
    let sample = &row.median;
    let ratio = row.of_raw.map_or_else(String::new, |cost| format!("{cost:.2}"));
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
