//! A socket with TLS on it: how it comes to be, what it owes to whoever counts written bytes, and why it does not come to be.

use super::{
    settings::{Settings, refuse},
    stream::Stream,
    tls::{Security, Tls},
};
use crate::error::{Error, Result, TimeoutKind};
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
    client::TlsStream,
    rustls::{AlertDescription, CertificateError, Error as TlsError, PeerIncompatible},
};

/// A socket with TLS on it.
#[derive(Debug)]
pub(super) struct Encrypted {
    stream: TlsStream<TcpStream>,
    /// How sending failed after bytes were taken.
    failed: Option<io::Error>,
}

/// Puts TLS on the socket, where the settings say so. `waiting` tells meanwhile that it is this that takes its time.
pub(super) async fn secure(stream: Stream, settings: &Settings, waiting: &mut TimeoutKind) -> Result<Stream> {
    let Some((connector, name)) = settings.security.wanted(&settings.address)? else { return Ok(stream) };
    let Stream::Tcp(stream) = stream else { return refuse("TLS is spoken over TCP alone") };
    *waiting = TimeoutKind::Tls;
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(Stream::Tls(Box::new(Encrypted { stream, failed: None }))),
        Err(error) => {
            let source = Arc::new(error);
            let ended = || Error::Connect { address: settings.address.to_string().into(), source: source.clone() };
            Err(failed(settings, &source).unwrap_or_else(ended))
        }
    }
}

impl AsyncRead for Encrypted {
    /// The end without a farewell is an end like any other: the replies themselves say where they end.
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.stream).poll_read(cx, buffer)) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            read => Poll::Ready(read),
        }
    }
}

