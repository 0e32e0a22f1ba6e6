//! Who wins where: the settings of a comparison as a table of two sweeps.

use leptos::prelude::*;

use super::sentence::state;
use crate::desk::site::DeskSite;
use crate::lab::number::show;
use crate::study::forest::{Forest, ForestAxis, ForestOutcome, ForestRow};

/// The table, where two sides are compared in settings that differ by two sweeps or more: the first has the rows.
pub(super) fn grid(site: DeskSite, forest: &Forest) -> Option<AnyView> {
    let (first, others) = forest.axes.split_first().filter(|(_, others)| !others.is_empty())?;
    if forest.sides.len() != 2 {
        return None;
    }
    let columns = combinations(others);
    let head = columns.iter().map(|at| view! { <th scope="col">{name(others, at)}</th> }).collect_view();
    let row = |(place, label): (usize, &String)| {
        let cell = |at: &Vec<usize>| {
            let own = |row: &&ForestRow| row.at.first() == Some(&place) && row.at[1..] == at[..];
            forest.rows.iter().find(own).map(|row| cell(site, forest, row))
        };
        let cells = columns.iter().map(cell).collect_view();
        view! {
            <tr>
                <th scope="row">{format!("{} {label}", first.name)}</th>
                {cells}
            </tr>
        }
    };
    let rows = first.labels.iter().enumerate().map(row).collect_view();
    Some(
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=site.text("grid")>
                <table class="grid" data-testid="grid">
                    <caption>{site.text("grid")}</caption>
                    <thead>
                        <tr>
                            <td></td>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}

/// All combinations of the places on some axes, in the order of the plan.
fn combinations(axes: &[ForestAxis]) -> Vec<Vec<usize>> {
    axes.iter().fold(vec![Vec::new()], |known, axis| {
        let longer =
            |at: &Vec<usize>| (0..axis.labels.len()).map(|place| [&at[..], &[place]].concat()).collect::<Vec<_>>();
        known.iter().flat_map(longer).collect()
    })
}

fn name(axes: &[ForestAxis], at: &[usize]) -> String {
    axes.iter().zip(at).map(|(axis, place)| axis.labels[*place].as_str()).collect::<Vec<_>>().join(", ")
}

fn cell(site: DeskSite, forest: &Forest, row: &ForestRow) -> AnyView {
    let won = matches!(row.outcome, ForestOutcome::First | ForestOutcome::Second);
    let size = row.estimate.filter(|_| won).map(|[_, middle, _]| {
        let sign = if middle > 0.0 { "+" } else { "" };
        view! { <span class="size">{format!("{sign}{}", show(middle))}</span> }
    });
    view! {
        <td data-outcome=row.outcome.id()>
            <b>{state(site, forest, row.outcome)}</b>
            " "
            {size}
        </td>
    }
    .into_any()
}
