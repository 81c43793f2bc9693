//! `handwritten FOLDER plain|blocked THREADS`: reads raw little-endian columns, times one form, writes its outputs.

use std::fs;
use std::path::Path;
use std::time::Instant;

use handwritten::workload::Columns;
use handwritten::{Claims, Paid, blocked, cuts, plain};

type Settle = fn(Claims, Paid);

fn run(settle: Settle, threads: usize, claims: Claims, out: &mut [Vec<i64>; 3]) {
    let [a, r, p] = out;
    let (mut a, mut r, mut p) = (&mut a[..], &mut r[..], &mut p[..]);
    std::thread::scope(|scope| {
        for rows in cuts(claims.person, threads) {
            let (a1, a2) = std::mem::take(&mut a).split_at_mut(rows.len());
            let (r1, r2) = std::mem::take(&mut r).split_at_mut(rows.len());
            let (p1, p2) = std::mem::take(&mut p).split_at_mut(rows.len());
            (a, r, p) = (a2, r2, p2);
            let part = Claims {
                person: &claims.person[rows.clone()],
                kind: &claims.kind[rows.clone()],
                in_scope: &claims.in_scope[rows.clone()],
                basic: &claims.basic[rows.clone()],
                critical: &claims.critical[rows],
            };
            let paid = Paid {
                assistance: a1,
                reassistance: r1,
                person: p1,
            };
            if threads == 1 {
                settle(part, paid)
            } else {
                scope.spawn(move || settle(part, paid));
            }
        }
    });
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let form = arguments.next().unwrap_or_else(|| "plain".into());
    let threads: usize = arguments.next().and_then(|t| t.parse().ok()).unwrap_or(1);
    let settle: Settle = if form == "blocked" { blocked } else { plain };
    let folder = Path::new(&folder);
    let columns = Columns::read(folder)?;
    let claims = columns.claims();
    let n = columns.person.len();
    let mut out = [vec![0; n], vec![0; n], vec![0; n]];
    run(settle, threads, claims, &mut out);
    let mut times: Vec<f64> = (0..3)
        .map(|_| {
            let start = Instant::now();
            run(settle, threads, claims, &mut out);
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
