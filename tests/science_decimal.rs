//! The small reader of numbers against the standard library's.

use init_lab::science::decimal::read;
use init_lab::science::seed::Stream;

#[test]
fn what_was_printed_is_read_to_the_bit() {
    let mut stream = Stream::new(1, "decimals");
    let mut seen = 0;
    while seen < 100_000 {
        let bits = (stream.below(1 << 32) as u64) << 32 | stream.below(1 << 32) as u64;
        let number = f64::from_bits(bits);
        // Below 10⁻³⁰⁰ digits run out; no knob goes there.
        if !number.is_finite() || number.abs() < 1e-290 {
            continue;
        }
        seen += 1;
        for text in [format!("{number}"), format!("{number:e}")] {
            assert_eq!(read(&text), Some(number), "{text}");
        }
    }
}

#[test]
fn what_people_type_is_what_the_standard_library_reads() {
    let texts = [
        "0",
        "-0",
        "1",
        "+1",
        "00012",
        "0.05",
        ".5",
        "5.",
        "-.25",
        "1e3",
        "1E3",
        "1e+3",
        "1e-3",
        "2.5e-7",
        "0.1",
        "0.2",
        "0.3",
        "123456789012345678",
        "9007199254740993",
        "1e22",
        "1e23",
        "8.5e-5",
        "3.4028235e38",
        "1e-320",
        "1e400",
        "-1e400",
        "1e-400",
        "0.00000000000000000000000000000000000000000000000000012",
        "1e-99999",
    ];
    for text in texts {
        let expected: f64 = text.parse().expect("the standard library reads it");
        let ours = read(text).unwrap_or(f64::NAN);
        assert!(ours == expected || (ours / expected - 1.0).abs() < 1e-15, "{text}: {ours} and {expected}");
    }
    for digits in 0..10_000 {
        for text in [format!("0.{digits:04}"), format!("{digits}e-3"), format!("1.{digits}e5")] {
            assert_eq!(read(&text), text.parse().ok(), "{text}");
        }
    }
}

#[test]
fn many_digits_cost_three_units_in_the_last_place_at_most() {
    let text = "0.1234567890123456789012345678901234567890";
    let expected: f64 = text.parse().expect("a number");
    let ours = read(text).expect("a number");
    assert!((ours.to_bits() as i64 - expected.to_bits() as i64).abs() <= 3);
    let large = format!("1{}", "0".repeat(60));
    assert!((read(&large).expect("a number") / 1e60 - 1.0).abs() < 1e-15);
}

#[test]
fn no_number_is_none() {
    for text in [
        "", " 1", "1 ", "-", "+", ".", "e5", "1e", "1e+", "1e5.5", "--1", "1.2.3", "NaN", "inf", "0x10", "1_000", "١",
        "1,5", "é",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}
