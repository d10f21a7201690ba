//! Every activation of the recorded networks is found, with its function, role, name and layer.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use knee::Function;
use knee_doctor::network::{Site, SiteFunction};
use knee_onnx::Model;
use onnx_ir::{Message, ModelProto};
use serde_json::Value;

fn folders() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let entries = std::fs::read_dir(folder).expect("the recorded networks");
    let mut folders: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    folders.retain(|folder| {
        let meta = std::fs::read_to_string(folder.join("meta.json"));
        meta.is_ok_and(|text| text.contains("\"sites\""))
    });
    folders.sort();
    assert!(
        folders.len() >= 60,
        "only {} recorded networks",
        folders.len()
    );
    folders
}

fn name(folder: &Path) -> String {
    folder
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

fn meta(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("meta.json")).expect("meta.json");
    serde_json::from_str(&text).expect("valid JSON")
}

fn open(folder: &Path) -> Model {
    let model = Model::open(folder.join("model.onnx"));
    let model = model.unwrap_or_else(|error| panic!("{}: {error}", name(folder)));
    let output = meta(folder)["output"]
        .as_str()
        .expect("an output")
        .to_string();
    model.with_output(&output).expect("the output of the loss")
}

/// The function and the role that the record states.
fn recorded(site: &Value) -> String {
    let name = site["function"].as_str().expect("a function");
    let role = site["role"].as_str().expect("a role");
    let Ok(mut function) = Function::parse(name) else {
        return format!("{name} {role}");
    };
    for (parameter, value) in site["parameters"].as_object().expect("parameters") {
        let value = value.as_f64().expect("a number");
        function = function
            .with(parameter, value)
            .expect("a parameter of the function");
    }
    format!("{function} {role}")
}

/// The same of a site that was found.
fn found(site: &Site) -> String {
    let text = match &site.function {
        SiteFunction::Prelu { slopes } => {
            assert!(!slopes.is_empty(), "{} has no slope", site.name);
            "prelu".to_string()
        }
        SiteFunction::Rows { function, .. } => function.name().to_string(),
        // PyTorch's softplus turns into the identity far out, which one of its exporters keeps.
        SiteFunction::Element(function) if function.name() == "softplus" => {
            let plain = Function::parse("softplus").expect("a function");
            let threshold = plain
                .parameters()
                .into_iter()
                .find(|p| p.name == "threshold");
            let threshold = threshold.expect("a parameter").default;
            function
                .with("threshold", threshold)
                .expect("the default")
                .to_string()
        }
        SiteFunction::Element(function) => function.to_string(),
        _ => panic!("{} has an unknown function", site.name),
    };
    format!("{text} {}", site.role.word())
}

/// A recurrent layer stands in the record once for each of its functions, and an RNN that the
/// exporter unrolled is one site per step here.
fn once_per_layer(folder: &str, mut sites: Vec<String>) -> Vec<String> {
    sites.sort();
    if ["lstm", "gru", "rnn"]
        .iter()
        .any(|family| folder.starts_with(family))
    {
        sites.dedup();
    }
    sites
}

#[test]
fn every_activation_is_found_with_its_function_and_role() {
    for folder in folders() {
        let case = name(&folder);
        let meta = meta(&folder);
        let mut wanted: Vec<String> = meta["sites"]
            .as_array()
            .expect("sites")
            .iter()
            .map(recorded)
            .collect();
        if case == "vit-dynamo-op23" {
            // The exporter writes attention as one operator, and its softmax is no node.
            wanted.retain(|site| site != "softmax attention");
        }
        let got = open(&folder).network().sites.iter().map(found).collect();
        assert_eq!(
            once_per_layer(&case, got),
            once_per_layer(&case, wanted),
            "{case}"
        );
    }
}

