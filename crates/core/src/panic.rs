//! Panics as failures: a fault of ours, or of a library, must not take the host process down.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Error, Result};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics silent and remembers where they were, so that [`guarded`] can say so. For programs that guard everything: what is not
/// guarded then dies without a word.
pub fn remember_places() {
    std::panic::set_hook(Box::new(|info| {
        PLACE.with_borrow_mut(|place| *place = info.location().map(ToString::to_string));
    }));
}

/// Runs `work`; a panic becomes `BUG_INTERNAL`, with its text and (after [`remember_places`]) its place in the source.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let place = PLACE.take().map_or(String::new(), |place| format!(" at {place}"));
        let message = format!("a panic{place}: {}", panic_text(panic.as_ref()));
        Err(Error::bug(message).help("This is a fault of rowmill. Please report it with the command and the plan."))
    })
}

/// What a panic says.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_panic_is_a_failure_with_its_text() {
        let failed = guarded::<()>(|| panic!("seven is {}", 7));
        let error = failed.expect_err("a panic");
        assert_eq!(error.code(), Code::Bug);
        assert!(error.message().ends_with("seven is 7"), "{}", error.message());
        assert_eq!(guarded(|| Ok(1)), Ok(1));
    }
}
