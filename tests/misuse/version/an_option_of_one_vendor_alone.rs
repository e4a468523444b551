use typedis::{
    Client,
    commands::connection::{ClientListFilter, ConnectedClient},
    prelude::*,
    version::{Redis8_0, Valkey9_0},
};

pub async fn example(client: &Client<(Redis8_0, Valkey9_0)>) -> typedis::Result<Vec<ConnectedClient>> {
    client.client_list_with(ClientListFilter::new().user("ann")).await //~ ERROR no Redis has `ListFilters`, which came with `Valkey8_1`, and this client declares `(Redis8_0, Valkey9_0)`
    //~^ HELP choose among what `client_list` returns
}

fn main() {}
