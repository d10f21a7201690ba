//! docs/conformance.md, written from what the suites give: `cargo xtask generate` sets `KNEE_GENERATE` and so
//! writes it.

use std::fmt::Write as _;
use std::path::Path;

use super::cases::{Kind, read};
use super::mutants::MUTANTS;
use super::{onnx, opinfo, own, published, shaped};

/// The text that no suite gives.
const INTRODUCTION: &str = "\
What other projects test their activation functions with, run against knee; and the cases that those suites
lack. `cargo xtask vectors` records what is recorded, `cargo test -p knee conformance` runs it.
";

const ONNX: &str = "\
Every case is read as a file of ONNX is: operator, operator set and attributes give the function and its
parameters. An element agrees if it is within 1 ulp of the recorded one, in the type of the case. ONNX's own
answers are `f32` or NumPy arithmetic and not all exact: where knee's is further away than 1 ulp, it must be
within ONNX's tolerance of the recorded one (relative 1e-3, absolute 1e-7) *and* within 1 ulp of the true
value. The last column counts those elements.

A case called *expanded* has the data of its plain case and, as its model, the operator's definition in
primitive operators. The recorder compares the data bit by bit and keeps it once; the function that the
operator is answers both, and the graph of primitive operators is not run here. The six `int8` cases of Clip
(three, and their expanded forms) are left out: knee has no integers.
";

const MUTATION: &str = "\
Twenty-three broken implementations: errors that a library has had, or that are easily made. An ONNX case
judges as ONNX's own runner does. knee's cases allow 1 ulp; each is an operator with attributes and arguments,
and the oracle, or for rows the textbook in `f64`, gives the true value. *Passes* means that the
implementation is wrong and no case notices.
";

const OPINFO: &str = "\
The sample inputs and the reference inputs of PyTorch's OpInfo in `float32`, with their arguments and without
PyTorch's answers. Those of an element-wise operator with the same arguments are one case: a list of different
numbers, thinned between the extreme ones; infinities, NaN, zeros, large and small numbers stay. Value and
derivative are compared with the oracle and must be within the budget of the function. At an infinity the
limit is wanted. `rrelu` is taken in evaluation. Functions of rows, `prelu` and losses keep the shapes of
their samples up to 512 elements; their values are compared with the textbook in `f64` and must be within 1
ulp. Samples of what knee refuses are counted; they are listed at the end. The worst errors are in ulp.
";

const PUBLISHED: &str = "\
Values and slopes that the tests of jax (`tests/nn_test.py`) and NNlib.jl (`test/activations.jl`) assert, and
the slopes at the kinks that jax 0.10.2 and torch 2.15.0 give, hold in `f32` and in `f64`. The numbers in the
table of the test are the mathematical ones.
";

/// Where knee answers something else than a suite, on purpose.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "silu, mish, gelu, gelu_tanh and hard_swish at `-inf`",
        "NaN in PyTorch and jax; NNlib.jl's tests leave them out",
        "`-0.0`, the limit: an infinity times zero is an accident of the formula",
    ),
    (
        "softsign at an infinity",
        "NaN in PyTorch, jax and onnxruntime",
        "`1` and `-1`, the limits",
    ),
    (
        "derivatives at an infinity",
        "NaN in PyTorch and jax for the functions above",
        "the limits of the slopes, 0 and 1",
    ),
    (
        "leaky_relu at 0, hard_tanh at -1 and 1",
        "slope 1 in jax, the outer slope in PyTorch",
        "PyTorch's by default, jax's with `Kinks::Jax`",
    ),
    (
        "NNlib.jl's `gelu_sigmoid`",
        "the tanh form, written with a sigmoid",
        "the same function as `gelu_tanh`; `quick_gelu`, with 1.702, is another",
    ),
    (
        "jax's test of `gelu` with the tanh form",
        "compared with the erf form within 1e-3",
        "each form is compared with its own true value",
    ),
    (
        "softmax with a mask that leaves nothing",
        "0 in jax, NaN in PyTorch and onnxruntime",
        "a row of `-inf` gives NaN; the masked softmax asks which answer is wanted",
    ),
    (
        "Softplus in PyTorch",
        "`x` beyond the threshold of 20",
        "the operator is read with its threshold; `softplus` by itself has none",
    ),
];

/// A table in Markdown: the heads, how the columns are aligned, the rows.
fn table(heads: &[&str], numbers: usize, rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let rule = |index: usize| {
        if index + numbers >= heads.len() {
            "---:"
        } else {
            "---"
        }
        .to_owned()
    };
    let rules: Vec<String> = (0..heads.len()).map(rule).collect();
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{}{rows}", line(&heads), line(&rules))
}

