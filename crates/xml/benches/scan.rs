//! How long a document takes to scan, beside the events of quick-xml, which checks less.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use quick_xml::Reader;
use quick_xml::events::Event;
use rowmill_xml::{Attribute, Descend, Handler, Limits, scan};

/// A document of about 145 KB: a few elements with many attributes, and reports that nobody asks for.
fn document() -> String {
    let mut text = String::from("<Root><Request ID=\"1\" Process=\"P1\" Status=\"\"><Data><application ");
    for number in 0..40 {
        text.push_str(&format!("attribute_{number}=\"{}\" ", if number % 3 == 0 { "value &amp; more" } else { "" }));
    }
    text.push_str("/></Data><Reports>");
    for number in 0..900 {
        text.push_str(&format!(
            "<report code=\"{number}\" kind=\"A\" amount=\"{}.25\" note=\"\" received=\"2024-01-0{}\" source=\"bureau of nobody\"><line text=\"\"/></report>\n",
            number * 17,
            number % 9 + 1
        ));
    }
    text.push_str("</Reports></Request></Root>");
    text
}

struct Counting {
    attributes: usize,
    descend: Descend,
}

impl Handler for Counting {
    fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) -> Descend {
        self.attributes += attributes.len();
        if name == "Reports" { self.descend } else { Descend::Into }
    }

    fn close(&mut self) {}
}

fn benches(criterion: &mut Criterion) {
    let text = document();
    let mut group = criterion.benchmark_group("xml");
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (name, descend) in [("scan, told of everything", Descend::Into), ("scan, reports skipped", Descend::Skip)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut handler = Counting { attributes: 0, descend };
                scan(black_box(&text), &Limits::default(), &mut handler).expect("a document");
                handler.attributes
            });
        });
    }
    group.bench_function("quick-xml, events", |bencher| bencher.iter(|| events(black_box(&text), false)));
    group.bench_function("quick-xml, events and attributes", |bencher| bencher.iter(|| events(black_box(&text), true)));
    group.finish();
}

fn events(text: &str, attributes: bool) -> usize {
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    loop {
        match reader.read_event().expect("a document") {
            Event::Start(tag) | Event::Empty(tag) => count += if attributes { tag.attributes().filter(Result::is_ok).count() } else { 1 },
            Event::Eof => return count,
            _ => {}
        }
    }
}

criterion_group!(scanning, benches);
criterion_main!(scanning);
