//! Liberation Sans, of which a document carries the letters that it uses.

use super::PdfError;
use pdf_writer::{
    Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId};

const REGULAR: &[u8] = include_bytes!("../../fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/LiberationSans-Bold.ttf");

const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// A font, and what was used of it.
pub(super) struct Font {
    face: Face<'static>,
    bytes: &'static [u8],
    name: &'static str,
    bold: bool,
    used: GlyphRemapper,
    /// What a used glyph stands for, so that text can be searched and copied.
    letters: BTreeMap<u16, char>,
}

impl Font {
    pub(super) fn regular() -> Result<Self, PdfError> {
        Self::new(REGULAR, "PLUMEA+LiberationSans", false)
    }

    pub(super) fn bold() -> Result<Self, PdfError> {
        Self::new(BOLD, "PLUMEB+LiberationSans-Bold", true)
    }

    fn new(bytes: &'static [u8], name: &'static str, bold: bool) -> Result<Self, PdfError> {
        Ok(Self {
            face: Face::parse(bytes, 0).map_err(|error| PdfError::Font(error.to_string()))?,
            bytes,
            name,
            bold,
            used: GlyphRemapper::new(),
            letters: BTreeMap::new(),
        })
    }

    /// Text that this font can show: letters that it lacks are transliterated, and what is left becomes `?`.
    pub(super) fn showable(&self, text: &str) -> String {
        let mut shown = String::new();
        for letter in text
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
        {
            if self.face.glyph_index(letter).is_some() {
                shown.push(letter);
                continue;
            }
            match deunicode::deunicode_char(letter) {
                Some(latin) => shown.extend(
                    latin
                        .chars()
                        .filter(|l| self.face.glyph_index(*l).is_some()),
                ),
                None => shown.push('?'),
            }
        }
        shown
    }

    /// The width of showable text in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let units: u32 = text
            .chars()
            .map(|letter| u32::from(self.advance(self.glyph(letter))))
            .sum();
        units as f32 * size / self.units()
    }

    /// The codes of showable text in the document.
    pub(super) fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut codes = Vec::with_capacity(text.len().saturating_mul(2));
        for letter in text.chars() {
            let code = self.used.remap(self.glyph(letter).0);
            self.letters.entry(code).or_insert(letter);
            codes.extend_from_slice(&code.to_be_bytes());
        }
        codes
    }

    fn glyph(&self, letter: char) -> GlyphId {
        self.face.glyph_index(letter).unwrap_or(GlyphId(0))
    }

    fn advance(&self, glyph: GlyphId) -> u16 {
        self.face.glyph_hor_advance(glyph).unwrap_or(0)
    }

    fn units(&self) -> f32 {
        f32::from(self.face.units_per_em().max(1))
    }

    /// Thousandths of the font's size, which PDF counts in.
    fn thousandths(&self, units: i16) -> f32 {
        f32::from(units) * 1_000.0 / self.units()
    }

    /// Writes the font. It takes five references, of which the first stands for it.
    pub(super) fn write(&self, pdf: &mut Pdf, references: [Ref; 5]) -> Result<(), PdfError> {
        let [font, cid_font, descriptor, cmap, file] = references;
        let name = Name(self.name.as_bytes());
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid_font)
            .to_unicode(cmap);

        let mut cid = pdf.cid_font(cid_font);
        cid.subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(IDENTITY)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let widths = self
            .used
            .remapped_gids()
            .map(|glyph| f32::from(self.advance(GlyphId(glyph))) * 1_000.0 / self.units());
        cid.widths().consecutive(0, widths);
        drop(cid);

        let bounds = self.face.global_bounding_box();
        let mut flags = FontFlags::NON_SYMBOLIC;
        flags.set(FontFlags::FORCE_BOLD, self.bold);
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(flags)
            .bbox(Rect::new(
                self.thousandths(bounds.x_min),
                self.thousandths(bounds.y_min),
                self.thousandths(bounds.x_max),
                self.thousandths(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(self.thousandths(self.face.ascender()))
            .descent(self.thousandths(self.face.descender()))
            .cap_height(
                self.thousandths(self.face.capital_height().unwrap_or(self.face.ascender())),
            )
            .stem_v(if self.bold { 140.0 } else { 80.0 })
            .font_file2(file);

        let mut letters = UnicodeCmap::<u16>::new(Name(b"Plume"), IDENTITY);
        for (code, letter) in &self.letters {
            letters.pair(*code, *letter);
        }
        pdf.cmap(cmap, letters.finish().as_slice());

        let subset = subsetter::subset(self.bytes, 0, &self.used)
            .map_err(|error| PdfError::Font(error.to_string()))?;
        let length = i32::try_from(subset.len())
            .map_err(|_| PdfError::Font("the font is too large".into()))?;
        pdf.stream(file, &subset).pair(Name(b"Length1"), length);
        Ok(())
    }
}
