use std::ops::{Deref, DerefMut};

use domain::{Fault, UserId};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Either, Error, Execute, Executor, PgConnection, PgPool, PgTransaction, Postgres, SqlStr};

use crate::fault::fault;

/// A transaction that acts for one person.
///
/// Through a transaction-mode pooler its statements have no name: the next transaction runs on another server connection, where
/// a name is unknown or taken. The driver, as of 0.9.0, names them even with its statement cache off
/// (<https://github.com/transact-rs/sqlx/issues/4328>).
#[derive(Debug)]
pub(crate) struct Transaction {
    inner: PgTransaction<'static>,
    named_statements: bool,
}

/// A connection for one statement that acts for nobody: for the lookups that find out who asks.
#[derive(Debug)]
pub(crate) struct Nobody {
    inner: Alone,
    named_statements: bool,
}

/// What one statement needs to itself.
#[derive(Debug)]
enum Alone {
    /// The connection, and no round trip more.
    Connection(PoolConnection<Postgres>),
    /// A transaction, behind a transaction-mode pooler: a statement is prepared in one message and run in another, and outside of a
    /// transaction these may go to two servers.
    Transaction(PgTransaction<'static>),
}

impl Transaction {
    pub(crate) fn new(inner: PgTransaction<'static>, named_statements: bool) -> Self {
        Self { inner, named_statements }
    }

    /// Acts for somebody else from here on: an invitation belongs to its admin, and makes an account that does not.
    pub(crate) async fn act_for(&mut self, person: UserId) -> Result<(), Fault> {
        sqlx::query_scalar!("SELECT set_config('app.user_id', $1, true)", person.to_string())
            .fetch_one(self)
            .await
            .map(drop)
            .map_err(fault)
    }

    pub(crate) async fn commit(self) -> Result<(), Fault> {
        self.inner.commit().await.map_err(fault)
    }
}

impl Nobody {
    pub(crate) async fn of(pool: &PgPool, named_statements: bool) -> Result<Self, Error> {
        let inner = if named_statements {
            Alone::Connection(pool.acquire().await?)
        } else {
            Alone::Transaction(pool.begin().await?)
        };
        Ok(Self { inner, named_statements })
    }

    /// Gives the server back to the pooler.
    pub(crate) async fn end(self) -> Result<(), Error> {
        match self.inner {
            Alone::Connection(_) => Ok(()),
            Alone::Transaction(transaction) => transaction.commit().await,
        }
    }
}

impl Deref for Alone {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Connection(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl DerefMut for Alone {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Connection(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

macro_rules! executor {
    ($name:ident) => {
        impl<'c> Executor<'c> for &'c mut $name {
            type Database = Postgres;

            fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
            where
                'c: 'e,
                E: 'q + Execute<'q, Postgres>,
            {
                self.inner.fetch_many(Statement { query, named: self.named_statements })
            }

            fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
            where
                'c: 'e,
                E: 'q + Execute<'q, Postgres>,
            {
                self.inner.fetch_optional(Statement { query, named: self.named_statements })
            }

            fn prepare_with<'e>(
                self,
                sql: SqlStr,
                parameters: &'e [PgTypeInfo],
            ) -> BoxFuture<'e, Result<PgStatement, Error>>
            where
                'c: 'e,
            {
                self.inner.prepare_with(sql, parameters)
            }

            fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, Error>>
            where
                'c: 'e,
            {
                self.inner.describe(sql)
            }
        }
    };
}

executor!(Transaction);
executor!(Nobody);

struct Statement<E> {
    query: E,
    named: bool,
}

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Statement<E> {
    fn sql(self) -> SqlStr {
        self.query.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.named && self.query.persistent()
    }
}
