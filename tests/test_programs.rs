//! The programs of tests name every file of tests: a file that none names would compile for nobody and fail for nobody.

use std::collections::BTreeMap;
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
const PROGRAMS: [&str; 5] = ["science", "lab", "coverage", "site", "engine"];

#[test]
fn every_file_of_tests_belongs_to_one_program() {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for program in PROGRAMS {
        let text = fs::read_to_string(format!("{FOLDER}/{program}.rs")).expect(program);
        let modules = text.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        for module in modules {
            *named.entry(module.to_owned()).or_default() += 1;
        }
    }
    let mut files = 0;
    for entry in fs::read_dir(FOLDER).expect("the folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        let Some(name) = name.strip_suffix(".rs").filter(|name| !PROGRAMS.contains(name)) else { continue };
        assert_eq!(named.get(name), Some(&1), "tests/{name}.rs is in one of {PROGRAMS:?}");
        files += 1;
    }
    assert!(files > 100, "{files} files");
}
