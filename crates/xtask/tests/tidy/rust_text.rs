//! Rust source with the contents of comments and literals blanked, so that rules see only code.

/// `source` with every comment, string and character literal replaced by blanks.
/// Line breaks stay, so line numbers do.
pub(crate) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let n_bytes = blank_bytes(rest, after_word);
        if n_bytes == 0 {
            code.push(first);
            after_word = first.is_alphanumeric() || first == '_';
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..n_bytes].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            after_word = false;
            rest = &rest[n_bytes..];
        }
    }
    code
}

/// Bytes of the comment or literal that `rest` starts with; 0: it starts with code.
fn blank_bytes(rest: &str, after_word: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment_bytes(rest);
    }
    if !after_word && let Some(n_bytes) = raw_string_bytes(rest) {
        return n_bytes;
    }
    let prefix_bytes =
        usize::from(!after_word && (rest.starts_with("b\"") || rest.starts_with("c\"")));
    if rest[prefix_bytes..].starts_with('"') {
        return prefix_bytes + quoted_bytes(&rest[prefix_bytes..], '"');
    }
    if is_char_literal(rest) {
        return quoted_bytes(rest, '\'');
    }
    0
}

/// Block comments nest.
fn block_comment_bytes(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br##"…"##`.
fn raw_string_bytes(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix("br").or_else(|| rest.strip_prefix("cr"));
    let body = body.or_else(|| rest.strip_prefix('r'))?;
    let opened = body.trim_start_matches('#');
    let hashes = &body[..body.len() - opened.len()];
    let content = opened.strip_prefix('"')?;
    let close = format!("\"{hashes}");
    let end = content.find(&close)?;
    Some(rest.len() - content.len() + end + close.len())
}

/// From the opening quote to the closing one; a backslash hides what follows it.
fn quoted_bytes(rest: &str, quote: char) -> usize {
    let mut hidden = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if hidden => hidden = false,
            '\\' => hidden = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `'a'` and `'\n'`, but not the lifetime `'a`.
fn is_char_literal(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('\'')
        && match chars.next() {
            Some('\\') => true,
            Some(_) => chars.next() == Some('\''),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let code = code_only(source);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{source}");
        assert_eq!(code.lines().count(), source.lines().count());
    }

    #[test]
    fn comments_and_literals_become_blanks() {
        check("let a = 1; // unsafe\nlet b = 2;", "let a = 1; let b = 2;");
        check("a /* x /* unsafe */ y */ b", "a b");
        check(r#"say("unsafe \" {"); end"#, "say( ); end");
        check(r##"say(r#"a " unsafe"#, br"\", b"x\""); end"##, "say( , , ); end");
        check(r"if c == '{' || c == '\'' || c == '\u{7b}' { }", "if c == || c == || c == { }");
        check("fn f<'a>(x: &'a str) -> &'static str {}", "fn f<'a>(x: &'a str) -> &'static str {}");
        check("for\n\"two\nlines\"\nend", "for end");
        check("xr\"quoted\" end", "xr end");
        check("let r#type = 1;", "let r#type = 1;");
    }
}
