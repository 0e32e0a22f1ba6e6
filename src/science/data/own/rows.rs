//! From the cells of a file to a table: which line has the names, which column the class, which rows are held out.

use std::collections::BTreeMap;

use super::super::{ExampleTable, standardized};
use super::cells::{Row, rows, separator};
use super::decoded::decoded;
use super::{
    LARGEST, LEAST_OF_CLASS, LEAST_ROWS, MOST_CLASSES, MOST_FEATURES, MOST_NUMBERS, MOST_ROWS, OwnFault, OwnFaultKind,
    OwnTable, mark, shortened,
};
use crate::science::seed::Stream;

/// Reads a table of numbers with a column of classes: the last one, or the only one that has words.
///
/// # Errors
///
/// The first thing that is wrong, with its line and column.
pub fn read_table(bytes: &[u8]) -> Result<OwnTable, OwnFault> {
    let text = decoded(bytes)?;
    let separator = separator(&text);
    let mut rows = rows(&text, separator)?;
    let width = rows.first().map_or(0, |row| row.cells.len());
    if width < 2 {
        return Err(OwnFault::new(OwnFaultKind::OneColumn));
    }
    if width - 1 > MOST_FEATURES {
        return Err(OwnFault::counted(OwnFaultKind::ManyColumns, width - 1, MOST_FEATURES));
    }
    if let Some(row) = rows.iter().find(|row| row.cells.len() != width) {
        let fault = OwnFault::counted(OwnFaultKind::Ragged, row.cells.len(), width);
        return Err(OwnFault { line: row.line, ..fault });
    }
    // Where numbers stand below words, the words are names.
    let number = |cell: &str| number(cell, separator);
    let has_names = matches!(&rows[..], [first, second, ..]
        if first.cells.iter().zip(&second.cells).any(|(name, cell)| number(name).is_none() && number(cell).is_some()));
    let names = if has_names { rows.remove(0).cells } else { Vec::new() };
    check_rows(rows.len(), width - 1)?;
    let class = class_column(&rows, width, number);
    let (labels, classes) = classes(&rows, class, number)?;
    let inputs = inputs(&rows, class, number)?;
    let (order, train) = split(&classes, labels.len());
    let features = width - 1;
    let in_order = order.iter().flat_map(|row| &inputs[row * features..(row + 1) * features]).copied().collect();
    let Some(inputs) = standardized(in_order, train, features) else {
        return Err(OwnFault::new(OwnFaultKind::Constant));
    };
    let table = ExampleTable {
        inputs,
        labels: order.iter().map(|row| classes[*row]).collect(),
        features,
        classes: labels.len(),
        train,
    };
    let is_input = |(column, _): &(usize, String)| *column != class;
    let columns = names.into_iter().enumerate().filter(is_input).map(|(_, name)| shortened(&name)).collect();
    Ok(OwnTable { table, columns, labels, mark: mark(bytes) })
}

fn check_rows(count: usize, features: usize) -> Result<(), OwnFault> {
    let (kind, count, bound) = match count {
        few if few < LEAST_ROWS => (OwnFaultKind::FewRows, few, LEAST_ROWS),
        many if many > MOST_ROWS => (OwnFaultKind::ManyRows, many, MOST_ROWS),
        many if many * features > MOST_NUMBERS => (OwnFaultKind::ManyNumbers, many * features, MOST_NUMBERS),
        _ => return Ok(()),
    };
    Err(OwnFault::counted(kind, count, bound))
}

/// The number of a cell. Beside semicolons and tabs a comma can stand where the decimal point stands.
fn number(cell: &str, separator: char) -> Option<f64> {
    let is_comma = separator != ',' && !cell.contains('.');
    if is_comma { cell.replacen(',', ".", 1).parse().ok() } else { cell.parse().ok() }
}

