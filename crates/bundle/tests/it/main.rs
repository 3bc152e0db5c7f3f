//! The format from outside: golden files, hostile bytes, and the document that is its law.

mod document;
mod experiments;
mod golden;
mod hostile;
mod retrievers;
mod ruled;
mod sessions;
mod toy;
