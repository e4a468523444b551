use typedis::{
    Client,
    commands::connection::{ClientListFilter, ConnectedClient},
    prelude::*,
    version::Valkey9_0,
};

pub async fn example(client: &Client<Valkey9_0>) -> typedis::Result<Vec<ConnectedClient>> {
    client.client_list_with(ClientListFilter::new().user("ann")).await
}

fn main() {}
