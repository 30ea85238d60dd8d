//! The authorization endpoint: shows the sign-in page, checks the password, and sends the browser
//! back to the program with a code.

use super::{
    challenge_of, make_secret, page,
    page::{Note, form, language, refusal},
    password,
};
use crate::{
    api::{
        State,
        body::{Fields, Form, to_the_end},
        describe::CLIENT_ID,
        problems::{Open, Taking},
    },
    app::App,
    db::{accounts, accounts::AccountState, tokens},
    error::Result,
    server::PeerAddress,
};
use axum::{
    Extension,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use pingli_protocol::{ReviewerId, Sha256};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};
use url::Url;
use utoipa::{IntoParams, ToSchema};

const COOKIE: &str = "pingli_sign_in";

/// What a program asks the browser to bring.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read field by field")]
pub(crate) struct AuthorizeQuery {
    /// Always `code`; anything else goes back to the program as an error.
    response_type: Option<String>,
    /// The program: `pingli-desktop`.
    #[param(pattern = "^pingli-desktop$")]
    client_id: String,
    /// Where the code goes: `http://127.0.0.1:PORT/…` or `http://[::1]:PORT/…`.
    #[param(
        pattern = "^http://(127\\.0\\.0\\.1|\\[::1\\]):([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2})/[A-Za-z0-9_./-]*$"
    )]
    redirect_uri: String,
    /// Given back as it came.
    state: Option<String>,
    /// Base64url of the SHA-256 of the verifier; without it an error goes back to the program.
    code_challenge: Option<String>,
    /// Always `S256`; anything else goes back to the program as an error.
    code_challenge_method: Option<String>,
}

/// The sign-in form: the query's fields again, with these.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read field by field")]
pub(crate) struct SignInForm {
    /// The account's name.
    name: String,
    /// The password.
    password: String,
    /// The page's own token.
    csrf: String,
    /// Always `code`.
    #[schema(pattern = "^code$")]
    response_type: String,
    /// The program.
    #[schema(pattern = "^pingli-desktop$")]
    client_id: String,
    /// Where the code goes.
    #[schema(
        pattern = "^http://(127\\.0\\.0\\.1|\\[::1\\]):([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2})/[A-Za-z0-9_./-]*$"
    )]
    redirect_uri: String,
    /// Given back as it came.
    state: Option<String>,
    /// The challenge.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    code_challenge: String,
    /// Always `S256`.
    #[schema(pattern = "^S256$")]
    code_challenge_method: String,
}

/// A request that may show the form.
struct Asked {
    redirect_uri: Url,
    state: Option<String>,
    code_challenge: String,
}

enum Refusal {
    /// Nobody may be redirected: the page says why.
    Page(&'static str, &'static str),
    /// The program is told, as RFC 6749 has it.
    Redirect(Url),
}

fn check(fields: &BTreeMap<String, String>) -> std::result::Result<Asked, Refusal> {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id") != CLIENT_ID {
        return Err(Refusal::Page("这个程序没有在本判定中心登记。", "This program is not known to the server."));
    }
    let Some(redirect_uri) = loopback(field("redirect_uri")) else {
        return Err(Refusal::Page("登录之后的去处不在本机上。", "The address to go back to is not on this machine."));
    };
    let state = fields.get("state").cloned();
    let refuse = |error: &str, what: &str| {
        let answer = [("error", error), ("error_description", what)];
        Err(Refusal::Redirect(with_answer(&redirect_uri, &answer, state.as_deref())))
    };
    if field("response_type") != "code" {
        return refuse("unsupported_response_type", "response_type is code");
    }
    let challenge = field("code_challenge");
    let reads = challenge.len() == 43 && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if field("code_challenge_method") != "S256" || !reads {
        return refuse("invalid_request", "PKCE with S256 is required");
    }
    Ok(Asked { code_challenge: challenge.to_owned(), redirect_uri, state })
}

/// A redirect address on this machine, of any port (RFC 8252, section 7.3).
fn loopback(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = matches!(url.host_str(), Some("127.0.0.1" | "[::1]"));
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (url.scheme() == "http" && host && plain && text.len() <= 2048).then_some(url)
}

fn with_answer(redirect: &Url, answer: &[(&str, &str)], state: Option<&str>) -> Url {
    let mut url = redirect.clone();
    url.query_pairs_mut().extend_pairs(answer).extend_pairs(state.map(|state| ("state", state)));
    url
}

/// Shows the sign-in page.
#[utoipa::path(
    get, path = "/oauth/authorize", tag = "sign-in", operation_id = "show_sign_in", params(AuthorizeQuery),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = 303, description = "Back to the program, with an error in the query (RFC 6749)"),
        (status = 400, description = "The program or its address is not known, or the query does not read",
          content((String = "text/html; charset=utf-8"), (pingli_protocol::problem::Problem = "application/problem+json"))),
        Open
    )
)]
pub(crate) async fn page(Fields(fields): Fields, headers: HeaderMap) -> Result<Response> {
    let asked = match check(&fields) {
        Ok(asked) => asked,
        Err(refused) => return Ok(answer_refusal(refused, &headers)),
    };
    show(&asked, Note::None, "", &headers)
}

