use typedis::{commands::bitmap::{BitField, BitfieldOptions}, prelude::*, Client};

const LEVEL: BitField = BitField::unsigned(4);

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.bitfield_ro("levels", BitfieldOptions::new().incrby(LEVEL, 1)).await?; //~ ERROR BITFIELD_RO only reads, and these operations write
    //~^ HELP send them by `bitfield`
    Ok(())
}

fn main() {}
