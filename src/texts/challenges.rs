//! The challenges on the pages of lessons: the prepared labs of that group, in their own words.

use std::fs;
use std::path::Path;

use init_lab::lab::catalog;
use init_lab::lab::lang::Lang;

use crate::front::filled;
use crate::table::Failure;

/// Fills in the list of each language. Done twice, it changes nothing more.
pub(crate) fn finish(site: &Path) -> Result<(), Failure> {
    for lang in Lang::ALL {
        let path = site.join(format!("lessons/{}/index.html", lang.id()));
        let Ok(page) = fs::read_to_string(&path) else { continue };
        let entry = |id: &str| {
            let [title, note] = ["title", "note"]
                .map(|part| lang.text(&format!("lab.{id}.{part}")).replace('&', "&amp;").replace('<', "&lt;"));
            let address = format!("../../#v=1&amp;x={id}&amp;lang={}", lang.id());
            format!("<li><a href=\"{address}\"><b>{title}</b> <span>{note}</span></a></li>\n")
        };
        let all = catalog::all().iter().filter(|lab| lab.group == "challenges");
        let list: String = all.map(|lab| entry(lab.id)).collect();
        fs::write(&path, filled(&page, "challenges", &format!("\n{list}"))?)?;
    }
    Ok(())
}
