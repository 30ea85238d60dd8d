//! A simulated person at the public API: signs in through the real sign-in page and sends what a
//! reviewer's program would send. Nothing here touches the server's insides.

use crate::{
    api::oauth::challenge_of,
    error::{Error, Result},
};
use pingli_casepack::{PackLimits, ServerKeys};
use pingli_protocol::{
    Sha256,
    case::CaseDocument,
    server::{ServerDescription, WELL_KNOWN_PATH},
};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{io::Cursor, sync::Once};
use url::Url;

/// Where the browser would be sent back to; nobody listens there, the answer is read on the way.
const REDIRECT: &str = "http://127.0.0.1:1/signed-in";

static TLS: Once = Once::new();

/// Somebody who is signed in.
pub(crate) struct Person {
    http: Client,
    base: String,
    description: ServerDescription,
    tokens: TokenAnswer,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    refresh_token: String,
}

fn failed(what: &str) -> impl FnOnce(reqwest::Error) -> Error {
    let what = what.to_owned();
    move |e| Error::Broken(format!("{what}: {e}"))
}

impl Person {
    /// Signs in with name and password.
    pub(crate) async fn sign_in(base: &str, name: &str, password: &str) -> Result<Self> {
        // The client wants to know how to encrypt although it only talks to this machine; another
        // part of the program may have said so before.
        TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let http =
            Client::builder().no_proxy().redirect(Policy::none()).build().map_err(failed("make an HTTP client"))?;
        let answer = http.get(format!("{base}{WELL_KNOWN_PATH}")).send().await.map_err(failed("ask the server"))?;
        let description: ServerDescription = answer.json().await.map_err(failed("read the description"))?;
        let verifier = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        let code = code(&http, &description, &verifier, name, password).await?;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &description.sign_in.client_id),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &verifier),
        ];
        let answer = http
            .post(&description.sign_in.token_endpoint)
            .form(&form)
            .send()
            .await
            .map_err(failed("ask for tokens"))?;
        let tokens = answer.json().await.map_err(failed("read the tokens"))?;
        Ok(Self { http, base: base.to_owned(), description, tokens })
    }

    /// Asks for something.
    pub(crate) async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T> {
        let response = self.send(path, None::<&()>).await?;
        response.json().await.map_err(failed("read an answer"))
    }

    /// Sends something; none when the server refuses it as things stand.
    pub(crate) async fn post<T: DeserializeOwned>(&mut self, path: &str, body: &impl Serialize) -> Result<Option<T>> {
        let response = self.send(path, Some(body)).await?;
        match response.status() {
            StatusCode::CONFLICT | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Ok(None),
            _ => response.json().await.map(Some).map_err(failed("read an answer")),
        }
    }

    /// Fetches a pack and verifies every byte of it, as a reviewer's program does.
    pub(crate) async fn pack(&mut self, sha256: Sha256) -> Result<CaseDocument> {
        let response = self.send(&format!("/api/v1/packs/{sha256}"), None::<&()>).await?;
        let bytes = response.bytes().await.map_err(failed("fetch a pack"))?;
        let keys = ServerKeys::first_meeting(&self.description.keys)
            .map_err(|e| Error::Broken(format!("server keys: {e}")))?;
        let pack = pingli_casepack::verify(&mut Cursor::new(bytes), &keys, &PackLimits::default())
            .map_err(|e| Error::Broken(format!("pack {sha256}: {e}")))?;
        Ok(pack.document)
    }

    async fn send(&mut self, path: &str, body: Option<&impl Serialize>) -> Result<Response> {
        let response = self.once(path, body).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        self.refresh().await?;
        self.once(path, body).await
    }

    async fn once(&self, path: &str, body: Option<&impl Serialize>) -> Result<Response> {
        let url = format!("{}{path}", self.base);
        let request = match body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let response =
            request.bearer_auth(&self.tokens.access_token).send().await.map_err(failed("reach the server"))?;
        if response.status().is_server_error() {
            return Err(Error::Broken(format!("{path}: {}", response.status())));
        }
        Ok(response)
    }

    async fn refresh(&mut self) -> Result<()> {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.description.sign_in.client_id),
            ("refresh_token", &self.tokens.refresh_token),
        ];
        let answer = self
            .http
            .post(&self.description.sign_in.token_endpoint)
            .form(&form)
            .send()
            .await
            .map_err(failed("refresh"))?;
        self.tokens = answer.json().await.map_err(failed("read the tokens"))?;
        Ok(())
    }
}

/// Gets the sign-in page, fills it in, and reads the code from where the browser is sent.
async fn code(
    http: &Client,
    description: &ServerDescription,
    verifier: &str,
    name: &str,
    password: &str,
) -> Result<String> {
    let mut page = Url::parse(&description.sign_in.authorization_endpoint)
        .map_err(|e| Error::Broken(format!("authorization endpoint: {e}")))?;
    page.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", &description.sign_in.client_id),
        ("redirect_uri", REDIRECT),
        ("state", "demo"),
        ("code_challenge", &challenge_of(verifier)),
        ("code_challenge_method", "S256"),
    ]);
    let shown = http.get(page).send().await.map_err(failed("open the sign-in page"))?;
    let cookie = shown
        .headers()
        .get(header::SET_COOKIE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .unwrap_or_default()
        .to_owned();
    let html = shown.text().await.map_err(failed("read the sign-in page"))?;
    let mut fields = hidden_fields(&html);
    fields.push(("name".into(), name.into()));
    fields.push(("password".into(), password.into()));
    let answer = http
        .post(&description.sign_in.authorization_endpoint)
        .header(header::COOKIE, cookie)
        .form(&fields)
        .send()
        .await
        .map_err(failed("sign in"))?;
    answer
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|location| Url::parse(location).ok())
        .and_then(|url| url.query_pairs().find(|(key, _)| key == "code").map(|(_, code)| code.into_owned()))
        .ok_or_else(|| Error::Broken(format!("{name} could not sign in: {}", answer.status())))
}

/// The hidden fields of our own page; their values hold no character that HTML escapes, save `&`.
fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let value_of = |tag: &str, attribute: &str| -> Option<String> {
        let from = tag.split_once(&format!("{attribute}=\""))?.1;
        Some(from.split_once('"')?.0.replace("&amp;", "&"))
    };
    html.split("<input type=\"hidden\"")
        .skip(1)
        .filter_map(|tag| Some((value_of(tag, " name")?, value_of(tag, " value")?)))
        .collect()
}
