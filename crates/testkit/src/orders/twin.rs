//! What the rules say, one row at a time and one table at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::Cell;
use super::maker::{Log, Order};

const HOUR: i64 = 3_600_000_000_000;
const SIZES: [(&str, i64, i64); 5] =
    [("<1K", 0, 1_000), ("1K-5K", 1_000, 5_000), ("5K-10K", 5_000, 10_000), ("10K-50K", 10_000, 50_000), (">50K", 50_000, i64::MAX)];

/// Rows of an extract: by day and security in order, or all of them.
#[derive(Clone, Debug, Default)]
pub struct Extracted {
    /// Day, security, and positions of the rows.
    pub files: BTreeMap<(i64, i64), Vec<i64>>,
    /// Positions of all rows that passed.
    pub single: Vec<i64>,
}

/// What a run must find.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Rows after each filter that is set: date, security, participant, order type, hours.
    pub counts: Vec<(&'static str, usize)>,
    /// Rows of the eight tables, in their order.
    pub tables: Vec<Vec<Vec<Cell>>>,
    /// What is in which file.
    pub extracted: Extracted,
}

/// Applies the rules.
pub fn answer(log: &Log) -> Answer {
    let mut rows: Vec<&Order> = log.rows.iter().collect();
    let mut counts = Vec::new();
    let mut keep = |name: &'static str, is_set: bool, test: &dyn Fn(&Order) -> bool| {
        if is_set {
            rows.retain(|row| test(row));
            counts.push((name, rows.len()));
        }
    };
    let day = |row: &Order| row.time.map(|time| log.zone.local(time).0);
    keep("date", log.days.is_some(), &|row| log.days.zip(day(row)).is_some_and(|((first, last), day)| first <= day && day <= last));
    let listed = |list: &[i64], value: Option<i64>| value.is_some_and(|value| list.contains(&value));
    keep("security", !log.securities.is_empty(), &|row| listed(&log.securities, row.security));
    keep("participant", !log.participants.is_empty(), &|row| listed(&log.participants, row.participant));
    keep("orderType", !log.order_types.is_empty(), &|row| listed(&log.order_types, row.order_type));
    keep("hours", log.hours.is_some(), &|row| row.time.is_some_and(|time| is_trading(log, time)));
    let mut extracted = Extracted { single: rows.iter().map(|row| row.position).collect(), ..Extracted::default() };
    for row in &rows {
        if let Some(job) = day(row).zip(row.security) {
            extracted.files.entry(job).or_default().push(row.position);
        }
    }
    let tables = tables(log, &rows).into_iter().chain([jobs(log, &rows, &extracted)]).collect();
    Answer { counts, tables, extracted }
}

fn is_trading(log: &Log, time: i64) -> bool {
    let Some((start, end, rule)) = log.hours else { return true };
    let (_, of_day) = log.zone.local(time);
    let hour = of_day / HOUR;
    match rule {
        "exclusive" => start <= hour && hour < end,
        "instant" => start <= hour && of_day <= end * HOUR,
        _ => start <= hour && hour <= end,
    }
}

fn tables(log: &Log, rows: &[&Order]) -> Vec<Vec<Vec<Cell>>> {
    let zone = log.aggregate_zone;
    let day = |row: &Order| row.time.map(|time| zone.local(time).0);
    let size = |row: &Order| row.quantity.and_then(|quantity| SIZES.iter().position(|(_, above, to)| *above < quantity && quantity <= *to));
    let by = |key: &dyn Fn(&Order) -> Option<i64>| {
        let mut groups = BTreeMap::<i64, Vec<&Order>>::new();
        for row in rows {
            if let Some(key) = key(row) {
                groups.entry(key).or_default().push(row);
            }
        }
        groups
    };
    let table = |key: &dyn Fn(&Order) -> Option<i64>, shape: &dyn Fn(i64, &Group<'_>) -> Vec<Cell>| {
        let group = |(key, rows): (i64, Vec<&Order>)| {
            let rows = Group { rows: &rows, double: log.double };
            [vec![Cell::Text("test".into())], shape(key, &rows)].concat()
        };
        by(key).into_iter().map(group).collect::<Vec<_>>()
    };
    let whole = |key: i64| vec![Cell::Integer(key.into())];
    vec![
        table(&|row| row.security, &|key, group| [whole(key), group.of_security()].concat()),
        table(&day, &|key, group| [whole(key), group.usual(), vec![group.participants(), group.securities()], group.parts()].concat()),
        table(&|row| row.participant, &|key, group| [whole(key), group.usual(), vec![group.securities()], group.parts()].concat()),
        table(&|row| row.time.map(|time| zone.local(time).1 / HOUR), &|key, group| {
            [whole(key), group.usual(), vec![group.participants()], group.parts()].concat()
        }),
        table(&|row| size(row).map(|size| size as i64), &|key, group| {
            [vec![Cell::Text(SIZES[key as usize].0.into())], group.usual(), vec![group.participants()], group.parts()].concat()
        }),
        table(&|row| row.time.map(|time| zone.hour_start(time)), &|key, group| [whole(key), group.series(), group.parts()].concat()),
        table(&day, &|key, group| [whole(key), group.series(), vec![group.participants(), group.securities()], group.parts()].concat()),
    ]
}

