//! Lines and tables on pages of A4.

use super::{PdfError, font::Font};
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str, TextStr};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 48.0;
/// Where text ends at the bottom; the footer stands below.
const BOTTOM: f32 = 60.0;

/// The width that text has.
pub(super) const TEXT_WIDTH: f32 = WIDTH - 2.0 * MARGIN;

const BODY: f32 = 9.0;
const TABLE: f32 = 7.5;
/// Line height by size.
const LEADING: f32 = 1.3;

/// Which of the two fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Pages that fill from the top.
pub(super) struct Pages {
    regular: Font,
    bold: Font,
    done: Vec<Content>,
    page: Content,
    /// The baseline of what was written last.
    y: f32,
}

impl Pages {
    pub(super) fn new() -> Result<Self, PdfError> {
        Ok(Self {
            regular: Font::regular()?,
            bold: Font::bold()?,
            done: Vec::new(),
            page: Content::new(),
            y: HEIGHT - MARGIN,
        })
    }

    fn font(&mut self, weight: Weight) -> &mut Font {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        }
    }

    fn draw(&mut self, text: &str, weight: Weight, size: f32, x: f32, y: f32) {
        let codes = self.font(weight).encode(text);
        let name: &[u8] = match weight {
            Weight::Regular => b"R",
            Weight::Bold => b"B",
        };
        self.page
            .begin_text()
            .set_font(Name(name), size)
            .set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y])
            .show(Str(&codes))
            .end_text();
    }

    fn rule(&mut self, y: f32, grey: f32) {
        self.page
            .set_stroke_gray(grey)
            .set_line_width(0.5)
            .move_to(MARGIN, y)
            .line_to(WIDTH - MARGIN, y)
            .stroke();
    }

    pub(super) fn break_page(&mut self) {
        let page = core::mem::replace(&mut self.page, Content::new());
        self.done.push(page);
        self.y = HEIGHT - MARGIN;
    }

    /// A new page unless so much is left of this one.
    fn room(&mut self, height: f32) {
        if self.y - height < BOTTOM && self.y < HEIGHT - MARGIN {
            self.break_page();
        }
    }

    pub(super) fn space(&mut self, height: f32) {
        self.y -= height;
    }

    /// A paragraph.
    fn text(&mut self, text: &str, weight: Weight, size: f32) {
        for line in self.wrapped(text, weight, size, TEXT_WIDTH) {
            self.room(size * LEADING);
            self.y -= size * LEADING;
            self.draw(&line, weight, size, MARGIN, self.y);
        }
    }

    pub(super) fn title(&mut self, text: &str) {
        self.text(text, Weight::Bold, 18.0);
        self.space(6.0);
    }

    /// A heading that stays with what follows.
    pub(super) fn heading(&mut self, text: &str) {
        self.room(80.0);
        self.space(10.0);
        self.text(text, Weight::Bold, 12.0);
        self.y -= 4.0;
        self.rule(self.y, 0.3);
        self.y -= 2.0;
    }

    pub(super) fn subheading(&mut self, text: &str) {
        self.room(50.0);
        self.space(8.0);
        self.text(text, Weight::Bold, BODY + 0.5);
        self.space(2.0);
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.text(text, Weight::Regular, BODY);
    }

    /// A name and what it is.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        const INDENT: f32 = 120.0;
        let lines = self.wrapped(value, Weight::Regular, BODY, TEXT_WIDTH - INDENT);
        for (index, line) in lines.iter().enumerate() {
            self.room(BODY * LEADING);
            self.y -= BODY * LEADING;
            if index == 0 {
                let name = self.bold.showable(name);
                self.draw(&name, Weight::Bold, BODY, MARGIN, self.y);
            }
            self.draw(line, Weight::Regular, BODY, MARGIN + INDENT, self.y);
        }
    }

    /// A table. `columns` has a title and a share of the width for each; the shares add up to one.
    pub(super) fn table<const N: usize>(
        &mut self,
        columns: [(&str, f32); N],
        rows: &[[String; N]],
    ) {
        let titles = columns.map(|(title, _)| title.to_owned());
        let shares = columns.map(|(_, share)| share);
        self.row(&shares, &titles, Weight::Bold);
        self.rule(self.y - 3.0, 0.3);
        self.y -= 4.0;
        for row in rows {
            let page = self.done.len();
            self.room(self.row_height(&shares, row, Weight::Regular));
            if self.done.len() != page {
                self.row(&shares, &titles, Weight::Bold);
                self.rule(self.y - 3.0, 0.3);
                self.y -= 4.0;
            }
            self.row(&shares, row, Weight::Regular);
            self.rule(self.y - 3.0, 0.85);
            self.y -= 4.0;
        }
    }

    fn cell_lines<const N: usize>(
        &self,
        shares: &[f32; N],
        cells: &[String; N],
        weight: Weight,
    ) -> Vec<Vec<String>> {
        shares
            .iter()
            .zip(cells)
            .map(|(share, cell)| self.wrapped(cell, weight, TABLE, share * TEXT_WIDTH - 6.0))
            .collect()
    }

    fn row_height<const N: usize>(
        &self,
        shares: &[f32; N],
        cells: &[String; N],
        weight: Weight,
    ) -> f32 {
        let lines = self
            .cell_lines(shares, cells, weight)
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(0);
        // A row that no page holds is cut below, so it asks for one page at most.
        (lines as f32 * TABLE * LEADING + 4.0).min(HEIGHT - MARGIN - BOTTOM)
    }

    fn row<const N: usize>(&mut self, shares: &[f32; N], cells: &[String; N], weight: Weight) {
        let lines = self.cell_lines(shares, cells, weight);
        let most = lines.iter().map(Vec::len).max().unwrap_or(0);
        for index in 0..most {
            self.room(TABLE * LEADING);
            self.y -= TABLE * LEADING;
            let mut x = MARGIN;
            for (share, cell) in shares.iter().zip(&lines) {
                if let Some(line) = cell.get(index) {
                    self.draw(line, weight, TABLE, x, self.y);
                }
                x += share * TEXT_WIDTH;
            }
        }
    }

    /// Lines of at most that width. Words that are wider, such as hashes, are cut anywhere.
    fn wrapped(&self, text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in font.showable(text).split_whitespace() {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if font.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(core::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if font.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(core::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// The document, with a footer and the page's number on each page.
    pub(super) fn finish(mut self, title: &str, footer: &str) -> Result<Vec<u8>, PdfError> {
        self.break_page();
        let count = self.done.len();
        let mut pages = core::mem::take(&mut self.done);
        let footer = self
            .wrapped(footer, Weight::Regular, TABLE, TEXT_WIDTH - 80.0)
            .swap_remove(0);
        for (index, page) in pages.iter_mut().enumerate() {
            core::mem::swap(&mut self.page, page);
            self.rule(BOTTOM - 14.0, 0.85);
            self.draw(&footer, Weight::Regular, TABLE, MARGIN, BOTTOM - 26.0);
            let number = format!("Page {} of {count}", index.saturating_add(1));
            let x = WIDTH - MARGIN - self.regular.width(&number, TABLE);
            self.draw(&number, Weight::Regular, TABLE, x, BOTTOM - 26.0);
            core::mem::swap(&mut self.page, page);
        }
        self.write(title, pages)
    }

    fn write(&self, title: &str, pages: Vec<Content>) -> Result<Vec<u8>, PdfError> {
        let mut last = 0;
        let mut next = || {
            last += 1;
            Ref::new(last)
        };
        let (catalog, tree, info) = (next(), next(), next());
        let regular: [Ref; 5] = core::array::from_fn(|_| next());
        let bold: [Ref; 5] = core::array::from_fn(|_| next());
        let references: Vec<(Ref, Ref)> = pages.iter().map(|_| (next(), next())).collect();
        let count = i32::try_from(pages.len()).map_err(|_| PdfError::TooLong)?;

        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(tree).lang(TextStr("en"));
        pdf.document_info(info)
            .title(TextStr(title))
            .producer(TextStr("Plume"));
        pdf.pages(tree)
            .kids(references.iter().map(|(page, _)| *page))
            .count(count);
        for ((page, content), drawn) in references.into_iter().zip(pages) {
            let mut written = pdf.page(page);
            written
                .media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT))
                .parent(tree)
                .contents(content);
            let [regular, ..] = regular;
            let [bold, ..] = bold;
            written
                .resources()
                .fonts()
                .pair(Name(b"R"), regular)
                .pair(Name(b"B"), bold);
            drop(written);
            pdf.stream(content, drawn.finish().as_slice());
        }
        self.regular.write(&mut pdf, regular)?;
        self.bold.write(&mut pdf, bold)?;
        Ok(pdf.finish())
    }
}
