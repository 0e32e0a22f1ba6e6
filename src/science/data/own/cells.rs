//! The cells of a file with separated values (RFC 4180, with commas, semicolons or tabs).

use super::{OwnFault, OwnFaultKind};

/// A line of a file.
pub(super) struct Row {
    /// Its number in the file, from 1.
    pub(super) line: usize,
    /// Its cells, without the spaces and quotes around them.
    pub(super) cells: Vec<String>,
}

/// What separates the cells: a tab where the first line has one, else a semicolon, else a comma. A comma can be part of
/// a number beside the others, so it comes last.
pub(super) fn separator(text: &str) -> char {
    let mut quoted = false;
    let mut found = ',';
    for sign in text.trim_start().chars().take_while(|sign| *sign != '\n') {
        match sign {
            '"' => quoted = !quoted,
            '\t' if !quoted => return '\t',
            ';' if !quoted => found = ';',
            _ => {}
        }
    }
    found
}

/// Returns the lines that have anything in them.
pub(super) fn rows(text: &str, separator: char) -> Result<Vec<Row>, OwnFault> {
    let mut reader = CellReader { rows: Vec::new(), cells: Vec::new(), cell: String::new(), line: 1, begun: 1 };
    let mut signs = text.chars().peekable();
    // Where the quote began that is open.
    let mut quote = None;
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quote.is_some() && signs.peek() == Some(&'"') => {
                signs.next();
                reader.cell.push('"');
            }
            '"' if quote.is_some() => quote = None,
            '"' if reader.cell.trim().is_empty() => quote = Some((reader.line, reader.cells.len() + 1)),
            '\n' if quote.is_some() => {
                reader.line += 1;
                reader.cell.push(sign);
            }
            '\n' => reader.end_row(),
            _ if sign == separator && quote.is_none() => reader.end_cell(),
            _ => reader.cell.push(sign),
        }
    }
    if let Some((line, column)) = quote {
        return Err(OwnFault::at(OwnFaultKind::Quote, line, column, ""));
    }
    reader.end_row();
    Ok(reader.rows)
}

struct CellReader {
    rows: Vec<Row>,
    cells: Vec<String>,
    cell: String,
    line: usize,
    /// The line in which the row began.
    begun: usize,
}

impl CellReader {
    fn end_cell(&mut self) {
        self.cells.push(self.cell.trim().to_owned());
        self.cell.clear();
    }

    fn end_row(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(Row { line: self.begun, cells });
        }
        self.line += 1;
        self.begun = self.line;
    }
}
