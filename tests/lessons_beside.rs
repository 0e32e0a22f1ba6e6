//! The pages beside the lessons: what teachers are told is what the lessons say, and what is told of failures is what
//! was recorded.

use std::collections::BTreeSet;
use std::fs;

const LESSONS: [&str; 8] =
    ["variance", "transformer", "training", "scaling", "optimizers", "recipe", "forgive", "adapt"];

fn page(lang: &str, name: &str) -> String {
    let path = format!("{}/www/lessons/{lang}/{name}.html", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("a page")
}

/// The numbers in a piece of HTML, outside its marks.
fn numbers(html: &str) -> BTreeSet<String> {
    let html = html.replace("&#x2061;", " ");
    let mut text = String::new();
    for part in html.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let word = |c: char| !(c.is_ascii_digit() || c == '.' || c == ',');
    let told = text.split(word).map(|number| number.trim_matches(['.', ','])).filter(|number| !number.is_empty());
    told.map(|number| number.replace(',', "")).collect()
}

/// The sections of a page by their ids, with what stands in each.
fn sections(html: &str) -> Vec<(String, String)> {
    let parts = html.split("<section id=\"").skip(1);
    parts
        .map(|part| {
            let (id, rest) = part.split_once('"').expect("an id");
            (id.to_owned(), rest.split("</section>").next().expect("a section").to_owned())
        })
        .collect()
}

#[test]
fn teachers_have_a_plan_for_every_lesson_with_its_own_numbers() {
    for lang in ["en", "vi"] {
        let teachers = page(lang, "teachers");
        let plans = sections(&teachers);
        assert_eq!(plans.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), LESSONS, "{lang}");
        for (lesson, plan) in &plans {
            let own = page(lang, lesson);
            let heading = own.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).expect("a heading");
            assert!(plan.contains(&format!("<a href=\"{lesson}.html\">{heading}</a>")), "{lang}/{lesson}");
            assert!(own.contains(&format!("href=\"teachers.html#{lesson}\"")), "{lang}/{lesson} leads to no plan");
            let said: Vec<&str> = plan.split("<p><b>").skip(1).collect();
            assert_eq!(said.len(), 5, "{lang}/{lesson}: aim, time, guesses, answers, homework");
            let known = numbers(&own);
            let answers = numbers(said[3]);
            let unknown: Vec<&String> = answers.difference(&known).collect();
            assert!(unknown.is_empty(), "{lang}/{lesson} does not say {unknown:?}");
            assert!(said[4].contains("#v=1&amp;"), "{lang}/{lesson} has no lab for home");
        }
    }
}