impl AsyncWrite for Encrypted {
    /// Takes bytes only when all before them have left, and tells that it took them whatever becomes of them. So an error
    /// is never that of bytes of which some are on their way.
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

/// What is wrong and what to do, where it is TLS that failed. That may show as late as in the greeting: in TLS 1.3 a server
/// looks at the client's certificate when the client is done.
pub(super) fn failed(settings: &Settings, source: &Arc<io::Error>) -> Option<Error> {
    let Security::Tls(tls) = &settings.security else { return None };
    let reason = reason(tls, source)?;
    Some(Error::Tls { address: settings.address.to_string().into(), reason, source: source.clone() })
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

/// Why the server's certificate is not accepted.
fn certificate(tls: &Tls, error: &CertificateError) -> Box<str> {
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => match tls.has_own_roots() {
            true => {
                "the server's certificate was issued by none of the roots given to `Tls::root_certificates_pem`".into()
            }
            false => {
                "the issuer of the server's certificate is not among the roots that the system trusts: give its root \
                      to `Tls::root_certificates_pem`"
                    .into()
            }
        },
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

/// `redis.example` of `DnsName("redis.example")`, as rustls has it.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// Why the server does not accept the client.
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

#[cfg(test)]
mod tests {
    use super::{
        super::{Config, Handle, dedicated::UNWATCH, settings::Settings, stream::Wire, tls::Tls},
        *,
    };
    use crate::resp::Limits;
    use std::{future::poll_fn, task::Waker, time::Duration};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpSocket},
        sync::watch,
        task::yield_now,
        time::timeout,
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{
            ServerConfig,
            crypto::ring,
            pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        },
        server,
    };

    const GREETED: &[u8] = b"%2\r\n$5\r\nproto\r\n:3\r\n$7\r\nversion\r\n$5\r\n7.0.0\r\n+PONG\r\n+OK\r\n*0\r\n";

    /// Accepts connections by TLS, on sockets that hold little.
    struct Peer {
        listener: TcpListener,
        acceptor: TlsAcceptor,
        config: Config,
    }

    impl Peer {
        fn new() -> Peer {
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
            let versions = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
            let builder = versions.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
            let server = builder.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(8 * 1024).unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let listener = socket.listen(16).unwrap();
            let url = format!("rediss://{}", listener.local_addr().unwrap());
            let tls = Tls::new().root_certificates_pem(made.cert.pem()).server_name("localhost");
            let config = Config::from_url(&url).unwrap().tls(tls).response_timeout(Duration::from_secs(2));
            Peer { listener, acceptor: Arc::new(server).into(), config }
        }

        async fn accept(&self) -> server::TlsStream<TcpStream> {
            let (stream, _) = self.listener.accept().await.unwrap();
            self.acceptor.accept(stream).await.unwrap()
        }

        /// A connection that nobody has greeted.
        async fn connect(&self) -> (Stream, server::TlsStream<TcpStream>) {
            let Config { settings, .. } = &self.config;
            tokio::join!(secured(settings), self.accept())
        }

        /// Greets whoever comes, and answers once a request of `length` bytes is there, which it reads only when told to.
        async fn serve(&self, length: usize, reads: &watch::Receiver<bool>) {
            loop {
                let (mut stream, mut reads) = (self.accept().await, reads.clone());
                tokio::spawn(async move {
                    let mut request = vec![0; 1024];
                    let greeting = stream.read(&mut request).await.unwrap();
                    assert!(request[..greeting].ends_with(b"EXEC\r\n"));
                    stream.write_all(GREETED).await.unwrap();
                    stream.flush().await.unwrap();
                    reads.wait_for(|reads| *reads).await.unwrap();
                    if stream.read_exact(&mut vec![0; length]).await.is_err() {
                        return;
                    }
                    stream.write_all(b"+OK\r\n").await.unwrap();
                    stream.flush().await.unwrap();
                    let _ = stream.read(&mut request).await;
                });
            }
        }
    }

    async fn secured(settings: &Settings) -> Stream {
        let stream = Stream::connect(&settings.address, None).await.unwrap();
        secure(stream, settings, &mut TimeoutKind::Connect).await.unwrap()
    }

    /// How many bytes the stream takes while nobody reads.
    async fn room(peer: &Peer) -> usize {
        let (mut stream, _open) = peer.connect().await;
        let bytes = vec![b'x'; 64 * 1024];
        let mut taken = 0;
        for _ in 0..100 {
            let mut cx = Context::from_waker(Waker::noop());
            while let Poll::Ready(written) = Pin::new(&mut stream).poll_write(&mut cx, &bytes) {
                taken += written.unwrap();
            }
            yield_now().await;
        }
        taken
    }

    /// Requests that end about where the socket is full: of one of them the end is taken, and is not on its way.
    async fn full_sockets(owned: bool) {
        let peer = Peer::new();
        let room = room(&peer).await;
        for length in (room - 96 * 1024..room + 96 * 1024).step_by(8 * 1024) {
            let (tell, reads) = watch::channel(false);
            let call = async {
                let handle = Handle::open(peer.config.clone()).await.unwrap();
                let request = vec![b'x'; length];
                match owned {
                    true => handle.lease().await.unwrap().call(&request, 1).await,
                    false => handle.shared().call(request, 1, false).await.map(|replies| replies.bytes),
                }
            };
            let full = async {
                for _ in 0..300 {
                    yield_now().await;
                }
                tell.send(true).unwrap();
                std::future::pending::<()>().await;
            };
            tokio::select! {
                called = call => assert_eq!(called.expect("all of the request is sent"), "+OK\r\n", "{length}"),
                () = peer.serve(length, &reads) => {}
                () = full => {}
            }
        }
    }

    #[tokio::test]
    async fn a_request_that_fills_the_socket_of_an_owner_is_sent_whole() {
        full_sockets(true).await;
    }

    #[tokio::test]
    async fn a_request_that_fills_the_shared_socket_is_sent_whole() {
        full_sockets(false).await;
    }

    #[tokio::test]
    async fn what_is_written_at_once_is_sent_or_said_not_to_be() {
        let peer = Peer::new();
        let (stream, _open) = peer.connect().await;
        let mut wire = Wire::new(stream, Limits::default());
        let mut written = 0;
        while wire.write_now(UNWATCH) {
            assert!(wire.poll_flush(&mut Context::from_waker(Waker::noop())).is_ready(), "after {written}");
            written += 1;
        }
        assert!(written > 100, "{written}");
    }

    #[tokio::test]
    async fn a_write_fails_only_before_it_takes_anything() {
        let peer = Peer::new();
        let (mut stream, theirs) = peer.connect().await;
        // With bytes unread the socket is reset.
        stream.write_all(b"unread").await.unwrap();
        stream.flush().await.unwrap();
        theirs.get_ref().0.readable().await.unwrap();
        drop(theirs);
        let Stream::Tls(encrypted) = &mut stream else { unreachable!("it is by TLS") };
        timeout(Duration::from_secs(5), encrypted.stream.get_ref().0.readable()).await.unwrap().unwrap();
        assert_eq!(stream.write(b"taken").await.unwrap(), 5);
        assert!(stream.write(b"refused").await.is_err());
        assert!(poll_fn(|cx| Pin::new(&mut stream).poll_flush(cx)).await.is_err());
    }
}