struct Group<'a> {
    rows: &'a [&'a Order],
    double: bool,
}

impl Group<'_> {
    fn values(&self, of: impl Fn(&Order) -> Option<i64>) -> Vec<i64> {
        self.rows.iter().filter_map(|row| of(row)).collect()
    }

    fn sum(values: &[i64]) -> i128 {
        values.iter().map(|value| i128::from(*value)).sum()
    }

    fn mean(values: &[i64], unit: f64) -> Cell {
        if values.is_empty() { Cell::Null } else { Cell::Double(Self::sum(values) as f64 / unit / values.len() as f64) }
    }

    fn unit(&self) -> f64 {
        if self.double { 8.0 } else { 1.0 }
    }

    fn prices(&self) -> Vec<i64> {
        self.values(|row| row.price)
    }

    /// Orders and sum of quantities.
    fn counted(&self) -> Vec<Cell> {
        let orders = self.rows.iter().filter(|row| row.order.is_some()).count();
        vec![Cell::Integer(orders as i128), Cell::Integer(Self::sum(&self.values(|row| row.quantity)))]
    }

    fn series(&self) -> Vec<Cell> {
        let means = vec![Self::mean(&self.values(|row| row.quantity), 1.0), Self::mean(&self.prices(), self.unit())];
        [self.counted(), means].concat()
    }

    fn extremes(&self) -> Vec<Cell> {
        let prices = self.prices();
        let price = |price: Option<&i64>| price.map_or(Cell::Null, |price| Cell::Double(*price as f64 / self.unit()));
        vec![price(prices.iter().min()), price(prices.iter().max())]
    }

    fn usual(&self) -> Vec<Cell> {
        [self.series(), self.extremes()].concat()
    }

    fn distinct(&self, of: impl Fn(&Order) -> Option<i64>) -> Cell {
        Cell::Integer(self.values(of).into_iter().collect::<BTreeSet<_>>().len() as i128)
    }

    fn participants(&self) -> Cell {
        self.distinct(|row| row.participant)
    }

    fn securities(&self) -> Cell {
        self.distinct(|row| row.security)
    }

    /// Count of quantities, then count and sum of prices.
    fn parts(&self) -> Vec<Cell> {
        let scale = if self.double { 125_000_000 } else { 1_000_000_000 };
        let (quantities, prices) = (self.values(|row| row.quantity), self.prices());
        vec![Cell::Integer(quantities.len() as i128), Cell::Integer(prices.len() as i128), Cell::Integer(Self::sum(&prices) * scale)]
    }

    fn of_security(&self) -> Vec<Cell> {
        let quantities = self.values(|row| row.quantity);
        let times = self.values(|row| row.time);
        let time = |time: Option<&i64>| time.map_or(Cell::Null, |time| Cell::Integer((*time).into()));
        let (first, last) = (time(times.iter().min()), time(times.iter().max()));
        let squares = quantities.iter().map(|quantity| i128::from(*quantity) * i128::from(*quantity)).sum();
        let mut cells = self.series();
        cells.insert(3, deviation(&quantities));
        cells.extend(self.extremes());
        cells.extend([self.participants(), first.clone(), last.clone(), first, last]);
        let parts = self.parts();
        cells.extend([parts[0].clone(), Cell::Integer(squares), parts[1].clone(), parts[2].clone()]);
        cells
    }
}

/// From the definition, around the mean.
fn deviation(values: &[i64]) -> Cell {
    if values.len() < 2 {
        return Cell::Null;
    }
    let mean = Group::sum(values) as f64 / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (*value as f64 - mean).powi(2)).sum();
    Cell::Double((squares / (values.len() - 1) as f64).sqrt())
}

fn jobs(log: &Log, rows: &[&Order], extracted: &Extracted) -> Vec<Vec<Cell>> {
    let mut securities = Vec::new();
    for security in &log.securities {
        if !securities.contains(security) {
            securities.push(*security);
        }
    }
    if securities.is_empty() {
        securities = rows.iter().filter_map(|row| row.security).collect::<BTreeSet<_>>().into_iter().collect();
    }
    let days: Vec<i64> = match log.days {
        Some((first, last)) => (first..=last).collect(),
        None => extracted.files.keys().map(|(day, _)| *day).collect::<BTreeSet<_>>().into_iter().collect(),
    };
    let job = |security: i64, day: i64| {
        let rows = extracted.files.get(&(day, security)).map_or(0, Vec::len);
        vec![
            Cell::Text("test".into()),
            Cell::Integer(security.into()),
            Cell::Integer(day.into()),
            Cell::Text("completed".into()),
            Cell::Integer(rows as i128),
        ]
    };
    securities.iter().flat_map(|security| days.iter().map(|day| job(*security, *day))).collect()
}
