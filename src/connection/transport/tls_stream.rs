//! The TLS stream: the guarantee that written bytes are counted exactly, and error mapping.

use crate::{
    connection::config::{Settings, Tls},
    error::Error,
};
use std::{
    io::{self, Write},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{
    client::TlsStream as RustlsStream,
    rustls::{AlertDescription, CertificateError, Error as TlsError, PeerIncompatible},
};

/// A TLS stream over TCP.
#[derive(Debug)]
pub(crate) struct TlsStream {
    stream: RustlsStream<TcpStream>,
    /// The error of a flush after bytes were taken, for the next write or flush.
    failed: Option<io::Error>,
}

impl TlsStream {
    pub(super) fn new(stream: RustlsStream<TcpStream>) -> Self {
        TlsStream { stream, failed: None }
    }

    /// The TCP socket.
    pub(crate) fn socket(&self) -> &TcpStream {
        self.stream.get_ref().0
    }
}

impl AsyncRead for TlsStream {
    /// Reads. A missing close_notify is treated as EOF: RESP is self-delimiting, so truncation is still detected.
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.stream).poll_read(cx, buffer)) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            read => Poll::Ready(read),
        }
    }
}

impl AsyncWrite for TlsStream {
    /// Takes bytes only when all earlier ones were sent, and returns how many it took even if sending them fails. So an error
    /// always means that none of the bytes of this call were sent.
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.as_mut().poll_flush(cx))?;
        let (_, session) = self.stream.get_mut();
        let taken = session.writer().write(bytes)?;
        if let Poll::Ready(Err(error)) = Pin::new(&mut self.stream).poll_flush(cx) {
            self.failed = Some(error);
        }
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.failed.take() {
            Some(error) => Poll::Ready(Err(error)),
            None => Pin::new(&mut self.stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Settings {
    /// Returns the TLS error of a connection, if `source` is one. It may come as late as in the handshake of RESP: in TLS 1.3
    /// a server verifies the client's certificate after the client has finished.
    pub(super) fn tls_error(&self, source: &Arc<io::Error>) -> Option<Error> {
        let reason = reason(self.tls.enabled()?, source)?;
        Some(Error::Tls { address: self.address.to_string().into(), reason, source: source.clone() })
    }
}

fn reason(tls: &Tls, error: &io::Error) -> Option<Box<str>> {
    let error = error.get_ref()?.downcast_ref::<TlsError>()?;
    Some(match error {
        TlsError::InvalidCertificate(error) => certificate(tls, error),
        TlsError::AlertReceived(alert) => refusal(tls, *alert),
        TlsError::InvalidMessage(_) => {
            "what the server answered is no TLS: is this the TLS port? Without TLS the URL is `redis://`".into()
        }
        TlsError::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            "the server speaks neither TLS 1.2 nor 1.3, and nothing older is spoken here".into()
        }
        other => other.to_string().into(),
    })
}

/// The reason for which the server's certificate is not accepted.
fn certificate(tls: &Tls, error: &CertificateError) -> Box<str> {
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature if tls.has_own_roots() => {
            "the server's certificate was issued by none of the roots given to `Tls::root_certificates_pem`".into()
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "the issuer of the server's certificate is not among the roots that the system trusts: give its root to \
             `Tls::root_certificates_pem`"
                .into()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired: the server needs a new one, unless this machine's clock is wrong"
                .into()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet: is this machine's clock right?".into()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let presented = match &presented[..] {
                [] => "no host at all (subjectAltName)".to_owned(),
                names => names.iter().map(|name| bare(name)).collect::<Vec<_>>().join(", "),
            };
            format!(
                "the server's certificate is not for {}, it is for {presented}: use a name that it is for in the URL or \
                 as `Tls::server_name`",
                expected.to_str()
            )
            .into()
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the server's certificate is that of an authority (CA:TRUE), which no server may show: it needs one with \
             CA:FALSE, issued by that authority or by itself"
                .into()
        }
        other => format!("the server's certificate cannot be accepted: {other}").into(),
    }
}

/// Returns `redis.example` of `DnsName("redis.example")`, the form that rustls prints.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// The reason for which the server does not accept the client.
fn refusal(tls: &Tls, alert: AlertDescription) -> Box<str> {
    use AlertDescription as Alert;
    match alert {
        Alert::CertificateRequired => {
            "the server wants a client certificate: give one to `Tls::client_certificate_pem`".into()
        }
        Alert::ProtocolVersion => "the server speaks neither TLS 1.2 nor 1.3 with this client".into(),
        Alert::HandshakeFailure if !tls.has_client_certificate() => {
            "the server refused the handshake: it may want a client certificate (`Tls::client_certificate_pem`), or ciphers \
             that are not there"
                .into()
        }
        Alert::UnknownCA
        | Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::AccessDenied
        | Alert::DecryptError
            if tls.has_client_certificate() =>
        {
            format!("the server does not accept the client's certificate ({alert:?})").into()
        }
        other => format!("the server refused the handshake ({other:?})").into(),
    }
}
