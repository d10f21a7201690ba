//! The one list of operators. Activation functions that knee owns are operators as well: those
//! that the list does not name are looked up by their ONNX name.

use super::call::{Answer, Call, float};
use super::compute::Compute;
use super::{
    activation, attention, conv, elementwise, generate, index, logic, matmul, norm, order, pieces,
    pool, recurrent, reduce, resize, view,
};

macro_rules! operators {
    ($($domain:literal $name:literal => $path:path;)*) => {
        /// Operators that can be run, by domain (empty is ONNX's own) and name. The element-wise
        /// functions of `knee`, control flow and constants come on top.
        pub const OPERATORS: &[(&str, &str)] = &[$(($domain, $name)),*];

        fn find<C: Compute>(domain: &str, name: &str) -> Option<fn(&mut Call<C>) -> Answer<C>> {
            match (domain, name) {
                $(($domain, $name) => Some($path),)*
                _ => None,
            }
        }
    };
}

operators! {
    "" "Abs" => elementwise::abs;
    "" "Acos" => elementwise::acos;
    "" "Acosh" => elementwise::acosh;
    "" "Add" => elementwise::add;
    "" "And" => logic::and;
    "" "ArgMax" => reduce::arg_max;
    "" "ArgMin" => reduce::arg_min;
    "" "Asin" => elementwise::asin;
    "" "Asinh" => elementwise::asinh;
    "" "Atan" => elementwise::atan;
    "" "Atanh" => elementwise::atanh;
    "" "Attention" => attention::attention;
    "" "AveragePool" => pool::average_pool;
    "" "BatchNormalization" => norm::batch_normalization;
    "" "Cast" => logic::cast;
    "" "CastLike" => logic::cast_like;
    "" "Ceil" => elementwise::ceil;
    "" "Clip" => elementwise::clip;
    "" "Compress" => order::compress;
    "" "Concat" => pieces::concat;
    "" "ConstantOfShape" => generate::constant_of_shape;
    "" "Conv" => conv::conv;
    "" "ConvTranspose" => conv::conv_transpose;
    "" "Cos" => elementwise::cos;
    "" "Cosh" => elementwise::cosh;
    "" "CumSum" => reduce::cum_sum;
    "" "DepthToSpace" => view::depth_to_space;
    "" "Div" => elementwise::div;
    "" "Dropout" => view::dropout;
    "" "Einsum" => matmul::einsum;
    "" "Equal" => logic::equal;
    "" "Expand" => view::expand;
    "" "EyeLike" => generate::eye_like;
    "" "Flatten" => view::flatten;
    "" "Floor" => elementwise::floor;
    "" "GRU" => recurrent::gru;
    "" "Gather" => index::gather;
    "" "GatherElements" => index::gather_elements;
    "" "GatherND" => index::gather_nd;
    "" "Gemm" => matmul::gemm;
    "" "GlobalAveragePool" => pool::global_average_pool;
    "" "GlobalMaxPool" => pool::global_max_pool;
    "" "Greater" => logic::greater;
    "" "GreaterOrEqual" => logic::greater_or_equal;
    "" "GroupNormalization" => norm::group_normalization;
    "" "Hardmax" => order::hardmax;
    "" "Identity" => view::identity;
    "" "InstanceNormalization" => norm::instance_normalization;
    "" "IsInf" => logic::is_inf;
    "" "IsNaN" => logic::is_nan;
    "" "LRN" => norm::lrn;
    "" "LSTM" => recurrent::lstm;
    "" "LayerNormalization" => norm::layer_normalization;
    "" "Less" => logic::less;
    "" "LessOrEqual" => logic::less_or_equal;
    "" "Log" => elementwise::log;
    "" "LogSoftmax" => activation::log_softmax;
    "" "LpNormalization" => norm::lp_normalization;
    "" "LpPool" => pool::lp_pool;
    "" "MatMul" => matmul::mat_mul;
    "" "Max" => elementwise::max;
    "" "MaxPool" => pool::max_pool;
    "" "Mean" => elementwise::mean;
    "" "MeanVarianceNormalization" => norm::mean_variance_normalization;
    "" "Min" => elementwise::min;
    "" "Mod" => elementwise::modulo;
    "" "Mul" => elementwise::mul;
    "" "Neg" => elementwise::neg;
    "" "NonZero" => order::non_zero;
    "" "Not" => logic::not;
    "" "OneHot" => generate::one_hot;
    "" "Or" => logic::or;
    "" "PRelu" => activation::file_prelu;
    "" "Pad" => pieces::pad;
    "" "Pow" => elementwise::pow;
    "" "RMSNormalization" => norm::rms_normalization;
    "" "RNN" => recurrent::rnn;
    "" "Range" => generate::range;
    "" "Reciprocal" => elementwise::reciprocal;
    "" "ReduceL1" => reduce::l1;
    "" "ReduceL2" => reduce::l2;
    "" "ReduceLogSum" => reduce::log_sum;
    "" "ReduceLogSumExp" => reduce::log_sum_exp;
    "" "ReduceMax" => reduce::max;
    "" "ReduceMean" => reduce::mean;
    "" "ReduceMin" => reduce::min;
    "" "ReduceProd" => reduce::prod;
    "" "ReduceSum" => reduce::sum;
    "" "ReduceSumSquare" => reduce::sum_square;
    "" "Reshape" => view::reshape;
    "" "Resize" => resize::resize;
    "" "ReverseSequence" => order::reverse_sequence;
    "" "RotaryEmbedding" => attention::rotary_embedding;
    "" "Round" => elementwise::round;
    "" "Scatter" => index::scatter_elements;
    "" "ScatterElements" => index::scatter_elements;
    "" "ScatterND" => index::scatter_nd;
    "" "Shape" => view::shape;
    "" "Sign" => elementwise::sign;
    "" "SimplifiedLayerNormalization" => norm::rms_normalization;
    "" "Sinh" => elementwise::sinh;
    "" "Size" => view::size;
    "" "Slice" => pieces::slice;
    "" "Softmax" => activation::softmax;
    "" "Softsign" => activation::softsign;
    "" "SpaceToDepth" => view::space_to_depth;
    "" "Split" => pieces::split;
    "" "Sqrt" => elementwise::sqrt;
    "" "Squeeze" => view::squeeze;
    "" "Sub" => elementwise::sub;
    "" "Sum" => elementwise::sum;
    "" "Tan" => elementwise::tan;
    "" "ThresholdedRelu" => activation::thresholded_relu;
    "" "Tile" => pieces::tile;
    "" "TopK" => order::top_k;
    "" "Transpose" => view::transpose;
    "" "Trilu" => generate::trilu;
    "" "Unsqueeze" => view::unsqueeze;
    "" "Upsample" => resize::upsample;
    "" "Where" => logic::where_;
    "" "Xor" => logic::xor;
    "com.microsoft" "RMSNormalization" => norm::rms_normalization;
    "com.microsoft" "SkipLayerNormalization" => norm::skip_layer_normalization;
}

/// Whether a node can be run.
pub fn supported(domain: &str, name: &str) -> bool {
    find::<burn::backend::Flex>(domain, name).is_some()
        || knee::Function::from_foreign(knee::Framework::Onnx, name, &|_| None).is_some()
}

/// Runs an operator of the file.
pub(super) fn run<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    if let Some(operator) = find::<C>(call.domain, call.op) {
        return operator(call);
    }
    if let Some(function) = activation::function(call) {
        let x = call.float(0)?;
        call.reserve(&super::value::dims::<C>(&x))?;
        return float(C::knee_activation(x, function.into()));
    }
    Err(call.unsupported("knee does not run it"))
}
