//! The prepared labs. Each is a TOML file in `static/experiments`, and `build.rs` makes a table of them.

/// A prepared lab. Its name and what to look at are texts of the languages, `lab.<id>.title` and `.note`, because
/// the page's program contains no texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The id, which is the value of `x` in a link.
    pub id: &'static str,
    /// The differences to the defaults, as a link.
    pub link: &'static str,
    /// The group of the gallery that it stands in, one of [`super::gallery::LAB_GROUPS`].
    pub group: &'static str,
    /// The course or book that it stands for; its name is a text, `course.<id>`.
    pub course: Option<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/prepared.rs"));

/// Every prepared lab, in the order of the menu.
pub fn all() -> &'static [Experiment] {
    PREPARED
}

/// The courses and books that there are labs for, in the order of the menu.
pub fn courses() -> Vec<&'static str> {
    let mut courses = Vec::new();
    for course in all().iter().filter_map(|lab| lab.course) {
        if !courses.contains(&course) {
            courses.push(course);
        }
    }
    courses
}

/// The prepared lab of this id.
pub fn find(id: &str) -> Option<&'static Experiment> {
    PREPARED.iter().find(|experiment| experiment.id == id)
}
