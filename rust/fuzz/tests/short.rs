//! Some seconds of what `make fuzz` does for an hour, from programs of every kind.

#[path = "../../engine/tests/machine/support/mod.rs"]
mod support;

use jiugao_fuzz::{Bank, Outcome, Random, attempt, mutated, seal};
use std::collections::BTreeMap;
use support::random::{self, Shape};

const SEEDS: u64 = 24;
const CHANGED: usize = 1500;

fn seeds() -> Vec<Vec<u8>> {
    let written = ["liaocheng", "shared_limits"].map(|name| {
        let path = format!("{}/../engine/tests/programs/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        support::assemble(serde_json::from_str(&text).unwrap())
            .body()
            .to_owned()
    });
    let drawn = (0..SEEDS).map(|seed| {
        let shape = Shape {
            classes: usize::try_from(seed % 4).unwrap(),
            on_application: seed % 4 > 1,
            limits: usize::try_from(seed % 3).unwrap(),
            plain: seed % 5 == 0,
            chained: seed % 7 == 0,
        };
        random::program(&mut random::Random(seed), &shape).body().to_owned()
    });
    written.into_iter().chain(drawn).map(|body| seal(&body)).collect()
}

#[test]
fn programs_as_they_are_settle() {
    for bytes in seeds() {
        assert_eq!(attempt(&bytes), Outcome::Settled);
    }
}

/// The body of a program that is kept is changed again: damage adds up as far as the verifier lets it.
#[test]
fn changed_programs_are_refused_or_run_alike_in_every_way() {
    let mut kept = seeds();
    let first = kept.len();
    let mut random = Random(std::env::var("JIUGAO_FUZZ_SEED").map_or(2022, |seed| seed.parse().unwrap()));
    let mut bank = Bank::default();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..CHANGED {
        let Some(bytes) = random
            .pick(&kept)
            .and_then(|bytes| mutated(bytes, random.clone().bits(), &mut bank))
        else {
            panic!("a body that is no JSON was kept")
        };
        random.bits();
        let outcome = attempt(&bytes);
        *ends.entry(format!("{outcome:?}")).or_default() += 1;
        if outcome == Outcome::Settled {
            if kept.len() < first + 200 {
                kept.push(bytes);
            } else {
                let place = first + random.index(200);
                kept[place] = bytes;
            }
        }
    }
    let settled = ends.get("Settled").copied().unwrap_or(0);
    assert!(settled > 100, "hardly any was run: {ends:?}");
    assert!(
        ends.keys().filter(|end| end.contains("Refused")).count() > 4,
        "{ends:?}"
    );
}
