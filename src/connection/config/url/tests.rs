//! The parts of a URL, and the words by which one is refused, which quote no secret.

use super::*;

fn read(url: &str) -> Config {
    Config::from_url(url).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn refused(url: &str) -> String {
    Config::from_url(url).expect_err(url).to_string()
}

fn tcp(host: &str, port: u16) -> Address {
    Address::Tcp { host: host.into(), port }
}

#[test]
fn every_part_of_a_url_is_read() {
    let config = read("redis://us%40er:p%3A%2F%25@db.example:6380/3?protocol=2&client_name=w-1");
    assert_eq!(config.settings.address, tcp("db.example", 6380));
    assert_eq!(
        (config.settings.username.as_deref(), config.settings.password.as_deref()),
        (Some("us@er"), Some("p:/%"))
    );
    assert_eq!((config.settings.database, config.settings.protocol), (3, Protocol::Resp2));
    assert_eq!(config.settings.client_name.as_deref(), Some("w-1"));
}

#[test]
fn what_is_left_out_has_its_default() {
    for url in ["redis://host", "REDIS://host/", "valkey://host", "redis://host?", "redis://:@host"] {
        let config = read(url);
        assert_eq!(config.settings.address, tcp("host", 6379), "{url}");
        assert_eq!(
            (config.settings.username, config.settings.password, config.settings.database),
            (None, None, 0),
            "{url}"
        );
        assert_eq!(config.settings.protocol, Protocol::Resp3, "{url}");
    }
}

#[cfg(feature = "tls")]
#[test]
fn the_scheme_says_whether_there_is_tls() {
    for scheme in ["rediss", "valkeys", "REDISS"] {
        let config = read(&format!("{scheme}://me:pw@host/3?protocol=2"));
        assert_eq!((&config.settings.address, config.settings.database), (&tcp("host", 6379), 3), "{scheme}");
        assert!(config.settings.tls.enabled().is_some(), "{scheme}");
    }
    assert!(read("redis://host").settings.tls.enabled().is_none());
}

#[test]
fn a_password_needs_no_user() {
    let config = read("redis://:p@ss:word@host");
    assert_eq!((config.settings.username.as_deref(), config.settings.password.as_deref()), (None, Some("p@ss:word")));
    let config = read("redis://user:@host");
    assert_eq!((config.settings.username.as_deref(), config.settings.password.as_deref()), (Some("user"), Some("")));
}

#[test]
fn an_ipv6_address_stands_in_brackets() {
    assert_eq!(read("redis://[::1]").settings.address, tcp("::1", 6379));
    assert_eq!(read("redis://[::1]:7000/1").settings.address, tcp("::1", 7000));
    assert_eq!(read("redis://[::1]:7000").settings.address.to_string(), "[::1]:7000");
    for url in ["redis://[::]7000", "redis://[localhost]", "redis://[127.0.0.1]", "redis://[::1%25]", "redis://[]"] {
        assert!(refused(url).contains("IPv6 address"), "{url}: {}", refused(url));
    }
    assert!(refused("redis://[fe80::1%eth0]").contains("`%` itself is `%25`"));
    assert!(refused("redis://::1:7000").contains("host is empty"));
    assert!(refused("redis://fe80::1:7000").contains("brackets"));
    assert!(refused("redis://[::1").contains("IPv6"));
    assert!(refused("redis://[::1]7000").contains("IPv6"));
}

#[test]
fn the_zone_of_an_ipv6_address_is_part_of_the_host() {
    let config = read("redis://[fe80::1%25eth0]:7000");
    assert_eq!(config.settings.address, tcp("fe80::1%eth0", 7000));
    let shown = config.settings.address.to_string();
    assert_eq!(shown, "[fe80::1%25eth0]:7000");
    assert_eq!(read(&format!("redis://{shown}")).settings.address, config.settings.address);
}

#[test]
fn the_url_of_a_cluster_names_its_seeds() {
    let seeds = vec![tcp("a", 7000), tcp("b", 6379), tcp("::1", 7001)];
    for scheme in ["redis+cluster", "valkey+cluster", "redis-cluster", "REDIS+CLUSTER"] {
        let settings = read(&format!("{scheme}://me:p%2Cw@a:7000,b,[::1]:7001/3?protocol=2&client_name=n")).settings;
        assert_eq!(settings.seeds(), seeds, "{scheme}");
        assert_eq!(settings.address, seeds[0]);
        assert_eq!((settings.username.as_deref(), settings.password.as_deref()), (Some("me"), Some("p,w")));
        assert_eq!((settings.database, settings.protocol), (3, Protocol::Resp2));
        let node = settings.for_node(tcp("c", 1));
        assert_eq!((&node.address, node.password, node.database), (&tcp("c", 1), settings.password, 3));
    }
    assert_eq!(read("redis://a:7000").settings.seeds(), [tcp("a", 7000)]);
    let built = Config::cluster(["a:7000", "b", "[::1]:7001"]).unwrap();
    assert_eq!(built.settings.seeds(), seeds);
    assert!(Config::cluster::<[&str; 0]>([]).unwrap_err().to_string().contains("host is empty"));
}

#[test]
fn a_mistake_in_the_url_of_a_cluster_shows_no_password() {
    for (url, words) in [
        ("redis+cluster://", "host is empty"),
        ("redis+cluster://a,,b", "host is empty"),
        ("redis+cluster://a,b:0", "port is 0"),
        ("redis+cluster://a/one", "database"),
        ("redis+cluster://a:7000,me:s3cret@b", "before the first host"),
        ("redis+cluster://me:s3,cret@a", "`%2C`"),
        ("redis+cluster://me:s3cret/x@a,b", "`%2F`"),
        ("redis+cluster://me:s3cret", "port"),
        ("redis://a,b:1", "`redis+cluster://host:port,host:port`"),
    ] {
        let said = refused(url);
        assert!(said.contains(words) && !said.contains("s3"), "{url}: {said}");
    }
}

#[test]
fn an_empty_path_is_no_database() {
    assert_eq!(read("redis://localhost/?db=2").settings.database, 2);
    assert_eq!(read("redis://localhost?db=2").settings.database, 2);
    assert_eq!(read("redis://localhost/2?").settings.database, 2);
}

#[test]
fn user_and_password_may_stand_in_different_places() {
    for url in [
        "redis://me@host?password=p%40w",
        "redis://:p%40w@host?user=me",
        "redis://host?user=me&password=p%40w",
        "redis://host?password=p%40w&user=me",
        "redis://:@host?password=p%40w&user=me",
        "redis://me:p%40w@host",
    ] {
        let settings = read(url).settings;
        assert_eq!((settings.username.as_deref(), settings.password.as_deref()), (Some("me"), Some("p@w")), "{url}");
    }
    let settings = read("redis://host?user=&password=pw").settings;
    assert_eq!((settings.username, settings.password.as_deref()), (None, Some("pw")));
    let settings = read("redis://host?password=").settings;
    assert_eq!((settings.username, settings.password), (None, None));
}

#[cfg(unix)]
#[test]
fn a_unix_socket_has_its_settings_as_parameters() {
    for scheme in ["unix", "redis+unix"] {
        let config = read(&format!("{scheme}:///run/a%20b.sock?db=4&user=me&password=p%26q&protocol=3"));
        assert_eq!(config.settings.address, Address::Unix("/run/a b.sock".into()));
        assert_eq!(
            (config.settings.username.as_deref(), config.settings.password.as_deref()),
            (Some("me"), Some("p&q"))
        );
        assert_eq!((config.settings.database, config.settings.protocol), (4, Protocol::Resp3));
    }
    assert!(refused("unix://run/a.sock").contains("absolute"));
    assert!(refused("unix://").contains("absolute"));
}

#[test]
fn what_is_wrong_is_refused_by_name() {
    for (url, words) in [
        ("localhost:6379", "no `://`"),
        #[cfg(not(feature = "tls"))]
        ("rediss://host", "turn on the feature `tls`"),
        #[cfg(not(feature = "tls"))]
        ("valkeys://host", "turn on the feature `tls`"),
        ("rediss://", "host is empty"),
        ("rediss+unix:///socket", "unknown scheme"),
        ("http://host", "unknown scheme `http://`"),
        ("redis://", "host is empty"),
        ("redis://:pw@", "host is empty"),
        ("redis://host:", "port"),
        ("redis://host:0", "port is 0"),
        ("redis://host:65536", "port"),
        ("redis://host:+1", "port"),
        ("redis://host/one", "database"),
        ("redis://host/0/", "database"),
        ("redis://host/4294967296", "database"),
        ("redis://host?protocol=4", "`protocol` must be 2 or 3"),
        ("redis://host?protocl=3", "unknown parameter `protocl`"),
        ("redis://host?protocol=2&protocol=3", "`protocol` is given twice"),
        ("redis://host/1?db=2", "database twice"),
        ("redis://host/0?db=2", "database twice"),
        ("redis://a:b@host?user=c", "user twice"),
        ("redis://:b@host?password=c", "password twice"),
        ("redis://a:@host?password=c", "password twice"),
        ("redis://a@host?user=c&password=d", "user twice"),
        ("redis://@host", "user without a password"),
        ("redis://host/2#top", "fragment"),
        ("redis://host#top", "fragment"),
        ("unix:///socket#top", "fragment"),
        ("redis://host/1/2", "database"),
        ("redis://host//?db=2", "database"),
        ("redis://ho%zst", "host holds a `%`"),
        ("redis://host\n", "white space"),
        ("redis://host\0", "control character"),
        ("redis://host?client_name=a%20b", "client_name"),
        ("redis://host?client_name=%ff", "client_name is not UTF-8"),
        ("redis://host?user=me", "user without a password"),
        ("redis://me@host", "`redis://:password@host`"),
        ("redis://:a%2@host", "password holds a `%`"),
        ("redis://:a%zz@host", "password holds a `%`"),
    ] {
        let said = refused(url);
        assert!(said.contains(words), "{url}: {said}");
    }
}

#[test]
fn errors_of_long_urls_are_short() {
    let long = "x".repeat(100_000);
    for url in [format!("redis://host?{long}"), format!("{long}://host"), format!("redis://host/{long}")] {
        assert!(refused(&url).len() < 200, "{}", refused(&url).len());
    }
}

#[test]
fn a_password_with_a_forgotten_escape_is_not_shown() {
    for url in [
        "redis://:s3cret/x@host",
        "redis://me:s3cret?x@host",
        "redis://me:1/s3cret@host",
        "redis://me:1?s3cret=x@host",
        "redis://me:s3cret#x@host",
        "redis://me:x#s3cret@host",
        "me:s3cret@redis://host",
        "me:s3cret://host",
        "redis://me@host#s3cret",
        "redis://[me:s3cret]",
        "redis://:%s3cret@host",
        "redis://s3cret@host",
        "redis://me:s3cret",
        "unix:///socket?password=a&s3cret=b",
    ] {
        let said = refused(url);
        assert!(!said.contains("s3cret"), "{url}: {said}");
    }
}

#[test]
fn sentinels_are_listed_before_the_name_of_their_primary() {
    let sentinels = |config: &Config| {
        let (sentinels, primary) = config.settings.sentinels().unwrap();
        (sentinels.to_vec(), primary.to_owned())
    };
    for scheme in ["redis+sentinel", "valkey+sentinel", "redis-sentinel", "REDIS+Sentinel"] {
        let config = read(&format!(
            "{scheme}://us%40er:p%2C@a,b:7000,[::1]/my%20master/3?sentinel_user=se&sentinel_password=q%26"
        ));
        let expected = (vec![tcp("a", 26379), tcp("b", 7000), tcp("::1", 26379)], "my master".to_owned());
        assert_eq!(sentinels(&config), expected, "{scheme}");
        let settings = config.settings;
        assert_eq!((settings.username.as_deref(), settings.password.as_deref()), (Some("us@er"), Some("p,")));
        assert_eq!(settings.database, 3);
        let login = settings.sentinel;
        assert_eq!((login.username.as_deref(), login.password.as_deref()), (Some("se"), Some("q&")));
    }
    for url in ["redis+sentinel://a/m", "redis+sentinel://a/m/?sentinel_user=&sentinel_password="] {
        let settings = read(url).settings;
        assert_eq!((settings.database, settings.username, settings.password), (0, None, None));
        assert_eq!((settings.sentinel.username, settings.sentinel.password), (None, None));
    }
    assert_eq!(read("redis+sentinel://a/m?db=2").settings.database, 2);
    let built = Config::sentinel(["a", "b:7000", "[::1]"], "my master").unwrap();
    assert_eq!(sentinels(&built), (vec![tcp("a", 26379), tcp("b", 7000), tcp("::1", 26379)], "my master".to_owned()));
}

#[test]
fn a_url_of_sentinels_that_is_wrong_is_refused() {
    for (url, words) in [
        ("redis+sentinel://a", "lacks the name"),
        ("redis+sentinel://a/", "lacks the name"),
        ("redis+sentinel://a//0", "lacks the name"),
        ("redis+sentinel://,/m", "host is empty"),
        ("redis+sentinel://a/m/s3cret", "database is not a number"),
        ("redis+sentinel://a/m/0/1", "database is not a number"),
        ("redis+sentinel://a/m/1?db=1", "the database twice"),
        ("redis+sentinel://a/m?sentinel_user=x", "sentinel_username is given without sentinel_password"),
        ("redis+sentinel://a/m?sentinel_password=x&s3cret", "behind `password`"),
        ("redis://a?sentinel_password=s3cret", "and no Sentinels"),
        ("redis+sentinels://a/m", "`redis+sentinel://`"),
    ] {
        let said = refused(url);
        assert!(said.contains(words) && !said.contains("s3cret"), "{url}: {said}");
    }
    assert!(refused("redis+sentinel://a,me:pw@b/m").contains("has a `,` before its `@`"));
    assert!(read("redis+sentinel://a/m").settings.expect_no_sentinels().is_err());
    read("redis://a").settings.expect_no_sentinels().unwrap();
    let nothing: [&str; 0] = [];
    assert!(Config::sentinel(nothing, "m").unwrap_err().to_string().contains("no Sentinel is given"));
    assert!(Config::sentinel(["a"], "").unwrap_err().to_string().contains("is empty"));
    assert!(Config::sentinel(["a:0"], "m").unwrap_err().to_string().contains("port is 0"));
}
