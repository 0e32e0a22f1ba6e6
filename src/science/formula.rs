//! A student's own formula for σ, such as `sqrt(2 / fan_in)`: arithmetic on the sizes of a network and nothing else.
//!
//! winnow reads it, with its precedence parser and the place of an error. The value is computed
//! here, because expression crates call the platform's `exp` and `pow`, whose last bits differ
//! between a browser and a server, and first weights must not.

mod python;
mod reader;

/// The most characters of a formula. Longer ones are refused, so that no nesting can exhaust the stack.
pub const MOST: usize = 120;

/// The values of the names that a formula may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Names {
    /// The fan_in of the matrix, n_in.
    pub fan_in: f64,
    /// The fan_out of the matrix, n_out.
    pub fan_out: f64,
    /// L, the number of hidden layers or blocks.
    pub depth: f64,
    /// The number of the layer or block, from 1.
    pub layer: f64,
    /// The number of hidden units, or d_model.
    pub width: f64,
    /// The number of attention heads.
    pub heads: f64,
    /// The present value of the gain.
    pub gain: f64,
}

impl Names {
    /// The names as they are written in formulas.
    pub const ALL: [&str; 7] = ["fan_in", "fan_out", "depth", "layer", "width", "heads", "gain"];

    /// The place in [`Self::ALL`] of a name, or of the letter that lessons write for it.
    fn find(name: &str) -> Option<usize> {
        let name = match name {
            "n" => "width",
            "L" => "depth",
            "n_in" => "fan_in",
            "n_out" => "fan_out",
            name => name,
        };
        Self::ALL.iter().position(|known| *known == name)
    }

    fn get(&self, index: usize) -> f64 {
        [self.fan_in, self.fan_out, self.depth, self.layer, self.width, self.heads, self.gain][index]
    }
}

/// A formula that can be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula(FormulaNode);

/// The reason why a text is not a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A number, a name or a parenthesis should stand here.
    Operand,
    /// The formula should end here or go on with an operator.
    Operator,
    /// A parenthesis is not closed.
    Unclosed,
    /// There is no such name.
    UnknownName,
    /// There is no such function.
    UnknownFunction,
    /// The number of arguments is not the one that the function takes.
    Arguments,
    /// The formula has more than 120 characters.
    TooLong,
}

/// Where reading stopped, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// The number of characters before the place.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

impl Problem {
    /// The key of its text, below `formula-error.` in the language files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Operand => "operand",
            Self::Operator => "operator",
            Self::Unclosed => "unclosed",
            Self::UnknownName => "unknown-name",
            Self::UnknownFunction => "unknown-function",
            Self::Arguments => "arguments",
            Self::TooLong => "too-long",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum FormulaNode {
    Number(f64),
    Name(usize),
    Negative(Box<FormulaNode>),
    Binary(char, Box<[FormulaNode; 2]>),
    Call(Function, Vec<FormulaNode>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Sqrt,
    Cbrt,
    Exp,
    Ln,
    Log2,
    Log10,
    Abs,
    Min,
    Max,
}

impl Function {
    fn find(name: &str) -> Option<Self> {
        Some(match name {
            "sqrt" => Self::Sqrt,
            "cbrt" => Self::Cbrt,
            "exp" => Self::Exp,
            "ln" | "log" => Self::Ln,
            "log2" => Self::Log2,
            "log10" => Self::Log10,
            "abs" => Self::Abs,
            "min" => Self::Min,
            "max" => Self::Max,
            _ => return None,
        })
    }

    fn arguments(self) -> usize {
        if matches!(self, Self::Min | Self::Max) { 2 } else { 1 }
    }
}

impl Formula {
    /// Parses a text of numbers, [`Names`], `pi`, + − * / ^ (or **), parentheses, and the functions sqrt, cbrt, exp, ln
    /// (or log), log2, log10, abs, min, max. An error says where reading stopped and why.
    ///
    /// What is printed is read too: `√128`, `√(2/n)`, `×`, `·`, `÷`, `−`, `x²`, `10⁻³`, and thin spaces between
    /// thousands. `n`, `L`, `n_in` and `n_out` are `width`, `depth`, `fan_in` and `fan_out`.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        if text.chars().count() > MOST {
            return Err(FormulaError { at: MOST, problem: Problem::TooLong });
        }
        let (node, rest) = reader::read(text);
        let at = text[..text.len() - rest.len()].chars().count();
        match node {
            Ok(node) if rest.is_empty() => Ok(Self(node)),
            Ok(_) => Err(FormulaError { at, problem: Problem::Operator }),
            Err(problem) => Err(FormulaError { at, problem }),
        }
    }

    /// Whether the formula divides by 0 somewhere.
    pub fn divides_by_zero(&self, names: &Names) -> bool {
        self.0.divides_by_zero(names)
    }

    /// The value of the formula, which is not finite where arithmetic has none (division by 0, the root of a negative
    /// number).
    pub fn value(&self, names: &Names) -> f64 {
        self.0.value(names)
    }
}

impl FormulaNode {
    fn value(&self, names: &Names) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Name(index) => names.get(*index),
            Self::Negative(node) => -node.value(names),
            Self::Binary(operator, sides) => {
                let [a, b] = [sides[0].value(names), sides[1].value(names)];
                match operator {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    '/' => a / b,
                    _ => libm::pow(a, b),
                }
            }
            Self::Call(function, arguments) => {
                let x = arguments[0].value(names);
                let y = arguments.get(1).map_or(x, |node| node.value(names));
                match function {
                    Function::Sqrt => x.sqrt(),
                    Function::Cbrt => libm::cbrt(x),
                    Function::Exp => libm::exp(x),
                    Function::Ln => libm::log(x),
                    Function::Log2 => libm::log2(x),
                    Function::Log10 => libm::log10(x),
                    Function::Abs => x.abs(),
                    Function::Min => x.min(y),
                    Function::Max => x.max(y),
                }
            }
        }
    }

    fn divides_by_zero(&self, names: &Names) -> bool {
        match self {
            Self::Number(_) | Self::Name(_) => false,
            Self::Negative(node) => node.divides_by_zero(names),
            Self::Binary(operator, sides) => {
                *operator == '/' && sides[1].value(names) == 0.0 || sides.iter().any(|side| side.divides_by_zero(names))
            }
            Self::Call(_, arguments) => arguments.iter().any(|node| node.divides_by_zero(names)),
        }
    }
}
