//! Label texts to ids, and ids to merged ids.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use rowmill_core::Result;
use rowmill_kernels::labels::{LabelColumn, LabelRules, LabelTable};

use super::texts::dictionary;
use super::{Kernel, Work};
use crate::data::BATCH_ROWS;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "labels/parse-short", prepare: |_| Ok(parse(texts(1_024))) },
    Kernel { name: "labels/parse-long", prepare: |_| Ok(parse(padded(128))) },
    Kernel { name: "labels/parse-escaped", prepare: |_| Ok(parse(escaped(1_024))) },
    Kernel { name: "labels/column-dictionary", prepare: |_| Ok(column(dictionary(&rows(400))?, 8)) },
    Kernel { name: "labels/column-plain-few", prepare: |_| Ok(column(Arc::new(StringArray::from(rows(400))), 8)) },
    Kernel { name: "labels/column-plain-distinct", prepare: |_| Ok(column(Arc::new(StringArray::from(rows(BATCH_ROWS))), 1)) },
    Kernel { name: "labels/merge", prepare: |_| merge() },
    Kernel { name: "labels/json", prepare: |_| json() },
];

fn table() -> LabelTable {
    LabelTable::new(["app", "env", "team", "tier", "version"].map(String::from), LabelRules::default())
}

fn texts(distinct: usize) -> Vec<String> {
    (0..distinct).map(|number| format!(r#"{{"app":"service-{number}","env":"production","pod_template_hash":"{number:x}","tier":"web"}}"#)).collect()
}

/// Texts with forty members that nobody asks for.
fn padded(distinct: usize) -> Vec<String> {
    let members: String = (0..40).map(|key| format!(r#""other_{key}":"a value that nobody asks for","#)).collect();
    (0..distinct).map(|number| format!(r#"{{{members}"app":"service-{number}"}}"#)).collect()
}

fn escaped(distinct: usize) -> Vec<String> {
    (0..distinct).map(|number| format!(r#"{{"app":"a \"quoted\" caf\u00e9 {number}","env":"a\\b"}}"#)).collect()
}

/// One text a row, none beside its like.
fn rows(distinct: usize) -> Vec<String> {
    let texts = texts(distinct);
    (0..BATCH_ROWS).map(|row| texts[row * 613 % distinct].clone()).collect()
}

fn parse(texts: Vec<String>) -> Work {
    Box::new(move || {
        let mut labels = table();
        texts.iter().try_fold(0, |sum, text| Ok(sum + u64::from(labels.parse(Some(text))?)))
    })
}

/// A column of so many batches that are the same.
fn column(array: ArrayRef, batches: usize) -> Work {
    Box::new(move || {
        let (mut labels, mut memory) = (table(), LabelColumn::new("pod_labels"));
        let mut sum = 0;
        for _ in 0..batches {
            let mut rows = memory.open(&array)?;
            for row in 0..BATCH_ROWS {
                sum += u64::from(rows.id(row, &mut labels)?);
            }
        }
        Result::Ok(sum)
    })
}

/// Pods over namespaces, as finishing a day merges them: every pair twice, the second time from memory.
fn merge() -> Result<Work> {
    let (pods, namespaces) = (texts(256), escaped(16));
    Ok(Box::new(move || {
        let mut labels = table();
        let mut ids = |texts: &[String]| texts.iter().map(|text| labels.parse(Some(text))).collect::<Result<Vec<u32>>>();
        let (pods, namespaces) = (ids(&pods)?, ids(&namespaces)?);
        let mut sum = 0;
        for _ in 0..2 {
            for namespace in &namespaces {
                sum += pods.iter().map(|pod| u64::from(labels.merge(*namespace, *pod))).sum::<u64>();
            }
        }
        Ok(sum)
    }))
}

fn json() -> Result<Work> {
    let mut labels = table();
    let ids = texts(1_024).iter().map(|text| labels.parse(Some(text))).collect::<Result<Vec<u32>>>()?;
    Ok(Box::new(move || {
        let mut out = String::new();
        ids.iter().for_each(|id| {
            labels.write_json(*id, &mut out);
        });
        Ok(out.len() as u64)
    }))
}
