//! TLS connections on sockets whose buffers are full.

use super::HELLO;
use crate::{
    connection::{
        config::{Config, Settings, Tls},
        handle::Handle,
        push::PushSink,
        request::Request,
        transport::{FramedStream, Stream, secure},
    },
    error::TimeoutKind,
    resp::{Limits, control::UNWATCH},
};
use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
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

/// Accepts TLS connections on sockets with small buffers.
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

    /// A connection before the RESP handshake.
    async fn connect(&self) -> (Stream, server::TlsStream<TcpStream>) {
        let Config { settings, .. } = &self.config;
        tokio::join!(secured(settings), self.accept())
    }

    /// Completes the handshake of each client, waits for `reads`, reads a request of `length` bytes and answers it.
    async fn serve(&self, length: usize, reads: &watch::Receiver<bool>) {
        loop {
            let (mut stream, mut reads) = (self.accept().await, reads.clone());
            tokio::spawn(async move {
                let mut request = vec![0; 1024];
                let greeting = stream.read(&mut request).await.unwrap();
                assert!(request[..greeting].ends_with(b"EXEC\r\n"));
                stream.write_all(HELLO).await.unwrap();
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

/// The number of bytes that the stream takes while the peer reads none.
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

/// Sends requests that end about where the socket is full: the end of one of them is taken by the stream and not by the
/// socket.
async fn full_sockets(owned: bool) {
    let peer = Peer::new();
    let room = room(&peer).await;
    for length in (room - 96 * 1024..room + 96 * 1024).step_by(8 * 1024) {
        let (tell, reads) = watch::channel(false);
        let call = async {
            let handle = Handle::open(peer.config.clone()).await.unwrap();
            let request = Request::raw(&vec![b'x'; length], 1);
            if owned {
                handle.node().acquire().await.unwrap().call(&request).await
            } else {
                handle.node().shared().call(request).await
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
            called = call => assert_eq!(called.expect("all of the request is sent").bytes, "+OK\r\n", "{length}"),
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
    let mut stream = FramedStream::new(stream, Limits::default(), PushSink::Discard);
    let mut written = 0;
    while stream.write_now(UNWATCH.bytes) {
        assert!(stream.poll_flush(&mut Context::from_waker(Waker::noop())).is_ready(), "after {written}");
        written += 1;
    }
    assert!(written > 100, "{written}");
}

#[tokio::test]
async fn a_write_fails_only_before_it_takes_anything() {
    let peer = Peer::new();
    let (mut stream, theirs) = peer.connect().await;
    // A socket that is closed with unread bytes is reset.
    stream.write_all(b"unread").await.unwrap();
    stream.flush().await.unwrap();
    theirs.get_ref().0.readable().await.unwrap();
    drop(theirs);
    let Stream::Tls(encrypted) = &mut stream else { unreachable!("it is by TLS") };
    timeout(Duration::from_secs(5), encrypted.socket().readable()).await.unwrap().unwrap();
    assert_eq!(stream.write(b"taken").await.unwrap(), 5);
    assert!(stream.write(b"refused").await.is_err());
    assert!(poll_fn(|cx| Pin::new(&mut stream).poll_flush(cx)).await.is_err());
}
