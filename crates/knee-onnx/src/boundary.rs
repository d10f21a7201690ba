//! The one place where a panic of a dependency becomes an error.
//!
//! onnx-ir and Burn panic on some inputs that they do not support. A run must not end in a
//! panic, so every call into them goes through [`guard`], which names the node at work.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::error::{Error, Result};

thread_local! {
    static SILENT: Cell<u32> = const { Cell::new(0) };
}

static HOOK: Once = Once::new();

/// Makes the panic hook silent on this thread while it lives.
struct Silence;

impl Silence {
    fn new() -> Silence {
        HOOK.call_once(|| {
            let previous = take_hook();
            set_hook(Box::new(move |info| {
                if SILENT.with(Cell::get) == 0 {
                    previous(info);
                }
            }));
        });
        SILENT.with(|depth| depth.set(depth.get() + 1));
        Silence
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        SILENT.with(|depth| depth.set(depth.get() - 1));
    }
}

/// Calls `work`; a panic inside becomes [`Error::Dependency`] with the place that `place` names.
pub(crate) fn guard<T>(
    place: impl FnOnce() -> String,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let silence = Silence::new();
    let caught = catch_unwind(AssertUnwindSafe(work));
    drop(silence);
    caught.unwrap_or_else(|payload| {
        let said = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        // A message can hold a whole tensor; the first line says what went wrong.
        let said: String = said
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(300)
            .collect();
        Err(Error::Dependency {
            place: place(),
            message: format!("a library gave up: {said}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_its_place() {
        let result: Result<()> = guard(|| "node \"relu\"".into(), || panic!("index {}", 7));
        let message = result.unwrap_err().to_string();
        assert!(
            message.contains("node \"relu\"") && message.contains("index 7"),
            "{message}"
        );
    }

    #[test]
    fn a_value_passes_through() {
        assert_eq!(guard(String::new, || Ok(3)), Ok(3));
    }
}
