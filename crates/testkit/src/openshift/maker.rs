//! Small hostile months.

use rowmill_core::day::Day;

use super::rows::{Dialect, Input, LabelRow, Month, PodRow, Semantics, StorageRow};
use super::summary::summarise;
use crate::random::Random;

const NODES: [Option<&str>; 7] = [Some("n1"), Some("n2"), Some("n3"), Some("nœud-4"), Some(""), None, Some("n1")];
const RESOURCES: [Option<&str>; 6] = [Some("i-abc"), Some("i-Zz"), Some("i-ABC"), Some(""), None, Some("i-abc")];
const NAMESPACES: [Option<&str>; 14] = [
    Some("app"),
    Some("app-1"),
    Some("app-2"),
    Some("ap_x"),
    Some("openshift-kube-apiserver"),
    Some("openshift-x"),
    Some("kube-system"),
    Some("Platform unallocated"),
    Some("Worker unallocated"),
    Some("Network unattributed"),
    Some("Storage unattributed"),
    Some("naïve 🦀"),
    Some(""),
    None,
];
const PODS: [Option<&str>; 7] = [Some("p0"), Some("p1"), Some("p2"), Some("p3"), Some("p4"), Some(""), None];
const CLAIMS: [Option<&str>; 5] = [Some("c0"), Some("c1"), Some("c2"), Some(""), None];
const VOLUMES: [Option<&str>; 6] = [Some("v0"), Some("v1"), Some("v2"), Some("v3"), Some(""), None];
const CLASSES: [Option<&str>; 3] = [Some("gp2"), Some(""), None];
const HANDLES: [Option<&str>; 4] = [Some("h1"), Some("h2"), Some(""), None];
const ROLES: [Option<&str>; 7] = [Some("worker"), Some("master"), Some("infra"), Some(""), Some("gpu"), None, None];
const KEYS: [&str; 8] = ["app", "env", "tier", "secret", "vm_kubevirt_io_name", "ключ", "App", "a\"q"];
const VALUES: [&str; 20] = [
    r#""a""#,
    r#""b""#,
    r#""""#,
    r#""é🦀""#,
    r#""\ud83d\ude00""#,
    r#""\u00e9""#,
    r#""\n\t\"\\\/""#,
    r#"" x ""#,
    "1",
    "-7",
    "0",
    "1.5",
    "1e3",
    "0.25",
    "1E-7",
    "9007199254740993",
    "18446744073709551615",
    "true",
    "false",
    "null",
];
const PATTERNS: [&str; 12] =
    ["openshift-%", "kube-%", "Platform unallocated", "openshift", "app", "app-_", "ap_%", r"ap\_x", "%", "_pp", "%-%", "Worker%"];
