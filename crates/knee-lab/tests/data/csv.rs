//! Tables as text: what is read, and what every refusal says.

use knee_lab::data::{Dataset, Error, Targets, own};

fn read(text: &str, label: &str) -> Result<Dataset, Error> {
    own::from_csv("my.csv", text.as_bytes(), label)
}

/// A table with the label `y` and so many rows, each made from its number.
fn table(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let rows: String = (0..rows).map(|number| row(number) + "\n").collect();
    format!("{header}\n{rows}")
}

/// A healthy table in which one line is another.
fn with_line(line: usize, text: &str) -> String {
    let table = table("age,dose,y", 30, |n| format!("{n},{}.5,{}", n * n, n % 2));
    let mut lines: Vec<&str> = table.lines().collect();
    lines[line - 1] = text;
    lines.join("\n")
}

fn refusal(text: &str, label: &str) -> String {
    read(text, label)
        .expect_err("it must be refused")
        .to_string()
}

#[test]
fn separators_quotes_line_ends_and_marks_are_found_out() {
    let plain = read(
        &table("a,b,y", 30, |n| format!("{n},-{n}.25e1,{}", n % 3)),
        "y",
    )
    .unwrap();
    assert_eq!((plain.samples(), plain.shape.as_slice()), (30, &[2][..]));
    assert_eq!(plain.sample(4), [4.0, -42.5]);
    let ways = [
        table("a;b;y", 30, |n| format!("{n};-{n}.25e1;{}", n % 3)),
        table("a\tb\ty", 30, |n| format!("{n}\t-{n}.25e1\t{}", n % 3)),
        table("\u{feff}\"a\", b ,y\r", 30, |n| {
            format!("\"{n}\", -{n}.25e1,{} \r", n % 3)
        }),
        table("y,a,b", 30, |n| format!("{},{n},-{n}.25e1", n % 3)),
        table("\n\na,b,y", 30, |n| format!("{n},-{n}.25e1,{}\n", n % 3)),
    ];
    for way in ways {
        assert_eq!(read(&way, "y").unwrap(), plain, "{way}");
    }
    let commas = table("\"a,x\";y", 30, |n| format!("{n};{}", n % 2));
    assert_eq!(read(&commas, "y").unwrap().shape, [1]);
}

#[test]
fn labels_are_classes_or_numbers() {
    let texts = read(
        &table("a,y", 30, |n| format!("{n},{}", ["no", "yes"][n % 2])),
        "y",
    )
    .unwrap();
    assert_eq!(
        texts.targets,
        Targets::classes(2, (0..30).map(|n| n % 2).collect())
    );
    assert_eq!(texts.notes, ["Label \"y\" has 2 classes: \"no\", \"yes\"."]);
    // Numbers are in the order of numbers: -1 is before 2, and 2 before 10.
    let whole = read(
        &table("a,y", 30, |n| format!("{n},{}", [10, 2, -1][n % 3])),
        "y",
    )
    .unwrap();
    assert_eq!(
        whole.targets,
        Targets::classes(3, (0..30).map(|n| 2 - n % 3).collect())
    );
    let many = read(&table("a,y", 90, |n| format!("{n},{}", n % 21)), "y").unwrap();
    assert!(matches!(many.targets, Targets::Values { width: 1, .. }));
    let real = read(&table("a,y", 30, |n| format!("{n},{}.5", n % 3)), "y").unwrap();
    let Targets::Values { of, .. } = &real.targets else {
        panic!("fractions are numbers");
    };
    assert_eq!(of[..3], [0.5, 1.5, 2.5]);
    assert_eq!(
        real.notes,
        ["Label \"y\" was taken as a number to predict; for classes write it as text."]
    );
    let single = read(
        &table("a,y", 30, |n| format!("{n},{}", ["p", "q"][n / 29])),
        "y",
    )
    .unwrap();
    assert!(single.notes[0].ends_with("in the training part only: \"q\"."));
}

#[test]
fn missing_and_text_cells_are_named_by_line_and_column() {
    let expected = [
        (
            "7,,0",
            "my.csv, line 17, column \"dose\": the cell is empty; fill it in, or remove the row or the column",
        ),
        (
            "NA,1,0",
            "my.csv, line 17, column \"age\": \"NA\" stands for a missing value; fill it in, or remove the row or the column",
        ),
        (
            "7,NaN,0",
            "my.csv, line 17, column \"dose\": \"NaN\" stands for a missing value; fill it in, or remove the row or the column",
        ),
        (
            "7,1,",
            "my.csv, line 17, column \"y\": the cell is empty; fill it in, or remove the row or the column",
        ),
        (
            "7,high,0",
            "my.csv, line 17, column \"dose\": \"high\" is text; expected a number; write categories as columns of 0 and 1, or remove the column",
        ),
        (
            "7,inf,0",
            "my.csv, line 17, column \"dose\": \"inf\" is not finite in single precision; expected a number of at most 3.4028235e38",
        ),
        (
            "7,1e39,0",
            "my.csv, line 17, column \"dose\": \"1e39\" is not finite in single precision; expected a number of at most 3.4028235e38",
        ),
    ];
    for (line, message) in expected {
        assert_eq!(refusal(&with_line(17, line), "y"), message);
    }
    let european = table("a;b;y", 30, |n| format!("{n};{n},5;{}", n % 2));
    assert_eq!(
        refusal(&european, "y"),
        "my.csv, line 2, column \"b\": \"0,5\" is text; expected a number with a decimal point, as 1.5"
    );
    let stray = table("a,y", 40, |n| match n {
        12 => "12,high".into(),
        n => format!("{n},{n}.25"),
    });
    assert_eq!(
        refusal(&stray, "y"),
        "my.csv, line 14, column \"y\": the label is \"high\", and most others are numbers; expected a number; correct or remove the row"
    );
}

