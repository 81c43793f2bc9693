//! `handwritten FOLDER plain|blocked THREADS`: reads raw little-endian columns, times one form, writes its outputs.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use handwritten::workload::Columns;
use handwritten::{blocked, in_parallel, plain};

/// Passes that nobody times go on for so long: new threads settle on their processors meanwhile.
const WARM: Duration = Duration::from_millis(100);

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let form = arguments.next().unwrap_or_else(|| "plain".into());
    let threads: usize = arguments.next().and_then(|t| t.parse().ok()).unwrap_or(1);
    let settle = if form == "blocked" { blocked } else { plain };
    let folder = Path::new(&folder);
    let columns = Columns::read(folder)?;
    let claims = columns.claims();
    let n = columns.person.len();
    let mut out = [vec![0; n], vec![0; n], vec![0; n]];
    let begun = Instant::now();
    while begun.elapsed() < WARM {
        in_parallel(settle, threads, claims, &mut out);
    }
    let mut times: Vec<f64> = (0..3)
        .map(|_| {
            let start = Instant::now();
            in_parallel(settle, threads, claims, &mut out);
            start.elapsed().as_secs_f64() * 1e9 / n as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    for (column, values) in ["assistance", "reassistance", "remainder"].iter().zip(&out) {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        fs::write(folder.join(format!("{form}_{column}")), bytes)?;
    }
    println!("{{\"ns\":{:.4}}}", times[1]);
    Ok(())
}
