//! The commands on connections that list, close and pause them.

use crate::support::rows::{has, in_both_protocols, supports};
use std::time::{Duration, Instant};
use typedis::{
    Client, Config, Error, Result,
    commands::connection::{ClientKillFilter, ClientListFilter, ClientType, PauseMode, TrackingRedirect},
    options::flag::FLAGS,
    prelude::*,
};
use typedis_testing::Server;

/// Returns whether the server has the option with this word.
fn has_option(server: &Server, command: &str, word: &str) -> bool {
    FLAGS.iter().any(|flag| (flag.command, flag.word) == (command, word) && supports(server, flag.since))
}

#[tokio::test]
async fn connections_are_listed_and_closed_by_filters() {
    in_both_protocols(filters).await;
}

/// Runs every command that lists or closes connections.
pub(super) async fn filters(server: &Server, client: &Client) -> Result<()> {
    let named = Client::open(Config::from_url(&server.url())?.client_name("worker")).await?;
    let id = named.client_id().await?;
    let mut subscriber = server.raw().await;
    subscriber.command(["SUBSCRIBE", "news"]).await;

    let own = client.client_info().await?;
    assert_eq!((own.id(), own.name(), own.user()), (Some(client.client_id().await?), None, Some("default")));
    assert!(own.addr().is_some_and(|address| address.starts_with("127.0.0.1:")) && own.as_str().starts_with("id="));
    let all = client.client_list().await?;
    assert!(all.iter().any(|info| info.id() == Some(id) && info.name() == Some("worker")), "{all:?}");

    let listed = client.client_list_with(ClientListFilter::new().client_type(ClientType::Pubsub)).await?;
    assert_eq!(listed.iter().map(|info| info.get("sub")).collect::<Vec<_>>(), [Some("1")]);
    if has(server, (6, 2, 0), "CLIENT LIST ID") {
        let listed = client.client_list_with(ClientListFilter::new().ids(&[id, 987_654])).await?;
        assert_eq!(listed.iter().map(|info| info.id()).collect::<Vec<_>>(), [Some(id)]);
    }
    if has_option(server, "CLIENT LIST", "USER") {
        let filter = ClientListFilter::new().user("default").skip_me().client_type(ClientType::Pubsub);
        assert_eq!(client.client_list_with(filter).await?.len(), 1);
        assert!(
            client
                .client_list_with(ClientListFilter::new().addr("10.0.0.1:1").laddr("10.0.0.2:2").maxage(9))
                .await?
                .is_empty()
        );
    }
    if has_option(server, "CLIENT KILL", "NOT-ID") {
        // The users that a filter names must be there.
        client.acl_setuser("ada", ()).await?;
        let names = |list: Vec<typedis::commands::connection::ConnectedClient>| list.len();
        assert_eq!(names(client.client_list_with(ClientListFilter::new().name("worker").db(0)).await?), 1);
        let ids = [id, 1_000_000];
        let others = ClientListFilter::new().name("worker").not_ids(&ids).not_type(ClientType::Pubsub);
        assert_eq!(names(client.client_list_with(others).await?), 0);
        let all = ClientListFilter::new().not_user("ada").not_addr("a:1").not_laddr("b:2").not_name("x").not_flags("x");
        assert!(
            names(
                client
                    .client_list_with(all.not_lib_name("x").not_lib_ver("x").not_capa("r").not_ip("::1").not_db(9))
                    .await?
            ) > 1
        );
        let none = ClientListFilter::new().flags("P").lib_name("x").lib_ver("1").capa("r").ip("10.0.0.1").idle(1000);
        assert_eq!(names(client.client_list_with(none).await?), 0);
        assert_eq!(client.client_kill_with(ClientKillFilter::new().name("nobody").not_ids(&[id])).await?, 0);
    }

    let refused = [
        client.client_kill_with(ClientKillFilter::new()).await,
        client.client_kill_with(ClientKillFilter::new().user("default").not_ids(&[])).await,
        client.client_list_with(ClientListFilter::new().ids(&[])).await.map(|_| 0),
    ];
    for result in refused {
        assert!(matches!(&result, Err(Error::Argument { .. })), "{result:?}");
    }
    let nobody = ClientKillFilter::new().user("default").addr("10.0.0.1:1").id(id).client_type(ClientType::Normal);
    assert_eq!(client.client_kill_with(nobody).await?, 0);
    if has_option(server, "CLIENT KILL", "MAXAGE") {
        assert_eq!(client.client_kill_with(ClientKillFilter::new().maxage(1_000_000)).await?, 0);
    }
    assert_eq!(client.client_kill_with(ClientKillFilter::new().client_type(ClientType::Pubsub)).await?, 1);
    assert!(subscriber.try_receive().await.is_err());
    Ok(())
}

#[tokio::test]
async fn nothing_is_tracked() {
    in_both_protocols(tracking).await;
}

pub(super) async fn tracking(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.client_getredir().await?, TrackingRedirect::NotTracking);
    if has(server, (6, 2, 0), "CLIENT TRACKINGINFO") {
        let info = client.client_trackinginfo().await?;
        assert_eq!((&info.flags[..], info.redirect, info.prefixes.len()), (&["off".to_owned()][..], -1, 0));
    }
    Ok(())
}

#[tokio::test]
async fn a_pause_stops_writes_until_it_ends() {
    in_both_protocols(pausing).await;
}

pub(super) async fn pausing(server: &Server, client: &Client) -> Result<()> {
    let begin = Instant::now();
    client.client_pause(30).await?;
    client.set("a", 1).await?;
    assert!(begin.elapsed() >= Duration::from_millis(29), "the pause was too short");
    if has(server, (6, 2, 0), "CLIENT UNPAUSE") {
        client.client_pause_with(60_000, PauseMode::Write).await?;
        assert_eq!(client.get::<i64>("a").await?, Some(1));
        // A write that waits holds up what is behind it on its connection.
        let other = Client::connect(&server.url()).await?;
        let (written, ended) = tokio::join!(client.set("a", 2), other.client_unpause());
        written?;
        ended?;
        client.client_pause_with(1, PauseMode::All).await?;
        assert_eq!(client.get::<i64>("a").await?, Some(2));
    }
    Ok(())
}
