//! Writes one figure of each kind into a folder, to be looked at:
//! `cargo run -p knee-figure --example gallery -- FOLDER`.

use std::path::PathBuf;

use knee::Function;
use knee_figure::{
    Axis, Band, Figure, Ink, Line, Polygon, Polygons, Series, bars_by_site, by_depth, curve,
    histogram_under_curve,
};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "target/gallery".to_string()),
    );
    std::fs::create_dir_all(&folder)?;
    for figure in gallery() {
        let file = folder.join(format!("{}.svg", figure.slug));
        std::fs::write(&file, figure.svg())?;
        println!("{}", file.display());
    }
    Ok(())
}

fn gallery() -> Vec<Figure> {
    let sites: Vec<String> = (1..=12).map(|site| format!("layers.{site}.act")).collect();
    let falling = |rate: f64| -> Vec<Option<f64>> {
        (0..12).map(|site| Some(rate.powi(11 - site))).collect()
    };
    let mut vanished = falling(0.2);
    vanished[0] = Some(0.0);
    vanished[4] = None;
    let share = |step: f64| -> Vec<Option<f64>> {
        (0..12)
            .map(|site| Some((step * f64::from(site)).sin().abs()))
            .collect()
    };
    let mut figures: Vec<Figure> = Function::all().iter().map(curve).collect();
    for name in ["relu", "sigmoid", "relu6", "gelu"] {
        let function = Function::parse(name).expect("a name of the list");
        let edges: Vec<f64> = (-40..=24).map(|edge| f64::from(edge) / 4.0).collect();
        let bell = |z: f64| 4000.0 * (-(z + 1.5).powi(2) / 8.0).exp();
        let counts: Vec<u64> = edges.windows(2).map(|bin| bell(bin[0]) as u64).collect();
        let title = format!("fc1.act: pre-activations under {name}");
        figures.push(histogram_under_curve(
            format!("under-{name}"),
            title,
            &function,
            &edges,
            &counts,
        ));
    }
    figures.extend([
        by_depth(
            "gradient",
            "Gradient by depth",
            "L2 norm of dL/da per input",
            &sites,
            &[
                Series::new("measured", vanished),
                Series::new("bound 0.25^n", falling(0.25)),
            ],
        ),
        bars_by_site(
            "shares",
            "Zeros, dead and saturated units by site",
            &sites,
            &[
                Series::new("zeros", share(0.7)),
                Series::new("dead", share(0.1)),
                Series::new("saturated", vec![None; 12]),
            ],
        ),
    ]);
    figures.extend([runs(), regions()]);
    figures
}

/// A band between the least and the greatest of some runs, and their mean.
fn runs() -> Figure {
    let loss = |epoch: f64| 2.0 / (1.0 + 0.3 * epoch);
    let epochs = || (0..=20).map(f64::from);
    Figure::new(
        "runs",
        "Loss of five runs",
        Axis::linear("epoch"),
        Axis::linear("loss"),
    )
    .describe("The loss falls from 2 to 0.3; the runs lie within a fifth of their mean.")
    .with(Band {
        label: "least to greatest".to_string(),
        points: epochs()
            .map(|epoch| (epoch, 0.8 * loss(epoch), 1.2 * loss(epoch)))
            .collect(),
        ink: Ink::Blue,
    })
    .with(Line {
        label: "mean".to_string(),
        points: epochs().map(|epoch| (epoch, loss(epoch))).collect(),
        ink: Ink::Blue,
        markers: false,
    })
}

/// The square cut by its diagonals.
fn regions() -> Figure {
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let polygons = (0..4).map(|side| Polygon {
        corners: vec![corners[side], corners[(side + 1) % 4], (0.0, 0.0)],
        label: ["+-", "++", "-+", "--"][side].to_string(),
        ink: Ink::series(side),
    });
    Figure::new(
        "regions",
        "The square cut by its diagonals",
        Axis::linear("x1").range(-1.0, 1.0),
        Axis::linear("x2").range(-1.0, 1.0),
    )
    .describe("Four triangles, each labelled by the side of both diagonals that it lies on.")
    .with(Polygons {
        label: String::new(),
        polygons: polygons.collect(),
    })
}
