//! Reads the text of a formula with winnow, and says where reading stops.

use winnow::Parser;
use winnow::ascii::digit1;
use winnow::combinator::{Infix, Prefix, cut_err, delimited, expression, fail, not, opt, peek, repeat, separated};
use winnow::error::{ErrMode, ParserError};
use winnow::token::{any, one_of, take_while};

use super::{FormulaNode, Function, Names, Problem};
use crate::science::decimal;

/// The thin, narrow no-break and no-break spaces, which stand between thousands.
const THIN: [char; 3] = ['\u{2009}', '\u{202f}', '\u{a0}'];

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

/// Parses an expression from the start of a text. The rest begins where reading stopped, or at what is wrong.
pub(super) fn read(text: &str) -> (Result<FormulaNode, Problem>, &str) {
    let mut rest = text;
    let node = sum.parse_next(&mut rest).map_err(|error| match error {
        ErrMode::Backtrack(problem) | ErrMode::Cut(problem) => problem,
        ErrMode::Incomplete(_) => Problem::Operand,
    });
    (node, rest)
}

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
            '-' | '−' => Infix::Left(5, |_, a, b| Ok(binary('-', a, b))),
            '*' | '×' | '·' | '⋅' => Infix::Left(7, |_, a, b| Ok(binary('*', a, b))),
            '/' | '÷' => Infix::Left(7, |_, a, b| Ok(binary('/', a, b))),
            _ => return fail.parse_next(input),
        })
    };
    let signs = |input: &mut &str| -> ReadPart<Prefix<&str, FormulaNode, ErrMode<Problem>>> {
        // The parser comes here where no operand stands. If there is no sign either, something is missing.
        spaces(input)?;
        Ok(match cut_err(one_of(['+', '-', '−'])).parse_next(input)? {
            '+' => Prefix(8, |_, a| Ok(a)),
            _ => Prefix(8, |_, a| Ok(FormulaNode::Negative(Box::new(a)))),
        })
    };
    expression(operand).prefix(signs).infix(operators).parse_next(input)
}

/// Parses the spaces between two parts, thin and no-break ones among them.
fn spaces(input: &mut &str) -> ReadPart<()> {
    take_while(0.., char::is_whitespace).void().parse_next(input)
}

/// Parses a number, a name, a call, a root or an expression in parentheses, the power above it, and the spaces after
/// it. The root sign is of the one operand behind it, as in √128 / 2.
fn operand(input: &mut &str) -> ReadPart<FormulaNode> {
    spaces(input)?;
    let mut node = match peek(opt(any)).parse_next(input)? {
        Some('0'..='9' | '.') => number(input)?,
        Some('(') => delimited('(', sum, closing).parse_next(input)?,
        Some('√') => {
            any.parse_next(input)?;
            FormulaNode::Call(Function::Sqrt, vec![cut_err(operand).parse_next(input)?])
        }
        Some('a'..='z' | 'A'..='Z' | '_' | 'π') => named(input)?,
        _ => return Err(ErrMode::Backtrack(Problem::Operand)),
    };
    if let Some(power) = opt(superscript).parse_next(input)? {
        node = binary('^', node, FormulaNode::Number(power));
    }
    spaces(input)?;
    Ok(node)
}

/// Parses a whole number that is written as a power, such as ² or ⁻³.
fn superscript(input: &mut &str) -> ReadPart<f64> {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let (sign, digits): (Option<char>, &str) = (opt('⁻'), take_while(1.., DIGITS)).parse_next(input)?;
    let value = |sum: f64, digit: char| {
        let digit = DIGITS.iter().position(|known| *known == digit).unwrap_or(0);
        10.0 * sum + digit as f64
    };
    let power = digits.chars().fold(0.0, value);
    Ok(if sign.is_some() { -power } else { power })
}

fn number(input: &mut &str) -> ReadPart<FormulaNode> {
    let digits = take_while(1.., |c: char| c.is_ascii_digit() || c == '.');
    // Thin spaces group digits by three. Elsewhere they stand for a space, so that 2 3 is not read as 23.
    let group = (one_of(THIN), take_while(3..=3, |c: char| c.is_ascii_digit()), not(one_of('0'..='9')));
    let groups = repeat::<_, _, (), _, _>(0.., group);
    let fraction = opt(('.', take_while(0.., |c: char| c.is_ascii_digit())));
    let exponent = opt((one_of(['e', 'E']), opt(one_of(['+', '-', '−'])), digit1));
    let start = *input;
    let text: &str = (digits, groups, fraction, exponent).take().parse_next(input)?;
    let plain: String = text.chars().filter(|c| !THIN.contains(c)).map(|c| if c == '−' { '-' } else { c }).collect();
    decimal::read(&plain).map(FormulaNode::Number).ok_or_else(|| {
        *input = start;
        ErrMode::Cut(Problem::Operand)
    })
}

fn named<'a>(input: &mut &'a str) -> ReadPart<FormulaNode> {
    let start = *input;
    let name: &str =
        take_while(1.., |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_').parse_next(input)?;
    let after = *input;
    spaces(input)?;
    let refuse = |input: &mut &'a str, place: &'a str, problem| {
        *input = place;
        Err(ErrMode::Cut(problem))
    };
    if !input.starts_with('(') {
        *input = after;
        if matches!(name, "pi" | "π") {
            return Ok(FormulaNode::Number(std::f64::consts::PI));
        }
        return match Names::find(name) {
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
