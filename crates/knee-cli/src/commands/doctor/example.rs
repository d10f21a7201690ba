//! The networks that come with the program.

use knee_doctor::LossKind;

use super::arguments::Example;

/// A network, a batch of its inputs with labels, and its loss.
pub(super) struct Embedded {
    /// The ONNX file.
    pub(super) model: &'static [u8],
    /// The .npz file.
    pub(super) batch: &'static [u8],
    /// The loss that it was trained with.
    pub(super) loss: LossKind,
}

impl Example {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sick => "sick",
            Self::Healthy => "healthy",
        }
    }

    /// Its files.
    pub(super) fn files(self) -> Embedded {
        match self {
            Self::Sick => Embedded {
                model: include_bytes!("../../../../../examples/sick.onnx"),
                batch: include_bytes!("../../../../../examples/sick.npz"),
                loss: LossKind::CrossEntropy,
            },
            Self::Healthy => Embedded {
                model: include_bytes!("../../../../../examples/healthy.onnx"),
                batch: include_bytes!("../../../../../examples/healthy.npz"),
                loss: LossKind::CrossEntropy,
            },
        }
    }
}
