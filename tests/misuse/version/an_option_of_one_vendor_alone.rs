use typedis::{
    key::need::AnyKind,
    options::flag::{AvailableSince, Introduced},
    version::{Redis8_0, Valkey9_0, ValkeyAlone},
    Client,
};

pub struct OfPolygon;

impl Introduced for OfPolygon {
    type Redis = ValkeyAlone;
    type Valkey = Valkey9_0;
}

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Counts the things in an area.
    fn count_in[O: AvailableSince<Self::Server>](key @ AnyKind, area: Area<O>) -> Integer as i64
        = "THINGS.COUNT" (&key, area.1) as CountIn {
            since: redis "6.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };
}

pub struct Area<O>(pub O, pub u64);

pub async fn example(client: &Client<(Redis8_0, Valkey9_0)>) -> typedis::Result<i64> {
    client.count_in("a", Area(OfPolygon, 3)).await //~ ERROR `OfPolygon` came with `ValkeyAlone`, and this client declares `(Redis8_0, Valkey9_0)`
    //~^ HELP do without it
}

fn main() {}
