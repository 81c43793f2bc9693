//! How blocks are worked out, as it is kept in tests/ways.txt: who is left to be worked out one by one, which way a benefit
//! goes, how large values may be (as a sum; `JIUGAO_WAYS=NAME` prints it). None of it shows in a payment.
//! `JIUGAO_GOLDEN=write cargo test -p jiugao_engine` writes it again.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiugao_program::Program;

use super::{Blocks, LINE, Pass, ROWS, STRIDE, Scan};
use crate::batch::{Application, Batch, Column};
use crate::machine::Options;
use crate::prepared::Prepared;
use crate::results::{Results, YearRecords};
use crate::sheet::Sheet;
use crate::support::random::{self, Random, Shape};
use crate::support::recorded::recorded;
use crate::support::{Claims, day, digest, program as written};

/// Programs that blocks do, with claims: recorded ones, and random ones with and without applicants.
fn cases() -> Vec<(String, Arc<Program>, Claims)> {
    let named = recorded().into_iter().map(|one| (one.name, one.program, one.claims));
    let drawn = (0..60_u16).map(|seed| {
        let shape = Shape {
            classes: if seed % 4 > 0 { 2 } else { 0 },
            on_application: seed % 4 == 3,
            limits: if seed % 5 > 2 { 2 } else { 0 },
            plain: seed % 3 > 0,
            chained: seed % 2 > 0,
        };
        let mut random = Random(u64::from(seed));
        let program = random::program(&mut random, &shape);
        (
            format!("drawn {seed}"),
            program,
            random::claims(&mut random, &shape, 12),
        )
    });
    let all = named.chain(drawn);
    all.filter(|(_, program, _)| !Prepared::new(Arc::clone(program)).one_by_one)
        .collect()
}

/// What else a batch may be like.
type Change = fn(&mut [Column<'_>]);

/// As it is; two inputs that are one column; bills that are all alike.
const CHANGES: [(&str, Change); 3] = [
    ("plain", |_| ()),
    ("twins", |inputs| {
        if let [_, first, second, ..] = inputs {
            *second = *first;
        }
    }),
    ("one bill", |inputs| {
        if let [_, total, _, paid, ..] = inputs {
            (*total, *paid) = (Column::Constant(1_000), Column::Constant(0));
        }
    }),
];

/// Blocks after a run in blocks of so many rows.
fn run(program: &Arc<Program>, claims: &Claims, rows: usize, options: Options, change: Change) -> Blocks {
    let prepared = Prepared::new(Arc::clone(program));
    let mut blocks = Blocks::new(&prepared);
    blocks.set_rows(rows);
    claims.with(|batch| {
        let mut inputs = batch.inputs.to_vec();
        change(&mut inputs);
        let batch = &Batch {
            inputs: &inputs,
            ..*batch
        };
        let (mut results, mut records) = (Results::default(), YearRecords::default());
        records.begin(program, options.records, 0);
        let mut sheet = Sheet::of(&mut results, batch.days.len(), &prepared, options);
        let done = blocks.run(&prepared, batch, 0..batch.people(), options, &mut sheet, &mut records);
        assert_eq!(done, Ok(()));
    });
    blocks
}

/// What they were left in, in words.
fn told(blocks: &Blocks) -> String {
    let Blocks {
        passes,
        magnitudes,
        column_magnitudes,
        aliases,
        negative,
        steady_class,
        steady_held,
        applied,
        scans,
        ..
    } = blocks;
    let ways: Vec<String> = scans.iter().map(Scan::way).collect();
    let passes: Vec<u8> = passes.iter().flatten().map(Pass::otherwise).collect();
    format!(
        "{applied:?} {steady_class} {steady_held} {magnitudes:?} {column_magnitudes:?} {aliases:?} {negative:?} {ways:?} {passes:?}"
    )
}

#[test]
fn blocks_go_the_ways_that_they_went() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ways.txt");
    let all = Options {
        records: true,
        close: true,
        details: true,
        ..Options::default()
    };
    let mut found = String::new();
    for (name, program, claims) in cases() {
        let changes = if name.starts_with("drawn") {
            &CHANGES[..]
        } else {
            &CHANGES[..1]
        };
        let wanted = [("everything", all), ("amounts", Options::default())];
        let ways = changes.iter().flat_map(|change| wanted.map(|wanted| (change, wanted)));
        for ((change, apply), (what, options)) in ways {
            for rows in [7, ROWS] {
                let blocks = run(&program, &claims, rows, options, *apply);
                let (again, told) = (&blocks.again, told(&blocks));
                let way = format!("{name}, {change}, {what}, {rows}");
                if std::env::var("JIUGAO_WAYS").is_ok_and(|wanted| wanted == name) {
                    println!("{way}: {again:?} {told}");
                }
                let sum: String = digest(&told).chars().take(12).collect();
                writeln!(found, "{way}: {again:?} {sum}").unwrap();
            }
        }
    }
    if std::env::var("JIUGAO_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(kept.lines()).enumerate();
    let differs = differs
        .map(|(n, lines)| (n + 1, lines))
        .find(|(_, (found, kept))| found != kept);
    assert_eq!(differs, None, "line, found, kept");
    assert_eq!(found.lines().count(), kept.lines().count());
}

/// Applicants whose claims all count in their application stay in blocks, also with a claim on its very day, or with what
/// bars them from the higher class; nobody else does.
#[test]
fn applicants_are_worked_out_one_by_one_only_where_they_must_be() {
    let program = written("applications");
    let applied = day(3, 1);
    for (first, masks, stays) in [
        (applied, [0, 0], true),
        (applied - 1, [0, 0], false),
        (applied + 1, [5, 4], true),
        (applied, [1, 1], false),
        (applied, [0, 1], false),
        (applied, [5, 1], false),
    ] {
        let mut claims = Claims::of_one(3, &[]);
        claims.claim(first, &[100, 0]).claim(applied + 9, &[100, 0]);
        claims.masks = Some(masks.to_vec());
        claims.applications.push(Application {
            person: 0,
            day: applied,
            identity: 1,
        });
        for rows in [1, ROWS] {
            let blocks = run(&program, &claims, rows, Options::default(), |_| ());
            assert_eq!(blocks.again.is_empty(), stays, "{first} {masks:?} {rows}");
        }
    }
}

/// Results after the first block begin with a line of the cache, wherever those before them end.
#[test]
fn the_first_block_ends_where_a_line_of_the_cache_does() {
    let program = written("liaocheng");
    let prepared = Prepared::new(Arc::clone(&program));
    let mut blocks = Blocks::new(&prepared);
    let mut results = Results::default();
    let sheet = Sheet::of(&mut results, 3 * ROWS, &prepared, Options::default());
    let start = sheet.burden.as_ptr().addr() / size_of::<i64>();
    let mut lengths = Vec::new();
    for first in 0..2 * STRIDE {
        let rows = blocks.first_rows(&sheet, first, 3 * ROWS);
        assert_eq!((start + first + rows) % (LINE / size_of::<i64>()), 0);
        lengths.push(rows);
        assert_eq!(blocks.first_rows(&sheet, first, first + ROWS + 1), rows);
        assert_eq!(blocks.first_rows(&sheet, first, first + ROWS), ROWS);
        assert_eq!(blocks.first_rows(&sheet, first, first + 1), ROWS);
    }
    lengths.sort_unstable();
    lengths.dedup();
    assert_eq!(lengths, (ROWS - STRIDE + 1..=ROWS).collect::<Vec<_>>());
    blocks.set_rows(100);
    assert_eq!(blocks.first_rows(&sheet, 1, 3 * ROWS), 100);
}
