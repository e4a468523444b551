use typedis::{pipeline, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    pipeline! { client =>
        get::<String>("a");
        getdel::<String>("b");
    }?;
    Ok(())
}

fn main() {}
