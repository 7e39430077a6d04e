//! What the name of a method tells about its receiver.

/// Whether a method looks at its receiver by reference, as all methods of the standard library of
/// this name do: none of them could give anything else back for a receiver that it consumed. A method
/// that breaks the convention is an error of rustc's, never a silent difference.
pub fn borrows_receiver(method: &str) -> bool {
    const BORROWING: [&str; 14] = [
        "borrow",
        "borrow_mut",
        "clone",
        "contains",
        "contains_key",
        "get_mut",
        "is_empty",
        "iter",
        "iter_mut",
        "keys",
        "len",
        "lock",
        "next",
        "try_lock",
    ];
    BORROWING.contains(&method) || method.starts_with("as_")
}

/// Whether a method may well take its receiver, by its name. Where it is a part of a local whose other
/// parts are used later, rustc is asked what the call does, and the answer costs a byte of the frame:
/// other calls on such parts are taken for ones that borrow. If one does not, rustc says so.
pub fn may_take_part(method: &str) -> bool {
    const TAKING: [&str; 49] = [
        "abort",
        "accept",
        "and",
        "and_then",
        "build",
        "cancel",
        "chain",
        "close",
        "collect",
        "commit",
        "complete",
        "consume",
        "detach",
        "disconnect",
        "done",
        "drain",
        "eat",
        "err",
        "filter",
        "filter_map",
        "finish",
        "flatten",
        "fold",
        "for_each",
        "join",
        "leak",
        "map",
        "map_err",
        "map_or",
        "map_or_else",
        "ok",
        "ok_or",
        "ok_or_else",
        "or",
        "or_else",
        "pass",
        "quit",
        "release",
        "rev",
        "rollback",
        "run",
        "send",
        "shutdown",
        "split",
        "spawn",
        "then",
        "unzip",
        "with",
        "zip",
    ];
    const BEGINNINGS: [&str; 7] =
        ["expect", "finish_", "into_", "map_", "take_", "unwrap", "with_"];
    TAKING.contains(&method) || BEGINNINGS.iter().any(|beginning| method.starts_with(beginning))
}