#[test]
fn sites_and_nodes_are_named_as_in_the_file() {
    for folder in folders() {
        let bytes = std::fs::read(folder.join("model.onnx")).expect("the model");
        let proto = ModelProto::parse_from_bytes(&bytes).expect("a model");
        let names: BTreeSet<&str> = proto.graph.node.iter().map(|n| n.name.as_str()).collect();
        assert!(
            !names.contains(""),
            "{}: the exporters name every node",
            name(&folder)
        );
        let model = open(&folder);
        for node in &model.network().nodes {
            assert!(
                names.contains(node.name.as_str()),
                "{}: {}",
                name(&folder),
                node.name
            );
        }
        for site in &model.network().sites {
            assert!(
                names.contains(site.name.as_str()),
                "{}: {}",
                name(&folder),
                site.name
            );
            assert_eq!(site.covers.last(), Some(&site.name));
            for covered in &site.covers {
                assert!(
                    names.contains(covered.as_str()),
                    "{}: {covered}",
                    name(&folder)
                );
            }
            assert_eq!(model.network().nodes[site.node].name, site.name);
        }
    }
}

#[test]
fn nodes_of_the_graph_and_of_the_network_have_the_same_numbers() {
    for folder in folders() {
        let model = open(&folder);
        let (graph, network) = (model.graph(), model.network());
        assert_eq!(graph.nodes.len(), network.nodes.len());
        for (left, right) in graph.nodes.iter().zip(&network.nodes) {
            assert_eq!(left.name, right.name);
            let outputs: Vec<_> = left.outputs.iter().flatten().copied().collect();
            assert_eq!(outputs, right.outputs);
        }
    }
}

/// The newer exporter records the path of each module; the older one leaves it in the names of
/// nodes, without the container of modules that were called by hand.
#[test]
fn layers_are_the_paths_of_the_modules() {
    for folder in folders() {
        let case = name(&folder);
        let unrolled = case.starts_with("rnn-dynamo");
        let fused = case == "vit-dynamo-op23";
        // `raw` files keep names, and the written functions are called by hand.
        if unrolled || fused || !case.contains("-dynamo-") {
            continue;
        }
        let meta = meta(&folder);
        let sites = meta["sites"].as_array().expect("sites");
        let wanted: BTreeSet<&str> = sites
            .iter()
            .map(|site| site["module"].as_str().expect("a module"))
            .collect();
        let model = open(&folder);
        let got: BTreeSet<&str> = model
            .network()
            .sites
            .iter()
            .map(|site| site.layer.as_str())
            .collect();
        assert_eq!(got, wanted, "{case}");
    }
}

#[test]
fn the_older_exporters_names_give_the_layers() {
    for (case, layers) in [
        ("mlp-torchscript-op17", vec!["blocks.0.1", "blocks.1.1"]),
        ("mlp-sigmoid-torchscript-op13", vec!["blocks.0.1", "out"]),
        (
            "bert-torchscript-op17",
            vec![
                "layers.0.attention.softmax",
                "layers.0.act",
                "layers.1.attention.softmax",
                "layers.1.act",
                "pooler_act",
            ],
        ),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/vectors")
            .join(case);
        let model = open(&folder);
        let got: Vec<&str> = model
            .network()
            .sites
            .iter()
            .map(|s| s.layer.as_str())
            .collect();
        assert_eq!(got, layers, "{case}");
    }
}

#[test]
fn every_hidden_site_of_a_classifier_knows_its_units_and_its_layer() {
    for case in [
        "mlp-dynamo-op18",
        "cnn-torchscript-op17",
        "resnet-dynamo-op23",
        "mobilenet-dynamo-op18",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/vectors")
            .join(case);
        let model = open(&folder);
        let links = knee_doctor::Links::new(model.network());
        for site in &model.network().sites {
            let units = site
                .units
                .unwrap_or_else(|| panic!("{case}: {} has no units", site.name));
            if let (Some(layer), _) = links.layer_of(site) {
                assert_eq!(layer.units, units, "{case}: {}", site.name);
                assert_eq!(layer.weight.len() as u64, layer.units * layer.fan_in);
            }
        }
    }
}

#[test]
fn a_residual_network_knows_its_branches() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/resnet-dynamo-op23");
    let model = open(&folder);
    let inside: Vec<(&str, bool, u32)> = model
        .network()
        .sites
        .iter()
        .map(|site| (site.layer.as_str(), site.residual_branch, site.depth))
        .collect();
    assert_eq!(
        inside,
        [
            ("act", false, 1),
            ("layer1.0.act1", true, 2),
            ("layer1.0.act2", false, 3),
            ("layer2.0.act1", true, 4),
            ("layer2.0.act2", false, 5),
        ]
    );
}
