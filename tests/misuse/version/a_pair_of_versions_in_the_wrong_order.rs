use typedis::{version::{Redis7_4, Valkey9_0}, Config};

pub fn example(config: Config) -> Config<(Valkey9_0, Redis7_4)> {
    config.at_least((Valkey9_0, Redis7_4)) //~ ERROR `Valkey9_0` is no release of Redis
    //~^ ERROR `Redis7_4` is no release of Valkey
    //~| HELP write `(Redis7_4, Valkey9_0)`
}

fn main() {}
