//! A body comes in, the text of its SHA-256 goes out.

use core::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// SHA-256 in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
