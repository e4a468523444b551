//! Every macro of typedis expands where the dependency is renamed, and where another crate re-exports it. No dependency
//! here is called `typedis`, so an expansion that names the crate so does not compile.

#![cfg(test)]

mod renamed {
    use redis::{
        Client, HashFields, Prepared, Result, commands,
        key::{Hash, Str, need::Reads},
        keyspace, pipeline,
    };

    keyspace! {
        /// The number of the last order.
        pub(super) LAST_ORDER: Str<u64> = "orders:last";
        account(user: u64): Hash<Account> = "{{user:{user}}}:account";
        HOUSE = account(0);
    }

    #[derive(HashFields)]
    #[typedis(crate = redis)]
    struct Account {
        owner: String,
        #[typedis(rename = "cents")]
        balance: Option<i64>,
    }

    commands! {
        /// A command that typedis does not have.
        pub(super) trait OwnCommands in rows;

        /// Returns the number at `key`, and removes it.
        fn take(key @ Str<Reads<u64>>) -> Nullable<Bulk> as Option<u64> = "GETDEL" as Take {
            since: redis "6.2.0", arity: 2, access: ReadWrite, effect: MayRemove
        };
    }

    struct Sums {
        order: Option<u64>,
        house: Account,
    }

    /// Each form of `pipeline!`, within each pair of delimiters. Compiling them is the test.
    #[allow(dead_code)]
    async fn every_form(client: &Client) -> Result<Option<i64>> {
        let Sums { order: Some(_), house } =
            pipeline! { client => < Sums { order: take(LAST_ORDER); house: hgetall(HOUSE) } > }?
        else {
            return Ok(None);
        };
        let (balance,) = pipeline!(client =>
            watch(LAST_ORDER);
            let cents = hget_field(HOUSE, Account::BALANCE)?.unwrap_or(0);
            if cents < 0 {
                return Ok(house.balance);
            }
            multi();
            hincrby_field(HOUSE, Account::BALANCE, 1);
        )?;
        let batch: Prepared<(i64, ())> = pipeline![incr("hits"); set(LAST_ORDER, 1)];
        batch.execute(client).await?;
        Ok(Some(balance + house.owner.len() as i64))
    }

    #[test]
    fn the_macros_expand_under_another_name() {
        assert_eq!(account(7).name(), "{user:7}:account");
        assert_eq!((HOUSE.name(), Account::NAMES), ("{user:0}:account", &["owner", "cents"][..]));
    }
}

mod reexported {
    use company::{HashFields, keyspace, pipeline, typedis};
    use typedis::{
        Prepared,
        key::{Hash, Str},
    };

    keyspace! {
        account(user: u64): Hash<Account> = "account:{user}";
    }

    #[derive(HashFields)]
    #[typedis(crate = company::typedis)]
    struct Account {
        owner: String,
    }

    #[test]
    fn the_macros_expand_through_another_crate() {
        keyspace! { HITS: Str<i64> = "hits"; }
        let batch = pipeline! { incr(HITS); hget_field(account(7), Account::OWNER) };
        let batch: Prepared<(i64, Option<String>)> = batch;
        let twice: Prepared<(i64, i64)> = company::twice!(HITS);
        assert_eq!(format!("{batch:?}"), format!("{twice:?}"), "both hold two commands");
        assert_eq!(Account::NAMES, ["owner"]);
    }
}
