//! Rows of volumes and of labels into state.

use arrow_array::RecordBatch;
use rowmill_core::{PhaseDone, Result};

use super::SummaryFold;
use super::day::VolumeKey;
use super::memory::InputMemory;
use super::names::Names;
use super::numbers::Numbers;
use super::scope::Times;
use crate::openshift::inputs::VOLUME_SUMS;

impl SummaryFold {
    /// Volume claim rows, by day or by hour (COST-040 to COST-048).
    pub(super) fn push_volumes(&mut self, input: usize, batch: &RecordBatch, hourly: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        let names = &mut self.names;
        memory.map(batch, &mut [(&[1], &mut names.namespaces), (&[2], &mut names.pods), (&[3, 4, 5, 6], &mut names.volumes)])?;
        let capacity = Numbers::of(batch, 9, "persistentvolumeclaim_capacity_bytes")?;
        let [first, second, third] = VOLUME_SUMS;
        let sums = [Numbers::of(batch, 10, first)?, Numbers::of(batch, 11, second)?, Numbers::of(batch, 12, third)?];
        times.select(&mut memory.rows);
        if hourly {
            sums.iter().chain([&capacity]).for_each(|column| column.drop_anomalous(&mut memory.rows));
        }
        done("names");
        let InputMemory { ids, rows, labels: [volume_labels, claim_labels], .. } = memory;
        let capacity = capacity.checked(rows.iter().copied())?;
        let sums = sums.iter().map(|column| column.checked(rows.iter().copied())).collect::<Result<Vec<_>>>()?;
        let mut volume_labels = volume_labels.open(batch.column(7))?;
        let mut claim_labels = claim_labels.open(batch.column(8))?;
        for of_day in times.days(rows) {
            let volumes_of_day = &mut self.days.entry(of_day.day.0).or_default().volumes;
            for &row in of_day.rows {
                let row = row as usize;
                let totals = volumes_of_day.entry(VolumeKey {
                    namespace: ids[0][row],
                    pod: ids[1][row],
                    claim: ids[2][row],
                    volume: ids[3][row],
                    class: ids[4][row],
                    csi_handle: ids[5][row],
                    volume_labels: volume_labels.id(row, &mut names.labels)?,
                    claim_labels: claim_labels.id(row, &mut names.labels)?,
                });
                for (sum, column) in sums.iter().enumerate() {
                    let is_missing = column[row].is_nan();
                    if hourly || !is_missing {
                        totals.add(sum, if is_missing { 0.0 } else { column[row] });
                    }
                }
                totals.capacity_bytes.put(capacity[row]);
            }
        }
        done("groups");
        Ok(())
    }

    /// Label rows of nodes or of namespaces (COST-010 to COST-012).
    pub(super) fn push_labels(&mut self, input: usize, batch: &RecordBatch, of_nodes: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        let Names { nodes, namespaces, labels: table, .. } = &mut self.names;
        let names = if of_nodes { nodes } else { namespaces };
        memory.map(batch, &mut [(&[1], names)])?;
        times.select(&mut memory.rows);
        let InputMemory { ids, labels, rows, .. } = memory;
        let mut labels = labels[0].open(batch.column(2))?;
        for of_day in times.days(rows) {
            let day = self.days.entry(of_day.day.0).or_default();
            let sets = if of_nodes { &mut day.node_labels } else { &mut day.namespace_labels };
            for &row in of_day.rows {
                let row = row as usize;
                let name = ids[0][row];
                sets.insert((name, labels.id(row, table)?));
                if of_nodes && let Some(node) = names.get(name) {
                    let text_hash = labels.text_hash(row);
                    self.facts.note_labels((name, text_hash), node, || labels.text(row));
                }
            }
        }
        self.names.place_new_nodes();
        done("labels");
        Ok(())
    }
}
