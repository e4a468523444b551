//! What a client is told of TLS: whom it trusts, who it is itself, and by which name it knows the server.

use super::{address::Address, invalid::invalid};
use crate::error::Result;
use std::{
    fmt, mem,
    sync::{Arc, OnceLock},
};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, ConfigBuilder, Error as TlsError, InconsistentKeys, RootCertStore, client::WantsClientCert,
        crypto::ring,
    },
};

/// How a connection by TLS proves who the server is and, where it asks, who the client is; for
/// [`Config::tls`](crate::Config::tls). There with the feature `tls`.
///
/// A `rediss://` URL alone is enough for a server whose certificate comes from a public authority. What it does not say
/// stands here:
///
/// ```
/// use typedis::{Config, Tls};
///
/// # fn example(authority: Vec<u8>, certificate: Vec<u8>, key: Vec<u8>) -> typedis::Result<()> {
/// let tls = Tls::new()
///     .root_certificates_pem(authority) // `std::fs::read("ca.pem")?`, for example
///     .client_certificate_pem(certificate, key)
///     .server_name("redis.example");
/// let config = Config::from_url("rediss://10.0.0.7:6380")?.tls(tls);
/// # Ok(()) }
/// ```
///
/// TLS 1.2 and 1.3 are spoken. There is no way to accept any certificate: for one that a server made for itself, give that
/// certificate to [`root_certificates_pem`](Tls::root_certificates_pem).
#[derive(Clone, Default)]
pub struct Tls {
    /// Each as it was given; none are the system's.
    roots: Vec<Vec<u8>>,
    client: Option<Arc<ClientPem>>,
    server_name: Option<String>,
    /// Made of the above when it is first asked for, and shared by the clones, which are equal to it.
    made: Arc<OnceLock<TlsConnector>>,
}

struct ClientPem {
    chain: Vec<u8>,
    key: Vec<u8>,
}

impl Tls {
    /// Trusts the roots of the system, which are read when the client is opened, or those that the environment names by
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    pub fn new() -> Self {
        Tls::default()
    }

    /// Trusts the certificates in this PEM text instead of those of the system; called again, these too.
    #[must_use]
    pub fn root_certificates_pem(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.roots.push(certificates.into());
        self.changed()
    }

    /// Sets the certificate that the client shows where the server asks for one, with those that lead from it to its root
    /// behind it, and its private key, both as PEM text. The key shows in no error and in no `Debug`.
    #[must_use]
    pub fn client_certificate_pem(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.client = Some(Arc::new(ClientPem { chain: chain.into(), key: key.into() }));
        self.changed()
    }

    /// Sets the name, or the IP address, that the server's certificate must be for; it is the host of the URL unless set.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    fn changed(mut self) -> Self {
        self.made = Arc::default();
        self
    }

    pub(crate) fn has_own_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    pub(crate) fn has_client_certificate(&self) -> bool {
        self.client.is_some()
    }

    /// What connects by TLS to the server at `host`, and the name that its certificate must have.
    fn connector(&self, host: &str) -> Result<(TlsConnector, ServerName<'static>)> {
        let connector = match self.made.get() {
            Some(connector) => connector.clone(),
            None => {
                let made = TlsConnector::from(Arc::new(self.client_config()?));
                self.made.get_or_init(|| made).clone()
            }
        };
        Ok((connector, self.name(host)?))
    }

    fn name(&self, host: &str) -> Result<ServerName<'static>> {
        let name = self.server_name.as_deref().unwrap_or(host);
        match (ServerName::try_from(name.to_owned()), &self.server_name) {
            (Ok(name), _) => Ok(name),
            (Err(_), Some(name)) => {
                invalid(format!("TLS: server_name {name:?} is neither the name of a host nor an IP address"))
            }
            (Err(_), None) => invalid(format!(
                "TLS: no certificate can be for the URL's host {host:?}: say by `Tls::server_name` which name it is for"
            )),
        }
    }

    fn client_config(&self) -> Result<ClientConfig> {
        // Named, for which one is the process's own depends on what else is compiled in.
        let provider = Arc::new(ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let Ok(builder) = versions else { return invalid("TLS: neither version 1.2 nor 1.3 is there") };
        let builder = builder.with_root_certificates(self.root_store()?);
        match &self.client {
            None => Ok(builder.with_no_client_auth()),
            Some(client) => client.apply(builder),
        }
    }

    fn root_store(&self) -> Result<RootCertStore> {
        if self.roots.is_empty() {
            return system_roots();
        }
        let mut store = RootCertStore::empty();
        for pem in &self.roots {
            for (place, certificate) in
                certificates("the roots (`Tls::root_certificates_pem`)", pem)?.into_iter().enumerate()
            {
                if store.add(certificate).is_err() {
                    let number = place + 1;
                    return invalid(format!(
                        "TLS: number {number} of the roots (`Tls::root_certificates_pem`) is no certificate"
                    ));
                }
            }
        }
        Ok(store)
    }
}