/// The only column in which most cells are words, or else the last one.
fn class_column(rows: &[Row], width: usize, number: impl Fn(&str) -> Option<f64>) -> usize {
    let is_word = |cell: &String| !cell.is_empty() && number(cell).is_none();
    let has_words = |column: &usize| 2 * rows.iter().filter(|row| is_word(&row.cells[*column])).count() > rows.len();
    let found: Vec<usize> = (0..width).filter(has_words).collect();
    if let [only] = found[..] { only } else { width - 1 }
}

/// What the classes are called, and the class of each row. Classes whose names are numbers come in the order of these.
fn classes(
    rows: &[Row],
    column: usize,
    number: impl Fn(&str) -> Option<f64>,
) -> Result<(Vec<String>, Vec<u32>), OwnFault> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let name = row.cells[column].as_str();
        if name.is_empty() {
            return Err(OwnFault::at(OwnFaultKind::Missing, row.line, column + 1, ""));
        }
        *counts.entry(name).or_insert(0) += 1;
    }
    if counts.len() < 2 {
        let fault =
            OwnFault::at(OwnFaultKind::OneClass, 0, column + 1, rows.first().map_or("", |row| &row.cells[column]));
        return Err(fault);
    }
    if counts.len() > MOST_CLASSES {
        let fault = OwnFault::counted(OwnFaultKind::ManyClasses, counts.len(), MOST_CLASSES);
        return Err(OwnFault { column: column + 1, ..fault });
    }
    if let Some((name, count)) = counts.iter().find(|(_, count)| **count < LEAST_OF_CLASS) {
        let fault = OwnFault::counted(OwnFaultKind::FewOfClass, *count, LEAST_OF_CLASS);
        return Err(OwnFault { word: shortened(name), ..fault });
    }
    let mut names: Vec<&str> = counts.into_keys().collect();
    let numbers: Option<Vec<f64>> = names.iter().map(|name| number(name)).collect();
    if numbers.is_some() {
        names.sort_by(|a, b| number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)));
    }
    let place: BTreeMap<&str, u32> = names.iter().copied().zip(0..).collect();
    let of_rows = rows.iter().map(|row| place[row.cells[column].as_str()]).collect();
    Ok((names.into_iter().map(shortened).collect(), of_rows))
}

/// The numbers of all other columns, row by row.
fn inputs(rows: &[Row], class: usize, number: impl Fn(&str) -> Option<f64>) -> Result<Vec<f64>, OwnFault> {
    let mut inputs = Vec::with_capacity(rows.len() * rows.first().map_or(0, |row| row.cells.len()));
    for row in rows {
        for (column, cell) in row.cells.iter().enumerate().filter(|(column, _)| *column != class) {
            let fault = match number(cell) {
                Some(number) if number.abs() <= LARGEST => {
                    inputs.push(number);
                    continue;
                }
                Some(_) => OwnFaultKind::Infinite,
                None if cell.is_empty() => OwnFaultKind::Missing,
                None => OwnFaultKind::Word,
            };
            return Err(OwnFault::at(fault, row.line, column + 1, cell));
        }
    }
    Ok(inputs)
}

/// The order of the rows, of which the first so many are for training: a random one that never changes, in which a fifth
/// of each class is held out, so that each class is met and judged.
fn split(classes: &[u32], count: usize) -> (Vec<usize>, usize) {
    let mut order: Vec<u32> = (0..classes.len() as u32).collect();
    Stream::new(0, "own").shuffle(&mut order);
    let order: Vec<usize> = order.into_iter().map(|row| row as usize).collect();
    let mut left = vec![0; count];
    classes.iter().for_each(|class| left[*class as usize] += 1);
    left.iter_mut().for_each(|rows| *rows /= 5);
    let is_held_out = |row: &usize| {
        let left = &mut left[classes[*row] as usize];
        let is_one = *left > 0;
        *left -= usize::from(is_one);
        is_one
    };
    let (held_out, mut all): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_held_out);
    let train = all.len();
    all.extend(held_out);
    (all, train)
}
