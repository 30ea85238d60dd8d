//! Reading requests: JSON bodies, forms, queries and path segments, each with a limit and with
//! problem documents for what does not read.

use crate::error::{Error, Result};
use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Path, Request},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header, request::Parts};
use pingli_protocol::problem::ProblemCode;
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, time::Duration};

/// The largest body taken: a ballot with the longest opinion and every citation fits many times.
const LARGEST: usize = 256 * 1024;
/// How long a body may take to arrive.
const LONGEST: Duration = Duration::from_secs(30);

/// A JSON body, with its text as it came.
pub(crate) struct JsonBody<T> {
    pub(crate) value: T,
    pub(crate) text: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        check_media_type(request.headers(), "application/json")?;
        let bytes = collect(request.into_body()).await?;
        let text = String::from_utf8(bytes.into()).map_err(|_| unreadable("the body is not UTF-8"))?;
        let value = serde_json::from_str(&text).or_else(|e| match e.classify() {
            serde_json::error::Category::Data => {
                let refused = || Error::invalid(format!("column {}: {}", e.column(), reason(&e)));
                let mut value = serde_json::from_str(&text).map_err(|_| refused())?;
                whole_numbers(&mut value);
                serde_json::from_value(value).map_err(|_| refused())
            }
            _ => Err(unreadable("the body is not JSON")),
        })?;
        Ok(Self { value, text })
    }
}

/// To JSON Schema 265.0 is an integer; some programs write one so.
fn whole_numbers(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Number(number) => {
            let whole = number.as_f64().filter(|f| number.is_f64() && f.fract() == 0.0 && f.abs() < 9e15);
            if let Some(whole) = whole {
                // Exact: it has no fraction and is below 2^53.
                *number = (whole as i64).into();
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

/// What is wrong, without the value: a body may hold private text.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    match what.split_once(':') {
        Some((kind @ ("invalid type" | "invalid value" | "unknown variant"), _)) => kind.to_owned(),
        _ => what.chars().take(120).collect(),
    }
}

fn unreadable(detail: &str) -> Error {
    Error::invalid(detail).with_status(StatusCode::BAD_REQUEST)
}

/// A form of the sign-in addresses, each field once.
pub(crate) struct Form(pub(crate) BTreeMap<String, String>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        check_media_type(request.headers(), "application/x-www-form-urlencoded")?;
        let bytes = collect(request.into_body()).await?;
        fields(&bytes).map(Self)
    }
}

/// A query of the sign-in addresses, each field once.
pub(crate) struct Fields(pub(crate) BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Fields {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        fields(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

/// The fields of the sign-in addresses; others are passed over (RFC 6749, section 3.1).
const KNOWN: [&str; 15] = [
    "client_id",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "csrf",
    "grant_type",
    "name",
    "password",
    "redirect_uri",
    "refresh_token",
    "response_type",
    "state",
    "token",
    "token_type_hint",
];

fn fields(text: &[u8]) -> Result<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(text) {
        if !KNOWN.contains(&name.as_ref()) {
            continue;
        }
        if fields.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(unreadable("a field is there twice"));
        }
    }
    Ok(fields)
}

/// A query read as a type.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|_| Error::invalid("the query does not read"))
    }
}

/// Path segments. What does not read names nothing, so it is not found.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Error::not_found("thing"))
    }
}

fn check_media_type(headers: &HeaderMap, wanted: &str) -> Result<()> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        Ok(())
    } else {
        Err(Error::refused(ProblemCode::UnsupportedMediaType, format!("send {wanted}")))
    }
}

async fn collect(body: Body) -> Result<Bytes> {
    let mut stream = body.into_data_stream();
    let mut all = BytesMut::new();
    let read = async {
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| unreadable("the body broke off"))?;
            if all.len() + chunk.len() > LARGEST {
                return Err(Error::refused(ProblemCode::TooLarge, format!("at most {LARGEST} bytes")));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(())
    };
    tokio::time::timeout(LONGEST, read)
        .await
        .map_err(|_| Error::invalid("the body came too slowly").with_status(StatusCode::REQUEST_TIMEOUT))??;
    Ok(all.freeze())
}

/// Answers with a stored JSON text as it stands.
pub(crate) fn stored_json(text: String) -> impl axum::response::IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text)
}

/// Lets a write run to its end even when the asker hangs up: a half-finished wait must not decide
/// whether a ballot was kept.
pub(crate) async fn to_the_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.map_err(|e| Error::Broken(format!("a write broke off: {e}")))?
}
