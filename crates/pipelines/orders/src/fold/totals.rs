//! What is kept of a group.

use rowmill_kernels::exact::SquareSum;

/// Steps of one in the sum of double prices: values are taken to the nearest `2^-48`, so any order gives the same bits.
const STEPS_OF_ONE: f64 = (1u64 << 48) as f64;
/// Double prices are below this: then 2^41 rows cannot make their sum overflow.
pub const DOUBLE_LIMIT: f64 = (1u64 << 38) as f64;

/// What one row adds to each of its groups. A NULL counts nothing, adds 0, and is neither smallest nor largest.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub orders: u64,
    pub quantities: u64,
    pub quantity: i64,
    pub price: Price,
}

/// The price of a row, in whole numbers that add up and compare as the prices do.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    pub count: u64,
    pub sum: i128,
    pub min: i64,
    pub max: i64,
}

impl Price {
    /// No price.
    pub const NULL: Self = Self { count: 0, sum: 0, min: i64::MAX, max: i64::MIN };

    /// A whole price.
    #[inline]
    pub fn of_integer(price: i64) -> Self {
        Self { count: 1, sum: price.into(), min: price, max: price }
    }

    /// A double price, finite and below [`DOUBLE_LIMIT`].
    #[inline]
    pub fn of_double(price: f64) -> Self {
        let order = ordered(price);
        Self { count: 1, sum: (price * STEPS_OF_ONE).round_ties_even() as i128, min: order, max: order }
    }
}

/// A whole number that compares as the double does; -0 is 0.
fn ordered(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

/// The inverse of [`ordered`].
pub fn unordered(order: i64) -> f64 {
    let bits = if order < 0 { i64::MIN - order } else { order };
    f64::from_bits(bits as u64)
}

/// What is kept of every group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Rows with an order id.
    pub orders: u64,
    /// Rows with a quantity.
    pub quantities: u64,
    /// Rows with a price.
    pub prices: u64,
    pub quantity_sum: i128,
    pub price_sum: i128,
    pub price_min: i64,
    pub price_max: i64,
}

impl Default for Totals {
    fn default() -> Self {
        Self { orders: 0, quantities: 0, prices: 0, quantity_sum: 0, price_sum: 0, price_min: i64::MAX, price_max: i64::MIN }
    }
}

impl Totals {
    /// Takes in one row.
    #[inline]
    pub fn add(&mut self, row: &Row) {
        self.orders += row.orders;
        self.quantities += row.quantities;
        self.prices += row.price.count;
        self.quantity_sum += i128::from(row.quantity);
        self.price_sum += row.price.sum;
        self.price_min = self.price_min.min(row.price.min);
        self.price_max = self.price_max.max(row.price.max);
    }

    /// Takes in another group's rows.
    pub fn merge(&mut self, other: &Self) {
        self.orders += other.orders;
        self.quantities += other.quantities;
        self.prices += other.prices;
        self.quantity_sum += other.quantity_sum;
        self.price_sum += other.price_sum;
        self.price_min = self.price_min.min(other.price_min);
        self.price_max = self.price_max.max(other.price_max);
    }

    /// Mean of the quantities.
    pub fn quantity_mean(&self) -> Option<f64> {
        (self.quantities > 0).then(|| self.quantity_sum as f64 / self.quantities as f64)
    }

    /// Mean of the prices.
    pub fn price_mean(&self, double: bool) -> Option<f64> {
        let scale = if double { STEPS_OF_ONE } else { 1.0 };
        (self.prices > 0).then(|| self.price_sum as f64 / scale / self.prices as f64)
    }

    /// Sum of the prices in units of `10^-9`, where those fit.
    pub fn price_sum_nanos(&self, double: bool) -> Option<i128> {
        const NANOS: i128 = 1_000_000_000;
        if !double {
            return self.price_sum.checked_mul(NANOS);
        }
        let (whole, rest) = (self.price_sum >> 48, self.price_sum & ((1 << 48) - 1));
        whole.checked_mul(NANOS)?.checked_add((rest * NANOS + (1 << 47)) >> 48)
    }
}

/// What is kept of a security besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    pub squares: SquareSum,
    pub first: i64,
    pub last: i64,
}

impl Default for Spread {
    fn default() -> Self {
        Self { squares: SquareSum::default(), first: i64::MAX, last: i64::MIN }
    }
}

impl Spread {
    /// Takes in another group's rows.
    pub fn merge(&mut self, other: &Self) {
        self.squares.merge(other.squares);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_compare_as_whole_numbers_and_come_back() {
        let values = [-1e11, -2.5, -1e-300, 0.0, 1e-300, 0.1, 3_999.99, 1e11];
        for pair in values.windows(2) {
            assert!(ordered(pair[0]) < ordered(pair[1]), "{pair:?}");
        }
        assert!(values.iter().all(|value| unordered(ordered(*value)) == *value));
        assert_eq!(ordered(-0.0), ordered(0.0));
    }

    #[test]
    fn a_sum_of_doubles_is_the_same_in_any_order_and_near_the_true_one() {
        let values: Vec<f64> = (0..1000).map(|at| f64::from(at * 7919 % 1000) * 0.1 - 20.0).collect();
        let sum = |values: &mut dyn Iterator<Item = &f64>| values.map(|value| Price::of_double(*value).sum).sum::<i128>();
        assert_eq!(sum(&mut values.iter()), sum(&mut values.iter().rev()));
        let totals = Totals { prices: 1000, price_sum: sum(&mut values.iter()), ..Totals::default() };
        assert!((totals.price_mean(true).unwrap_or_default() - 29.95).abs() < 1e-12);
        assert_eq!(totals.price_sum_nanos(true), Some(29_950_000_000_000));
    }
}
