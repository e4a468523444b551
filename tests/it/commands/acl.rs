//! The commands on users, each run against a real server.

use crate::support::rows::{has, in_both_protocols};
use typedis::{Client, Error, Result, commands::acl::DryRun, prelude::*};
use typedis_testing::{Server, Vendor};

#[tokio::test]
async fn users_are_made_told_and_deleted() {
    in_both_protocols(users).await;
}

/// Runs every command on users.
pub(super) async fn users(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.acl_whoami().await?, "default");
    client.acl_deluser("ada").await?;
    assert_eq!(client.acl_users().await?, ["default"]);
    assert_eq!(client.acl_getuser("ada").await?, None);
    client.acl_setuser("ada", ()).await?;
    let rules = ["on", ">pw", "~a:*", "~b:*", "resetchannels", "&news", "+@read", "+set"];
    // Channels came with 6.2.
    let with_channels = server.redis_version() >= (6, 2, 0);
    let rules: Vec<_> =
        rules.into_iter().filter(|rule| with_channels || !matches!(*rule, "resetchannels" | "&news")).collect();
    client.acl_setuser("ada", &rules).await?;
    let ada = client.acl_getuser("ada").await?.expect("it was made");
    assert!(ada.flags.contains(&"on".to_owned()) && ada.commands.contains("+@read"), "{ada:?}");
    assert_eq!(ada.passwords, ["30c952fab122c3f9759f02a6d95c3758b246b4fee239957b2d4fee46e26170c4"]);
    let patterns: Vec<_> = ada.keys.iter().map(|pattern| pattern.trim_start_matches('~')).collect();
    assert_eq!(patterns, ["a:*", "b:*"]);
    if with_channels {
        assert_eq!(ada.channels.iter().map(|pattern| pattern.trim_start_matches('&')).collect::<Vec<_>>(), ["news"]);
    }
    let has_databases = server.vendor() == Vendor::Valkey && server.version() >= (9, 1, 0);
    assert_eq!(ada.databases.as_deref(), has_databases.then_some("alldbs"));
    if has(server, (7, 0, 0), "ACL DRYRUN and selectors") {
        client.acl_setuser("ada", "(+del ~c:*)").await?;
        let ada = client.acl_getuser("ada").await?.expect("it was made");
        assert_eq!(ada.selectors[0].keys.iter().collect::<Vec<_>>(), ["~c:*"]);
        assert_eq!(client.acl_dryrun("ada", ["SET", "a:1", "x"]).await?, DryRun::Allowed);
        let DryRun::Denied(reason) = client.acl_dryrun("ada", ["SET", "x", "x"]).await? else { panic!("it may not") };
        assert!(reason.contains("permissions"), "{reason}");
        client.acl_dryrun("nobody", ["SET", "x", "x"]).await.unwrap_err();
    }
    assert!(client.acl_list().await?.iter().any(|line| line.starts_with("user ada on ")));
    client.acl_setuser("ada", "+@nonsense").await.unwrap_err();
    assert_eq!(client.acl_deluser(["ada", "nobody"]).await?, 1);

    assert!(client.acl_cat().await?.contains(&"dangerous".to_owned()));
    assert!(client.acl_cat_commands("dangerous").await?.contains(&"flushall".to_owned()));
    assert_eq!((client.acl_genpass().await?.len(), client.acl_genpass_bits(12).await?.len()), (64, 3));
    client.acl_genpass_bits(0).await.unwrap_err();
    for refused in [client.acl_save().await, client.acl_load().await] {
        assert!(
            matches!(&refused, Err(Error::Server { error, .. }) if error.message().contains("ACL file")),
            "{refused:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_was_denied_is_told() {
    in_both_protocols(denied).await;
}

/// Runs every command on the log of what was denied.
pub(super) async fn denied(server: &Server, client: &Client) -> Result<()> {
    client.acl_log_reset().await?;
    assert_eq!(client.acl_log().await?, []);
    let mut raw = server.raw().await;
    // A client that is not logged in may send any bytes.
    assert!(raw.command([&b"AUTH"[..], b"nobody\xFF", b"x"]).await.is_error());
    let entries = client.acl_log().await?;
    let [entry] = &entries[..] else { panic!("one was denied: {entries:?}") };
    assert_eq!((entry.count, entry.reason.as_str(), &entry.username[..]), (1, "auth", &b"nobody\xFF"[..]));
    assert_eq!((entry.context.as_str(), &entry.object[..]), ("toplevel", &b"AUTH"[..]));
    assert!(entry.age_seconds < 60.0 && String::from_utf8_lossy(&entry.client_info).contains("addr="), "{entry:?}");
    assert_eq!(entry.timestamp_created.is_some(), server.redis_version() >= (7, 2, 0));
    assert_eq!(client.acl_log_count(0).await?, []);
    client.acl_log_reset().await
}
