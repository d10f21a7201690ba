//! `knee plot`: on the terminal and to files.

mod program;

use program::{folder, knee_in};

#[test]
fn several_functions_stand_in_one_figure() {
    let here = folder("plot-terminal");
    let ran = knee_in(
        &here,
        &["plot", "relu", "gelu", "--from", "-3", "--to", "3"],
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
    let ascii = knee_in(&here, &["plot", "tanh", "--derivative", "--ascii"]);
    assert!(ascii.out.is_ascii());
    assert!(ascii.out.contains("f'(x)") && ascii.out.contains("saturated"));
}

#[test]
fn files_have_the_format_of_their_extension() {
    let here = folder("plot-files");
    let svg = knee_in(
        &here,
        &[
            "plot",
            "gelu",
            "silu",
            "--derivative",
            "--output",
            "two.SVG",
        ],
    );
    assert_eq!(svg.err, "note: the figure is in two.SVG\n");
    assert_eq!((svg.code, svg.out.as_str()), (0, ""));
    let text = std::fs::read_to_string(here.join("two.SVG")).expect("a file");
    assert!(text.starts_with("<svg") && text.contains("Derivatives of gelu, silu"));

    let png = knee_in(&here, &["plot", "softmax", "--quiet", "-o", "row.png"]);
    assert_eq!((png.code, png.err.as_str()), (0, ""));
    let bytes = std::fs::read(here.join("row.png")).expect("a file");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    // Bytes 16 to 24 are the width and the height.
    assert_eq!(bytes[16..20], 1440_u32.to_be_bytes());
    // Text and curves: far more than an empty picture of that size has.
    assert!(bytes.len() > 20_000, "{} bytes", bytes.len());
}

#[test]
fn the_default_figure_of_one_function_is_that_of_its_card() {
    let here = folder("plot-card");
    let ran = knee_in(
        &here,
        &["plot", "gelu", "--derivative", "-q", "-o", "gelu.svg"],
    );
    assert_eq!(ran.code, 0);
    let gelu = knee::Function::parse("gelu").expect("a function");
    let svg = std::fs::read_to_string(here.join("gelu.svg")).expect("a file");
    assert_eq!(svg, knee_figure::curve(&gelu).svg());
}

#[test]
fn what_cannot_be_drawn_is_explained() {
    let here = folder("plot-errors");
    let cases: [(&[&str], &str); 8] = [
        (&["gelo"], "did you mean `gelu`?"),
        (
            &["gelu", "-o", "gelu.jpg"],
            "gelu.jpg: figures are written as SVG or PNG",
        ),
        (
            &["gelu", "-o", "gelu"],
            "gelu: figures are written as SVG or PNG",
        ),
        (
            &["gelu", "-o", "no/such/folder.png"],
            "no/such/folder.png: ",
        ),
        (
            &["gelu", "--from", "2", "--to", "1"],
            "from 2 to 1; --from must be less than --to",
        ),
        (&["gelu", "--from", "nan"], "from NaN to 6"),
        (&["gelu", "--to", "inf"], "from -6 to inf"),
        (
            &["relu", "elu", "selu", "celu", "gelu"],
            "at most 4 functions apart; found 5",
        ),
    ];
    for (words, message) in cases {
        let ran = knee_in(&here, &[&["plot"], words].concat());
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.out.is_empty(), "{words:?}");
        assert!(ran.err.contains(message), "{words:?}: {}", ran.err);
    }
}
