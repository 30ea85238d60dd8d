//! Signing in, and what becomes of tokens.

use crate::world::{REDIRECT, World, code_form};
use axum::body::Body;
use http::{Request, StatusCode, header};
use pingli_server::GameRules;
use serde_json::Value;

async fn refresh(world: &World, token: &str) -> Result<String, String> {
    let form = [("grant_type", "refresh_token"), ("client_id", "pingli-desktop"), ("refresh_token", token)];
    let answer = world.form("/oauth/token", "", &form).await;
    let body: Value = answer.json();
    match answer.status {
        StatusCode::OK => Ok(body["refresh_token"].as_str().unwrap().to_owned()),
        _ => Err(body["error"].as_str().unwrap().to_owned()),
    }
}

fn first(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_signed_in_reviewer_is_known_until_the_token_runs_out() {
    let world = World::with(|config| config.rules.access_token = GameRules::default().access_token).await;
    let lin = world.reviewer("lin").await;
    let me: Value = lin.get("/api/v1/me").await.json();
    assert_eq!(me["display_name"], "lin");
    world.clock.advance(15 * 60);
    let answer = lin.get("/api/v1/me").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
    assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again_and_the_ninth_try_waits() {
    let world = World::new().await;
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    let (cookie, fields) = world.page("verifier").await;
    let mut form: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    form.extend([("name", "lin"), ("password", "<script>")]);
    for _ in 0..8 {
        let answer = world.form("/oauth/authorize", &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(!answer.text().contains("<script"), "what was typed never comes back as markup");
    }
    let answer = world.form("/oauth/authorize", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn the_form_of_another_page_is_refused() {
    let world = World::new().await;
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    let (_, fields) = world.page("verifier").await;
    let mut form: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    form.extend([("name", "lin"), ("password", "correct horse")]);
    for cookie in ["", "pingli_sign_in=guessed"] {
        let answer = world.form("/oauth/authorize", cookie, &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "the browser never saw that page");
    }
}

#[tokio::test]
async fn a_code_goes_to_this_machine_only() {
    let world = World::new().await;
    let challenge = pingli_server::api::oauth::challenge_of("verifier");
    for redirect in
        ["https://example.com/", "http://127.0.0.1.example.com/", "http://evil@127.0.0.1/", "javascript:1", ""]
    {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", "pingli-desktop"),
                ("redirect_uri", redirect),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let request = Request::get(format!("/oauth/authorize?{query}")).body(Body::empty()).unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{redirect}");
        assert!(!answer.headers.contains_key(header::LOCATION), "nobody is sent to {redirect}");
    }
}

#[tokio::test]
async fn without_pkce_the_program_is_told_so() {
    let world = World::new().await;
    let query = format!("response_type=code&client_id=pingli-desktop&redirect_uri={REDIRECT}&state=x");
    let answer = world.send(Request::get(format!("/oauth/authorize?{query}")).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    assert!(
        location.starts_with(REDIRECT) && location.contains("error=invalid_request") && location.ends_with("state=x")
    );
}

#[tokio::test]
async fn the_page_has_no_script_and_a_strict_policy() {
    let world = World::new().await;
    let query = format!(
        "response_type=code&client_id=pingli-desktop&redirect_uri={REDIRECT}&code_challenge_method=S256&code_challenge={}",
        pingli_server::api::oauth::challenge_of("v")
    );
    let request = Request::get(format!("/oauth/authorize?{query}")).header(header::ACCEPT_LANGUAGE, "en");
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert!(answer.text().contains("Sign in") && !answer.text().contains("<script"));
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_is_good_once() {
    let world = World::new().await;
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    let code = world.code("lin", "verifier").await;
    let answer = world.form("/oauth/token", "", &code_form(&code, "another")).await;
    assert_eq!(answer.json::<Value>()["error"], "invalid_grant");
    let tokens: Value = world.form("/oauth/token", "", &code_form(&code, "verifier")).await.json();
    let again = world.form("/oauth/token", "", &code_form(&code, "verifier")).await;
    assert_eq!(again.json::<Value>()["error"], "invalid_grant");
    let refused = refresh(&world, &first(&tokens)).await;
    assert_eq!(refused, Err("invalid_grant".into()), "a code used twice ends what it gave");
}

#[tokio::test]
async fn a_lost_answer_signs_nobody_out() {
    let world = World::new().await;
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    let old = first(&world.tokens("lin").await);
    let lost = refresh(&world, &old).await.unwrap();
    world.clock.advance(9 * 60);
    let new = refresh(&world, &old).await.expect("the old one is good until the new one is used");
    assert_ne!(lost, new);
    let newer = refresh(&world, &new).await.expect("the new one is good");
    assert_eq!(refresh(&world, &old).await, Err("invalid_grant".into()), "the old one is a copy by now");
    assert_eq!(refresh(&world, &newer).await, Err("invalid_grant".into()), "the copy ended the family");
}

#[tokio::test]
async fn the_old_token_is_good_for_ten_minutes_at_most() {
    let world = World::new().await;
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    let old = first(&world.tokens("lin").await);
    refresh(&world, &old).await.unwrap();
    world.clock.advance(10 * 60 + 1);
    assert_eq!(refresh(&world, &old).await, Err("invalid_grant".into()));
}

#[tokio::test]
async fn revoking_signs_out_at_once() {
    let world = World::new().await;
    world.app.add_user("lin", "lin", "correct horse").await.unwrap();
    let tokens = world.tokens("lin").await;
    let lin = crate::world::Reviewer { world: &world, token: tokens["access_token"].as_str().unwrap().to_owned() };
    assert_eq!(lin.get("/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(world.form("/oauth/revoke", "", &[("token", &first(&tokens))]).await.status, StatusCode::OK);
    assert_eq!(lin.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&world, &first(&tokens)).await, Err("invalid_grant".into()));
    let unknown = world.form("/oauth/revoke", "", &[("token", "never seen")]).await;
    assert_eq!(unknown.status, StatusCode::OK, "the answer says nothing about unknown tokens");
}
