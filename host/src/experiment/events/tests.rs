//! What is read of event files, and what is refused.

use super::*;

fn read_text(name: &str, text: &str, change: impl Fn(&mut Request<'_>)) -> anyhow::Result<Read> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let paths = [path];
    let mut request = Request { paths: &paths, columns: &[], experiment: None, variants: None };
    change(&mut request);
    let mut found = read(&request)?;
    let folder = folder.path().display().to_string();
    for refused in &mut found.refused {
        refused.example = refused.example.take().map(|text| text.replace(&folder, "DIR"));
    }
    Ok(found)
}

const LOG: &str = "\
time,event,experiment,variant,visitor,value
2026-12-01T08:00:00Z,impression,blend,control,v1,
2026-12-01T08:01:00Z,click,blend,control,v1,
2026-12-02,Purchase,blend,bold,v2,12.50
";

#[test]
fn rows_become_events_of_numbered_variants_and_visitors() {
    let found = read_text("events.csv", LOG, |_| ()).unwrap();
    assert_eq!(found.experiment.as_deref(), Some("blend"));
    assert_eq!(found.variants, ["bold", "control"]);
    let event = |time_s, kind, variant, visitor, value| Event {
        time_s,
        kind,
        variant,
        visitor: Some(visitor),
        value,
    };
    let expected = [
        event(1_796_112_000, EventKind::Impression, 1, 0, 0.0),
        event(1_796_112_060, EventKind::Click, 1, 0, 0.0),
        event(1_796_169_600, EventKind::Purchase, 0, 1, 12.5),
    ];
    assert_eq!(found.events, expected);
    assert_eq!((found.n_rows, found.refused.len(), found.has_times), (3, 0, true));
}

#[test]
fn what_is_no_event_is_refused_with_an_example() {
    let more = "\
x,impression,blend,control,v3,
2026-12-02,hover,blend,control,v3,
2026-12-02,purchase,blend,control,v3,much
2026-12-02,impression,blend,,v3,
2026-12-02,impression,blend,control,,
,impression,blend,control,v3,
2026-12-02,impression,blend
2026-12-02,impression,other,control,v4,
";
    let found = read_text("events.csv", &format!("{LOG}{more}"), |request| {
        request.experiment = Some("blend");
    });
    let found = found.unwrap();
    assert_eq!((found.n_rows, found.n_other, found.events.len()), (11, 1, 3));
    let refused: Vec<String> = found
        .refused
        .iter()
        .map(|it| format!("{} {} {}", it.code, it.n_rows, it.example.as_deref().unwrap_or("")))
        .collect();
    let expected = [
        "wrong_cell_count 1 DIR/events.csv:11 ``",
        "unknown_event 1 DIR/events.csv:6 `hover`",
        "no_variant 1 DIR/events.csv:8 ``",
        "no_visitor 1 DIR/events.csv:9",
        "unreadable_time 2 DIR/events.csv:5 `x`",
        "unreadable_value 1 DIR/events.csv:7 `much`",
    ];
    assert_eq!(refused, expected);
}

#[test]
fn columns_and_variants_may_be_named() {
    let text = "{\"what\":\"click\",\"arm\":\"b\"}\n{\"what\":\"shown\",\"arm\":\"c\"}\n";
    let columns = [("event".to_owned(), "what".to_owned())];
    let variants = ["a", "b"].map(str::to_owned).to_vec();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    std::fs::write(&path, text).unwrap();
    let request =
        Request { paths: &[path], columns: &columns, experiment: None, variants: Some(variants) };
    let found = read(&request).unwrap();
    assert_eq!((found.events.len(), found.events[0].variant), (1, 1));
    assert_eq!((found.events[0].time_s, found.has_times), (0, false));
    assert_eq!(found.refused[0].code, "unknown_variant");
}

#[test]
fn an_experiment_is_asked_for_where_there_are_several() {
    let other = format!("{LOG}2026-12-02,impression,other,control,v4,\n");
    let error = read_text("events.csv", &other, |_| ()).unwrap_err().to_string();
    assert_eq!(error, "the events are of several experiments: `blend`, `other`");
    let error = read_text("events.csv", LOG, |request| request.experiment = Some("spring"));
    let error = error.unwrap_err().to_string();
    assert_eq!(error, "no event is of the experiment `spring`; there are `blend`");
    let error = read_text("events.csv", "event,variant\nhover,a\n", |_| ()).unwrap_err();
    assert!(error.to_string().starts_with("none of the 1 rows is an event"), "{error}");
}
