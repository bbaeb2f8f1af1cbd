//! What a node counts of itself, in Prometheus' text format.

use crate::{Error, Node};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A node that needs longer for its metrics is stuck.
const LIMIT: Duration = Duration::from_secs(10);

impl Node {
    /// The sum of all series of one of its metrics, as `substrate_sub_libp2p_peers_count`; none if it
    /// has no metric of this name.
    ///
    /// Errors with [`Error::Unreachable`].
    pub async fn metric(&self, name: &str) -> Result<Option<f64>, Error> {
        self.metric_where(name, "").await
    }

    /// The same of those series alone whose labels contain this text, as `block-announces`.
    ///
    /// Errors with [`Error::Unreachable`].
    pub async fn metric_where(&self, name: &str, label: &str) -> Result<Option<f64>, Error> {
        let text = timeout(LIMIT, self.fetch_metrics())
            .await
            .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
            .map_err(|error| Error::Unreachable {
                node: self.name().to_owned(),
                method: "/metrics".into(),
                reason: error.to_string(),
            })?;
        Ok(sum(&text, name, label))
    }

    async fn fetch_metrics(&self) -> std::io::Result<String> {
        let address = (self.host(), self.prometheus_port());
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /metrics HTTP/1.0\r\nHost: {}\r\n\r\n", self.host());
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// The sum of a metric's series in a text of lines as `name{label="value"} 1.5`, of those whose labels
/// contain `label`.
fn sum(text: &str, name: &str, label: &str) -> Option<f64> {
    text.lines()
        .filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let (labels, value) = match rest.strip_prefix('{') {
                Some(labelled) => labelled.rsplit_once('}')?,
                None => ("", rest.strip_prefix(' ')?),
            };
            let value = value.split_whitespace().next()?.parse::<f64>().ok();
            value.filter(|_| labels.contains(label))
        })
        .reduce(|one, other| one + other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_of_a_metric_are_summed_and_longer_names_are_others() {
        let text = "HTTP/1.1 200 OK\r\n\r\n# TYPE a gauge\na{b=\"c d\"} 1.5\na{b=\"e\"} 2\na_total 7\nz -3";
        assert_eq!(sum(text, "a", ""), Some(3.5));
        assert_eq!(sum(text, "z", ""), Some(-3.0));
        assert_eq!(sum(text, "b", ""), None);
    }

    #[test]
    fn series_are_chosen_by_their_labels() {
        let text = "a{b=\"/x/one/1\"} 1.5\na{b=\"/x/two/1\"} 2\na 7";
        assert_eq!(sum(text, "a", "/two/"), Some(2.0));
        assert_eq!(sum(text, "a", "/three/"), None);
    }
}
