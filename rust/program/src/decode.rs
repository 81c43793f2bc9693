//! Bytes come in; the head is checked, the body read, verified and handed out.

use serde_json::Value;

use crate::document::Document;
use crate::error::code;
use crate::{Program, ProgramError, caps, digest, verify};

const MAGIC: &[u8] = b"JIUGAO-RULESC 1\n";
const ANY_VERSION: &[u8] = b"JIUGAO-RULESC ";
const DIGITS: usize = 64;

/// The program that `bytes` spell, verified.
///
/// # Errors
/// A [`ProgramError`] with code, place and cause for anything that is not a well-formed, verified program of this
/// format version with the digest that its head names.
pub fn decode(bytes: &[u8]) -> Result<Program, ProgramError> {
    let body = checked_body(bytes)?;
    let document = read(body)?;
    verify::program(document, digest::hex(body.as_bytes()), body.to_owned())
}

/// The body, after head, size and digest were checked.
fn checked_body(bytes: &[u8]) -> Result<&str, ProgramError> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        let cause = if bytes.starts_with(ANY_VERSION) {
            "another version of the format: compile the rules again"
        } else {
            "not a program file"
        };
        return Err(ProgramError::new(code::HEAD, "head", cause));
    };
    let Some((named, rest)) = rest.split_at_checked(DIGITS) else {
        return Err(ProgramError::new(code::HEAD, "head", "the digest is cut off"));
    };
    let Some(body) = rest.strip_prefix(b"\n") else {
        return Err(ProgramError::new(code::HEAD, "head", "no line end after the digest"));
    };
    if body.len() > caps::BODY_BYTES {
        return Err(ProgramError::new(code::CAPS, "body", "larger than 64 MiB"));
    }
    if digest::hex(body).as_bytes() != named {
        let cause = "the body is not the one that the head names: the file was changed or damaged";
        return Err(ProgramError::new(code::DIGEST, "head", cause));
    }
    core::str::from_utf8(body).map_err(|_| ProgramError::new(code::SHAPE, "body", "not UTF-8"))
}

/// The body as a document. Only canonical JSON is taken, so that equal programs are equal bytes.
fn read(body: &str) -> Result<Document, ProgramError> {
    let shape = |error: serde_json::Error| {
        let place = format!("body, byte {}", error.column());
        ProgramError::new(code::SHAPE, place, error.to_string())
    };
    let tree: Value = serde_json::from_str(body).map_err(shape)?;
    let canonical = tree.to_string();
    if canonical != body {
        let cause = "not canonical JSON: keys sorted and once each, no blanks, whole numbers";
        return Err(ProgramError::new(code::SHAPE, "body", cause));
    }
    serde_json::from_str(body).map_err(shape)
}
