//! The loopback address that the browser comes back to: one small page, one answer.

use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use pingli_protocol::Lang;
use std::{convert::Infallible, io, net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::mpsc};

/// The path that the server redirects to.
const PATH: &str = "/signed-in";

/// What the browser brought back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The authorization code.
    Code(String),
    /// The server's reason for none.
    Denied(String),
}

/// A listener on a random port of this machine.
pub(super) struct Loopback {
    listener: TcpListener,
    port: u16,
    language: Lang,
}

impl Loopback {
    pub(super) async fn open(language: Lang) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port, language })
    }

    /// The address for the redirect. By number, as RFC 8252 §8.3 asks.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Waits for the browser to come back with this state. Whoever comes with another one, or to
    /// another path, is answered and ignored: any program of this machine can knock.
    pub(super) async fn wait(self, state: &str) -> io::Result<Answer> {
        let (found, mut answers) = mpsc::channel(1);
        let page: Arc<str> = page(self.language).into();
        let state: Arc<str> = state.into();
        loop {
            tokio::select! {
                answer = answers.recv() => {
                    return answer.ok_or_else(|| io::Error::other("the page was never shown"));
                }
                accepted = self.listener.accept() => {
                    let (stream, _) = accepted?;
                    let (found, page, state) = (found.clone(), page.clone(), state.clone());
                    let service = service_fn(move |request: Request<Incoming>| {
                        let (found, page, state) = (found.clone(), page.clone(), state.clone());
                        async move { Ok::<_, Infallible>(answer(&request, &state, &page, &found)) }
                    });
                    tokio::spawn(async move {
                        let served = http1::Builder::new()
                            .timer(TokioTimer::new())
                            .header_read_timeout(Duration::from_secs(10))
                            .keep_alive(false)
                            .serve_connection(TokioIo::new(stream), service);
                        if let Err(error) = served.await {
                            tracing::debug!(%error, "the browser's connection broke");
                        }
                    });
                }
            }
        }
    }
}

/// Whether a browser's query is taken for this state.
pub(crate) fn takes(query: &str, state: &str) -> bool {
    read(query, state).is_some()
}

/// Reads what the browser brought; nothing when it is for somebody else.
fn read(query: &str, state: &str) -> Option<Answer> {
    let mut fields: std::collections::BTreeMap<_, _> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if fields.get("state").map(String::as_str) != Some(state) {
        return None;
    }
    match (fields.remove("code"), fields.remove("error")) {
        (Some(code), None) => Some(Answer::Code(code)),
        (_, Some(error)) => Some(Answer::Denied(error)),
        (None, None) => None,
    }
}

fn answer(
    request: &Request<Incoming>,
    state: &str,
    page: &str,
    found: &mpsc::Sender<Answer>,
) -> Response<http_body_util::Full<Bytes>> {
    let brought = (request.method() == Method::GET && request.uri().path() == PATH)
        .then(|| read(request.uri().query().unwrap_or_default(), state))
        .flatten();
    let (status, text) = match brought {
        Some(answer) => {
            // A second answer to the same attempt has nobody waiting for it.
            let _ = found.try_send(answer);
            (StatusCode::OK, page.to_owned())
        }
        None => (StatusCode::NOT_FOUND, String::new()),
    };
    let mut response = Response::new(http_body_util::Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

fn page(language: Lang) -> String {
    let (tag, title, text) = match language {
        Lang::En => ("en", "You are signed in", "You may close this page and go back to Pingli."),
        Lang::ZhHant => ("zh-Hant", "已登入", "可以關閉這個頁面，回到評理。"),
        Lang::ZhHans => ("zh-Hans", "已登录", "可以关掉这个页面，回到评理。"),
    };
    format!(
        "<!doctype html><html lang=\"{tag}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <body style=\"font:18px/1.6 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em\">\
         <h1 style=\"font-size:24px\">{title}</h1><p>{text}</p></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_with_our_own_state_is_taken() {
        assert_eq!(read("code=a%2Fb&state=s", "s"), Some(Answer::Code("a/b".to_owned())), "decoded");
        assert_eq!(read("code=a&state=other", "s"), None, "another attempt's, or a stranger's");
        assert_eq!(read("code=a", "s"), None, "without a state");
        assert_eq!(read("error=access_denied&state=s", "s"), Some(Answer::Denied("access_denied".to_owned())));
        assert_eq!(read("state=s", "s"), None, "with nothing in it");
    }

    #[tokio::test]
    async fn a_strangers_knock_does_not_end_the_wait() {
        let loopback = Loopback::open(Lang::En).await.expect("a port is free");
        let address = loopback.address();
        let waiting = tokio::spawn(async move { loopback.wait("right").await });
        let http = crate::remote::build_http(&crate::remote::HttpConfig::default()).expect("a client");
        let ask = |query: &str| http.client().get(format!("{address}?{query}")).send();
        assert_eq!(ask("code=x&state=wrong").await.expect("answers").status(), 404, "a wrong state is nobody");
        assert_eq!(ask("code=y&state=right").await.expect("answers").status(), 200, "the right one sees a page");
        let answer = waiting.await.expect("no panic").expect("an answer");
        assert_eq!(answer, Answer::Code("y".to_owned()));
    }
}
