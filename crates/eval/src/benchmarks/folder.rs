//! Which benchmarks are in a folder.

use std::path::{Path, PathBuf};

use super::error::BenchmarkError;
use super::session_table::has_header;
use super::{Benchmark, Source, baskets, next_basket, session_lines, session_table, top_n};

/// Names of the test part beside `train.txt`, the preferred one first.
const TESTS: [&str; 3] = ["test.txt", "test_novel.txt", "valid.txt"];

/// How the files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `user item item …` per line: [`top_n`].
    TopN,
    /// A session per line: [`session_lines`].
    SessionLines,
    /// A table of sessions with times: [`session_table`].
    SessionTable,
    /// A basket per line: [`baskets`].
    Baskets,
    /// JSON of users and their baskets: [`next_basket`].
    NextBasket,
}

/// Files that somebody chose by name, relative to the folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen<'n> {
    /// The training part; for [`Form::NextBasket`] the JSON file.
    pub train: Option<&'n str>,
    /// The test part; for [`Form::NextBasket`] the file of future baskets.
    pub test: Option<&'n str>,
    /// The form. When not chosen, it is told from the files.
    pub form: Option<Form>,
}

/// The files of one benchmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// How they are written.
    pub form: Form,
    /// The training part.
    pub train: PathBuf,
    /// The test part; a [`Form::NextBasket`] may lack it.
    pub test: Option<PathBuf>,
}

/// The benchmarks of a folder: one when both parts are chosen by name, else each whose files have their usual names.
/// A chosen test part alone goes with `train.txt`.
///
/// # Errors
/// [`BenchmarkError::NoBenchmark`] when there is none.
pub fn find(folder: &Path, chosen: Chosen<'_>) -> Result<Vec<Files>, BenchmarkError> {
    let mut found = Vec::new();
    if chosen.train.is_some() || chosen.test.is_some() {
        let train = folder.join(chosen.train.unwrap_or("train.txt"));
        let test = match (chosen.test, is_json(&train)) {
            (Some(test), _) => Some(folder.join(test)),
            (None, true) => future_of(&train),
            (None, false) => usual_test(folder),
        };
        let form = chosen.form.map_or_else(|| told(&train, test.as_deref()), Ok)?;
        found.push(Files { form, train, test });
    } else {
        for (form, train, tests) in [
            (None, "train.txt", TESTS.as_slice()),
            (Some(Form::SessionLines), "train_sessions.txt", &["test_prefix_target.txt"]),
            (Some(Form::Baskets), "basket_train.txt", &["basket_test.txt"]),
        ] {
            let train = folder.join(train);
            let test = tests.iter().map(|test| folder.join(test)).find(|test| test.is_file());
            if let (true, Some(test)) = (train.is_file(), test) {
                let form = form.map_or_else(|| told(&train, Some(&test)), Ok)?;
                found.push(Files { form, train, test: Some(test) });
            }
        }
        found.extend(next_baskets(folder)?);
        found.retain(|files| chosen.form.is_none_or(|form| form == files.form));
    }
    if found.is_empty() {
        return Err(BenchmarkError::NoBenchmark { path: folder.to_owned() });
    }
    Ok(found)
}

impl Files {
    /// Reads them.
    ///
    /// # Errors
    /// [`BenchmarkError`] names the file and the line.
    pub fn read(&self) -> Result<Benchmark, BenchmarkError> {
        let (train_name, train) = (name(&self.train), text(&self.train)?);
        let train = Source { name: &train_name, text: &train };
        let test = self.test.as_deref().map(|path| Ok((name(path), text(path)?))).transpose()?;
        let test = test.as_ref().map(|(name, text)| Source { name, text });
        let parts = match self.form {
            Form::NextBasket => return next_basket(train, test),
            Form::TopN => top_n,
            Form::SessionLines => session_lines,
            Form::SessionTable => session_table,
            Form::Baskets => baskets,
        };
        let folder = || self.train.parent().map_or_else(PathBuf::new, Path::to_owned);
        parts(train, test.ok_or_else(|| BenchmarkError::NoBenchmark { path: folder() })?)
    }
}

/// The form of two files: a JSON file holds users' baskets, a header a table of sessions, a tab a question about a basket
/// or, unless a name says basket, about a session.
fn told(train: &Path, test: Option<&Path>) -> Result<Form, BenchmarkError> {
    if is_json(train) {
        return Ok(Form::NextBasket);
    }
    if has_header(&text(train)?) {
        return Ok(Form::SessionTable);
    }
    let Some(test) = test else { return Ok(Form::TopN) };
    if !text(test)?.contains('\t') {
        return Ok(Form::TopN);
    }
    let says_basket = [train, test].iter().any(|path| name(path).to_lowercase().contains("basket"));
    Ok(if says_basket { Form::Baskets } else { Form::SessionLines })
}

