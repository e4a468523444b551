use typedis::{Client, Redis6_2, pipeline};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    pipeline! { client =>
        get::<String>("a");
        getdel::<String>("b");
    }?;
    Ok(())
}

fn main() {}
