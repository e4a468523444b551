//! The validation of settings, its messages, and the output of `Debug`.

use super::{Address, Config};
use std::time::Duration;

fn config() -> Config {
    Config::new(Address::Tcp { host: "localhost".into(), port: 6379 })
}

fn refused(config: Config) -> String {
    config.validate().unwrap_err().to_string()
}

#[test]
fn debug_shows_no_password() {
    let shown = format!("{:?}", config().username("me").password("s3cret"));
    assert!(shown.contains("password: Some(***)") && !shown.contains("s3cret"), "{shown}");
    assert!(format!("{:?}", config()).contains("password: None"));
}

#[test]
fn what_cannot_work_is_refused_by_name() {
    config().validate().unwrap();
    config().response_timeout(None).pool_timeout(Duration::MAX).validate().unwrap();
    assert!(refused(config().pool_size(0)).contains("pool_size is zero"));
    assert!(refused(config().pool_size(usize::MAX)).contains("pool_size is 1844"));
    assert!(refused(config().connect_timeout(Duration::ZERO)).contains("connect_timeout"));
    assert!(refused(config().response_timeout(Duration::ZERO)).contains("response_timeout"));
    assert!(refused(config().pool_timeout(Duration::ZERO)).contains("pool_timeout"));
    assert!(refused(config().max_reply_bytes(0)).contains("max_reply_bytes"));
    assert!(refused(config().max_reply_elements(0)).contains("max_reply_elements"));
    assert!(refused(config().max_reply_depth(0)).contains("max_reply_depth is zero"));
    assert!(refused(config().max_reply_depth(1000)).contains("max_reply_depth is 1000"));
    assert!(refused(config().max_queued_bytes(0)).contains("max_queued_bytes is zero"));
    assert!(refused(config().pool_idle_timeout(Duration::ZERO)).contains("pool_idle_timeout"));
    assert!(refused(config().health_check_interval(Duration::ZERO)).contains("health_check_interval"));
    assert!(refused(config().tcp_keepalive(Duration::ZERO)).contains("tcp_keepalive"));
    assert!(refused(config().client_name("two words")).contains("client_name \"two words\""));
    assert!(refused(config().client_name("")).contains("client_name"));
    assert!(refused(config().username("me")).contains("a user without a password"));
}

#[cfg(feature = "tls")]
mod tls {
    use super::super::{Config, Tls};

    const URL: &str = "rediss://redis.example";

    fn refused(url: &str, tls: Tls) -> String {
        Config::from_url(url).unwrap().tls(tls).validate().unwrap_err().to_string()
    }

