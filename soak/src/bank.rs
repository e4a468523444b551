//! The bank: transfers between accounts under WATCH. The sum of the balances is constant, no balance is negative, and a
//! ledger that the same transactions write holds the transfers that the server ran.

use crate::{
    audit::Audit,
    effect::Effect,
    history::{History, pairs},
};
use typedis::{ClientOn, Error, Outcome, Result, hlist_pat, pipeline, prelude::*, topology::Topology};
use typedis_testing::{Frame, Raw};

/// The first balance of every account.
const OPENING_BALANCE: i64 = 100;

/// The bank of one server.
pub const BANK: Bank = Bank { tag: "bank", accounts: 18 };

/// A bank.
#[derive(Clone, Copy, Debug)]
pub struct Bank {
    /// The hash tag of its keys, so that all are of one slot.
    pub tag: &'static str,
    /// The number of accounts.
    pub accounts: usize,
}

/// The forms of a transfer in typedis.
#[derive(Clone, Copy, Debug)]
pub enum TransferForm {
    /// `watch`, reads, `multi`, `execute`, once.
    Methods,
    /// `Client::try_transaction`.
    Call,
    /// `pipeline!` with `watch`.
    Macro,
}

/// A request to move money.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The key of the ledger, a hash: the id of each transfer and how often it ran.
    pub ledger: String,
    /// The field of the ledger.
    pub id: String,
    /// The key of the account that is debited.
    pub from: String,
    /// The key of the account that is credited.
    pub to: String,
    /// The amount.
    pub amount: i64,
}

/// The reason why a transfer was not made.
#[derive(Debug)]
pub enum Refused {
    /// The balance is less than the amount.
    InsufficientFunds,
    /// Another client wrote an account first.
    Conflict,
    /// An account does not exist, which is a violation.
    Missing(String),
    /// An error of typedis.
    Redis(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Redis(error)
    }
}

impl TransferForm {
    /// All forms.
    pub const ALL: [TransferForm; 3] = [TransferForm::Methods, TransferForm::Call, TransferForm::Macro];

    /// Its name in the tally.
    pub fn name(self) -> &'static str {
        match self {
            TransferForm::Methods => "transfer, methods",
            TransferForm::Call => "transfer, transaction()",
            TransferForm::Macro => "transfer, pipeline!",
        }
    }
}

impl Bank {
    /// The key of an account.
    pub fn account(self, index: usize) -> String {
        format!("{{{}}}:account:{index}", self.tag)
    }

    /// The key of the ledger.
    pub fn ledger(self) -> String {
        format!("{{{}}}:ledger", self.tag)
    }

    /// The key of a value that no account is, to try out whether the server of the bank serves.
    pub fn probe(self) -> String {
        format!("{{{}}}:probe", self.tag)
    }

    /// Opens all accounts.
    pub async fn open(self, raw: &mut Raw) {
        for index in 0..self.accounts {
            raw.command(["SET", &self.account(index), &OPENING_BALANCE.to_string()]).await;
        }
    }

    /// Chooses a transfer between two of the first `accounts` accounts.
    pub fn choose(self, random: &mut fastrand::Rng, accounts: usize, id: String) -> Transfer {
        let from = random.usize(..accounts);
        let to = (from + random.usize(1..accounts)) % accounts;
        Transfer {
            ledger: self.ledger(),
            id,
            from: self.account(from),
            to: self.account(to),
            amount: random.i64(1..=40),
        }
    }

    /// Compares the server's data with the history.
    pub async fn audit(self, raw: &mut Raw, history: &History) -> Audit {
        let mut violations = Vec::new();
        let mut sum = 0;
        for index in 0..self.accounts {
            let Frame::Bulk(balance) = raw.command(["GET", &self.account(index)]).await else {
                violations.push(format!("{} is missing", self.account(index)));
                continue;
            };
            let balance: i64 = String::from_utf8_lossy(&balance).parse().unwrap_or(i64::MIN);
            if balance < 0 {
                violations.push(format!("{} holds {balance}", self.account(index)));
            }
            sum += i128::from(balance);
        }
        let expected = i128::from(OPENING_BALANCE) * self.accounts as i128;
        if sum != expected {
            violations.push(format!("the accounts hold {sum} together, where {expected} were paid in"));
        }
        let ledger = raw.command(["HGETALL", &self.ledger()]).await;
        let ledger = history.audit("transfer", pairs(&ledger), &mut violations);
        Audit { figures: format!("{} accounts hold {sum}, {ledger}", self.accounts), violations }
    }
}

impl Transfer {
    /// Makes the transfer.
    pub async fn make<T: Topology>(&self, client: &ClientOn<T>, form: TransferForm) -> Result<(), Refused> {
        match form {
            TransferForm::Methods => self.by_methods(client).await,
            TransferForm::Call => self.by_call(client).await,
            TransferForm::Macro => self.by_macro(client).await,
        }
    }

    async fn by_methods<T: Topology>(&self, client: &ClientOn<T>) -> Result<(), Refused> {
        let mut tx = client.pipeline().watch((&self.from, &self.to)).await?;
        let from = tx.get::<i64>(&self.from).await?;
        let to = tx.get::<i64>(&self.to).await?;
        let (from, to) = match self.balances(from, to) {
            Ok(balances) => balances,
            Err(refused) => {
                let _idle = tx.unwatch().await;
                return Err(refused);
            }
        };
        let queue = tx.multi().set(&self.from, from).set(&self.to, to).hincrby(&self.ledger, &self.id, 1);
        match queue.execute().await? {
            Outcome::Committed(hlist_pat![(), (), _]) => Ok(()),
            Outcome::Conflict => Err(Refused::Conflict),
        }
    }

    async fn by_call<T: Topology>(&self, client: &ClientOn<T>) -> Result<(), Refused> {
        let keys = (&self.from, &self.to);
        client
            .try_transaction(keys, |mut tx| async move {
                let from = tx.get::<i64>(&self.from).await?;
                let to = tx.get::<i64>(&self.to).await?;
                let (from, to) = self.balances(from, to)?;
                Ok::<_, Refused>(tx.multi().set(&self.from, from).set(&self.to, to).hincrby(&self.ledger, &self.id, 1))
            })
            .await?;
        Ok(())
    }

    async fn by_macro<T: Topology>(&self, client: &ClientOn<T>) -> Result<(), Refused> {
        pipeline! { client =>
            watch((&self.from, &self.to));
            let from = get::<i64>(&self.from)?;
            let to = get::<i64>(&self.to)?;
            let (from, to) = self.balances(from, to)?;
            multi();
            set(&self.from, from);
            set(&self.to, to);
            hincrby(&self.ledger, &self.id, 1);
        }?;
        Ok(())
    }

    /// The balances after the transfer, for SET and not INCRBY, so that a missed conflict changes the sum.
    fn balances(&self, from: Option<i64>, to: Option<i64>) -> Result<(i64, i64), Refused> {
        match (from, to) {
            (Some(from), Some(to)) if from >= self.amount => Ok((from - self.amount, to + self.amount)),
            (Some(_), Some(_)) => Err(Refused::InsufficientFunds),
            (None, _) => Err(Refused::Missing(self.from.clone())),
            (_, None) => Err(Refused::Missing(self.to.clone())),
        }
    }
}

impl Refused {
    /// The effect that this implies.
    pub fn effect(&self) -> Effect {
        match self {
            Refused::Redis(error) => Effect::of_error(error),
            _ => Effect::NotApplied,
        }
    }
}
