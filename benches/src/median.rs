//! The median, which a few disturbed samples do not move.

/// The median of a value of the samples: of an even number, between the two in the middle.
///
/// # Panics
///
/// If there are no samples.
pub fn median<T>(samples: &[T], value: impl FnMut(&T) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}