/// Shows the form with a token of its own.
fn show(asked: &Asked, note: Note, name: &str, headers: &HeaderMap) -> Result<Response> {
    let secret = make_secret()?;
    let csrf = challenge_of(&secret);
    let mut hidden = vec![
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", asked.redirect_uri.as_str()),
        ("code_challenge", asked.code_challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("csrf", csrf.as_str()),
    ];
    if let Some(state) = &asked.state {
        hidden.push(("state", state));
    }
    // An IPv6 address cannot be named in a policy; its scheme can.
    let target = match asked.redirect_uri.host_str() {
        Some("127.0.0.1") => asked.redirect_uri.origin().ascii_serialization(),
        _ => "http:".to_owned(),
    };
    let mut response = form(language(headers), note, &hidden, name, &target);
    let cookie = format!("{COOKIE}={secret}; Path=/oauth/authorize; HttpOnly; SameSite=Strict; Max-Age=900");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn answer_refusal(refused: Refusal, headers: &HeaderMap) -> Response {
    match refused {
        Refusal::Page(zh, en) => refusal(language(headers), zh, en),
        Refusal::Redirect(url) => see_other(&url),
    }
}

fn see_other(url: &Url) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, url.as_str().to_owned())]).into_response()
}

/// Checks the password and sends the browser back with a code.
#[utoipa::path(
    post, path = "/oauth/authorize", tag = "sign-in", operation_id = "sign_in",
    request_body(content = SignInForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "Back to the program, with `code` and `state` in the query"),
        (status = 403, description = "The page again: name and password do not match, or the page was too old",
          body = String, content_type = "text/html; charset=utf-8"),
        (status = 429, description = "The page again: too many tries; wait as Retry-After says", body = String,
          content_type = "text/html; charset=utf-8"),
        Taking, Open,
        (status = 400, description = "The program or its address is not known, or the form does not read",
          content((String = "text/html; charset=utf-8"), (pingli_protocol::problem::Problem = "application/problem+json"))),
    )
)]
pub(crate) async fn sign_in(
    state: State,
    peer: Option<Extension<PeerAddress>>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response> {
    let app = Arc::clone(&state.0);
    let asked = match check(&fields) {
        Ok(asked) => asked,
        Err(Refusal::Page(zh, en)) => return Ok(refusal(language(&headers), zh, en)),
        // The page that we showed had these fields right.
        Err(Refusal::Redirect(_)) => {
            return Ok(refusal(
                language(&headers),
                "登录请求不完整，请从评理重新登录。",
                "Please sign in from Pingli again.",
            ));
        }
    };
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let name = field("name").trim();
    if !came_from_our_page(&headers, field("csrf")) {
        return show(&asked, Note::Again, name, &headers);
    }
    let address = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.0.0.ip().to_string());
    if let Some(seconds) = app.attempts.wait(&address, name, app.now()) {
        let mut response = show(&asked, Note::Wait, name, &headers)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let Some(reviewer) = check_password(&app, name, field("password")).await? else {
        app.attempts.failed(&address, name, app.now());
        return show(&asked, page::Note::Wrong, name, &headers);
    };
    let code = to_the_end(async move { make_code(&app, reviewer, &asked).await }).await?;
    Ok(see_other(&code))
}

/// The form must carry the token of the page that this browser was shown.
fn came_from_our_page(headers: &HeaderMap, csrf: &str) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let secret = cookies
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value));
    // Compared as hashes, so that the time taken says nothing about the token.
    secret.is_some_and(|secret| Sha256::of(challenge_of(secret).as_bytes()) == Sha256::of(csrf.as_bytes()))
}

async fn check_password(app: &App, name: &str, given: &str) -> Result<Option<ReviewerId>> {
    let mut tx = app.db.read().await?;
    let account = accounts::by_name(&mut tx, name).await?.filter(|account| account.state != AccountState::Removed);
    drop(tx);
    let fits = password::verify(given, account.as_ref().map(|account| account.password_hash.clone())).await?;
    Ok(account.filter(|_| fits).map(|account| account.id))
}

async fn make_code(app: &App, reviewer: ReviewerId, asked: &Asked) -> Result<Url> {
    let secret = make_secret()?;
    let code = tokens::Code {
        reviewer,
        client_id: CLIENT_ID.to_owned(),
        redirect_uri: asked.redirect_uri.to_string(),
        code_challenge: asked.code_challenge.clone(),
        expires_at: app.now().plus_seconds(app.rules.code),
        family: None,
    };
    let mut tx = app.db.write().await?;
    tokens::add_code(&mut tx, Sha256::of(secret.as_bytes()), &code).await?;
    tx.commit().await?;
    Ok(with_answer(&asked.redirect_uri, &[("code", secret.as_str())], asked.state.as_deref()))
}