#[test]
fn lines_are_counted_through_quoted_line_ends() {
    let text = with_line(3, "1,\"2\n\",0").replacen("5,25.5,1", "5,x,1", 1);
    assert!(refusal(&text, "y").starts_with("my.csv, line 8, column \"dose\": \"x\""));
}

#[test]
fn labels_that_say_nothing_are_refused() {
    let constant = table("a,y", 30, |n| format!("{n},5"));
    assert_eq!(
        refusal(&constant, "y"),
        "my.csv, label \"y\": all 30 rows have the same value, \"5\"; there is nothing to learn; name another column as the label"
    );
    let text = table("a,y", 30, |n| format!("{n},yes"));
    assert!(refusal(&text, "y").contains("all 30 rows have the same value, \"yes\""));
    let names = table("a,y", 30, |n| format!("{n},person{n}"));
    assert_eq!(
        refusal(&names, "y"),
        "my.csv, label \"y\": it has 30 different texts in 30 rows; expected classes that come 3 times or more in the mean; \
         name the column to be predicted"
    );
}

#[test]
fn a_label_that_is_not_there_is_answered_with_those_that_are() {
    let table = with_line(1, "age,dose,outcome");
    assert_eq!(
        refusal(&table, "Outcom"),
        "my.csv: there is no label \"Outcom\"; did you mean \"outcome\"? Expected one of \"age\", \"dose\", \"outcome\""
    );
    assert_eq!(
        refusal(&table, "zzzz"),
        "my.csv: there is no label \"zzzz\"; expected one of \"age\", \"dose\", \"outcome\""
    );
    assert_eq!(
        own::from_csv("my.csv", table.as_bytes(), None)
            .unwrap_err()
            .to_string(),
        "my.csv: which column is the label was not said; expected one of \"age\", \"dose\", \"outcome\""
    );
}

#[test]
fn tables_of_another_form_are_refused() {
    let expected = [
        (
            String::new(),
            "my.csv: the file is empty; expected a line that names the columns, and a line for each row",
        ),
        (
            "\u{feff} \r\n".into(),
            "my.csv: the file is empty; expected a line that names the columns, and a line for each row",
        ),
        (
            "a,y\n".into(),
            "my.csv: it has no rows; expected at least 20, some to train and some to test on",
        ),
        (
            "a,y\n1,2\n".into(),
            "my.csv: it has 1 row; expected at least 20, some to train and some to test on",
        ),
        (
            table("a,y", 19, |n| format!("{n},{}", n % 2)),
            "my.csv: it has 19 rows; expected at least 20, some to train and some to test on",
        ),
        (
            with_line(9, "1,2"),
            "my.csv, line 9: there are 2 cells; expected 3, as in the first line; a cell that holds a separator must be in quotes",
        ),
        (
            with_line(1, "y,dose,y"),
            "my.csv: columns 1 and 3 are both called \"y\"; expected different names; rename or remove one",
        ),
        (
            with_line(1, "1,2.5,3"),
            "my.csv: the first line holds numbers only; expected the names of the columns there; add such a line",
        ),
        (
            table("y", 30, |n| n.to_string()),
            "my.csv: the label \"y\" is the only column; expected columns to predict it from, separated by comma, semicolon or tab",
        ),
    ];
    for (text, message) in expected {
        assert_eq!(refusal(&text, "y"), message);
    }
    let bytes = |bytes: &[u8]| own::from_csv("my.csv", bytes, "y").unwrap_err().to_string();
    assert_eq!(
        bytes(b"\xff\xfea\0,\0"),
        "my.csv: the text is in UTF-16; save it as UTF-8"
    );
    assert_eq!(
        bytes(b"a\xe9,y\n1,2"),
        "my.csv: the name of column 1 is not UTF-8; save the file as UTF-8"
    );
    assert_eq!(
        bytes(b"a,y\n1,\xe9t\xe9\n"),
        "my.csv, line 2, column \"y\": the text \"\u{fffd}t\u{fffd}\" is not UTF-8; save the file as UTF-8"
    );
}

#[test]
fn a_column_that_counts_the_rows_is_left_out_with_a_note() {
    for (name, first) in [("", 0), ("Unnamed: 0", 1)] {
        let text = table(&format!("{name},a,y"), 30, |n| {
            format!("{},{}.5,{}", n + first, n * 7 % 5, n / 15)
        });
        let set = read(&text, "y").unwrap();
        assert_eq!(
            (set.shape.as_slice(), set.sample(1)),
            (&[1][..], &[2.5][..])
        );
        assert_eq!(
            set.notes[0],
            "The first column has no name and counts the rows; it was left out."
        );
    }
    let named = table("id,a,y", 30, |n| format!("{n},{n},{}", n % 2));
    assert_eq!(read(&named, "y").unwrap().shape, [2]);
}

#[test]
fn large_numbers_keep_their_differences() {
    let text = table("time,y", 30, |n| format!("{},{}", 1_700_000_000 + n, n % 2));
    let set = read(&text, "y").unwrap();
    assert_eq!(set.inputs[..3], [0.0, 1.0, 2.0]);
    assert!(
        set.notes[1]
            .starts_with("Column \"time\" has values near 1700000000 that differ by 29 at most")
    );
}
