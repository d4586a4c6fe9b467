//! Python text, line by line.

/// A piece of Python source under construction.
#[derive(Default)]
pub struct Source {
    text: String,
    depth: usize,
}

impl Source {
    /// One line at the current depth.
    pub fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Several lines, each at the current depth with its own indentation kept.
    pub fn lines(&mut self, lines: &str) {
        for line in lines.lines() {
            self.line(line);
        }
    }

    pub fn blank(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n('\n', count));
    }

    /// A compound statement: its header, and its body one level deeper.
    pub fn block(&mut self, header: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.line(header);
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    pub fn indent(&mut self) {
        self.depth += 1;
    }

    pub fn dedent(&mut self) {
        self.depth -= 1;
    }

    /// A documentation comment as a docstring.
    pub fn docstring(&mut self, text: Option<&str>) {
        let Some(text) = text.map(docstring_lines).filter(|lines| !lines.is_empty()) else { return };
        if let [line] = text.as_slice() {
            // A quote at the very end would join the closing ones.
            let gap = if line.ends_with('"') { " " } else { "" };
            self.line(format!("\"\"\"{line}{gap}\"\"\""));
        } else {
            self.line(format!("\"\"\"{}", text[0]));
            for line in &text[1..] {
                self.line(line);
            }
            self.line("\"\"\"");
        }
    }

    /// `head` + `items` + `tail` on one line, or one item a line where that is too long.
    pub fn list(&mut self, head: &str, items: &[String], tail: &str) {
        const WIDTH: usize = 110;
        let flat: usize = items.iter().map(|item| item.len() + 2).sum();
        if self.depth * 4 + head.len() + flat + tail.len() <= WIDTH {
            // A tuple of one needs its comma.
            let comma = if items.len() == 1 && head.ends_with(" (") || items.len() == 1 && head == "(" { "," } else { "" };
            self.line(format!("{head}{}{comma}{tail}", items.join(", ")));
        } else {
            self.block(head, |source| {
                for item in items {
                    source.line(format!("{item},"));
                }
            });
            self.line(tail);
        }
    }

    /// An empty line, where a docstring has been written just before.
    pub fn blank_after_docstring(&mut self) {
        if self.text.ends_with("\"\"\"\n") {
            self.text.push('\n');
        }
    }

    /// How much text there is, in bytes.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// A comment's lines without their common indentation, escaped.
fn docstring_lines(text: &str) -> Vec<String> {
    let text = text.trim_end().trim_start_matches('\n');
    let margin = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    text.lines()
        .map(|line| line.get(margin..).unwrap_or("").trim_end().replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\""))
        .collect()
}
