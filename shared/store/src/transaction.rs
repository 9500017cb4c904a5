use domain::Fault;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Either, Error, Execute, Executor, PgTransaction, Postgres, SqlStr};

use crate::fault::fault;

/// A transaction that acts for one person.
///
/// Through a transaction-mode pooler its statements have no name: the next transaction runs on another server connection, where
/// a name is unknown or taken. The driver, as of 0.9.0, names them even with its statement cache off
/// (<https://github.com/transact-rs/sqlx/issues/4328>).
#[derive(Debug)]
pub(crate) struct Transaction {
    transaction: PgTransaction<'static>,
    named_statements: bool,
}

impl Transaction {
    pub(crate) fn new(transaction: PgTransaction<'static>, named_statements: bool) -> Self {
        Self { transaction, named_statements }
    }

    pub(crate) async fn commit(self) -> Result<(), Fault> {
        self.transaction.commit().await.map_err(fault)
    }
}

impl<'c> Executor<'c> for &'c mut Transaction {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.transaction.fetch_many(Statement { query, named: self.named_statements })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.transaction.fetch_optional(Statement { query, named: self.named_statements })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [PgTypeInfo]) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        self.transaction.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        self.transaction.describe(sql)
    }
}

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
