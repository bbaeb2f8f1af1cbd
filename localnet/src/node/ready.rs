//! Whether a node has come up, and where it should.

use crate::{Deadline, Error, Node, NodePorts, log, ports};
use serde_json::json;

impl Node {
    /// Waits until the node answers as itself.
    ///
    /// Errors with [`Error::PortTaken`] if it could not listen where it should, with
    /// [`Error::NodeDied`], or with [`Error::Timeout`].
    pub async fn wait_ready(&self) -> Result<(), Error> {
        let deadline = Deadline::after(self.plan.start_timeout);
        loop {
            self.port_conflict()?;
            self.check()?;
            match self.rpc::<String>("system_localPeerId", json!([])).await {
                Ok(peer_id) if peer_id == self.plan.peer_id => return Ok(()),
                // A node whose port is taken serves JSON-RPC elsewhere, and this is the other program.
                Ok(_) => {
                    return Err(ports::taken(
                        self.plan.ports.rpc,
                        "JSON-RPC",
                        &self.plan.name,
                    ));
                }
                Err(_) => {}
            }
            deadline
                .pause(format!(
                    "{} to answer; see {}",
                    self.name(),
                    self.log_path().display()
                ))
                .await?;
        }
    }

    /// The error that names a port the present process could not listen on.
    fn port_conflict(&self) -> Result<(), Error> {
        const SERVING: &str = "Running JSON-RPC server: addr=";
        let NodePorts {
            rpc,
            p2p,
            prometheus,
        } = self.plan.ports;
        let served = format!("{}:{rpc}", self.plan.place.rpc_listens_at());
        let offset = self.state().log_offset;
        let hints = [SERVING, "already in use", "Address in use", "AddrInUse"];
        for line in log::lines_matching(&self.log_path(), offset, &hints) {
            let port_and_purpose = match line.split_once(SERVING) {
                Some((_, addresses)) if addresses.contains(&served) => continue,
                Some(_) => (rpc, "JSON-RPC"),
                None if line.contains("Prometheus") => (prometheus, "metrics"),
                None => (p2p, "peers"),
            };
            return Err(ports::taken(
                port_and_purpose.0,
                port_and_purpose.1,
                &self.plan.name,
            ));
        }
        Ok(())
    }
}
