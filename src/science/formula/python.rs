//! Writes a formula in Python, for the code that does what the lab does.

use super::{Formula, FormulaNode, Function, Names};

impl Formula {
    /// The formula as a Python expression, in which `names` stand for [`Names::ALL`].
    pub fn python(&self, names: &[&str; Names::ALL.len()]) -> String {
        self.0.python(names)
    }
}

impl FormulaNode {
    fn python(&self, names: &[&str; Names::ALL.len()]) -> String {
        match self {
            Self::Number(number) => format!("{number:?}"),
            Self::Name(index) => names[*index].to_owned(),
            Self::Negative(node) => format!("(-{})", node.python(names)),
            Self::Binary(operator, sides) => {
                let [a, b] = [&sides[0], &sides[1]].map(|side| side.python(names));
                // A caret is a power here, and bits in Python.
                let sign = if *operator == '^' { "**".to_owned() } else { operator.to_string() };
                format!("({a} {sign} {b})")
            }
            Self::Call(function, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|argument| argument.python(names)).collect();
                function.python(&arguments)
            }
        }
    }
}

impl Function {
    fn python(self, arguments: &[String]) -> String {
        let all = arguments.join(", ");
        match self {
            Self::Sqrt => format!("math.sqrt({all})"),
            // math.cbrt is there from Python 3.11 on alone.
            Self::Cbrt => format!("math.copysign(abs({all}) ** (1 / 3), {all})"),
            Self::Exp => format!("math.exp({all})"),
            Self::Ln => format!("math.log({all})"),
            Self::Log2 => format!("math.log2({all})"),
            Self::Log10 => format!("math.log10({all})"),
            Self::Abs => format!("abs({all})"),
            Self::Min => format!("min({all})"),
            Self::Max => format!("max({all})"),
        }
    }
}
