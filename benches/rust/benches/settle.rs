//! What does the machine cost beside the hand-written forms, without Python and without Arrow?
//!
//! Needs `JIUGAO_BENCH_DATA`: a folder with the workload's raw columns and `policy.rulesc` (`make bench` makes it).

use std::path::PathBuf;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use handwritten::workload::Columns;
use handwritten::{Paid, blocked, plain};
use jiugao_engine::{Application, Batch, Column, Identities, Machine, Options, Results, settle_in_parallel};
use jiugao_program::Program;

const INPATIENT: &str = "21";

/// One column for each input of the program: the workload's, or what an absent column counts as.
fn inputs<'a>(program: &Program, columns: &'a Columns) -> Vec<Column<'a>> {
    program
        .inputs()
        .iter()
        .map(|input| match input.column.as_str() {
            "medfee_sumamt" | "inscp_scp_amt" => Column::Values(&columns.in_scope),
            "hifp_pay" => Column::Values(&columns.basic),
            "hifmi_pay" => Column::Values(&columns.critical),
            "med_type" => {
                let code = input.codes.iter().position(|code| code == INPATIENT);
                Column::Constant(code.map_or(-1, |at| i64::try_from(at).unwrap_or(-1)))
            }
            _ => Column::Constant(input.default.unwrap_or(0)),
        })
        .collect()
}

fn bit(program: &Program, name: &str) -> usize {
    program
        .identities()
        .iter()
        .position(|n| n == name)
        .expect("the policy names it")
}

fn settle(c: &mut Criterion) {
    let Some(folder) = std::env::var_os("JIUGAO_BENCH_DATA").map(PathBuf::from) else {
        eprintln!("JIUGAO_BENCH_DATA is not set: nothing to measure (see benches/README.md)");
        return;
    };
    let columns = Columns::read(&folder).expect("the workload's columns");
    let bytes = std::fs::read(folder.join("policy.rulesc")).expect("the compiled policy");
    let program = Arc::new(jiugao_program::decode(&bytes).expect("a verified program"));
    let mut persons = vec![0];
    persons.extend((1..columns.person.len()).filter(|i| columns.person[*i] != columns.person[i - 1]));
    persons.push(columns.person.len());
    let (one, two) = (1 << bit(&program, "特困人员"), 1 << bit(&program, "低保边缘家庭成员"));
    let masks: Vec<i64> = columns
        .kind
        .iter()
        .map(|k| match k {
            1 => one,
            2 => two,
            _ => 0,
        })
        .collect();
    let identity = u32::try_from(bit(&program, "因病致贫重病患者")).expect("few identities");
    let first_day = 19_358;
    let applications: Vec<Application> = persons[..persons.len() - 1]
        .iter()
        .enumerate()
        .filter(|(_, row)| columns.kind[**row] == 3)
        .map(|(person, _)| Application {
            person,
            day: first_day,
            identity,
        })
        .collect();
    let inputs = inputs(&program, &columns);
    let batch = Batch {
        persons: &persons,
        days: &columns.date,
        inputs: &inputs,
        identities: Identities::ByRow(&masks),
        applications: &applications,
        reversals: &[],
    };
    let n = columns.person.len();
    let mut group = c.benchmark_group("settle");
    group.throughput(Throughput::Elements(n as u64)).sample_size(20);
    let mut out = [vec![0; n], vec![0; n], vec![0; n]];
    for (name, form) in [
        ("handwritten loop", plain as fn(_, Paid)),
        ("handwritten blocked", blocked),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let [assistance, reassistance, person] = &mut out;
                form(
                    columns.claims(),
                    Paid {
                        assistance,
                        reassistance,
                        person,
                    },
                );
            });
        });
    }
    let mut results = Results::default();
    let mut machine = Machine::new(Arc::clone(&program), Options::default());
    group.bench_function("machine", |b| {
        b.iter(|| machine.settle(&batch, &mut results).expect("settled"))
    });
    assert_eq!(results.burden, out[2], "the machine and the hand-written forms agree");
    let mut machines = vec![machine.clone(), machine];
    group.bench_function("machine, two threads", |b| {
        b.iter(|| settle_in_parallel(&mut machines, &batch, &mut results).expect("settled"));
    });
    group.finish();
}

criterion_group!(benches, settle);
criterion_main!(benches);
