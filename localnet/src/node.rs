//! One node: its process, its log and what it uses.

mod chain;
mod metrics;
mod ready;

use crate::{
    Deadline, Error, NodePorts,
    grid::Place,
    log,
    plan::Plan,
    process::Process,
    rpc::Rpc,
    usage::{cpu_seconds_of, memory_bytes_of},
};
use std::{
    ffi::OsString,
    fs::OpenOptions,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a node may take to end when asked to.
const STOP_GRACE: Duration = Duration::from_secs(10);

/// A node of a network. Dropping it kills it.
///
/// All methods take `&self`: a network can be watched from one task while another kills its nodes.
pub struct Node {
    plan: Plan,
    rpc: Rpc,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// None before the first start and after a kill or a termination that was asked for.
    process: Option<Process>,
    paused: bool,
    /// Processor time of earlier processes of this node.
    past_cpu_s: f64,
    /// Length of the log when the present process started.
    log_offset: u64,
    /// Environment variables for the next start.
    environment: Vec<(String, String)>,
    /// Arguments for the next start, besides the plan's.
    arguments: Vec<String>,
}

/// How a node ended that was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// By itself, in good order.
    Orderly,
    /// It had to be killed after ten seconds.
    Killed,
    /// It was not running.
    Already,
}

impl Node {
    pub(crate) fn new(plan: Plan) -> Self {
        let rpc = Rpc::new(&plan.name, ws_url(&plan.place, &plan.ports));
        Self {
            plan,
            rpc,
            state: Mutex::default(),
        }
    }

    /// Its name, as "alice" or "validator-0".
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// The secret URI of its session keys, as "//Alice"; none if it only follows.
    pub fn suri(&self) -> Option<&str> {
        self.plan.suri.as_deref()
    }

    /// The address that it is reached at: loopback, or its own in its namespace.
    pub fn host(&self) -> Ipv4Addr {
        self.plan.place.host
    }

    pub(crate) fn place(&self) -> &Place {
        &self.plan.place
    }

    /// The ports it listens on.
    pub fn ports(&self) -> NodePorts {
        self.plan.ports
    }

    /// The port of its JSON-RPC.
    pub fn rpc_port(&self) -> u16 {
        self.plan.ports.rpc
    }

    /// The port of its metrics, served over HTTP under `/metrics`.
    pub fn prometheus_port(&self) -> u16 {
        self.plan.ports.prometheus
    }

    /// Where its JSON-RPC is, over WebSocket.
    pub fn ws_url(&self) -> String {
        ws_url(&self.plan.place, &self.plan.ports)
    }

    /// Its identity in the peer-to-peer network, the same at every start.
    pub fn peer_id(&self) -> &str {
        &self.plan.peer_id
    }

    /// Where it listens for other nodes, as a multiaddress with its peer id.
    pub fn multiaddr(&self) -> String {
        let address = SocketAddr::from((self.host(), self.plan.ports.p2p));
        multiaddr(address, &self.plan.peer_id)
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        let mut state = self.state();
        let process = state.process.as_mut()?;
        process.exited().is_none().then(|| process.pid())
    }

    /// Whether its process runs (or is paused).
    pub fn is_running(&self) -> bool {
        self.pid().is_some()
    }

    /// Whether it was paused and not resumed.
    pub fn is_paused(&self) -> bool {
        self.state().paused
    }

    /// How it ended, if it did so without being asked.
    pub fn exit_status(&self) -> Option<ExitStatus> {
        self.state().process.as_mut()?.exited()
    }

    /// Errors with [`Error::NodeDied`] if the node ended without being asked.
    pub fn check(&self) -> Result<(), Error> {
        let Some(status) = self.exit_status() else {
            return Ok(());
        };
        let lines = log::tail(&self.log_path(), 5);
        let tail = lines
            .iter()
            .map(|line| format!("    {line}"))
            .collect::<Vec<_>>()
            .join("\n");
        Err(Error::NodeDied {
            name: self.plan.name.clone(),
            status,
            log: self.log_path(),
            tail,
        })
    }

    /// Its folder: database, keys and log.
    pub fn folder(&self) -> &Path {
        &self.plan.folder
    }

    /// What it writes, over all its starts.
    pub fn log_path(&self) -> PathBuf {
        self.plan.folder.join("node.log")
    }

    /// The lines of its log, over all its starts, that contain at least one of these texts.
    pub fn log_lines_matching(&self, texts: &[&str]) -> Vec<String> {
        log::lines_matching(&self.log_path(), 0, texts)
    }

    /// Environment variables that processes started from now on get besides our own, instead of those
    /// set before.
    pub fn set_environment(&self, variables: Vec<(String, String)>) {
        self.state().environment = variables;
    }

    /// Arguments that processes started from now on get besides those of the network, instead of those
    /// set before.
    pub fn set_arguments(&self, arguments: Vec<String>) {
        self.state().arguments = arguments;
    }

