use typedis::{ClientOn, prelude::*};

pub async fn example<T, V>(client: &ClientOn<T, V>) -> typedis::Result<Vec<String>> {
    client.keys("*").await
}

fn main() {}
