//! The bank: transfers between accounts under WATCH. The sum stays, no account goes negative, and a ledger, written by
//! the same transaction, tells which transfers the server did.

use typedis::{Client, Error, Outcome, Result, hlist_pat, pipeline, prelude::*};
use typedis_testing::Raw;

use crate::{books::Books, claim::Claim};

/// What every account holds at the beginning.
const OPENING: i64 = 100;
const LEDGER: &str = "ledger";

/// A bank of so many accounts.
#[derive(Clone, Copy, Debug)]
pub struct Bank {
    /// How many accounts it has.
    pub accounts: usize,
}

/// The ways to write a transfer.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// `watch`, reads, `multi`, `execute`, once.
    Methods,
    /// `Client::try_transaction`.
    Call,
    /// `pipeline!` with `watch`.
    Macro,
}

/// One wish to move money.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// Its name in the ledger.
    pub id: String,
    /// Who pays.
    pub from: String,
    /// Who is paid.
    pub to: String,
    /// How much.
    pub amount: i64,
}

/// Why a transfer was not made.
#[derive(Debug)]
pub enum Refused {
    /// The account holds too little.
    Poor,
    /// Another client came first.
    Conflict,
    /// An account is not there, which cannot be.
    Missing(String),
    /// Redis, or the way to it.
    Redis(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Redis(error)
    }
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 3] = [Form::Methods, Form::Call, Form::Macro];

    /// Its name in the tally.
    pub fn name(self) -> &'static str {
        match self {
            Form::Methods => "transfer, methods",
            Form::Call => "transfer, transaction()",
            Form::Macro => "transfer, pipeline!",
        }
    }
}

impl Bank {
    /// The key of an account.
    pub fn account(index: usize) -> String {
        format!("account:{index}")
    }

    /// Opens all accounts.
    pub async fn open(self, raw: &mut Raw) {
        for index in 0..self.accounts {
            raw.command(["SET", &Self::account(index), &OPENING.to_string()]).await;
        }
    }

    /// Chooses a transfer between two of the first `accounts` accounts.
    pub fn choose(random: &mut fastrand::Rng, accounts: usize, id: String) -> Transfer {
        let from = random.usize(..accounts);
        let to = (from + random.usize(1..accounts)) % accounts;
        Transfer { id, from: Self::account(from), to: Self::account(to), amount: random.i64(1..=40) }
    }

    /// Compares the server's data with what was told; returns a line of figures, and all that is wrong.
    pub async fn audit(self, raw: &mut Raw, books: &Books) -> (String, Vec<String>) {
        let mut wrong = Vec::new();
        let mut sum = 0;
        for index in 0..self.accounts {
            let balance: i64 = raw.command(["GET", &Self::account(index)]).await.text().parse().unwrap_or(i64::MIN);
            if balance < 0 {
                wrong.push(format!("{} holds {balance}", Self::account(index)));
            }
            sum += i128::from(balance);
        }
        let wanted = OPENING as i128 * self.accounts as i128;
        if sum != wanted {
            wrong.push(format!("the accounts hold {sum} together, where {wanted} were paid in"));
        }
        let ledger = raw.command(["HGETALL", LEDGER]).await;
        let pairs = ledger.items().chunks(2).map(|pair| (pair[0].text(), pair[1].text()));
        let found = books.audit(pairs, &mut wrong);
        let figures = format!("{} accounts hold {sum}, {found}", self.accounts);
        (figures, wrong)
    }
}

impl Transfer {
    /// Makes the transfer.
    pub async fn make(&self, client: &Client, form: Form) -> Result<(), Refused> {
        match form {
            Form::Methods => self.by_methods(client).await,
            Form::Call => self.by_call(client).await,
            Form::Macro => self.by_macro(client).await,
        }
    }

    async fn by_methods(&self, client: &Client) -> Result<(), Refused> {
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
        let queue = tx.multi().set(&self.from, from).set(&self.to, to).hincrby(LEDGER, &self.id, 1);
        match queue.execute().await? {
            Outcome::Committed(hlist_pat![(), (), _]) => Ok(()),
            Outcome::Conflict => Err(Refused::Conflict),
        }
    }

    async fn by_call(&self, client: &Client) -> Result<(), Refused> {
        let keys = (&self.from, &self.to);
        client
            .try_transaction(keys, |mut tx| async move {
                let from = tx.get::<i64>(&self.from).await?;
                let to = tx.get::<i64>(&self.to).await?;
                let (from, to) = self.balances(from, to)?;
                Ok::<_, Refused>(tx.multi().set(&self.from, from).set(&self.to, to).hincrby(LEDGER, &self.id, 1))
            })
            .await?;
        Ok(())
    }

    async fn by_macro(&self, client: &Client) -> Result<(), Refused> {
        pipeline! { client =>
            watch((&self.from, &self.to));
            let from = get::<i64>(&self.from)?;
            let to = get::<i64>(&self.to)?;
            let (from, to) = self.balances(from, to)?;
            multi();
            set(&self.from, from);
            set(&self.to, to);
            hincrby(LEDGER, &self.id, 1);
        }?;
        Ok(())
    }

    /// The balances after the transfer. They are set and not added to, so that a lost conflict shows in the sum.
    fn balances(&self, from: Option<i64>, to: Option<i64>) -> Result<(i64, i64), Refused> {
        match (from, to) {
            (Some(from), Some(to)) if from >= self.amount => Ok((from - self.amount, to + self.amount)),
            (Some(_), Some(_)) => Err(Refused::Poor),
            (None, _) => Err(Refused::Missing(self.from.clone())),
            (_, None) => Err(Refused::Missing(self.to.clone())),
        }
    }
}

impl Refused {
    /// What this says of the data.
    pub fn claim(&self) -> Claim {
        match self {
            Refused::Redis(error) => crate::claim::claim(error),
            _ => Claim::DidNot,
        }
    }
}
