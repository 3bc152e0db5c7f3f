//! Rows of every format, damaged files included.
