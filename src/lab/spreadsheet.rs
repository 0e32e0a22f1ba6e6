//! Tables for other programs: as a file, and as what lies on the clipboard.

use crate::science::choice::choices;

choices! {
    /// What stands before the decimals. A spreadsheet takes only its own language's for a number.
    #[derive(Default)]
    pub enum DecimalMark {
        /// A point, with a comma from cell to cell.
        #[default]
        Point "point",
        /// A comma, with a semicolon from cell to cell.
        Comma "comma",
    }
}

/// A cell of a spreadsheet.
#[derive(Clone, Debug, PartialEq)]
pub enum SpreadsheetCell {
    /// It has words.
    Text(String),
    /// It has a number, or is empty.
    Number(Option<f64>),
}

/// Rows of cells, of which the first are the titles of the columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Spreadsheet(pub Vec<Vec<SpreadsheetCell>>);

impl DecimalMark {
    /// A half, as it is written with this mark.
    pub fn example(self) -> &'static str {
        match self {
            Self::Point => "0.5",
            Self::Comma => "0,5",
        }
    }

    /// What stands between two cells of a file.
    fn separator(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => ';',
        }
    }

    /// A number with all its digits.
    fn write(self, value: f64) -> String {
        let size = value.abs();
        let text = if size == 0.0 || (1e-4..1e9).contains(&size) || !value.is_finite() {
            value.to_string()
        } else {
            format!("{value:e}")
        };
        match self {
            Self::Point => text,
            Self::Comma => text.replace('.', ","),
        }
    }
}

impl Spreadsheet {
    /// The table as a file of separated values. Words in which a separator, a quotation mark or a new line stands are
    /// quoted.
    pub fn csv(&self, mark: DecimalMark) -> String {
        let separator = mark.separator();
        let quoted = |text: &str| {
            let is_plain = !text.contains([separator, '"', '\n', '\r']);
            if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
        };
        self.lines(mark, &separator.to_string(), quoted)
    }

    /// The table as lines with tabs, which a spreadsheet takes from the clipboard into cells.
    pub fn tabbed(&self, mark: DecimalMark) -> String {
        self.lines(mark, "\t", |text| text.replace(['\t', '\n', '\r'], " "))
    }

    /// The table as HTML, which a text editor takes from the clipboard as a table.
    pub fn html(&self, mark: DecimalMark) -> String {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let row = |cells: &Vec<SpreadsheetCell>| {
            let cells = cells.iter().map(|cell| format!("<td>{}</td>", cell.write(mark, escaped)));
            format!("<tr>{}</tr>", cells.collect::<String>())
        };
        format!("<table>{}</table>", self.0.iter().map(row).collect::<String>())
    }

    fn lines(&self, mark: DecimalMark, separator: &str, words: impl Fn(&str) -> String + Copy) -> String {
        let line = |cells: &Vec<SpreadsheetCell>| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.write(mark, words)).collect();
            cells.join(separator) + "\n"
        };
        self.0.iter().map(line).collect()
    }
}

impl SpreadsheetCell {
    fn write(&self, mark: DecimalMark, words: impl Fn(&str) -> String) -> String {
        match self {
            Self::Text(text) => words(text),
            Self::Number(value) => value.map(|value| mark.write(value)).unwrap_or_default(),
        }
    }
}
