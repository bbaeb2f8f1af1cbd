//! Reading what a node has written.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
    path::Path,
};

/// The lines from byte `offset` on that contain at least one of `needles`; all lines if there are
/// none. A file that cannot be read has no lines.
pub(crate) fn lines_matching(path: &Path, offset: u64, needles: &[&str]) -> Vec<String> {
    let Ok(mut file) = File::open(path) else {
        return Vec::new();
    };
    if file.seek(SeekFrom::Start(offset)).is_err() {
        return Vec::new();
    }
    let mut reader = BufReader::new(file);
    let mut lines = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_until(b'\n', &mut buffer) {
            Ok(0) | Err(_) => return lines,
            Ok(_) => {
                let line = String::from_utf8_lossy(&buffer);
                let line = line.trim_end();
                if needles.is_empty() || needles.iter().any(|needle| line.contains(needle)) {
                    lines.push(line.to_owned());
                }
            }
        }
    }
}

/// The last `count` lines that are not blank.
pub(crate) fn tail(path: &Path, count: usize) -> Vec<String> {
    /// More than five lines of any log, without reading all of a long one.
    const WINDOW_BYTES: u64 = 64 * 1024;
    let length = path.metadata().map(|m| m.len()).unwrap_or(0);
    let mut lines = lines_matching(path, length.saturating_sub(WINDOW_BYTES), &[]);
    lines.retain(|line| !line.trim().is_empty());
    lines.split_off(lines.len().saturating_sub(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_from_an_offset_and_the_tail_skips_blanks() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("node.log");
        std::fs::write(&path, "one fish\ntwo fish\n\nred\n\n").expect("it is writable");
        assert_eq!(
            lines_matching(&path, 0, &["fish"]),
            ["one fish", "two fish"]
        );
        assert_eq!(
            lines_matching(&path, 9, &["fish", "red"]),
            ["two fish", "red"]
        );
        assert_eq!(tail(&path, 2), ["two fish", "red"]);
        assert!(tail(&folder.path().join("absent"), 5).is_empty());
    }
}
