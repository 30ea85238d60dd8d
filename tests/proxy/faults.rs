//! What is done to a request and its answer.

use super::{Endpoint, Inner, Shown, message};
use message::Message;
use pingli_casepack::PACK_MEDIA_TYPE;
use std::{
    io::Write as _,
    sync::{Arc, LazyLock, atomic::Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

/// What goes wrong (reliability: "Network and server").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nobody listens.
    Refused,
    /// The connection is reset before a byte was read.
    ResetBefore,
    /// It is reset when half of the request was read.
    ResetInRequest,
    /// It is reset when all of the request was read; the server never saw it.
    ResetAfterRequest,
    /// The server did it; the connection is reset before a byte of the answer.
    ResetBeforeHeaders,
    /// The server did it; the connection is reset in the middle of the headers.
    ResetInHeaders,
    /// The server did it; the connection ends after so many eighths of the body.
    BodyCut(usize),
    /// The body is chunked, and its end never comes.
    ChunkedWithoutEnd,
    /// The body is announced longer than it is.
    LengthTooLong,
    /// The body is announced shorter than it is.
    LengthTooShort,
    /// A page of the network's instead of an answer; the server never saw the request.
    Html,
    /// A status with a page, from something in between; the server never saw the request.
    Status(u16),
    /// The server has no time, in its own words, with `Retry-After` in seconds. It never saw the request.
    RetryAfter(u16, u64),
    /// The server's own refusal, in its own words: a status and a code. It never saw the request.
    Refusal(u16, &'static str),
    /// The server did it, and somebody in between says in its signed receipt that the ballot does not count.
    Forged,
    /// The rest of a pack was asked for, and all of it comes.
    RangeIgnored,
    /// The rest of a pack was asked for, and its beginning comes.
    RangeElsewhere,
    /// The server did it and no answer ever comes.
    Silence,
    /// The server did it, and the answer comes when nobody waits any more.
    Late,
    /// The request reaches the server twice.
    Duplicate,
    /// The request reaches the server after the ones that came later.
    Reordered,
    /// One byte a second.
    Slow,
    /// A body that grows a thousandfold when it is unpacked.
    GzipBomb,
    /// JSON that is nested 100,000 deep.
    Deep,
    /// A string of 64 MiB.
    LongString,
    /// An object with a key twice.
    DuplicateKeys,
    /// An integer beyond 2^53.
    BigNumber,
    /// The way to another origin.
    RedirectElsewhere,
    /// The way to plain HTTP.
    RedirectHttp,
    /// A certificate that is not to be trusted.
    Certificate(Shown),
    /// A body that never ends, as fast as it can.
    Endless,
    /// The same, announced as a terabyte.
    EndlessByLength,
    /// The same, packed.
    EndlessPacked,
    /// As many small values as an answer may have, where every one of them is looked at.
    Wide,
    /// A push channel whose line never ends.
    EndlessLine,
    /// A push channel that says "changed" as fast as it can.
    Flood,
}

impl Fault {
    /// Whether it befalls connections, whatever is asked over them.
    pub(super) const fn of_connections(self) -> bool {
        matches!(self, Self::Refused | Self::ResetBefore | Self::Certificate(_))
    }
}

const PAGE: &str = "<!DOCTYPE html><html><title>Wi-Fi</title><form>Please sign in to the network</form></html>";
const LONG: usize = 64 << 20;

/// 64 MiB of spaces, packed.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let piece = vec![b' '; 1 << 20];
    for _ in 0..LONG >> 20 {
        packed.write_all(&piece).expect("memory");
    }
    packed.finish().expect("memory")
});

fn page(status: &str) -> Message {
    let first = format!("HTTP/1.1 {status}");
    Message { first, body: PAGE.as_bytes().to_vec(), ..Message::default() }.with("content-type", "text/html")
}

fn json(body: impl Into<Vec<u8>>) -> Message {
    let first = "HTTP/1.1 200 OK".to_owned();
    Message { first, body: body.into(), ..Message::default() }.with("content-type", "application/json")
}

