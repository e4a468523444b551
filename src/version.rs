//! Versions of servers, by vendor: as types, for what a client declares, and as data, for what the tables say.

mod availability;
mod declared;
mod number;
mod release;
mod supports;

pub use availability::{Availability, ModuleVersion};
pub use declared::{AnyVersion, Declared, ServerVersion};
pub(crate) use number::parse;
pub use number::{Vendor, Version};
pub(crate) use release::type_name;
pub use release::{
    OfRedis, OfValkey, Redis5_0, Redis6_0, Redis6_0_6, Redis6_2, Redis7_0, Redis7_2, Redis7_4, Redis8_0, Redis8_2,
    Redis8_4, Redis8_6, Redis8_8, Redis8_10, Redis8_12, Release, Valkey7_2, Valkey8_0, Valkey8_1, Valkey9_0, Valkey9_1,
    Valkey9_2,
};
#[doc(hidden)]
pub use release::{
    RedisAt, RedisSince, UnreleasedRedis, UnreleasedValkey, ValkeyAt, ValkeySince, redis_index, valkey_index,
};
pub use supports::{OnRedis, OnRedisAlone, OnValkey, OnValkeyAlone};
