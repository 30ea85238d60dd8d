//! Evidence pictures over a scheme of their own: `pingli-evidence://localhost/SEAT/EVIDENCE/INDEX/` and
//! `thumb`, `screen`, `page/N` or `region/HALVINGS/X/Y/WIDTH/HEIGHT`. The window gets pixels that the
//! decoding worker made, never an original.

use pingli_client::{
    Client, Region, Rendition,
    protocol::{EvidenceId, SeatId},
};
use tauri::http::{Method, Request, Response, StatusCode, header, response};

/// The scheme.
pub(crate) const SCHEME: &str = "pingli-evidence";

/// What a URL of the scheme asks for.
struct Wanted {
    seat: SeatId,
    evidence: EvidenceId,
    index: u32,
    rendition: Rendition,
}

fn parse(path: &str) -> Option<Wanted> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let wanted = Wanted {
        seat: parts.next()?.parse().ok()?,
        evidence: parts.next()?.parse().ok()?,
        index: number(parts.next()?)?,
        rendition: match parts.next()? {
            "thumb" => Rendition::Thumb,
            "screen" => Rendition::Screen,
            "page" => Rendition::Page(number(parts.next()?)?),
            "region" => {
                let halvings = u8::try_from(number(parts.next()?)?).ok()?;
                let mut next = || number(parts.next()?);
                let region = Region { halvings, x: next()?, y: next()?, width: next()?, height: next()? };
                region.size()?;
                Rendition::Region(region)
            }
            _ => return None,
        },
    };
    parts.next().is_none().then_some(wanted)
}

/// A number in its only form: no sign, no zeros before it.
fn number(text: &str) -> Option<u32> {
    let plain = text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Answers one request of the window.
pub(crate) async fn answer(client: Client, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    if request.method() != Method::GET {
        return plain(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(wanted) = parse(request.uri().path()) else { return plain(StatusCode::NOT_FOUND) };
    match client.picture(wanted.seat, wanted.evidence, wanted.index, wanted.rendition).await {
        Ok(jpeg) => with_policy(StatusCode::OK)
            .header(header::CONTENT_TYPE, "image/jpeg")
            .body(jpeg)
            .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR)),
        Err(error) => {
            tracing::warn!(code = error.code(), "picture not shown");
            plain(status(&error.code()))
        }
    }
}

/// Locked and damaged are told apart from "not there": the window says something else of each.
fn status(code: &str) -> StatusCode {
    match code {
        "locked" => StatusCode::LOCKED,
        "pack_damaged" => StatusCode::GONE,
        _ => StatusCode::NOT_FOUND,
    }
}

/// What every answer says of itself: it is kept nowhere, taken for nothing else, and may do nothing.
fn with_policy(status: StatusCode) -> response::Builder {
    Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
}

fn plain(status: StatusCode) -> Response<Vec<u8>> {
    with_policy(status).body(Vec::new()).unwrap_or_else(|_| Response::new(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_are_understood() {
        let rendition = |path: &str| parse(path).map(|wanted| wanted.rendition);
        assert_eq!(rendition("/seat-1/b-2/0/thumb"), Some(Rendition::Thumb));
        assert_eq!(rendition("/seat-1/b-2/0/screen"), Some(Rendition::Screen));
        assert_eq!(rendition("/seat-1/b-2/0/page/11"), Some(Rendition::Page(11)));
        let region = Region { halvings: 1, x: 256, y: 0, width: 8192, height: 600 };
        assert_eq!(rendition("/seat-1/b-2/0/region/1/256/0/8192/600"), Some(Rendition::Region(region)));
        for path in [
            "",
            "/",
            "/seat-1/b-2/0",
            "/seat-1/b-2/0/original",
            "/seat-1/../0/thumb",
            "/a/b/0/thumb/x",
            "/a/b/-1/thumb",
            "/a/b/+1/thumb",
            "/a/b/01/thumb",
            "/a/b/4294967296/thumb",
            "/a/b/0/page",
            "/a/b/0/page/",
            "/a/b/0/page/-1",
            "/a/b/0/page/1/2",
            "/a/b/0/region/0/0/0/256",
            "/a/b/0/region/0/0/0/256/256/1",
            "/a/b/0/region/0/0/0/256/0",
            "/a/b/0/region/0/0/0/4097/256",
            "/a/b/0/region/5/0/0/256/256",
            "/a/b/0/region/260/0/0/256/256",
            "/a/b/0/region/4/0/0/15/256",
            "/a/b/0/region/0/4294967295/0/256/256",
            "/a/b/0/region/0/0.5/0/256/256",
        ] {
            assert!(parse(path).is_none(), "{path} must not be understood");
        }
    }

    #[test]
    fn every_answer_is_kept_nowhere_and_may_do_nothing() {
        for status in [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED] {
            let answer = plain(status);
            assert_eq!(answer.status(), status);
            let header = |name| answer.headers().get(&name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            assert_eq!(header(header::CACHE_CONTROL), "no-store");
            assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            assert!(header(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"));
        }
    }

    #[test]
    fn damaged_and_locked_are_told_apart_from_not_there() {
        let expected = [("locked", 423), ("pack_damaged", 410), ("not_found", 404), ("media_too_large", 404)];
        for (code, number) in expected {
            assert_eq!(status(code).as_u16(), number, "{code}");
        }
    }
}
