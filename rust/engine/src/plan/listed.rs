//! Plans of the programs of tests/programs and tests/recorded.jsonl, as they are kept in tests/plans: which way a block goes
//! shows in no payment. `JIUGAO_GOLDEN=write cargo test -p jiugao_engine` writes them again.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiugao_program::Program;

use super::{Plan, Signature};
use crate::prepared::Prepared;
use crate::support::recorded::recorded;
use crate::support::{digest, program};

/// The programs, by name; whether their plans are kept as text or, of the many recorded ones, as a sum.
fn programs() -> Vec<(String, Arc<Program>, bool)> {
    let written = ["instructions", "liaocheng", "shared_limits"].map(|name| (name.to_owned(), program(name), true));
    let recorded = recorded().into_iter().enumerate();
    let recorded = recorded.map(|(n, one)| (one.name, one.program, n % 8 == 0));
    written.into_iter().chain(recorded).collect()
}

/// What is constant in a run: nothing, and every second input with everything that changes by date.
fn signatures(prepared: &Prepared) -> [(&'static str, Signature); 2] {
    let inputs = prepared.program.inputs().len();
    let nothing = Signature {
        inputs: vec![None; inputs],
        twins: (0..inputs).collect(),
        regimes: vec![None; prepared.lists.dates.len()],
        records: true,
        details: true,
        measures: true,
    };
    let much = Signature {
        inputs: (0..inputs).map(|n| (n % 2 == 1).then_some(1)).collect(),
        twins: (0..inputs).map(|n| n.saturating_sub(n % 3)).collect(),
        regimes: vec![Some(0); prepared.lists.dates.len()],
        ..Signature::default()
    };
    [("nothing is constant", nothing), ("much is constant", much)]
}

fn listed(prepared: &Prepared) -> String {
    let mut text = String::new();
    for (title, signature) in signatures(prepared) {
        writeln!(text, "{title}").unwrap();
        let Some(plan) = Plan::new(prepared, &signature) else {
            writeln!(text, "  no plan").unwrap();
            continue;
        };
        let Plan {
            steps,
            values,
            places,
            of_class,
            same_as,
            mirrors,
            slots,
            class,
            burden,
            excess,
            paying,
            measures,
            pays,
            joint,
            on_demand,
            holds,
            reads_day,
        } = &plan;
        for (n, step) in steps.iter().enumerate() {
            writeln!(text, "  {n} {step:?}").unwrap();
        }
        writeln!(
            text,
            "  {values} values, {slots} slots, class {class}, holds {holds}, reads day {reads_day}"
        )
        .unwrap();
        writeln!(text, "  burden {burden:?}, excess {excess:?}, pays {pays:?}").unwrap();
        writeln!(text, "  paying {paying:?}, measures {measures:?}").unwrap();
        writeln!(text, "  joint {joint:?}, on demand {on_demand:?}").unwrap();
        writeln!(text, "  same {same_as:?}").unwrap();
        writeln!(text, "  mirrors {mirrors:?}").unwrap();
        writeln!(text, "  of class {of_class:?}").unwrap();
        writeln!(text, "  places {places:?}").unwrap();
    }
    text
}

/// The texts of plans, by name of their file.
fn texts() -> Vec<(String, String)> {
    let (mut texts, mut sums) = (Vec::new(), String::new());
    for (name, program, whole) in programs() {
        let prepared = Prepared::new(program);
        if prepared.one_by_one {
            continue;
        }
        let found = listed(&prepared);
        writeln!(sums, "{name} {}", digest(&found)).unwrap();
        if whole {
            texts.push((name, found));
        }
    }
    texts.push(("sums".to_owned(), sums));
    texts
}

#[test]
fn plans_are_as_they_were() {
    let write = std::env::var("JIUGAO_GOLDEN").is_ok_and(|what| what == "write");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    for (name, found) in texts() {
        let path = folder.join(format!("{name}.txt"));
        if write {
            std::fs::write(&path, &found).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = found.lines().zip(kept.lines()).find(|(found, kept)| found != kept);
        assert_eq!(differs, None, "{name}: found, kept");
        assert_eq!(found.lines().count(), kept.lines().count(), "{name}");
    }
}
