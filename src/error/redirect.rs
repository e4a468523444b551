//! Redirects: the errors MOVED and ASK, which name a slot and the node to ask.

/// A redirect in its whole form, such as `MOVED 3999 127.0.0.1:6381`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Redirect<'a> {
    /// The slot has moved for good (MOVED); otherwise the redirect is for one command (ASK).
    pub(crate) moved: bool,
    pub(crate) slot: u16,
    /// The host, without the brackets of an IPv6 address; `""` or `?` where the server does not know it.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
}

impl<'a> Redirect<'a> {
    /// Parses the text of an error. Nothing may stand behind the node, since a script that fails has its name there, and the
    /// first word alone may be a text that a caller has chosen.
    pub(crate) fn parse(error: &'a str) -> Option<Redirect<'a>> {
        let mut words = error.split(' ');
        let moved = match words.next()? {
            "MOVED" => true,
            "ASK" => false,
            _ => return None,
        };
        let slot = words.next()?.parse().ok().filter(|slot| *slot < 16384)?;
        let (host, port) = words.next()?.rsplit_once(':')?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = port.parse().ok()?;
        words.next().is_none().then_some(Redirect { moved, slot, host, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_parsed_in_its_whole_form_alone() {
        let redirect = |moved, slot, host, port| Some(Redirect { moved, slot, host, port });
        for (error, parsed) in [
            ("MOVED 3999 127.0.0.1:6381", redirect(true, 3999, "127.0.0.1", 6381)),
            ("ASK 0 ::1:6381", redirect(false, 0, "::1", 6381)),
            ("ASK 16383 [::1]:6381", redirect(false, 16383, "::1", 6381)),
            ("MOVED 1 :6381", redirect(true, 1, "", 6381)),
            ("MOVED 1 ?:6381", redirect(true, 1, "?", 6381)),
            ("MOVED 16384 a:1", None),
            ("MOVED 1 a:65536", None),
            ("MOVED 1 a", None),
            ("MOVED 1 a:1 script: 0, on @user_script:1.", None),
            ("moved 1 a:1", None),
            ("REDIRECT a:1", None),
            ("", None),
        ] {
            assert_eq!(Redirect::parse(error), parsed, "{error}");
        }
    }
}
