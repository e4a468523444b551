use typedis::{version::{Redis7_4, Valkey9_0}, Config};

pub fn example(config: Config) -> Config<(Redis7_4, Valkey9_0)> {
    config.at_least((Redis7_4, Valkey9_0))
}

fn main() {}
