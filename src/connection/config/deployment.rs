//! The deployment of the servers behind a client.

use super::{address::Address, settings::Settings};
use crate::error::{Error, Result};

/// The deployment of the servers behind a client, by which the client finds the server of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Deployment {
    /// One server, at the address of the settings.
    #[default]
    SingleServer,
    /// A cluster, whose nodes are found by asking one of the seeds.
    Cluster { seeds: Vec<Address> },
}

impl Settings {
    /// Fails if the settings are those of a cluster, for a client of one server.
    pub(crate) fn expect_single_server(&self) -> Result<()> {
        match &self.deployment {
            Deployment::SingleServer => Ok(()),
            Deployment::Cluster { .. } => Err(Error::config(
                "these are the nodes of a cluster, which `Client` does not follow: use `ClusterClient`, or `redis://` for one server",
            )),
        }
    }

    /// The nodes that a client of a cluster asks first. One server is taken as the only seed.
    pub(crate) fn seeds(&self) -> Vec<Address> {
        match &self.deployment {
            Deployment::Cluster { seeds } => seeds.clone(),
            Deployment::SingleServer => vec![self.address.clone()],
        }
    }

    /// The settings of one node of the cluster.
    pub(crate) fn for_node(&self, address: Address) -> Settings {
        Settings { address, deployment: Deployment::Cluster { seeds: Vec::new() }, ..self.clone() }
    }
}