/// A problem document of the server's own.
fn refusal(status: u16, code: &str) -> Message {
    let problem =
        format!(r#"{{"type":"urn:pingli:problem:{code}","title":"refused","status":{status},"code":"{code}"}}"#);
    let first = format!("HTTP/1.1 {status} No");
    Message { first, ..json(problem) }.with("content-type", "application/problem+json")
}

/// The answer with another field at its beginning, or that field alone where it is no object.
fn with_field(answer: &Message, field: &str) -> Message {
    let rest = answer.body.strip_prefix(b"{").unwrap_or(b"}");
    let comma = if rest.starts_with(b"}") { "" } else { "," };
    json([format!("{{{field}{comma}").as_bytes(), rest].concat())
}

/// A page of one change with 900,000 numbers in it, which are kept until it is known what they belong to.
static WIDE: LazyLock<String> = LazyLock::new(|| {
    let many = "0,".repeat(900_000);
    format!(r#"{{"changes":[{{"id":"x","version":1,"body":{{"more":[{many}0],"kind":"seat"}}}}],"id":"x"}}"#)
});

/// Writes a body until nobody takes it any more.
async fn endless(fault: Fault, request: &Message, stream: &mut TlsStream<TcpStream>) -> std::io::Result<bool> {
    let head =
        if request.first.contains("/packs/") { json("").with("content-type", PACK_MEDIA_TYPE) } else { json("") };
    let (head, piece) = match fault {
        Fault::EndlessByLength => (head.with("content-length", (1_u64 << 40).to_string()), vec![b' '; 1 << 16]),
        Fault::EndlessPacked => (head.with("content-encoding", "gzip"), BOMB.clone()),
        _ => (head, vec![b' '; 1 << 16]),
    };
    let chunked = fault != Fault::EndlessByLength;
    let head = if chunked { head.with("transfer-encoding", "chunked") } else { head };
    let size = format!("{:x}\r\n", piece.len());
    let piece = if chunked { [size.as_bytes(), &piece, b"\r\n"].concat() } else { piece };
    stream.write_all(&head.head()).await?;
    loop {
        stream.write_all(&piece).await?;
    }
}

/// Resets a connection: the other side gets no end, but an error.
pub(super) fn reset(stream: &TcpStream) {
    // It may be gone already.
    let _ = stream.set_zero_linger();
}

/// Does to a request what was planned. Answers whether the connection can be used again.
pub(super) async fn befall(
    fault: Fault,
    inner: &Arc<Inner>,
    mut request: Message,
    stream: &mut TlsStream<TcpStream>,
) -> std::io::Result<bool> {
    if fault == Fault::ResetInRequest {
        request.body.clear();
        reset(stream.get_ref().0);
        return Ok(false);
    }
    message::read_body(stream, &mut request).await?;
    let server = inner.server();
    match fault {
        Fault::ResetAfterRequest => {
            reset(stream.get_ref().0);
            return Ok(false);
        }
        Fault::Html => return whole(stream, &page("200 OK")).await,
        Fault::Status(status) => return whole(stream, &page(&format!("{status} Trouble"))).await,
        Fault::RetryAfter(status, seconds) => {
            let code = if status == 429 { "too_many_requests" } else { "unavailable" };
            let answer = refusal(status, code).with("retry-after", seconds.to_string());
            return whole(stream, &answer).await;
        }
        Fault::Refusal(status, code) => {
            return whole(stream, &refusal(status, code)).await;
        }
        Fault::RedirectElsewhere | Fault::RedirectHttp => {
            let scheme = if fault == Fault::RedirectHttp { "http" } else { "https" };
            let to = format!("{scheme}://localhost:{}/", inner.elsewhere.port());
            let answer = Message { first: "HTTP/1.1 307 Over there".to_owned(), ..Message::default() };
            return whole(stream, &answer.with("location", to)).await;
        }
        Fault::Reordered => {
            inner.withheld.lock().expect("no panic before").push(request);
            inner.until_lifted().await;
            return Ok(false);
        }
        Fault::Endless | Fault::EndlessByLength | Fault::EndlessPacked => {
            return endless(fault, &request, stream).await;
        }
        Fault::Wide => return whole(stream, &json(WIDE.as_str())).await,
        Fault::EndlessLine => {
            let head = Message { first: "HTTP/1.1 200 OK".to_owned(), ..Message::default() };
            stream.write_all(&head.with("content-type", "text/event-stream").head()).await?;
            loop {
                stream.write_all(&[b'x'; 4096]).await?;
            }
        }
        Fault::Flood => {
            let head = Message { first: "HTTP/1.1 200 OK".to_owned(), ..Message::default() };
            stream.write_all(&head.with("content-type", "text/event-stream").head()).await?;
            let many = b"event: changed\ndata: {}\n\n".repeat(400);
            loop {
                stream.write_all(&many).await?;
                inner.flooded.fetch_add(400, Ordering::SeqCst);
            }
        }
        _ => {}
    }
    if matches!(fault, Fault::RangeIgnored | Fault::RangeElsewhere) {
        request = request.without(&["range"]);
    }
    // From here on the server did it.
    let answer = message::exchange(server, &request).await?;
    inner.reached(Endpoint::of(&request));
    spoil(fault, inner, &request, answer, stream).await
}

/// Spoils the answer of a server that did what was asked.
async fn spoil(
    fault: Fault,
    inner: &Arc<Inner>,
    request: &Message,
    answer: Message,
    stream: &mut TlsStream<TcpStream>,
) -> std::io::Result<bool> {
    let length = |length: usize| answer.clone().with("content-length", length.to_string()).head();
    match fault {
        Fault::ResetBeforeHeaders => reset(stream.get_ref().0),
        Fault::ResetInHeaders => {
            let head = length(answer.body.len());
            stream.write_all(&head[..head.len() / 2]).await?;
            stream.flush().await?;
            reset(stream.get_ref().0);
        }
        Fault::BodyCut(eighths) => {
            // An empty body has no eighths: it is announced and does not come.
            let announced = answer.body.len().max(8);
            stream.write_all(&length(announced)).await?;
            stream.write_all(&answer.body[..answer.body.len() * eighths / 8]).await?;
            stream.shutdown().await?;
        }
        Fault::ChunkedWithoutEnd => {
            let head = answer.clone().without(&["content-length"]).with("transfer-encoding", "chunked").head();
            stream.write_all(&head).await?;
            stream.write_all(format!("{:x}\r\n", answer.body.len().max(1)).as_bytes()).await?;
            stream.write_all(&answer.body).await?;
            stream.flush().await?;
            inner.until_lifted().await;
        }
        Fault::LengthTooLong => {
            stream.write_all(&length(answer.body.len() + 100)).await?;
            stream.write_all(&answer.body).await?;
            stream.shutdown().await?;
        }
        Fault::LengthTooShort => {
            stream.write_all(&length(answer.body.len() / 2)).await?;
            stream.write_all(&answer.body).await?;
            stream.shutdown().await?;
        }
        Fault::Silence => inner.until_lifted().await,
        Fault::Late => {
            inner.until_lifted().await;
            return whole(stream, &answer).await;
        }
        Fault::Duplicate => {
            let again = message::exchange(inner.server(), request).await?;
            return whole(stream, &again).await;
        }
        Fault::Slow => {
            for byte in answer.bytes() {
                stream.write_all(&[byte]).await?;
                stream.flush().await?;
                tokio::select! {
                    () = inner.until_lifted() => return Ok(false),
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                }
            }
        }
        Fault::GzipBomb => {
            return whole(stream, &json(BOMB.clone()).with("content-encoding", "gzip")).await;
        }
        Fault::Deep => return whole(stream, &json("[".repeat(100_000))).await,
        Fault::LongString => {
            let head = json("").with("transfer-encoding", "chunked").head();
            stream.write_all(&head).await?;
            stream.write_all(b"2\r\n{\"\r\n").await?;
            let piece = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
            for _ in 0..LONG / 0x10000 {
                stream.write_all(&piece).await?;
            }
        }
        Fault::Forged => {
            let body = String::from_utf8_lossy(&answer.body).replace("counted", "recorded").into_bytes();
            return whole(stream, &Message { body, ..answer.clone() }).await;
        }
        Fault::RangeIgnored => return whole(stream, &answer).await,
        Fault::RangeElsewhere => {
            let half = answer.body.len() / 2;
            let range = format!("bytes 0-{}/{}", half - 1, answer.body.len());
            let part =
                Message { first: "HTTP/1.1 206 Part".to_owned(), body: answer.body[..half].to_vec(), ..answer.clone() };
            return whole(stream, &part.with("content-range", range)).await;
        }
        Fault::DuplicateKeys => return whole(stream, &with_field(&answer, r#""twice":1,"twice":2"#)).await,
        Fault::BigNumber => return whole(stream, &with_field(&answer, r#""big":9007199254740993"#)).await,
        _ => unreachable!("{fault:?} befalls the request"),
    }
    Ok(false)
}

async fn whole(stream: &mut (impl AsyncWrite + Unpin), answer: &Message) -> std::io::Result<bool> {
    stream.write_all(&answer.bytes()).await?;
    stream.flush().await?;
    Ok(true)
}
