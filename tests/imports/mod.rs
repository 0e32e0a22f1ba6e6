//! Which files of `src/` name which others, read from their text, and where that leads round in a circle.
//!
//! A file names another by `use`, by a path in its code, or by declaring it as its child. Parent and child are one
//! thing to the world: a circle that passes through the module which all its other files stand in is none. What
//! leaves that module and comes back is.

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

/// A module by the names that lead to it from the crate's root.
type Module = Vec<String>;

/// The files of some modules, and what each of them names.
pub(crate) struct Imports {
    files: BTreeMap<Module, String>,
    named: BTreeMap<Module, BTreeSet<Module>>,
}

impl Imports {
    /// Of these files, each by its path and its text.
    pub(crate) fn read(sources: &[(String, String)]) -> Self {
        let files: BTreeMap<Module, String> = sources.iter().map(|(path, _)| (module_of(path), path.clone())).collect();
        let named = sources
            .iter()
            .map(|(path, text)| {
                let module = module_of(path);
                let others = paths(&module, &tokens(text)).into_iter().filter_map(|path| longest(&files, path));
                let others = others.filter(|other| *other != module).collect();
                (module, others)
            })
            .collect();
        Self { files, named }
    }

    /// Every circle once, as a path of files.
    pub(crate) fn circles(&self) -> BTreeSet<String> {
        self.files.keys().flat_map(|parent| self.circles_below(parent)).collect()
    }

    /// The circles that this module's children close among themselves, without it.
    fn circles_below(&self, parent: &Module) -> BTreeSet<String> {
        let child = |module: &Module| module.get(parent.len()).filter(|_| module.starts_with(parent)).cloned();
        let mut found = BTreeSet::new();
        for (from, others) in &self.named {
            for to in others {
                let (Some(here), Some(there)) = (child(from), child(to)) else { continue };
                if here != there {
                    found.extend(self.way(to, from, parent).map(|way| self.show(way)));
                }
            }
        }
        found
    }

    /// The shortest way from one module to another among those below `parent`.
    fn way(&self, from: &Module, to: &Module, parent: &Module) -> Option<Vec<Module>> {
        let mut ways = vec![vec![from.clone()]];
        let mut seen = BTreeSet::from([from.clone()]);
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                let last = way.last()?;
                if last == to {
                    return Some(way);
                }
                for next in &self.named[last] {
                    if next.len() > parent.len() && next.starts_with(parent) && seen.insert(next.clone()) {
                        longer.push([way.as_slice(), from_ref(next)].concat());
                    }
                }
            }
            ways = longer;
        }
        None
    }

    /// A circle from the first of its files, so that it reads the same wherever it was found.
    fn show(&self, mut circle: Vec<Module>) -> String {
        let first = circle.iter().enumerate().min_by_key(|(_, module)| *module).map_or(0, |(place, _)| place);
        circle.rotate_left(first);
        circle.extend(circle.first().cloned());
        circle.iter().map(|module| self.files[module].as_str()).collect::<Vec<_>>().join(" → ")
    }
}

/// `src/lab/spec/settle.rs` is `lab::spec::settle`, and `src/lab/mod.rs` is `lab`.
fn module_of(path: &str) -> Module {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The module that a path from the root ends in, without the item's own name.
fn longest(files: &BTreeMap<Module, String>, mut path: Module) -> Option<Module> {
    while !path.is_empty() && !files.contains_key(&path) {
        path.pop();
    }
    (!path.is_empty()).then_some(path)
}

/// Every path that the code has in it, from the crate's root.
fn paths(module: &Module, tokens: &[String]) -> Vec<Module> {
    let mut found = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let before = place.checked_sub(1).map_or("", |before| tokens[before].as_str());
        let after = tokens.get(place + 1).map_or("", String::as_str);
        let absolute = matches!(token.as_str(), "crate" | "self" | "super");
        if before == "mod" && after == ";" {
            found.push([module.as_slice(), from_ref(token)].concat());
        } else if before == "use" || (absolute && before != "::" && after == "::") {
            let (branches, _) = tree(tokens, place);
            found.extend(branches.iter().map(|branch| from_root(module, branch)));
        }
    }
    found
}

/// All that a tree of imports lists, as `a::{b, c::d}` lists `a::b` and `a::c::d`, and the place behind it.
fn tree(tokens: &[String], mut place: usize) -> (Vec<Module>, usize) {
    let is = |place: usize, what: &str| tokens.get(place).is_some_and(|token| token == what);
    if !is(place, "{") {
        let name = tokens[place].clone();
        let goes_on = is(place + 1, "::") && tokens.get(place + 2).is_some_and(|token| token == "{" || is_name(token));
        if !goes_on {
            return (vec![vec![name]], place + 1);
        }
        let (branches, end) = tree(tokens, place + 2);
        let whole = |branch: Module| [[name.clone()].as_slice(), &branch].concat();
        return (branches.into_iter().map(whole).collect(), end);
    }
    let mut all = Vec::new();
    place += 1;
    while place < tokens.len() && !is(place, "}") {
        let (branches, end) = tree(tokens, place);
        all.extend(branches);
        // What it is called here says nothing of where it stands.
        place = if is(end, "as") { end + 2 } else { end };
        place += usize::from(is(place, ","));
    }
    (all, place + 1)
}

/// A path as written in this module, from the root. One that starts with another name is a child's or a crate's.
fn from_root(module: &Module, path: &[String]) -> Module {
    let mut base = module.clone();
    let mut rest = path;
    while let [first, behind @ ..] = rest {
        match first.as_str() {
            "crate" => base.clear(),
            "super" => drop(base.pop()),
            "self" => {}
            _ => break,
        }
        rest = behind;
    }
    [base.as_slice(), rest].concat()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Names, `::` and single signs, without comments and without what stands in quotes.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            let length = match first {
                _ if is_name(rest) => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            found.extend((!first.is_whitespace()).then(|| rest[..length].to_owned()));
            length
        };
        rest = &rest[length..];
    }
    found
}

/// How long the string is that starts here, with both its quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (place, sign) in text.char_indices().skip(1) {
        match sign {
            '"' if !escaped => return place + 1,
            _ => escaped = sign == '\\' && !escaped,
        }
    }
    text.len()
}

/// How long the character is that starts here, with both its quotes; of a lifetime, which has no second one, the first.
fn character(text: &str) -> usize {
    let end = match text.strip_prefix("'\\") {
        // The sign behind the backslash may be a quote itself.
        Some(escaped) => escaped.char_indices().skip(1).find(|(_, sign)| *sign == '\'').map(|(place, _)| place + 2),
        None => text.char_indices().nth(2).filter(|(_, sign)| *sign == '\'').map(|(place, _)| place),
    };
    end.map_or(1, |end| end + 1)
}