impl ClientPem {
    fn apply(&self, builder: ConfigBuilder<ClientConfig, WantsClientCert>) -> Result<ClientConfig> {
        let chain = certificates("the client's certificate (`Tls::client_certificate_pem`)", &self.chain)?;
        builder.with_client_auth_cert(chain, self.key()?).or_else(|error| {
            invalid(match error {
                TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                    "TLS: the client's private key is not that of its certificate (`Tls::client_certificate_pem`)"
                }
                TlsError::InvalidCertificate(_) => {
                    "TLS: the client's certificate (`Tls::client_certificate_pem`) cannot be read"
                }
                _ => "TLS: the client's private key (`Tls::client_certificate_pem`) is of no kind that can be used",
            })
        })
    }

    /// The words of the reader are not passed on: they may quote the key.
    fn key(&self) -> Result<PrivateKeyDer<'static>> {
        PrivateKeyDer::from_pem_slice(&self.key).or_else(|_| {
            let encrypted = self.key.windows(9).any(|word| word == b"ENCRYPTED");
            invalid(match encrypted {
                true => "TLS: the client's private key (`Tls::client_certificate_pem`) is encrypted: decrypt it first",
                false => "TLS: the client's private key (`Tls::client_certificate_pem`) is no PEM with a private key",
            })
        })
    }
}

fn system_roots() -> Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
        return invalid(format!(
            "TLS: the system has no roots to trust{why}: install its `ca-certificates`, or give roots by `Tls::root_certificates_pem`"
        ));
    }
    Ok(store)
}

/// The certificates of a PEM text, at least one. The words of the reader are not passed on: what was given may be a key.
fn certificates(part: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Ok(found) if found.is_empty() => invalid(format!("TLS: {part} are no PEM with a certificate")),
        Ok(found) => Ok(found),
        Err(_) => invalid(format!("TLS: {part} cannot be read as PEM")),
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roots = if self.has_own_roots() { "own" } else { "the system's" };
        f.debug_struct("Tls")
            .field("roots", &format_args!("{roots}"))
            .field("client_certificate", &self.client.as_ref().map(|_| format_args!("***")))
            .field("server_name", &self.server_name)
            .finish()
    }
}

/// What the URL and [`Config::tls`](super::Config::tls) say together.
#[derive(Clone, Debug, Default)]
pub(crate) enum Security {
    /// No TLS.
    #[default]
    NonAtomic,
    Tls(Tls),
    /// `Config::tls` for a URL without TLS.
    Contradiction,
}

impl Security {
    /// Takes what `Config::tls` was given.
    pub(crate) fn set(&mut self, tls: Tls) {
        *self = match mem::take(self) {
            Security::Tls(_) => Security::Tls(tls),
            Security::NonAtomic | Security::Contradiction => Security::Contradiction,
        }
    }

    /// What a connection to the server is made by; `None` without TLS. All that was given is read for it.
    pub(crate) fn wanted(&self, address: &Address) -> Result<Option<(TlsConnector, ServerName<'static>)>> {
        match (self, address) {
            (Security::NonAtomic, _) => Ok(None),
            (Security::Tls(tls), Address::Tcp { host, .. }) => tls.connector(host).map(Some),
            (Security::Contradiction, Address::Tcp { .. }) => invalid(
                "the URL says `redis://`, which is without TLS, and `Config::tls` is given: write `rediss://`, or leave it out",
            ),
            #[cfg(unix)]
            (_, Address::Unix(_)) => {
                invalid("`Config::tls` is given for a Unix socket, over which no TLS is spoken: leave it out")
            }
        }
    }
}
