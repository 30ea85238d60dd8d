//! The sign-in page: plain HTML without a script, in Chinese or English.

use axum::response::{IntoResponse as _, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use pingli_protocol::{Lang, Sha256};
use std::{fmt::Write as _, sync::LazyLock};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#FBFAF7;color:#1F2328;\
font:15px/1.6 system-ui,'Noto Sans CJK SC','Noto Sans SC',sans-serif}\
main{width:min(22rem,90vw);padding:2rem;background:#fff;border:1px solid #E4E1DA;border-radius:8px}\
h1{margin:0 0 .25rem;font-size:24px;font-weight:600}p{margin:.25rem 0 1rem;color:#5B6470}\
label{display:block;margin:.75rem 0 .25rem}\
input{box-sizing:border-box;width:100%;padding:.5rem .75rem;font:inherit;color:inherit;background:#fff;\
border:1px solid #8A8F96;border-radius:8px}\
button{width:100%;margin-top:1.25rem;padding:.6rem;font:inherit;color:#fff;background:#1E5AA8;border:0;border-radius:8px}\
:focus-visible{outline:2px solid #1E5AA8;outline-offset:2px}\
.note{color:#B3261E}\
@media(prefers-color-scheme:dark){body{background:#15171B;color:#E8E5DE}main{background:#1D2025;border-color:#31353C}\
p{color:#A3ABB6}input{background:#15171B;border-color:#6B727C}button{background:#7FB0F5;color:#15171B}\
.note{color:#F2948C}:focus-visible{outline-color:#7FB0F5}}";

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::of(STYLE.as_bytes()).as_bytes()));

/// What the page says beside the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing.
    None,
    /// Name and password do not go together.
    Wrong,
    /// Too many tries.
    Wait,
    /// The page is too old, or was not opened from here.
    Again,
}

/// The language to answer in: the first of the asker's that the page has; Chinese otherwise.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let wishes = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for wish in wishes.split(',') {
        let tag = wish.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            return Lang::ZhHans;
        }
        if tag.starts_with("en") {
            return Lang::En;
        }
    }
    Lang::ZhHans
}

/// Writes the sign-in form. `hidden` are the request's own fields, given back as they came.
pub(crate) fn form(lang: Lang, note: Note, hidden: &[(&str, &str)], name: &str, redirect_to: &str) -> Response {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::En { en } else { zh };
    let (status, note) = match note {
        Note::None => (StatusCode::OK, ""),
        Note::Wrong => (
            StatusCode::FORBIDDEN,
            say("账号或密码不对，请再试一次。", "Name and password do not match. Please try again."),
        ),
        Note::Wait => (
            StatusCode::TOO_MANY_REQUESTS,
            say("尝试次数过多，请过几分钟再试。", "Too many tries. Please wait a few minutes."),
        ),
        Note::Again => {
            (StatusCode::FORBIDDEN, say("页面已过期，请重新登录。", "This page is too old. Please sign in again."))
        }
    };
    let mut fields = String::new();
    for (field, value) in hidden {
        // Writing into a string cannot fail.
        let _ = write!(fields, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(field), escape(value));
    }
    let note = if note.is_empty() { String::new() } else { format!("<p class=\"note\" role=\"alert\">{note}</p>") };
    let body = format!(
        "<main><h1>{title}</h1><p>{lead}</p>{note}<form method=\"post\" action=\"/oauth/authorize\">{fields}\
         <label for=\"name\">{label}</label><input id=\"name\" name=\"name\" value=\"{name}\" autocomplete=\"username\" \
         autocapitalize=\"off\" required autofocus>\
         <label for=\"password\">{secret}</label><input id=\"password\" name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required><button id=\"sign-in\" type=\"submit\">{go}</button></form></main>",
        title = say("登录判定中心", "Judgment server"),
        lead = say("登录后会回到评理。", "Afterwards you are back in Pingli."),
        label = say("账号", "Name"),
        secret = say("密码", "Password"),
        go = say("登录", "Sign in"),
        name = escape(name),
    );
    page(lang, status, &body, redirect_to)
}

/// Writes a page that says why there is no form.
pub(crate) fn refusal(lang: Lang, zh: &str, en: &str) -> Response {
    let title = if lang == Lang::En { "Cannot sign in" } else { "无法登录" };
    let text = if lang == Lang::En { en } else { zh };
    page(lang, StatusCode::BAD_REQUEST, &format!("<main><h1>{title}</h1><p>{}</p></main>", escape(text)), "")
}

fn page(lang: Lang, status: StatusCode, body: &str, redirect_to: &str) -> Response {
    let (tag, title) = if lang == Lang::En { ("en", "Pingli") } else { ("zh-Hans", "评理") };
    let html = format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body>{body}</body></html>"
    );
    // Browsers check the redirect that answers the form against form-action too.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self' {redirect_to}; frame-ancestors 'none'; base-uri 'none'",
        *STYLE_HASH
    );
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag));
    response
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_the_first_language_it_has() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            language(&headers)
        };
        assert_eq!(of("en-GB,en;q=0.9,zh-CN;q=0.8"), Lang::En);
        assert_eq!(of("fr, zh-TW;q=0.5, en;q=0.4"), Lang::ZhHans);
        assert_eq!(of("fr"), Lang::ZhHans);
        assert_eq!(language(&HeaderMap::new()), Lang::ZhHans);
    }
}
