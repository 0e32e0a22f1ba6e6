//! A table goes into a spreadsheet, whatever its language puts before the decimals.

use init_lab::lab::spreadsheet::DecimalMark::{self, Comma, Point};
use init_lab::lab::spreadsheet::Spreadsheet;
use init_lab::lab::spreadsheet::SpreadsheetCell::{Number, Text};

fn text(text: &str) -> init_lab::lab::spreadsheet::SpreadsheetCell {
    Text(text.to_owned())
}

fn sheet() -> Spreadsheet {
    Spreadsheet(vec![
        vec![text("layer"), text("variance; of \"z\", <all>")],
        vec![text("1"), Number(Some(0.5))],
        vec![text("2"), Number(Some(-1.25e-30))],
        vec![text("a\tb"), Number(None)],
        vec![text("4"), Number(Some(f64::NAN))],
    ])
}

#[test]
fn a_file_has_the_separator_that_the_decimals_leave() {
    let point = "layer,\"variance; of \"\"z\"\", <all>\"\n1,0.5\n2,-1.25e-30\na\tb,\n4,NaN\n";
    assert_eq!(sheet().csv(Point), point);
    let comma = "layer;\"variance; of \"\"z\"\", <all>\"\n1;0,5\n2;-1,25e-30\na\tb;\n4;NaN\n";
    assert_eq!(sheet().csv(Comma), comma);
}

#[test]
fn the_clipboard_has_cells_for_a_spreadsheet_and_a_table_for_a_text() {
    let tabbed = "layer\tvariance; of \"z\", <all>\n1\t0,5\n2\t-1,25e-30\na b\t\n4\tNaN\n";
    assert_eq!(sheet().tabbed(Comma), tabbed);
    let html = sheet().html(Point);
    assert!(html.starts_with("<table><tr><td>layer</td><td>variance; of \"z\", &lt;all&gt;</td></tr>"), "{html}");
    assert!(html.contains("<tr><td>1</td><td>0.5</td></tr>"), "{html}");
}

#[test]
fn all_digits_come_back() {
    for value in [0.1 + 0.2, 1.0 / 3.0, 6.02e23, 5e-324, 123_456_789.125] {
        let row = Spreadsheet(vec![vec![Number(Some(value))]]);
        assert_eq!(row.csv(Point).trim().parse(), Ok(value));
        assert_eq!(row.csv(Comma).trim().replace(',', ".").parse(), Ok(value));
    }
}

#[test]
fn the_choice_is_kept_by_a_name() {
    for mark in DecimalMark::ALL {
        assert_eq!(DecimalMark::from_id(mark.id()), Some(*mark));
    }
    assert_eq!(DecimalMark::default(), Point);
}
