use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        set("key"); //~ ERROR this method takes 2 arguments but 1 argument was supplied
        //~^ AT set
    }?;
    println!("{next:?}");
    Ok(())
}

fn main() {}
