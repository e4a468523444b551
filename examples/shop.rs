//! A small shop, once with plain keys and once with a keyspace: `cargo run --example shop`.
//!
//! An order takes the stock and the money for all items of a cart, or nothing. Both halves do the same on the server.
//! Fourteen mistakes were made on purpose in each of them, one at a time. The compiler found:
//!
//! | mistake | plain keys | keyspace |
//! |---|---|---|
//! | WATCH moved behind MULTI | yes | yes |
//! | a field of the receipt forgotten | yes | yes |
//! | the number of the order read as text | yes | yes |
//! | a blocking command in the transaction | yes | yes |
//! | a list command on a cart (`rpush`) | | yes |
//! | a number command on an account (`decrby`) | | yes |
//! | the owner read in place of the balance | | yes |
//! | text written into the stock | | yes |
//! | a typo in the name of a key | | yes |
//! | a typo in the name of a field | | yes |
//! | the cart renamed to the key of the order's number | | yes |
//! | an item in place of the user | | yes |
//! | a key left out of WATCH | | |
//! | the money added in place of taken | | |
//! | **found** | **4** | **12** |

use std::collections::HashMap;
use typedis::{Client, pipeline, prelude::*};
use typedis_testing::demo_server;

/// The items of a cart, with their numbers.
type Items = HashMap<String, u32>;

/// The result of an order.
#[derive(Debug, PartialEq)]
struct Receipt {
    /// The balance of the account afterwards, in cents.
    balance: i64,
    /// The stock of each bought item afterwards.
    stock: Vec<i64>,
    /// The replies of the commands that store the order's number and its items.
    numbered: (),
    kept: (),
}

#[derive(Debug)]
enum ShopError {
    SoldOut(String),
    /// The missing cents.
    Poor(i64),
    Redis(typedis::Error),
}

impl From<typedis::Error> for ShopError {
    fn from(error: typedis::Error) -> Self {
        ShopError::Redis(error)
    }
}

/// Returns the price of `items` if the stock suffices.
fn total(items: &Items, stock: &Items, prices: &HashMap<String, i64>) -> Result<i64, ShopError> {
    let mut total = 0;
    for (item, count) in items {
        if stock.get(item).is_none_or(|left| left < count) {
            return Err(ShopError::SoldOut(item.clone()));
        }
        total += prices.get(item).copied().unwrap_or(0) * i64::from(*count);
    }
    Ok(total)
}

/// With plain keys: each use repeats the name of the key and the type of its value.
mod plain {
    use super::*;

    pub async fn open(client: &Client) -> Result<(), ShopError> {
        pipeline! { client =>
            hset("{shop}:stock", [("apple", 5), ("pear", 1)]);
            hset("{shop}:prices", [("apple", 30), ("pear", 50)]);
            hset("{shop}:account:1", ("owner", "Ada"));
            hset("{shop}:account:1", ("balance", 200));
        }?;
        Ok(())
    }

    pub async fn add(client: &Client, user: u64, item: &str) -> Result<i64, ShopError> {
        Ok(client.hincrby(format!("{{shop}}:cart:{user}"), item, 1).await?)
    }

    pub async fn order(client: &Client, user: u64) -> Result<Receipt, ShopError> {
        let (account, cart) = (format!("{{shop}}:account:{user}"), format!("{{shop}}:cart:{user}"));
        pipeline! { client =>
            watch((&account, &cart, "{shop}:stock", "{shop}:orders"));
            let items = hgetall::<Items>(&cart)?;
            let stock = hgetall::<Items>("{shop}:stock")?;
            let prices = hgetall::<HashMap<String, i64>>("{shop}:prices")?;
            let balance = hget::<i64>(&account, "balance")?.unwrap_or(0);
            let number = get::<u64>("{shop}:orders")?.unwrap_or(0) + 1;
            let price = self::total(&items, &stock, &prices)?;
            if balance < price {
                return Err(ShopError::Poor(price - balance));
            }
            multi();
            Receipt {
                balance: hincrby(&account, "balance", -price);
                stock: each(&items, |p, (item, count)| p.hincrby("{shop}:stock", item, -i64::from(*count)));
                numbered: set("{shop}:orders", number);
                kept: rename(&cart, format!("{{shop}}:order:{number}"));
            }
        }
        .map_err(ShopError::Redis)
    }
}

