//! The commands on bits, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use bytes::Bytes;
use typedis::{
    Client, Error, Key, Result,
    commands::bitmap::{BitField, BitRange, BitfieldOptions, Overflow},
    key::Bitmap,
    prelude::*,
};
use typedis_testing::{Server, Vendor};

const BITS: Key<Bitmap> = Key::new("bits");

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        single_bits(client).await?;
        counts_and_positions(server, client).await?;
        operations(client).await?;
        later_operations(server, client).await?;
        numbers(client).await?;
        bad_numbers(client).await?;
        if has(server, (6, 0, 0), "BITFIELD_RO") {
            let read = BitfieldOptions::new().get(BitField::unsigned(8)).get(BitField::signed(8));
            assert_eq!(client.bitfield_ro("negative", read.clone()).await?, [0, 0]);
            client.setbit("negative", 0, true).await?;
            assert_eq!(client.bitfield_ro("negative", read).await?, [128, -128]);
        }
        assert_all_ran(server, "bitmap").await;
        Ok(())
    })
    .await;
}

async fn single_bits(client: &Client) -> Result<()> {
    assert!(!client.setbit(BITS, 7, true).await?);
    assert!(client.setbit(BITS, 7, false).await?);
    assert!(!client.setbit(BITS, 9, true).await?);
    assert!(client.getbit(BITS, 9).await? && !client.getbit(BITS, 8).await? && !client.getbit(BITS, 1000).await?);
    assert!(!client.getbit("nothing", 0).await?);
    // A bitmap is a string, and typed keys know it.
    assert_eq!(client.get::<Bytes>(BITS).await?.as_deref(), Some(&b"\x00\x40"[..]));
    client.set(BITS, b"\xff\x00").await?;
    assert_eq!((client.bitcount(BITS).await?, client.strlen(BITS).await?), (8, 2));
    let beyond = client.setbit(BITS, u64::MAX, true).await;
    assert!(matches!(beyond, Err(Error::Server { .. })), "{beyond:?}");
    Ok(())
}

async fn counts_and_positions(server: &Server, client: &Client) -> Result<()> {
    client.set("text", "foobar").await?;
    assert_eq!((client.bitcount("text").await?, client.bitcount("nothing").await?), (26, 0));
    assert_eq!(client.bitcount_with("text", BitRange::bytes(1, 1)).await?, 6);
    assert_eq!(client.bitcount_with("text", BitRange::bytes_from(1)).await?, 22);
    assert_eq!(client.bitcount_with("text", BitRange::bytes(-2, -3)).await?, 0);

    assert_eq!((client.bitpos("text", true).await?, client.bitpos("text", false).await?), (Some(1), Some(0)));
    assert_eq!((client.bitpos("nothing", true).await?, client.bitpos("nothing", false).await?), (None, Some(0)));
    client.set("full", b"\xff\xff").await?;
    assert_eq!(client.bitpos("full", false).await?, Some(16));
    assert_eq!(client.bitpos_with("full", false, BitRange::bytes_from(1)).await?, Some(16));
    assert_eq!(client.bitpos_with("full", false, BitRange::bytes(0, -1)).await?, None);
    assert_eq!(client.bitpos_with("full", true, BitRange::bytes_from(1)).await?, Some(8));
    if has(server, (7, 0, 0), "ranges of bits") {
        assert_eq!(client.bitcount_with("text", BitRange::bits(5, 30)).await?, 17);
        assert_eq!(client.bitpos_with("text", true, BitRange::bits(3, -1)).await?, Some(5));
    }
    Ok(())
}

async fn operations(client: &Client) -> Result<()> {
    client.set("a", b"\x0f\xff").await?;
    client.set("b", b"\x3c").await?;
    client.rpush("into", 1).await?;
    let into = async || client.get::<Bytes>("into").await;
    assert_eq!(client.bitop_and("into", ["a", "b"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x0c\x00"[..]));
    assert_eq!(client.bitop_or("into", ["a", "b"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x3f\xff"[..]));
    assert_eq!(client.bitop_xor("into", ["a", "b"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x33\xff"[..]));
    assert_eq!(client.bitop_not("into", "b").await?, 1);
    assert_eq!(into().await?.as_deref(), Some(&b"\xc3"[..]));
    assert_eq!(client.bitop_not("into", "nothing").await?, 0);
    assert_eq!(into().await?, None);
    Ok(())
}

async fn later_operations(server: &Server, client: &Client) -> Result<()> {
    if server.vendor() == Vendor::Valkey || !has(server, (8, 2, 0), "the operations of Redis 8.2") {
        let refused = client.bitop_one("into", ["a", "b"]).await;
        assert!(matches!(refused, Err(Error::Server { .. })), "{refused:?}");
        return Ok(());
    }
    client.set("c", b"\x05").await?;
    let into = async || client.get::<Bytes>("into").await;
    assert_eq!(client.bitop_diff("into", "a", ["b", "c"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x02\xff"[..]));
    assert_eq!(client.bitop_diff1("into", "a", ["b", "c"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x30\x00"[..]));
    assert_eq!(client.bitop_andor("into", "a", ["b", "c"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x0d\x00"[..]));
    assert_eq!(client.bitop_one("into", ["a", "b", "c"]).await?, 2);
    assert_eq!(into().await?.as_deref(), Some(&b"\x32\xff"[..]));
    Ok(())
}

async fn numbers(client: &Client) -> Result<()> {
    const BYTE: BitField = BitField::unsigned(8);
    let ops = BitfieldOptions::new;
    assert_eq!(client.bitfield("numbers", ops().get(BYTE).get(BYTE.index(5))).await?, [0, 0]);
    assert_eq!(client.exists("numbers").await?, 0);
    assert_eq!(client.bitfield("numbers", ops().set(BYTE, 255).incrby(BYTE.index(1), 7).get(BYTE)).await?, [0, 7, 255]);
    assert_eq!(client.bitfield("numbers", ops().get(BitField::unsigned(16)).get(BYTE.at(4))).await?, [0xff07, 0xf0]);
    let saturated = ops().overflow(Overflow::Saturate).incrby(BYTE, 1).overflow(Overflow::Wrap).incrby(BYTE, 1);
    assert_eq!(client.bitfield("numbers", saturated).await?, [255, 0]);
    let failing = ops().overflow_fail().incrby(BYTE, 300).get(BYTE.index(1)).set(BYTE, 1);
    assert_eq!(client.bitfield("numbers", failing).await?, [None, Some(7), Some(0)]);

    let (largest, signed) = (BitField::unsigned(63), BitField::signed(64).at(64));
    let extremes = ops().set(largest, i64::MAX).get(largest).set(signed, i64::MIN).get(signed);
    let found = client.bitfield("extremes", extremes).await?;
    assert_eq!(found, [0, i64::MAX, 0, i64::MIN]);
    assert!(client.bitfield("numbers", ops()).await?.is_empty());
    Ok(())
}

async fn bad_numbers(client: &Client) -> Result<()> {
    for (field, part) in [
        (BitField::unsigned(0), "an unsigned number of a bitfield has 1 to 63 bits"),
        (BitField::unsigned(64), "an unsigned number"),
        (BitField::signed(0), "a signed number of a bitfield has 1 to 64 bits"),
        (BitField::signed(65), "a signed number"),
    ] {
        match client.bitfield("numbers", BitfieldOptions::new().get(field)).await {
            Err(error @ Error::Argument { .. }) => assert!(error.to_string().contains(part), "{error}"),
            other => panic!("{field:?}: {other:?}"),
        }
    }
    Ok(())
}
