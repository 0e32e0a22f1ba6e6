//! A Python with PyTorch, to run what the lab hands to a notebook.

use std::io::Write;
use std::process::{Command, Stdio};

/// A Python that has what the files need, and what runs a notebook.
pub(crate) struct Python(String);

/// Runs the programs that it reads, each by itself, and tells what each says.
const RUN: &str = r#"
import contextlib, io, json, sys, traceback
said = []
for program in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(program, "exported", "exec"), {"__name__": "__main__"})
        except Exception:
            traceback.print_exc(file=out)
    said.append(out.getvalue())
json.dump(said, sys.stdout)
"#;

/// Runs the notebook that it reads in a kernel, as Jupyter does, and tells what its cells say.
const RUN_NOTEBOOK: &str = r#"
import json, sys
import nbclient, nbformat
notebook = nbformat.from_dict(json.load(sys.stdin))
nbformat.validate(notebook)
nbclient.NotebookClient(notebook, kernel_name="python3", timeout=300).execute()
said = [out["text"] for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
json.dump(said, sys.stdout)
"#;

impl Python {
    /// The Python that the environment names, that of the PATH, or Debian's, which another one may hide: the first that
    /// has all of it.
    pub(crate) fn with_torch() -> Self {
        let named = std::env::var("PYTHON").ok();
        let candidates = named.into_iter().chain(["python3", "/usr/bin/python3"].map(str::to_owned));
        let fits = |python: &String| {
            let modules = "import ipykernel, nbclient, numpy, torch";
            let tried = Command::new(python).args(["-c", modules]).stderr(Stdio::null()).status();
            tried.is_ok_and(|status| status.success())
        };
        let found = candidates.into_iter().find(fits);
        Self(found.expect("no Python here has torch, numpy, nbclient and ipykernel: run scripts/setup.sh torch"))
    }

    /// Runs programs one after the other, and returns what each prints.
    pub(crate) fn run(&self, programs: &[String]) -> Vec<String> {
        self.answer(RUN, &serde_json::to_string(programs).expect("JSON"))
    }

    /// Runs a notebook, and returns what its cells print.
    pub(crate) fn run_notebook(&self, notebook: &str) -> Vec<String> {
        self.answer(RUN_NOTEBOOK, notebook)
    }

    fn answer(&self, runner: &str, input: &str) -> Vec<String> {
        let (pipe, mut command) = (Stdio::piped, Command::new(&self.0));
        let mut child = command.args(["-c", runner]).stdin(pipe()).stdout(pipe()).spawn().expect("Python");
        let mut pipe = child.stdin.take().expect("its input");
        pipe.write_all(input.as_bytes()).expect("input that is read");
        drop(pipe);
        let output = child.wait_with_output().expect("its end");
        serde_json::from_slice(&output.stdout).expect("what was said")
    }
}
