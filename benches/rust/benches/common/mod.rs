//! The workload as the machine takes it.

pub mod changing;

use std::path::PathBuf;
use std::sync::Arc;

use handwritten::workload::Columns;
use jiugao_engine::{Application, Batch, Column, Identities};
use jiugao_program::Program;

const INPATIENT: &str = "21";
/// 2023-01-01, on which class three applies.
const FIRST_DAY: i32 = 19_358;

/// Everything that a batch borrows from.
pub struct Workload {
    pub columns: Columns,
    pub program: Arc<Program>,
    persons: Vec<usize>,
    masks: Vec<i64>,
    applications: Vec<Application>,
}

/// The folder with the workload's raw columns and `policy.rulesc`, if it is named.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("JIUGAO_BENCH_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("JIUGAO_BENCH_DATA is not set: nothing to measure (see benches/README.md)");
    }
    folder
}

impl Workload {
    pub fn read(folder: &std::path::Path) -> Self {
        let columns = Columns::read(folder).expect("the workload's columns");
        let bytes = std::fs::read(folder.join("policy.rulesc")).expect("the compiled policy");
        let program = Arc::new(jiugao_program::decode(&bytes).expect("a verified program"));
        let mut persons = vec![0];
        persons.extend((1..columns.person.len()).filter(|i| columns.person[*i] != columns.person[i - 1]));
        persons.push(columns.person.len());
        let (one, two) = (1 << bit(&program, "特困人员"), 1 << bit(&program, "低保边缘家庭成员"));
        let mask = |kind: &i8| match kind {
            1 => one,
            2 => two,
            _ => 0,
        };
        let masks = columns.kind.iter().map(mask).collect();
        let identity = u32::try_from(bit(&program, "因病致贫重病患者")).expect("few identities");
        let applications = persons[..persons.len() - 1]
            .iter()
            .enumerate()
            .filter(|(_, row)| columns.kind[**row] == 3)
            .map(|(person, _)| Application {
                person,
                day: FIRST_DAY,
                identity,
            })
            .collect();
        Self {
            columns,
            program,
            persons,
            masks,
            applications,
        }
    }

    /// One column for each input of the program: the workload's, or what an absent column counts as.
    pub fn inputs(&self) -> Vec<Column<'_>> {
        let columns = &self.columns;
        self.program
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

    /// The whole workload as one batch.
    pub fn batch<'a>(&'a self, inputs: &'a [Column<'a>]) -> Batch<'a> {
        Batch {
            persons: &self.persons,
            days: &self.columns.date,
            inputs,
            identities: Identities::ByRow(&self.masks),
            applications: &self.applications,
            reversals: &[],
            openings: &[],
        }
    }
}

fn bit(program: &Program, name: &str) -> usize {
    program
        .identities()
        .iter()
        .position(|n| n == name)
        .expect("the policy names it")
}
