//! A student's own formula for σ, such as `sqrt(2 / fan_in)`: arithmetic on the sizes of a network and nothing else.
//!
//! winnow reads it, with its precedence parser and the place of an error. The value is computed
//! here, because expression crates call the platform's `exp` and `pow`, whose last bits differ
//! between a browser and a server, and first weights must not.

use winnow::Parser;
use winnow::ascii::{digit1, multispace0};
use winnow::combinator::{Infix, Prefix, cut_err, delimited, expression, fail, opt, peek, separated};
use winnow::error::{ErrMode, ParserError};
use winnow::token::{any, one_of, take_while};

use super::decimal;

/// The most characters of a formula. Longer ones are refused, so that no nesting can exhaust the stack.
const MOST: usize = 120;

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
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        if text.chars().count() > MOST {
            return Err(FormulaError { at: MOST, problem: Problem::TooLong });
        }
        let mut rest = text;
        let end = |rest: &str| text[..text.len() - rest.len()].chars().count();
        match sum.parse_next(&mut rest) {
            Ok(node) if rest.is_empty() => Ok(Self(node)),
            Ok(_) => Err(FormulaError { at: end(rest), problem: Problem::Operator }),
            Err(ErrMode::Backtrack(problem) | ErrMode::Cut(problem)) => Err(FormulaError { at: end(rest), problem }),
            Err(ErrMode::Incomplete(_)) => Err(FormulaError { at: end(rest), problem: Problem::Operand }),
        }
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
}

impl<'a> ParserError<&'a str> for Problem {
    type Inner = Self;

    fn from_input(_: &&'a str) -> Self {
        Self::Operand
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

type ReadPart<T> = Result<T, ErrMode<Problem>>;

fn binary(operator: char, a: FormulaNode, b: FormulaNode) -> FormulaNode {
    FormulaNode::Binary(operator, Box::new([a, b]))
}

/// Parses an expression with the spaces around it. Powers bind tightest, to the right, and more tightly than a sign
/// before them: −2^2 is −4.
fn sum(input: &mut &str) -> ReadPart<FormulaNode> {
    let operators = |input: &mut &str| -> ReadPart<Infix<&str, FormulaNode, ErrMode<Problem>>> {
        let operator = any.parse_next(input)?;
        let power = operator == '^' || (operator == '*' && opt('*').parse_next(input)?.is_some());
        Ok(match operator {
            _ if power => Infix::Right(9, |_, a, b| Ok(binary('^', a, b))),
            '+' => Infix::Left(5, |_, a, b| Ok(binary('+', a, b))),
            '-' => Infix::Left(5, |_, a, b| Ok(binary('-', a, b))),
            '*' => Infix::Left(7, |_, a, b| Ok(binary('*', a, b))),
            '/' => Infix::Left(7, |_, a, b| Ok(binary('/', a, b))),
            _ => return fail.parse_next(input),
        })
    };
    let signs = |input: &mut &str| -> ReadPart<Prefix<&str, FormulaNode, ErrMode<Problem>>> {
        // The parser comes here where no operand stands. If there is no sign either, something is missing.
        multispace0.parse_next(input)?;
        Ok(match cut_err(one_of(['+', '-'])).parse_next(input)? {
            '-' => Prefix(8, |_, a| Ok(FormulaNode::Negative(Box::new(a)))),
            _ => Prefix(8, |_, a| Ok(a)),
        })
    };
    expression(operand).prefix(signs).infix(operators).parse_next(input)
}

/// Parses a number, a name, a call or an expression in parentheses, and the spaces after it.
fn operand(input: &mut &str) -> ReadPart<FormulaNode> {
    multispace0.parse_next(input)?;
    let node = match peek(opt(any)).parse_next(input)? {
        Some('0'..='9' | '.') => number(input)?,
        Some('(') => delimited('(', sum, closing).parse_next(input)?,
        Some('a'..='z' | 'A'..='Z' | '_' | 'π') => named(input)?,
        _ => return Err(ErrMode::Backtrack(Problem::Operand)),
    };
    multispace0.parse_next(input)?;
    Ok(node)
}

fn number(input: &mut &str) -> ReadPart<FormulaNode> {
    let digits = take_while(1.., |c: char| c.is_ascii_digit() || c == '.');
    let exponent = opt((one_of(['e', 'E']), opt(one_of(['+', '-'])), digit1));
    let start = *input;
    let text: &str = (digits, exponent).take().parse_next(input)?;
    decimal::read(text).map(FormulaNode::Number).ok_or_else(|| {
        *input = start;
        ErrMode::Cut(Problem::Operand)
    })
}

fn named<'a>(input: &mut &'a str) -> ReadPart<FormulaNode> {
    let start = *input;
    let name: &str = take_while(1.., |c: char| c.is_alphanumeric() || c == '_').parse_next(input)?;
    let after = *input;
    multispace0.parse_next(input)?;
    let refuse = |input: &mut &'a str, place: &'a str, problem| {
        *input = place;
        Err(ErrMode::Cut(problem))
    };
    if !input.starts_with('(') {
        *input = after;
        if matches!(name, "pi" | "π") {
            return Ok(FormulaNode::Number(std::f64::consts::PI));
        }
        return match Names::ALL.iter().position(|known| *known == name) {
            Some(index) => Ok(FormulaNode::Name(index)),
            None => refuse(input, start, Problem::UnknownName),
        };
    }
    let Some(function) = Function::find(name) else { return refuse(input, start, Problem::UnknownFunction) };
    let arguments: Vec<FormulaNode> = delimited('(', separated(1.., sum, ','), closing).parse_next(input)?;
    if arguments.len() != function.arguments() {
        return refuse(input, start, Problem::Arguments);
    }
    Ok(FormulaNode::Call(function, arguments))
}

fn closing(input: &mut &str) -> ReadPart<()> {
    match opt(')').parse_next(input)? {
        Some(_) => Ok(()),
        None if input.is_empty() => Err(ErrMode::Cut(Problem::Unclosed)),
        None => Err(ErrMode::Cut(Problem::Operator)),
    }
}
