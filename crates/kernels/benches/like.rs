//! Patterns that match at once, at the end, not at all, and after much trying.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rowmill_kernels::like::Like;

fn like(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("like");
    let text = "openshift-monitoring-production-europe-west";
    for (name, pattern, is_match) in [
        ("prefix", "openshift-%", true),
        ("suffix", "%-west", true),
        ("other prefix", "kube-%", false),
        ("many runs", "%o%n%o%r%t%z", false),
        ("one character each", "open_hift-monitoring-production-europe-wes_", true),
    ] {
        let like = Like::new(pattern, None);
        assert_eq!(like.matches(text), is_match);
        group.bench_function(name, |bencher| bencher.iter(|| like.matches(black_box(text))));
    }
    group.finish();
}

criterion_group!(benches, like);
criterion_main!(benches);