/// What the recorded answer of an experiment says under a key.
fn recorded(experiment: &str, key: &str) -> String {
    let text = fs::read_to_string(format!("static/recorded/{experiment}.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    record["result"]["answer"]["sentence"]["values"][key].as_str().expect("a value").to_owned()
}

/// The numbers of a calibration's line in the half that reports: what stands between words, in the order of reading.
fn counts<const N: usize>(text: &str, before: &str) -> [String; N] {
    let (_, after) = text.split_once(before).unwrap_or_else(|| panic!("the calibration does not say {before:?}"));
    let mut numbers = after.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|word| word.parse::<f64>().is_ok());
    std::array::from_fn(|_| numbers.next().expect("a number").trim_end_matches('.').to_owned())
}

/// What docs/calibration.md counted on its half that reports: those said to hold that did not learn, of how many, in
/// percent; those said to be held back, of how many; the fixes that helped, of how many.
fn calibrated() -> ([String; 3], [String; 2], [String; 2]) {
    let text = fs::read_to_string("docs/calibration.md").expect("the calibration");
    let half = text.split("## The half the rules were tuned on").next().expect("the half that reports");
    let fixes = text.split("## The button's fix, the half that reports").nth(1).expect("the fixes");
    (
        counts(half, "Said to hold, and did not learn:"),
        counts(half, "Said to be held back, and did not learn:"),
        counts(fixes, "at its best rate, in"),
    )
}

#[test]
fn failures_are_told_with_the_numbers_that_were_recorded() {
    // A section, the experiment, the key of its answer, and what the page says in both languages.
    let said = [
        ("safe-band", "e1", "whole", "7"),
        ("safe-band", "e1", "settings", "12"),
        ("safe-band", "e1", "low", "0.0548"),
        ("safe-band", "e1", "high", "0.305"),
        ("safe-band", "norms", "whole", "4"),
        ("safe-band", "norms", "settings", "7"),
        ("safe-band", "optimizers", "whole", "0"),
        ("safe-band", "optimizers", "settings", "4"),
        ("safe-band", "attention", "whole", "3"),
        ("safe-band", "attention", "settings", "3"),
        ("kaiming-xavier", "e2", "second-wins", "3"),
        ("kaiming-xavier", "e2", "second-size", "1.6"),
        ("kaiming-xavier", "e2", "first-wins", "1"),
        ("kaiming-xavier", "e2", "first-size", "0.00558"),
        ("kaiming-xavier", "e2", "open", "2"),
        ("kaiming-xavier", "e2", "settings", "6"),
        ("lora-zero", "lora", "wins", "5"),
        ("lora-zero", "lora", "settings", "9"),
        ("clever-starts", "lsuv", "wins", "3"),
        ("clever-starts", "lsuv", "settings", "5"),
        ("clever-starts", "tokens", "wins", "3"),
        ("clever-starts", "tokens", "settings", "5"),
        ("clever-starts", "residual-scale", "wins", "7"),
        ("clever-starts", "residual-scale", "settings", "9"),
        ("clever-starts", "dropout", "low", "1"),
        ("clever-starts", "dropout", "high", "1.41"),
        ("mean-misleads", "overflow", "off", "7"),
        ("mean-misleads", "overflow", "depth", "100"),
        ("batching", "cost", "times", "30"),
        ("batching", "cost", "gain", "2.13"),
    ];
    for lang in ["en", "vi"] {
        let told = sections(&page(lang, "negative"));
        for (section, experiment, key, number) in said {
            assert_eq!(recorded(experiment, key), number, "{experiment} {key}");
            let (_, words) = told.iter().find(|(id, _)| id == section).expect(section);
            assert!(numbers(words).contains(number), "{lang}/{section} does not say {number}");
        }
        // The rest is of a lesson, whose own test computes it, or of the verdict's calibration.
        for (section, lesson) in [("norms-forgive", "forgive"), ("belts", "recipe"), ("shallow-first", "training")] {
            let (_, words) = told.iter().find(|(id, _)| id == section).expect(section);
            let difference = ["0.03"];
            let known = numbers(&page(lang, lesson));
            let unknown: Vec<String> = numbers(words).into_iter().filter(|n| !known.contains(n)).collect();
            assert!(
                unknown.iter().all(|number| difference.contains(&number.as_str())),
                "{lang}/{section}: {unknown:?}"
            );
        }
        let (_, relaxed) = told.iter().find(|(id, _)| id == "relaxed-simd").expect("relaxed SIMD");
        let measured = numbers(&fs::read_to_string("docs/relaxed-simd.md").expect("what was measured"));
        let unknown: Vec<String> = numbers(relaxed).into_iter().filter(|number| !measured.contains(number)).collect();
        assert_eq!(unknown, [""; 0], "{lang}/relaxed-simd says what nobody measured");
        let (held, hindered, fixes) = calibrated();
        let (_, verdict) = told.iter().find(|(id, _)| id == "verdict").expect("the verdict");
        let [held_not, held, share] = held;
        let [hindered_not, hindered] = hindered;
        let [helped, offered] = fixes;
        let worse = (offered.parse::<u32>().expect("a count") - helped.parse::<u32>().expect("a count")).to_string();
        let numbers = numbers(verdict);
        for number in [&held_not, &held, &share, &hindered_not, &hindered, &worse, &offered] {
            assert!(numbers.contains(number), "{lang}/verdict does not say {number}");
        }
    }
}
