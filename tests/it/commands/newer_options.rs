//! Options that came after Redis 7.0, each run against a real server that has it.

use crate::support::rows::{in_both_protocols, supports};
use typedis::{
    Client, Error, Key, Result,
    command::Command,
    commands::types::{ZrankWithscore, ZscanNoscores},
    key::SortedSet,
    options::ScanOptions,
    prelude::*,
};
use typedis_testing::Server;

const BOARD: Key<SortedSet<String>> = Key::new("board");

#[tokio::test]
async fn a_rank_comes_with_its_score() {
    in_both_protocols(ranks).await;
}

async fn ranks(server: &Server, client: &Client) -> Result<()> {
    client.zadd(BOARD, [(1.0, "ann"), (2.5, "ben")]).await?;
    if supports(server, ZrankWithscore::INFO.since) {
        assert_eq!(client.zrank_withscore(BOARD, "ben").await?, Some((1, 2.5)));
        assert_eq!(client.zrevrank_withscore(BOARD, "ben").await?, Some((0, 2.5)));
        assert_eq!(client.zrank_withscore(BOARD, "cid").await?, None);
        assert_eq!(client.zrevrank_withscore("nothing", "ben").await?, None);
    } else {
        let unknown = client.zrank_withscore(BOARD, "ben").await;
        assert!(matches!(&unknown, Err(Error::Server { at, .. }) if at.name == "ZRANK"), "{unknown:?}");
    }
    Ok(())
}

#[tokio::test]
async fn members_are_scanned_without_their_scores() {
    in_both_protocols(pages).await;
}

async fn pages(server: &Server, client: &Client) -> Result<()> {
    if supports(server, ZscanNoscores::<String>::INFO.since) {
        client.zadd(BOARD, [(1.0, "ann"), (2.5, "ben")]).await?;
        assert_eq!(client.zscan_noscores(BOARD, 0).await?, (0, vec!["ann".into(), "ben".into()]));
        let of_b = ScanOptions::new().matching("b*").count(5);
        assert_eq!(client.zscan_noscores_with(BOARD, 0, of_b).await?, (0, vec!["ben".into()]));
        assert_eq!(client.zscan_noscores::<String>("nothing", 0).await?, (0, vec![]));
    }
    Ok(())
}