/// Every `*_merged.json`, with the `*_future.csv` of the same name if there is one.
fn next_baskets(folder: &Path) -> Result<Vec<Files>, BenchmarkError> {
    let unreadable = |source| BenchmarkError::Read { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let train = entry.map_err(unreadable)?.path();
        if name(&train).ends_with("_merged.json") {
            let test = future_of(&train);
            found.push(Files { form: Form::NextBasket, train, test });
        }
    }
    found.sort_by(|a, b| a.train.cmp(&b.train));
    Ok(found)
}

fn future_of(merged: &Path) -> Option<PathBuf> {
    let name = name(merged);
    let future =
        merged.with_file_name(name.strip_suffix("_merged.json")?.to_owned() + "_future.csv");
    future.is_file().then_some(future)
}

fn usual_test(folder: &Path) -> Option<PathBuf> {
    TESTS.iter().map(|test| folder.join(test)).find(|test| test.is_file())
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn text(path: &Path) -> Result<String, BenchmarkError> {
    std::fs::read_to_string(path)
        .map_err(|source| BenchmarkError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        folder
    }

    /// The forms and files found, one a line.
    fn found(files: &[(&str, &str)], chosen: Chosen<'_>) -> String {
        let folder = folder(files);
        let found = find(folder.path(), chosen).expect("a benchmark");
        let line = |files: &Files| {
            assert!(files.read().is_ok());
            let test = files.test.as_deref().map_or_else(|| "-".to_owned(), name);
            format!("{:?} {} {test}\n", files.form, name(&files.train))
        };
        found.iter().map(line).collect()
    }

    const TABLE: &str = "SessionId\tItemId\tTime\n1\t2\t3\n";

    #[test]
    fn usual_names_are_found_all_of_them() {
        let files = [
            ("train.txt", "1 2\n"),
            ("test_novel.txt", "1 3\n"),
            ("basket_train.txt", "1 2\n"),
            ("basket_test.txt", "1\t2\n"),
            ("tea_merged.json", "{}"),
            ("tea_future.csv", "user_id,order_number,product_id\n"),
        ];
        let expected = "TopN train.txt test_novel.txt\nBaskets basket_train.txt basket_test.txt\n\
                        NextBasket tea_merged.json tea_future.csv\n";
        assert_eq!(found(&files, Chosen::default()), expected);
        let baskets = Chosen { form: Some(Form::Baskets), ..Chosen::default() };
        assert_eq!(found(&files, baskets), "Baskets basket_train.txt basket_test.txt\n");
        let table = [("train.txt", TABLE), ("valid.txt", TABLE)];
        assert_eq!(found(&table, Chosen::default()), "SessionTable train.txt valid.txt\n");
    }

    #[test]
    fn chosen_names_tell_their_form_by_what_is_in_them() {
        let files =
            [("a", "1 2\n"), ("b", "1 3\n"), ("c", "1\t3\n"), ("d.json", "{}"), ("e", TABLE)];
        let files = files.into_iter().chain([("a-basket", "1\t2\n")]).collect::<Vec<_>>();
        for (train, test, expected) in [
            ("a", "b", "TopN a b\n"),
            ("a", "c", "SessionLines a c\n"),
            ("a", "a-basket", "Baskets a a-basket\n"),
            ("e", "e", "SessionTable e e\n"),
        ] {
            let chosen = Chosen { train: Some(train), test: Some(test), form: None };
            assert_eq!(found(&files, chosen), expected);
        }
        let json = Chosen { train: Some("d.json"), ..Chosen::default() };
        assert_eq!(found(&files, json), "NextBasket d.json -\n");
    }

    #[test]
    fn a_folder_without_a_benchmark_is_refused_with_what_it_may_hold() {
        let folder = folder(&[("readme.txt", "nothing\n")]);
        let error = find(folder.path(), Chosen::default()).expect_err("nothing there");
        assert!(error.to_string().contains("holds no benchmark"));
        assert!(error.hint().contains("`train_sessions.txt`"));
        let missing = find(&folder.path().join("none"), Chosen::default()).expect_err("no folder");
        assert!(matches!(missing, BenchmarkError::Read { .. }));
    }
}