    /// Starts the process if it is not running, without waiting for it to answer.
    pub fn start(&self) -> Result<(), Error> {
        let mut state = self.state();
        if state
            .process
            .as_mut()
            .is_some_and(|process| process.exited().is_none())
        {
            return Ok(());
        }
        let path = self.log_path();
        std::fs::create_dir_all(&self.plan.folder).map_err(Error::io(format!(
            "make the folder {}",
            self.plan.folder.display()
        )))?;
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(Error::io(format!("write {}", path.display())))?;
        state.log_offset = file.metadata().map(|meta| meta.len()).unwrap_or(0);
        state.paused = false;
        let further = state.arguments.iter().map(OsString::from);
        let node_args = self.plan.args.iter().cloned().chain(further);
        let process = match &self.plan.place.namespace {
            None => {
                let args: Vec<OsString> = node_args.collect();
                Process::spawn(&self.plan.binary, &args, &state.environment, file)
            }
            Some(namespace) => {
                // Becomes the node, so that the process is the node's.
                let mut args: Vec<OsString> = ["netns", "exec", namespace].map(Into::into).into();
                args.push(self.plan.binary.clone().into());
                args.extend(node_args);
                Process::spawn(Path::new("ip"), &args, &state.environment, file)
            }
        };
        state.process =
            Some(process.map_err(Error::io(format!("run {}", self.plan.binary.display())))?);
        Ok(())
    }

    /// Ends the process at once, as a crash would (SIGKILL).
    pub fn kill(&self) -> Result<(), Error> {
        let mut state = self.state();
        if let Some(mut process) = state.process.take() {
            state.past_cpu_s += cpu_seconds_of(process.pid());
            process
                .kill()
                .map_err(Error::io(format!("kill {}", self.plan.name)))?;
        }
        state.paused = false;
        Ok(())
    }

    /// Asks the process to end (SIGTERM) and waits until it has; after ten seconds it is killed.
    pub async fn terminate(&self) -> Result<Stopped, Error> {
        if !self.is_running() {
            self.kill()?;
            return Ok(Stopped::Already);
        }
        self.resume()?; // a paused process would not hear
        self.signal(libc::SIGTERM, "terminate")?;
        let deadline = Deadline::after(STOP_GRACE);
        let mut cpu_s = 0.0;
        while let Some(pid) = self.pid() {
            cpu_s = cpu_seconds_of(pid).max(cpu_s);
            if deadline.pause(String::new()).await.is_err() {
                self.kill()?;
                return Ok(Stopped::Killed);
            }
        }
        let mut state = self.state();
        state.past_cpu_s += cpu_s;
        state.process = None;
        Ok(Stopped::Orderly)
    }

    /// Terminates the process if it runs, starts it again with the same data, and waits until it
    /// answers. Errors as [`Node::wait_ready`].
    pub async fn restart(&self) -> Result<(), Error> {
        self.terminate().await?;
        self.start()?;
        self.wait_ready().await
    }

    /// Freezes the process (SIGSTOP): it neither answers nor ends until [`Node::resume`].
    pub fn pause(&self) -> Result<(), Error> {
        self.signal(libc::SIGSTOP, "pause")?;
        self.state().paused = true;
        Ok(())
    }

    /// Lets a paused process go on (SIGCONT).
    pub fn resume(&self) -> Result<(), Error> {
        self.signal(libc::SIGCONT, "resume")?;
        self.state().paused = false;
        Ok(())
    }

    fn signal(&self, signal: libc::c_int, verb: &str) -> Result<(), Error> {
        let mut state = self.state();
        let missing = || Error::NotRunning {
            name: self.plan.name.clone(),
        };
        let process = state.process.as_mut().ok_or_else(missing)?;
        process
            .signal(signal)
            .map_err(Error::io(format!("{verb} {}", self.plan.name)))
    }

    /// Processor time that its processes have used, in seconds, over all its starts. What a process
    /// used that died without being asked is lost.
    pub fn cpu_seconds(&self) -> f64 {
        let pid = self.pid();
        let past = self.state().past_cpu_s;
        past + pid.map_or(0.0, cpu_seconds_of)
    }

    /// Its resident memory in bytes; zero while it does not run.
    pub fn memory_bytes(&self) -> u64 {
        self.pid().map_or(0, memory_bytes_of)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is a single assignment, so that of a panicked thread is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { plan, .. } = self;
        write!(
            f,
            "Node({}, process {:?}, ports {:?})",
            plan.name,
            self.pid(),
            plan.ports
        )
    }
}

fn ws_url(place: &Place, ports: &NodePorts) -> String {
    format!("ws://{}:{}", place.host, ports.rpc)
}

/// An address to dial, with the peer id that answers there.
pub(crate) fn multiaddr(address: SocketAddr, peer_id: &str) -> String {
    format!("/ip4/{}/tcp/{}/p2p/{peer_id}", address.ip(), address.port())
}
