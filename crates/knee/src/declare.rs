//! The macro that declares a function's type.

/// Declares a function's struct and captures its documentation and its parameters.
///
/// A parameter is written `name: Domain = default`, with a doc comment of its own.
macro_rules! declare {
    (
        #[doc = $title:literal]
        $(#[doc = $doc:literal])*
        pub struct $name:ident { $( $(#[doc = $about:literal])+ $parameter:ident : $domain:ident = $default:expr ),* $(,)? }
    ) => {
        #[doc = $title]
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name { $($parameter: f64),* }

        impl Default for $name {
            fn default() -> Self {
                <Self as $crate::Declared>::DEFAULT
            }
        }

        impl $crate::Declared for $name {
            const DEFAULT: Self = Self { $($parameter: $default),* };
            const TITLE: &'static str = $title;
            const DOC: &'static str = concat!($($doc, "\n"),*);
            const PARAMETERS: &'static [$crate::Declaration] = &[$($crate::Declaration {
                name: stringify!($parameter),
                default: $default,
                domain: $crate::Domain::$domain,
                doc: concat!($($about),+),
            }),*];

            fn parameter(&self, index: usize) -> f64 {
                [$(self.$parameter),*][index]
            }

            fn set_parameter(&mut self, index: usize, value: f64) {
                let slots: [&mut f64; Self::PARAMETERS.len()] = [$(&mut self.$parameter),*];
                if let Some(slot) = slots.into_iter().nth(index) {
                    *slot = value;
                }
            }
        }
    };
}

/// Makes the one list of functions: the modules, the enum, and what has to be asked of each function in turn.
macro_rules! registry {
    ($d:tt $($module:ident :: $name:ident),+ $(,)?) => {
        $(mod $module; pub use $module::$name;)+

        /// An element-wise function with its parameters.
        ///
        /// It is written and read as `leaky_relu(negative_slope=0.02)`; parameters at their default are left out.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Function {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)+
        }

        impl Function {
            /// Every function with its default parameters, in the order of the list.
            pub fn all() -> Vec<Self> {
                alloc::vec![$(Self::$name($name::default())),+]
            }

            /// What can be said about the function without its parameters' values.
            pub fn about(&self) -> &'static About {
                match self {
                    $(Self::$name(_) => const { &About::of::<$name>() },)+
                }
            }
        }

        $(impl From<$name> for Function {
            fn from(function: $name) -> Self {
                Self::$name(function)
            }
        })+

        /// Evaluates an expression with the function inside of a [`Function`].
        macro_rules! each {
            ($d function:expr, $d inner:ident => $d result:expr) => {
                match $d function {
                    $($crate::functions::Function::$name($d inner) => $d result,)+
                }
            };
        }

        /// Hands the whole list to a macro as `name Type` pairs, so that it can write something for every function.
        ///
        /// ```
        /// macro_rules! count {
        ///     ($($name:ident $type:ident)+) => { [$(stringify!($name)),+].len() };
        /// }
        /// assert_eq!(knee::for_each_function!(count), knee::Function::all().len());
        /// ```
        #[macro_export]
        macro_rules! for_each_function {
            ($d callback:ident) => {
                $d callback! { $($module $name)+ }
            };
        }
    };
}

pub(crate) use {declare, registry};
