//! `/v1/batch`: several questions about one page, answered in order.

use alloc::vec::Vec;

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{ItemIdx, MAX_EXCLUDE, Scratch};

use crate::asked::Question;
use crate::media::Media;
use crate::parameters::{Name, ParameterKind};
use crate::problem::Problem;
use crate::reading::Body;
use crate::recs;
use crate::resolve::{Surroundings, resolve, too_many};
use crate::wire::Writer;

/// Most questions of one batch.
pub const MAX_QUESTIONS: usize = 8;

/// Answers every question, or says what is wrong with it. With `distinct` an item that an answer shows is left out of
/// those behind it.
pub(crate) fn write(
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    body: &Body,
    (media, around): (Media, Surroundings),
) -> Result<Vec<u8>, Problem> {
    if body.questions.is_empty() {
        return Err(Problem::parameter("questions", "none", ParameterKind::Maps.allowed()));
    }
    let shared = Question::of(&body.asked);
    let is_distinct = shared.flag(Name::Distinct) == Some(true);
    let mut shown: Vec<ItemIdx> = Vec::new();
    let mut writer = Writer::new(media);
    writer.map(2);
    writer.text_field("bundle", &hex(&bundle.digest()));
    writer.key("answers");
    writer.list(body.questions.len());
    for own in &body.questions {
        let question = Question { own, shared: Some(&body.asked) };
        let resolved = resolve(&question, bundle, around).and_then(|mut resolved| {
            resolved.exclude.extend(&shown);
            let n_excluded = resolved.exclude.len();
            let is_too_long = n_excluded > MAX_EXCLUDE;
            if is_too_long {
                Err(too_many("exclude", n_excluded, MAX_EXCLUDE))
            } else {
                Ok(resolved)
            }
        });
        match resolved {
            Ok(resolved) => {
                let results = recs::write(&mut writer, bundle, scratch, &resolved);
                if is_distinct {
                    shown.extend(results.iter().map(|result| result.item));
                }
            }
            Err(problem) => problem.write(&mut writer),
        }
    }
    writer.end_list();
    writer.end_map();
    Ok(writer.finish())
}
