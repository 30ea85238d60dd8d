//! Evidence pictures over a scheme of their own: `pingli-evidence://localhost/SEAT/EVIDENCE/INDEX/RENDITION`.
//! The window gets pixels that the decoding worker made, never an original.

use pingli_client::{
    Client, Rendition,
    protocol::{EvidenceId, SeatId},
};
use tauri::http::{Response, StatusCode, header};

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
        index: parts.next()?.parse().ok()?,
        rendition: match parts.next()? {
            "thumb" => Rendition::Thumb,
            "screen" => Rendition::Screen,
            _ => return None,
        },
    };
    parts.next().is_none().then_some(wanted)
}

/// Answers one request of the window.
pub(crate) async fn answer(client: Client, path: String) -> Response<Vec<u8>> {
    let Some(wanted) = parse(&path) else { return plain(StatusCode::NOT_FOUND) };
    match client.picture(wanted.seat, wanted.evidence, wanted.index, wanted.rendition).await {
        Ok(jpeg) => Response::builder()
            .header(header::CONTENT_TYPE, "image/jpeg")
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .body(jpeg)
            .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR)),
        Err(error) => {
            tracing::warn!(code = error.code(), "picture not shown");
            plain(if error.code() == "locked" { StatusCode::LOCKED } else { StatusCode::NOT_FOUND })
        }
    }
}

fn plain(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_are_understood() {
        assert!(parse("/seat-1/b-2/0/thumb").is_some(), "seat, evidence, index, rendition");
        for path in [
            "",
            "/",
            "/seat-1/b-2/0",
            "/seat-1/b-2/0/original",
            "/seat-1/../0/thumb",
            "/a/b/0/thumb/x",
            "/a/b/-1/thumb",
        ] {
            assert!(parse(path).is_none(), "{path} must not be understood");
        }
    }
}