/// With a keyspace: the name of each key and the type of its value are declared once.
mod declared {
    use super::*;
    use typedis::{
        HashFields,
        key::{Hash, Str},
        keyspace,
    };

    #[derive(HashFields)]
    struct Account {
        owner: String,
        /// In cents.
        balance: i64,
    }

    keyspace! {
        /// The stock of each item.
        STOCK: Hash<Items> = "{{shop}}:stock";
        /// The price of each item, in cents.
        PRICES: Hash<HashMap<String, i64>> = "{{shop}}:prices";
        /// The number of the last order.
        ORDERS: Str<u64> = "{{shop}}:orders";
        account(user: u64): Hash<Account> = "{{shop}}:account:{user}";
        /// The items in a user's cart.
        cart(user: u64): Hash<Items> = "{{shop}}:cart:{user}";
        /// The items of an order.
        bought(number: u64): Hash<Items> = "{{shop}}:order:{number}";
    }

    pub async fn open(client: &Client) -> Result<(), ShopError> {
        pipeline! { client =>
            hset(STOCK, [("apple", 5), ("pear", 1)]);
            hset(PRICES, [("apple", 30), ("pear", 50)]);
            hset(account(1), &Account { owner: "Ada".into(), balance: 200 });
        }?;
        Ok(())
    }

    pub async fn add(client: &Client, user: u64, item: &str) -> Result<i64, ShopError> {
        Ok(client.hincrby(cart(user), item, 1).await?)
    }

    pub async fn order(client: &Client, user: u64) -> Result<Receipt, ShopError> {
        pipeline! { client =>
            watch((account(user), cart(user), STOCK, ORDERS));
            let items = hgetall(cart(user))?;
            let stock = hgetall(STOCK)?;
            let prices = hgetall(PRICES)?;
            let balance = hget_field(account(user), Account::BALANCE)?.unwrap_or(0);
            let number = get(ORDERS)?.unwrap_or(0) + 1;
            let price = self::total(&items, &stock, &prices)?;
            if balance < price {
                return Err(ShopError::Poor(price - balance));
            }
            multi();
            Receipt {
                balance: hincrby_field(account(user), Account::BALANCE, -price);
                stock: each(&items, |p, (item, count)| p.hincrby(STOCK, item, -i64::from(*count)));
                numbered: set(ORDERS, number);
                kept: rename(cart(user), bought(number));
            }
        }
        .map_err(ShopError::Redis)
    }
}

#[tokio::main]
async fn main() -> Result<(), ShopError> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    println!("on {}", server.describe());

    plain::open(&client).await?;
    plain::add(&client, 1, "apple").await?;
    plain::add(&client, 1, "apple").await?;
    let receipt = plain::order(&client, 1).await?;
    println!("with plain keys: {receipt:?}");
    assert_eq!(receipt, Receipt { balance: 140, stock: vec![3], numbered: (), kept: () });

    // The keys are the same, so opening the shop again resets it.
    declared::open(&client).await?;
    declared::add(&client, 1, "apple").await?;
    declared::add(&client, 1, "apple").await?;
    let receipt = declared::order(&client, 1).await?;
    println!("with a keyspace: {receipt:?}");
    assert_eq!(receipt, Receipt { balance: 140, stock: vec![3], numbered: (), kept: () });

    declared::add(&client, 1, "pear").await?;
    declared::add(&client, 1, "pear").await?;
    for order in [plain::order(&client, 1).await, declared::order(&client, 1).await] {
        match order {
            Err(ShopError::SoldOut(item)) => println!("there are too few of {item}, so nothing was taken"),
            Err(ShopError::Poor(missing)) => panic!("{missing} cents are missing, where stock is"),
            Err(ShopError::Redis(error)) => return Err(error.into()),
            Ok(receipt) => panic!("two pears were sold where one was left: {receipt:?}"),
        }
    }
    Ok(())
}
