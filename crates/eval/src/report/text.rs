//! Numbers and texts as the page shows them.

/// Text that stands for itself in HTML, in an element or an attribute.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // Other controls are no characters of HTML.
            c if c.is_control() => html.push(' '),
            c => html.push(c),
        }
    }
    html
}

/// `29858` as `29,858`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.1823` as `18.2 %`; below one percent with one digit more.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent.abs() < 1.0 && percent != 0.0 {
        format!("{percent:.2}\u{a0}%")
    } else {
        format!("{percent:.1}\u{a0}%")
    }
}

/// A metric's value.
pub fn decimal(value: f64) -> String {
    format!("{value:.4}")
}

/// A difference, with its sign.
pub fn signed(value: f64) -> String {
    format!("{value:+.4}").replace('-', "\u{2212}")
}

/// Microseconds, or milliseconds from a thousand on.
pub fn duration(us: f64) -> String {
    match us {
        us if us < 10.0 => format!("{us:.1}\u{a0}µs"),
        us if us < 1_000.0 => format!("{us:.0}\u{a0}µs"),
        us => format!("{:.1}\u{a0}ms", us / 1_000.0),
    }
}

/// A chance, never as zero.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "p\u{a0}<\u{a0}0.001".to_owned() } else { format!("p\u{a0}=\u{a0}{p:.3}") }
}
