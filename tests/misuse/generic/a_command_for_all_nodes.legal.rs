use typedis::{ClientOn, prelude::*};

pub async fn example<T, V>(client: &ClientOn<T, V>) -> typedis::Result<u64> {
    client.dbsize().await
}

fn main() {}
