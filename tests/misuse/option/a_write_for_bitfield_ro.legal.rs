use typedis::{commands::bitmap::{BitField, BitfieldOptions}, prelude::*, Client};

const LEVEL: BitField = BitField::unsigned(4);

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.bitfield("levels", BitfieldOptions::new().incrby(LEVEL, 1)).await?;
    client.bitfield_ro("levels", BitfieldOptions::new().get(LEVEL)).await?;
    Ok(())
}

fn main() {}
