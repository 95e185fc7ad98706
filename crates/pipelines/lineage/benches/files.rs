//! Files per second, one thread: both passes over the generated corpus, with the catalogue of the run.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_generate_sql::{SqlFile, sql_file};
use rowmill_lineage::{Catalogue, Choice, DEFAULT, Dialect, Options, prepare};

fn both_passes(files: &[SqlFile]) -> usize {
    let read = |file: &SqlFile| {
        let dialect = Dialect::from_id(file.dialect).unwrap_or(DEFAULT);
        prepare(&file.text, &Options { dialect: Choice::Named(dialect), ..Options::default() })
    };
    let prepared: Vec<_> = files.iter().map(read).collect();
    let catalogue = Catalogue::new(prepared.iter().flat_map(|p| p.entries()), Dialect::Generic);
    prepared.iter().map(|p| p.lineage(&catalogue).statements.len()).sum()
}

fn files(criterion: &mut Criterion) {
    let corpus: Vec<_> = (0..1000).map(sql_file).collect();
    let mut group = criterion.benchmark_group("lineage");
    group.sample_size(10).throughput(Throughput::Elements(corpus.len() as u64));
    group.bench_function("1000 files, parse and columns", |b| b.iter(|| both_passes(&corpus)));
    group.finish();
}

criterion_group!(benches, files);
criterion_main!(benches);
