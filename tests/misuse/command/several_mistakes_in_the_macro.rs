use typedis::{key::List, pipeline, Client, Key};

const JOBS: Key<List<String>> = Key::new("jobs");

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _replies = pipeline! { client =>
        gett::<String>("name"); //~ ERROR no method named `gett` found
        //~^ AT gett
        set("name"); //~ ERROR this method takes 2 arguments but 1 argument was supplied
        //~^ AT set
        incr(JOBS); //~ ERROR this key holds a `typedis::key::List<
        //~^ AT JOBS
        incrby("hits", "one"); //~ ERROR mismatched types
        //~^ AT "one"
        blpop::<String>("jobs", 1.0); //~ ERROR cannot be queued
        //~^ AT blpop
        llenn(JOBS); //~ ERROR no method named `llenn` found
        //~^ HELP `llen` with a similar name
    }?;
    Ok(())
}

fn main() {}