const MALFORMED: [&str; 7] = ["", "[]", "{", "abc", "5", r#"{"app":{}}"#, r#"{"zzz":[1]}"#];
const DAY_MS: i64 = 86_400_000;

/// Whether the month of this seed may make the statement fail; all others do not.
pub fn may_fail(seed: u64) -> bool {
    seed % 11 == 7
}

/// A small month of this seed with whatever real data might hold at its worst, the same for the same seed.
///
/// Dialect, semantics, input and the other switches are drawn too; a test that wants others sets them. Only a month with
/// [`may_fail`] may then fail in the drawn settings.
pub fn random_month(seed: u64) -> Month {
    let mut maker = Maker::new(seed);
    let mut month = maker.month();
    if may_fail(seed) {
        maker.poison(&mut month);
        return month;
    }
    if summarise(&month).is_err() {
        // A volume that only pods without node mount; a pod with an empty node is the nearest that does not fail.
        for pod in month.pods_daily.iter_mut().chain(&mut month.pods_hourly) {
            pod.node.get_or_insert_default();
        }
    }
    month
}

struct Maker {
    random: Random,
    texts: Vec<Option<String>>,
    nulls: usize,
    first_ms: i64,
    days: usize,
    namespaces: Vec<Option<&'static str>>,
    huge: bool,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x0c05_7000);
        let nulls = *random.pick(&[0, 5, 30, 60]);
        let kept = 2 + random.below(5);
        let namespaces = (0..kept).map(|_| *random.pick(&NAMESPACES)).collect();
        let huge = random.percent(25);
        let mut maker = Self { random, texts: Vec::new(), nulls, first_ms: 0, days: 0, namespaces, huge };
        maker.texts = (0..2 + maker.random.below(7)).map(|_| maker.label_text()).collect();
        maker
    }

    fn month(&mut self) -> Month {
        let months = [(2024, 2), (2023, 2), (2025, 10), (2025, 4), (2024, 12)];
        let (year, number) = *self.random.pick(&months);
        let first = Day::from_civil(year, number, 1).unwrap_or(Day(0));
        let length = first.days_in_month() as usize;
        let start = first.0 + self.random.below(length) as i32;
        let end = (start + self.random.below(4) as i32).min(first.0 + length as i32 - 1);
        // A day or two of rows on either side must be left out.
        self.first_ms = i64::from(start - 2) * DAY_MS;
        self.days = (end - start) as usize + 4;
        let dialect = if self.random.percent(30) { Dialect::Postgres } else { Dialect::Trino };
        Month {
            pods_daily: self.rows(40, |maker| maker.pod(false)),
            pods_hourly: self.rows(60, |maker| maker.pod(true)),
            storage: self.rows(24, |maker| maker.storage(false)),
            storage_hourly: self.rows(30, |maker| maker.storage(true)),
            node_labels: self.rows(14, |maker| maker.label_row(true)),
            namespace_labels: self.rows(14, |maker| maker.label_row(false)),
            enabled_keys: self.enabled_keys(),
            categories: self.categories(),
            nodes: self.rows(5, |maker| maker.node_row()),
            start: Day(start),
            end: Day(end),
            semantics: if self.random.percent(30) { Semantics::Corrected } else { Semantics::Exact },
            dialect,
            input: if self.random.percent(35) { Input::Hourly } else { Input::Daily },
            align_start: self.random.percent(50),
            derive_nodes: self.random.percent(50),
        }
    }

    fn rows<R>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> R) -> Vec<R> {
        let count = if self.random.percent(5) { 0 } else { self.random.below(most + 1) };
        let mut rows = Vec::with_capacity(count);
        for _ in 0..count {
            rows.push(one(self));
        }
        rows
    }

    fn at_ms(&mut self, hourly: bool) -> i64 {
        let day = self.first_ms + self.random.below(self.days) as i64 * DAY_MS;
        if hourly {
            return day + self.random.below(3) as i64 * 11 * 3_600_000 + if self.random.percent(10) { 3_599_999 } else { 0 };
        }
        day + if self.random.percent(10) { DAY_MS - 1 } else { 0 }
    }

    fn text(&mut self, texts: &[Option<&str>]) -> Option<String> {
        self.random.pick(texts).map(str::to_owned)
    }

    fn namespace(&mut self) -> Option<String> {
        self.random.pick(&self.namespaces).map(str::to_owned)
    }

    fn labels(&mut self) -> Option<String> {
        self.random.pick(&self.texts).clone()
    }

    fn number(&mut self) -> Option<f64> {
        if self.random.percent(self.nulls) {
            return None;
        }
        let small = self.random.below(20_000) as f64;
        Some(match self.random.below(12) {
            0 => 0.0,
            1 => -small,
            2 => self.random.unit() * 1e-9,
            3 if self.huge => small * 1e12,
            4 if self.huge => 9.5e17 * self.random.unit(),
            5 => 0.1,
            6..=8 => self.random.unit() * 1e5,
            _ => small,
        })
    }

    fn pod(&mut self, hourly: bool) -> PodRow {
        let anomaly = hourly && self.random.percent(4);
        let beyond = *self.random.pick(&[f64::INFINITY, 1.1e18, 3.7e21]);
        PodRow {
            at_ms: self.at_ms(hourly),
            namespace: self.namespace(),
            node: self.text(&NODES),
            pod: self.text(&PODS),
            resource_id: self.text(&RESOURCES),
            labels: self.labels(),
            usage_cpu: if anomaly { Some(beyond) } else { self.number() },
            request_cpu: self.number(),
            effective_cpu: self.number().filter(|_| !hourly),
            limit_cpu: self.number(),
            usage_memory: self.number(),
            request_memory: self.number(),
            effective_memory: self.number().filter(|_| !hourly),
            limit_memory: self.number(),
            capacity_cores: self.number(),
            capacity_bytes: self.number(),
            capacity_core_seconds: self.number(),
            capacity_byte_seconds: self.number(),
            node_role: if self.random.percent(70) { None } else { self.text(&ROLES) },
        }
    }

    fn storage(&mut self, hourly: bool) -> StorageRow {
        let anomaly = hourly && self.random.percent(4);
        StorageRow {
            at_ms: self.at_ms(hourly),
            namespace: self.namespace(),
            pod: self.text(&PODS),
            claim: self.text(&CLAIMS),
            volume: self.text(&VOLUMES),
            class: self.text(&CLASSES),
            handle: self.text(&HANDLES),
            capacity_bytes: if anomaly { Some(2e18) } else { self.number() },
            capacity_byte_seconds: self.number(),
            request_byte_seconds: self.number(),
            usage_byte_seconds: self.number(),
            volume_labels: self.labels(),
            claim_labels: self.labels(),
        }
    }

    fn label_row(&mut self, of_node: bool) -> LabelRow {
        let name = if of_node { self.text(&NODES) } else { self.namespace() };
        let infra = of_node && self.random.percent(10);
        let labels = if infra { Some(r#"{"node_role_kubernetes_io": "infra"}"#.to_owned()) } else { self.labels() };
        LabelRow { at_ms: self.at_ms(false), name, labels }
    }

    fn node_row(&mut self) -> (String, Option<String>, Option<String>) {
        (self.text(&NODES).unwrap_or_default(), self.text(&RESOURCES), self.text(&ROLES))
    }

    fn enabled_keys(&mut self) -> Vec<String> {
        let percent = *self.random.pick(&[0, 30, 60, 100]);
        KEYS.iter().filter(|_| self.random.percent(percent)).map(|key| (*key).to_owned()).collect()
    }

    fn categories(&mut self) -> Vec<(String, i32)> {
        let percent = *self.random.pick(&[0, 15, 50]);
        let mut categories = Vec::new();
        for pattern in PATTERNS {
            if self.random.percent(percent) {
                categories.push((pattern.to_owned(), self.random.below(9) as i32));
            }
        }
        categories
    }

    fn label_text(&mut self) -> Option<String> {
        match self.random.below(9) {
            0 => return None,
            1 => return Some("{}".into()),
            2 => return Some(r#"{"secret": "x"}"#.into()),
            3 if self.random.percent(50) => return Some("null".into()),
            _ => {}
        }
        let (comma, colon) = *self.random.pick(&[(", ", ": "), (",", ":"), (" ,\n", " :\t")]);
        let mut parts = Vec::new();
        for _ in 0..self.random.below(5) {
            let key = self.random.pick(&KEYS).replace('"', "\\\"");
            parts.push(format!("\"{key}\"{colon}{}", self.random.pick(&VALUES)));
        }
        Some(format!("{{{}}}", parts.join(comma)))
    }

    /// Puts one thing into the month that makes the exact statement fail, if a row takes part.
    fn poison(&mut self, month: &mut Month) {
        let malformed = Some((*self.random.pick(&MALFORMED)).to_owned());
        let pods = if month.input == Input::Daily { &mut month.pods_daily } else { &mut month.pods_hourly };
        let storage = if month.input == Input::Daily { &mut month.storage } else { &mut month.storage_hourly };
        let (pod, volume) = (self.random.below(pods.len()), self.random.below(storage.len()));
        match self.random.below(6) {
            0 => pods.iter_mut().skip(pod).take(1).for_each(|row| row.labels.clone_from(&malformed)),
            1 => storage.iter_mut().skip(volume).take(1).for_each(|row| row.claim_labels.clone_from(&malformed)),
            2 => month.node_labels.iter_mut().take(1).for_each(|row| row.labels.clone_from(&malformed)),
            3 => month.namespace_labels.iter_mut().take(1).for_each(|row| row.labels.clone_from(&malformed)),
            4 => pods.iter_mut().skip(pod).take(1).for_each(|row| row.capacity_cores = Some(1.5e18)),
            _ => pods.iter_mut().for_each(|row| row.node = None),
        }
    }
}
