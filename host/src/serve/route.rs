//! Which component a path belongs to: the routes of Spin's manifest.

/// A route of an application. Segments that begin with `:` stand for any one segment, a closing `...` for any rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoutePattern {
    segments: Vec<Segment>,
    any_rest: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Any,
}

/// How well a route fits: more literal segments first, then an exact end before an open one.
type Fit = (usize, bool);

impl RoutePattern {
    /// The route that takes every path.
    pub(crate) fn everything() -> Self {
        Self { segments: Vec::new(), any_rest: true }
    }

    /// Reads a route as Spin writes it; `None` when it does not begin with `/` or has `...` elsewhere than at its end.
    pub(crate) fn parse(route: &str) -> Option<Self> {
        let rest = route.strip_prefix('/')?;
        let (literal, any_rest) = match rest.strip_suffix("...") {
            Some("") => ("", true),
            Some(before) => (before.strip_suffix('/')?, true),
            None => (rest, false),
        };
        if literal.contains("...") {
            return None;
        }
        let segments = segments(literal)
            .map(|segment| match segment.strip_prefix(':') {
                Some(_name) => Segment::Any,
                None => Segment::Literal(segment.to_owned()),
            })
            .collect();
        Some(Self { segments, any_rest })
    }

    /// How well the route takes `path`, `None` when it does not.
    fn fit(&self, path: &str) -> Option<Fit> {
        let mut rest = segments(path.strip_prefix('/')?);
        let mut n_literal = 0;
        for expected in &self.segments {
            let found = rest.next()?;
            match expected {
                Segment::Literal(literal) if literal == found => n_literal += 1,
                Segment::Literal(_) => return None,
                Segment::Any => {}
            }
        }
        (self.any_rest || rest.next().is_none()).then_some((n_literal, !self.any_rest))
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// The value whose route fits `path` best; of equals the first.
pub(crate) fn best<'a, T>(routes: &'a [(RoutePattern, T)], path: &str) -> Option<&'a T> {
    let mut best: Option<(Fit, &T)> = None;
    for (pattern, value) in routes {
        if let Some(fit) = pattern.fit(path)
            && best.is_none_or(|(so_far, _)| fit > so_far)
        {
            best = Some((fit, value));
        }
    }
    best.map(|(_fit, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(routes: &[&'static str], path: &str, expected: Option<&str>) {
        let routes: Vec<_> =
            routes.iter().map(|route| (RoutePattern::parse(route).unwrap(), *route)).collect();
        assert_eq!(best(&routes, path).copied(), expected, "{path}");
    }

    #[test]
    fn takes_the_most_exact_route() {
        let routes = ["/...", "/recs", "/recs/...", "/recs/:item", "/static/..."];
        check(&routes, "/recs", Some("/recs"));
        check(&routes, "/recs/", Some("/recs"));
        check(&routes, "/recs/85123A", Some("/recs/:item"));
        check(&routes, "/recs/85123A/more", Some("/recs/..."));
        check(&routes, "/static/page.css", Some("/static/..."));
        check(&routes, "/", Some("/..."));
        check(&routes, "/recsX", Some("/..."));
    }

    #[test]
    fn takes_nothing_that_no_route_names() {
        check(&["/recs", "/health"], "/", None);
        check(&["/recs", "/health"], "/recs/85123A", None);
        check(&["/recs", "/health"], "*", None);
        check(&["/static/..."], "/static", Some("/static/..."));
    }

    #[test]
    fn refuses_what_is_no_route() {
        for wrong in ["recs", "", "/a...", "/.../b", "/a/.../b/..."] {
            assert_eq!(RoutePattern::parse(wrong), None, "{wrong}");
        }
    }
}
