use typedis::pipeline;

pub fn example() {
    let batch = pipeline! { incr("key") };
    drop(batch);
}

fn main() {}
