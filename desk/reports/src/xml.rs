//! A writer for elements in order.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use std::io;

/// Writes elements; whoever opens one closes it.
pub(crate) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(crate) fn new() -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(writer))
    }

    pub(crate) fn open(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(BytesStart::new(name)))
    }

    pub(crate) fn open_with(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let mut start = BytesStart::new(name);
        for attribute in attributes {
            start.push_attribute(*attribute);
        }
        self.0.write_event(Event::Start(start))
    }

    pub(crate) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.open(name)?;
        self.0
            .write_event(Event::Text(BytesText::new(&allowed(text))))?;
        self.close(name)
    }

    /// Nothing when the text is empty.
    pub(crate) fn some_text(&mut self, name: &str, text: &str) -> io::Result<()> {
        match text {
            "" => Ok(()),
            text => self.text(name, text),
        }
    }

    /// Opens, has `inside` written, and closes.
    pub(crate) fn within(
        &mut self,
        name: &str,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.open(name)?;
        inside(self)?;
        self.close(name)
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }
}

/// Without the characters that XML 1.0 cannot hold, even escaped.
fn allowed(text: &str) -> String {
    text.chars()
        .filter(|letter| match letter {
            '\t' | '\n' | '\r' => true,
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => false,
            _ => true,
        })
        .collect()
}
