//! The filters of CLIENT LIST and CLIENT KILL.

use super::options::ClientType;
use crate::command::{
    flag::{ClientFilters, ClientMaxage, KillLaddr, ListFilters, ListIds},
    option::{Checked, IsSet, IsUnset, OptionField, Unset, WordSink, arguments},
};
use std::marker::PhantomData;

/// A word of a filter and its values.
#[derive(Clone, Copy, Debug)]
struct Term<'a> {
    word: &'static str,
    values: Values<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Values<'a> {
    Text(&'a str),
    Number(u64),
    Type(ClientType),
    Ids(&'a [u64]),
}

impl OptionField for Term<'_> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self.word);
        match self.values {
            Values::Text(text) => out.argument(text),
            Values::Number(number) => out.argument(&number),
            Values::Type(kind) => kind.send(None, out),
            Values::Ids([]) => out.argument(&Checked("", Some("an empty list of IDs"))),
            Values::Ids(ids) => ids.iter().for_each(|id| out.argument(id)),
        }
    }
}

/// Declares a filter with the methods that both commands have.
macro_rules! filters {
    ($($(#[$meta:meta])* $name:ident, empty: $empty:expr;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $name<'a, N = Unset, C = Unset> {
            terms: Vec<Term<'a>>,
            given: PhantomData<fn() -> (N, C)>,
        }

        impl<'a> $name<'a> {
            /// Makes a filter without any condition.
            pub const fn new() -> Self {
                $name { terms: Vec::new(), given: PhantomData }
            }
        }

        impl Default for $name<'_> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<N, C> OptionField for $name<'_, N, C> {
            fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
                out.word(word);
                let without_any: Option<&'static str> = $empty;
                if let (Some(reason), true) = (without_any, self.terms.is_empty()) {
                    out.argument(&Checked("", Some(reason)));
                }
                self.terms.iter().for_each(|term| term.send(None, out));
            }
        }
        arguments!(['a, N, C] $name<'a, N, C>);

        impl<'a, N, C> $name<'a, N, C> {
            fn with<M, D>(mut self, word: &'static str, values: Values<'a>) -> $name<'a, M, D> {
                self.terms.retain(|term| term.word != word);
                self.terms.push(Term { word, values });
                $name { terms: self.terms, given: PhantomData }
            }
        }

        filters! { @texts $name ClientFilters:
            /// Only connections with this name (NAME, on Valkey since 9.0).
            name "NAME";
            /// Only connections with all of these flags, such as `N` or `xP`, as CLIENT LIST shows them (FLAGS, on Valkey since 9.0).
            flags "FLAGS";
            /// Only connections of this client library (LIB-NAME, on Valkey since 9.0).
            lib_name "LIB-NAME";
            /// Only connections of this version of a client library (LIB-VER, on Valkey since 9.0).
            lib_ver "LIB-VER";
            /// Only connections with this capability, such as `r` for redirects (CAPA, on Valkey since 9.0).
            capa "CAPA";
            /// Only connections from this address, without a port (IP, on Valkey since 9.0).
            ip "IP";
            /// Only connections of other users (NOT-USER, on Valkey since 9.0).
            not_user "NOT-USER";
            /// Only connections from other addresses (NOT-ADDR, on Valkey since 9.0).
            not_addr "NOT-ADDR";
            /// Only connections to other addresses of the server (NOT-LADDR, on Valkey since 9.0).
            not_laddr "NOT-LADDR";
            /// Only connections with another name, or without one (NOT-NAME, on Valkey since 9.0).
            not_name "NOT-NAME";
            /// Only connections with none of these flags (NOT-FLAGS, on Valkey since 9.0).
            not_flags "NOT-FLAGS";
            /// Only connections of other client libraries (NOT-LIB-NAME, on Valkey since 9.0).
            not_lib_name "NOT-LIB-NAME";
            /// Only connections of other versions of client libraries (NOT-LIB-VER, on Valkey since 9.0).
            not_lib_ver "NOT-LIB-VER";
            /// Only connections without this capability (NOT-CAPA, on Valkey since 9.0).
            not_capa "NOT-CAPA";
            /// Only connections from other addresses, without a port (NOT-IP, on Valkey since 9.0).
            not_ip "NOT-IP";
        }
        filters! { @numbers $name ClientFilters:
            /// Only connections that were idle for at least so many seconds, more than 0 (IDLE, on Valkey since 9.0).
            idle "IDLE";
            /// Only connections in this database (DB, on Valkey since 9.0).
            db "DB";
            /// Only connections in other databases (NOT-DB, on Valkey since 9.0).
            not_db "NOT-DB";
        }

        impl<'a, N, C> $name<'a, N, C> {
            /// Only connections of other types (NOT-TYPE, on Valkey since 9.0).
            pub fn not_type(self, kind: ClientType) -> $name<'a, (N, ClientFilters), C> {
                self.with("NOT-TYPE", Values::Type(kind))
            }

            /// Only connections with other [IDs](crate::commands::ConnectionCommands::client_id) (NOT-ID, on Valkey since 9.0).
            pub fn not_ids(self, ids: &'a [u64]) -> $name<'a, (N, ClientFilters), C> {
                self.with(ClientFilters::WORD, Values::Ids(ids))
            }
        }
    )+};

    (@texts $name:ident $flag:ty: $($(#[$meta:meta])* $method:ident $word:expr;)+) => {
        impl<'a, N, C> $name<'a, N, C> {$(
            $(#[$meta])*
            pub fn $method(self, text: &'a str) -> $name<'a, (N, $flag), C> {
                self.with($word, Values::Text(text))
            }
        )+}
    };
    (@numbers $name:ident $flag:ty: $($(#[$meta:meta])* $method:ident $word:expr;)+) => {
        impl<'a, N, C> $name<'a, N, C> {$(
            $(#[$meta])*
            pub fn $method(self, number: u64) -> $name<'a, (N, $flag), C> {
                self.with($word, Values::Number(number))
            }
        )+}
    };
}

filters! {
    /// The connections that CLIENT LIST returns, for
    /// [`client_list_with`](crate::commands::ConnectionCommands::client_list_with): those that pass all filters. A type and IDs
    /// exclude each other, because Redis takes one of the two.
    ClientListFilter, empty: None;
    /// The connections that CLIENT KILL closes, for
    /// [`client_kill_with`](crate::commands::ConnectionCommands::client_kill_with): those that pass all filters,
    /// of which there must be one or more.
    ClientKillFilter, empty: Some("a filter without any condition, which the server refuses");
}

filters! { @texts ClientListFilter ListFilters:
    /// Only connections of this user (USER, on Valkey since 8.1).
    user ListFilters::WORD;
    /// Only connections from this address, with the port (ADDR, on Valkey since 8.1).
    addr "ADDR";
    /// Only connections to this address of the server, with the port (LADDR, on Valkey since 8.1).
    laddr "LADDR";
}

filters! { @numbers ClientListFilter ListFilters:
    /// Only connections that are open for at least so many seconds (MAXAGE, on Valkey since 8.1).
    maxage "MAXAGE";
}

impl<'a, N, C: IsUnset> ClientListFilter<'a, N, C> {
    /// Only connections of this type (TYPE, since 5.0).
    pub fn client_type(self, kind: ClientType) -> ClientListFilter<'a, N, IsSet> {
        self.with("TYPE", Values::Type(kind))
    }

    /// Only connections with one of these [IDs](crate::commands::ConnectionCommands::client_id) (ID, since 6.2).
    pub fn ids(self, ids: &'a [u64]) -> ClientListFilter<'a, (N, ListIds), IsSet> {
        self.with(ListIds::WORD, Values::Ids(ids))
    }
}

impl<'a, N, C> ClientListFilter<'a, N, C> {
    /// Leaves out the connection that asks (SKIPME yes, on Valkey since 8.1).
    pub fn skip_me(self) -> ClientListFilter<'a, (N, ListFilters), C> {
        self.with("SKIPME", Values::Text("yes"))
    }
}

impl<'a, N, C> ClientKillFilter<'a, N, C> {
    /// Only connections of this type (TYPE).
    pub fn client_type(self, kind: ClientType) -> Self {
        self.with("TYPE", Values::Type(kind))
    }

    /// Only the connection with this [ID](crate::commands::ConnectionCommands::client_id) (ID).
    pub fn id(self, id: u64) -> Self {
        self.with("ID", Values::Number(id))
    }

    /// Only connections of this user (USER).
    pub fn user(self, user: &'a str) -> Self {
        self.with("USER", Values::Text(user))
    }

    /// Only the connection from this address, with the port (ADDR).
    pub fn addr(self, address: &'a str) -> Self {
        self.with("ADDR", Values::Text(address))
    }

    /// Only connections to this address of the server, with the port (LADDR, since 6.2).
    pub fn laddr(self, address: &'a str) -> ClientKillFilter<'a, (N, KillLaddr), C> {
        self.with(KillLaddr::WORD, Values::Text(address))
    }

    /// Closes also the connection that sends the command, once it has the reply, if it passes (SKIPME no). Then all other callers
    /// of a shared connection lose it too.
    pub fn kill_me(self) -> Self {
        self.with("SKIPME", Values::Text("no"))
    }
}

impl<'a, N, C> ClientKillFilter<'a, N, C> {
    /// Only connections that are open for at least so many seconds (MAXAGE, on Redis since 7.4, on Valkey since 8.0).
    pub fn maxage(self, seconds: u64) -> ClientKillFilter<'a, (N, ClientMaxage), C> {
        self.with(ClientMaxage::WORD, Values::Number(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn filters_are_their_words() {
        assert_eq!(encoded(&ClientListFilter::new()), "");
        assert_eq!(encoded(&ClientListFilter::default().ids(&[1, 22])), "ID 1 22");
        let listed = ClientListFilter::new().client_type(ClientType::Primary).skip_me().user("ada").maxage(5);
        assert_eq!(encoded(&listed), "TYPE MASTER SKIPME yes USER ada MAXAGE 5");
        let listed = ClientListFilter::new().not_ids(&[3, 4]).not_type(ClientType::Pubsub).idle(9);
        assert_eq!(encoded(&listed), "NOT-ID 3 4 NOT-TYPE PUBSUB IDLE 9");
        let killed = ClientKillFilter::new().id(7).maxage(60).addr("a:1").laddr("b:2").user("x").kill_me();
        assert_eq!(encoded(&killed), "ID 7 MAXAGE 60 ADDR a:1 LADDR b:2 USER x SKIPME no");
        assert_eq!(encoded(&ClientKillFilter::new().name("a").not_db(0).name("b")), "NOT-DB 0 NAME b");
    }
}
