//! The TLS configuration: trusted roots, the client's certificate, and the server's name.

use super::address::Address;
use crate::error::{Error, Result};
use std::{
    fmt,
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

/// The verification of the server's certificate on TLS connections, and the client's own certificate; for
/// [`Config::tls`](crate::Config::tls). Requires the feature `tls`.
///
/// A `rediss://` URL alone is enough for a server whose certificate comes from a public authority. Other servers need what
/// the URL does not say:
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
/// TLS 1.2 and 1.3 are spoken. Verification cannot be turned off: a self-signed certificate is trusted by giving it to
/// [`root_certificates_pem`](Tls::root_certificates_pem).
#[derive(Clone, Default)]
pub struct Tls {
    /// PEM texts; the system's roots if there are none.
    roots: Vec<Vec<u8>>,
    client: Option<Arc<ClientPem>>,
    server_name: Option<String>,
    /// Made when it is first needed, and shared by clones with the same settings.
    connector: Arc<OnceLock<TlsConnector>>,
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

    /// Trusts the root certificates of this PEM text instead of those of the system. Further calls add to them.
    #[must_use]
    pub fn root_certificates_pem(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.roots.push(certificates.into());
        self.changed()
    }

    /// Sets the certificate that the client presents if the server asks for one, followed by its intermediate certificates,
    /// and its private key, both as PEM text. The key occurs in no error and in no `Debug`.
    #[must_use]
    pub fn client_certificate_pem(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.client = Some(Arc::new(ClientPem { chain: chain.into(), key: key.into() }));
        self.changed()
    }

    /// Sets the name, or the IP address, that the server's certificate must be for. Unless set it is the host of the URL.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    fn changed(mut self) -> Self {
        self.connector = Arc::default();
        self
    }

    pub(crate) fn has_own_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    pub(crate) fn has_client_certificate(&self) -> bool {
        self.client.is_some()
    }

    fn target(&self, host: &str) -> Result<TlsTarget> {
        let connector = match self.connector.get() {
            Some(connector) => connector.clone(),
            None => {
                let made = TlsConnector::from(Arc::new(self.client_config()?));
                self.connector.get_or_init(|| made).clone()
            }
        };
        Ok(TlsTarget { connector, name: self.name(host)? })
    }

    fn name(&self, host: &str) -> Result<ServerName<'static>> {
        // No certificate names the zone of an IPv6 address, which is this machine's own.
        let address = host.split_once('%').map_or(host, |(address, _)| address);
        let name = self.server_name.as_deref().unwrap_or(address);
        match (ServerName::try_from(name.to_owned()), &self.server_name) {
            (Ok(name), _) => Ok(name),
            (Err(_), Some(name)) => {
                Err(Error::config(format!("TLS: server_name {name:?} is neither the name of a host nor an IP address")))
            }
            (Err(_), None) => Err(Error::config(format!(
                "TLS: no certificate can be for the URL's host {host:?}: say by `Tls::server_name` which name it is for"
            ))),
        }
    }

    fn client_config(&self) -> Result<ClientConfig> {
        // Named explicitly, since the process's default provider depends on what else is compiled in.
        let provider = Arc::new(ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let Ok(builder) = versions else { return Err(Error::config("TLS: neither version 1.2 nor 1.3 is there")) };
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
            for (index, certificate) in
                certificates("the roots (`Tls::root_certificates_pem`)", pem)?.into_iter().enumerate()
            {
                if store.add(certificate).is_err() {
                    let number = index + 1;
                    return Err(Error::config(format!(
                        "TLS: number {number} of the roots (`Tls::root_certificates_pem`) is no certificate"
                    )));
                }
            }
        }
        Ok(store)
    }
}

impl ClientPem {
    fn apply(&self, builder: ConfigBuilder<ClientConfig, WantsClientCert>) -> Result<ClientConfig> {
        let chain = certificates("the client's certificate (`Tls::client_certificate_pem`)", &self.chain)?;
        builder.with_client_auth_cert(chain, self.key()?).map_err(|error| {
            Error::config(match error {
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

    /// Parses the key. The parser's own words are not passed on, since they may quote the key.
    fn key(&self) -> Result<PrivateKeyDer<'static>> {
        PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| {
            let encrypted = self.key.windows(9).any(|word| word == b"ENCRYPTED");
            Error::config(if encrypted {
                "TLS: the client's private key (`Tls::client_certificate_pem`) is encrypted: decrypt it first"
            } else {
                "TLS: the client's private key (`Tls::client_certificate_pem`) is no PEM with a private key"
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
        return Err(Error::config(format!(
            "TLS: the system has no roots to trust{why}: install its `ca-certificates`, or give roots by `Tls::root_certificates_pem`"
        )));
    }
    Ok(store)
}

/// Parses the certificates of a PEM text, at least one. The parser's own words are not passed on, since the text may be a
/// key.
fn certificates(part: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Ok(found) if found.is_empty() => Err(Error::config(format!("TLS: {part} are no PEM with a certificate"))),
        Ok(found) => Ok(found),
        Err(_) => Err(Error::config(format!("TLS: {part} cannot be read as PEM"))),
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

/// TLS as the URL and [`Config::tls`](super::Config::tls) ask for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsSettings {
    /// `Some` for a URL whose scheme means TLS.
    enabled: Option<Tls>,
    /// `Config::tls` was called, which is an error for other URLs.
    configured: bool,
    /// There is no URL, so `Config::tls` alone says whether there is TLS.
    without_url: bool,
}

impl TlsSettings {
    /// The settings of a URL whose scheme means TLS.
    pub(super) fn of_secure_url() -> Self {
        TlsSettings { enabled: Some(Tls::new()), ..TlsSettings::default() }
    }

    /// The settings without a URL.
    pub(super) fn without_url() -> Self {
        TlsSettings { without_url: true, ..TlsSettings::default() }
    }

    /// TLS, or none, whatever the URL says.
    pub(super) fn only(enabled: Option<Tls>) -> Self {
        TlsSettings { enabled, ..TlsSettings::default() }
    }

    /// Returns whether `Config::tls` was called and the URL says that there is no TLS.
    pub(super) fn contradicts_url(&self) -> bool {
        self.configured && self.enabled.is_none()
    }

    /// Takes what `Config::tls` was given.
    pub(super) fn configure(&mut self, tls: Tls) {
        self.configured = true;
        if self.enabled.is_some() || self.without_url {
            self.enabled = Some(tls);
        }
    }

    pub(crate) fn enabled(&self) -> Option<&Tls> {
        self.enabled.as_ref()
    }

    /// Returns what makes a connection to the server; `None` without TLS. Reads all PEM that was given.
    pub(crate) fn connector_for(&self, address: &Address) -> Result<Option<TlsTarget>> {
        match (&self.enabled, address) {
            (Some(tls), Address::Tcp { host, .. }) => tls.target(host).map(Some),
            (None, _) if !self.configured => Ok(None),
            (None, Address::Tcp { .. }) => Err(Error::config(
                "the URL says `redis://`, which is without TLS, and `Config::tls` is given: write `rediss://`, or leave it out",
            )),
            #[cfg(unix)]
            (_, Address::Unix(_)) => Err(Error::config(
                "`Config::tls` is given for a Unix socket, over which no TLS is spoken: leave it out",
            )),
        }
    }
}

/// The connector and the server name of a TLS connection.
pub(crate) struct TlsTarget {
    pub(crate) connector: TlsConnector,
    /// The name that the server's certificate must be for.
    pub(crate) name: ServerName<'static>,
}
