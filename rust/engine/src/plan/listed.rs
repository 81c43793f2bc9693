//! Plans of the programs of tests/programs and tests/recorded, as they are kept in tests/plans: which way a block goes shows
//! in no payment. `JIUGAO_GOLDEN=write cargo test -p jiugao_engine` writes them again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::assembly::{body, file, with_debug_lines};
use super::{Plan, Signature};
use crate::prepared::Prepared;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The bodies of the programs, by name.
fn programs() -> Vec<(String, Value)> {
    let read = |path: PathBuf| -> (String, Value) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        (name, serde_json::from_str(&text).unwrap())
    };
    let of = |name: &str| {
        std::fs::read_dir(folder(name))
            .unwrap()
            .map(|e| read(e.unwrap().path()))
    };
    let written = of("programs").map(|(name, source)| (name, body(source)));
    let recorded = of("recorded").map(|(name, file)| (name, with_debug_lines(&file["program"])));
    written.chain(recorded).collect()
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

#[test]
fn plans_are_as_they_were() {
    let write = std::env::var("JIUGAO_GOLDEN").is_ok_and(|what| what == "write");
    for (name, body) in programs() {
        let program = jiugao_program::decode(&file(&body)).unwrap();
        let prepared = Prepared::new(Arc::new(program));
        if prepared.one_by_one {
            continue;
        }
        let path = folder("plans").join(format!("{name}.txt"));
        let found = listed(&prepared);
        if write {
            std::fs::create_dir_all(folder("plans")).unwrap();
            std::fs::write(&path, &found).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = found.lines().zip(kept.lines()).find(|(found, kept)| found != kept);
        assert_eq!(differs, None, "{name}: found, kept");
        assert_eq!(found.lines().count(), kept.lines().count(), "{name}");
    }
}
