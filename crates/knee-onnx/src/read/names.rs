//! The name of a node and the path of the layer it belongs to.

use onnx_ir::NodeProto;

/// The node's name as a viewer shows it; without a name, its operator and its place in the file.
pub(crate) fn name(node: &NodeProto, index: usize) -> String {
    if node.name.is_empty() {
        format!("{}_{index}", node.op_type)
    } else {
        node.name.clone()
    }
}

/// The layer's path, such as `blocks.0.attn`; empty when the file does not say.
pub(crate) fn layer(node: &NodeProto) -> String {
    let scopes = node
        .metadata_props
        .iter()
        .find(|p| p.key == "pkg.torch.onnx.name_scopes")
        .map(|p| from_scopes(&p.value));
    scopes.unwrap_or_else(|| from_slashes(&node.name))
}

/// PyTorch's exporter (dynamo) writes the scopes as a Python list, from the model itself (an
/// empty string) over the full path of each module down to the operation:
/// `['', 'blocks.0', 'blocks.0.act', 'relu']`.
fn from_scopes(list: &str) -> String {
    let scopes = python_strings(list);
    match scopes.as_slice() {
        [.., module, _operation] => module.clone(),
        _ => String::new(),
    }
}

/// The string literals of a Python list.
fn python_strings(list: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut chars = list.chars();
    while let Some(quote) = chars.find(|c| *c == '\'' || *c == '"') {
        let mut text = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => text.extend(chars.next()),
                c if c == quote => break,
                c => text.push(c),
            }
        }
        strings.push(text);
    }
    strings
}

/// PyTorch's older exporter names nodes by scope, with the full path of each module after that
/// of its parent: `/blocks/blocks.0/act/Relu` is the Relu of `blocks.0.act`.
fn from_slashes(name: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return String::new();
    }
    parts.pop();
    let mut path: Vec<&str> = Vec::new();
    for part in parts {
        let nested = path
            .last()
            .and_then(|parent| part.strip_prefix(parent))
            .is_some_and(|rest| rest.starts_with('.'));
        if nested {
            path.pop();
        }
        path.push(part);
    }
    path.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes() {
        assert_eq!(from_slashes("/act/Relu"), "act");
        assert_eq!(
            from_slashes("/layer1/layer1.0/conv1/Conv"),
            "layer1.0.conv1"
        );
        assert_eq!(from_slashes("/Relu_3"), "");
        assert_eq!(from_slashes("node_relu"), "");
        assert_eq!(from_slashes("model/dense/Relu"), "model.dense");
    }

    #[test]
    fn scopes() {
        assert_eq!(from_scopes("['', 'fc1', 'linear']"), "fc1");
        assert_eq!(
            from_scopes("['', 'blocks.0', 'blocks.0.act', 'relu']"),
            "blocks.0.act"
        );
        assert_eq!(from_scopes("['', 'relu']"), "");
        assert_eq!(from_scopes("[]"), "");
        assert_eq!(from_scopes("['', \"it's\", 'x']"), "it's");
        assert_eq!(from_scopes("['unfinished"), "");
    }
}
