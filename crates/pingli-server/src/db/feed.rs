//! The feed: what each reviewer's mirror holds, one row per record, moved to the end when it
//! changes. Written in the transaction of the change itself.

use super::Conn;
use crate::error::{Error, Result};
use pingli_protocol::{
    ReviewerId,
    sync::{Change, ChangeBody, Collection, CollectionDigest, digest},
};

/// Who a row is for.
#[derive(Debug, Clone, Copy)]
pub enum Audience<'a> {
    /// Every reviewer.
    Everybody,
    /// One reviewer.
    One(&'a ReviewerId),
}

impl Audience<'_> {
    fn key(&self) -> &str {
        match self {
            Self::Everybody => "",
            Self::One(reviewer) => reviewer.as_str(),
        }
    }
}

/// Every collection there is.
pub const COLLECTIONS: [Collection; 8] = [
    Collection::CaseTypes,
    Collection::Profile,
    Collection::Standing,
    Collection::Seats,
    Collection::Verdicts,
    Collection::Ledger,
    Collection::Projects,
    Collection::Donations,
];

/// Puts a record as it is now. Nothing is written when it is as it was.
///
/// # Errors
/// When the database fails.
pub async fn put(conn: &mut Conn, audience: Audience<'_>, record: &str, body: &ChangeBody) -> Result<()> {
    write(conn, audience, body.collection(), record, Some(serde_json::to_string(body)?)).await
}

/// Says that a record is gone.
///
/// # Errors
/// When the database fails.
pub async fn end(conn: &mut Conn, audience: Audience<'_>, collection: Collection, record: &str) -> Result<()> {
    write(conn, audience, collection, record, None).await
}

async fn write(
    conn: &mut Conn,
    audience: Audience<'_>,
    collection: Collection,
    record: &str,
    body: Option<String>,
) -> Result<()> {
    let collection = super::text_of(&collection);
    let before: Option<(i64, i64, Option<String>)> =
        sqlx::query_as("select seq, version, body from feed where reviewer = ? and collection = ? and record = ?")
            .bind(audience.key())
            .bind(&collection)
            .bind(record)
            .fetch_optional(&mut *conn)
            .await?;
    let version = match before {
        Some((_, _, old)) if old == body => return Ok(()),
        None if body.is_none() => return Ok(()),
        Some((seq, version, _)) => {
            sqlx::query("delete from feed where seq = ?").bind(seq).execute(&mut *conn).await?;
            version + 1
        }
        None => 1,
    };
    sqlx::query("insert into feed (reviewer, collection, record, version, body) values (?, ?, ?, ?, ?)")
        .bind(audience.key())
        .bind(collection)
        .bind(record)
        .bind(version)
        .bind(body)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads the changes after a place, at most `limit`, with the place of each. From the beginning,
/// records that are gone are left out: there is nothing to take away from an empty mirror.
///
/// # Errors
/// When the database fails or a row does not read.
pub async fn changes(conn: &mut Conn, reviewer: &ReviewerId, after: i64, limit: i64) -> Result<Vec<(i64, Change)>> {
    let rows: Vec<(i64, String, String, i64, Option<String>)> = sqlx::query_as(
        "select seq, collection, record, version, body from feed
         where reviewer in ('', ?1) and seq > ?2 and (body is not null or ?2 > 0)
         order by seq limit ?3",
    )
    .bind(reviewer.as_str())
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(seq, collection, id, version, body)| {
            let body = match body {
                Some(text) => serde_json::from_str(&text)?,
                None => ChangeBody::Gone { collection: super::from_text(&collection)? },
            };
            Ok((seq, Change { id, version, body }))
        })
        .collect()
}

/// Digests what the reviewer's mirror must hold, collection by collection.
///
/// # Errors
/// When the database fails.
pub async fn digests(conn: &mut Conn, reviewer: &ReviewerId) -> Result<Vec<CollectionDigest>> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("select collection, record, version from feed where reviewer in ('', ?) and body is not null")
            .bind(reviewer.as_str())
            .fetch_all(conn)
            .await?;
    Ok(COLLECTIONS
        .into_iter()
        .map(|collection| {
            let name = super::text_of(&collection);
            let records = rows.iter().filter(|row| row.0 == name).map(|row| (row.1.as_str(), row.2));
            let (count, sha256) = digest(records);
            CollectionDigest { collection, count, sha256 }
        })
        .collect())
}

/// Reads live records of a collection, oldest change first.
///
/// # Errors
/// When the database fails or a row does not read.
pub async fn records(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    collection: Collection,
    limit: i64,
    offset: i64,
) -> Result<Vec<ChangeBody>> {
    let rows: Vec<String> = sqlx::query_scalar(
        "select body from feed where reviewer in ('', ?) and collection = ? and body is not null
         order by seq limit ? offset ?",
    )
    .bind(reviewer.as_str())
    .bind(super::text_of(&collection))
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|text| serde_json::from_str(text).map_err(Error::from)).collect()
}

/// Reads one live record.
///
/// # Errors
/// When the database fails or the row does not read.
pub async fn record(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    collection: Collection,
    record: &str,
) -> Result<Option<ChangeBody>> {
    let text: Option<String> = sqlx::query_scalar(
        "select body from feed where reviewer in ('', ?) and collection = ? and record = ? and body is not null",
    )
    .bind(reviewer.as_str())
    .bind(super::text_of(&collection))
    .bind(record)
    .fetch_optional(conn)
    .await?;
    text.map(|text| serde_json::from_str(&text).map_err(Error::from)).transpose()
}

/// The place of the newest change that a reviewer may see; 0 before the first.
///
/// # Errors
/// When the database fails.
pub async fn newest(conn: &mut Conn, reviewer: &ReviewerId) -> Result<i64> {
    Ok(sqlx::query_scalar("select coalesce(max(seq), 0) from feed where reviewer in ('', ?)")
        .bind(reviewer.as_str())
        .fetch_one(conn)
        .await?)
}

/// The place of the newest change of all; 0 before the first.
///
/// # Errors
/// When the database fails.
pub async fn newest_of_all(conn: &mut Conn) -> Result<i64> {
    Ok(sqlx::query_scalar("select coalesce(max(seq), 0) from feed").fetch_one(conn).await?)
}
