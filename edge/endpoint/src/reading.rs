//! A body to what it asks.

use alloc::vec::Vec;

use crate::asked::{Asked, MAX_BODY_BYTES};
use crate::batch::MAX_QUESTIONS;
use crate::media::Media;
use crate::parameters::{Families, Name, PARAMETERS, ParameterKind, RECS};
use crate::problem::{Problem, ProblemCode, decimal, joined};
use crate::wire::{Fault, Input, read_map};

/// What a body says.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// The parameters at its top.
    pub(crate) asked: Asked,
    /// The maps of `questions`.
    pub(crate) questions: Vec<Asked>,
    /// Whether keys belong to the last of the questions.
    is_inside: bool,
}

/// Reads a body of these paths.
pub(crate) fn read(bytes: &[u8], media: Media, families: Families) -> Result<Body, Problem> {
    if bytes.len() > MAX_BODY_BYTES {
        let allowed = joined(&["at most ", &decimal(MAX_BODY_BYTES as u64), " bytes"]);
        return Err(Problem::new(ProblemCode::BodyTooLarge, "a longer body", &allowed));
    }
    let mut body = Body::default();
    match read_map(bytes, media, &mut |key, value| body.visit(key, value, families)) {
        Ok(()) => Ok(body),
        Err(Fault::Refused(problem)) => Err(problem),
        Err(Fault::Syntax { at, expected }) => {
            let found = match text_from(bytes, at) {
                "" if at >= bytes.len() => "the end",
                "" => "bytes that are no text",
                text => text,
            };
            Err(Problem::new(
                ProblemCode::BadBody,
                found,
                &joined(&[expected, " at byte ", &decimal(at as u64)]),
            ))
        }
    }
}

impl Body {
    fn visit(&mut self, key: &str, value: Input, families: Families) -> Result<(), Problem> {
        match value {
            Input::Map if self.may_begin(key, families)? => {
                self.is_inside = true;
                self.questions.push(Asked::default());
                Ok(())
            }
            Input::MapEnd => {
                self.is_inside = false;
                Ok(())
            }
            value => {
                let inside = self.questions.last_mut().filter(|_| self.is_inside);
                let families = if inside.is_some() { RECS } else { families };
                let asked = inside.unwrap_or(&mut self.asked);
                let at = asked.meet(key, families)?;
                let is_maps = at == Name::Questions as usize && value == Input::Maps;
                if is_maps { Ok(()) } else { asked.set(at, value) }
            }
        }
    }

    /// Whether a map may stand here: as one of a few questions.
    fn may_begin(&self, key: &str, families: Families) -> Result<bool, Problem> {
        let known = PARAMETERS.get(crate::parameters::find(key, families)?);
        let is_list =
            !self.is_inside && known.is_some_and(|known| known.kind == ParameterKind::Maps);
        if is_list && self.questions.len() == MAX_QUESTIONS {
            let allowed = ParameterKind::Maps.allowed();
            return Err(Problem::parameter("questions", "a longer list", allowed));
        }
        Ok(is_list)
    }
}

/// The text that begins at a byte, up to what is not UTF-8.
fn text_from(body: &[u8], at: usize) -> &str {
    let rest = body.get(at..).unwrap_or(&[]);
    let n_valid = match core::str::from_utf8(rest) {
        Ok(text) => return text,
        Err(error) => error.valid_up_to(),
    };
    rest.get(..n_valid).and_then(|valid| core::str::from_utf8(valid).ok()).unwrap_or("")
}
