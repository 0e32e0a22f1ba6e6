//! Lines of Python, indented as they are added.

/// Lines of code, each four blanks further in for every block that it is in.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeLines {
    text: String,
    depth: usize,
}

impl CodeLines {
    /// Adds a line.
    pub(super) fn add(&mut self, line: impl AsRef<str>) -> &mut Self {
        let line = line.as_ref();
        if !line.is_empty() {
            self.text.push_str(&"    ".repeat(self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
        self
    }

    /// Adds lines.
    pub(super) fn add_all(&mut self, lines: &[String]) -> &mut Self {
        for line in lines {
            self.add(line);
        }
        self
    }

    /// Adds a line only if it is wanted.
    pub(super) fn add_if(&mut self, wanted: bool, line: impl AsRef<str>) -> &mut Self {
        if wanted { self.add(line) } else { self }
    }

    /// Adds a line that opens a block, and what stands in it.
    pub(super) fn block(&mut self, line: impl AsRef<str>, inner: impl FnOnce(&mut Self)) -> &mut Self {
        self.add(line);
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        self
    }

    /// The text.
    pub(super) fn text(self) -> String {
        self.text
    }
}
