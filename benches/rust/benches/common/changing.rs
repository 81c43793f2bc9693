//! The workload on which figures change from claim to claim (`changing.rules`).

use std::path::Path;
use std::sync::Arc;

use jiugao_engine::{Batch, Column, Identities};
use jiugao_program::Program;

use super::{Workload, bit};

/// What it has beside the usual workload.
pub struct Changing {
    pub program: Arc<Program>,
    /// 0 for none.
    pub class: Vec<i8>,
    pub level: Vec<i8>,
    masks: Vec<i64>,
    levels: Vec<i64>,
}

impl Changing {
    /// Three persons in ten change class within the year; levels are drawn claim by claim. None without the program.
    pub fn read(folder: &Path, workload: &Workload) -> Option<Self> {
        let bytes = std::fs::read(folder.join("changing.rulesc")).ok()?;
        let program = Arc::new(jiugao_program::decode(&bytes).expect("a verified program"));
        let columns = &workload.columns;
        let mixed = |n: i64| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64) >> 33) & 0xffff;
        let class = |row: usize| {
            let (person, kind) = (columns.person[row], columns.kind[row]);
            let day = i64::from(columns.date[row] - super::FIRST_DAY);
            let changes = mixed(person) % 10 < 3 && day >= mixed(person + 7) % 365;
            match (kind, changes) {
                (1, false) | (2, true) => 1,
                (2, false) | (1, true) => 2,
                _ => 0,
            }
        };
        let class: Vec<i8> = (0..columns.person.len()).map(class).collect();
        let level: Vec<i8> = (0..class.len() as i64).map(|row| (mixed(row) % 3) as i8).collect();
        let (one, two) = (1 << bit(&program, "特困人员"), 1 << bit(&program, "低保边缘家庭成员"));
        Some(Self {
            masks: class.iter().map(|class| [0, one, two][*class as usize]).collect(),
            levels: level.iter().map(|level| i64::from(*level)).collect(),
            program,
            class,
            level,
        })
    }

    pub fn inputs<'a>(&'a self, workload: &'a Workload) -> Vec<Column<'a>> {
        let columns = &workload.columns;
        let column = |input: &jiugao_program::Input| match input.column.as_str() {
            "medfee_sumamt" | "inscp_scp_amt" => Column::Values(&columns.in_scope),
            "hifp_pay" => Column::Values(&columns.basic),
            "hifmi_pay" => Column::Values(&columns.critical),
            "level" => Column::Values(&self.levels),
            _ => Column::Constant(input.default.unwrap_or(0)),
        };
        self.program.inputs().iter().map(column).collect()
    }

    pub fn batch<'a>(&'a self, workload: &'a Workload, inputs: &'a [Column<'a>]) -> Batch<'a> {
        Batch {
            inputs,
            identities: Identities::ByRow(&self.masks),
            applications: &[],
            ..workload.batch(inputs)
        }
    }
}
