//! The deployment of the servers behind a client.

use super::address::Address;

/// The deployment of the servers behind a client, by which the client finds the server of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Deployment {
    /// One server, at the address of the settings.
    #[default]
    SingleServer,
    /// A cluster, whose nodes are found by asking one of the seeds.
    Cluster { seeds: Vec<Address> },
}