    fn certificate() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["redis.example".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn pem_that_cannot_be_read_is_refused_by_its_part() {
        let (certificate, key) = certificate();
        let (other, _) = self::certificate();
        let secret = key.lines().nth(1).unwrap();
        let broken = certificate.replace("-----END", "-----");
        let nonsense = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let client = |chain: &str, key: &str| {
            Tls::new().root_certificates_pem(certificate.as_str()).client_certificate_pem(chain, key)
        };
        let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        for (tls, words) in [
            (Tls::new().root_certificates_pem("ca.pem"), "the roots (`Tls::root_certificates_pem`) are no PEM"),
            (Tls::new().root_certificates_pem(broken), "the roots (`Tls::root_certificates_pem`) cannot be read"),
            (
                Tls::new().root_certificates_pem(certificate.as_str()).root_certificates_pem(nonsense),
                "number 1 of the roots",
            ),
            (client("client.pem", &key), "the client's certificate"),
            (client(&certificate, "key.pem"), "the client's private key (`Tls::client_certificate_pem`) is no PEM"),
            (client(&certificate, &certificate), "the client's private key (`Tls::client_certificate_pem`) is no PEM"),
            (client(&certificate, &encrypted), "is encrypted: decrypt it first"),
            (client(&other, &key), "is not that of its certificate"),
            (client(nonsense, &key), "the client's certificate"),
            (client(&certificate, &key.replace("-----END", "-----")), "the client's private key"),
            (client(&key, &certificate), "the client's certificate"),
            (client(&certificate, secret), "the client's private key"),
            (Tls::new().root_certificates_pem(key.replace("KEY-----\n", "KEY-----x\n")), "the roots"),
        ] {
            let said = refused(URL, tls);
            assert!(said.starts_with("configuration: TLS: ") && said.contains(words), "{words}: {said}");
            assert!(!said.contains(secret), "{said}");
        }
        Config::from_url(URL).unwrap().tls(client(&certificate, &key)).validate().unwrap();
    }

    #[test]
    fn a_name_that_no_certificate_has_is_refused() {
        let trusting = || Tls::new().root_certificates_pem(certificate().0);
        assert!(refused("rediss://a_b..c", trusting()).contains("the URL's host \"a_b..c\""));
        assert!(refused(URL, trusting().server_name("two words")).contains("server_name \"two words\""));
        for url in ["rediss://redis_1", "rediss://127.0.0.1", "rediss://[::1]:6380", "rediss://[fe80::1%25eth0]"] {
            Config::from_url(url).unwrap().tls(trusting()).validate().unwrap();
        }
        Config::from_url("rediss://a_b..c").unwrap().tls(trusting().server_name("::1")).validate().unwrap();
    }

    #[test]
    fn tls_that_contradicts_the_url_is_refused() {
        assert!(refused("redis://host", Tls::new()).contains("write `rediss://`"));
        #[cfg(unix)]
        assert!(refused("unix:///socket", Tls::new()).contains("Unix socket"));
    }

    #[test]
    fn servers_and_sentinels_have_tls_together_or_apart() {
        let enabled = |config: &Config| {
            let settings = &config.settings;
            let sentinel = settings.of_sentinel(&settings.address);
            (settings.tls.enabled().is_some(), sentinel.tls.enabled().is_some())
        };
        let secure = || Config::from_url("rediss+sentinel://a/m").unwrap();
        let plain = || Config::from_url("redis+sentinel://a/m").unwrap();
        let built = || Config::sentinel(["a"], "m").unwrap();
        let tls = || Tls::new().root_certificates_pem(certificate().0);
        for (config, expected) in [
            (secure().tls(tls()), (true, true)),
            (secure().tls(tls()).sentinel_tls(None), (true, false)),
            (plain(), (false, false)),
            (plain().sentinel_tls(tls()), (false, true)),
            (built(), (false, false)),
            (built().tls(tls()), (true, true)),
            (built().tls(tls()).sentinel_tls(None), (true, false)),
            (built().sentinel_tls(tls()), (false, true)),
        ] {
            assert_eq!(enabled(&config), expected, "{config:?}");
            config.validate().unwrap();
        }
        let broken = || Tls::new().root_certificates_pem("ca.pem");
        assert!(refused("redis+sentinel://a/m", tls()).contains("write `rediss+sentinel://`"));
        assert!(refused("rediss+sentinel://a/m", broken()).contains("no PEM"));
        let said = plain().sentinel_tls(broken()).validate().unwrap_err().to_string();
        assert!(said.contains("no PEM"), "{said}");
        let said = secure().tls(tls()).sentinel_tls(broken()).validate().unwrap_err().to_string();
        assert!(said.contains("no PEM"), "{said}");
        let said = Config::from_url("rediss+sentinel://a,a_b..c/m").unwrap().tls(tls()).validate().unwrap_err();
        assert!(said.to_string().contains("a_b..c"), "{said}");
    }

    #[test]
    fn debug_shows_no_key() {
        let (certificate, key) = certificate();
        let tls = Tls::new()
            .root_certificates_pem(certificate.as_str())
            .client_certificate_pem(certificate.as_str(), key.as_str());
        let shown = format!("{:?}", Config::from_url(URL).unwrap().tls(tls.server_name("other")));
        assert!(shown.contains("client_certificate: Some(***)") && shown.contains("\"other\""), "{shown}");
        assert!(!shown.contains("PRIVATE") && shown.contains("roots: own") && shown.len() < 1000, "{shown}");
    }

    #[test]
    fn what_is_changed_after_a_client_was_made_of_it_counts() {
        let (certificate, _) = certificate();
        let tls = Tls::new().root_certificates_pem(certificate);
        Config::from_url(URL).unwrap().tls(tls.clone()).validate().unwrap();
        assert!(refused(URL, tls.root_certificates_pem("ca.pem")).contains("no PEM"));
    }
}

#[test]
fn debug_shows_no_password_of_sentinels() {
    let config = Config::sentinel(["a"], "m").unwrap().sentinel_username("se").sentinel_password("s3cret");
    let shown = format!("{config:?}");
    assert!(shown.contains("se") && !shown.contains("s3cret") && shown.contains("primary: \"m\""), "{shown}");
    assert!(refused(Config::sentinel(["a"], "m").unwrap().sentinel_username("se")).contains("sentinel_password"));
    assert!(refused(self::config().sentinel_password("s")).contains("no Sentinels"));
}
