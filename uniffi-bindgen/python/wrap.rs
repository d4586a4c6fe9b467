//! Breaks long lines of Python where its formatters do: at the last pair of brackets, then at the commas in it.

/// The longest line, in bytes.
const WIDTH: usize = 120;

/// A line at an indentation, as one line or as several.
pub fn wrap(line: &str, depth: usize) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    place(line, depth, &mut out);
    out
}

fn place(line: &str, depth: usize, out: &mut Vec<(usize, String)>) {
    if depth * 4 + line.len() <= WIDTH {
        out.push((depth, line.to_string()));
        return;
    }
    let Some((open, close)) = last_brackets(line) else {
        out.push((depth, line.to_string()));
        return;
    };
    let (head, body, tail) = (&line[..=open], line[open + 1..close].trim(), &line[close..]);
    out.push((depth, head.to_string()));
    let items = split(body);
    let single = items.len() == 1;
    let is_tuple = single && body.ends_with(',');
    let is_call = head[..open].ends_with(|char: char| char.is_alphanumeric() || char == '_');
    if is_call && (depth + 1) * 4 + body.len() <= WIDTH {
        out.push((depth + 1, body.to_string()));
    } else if single && !is_tuple {
        // A comma could make something else of a single expression.
        place(items[0], depth + 1, out);
    } else {
        for item in items {
            place(&format!("{item},"), depth + 1, out);
        }
    }
    out.push((depth, tail.to_string()));
}

/// The outermost brackets to break at: a signature's parameters, the targets of an assignment, or the last ones that
/// hold something.
fn last_brackets(line: &str) -> Option<(usize, usize)> {
    let is_signature = ["def ", "async def ", "class ", "("].iter().any(|word| line.starts_with(word));
    let mut found = None;
    let mut open = Vec::new();
    for (index, byte) in code_bytes(line) {
        match byte {
            b'(' | b'[' | b'{' => open.push(index),
            b')' | b']' | b'}' => {
                let start = open.pop()?;
                if open.is_empty() && index > start + 1 && !(is_signature && found.is_some()) {
                    found = Some((start, index));
                }
            }
            _ => {}
        }
    }
    found
}

/// The parts between the outermost commas.
fn split(body: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, byte) in code_bytes(body) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(body[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(body[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The bytes that are outside of string literals.
fn code_bytes(text: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut quote = None;
    let mut escaped = false;
    text.bytes().enumerate().filter(move |(_, byte)| {
        let Some(mark) = quote else {
            if matches!(byte, b'"' | b'\'') {
                quote = Some(*byte);
                return false;
            }
            return true;
        };
        if escaped {
            escaped = false;
        } else if *byte == b'\\' {
            escaped = true;
        } else if *byte == mark {
            quote = None;
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::wrap;

    fn text(line: &str, depth: usize) -> String {
        let lines = wrap(line, depth);
        lines.iter().map(|(depth, line)| format!("{}{line}", "    ".repeat(*depth))).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn short_lines_stay() {
        assert_eq!(text("f(a, b)", 1), "    f(a, b)");
    }

    #[test]
    fn arguments_move_to_a_line_of_their_own() {
        let arguments = format!("{}, (1, 2)", "a".repeat(100));
        assert_eq!(text(&format!("result = call({arguments})"), 0), format!("result = call(\n    {arguments}\n)"));
    }

    #[test]
    fn or_to_one_line_each() {
        let long = "x".repeat(70);
        let line = format!("def f(self, a: {long}, b: dict[str, {long}]) -> list[int]:");
        let expected = format!("def f(\n    self,\n    a: {long},\n    b: dict[str, {long}],\n) -> list[int]:");
        assert_eq!(text(&line, 0), expected);
    }

    #[test]
    fn strings_are_not_looked_into() {
        let line = format!("raise Error(\"no (such, {} thing\")", "very ".repeat(30));
        assert_eq!(text(&line, 0).lines().count(), 3);
    }
}
