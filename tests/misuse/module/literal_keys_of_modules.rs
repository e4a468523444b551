use typedis::{pipeline, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        bf_add("a", "ada");
        json_del("a"); //~ ERROR WRONGTYPE: this key is a_bloom_filter by now, and `JsonDel` wants a_json_document
        json_set("b", 1);
        ts_incrby("b", 1.0); //~ ERROR WRONGTYPE: this key is a_json_document by now, and `TsIncrby` wants a_time_series
    }?;
    Ok(())
}

fn main() {}
