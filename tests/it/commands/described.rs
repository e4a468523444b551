//! The rows that no server at hand has, on a peer that replies what their vendor describes.

use crate::support::described::on_described;
use typedis::{
    Error, Key,
    commands::{Digest, Incremented},
    key::Str,
    options::{DelexOptions, IncrexOptions, SetOptions},
    prelude::*,
};

const NAME: Key<Str<String>> = Key::new("name");
const HITS: Key<Str<i64>> = Key::new("hits");
const SHARE: Key<Str<f64>> = Key::new("share");

#[tokio::test]
async fn strings_are_compared_and_removed() {
    let exchanges = &[
        ("DELEX name", ":1", ":1"),
        ("DELEX name IFEQ ann", ":1", ":1"),
        ("DELEX hits IFNE 7", ":0", ":0"),
        ("DELEX name IFDEQ f34099ede96b5581", ":1", ":1"),
        (
            "DELEX list IFDNE 00000000000000ff",
            "-ERR Key should be of string type if conditions are specified",
            "-ERR no string",
        ),
        ("DIGEST name", "$16 f34099ede96b5581", "$16 f34099ede96b5581"),
        ("DIGEST nothing", "_", "$-1"),
        ("DIGEST odd", "$16 +34099ede96b5581", "$3 abc"),
    ];
    on_described(exchanges, async |client| {
        assert!(client.delex(NAME).await?);
        assert!(client.delex_with(NAME, DelexOptions::ifeq("ann")).await?);
        assert!(!client.delex_with(HITS, DelexOptions::ifne(7)).await?);
        let digest = Digest(0xf340_99ed_e96b_5581);
        assert!(client.delex_with(NAME, DelexOptions::ifdeq(digest)).await?);
        let wrong_kind = client.delex_with("list", DelexOptions::ifdne(Digest(255))).await;
        assert!(matches!(&wrong_kind, Err(Error::Server { at, .. }) if at.name == "DELEX"), "{wrong_kind:?}");
        assert_eq!(client.digest(NAME).await?, Some(digest));
        assert_eq!(client.digest("nothing").await?, None);
        let odd = client.digest("odd").await;
        assert!(matches!(&odd, Err(Error::Reply { at, .. }) if at.name == "DIGEST"), "{odd:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn set_compares_by_inequality_and_by_digest() {
    let exchanges = &[
        ("SET name bob IFNE ann", "+OK", "+OK"),
        ("SET name bob IFNE bob", "_", "$-1"),
        ("SET hits 8 IFNE 7 GET", "$1 9", "$1 9"),
        ("SET name bob IFDEQ 0000000000000001 KEEPTTL", "+OK", "+OK"),
        ("SET name bob IFDNE 0000000000000001 GET EX 5", "_", "$-1"),
    ];
    on_described(exchanges, async |client| {
        let options = SetOptions::new();
        assert!(client.set_with(NAME, "bob", options.ifne("ann")).await?);
        assert!(!client.set_with(NAME, "bob", options.ifne("bob")).await?);
        assert_eq!(client.set_with(HITS, 8, options.ifne(7).get::<i64>()).await?, Some(9));
        assert!(client.set_with(NAME, "bob", options.ifdeq(Digest(1)).keepttl()).await?);
        let old = client.set_with(NAME, "bob", options.ifdne(Digest(1)).ex(5).get::<String>()).await?;
        assert_eq!(old, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn increx_counts_within_bounds() {
    let exchanges = &[
        ("INCREX hits", "*2 :6 :1", "*2 :6 :1"),
        ("INCREX hits BYINT 5 UBOUND 7", "*2 :6 :0", "*2 :6 :0"),
        ("INCREX hits BYINT 5 LBOUND -7 UBOUND 7 SATURATE EX 60 ENX", "*2 :7 :1", "*2 :7 :1"),
        ("INCREX share BYFLOAT 0.1 PERSIST", "*2 ,1.1 ,0.1", "*2 $3 1.1 $3 0.1"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.increx(HITS).await?, Incremented { value: 6, applied: 1 });
        let by_five = IncrexOptions::byint(5).ubound(7);
        assert_eq!(client.increx_with(HITS, by_five).await?, Incremented { value: 6, applied: 0 });
        let saturated = client.increx_with(HITS, by_five.lbound(-7).saturate().ex(60).enx()).await?;
        assert_eq!(saturated, Incremented { value: 7, applied: 1 });
        let by_tenth = IncrexOptions::byfloat(0.1).persist();
        assert_eq!(client.increx_with(SHARE, by_tenth).await?, Incremented { value: 1.1, applied: 0.1 });

        let crossed = client.increx_with(HITS, by_five.lbound(8)).await;
        assert!(matches!(&crossed, Err(Error::Argument { at, .. }) if at.name == "INCREX"), "{crossed:?}");
        Ok(())
    })
    .await;
}
