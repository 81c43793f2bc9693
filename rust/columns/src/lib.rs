//! Arrow columns to blocks of claims, and back.
