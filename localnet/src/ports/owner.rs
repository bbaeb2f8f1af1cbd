//! Which program listens on a port. Source: `/proc/net/tcp*` and `/proc/<pid>/fd`, see proc(5).

use std::{fs, path::Path};

/// The listener on a port, as "plume-node (process 4711)"; none if it cannot be seen.
pub(super) fn of(port: u16) -> Option<String> {
    let inodes: Vec<_> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .flat_map(|table| listening(table, port))
        .collect();
    let sockets: Vec<_> = inodes
        .iter()
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let pid: u32 = process.file_name().to_str()?.parse().ok()?;
        holds(&process.path(), &sockets).then(|| {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            let name = if name.trim().is_empty() {
                "a program"
            } else {
                name.trim()
            };
            format!("{name} (process {pid})")
        })
    })
}

/// The inodes of the sockets of a table that listen on a port.
fn listening(table: &str, port: u16) -> Vec<String> {
    const LISTEN: &str = "0A";
    let suffix = format!(":{port:04X}");
    let table = fs::read_to_string(table).unwrap_or_default();
    let inode = |line: &str| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [_, local, _, state, _, _, _, _, _, inode, ..] = fields[..] else {
            return None;
        };
        (state == LISTEN && local.ends_with(&suffix)).then(|| inode.to_owned())
    };
    table.lines().skip(1).filter_map(inode).collect()
}

/// Whether a process has one of these sockets open.
fn holds(process: &Path, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    files.flatten().any(|file| {
        fs::read_link(file.path()).is_ok_and(|link| {
            sockets
                .iter()
                .any(|socket| link.as_os_str() == socket.as_str())
        })
    })
}