fn onnx_section() -> String {
    let tallies = onnx::run(|_| true);
    let row = |tally: &onnx::Tally| {
        let numbers = [
            tally.cases,
            tally.expanded,
            tally.count.elements,
            tally.count.loose,
        ];
        let mut row = vec![format!("`{}`", tally.op)];
        row.extend(numbers.map(|number| number.to_string()));
        row
    };
    let mut rows: Vec<Vec<String>> = tallies.iter().map(row).collect();
    let mut sum = onnx::Tally {
        op: "all".to_owned(),
        ..onnx::Tally::default()
    };
    for tally in &tallies {
        sum.cases += tally.cases;
        sum.expanded += tally.expanded;
        sum.count += tally.count;
    }
    let mut last = row(&sum);
    "all".clone_into(&mut last[0]);
    rows.push(last);
    table(
        &[
            "operator",
            "cases",
            "expanded",
            "elements",
            "by ONNX's tolerance",
        ],
        4,
        &rows,
    )
}

fn mutation_section() -> String {
    let cases = read("onnx").1;
    let word = |passes: bool| if passes { "passes" } else { "caught" }.to_owned();
    let rows: Vec<Vec<String>> = MUTANTS
        .iter()
        .map(|mutant| {
            let refuted = mutant.refuted_by();
            let (case, x) = refuted
                .first()
                .expect("the mutation test refutes every one");
            vec![
                format!("{} (`{}`)", mutant.name, mutant.op),
                word(mutant.passes_onnx(&cases, &[Kind::Single])),
                word(mutant.passes_onnx(&cases, &[Kind::Single, Kind::Half, Kind::Brain])),
                format!("{case}, at {x:?}"),
            ]
        })
        .collect();
    let passing = |column: usize| rows.iter().filter(|row| row[column] == "passes").count();
    let mut text = table(
        &[
            "broken implementation",
            "ONNX, `f32`",
            "ONNX, all types",
            "refuted by knee's case",
        ],
        0,
        &rows,
    );
    let _ = write!(
        text,
        "\nOf {} broken implementations ONNX's `f32` cases let {} pass and all of its cases {}. \
         knee's {} cases let none pass.\n",
        rows.len(),
        passing(1),
        passing(2),
        own::CASES.len()
    );
    text
}

fn opinfo_section() -> String {
    let row = |measured: &opinfo::Measurement, slope: String| {
        vec![
            format!("`{}`", measured.op),
            measured.cases.to_string(),
            measured.refused.to_string(),
            measured.points.to_string(),
            format!("{:.3}", measured.value),
            slope,
        ]
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    rows.extend(
        opinfo::run()
            .iter()
            .map(|measured| row(measured, format!("{:.3}", measured.slope))),
    );
    rows.extend(
        shaped::run()
            .iter()
            .map(|measured| row(measured, "-".to_owned())),
    );
    table(
        &[
            "operator",
            "cases",
            "refused",
            "elements",
            "worst value",
            "worst derivative",
        ],
        5,
        &rows,
    )
}

fn differences() -> String {
    let mut rows: Vec<Vec<String>> = DIFFERENCES
        .iter()
        .map(|(what, suite, knee)| [what, suite, knee].map(|text| (*text).to_owned()).to_vec())
        .collect();
    rows.extend(opinfo::REFUSED.iter().map(|refusal| {
        vec![
            format!("PyTorch's `{}`", refusal.op),
            "computes it".to_owned(),
            refusal.reason.to_owned(),
        ]
    }));
    table(&["where", "the suite or its framework", "knee"], 0, &rows)
}

fn page() -> String {
    let recorded = [read("onnx").0, read("opinfo").0].join("; ");
    let published = format!(
        "\n{} facts of jax's, {} of NNlib.jl's.\n",
        published::count("jax"),
        published::count("nnlib")
    );
    [
        "# Conformance\n\n",
        INTRODUCTION,
        &format!("Recorded: {recorded}.\n"),
        "\n## ONNX's backend node cases\n\n",
        ONNX,
        "\n",
        &onnx_section(),
        "\n## The mutation test\n\n",
        MUTATION,
        "\n",
        &mutation_section(),
        "\n## PyTorch's OpInfo inputs\n\n",
        OPINFO,
        "\n",
        &opinfo_section(),
        "\n## Published values\n\n",
        PUBLISHED,
        &published,
        "\n## Deliberate differences\n\n",
        &differences(),
    ]
    .concat()
}

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conformance.md");
    let page = page();
    if std::env::var_os("KNEE_GENERATE").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/conformance.md is not up to date; run `cargo xtask generate`"
    );
}
