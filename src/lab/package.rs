//! Packs a lab with a challenge for learning platforms that keep scores by SCORM 1.2, such as Moodle and Canvas: a zip with
//! the manifest that they ask for, a page that has the lab in a frame, and the script that carries its score.
//!
//! The lab itself stays where it is: the package holds its address, and the page hears the messages that the lab sends to
//! any page around it (`port::host`).

use std::io::Write;

use miniz_oxide::deflate::compress_to_vec;
use rawzip::{CompressionMethod, DataDescriptorOutput, Error, ZipArchiveWriter, crc32};

use super::completion::challenge;
use super::lang::Lang;
use super::snippet::{Embedding, address, height, html};

/// What a platform reads. What stands between braces is filled in.
const MANIFEST: &str = include_str!("../../static/scorm/imsmanifest.xml");
/// What a student sees, filled in likewise.
const PAGE: &str = include_str!("../../static/scorm/index.html");
const SCRIPT: &str = include_str!("../../static/scorm/report.js");
/// As small as it gets; the files have a few kilobytes.
const LEVEL: u8 = 9;

/// A package of a challenge.
pub struct ScormPackage {
    /// The name under which it is saved.
    pub name: String,
    /// The zip file.
    pub bytes: Vec<u8>,
}

impl ScormPackage {
    /// Packs a lab with a challenge; one without has no score to report. What its page says is in `lang`, whose texts are
    /// there.
    pub fn of(embedding: &Embedding, lang: Lang) -> Option<Self> {
        let name = challenge(embedding.lab.task.as_deref()?);
        let say = |key: &str| html(lang.text(&format!("studio.{key}")));
        let Embedding { home, lab, title, .. } = *embedding;
        // Some signs are no XML, however they are written.
        let title: String = title.chars().filter(|sign| !sign.is_control()).collect();
        let values = [
            ("name", html(&name)),
            ("title", html(&title)),
            ("lang", lang.id().to_owned()),
            ("height", height(embedding).to_string()),
            ("frame", html(&address(home, lab, true))),
            ("link", html(&address(home, lab, false))),
            ("alone", say("scorm-alone")),
            ("refused", say("scorm-refused")),
            ("missing", say("scorm-missing")),
        ];
        let files = [
            ("imsmanifest.xml", filled(MANIFEST, &values)),
            ("index.html", filled(PAGE, &values)),
            ("report.js", SCRIPT.to_owned()),
        ];
        Some(Self { name: format!("init-lab-{name}.zip"), bytes: zipped(&files).ok()? })
    }
}

/// The text with its places filled, in one pass, because a title may look like a place.
fn filled(text: &str, values: &[(&str, String)]) -> String {
    let mut parts = text.split('{');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let place = part
            .split_once('}')
            .and_then(|(name, rest)| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (value, rest)));
        match place {
            Some((value, rest)) => whole.extend([value, rest]),
            None => whole.extend(["{", part]),
        }
    }
    whole
}

fn zipped(files: &[(&str, String)]) -> Result<Vec<u8>, Error> {
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for (path, text) in files {
        let (mut entry, _) = archive.new_file(*path).compression_method(CompressionMethod::DEFLATE).start()?;
        entry.write_all(&compress_to_vec(text.as_bytes(), LEVEL))?;
        entry.finish(DataDescriptorOutput::new(crc32(text.as_bytes()), text.len() as u64))?;
    }
    archive.finish()
}
