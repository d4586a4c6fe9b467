//! Python text, line by line.

use super::wrap::wrap;

/// A piece of Python source under construction.
#[derive(Default)]
pub struct Source {
    text: String,
    depth: usize,
}

impl Source {
    /// One line of code at the current depth; a long one is broken.
    pub fn line(&mut self, line: impl AsRef<str>) {
        for (depth, line) in wrap(line.as_ref(), self.depth) {
            self.write(depth, &line);
        }
    }

    /// Several lines, each at the current depth with its own indentation kept, and none broken.
    pub fn lines(&mut self, lines: &str) {
        for line in lines.lines() {
            self.write(self.depth, line);
        }
    }

    /// Several lines of code without docstrings, each at the current depth; long ones are broken.
    pub fn code(&mut self, lines: &str) {
        for line in lines.lines() {
            let code = line.trim_start();
            let outer = self.depth;
            self.depth += (line.len() - code.len()) / 4;
            self.line(code);
            self.depth = outer;
        }
    }

    fn write(&mut self, depth: usize, line: &str) {
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Empty lines; none of a body's own before its first statement.
    pub fn blank(&mut self, count: usize) {
        if count == 1 && self.text.ends_with(":\n") {
            return;
        }
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
            self.write(self.depth, &format!("\"\"\"{line}{gap}\"\"\""));
        } else {
            self.write(self.depth, &format!("\"\"\"{}", text[0]));
            for line in &text[1..] {
                self.write(self.depth, line);
            }
            self.write(self.depth, "\"\"\"");
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

/// A bracketed list.
pub fn listed(head: &str, items: &[String], tail: &str) -> String {
    format!("{head}{}{tail}", items.join(", "))
}
