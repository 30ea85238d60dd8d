//! Just enough HTTP/1.1 to know where a request begins and ends, and which address it is for.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    /// The first line.
    pub(super) first: String,
    /// Names in lower case, and values.
    pub(super) headers: Vec<(String, String)>,
    /// The body, without its framing.
    pub(super) body: Vec<u8>,
}

impl Message {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// Takes headers away.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.headers.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// Gives a header.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(one, _)| one != name);
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The first line and the headers as bytes, with the empty line at their end.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.first);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.into_bytes()
    }

    /// All of it, with the length of its body told.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let told = self.clone().without(&["transfer-encoding"]).with("content-length", self.body.len().to_string());
        [told.head(), self.body.clone()].concat()
    }
}

/// Reads a head; nothing when the other side hung up before its first byte.
pub(super) async fn read_head(from: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<Message>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        match from.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) if bytes.is_empty() => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Ok(Some(Message { first, headers, body: Vec::new() }))
}

/// Reads the body of a request.
pub(super) async fn read_body(from: &mut (impl AsyncRead + Unpin), request: &mut Message) -> std::io::Result<()> {
    let length = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    from.read_exact(&mut request.body).await.map(|_| ())
}

/// Sends a request to the server over a connection of its own; answers with the connection, once the
/// head of the answer is there.
pub(super) async fn forward(server: SocketAddr, request: &Message) -> std::io::Result<(Message, TcpStream)> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&request.clone().with("connection", "close").bytes()).await?;
    let answer = read_head(&mut stream).await?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    Ok((answer, stream))
}

/// The same, with the whole answer; a push channel is asked for what it says at once.
pub(super) async fn exchange(server: SocketAddr, request: &Message) -> std::io::Result<Message> {
    let (mut answer, mut stream) = forward(server, &request.clone().without(&["accept"])).await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    let chunked = answer.header("transfer-encoding").is_some();
    answer.body = if chunked { unchunk(&rest) } else { rest };
    Ok(answer.without(&["connection", "transfer-encoding"]))
}

/// The bytes of a chunked body.
fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).ok().and_then(|text| usize::from_str_radix(text.trim(), 16).ok());
        let Some(size) = size.filter(|size| *size > 0 && line + 2 + size <= rest.len()) else { break };
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = rest.get(line + 2 + size + 2..).unwrap_or_default();
    }
    body
}
