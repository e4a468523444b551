use typedis::pipeline;

pub fn example() {
    let batch = pipeline! {
        watch("key"); //~ ERROR a prepared pipeline has no connection to watch on
        //~^ AT watch
        incr("key");
    };
    drop(batch);
}

fn main() {}
