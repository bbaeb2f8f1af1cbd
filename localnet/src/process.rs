//! Child processes that die with their parent.

use std::{
    ffi::OsString,
    fs::File,
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, OnceLock, mpsc},
};

/// A running child.
///
/// Its process id stays its own until [`Process::exited`] or [`Process::kill`] has collected it, so a
/// signal never reaches a stranger.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts `program` in a process group of its own (a Ctrl-C in the terminal is the parent's to
    /// handle), with these variables besides our own, nothing to read and `log` to write to.
    pub(crate) fn spawn(
        program: &Path,
        args: &[OsString],
        variables: &[(String, String)],
        log: File,
    ) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .args(args)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0);
        die_with_parent(&mut command);
        spawn_from_lasting_thread(command).map(|child| Self { child })
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How the process ended, if it has.
    pub(crate) fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Sends a signal; one to a process that has ended goes nowhere.
    pub(crate) fn signal(&mut self, signal: libc::c_int) -> io::Result<()> {
        if self.exited().is_some() {
            return Ok(());
        }
        let pid = libc::pid_t::try_from(self.pid()).map_err(io::Error::other)?;
        #[allow(
            unsafe_code,
            reason = "the standard library sends no signal but SIGKILL"
        )]
        // SAFETY: kill(2) touches no memory, and the child is not collected yet, so the id is its own.
        let result = unsafe { libc::kill(pid, signal) };
        if result == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    }

    /// Kills the process and collects it.
    pub(crate) fn kill(&mut self) -> io::Result<ExitStatus> {
        self.child.kill()?;
        self.child.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, or there is nobody left to tell.
        let _ = self.kill();
    }
}

/// Makes the kernel kill the child when the thread that starts it ends.
fn die_with_parent(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        let parent = std::process::id();
        let hook = move || {
            #[allow(
                unsafe_code,
                reason = "the standard library knows no parent-death signal"
            )]
            // SAFETY: both are plain system calls without pointers to our memory.
            let (set, now) = unsafe {
                (
                    libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL),
                    libc::getppid(),
                )
            };
            if set != 0 {
                return Err(io::Error::last_os_error());
            }
            // The parent may have died between fork and prctl; then no signal will come.
            if u32::try_from(now) == Ok(parent) {
                Ok(())
            } else {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        };
        #[allow(
            unsafe_code,
            reason = "the parent-death signal has to be set between fork and exec"
        )]
        // SAFETY: the hook only makes system calls that are safe after fork; it does not allocate.
        unsafe {
            command.pre_exec(hook)
        };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}

type Job = (Command, mpsc::Sender<io::Result<Child>>);

/// Starts the command from a thread that lives as long as this process.
///
/// The parent-death signal comes when the starting *thread* ends, and threads of an async runtime end
/// with the runtime (as after each test) or when idle.
fn spawn_from_lasting_thread(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<Mutex<mpsc::Sender<Job>>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("spawner".into())
            .spawn(move || {
                for (mut command, reply) in jobs {
                    // Who asked may have gone; then the child is dropped, which leaves it running,
                    // so collect it here.
                    if let Err(mpsc::SendError(Ok(mut child))) = reply.send(command.spawn()) {
                        let _ = child.kill().and_then(|()| child.wait());
                    }
                }
            })
            .map(|_| Mutex::new(sender))
            .expect("a process that starts nodes can start one thread")
    });
    let (reply, answer) = mpsc::channel();
    let gone = |_| io::Error::other("the thread that starts processes has ended");
    spawner
        .lock()
        .map_err(|_| io::Error::other("a thread panicked while starting a process"))?
        .send((command, reply))
        .map_err(|_| io::Error::other("the thread that starts processes has ended"))?;
    answer.recv().map_err(gone)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Process {
        let log = tempfile::tempfile().expect("a temporary file can be made");
        Process::spawn(Path::new("/bin/sleep"), &["60".into()], &[], log)
            .expect("sleep exists everywhere")
    }

    #[test]
    fn a_process_outlives_the_thread_that_asked_for_it() {
        let mut process = std::thread::spawn(sleeper)
            .join()
            .expect("it does not panic");
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert_eq!(process.exited(), None);
        let status = process.kill().expect("it can be killed");
        assert!(!status.success());
        assert_eq!(process.exited(), Some(status));
    }

    #[test]
    fn a_dropped_process_is_dead() {
        let process = sleeper();
        let stat = format!("/proc/{}/stat", process.pid());
        assert!(Path::new(&stat).exists());
        drop(process);
        assert!(!Path::new(&stat).exists());
    }
}
