//! The question as it comes over the wire, in names.

use alloc::string::String;

use crate::parameters::{self, Families, N_PARAMETERS, Name, PARAMETERS, ParameterKind};
use crate::problem::{Problem, ProblemCode};
use crate::wire::Input;

/// Longest query of a URL, in bytes. Longer histories go into a POST body.
pub const MAX_QUERY_BYTES: usize = 8_192;
/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 65_536;

/// What a caller asked for, before anything is looked up.
#[derive(Debug)]
pub(crate) struct Asked {
    values: [Option<Input>; N_PARAMETERS],
    /// A bit for each parameter met so far, so that none is given twice.
    met: u32,
}

impl Default for Asked {
    fn default() -> Self {
        Asked { values: [const { None }; N_PARAMETERS], met: 0 }
    }
}

impl Asked {
    /// The position of a parameter that is met for the first time.
    pub(crate) fn meet(&mut self, name: &str, families: Families) -> Result<usize, Problem> {
        let at = parameters::find(name, families)?;
        if self.met >> at & 1 == 1 {
            let problem = Problem::new(ProblemCode::RepeatedParameter, name, "once");
            let parameter = PARAMETERS.get(at).map(|known| known.name);
            return Err(Problem { parameter, ..problem });
        }
        self.met |= 1 << at;
        Ok(at)
    }

    /// Sets the item that a path names.
    pub(crate) fn set_item(&mut self, id: String) {
        if let Some(place) = self.values.get_mut(Name::Item as usize) {
            *place = Some(Input::Text(id));
        }
    }

    /// Sets the parameter at a position.
    pub(crate) fn set(&mut self, at: usize, value: Input) -> Result<(), Problem> {
        let (Some(known), Some(place)) = (PARAMETERS.get(at), self.values.get_mut(at)) else {
            return Ok(());
        };
        let fits = match (known.kind, &value) {
            (_, Input::Null) => return Ok(()),
            (ParameterKind::Text | ParameterKind::NumberOrText, Input::Text(_))
            | (ParameterKind::Ids, Input::Texts(_))
            | (ParameterKind::Number | ParameterKind::NumberOrText, Input::Number(_))
            | (ParameterKind::Flag, Input::Flag(_)) => true,
            _ => false,
        };
        if !fits {
            return Err(Problem::parameter(known.name, &value.describe(), known.kind.allowed()));
        }
        *place = Some(value);
        Ok(())
    }
}

/// A question: what was asked, and behind it what all questions of a batch share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) own: &'a Asked,
    pub(crate) shared: Option<&'a Asked>,
}

impl<'a> Question<'a> {
    pub(crate) fn of(own: &'a Asked) -> Question<'a> {
        Question { own, shared: None }
    }

    pub(crate) fn value(&self, name: Name) -> Option<&'a Input> {
        let of = |asked: &'a Asked| asked.values.get(name as usize)?.as_ref();
        of(self.own).or_else(|| of(self.shared?))
    }

    pub(crate) fn text(&self, name: Name) -> Option<&'a str> {
        match self.value(name) {
            Some(Input::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, name: Name) -> &'a [String] {
        match self.value(name) {
            Some(Input::Texts(texts)) => texts,
            _ => &[],
        }
    }

    pub(crate) fn number(&self, name: Name) -> Option<u64> {
        match self.value(name) {
            Some(Input::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether a flag is set; `None` when it is not there.
    pub(crate) fn flag(&self, name: Name) -> Option<bool> {
        match self.value(name) {
            Some(Input::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// Whether the answer depends on what one visitor did, or on who it is.
    pub(crate) fn is_personal(&self) -> bool {
        !self.texts(Name::History).is_empty()
            || !self.texts(Name::Cart).is_empty()
            || self.value(Name::Visitor).is_some()
    }
}
