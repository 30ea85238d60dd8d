//! Bodies over the client and its store: answers of a server, evidence as it comes from a pack, what a
//! browser brings, links, and the key header.

use pingli_client::{
    LONGEST_LINK, Link,
    parsers::{RemoteError, answer, chat_log, citations_in, evidence_body, failure, push_channel, signed_in_query},
};
use pingli_protocol::{evidence::EvidenceBody, server::SignedText, sync::ChangePage};
use pingli_store::keys::HeaderFile;

/// A chat log, read as a stream and whole: both ways come to the same.
pub(crate) fn chat(bytes: &[u8]) {
    let streamed = chat_log(bytes);
    if let Some(EvidenceBody::ChatLog(log)) = evidence_body(bytes) {
        assert_eq!(streamed, u32::try_from(log.messages.len()).ok(), "the stream counts what is there");
    }
}

/// A structured body: an order, a statement, a listing, a review, a rule, a form.
pub(crate) fn body(bytes: &[u8]) {
    let Some(body) = evidence_body(bytes) else { return };
    let written = serde_json::to_vec(&body).expect("what was read can be written");
    assert!(evidence_body(&written) == Some(body), "and reads as the same");
}

/// An answer of a server, good or bad. The first byte stands for its status.
pub(crate) fn server_answer(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let good = answer::<ChangePage>(rest).err().or_else(|| answer::<SignedText>(rest).err());
    assert!(good.is_none_or(|error| error.to_string().len() < 200), "an error quotes nothing of the answer");
    let status = 300 + u16::from(*first);
    let after = std::str::from_utf8(&rest[..rest.len().min(20)]).ok();
    let error = failure(status, after, rest);
    assert!(error.retry_after().is_none_or(|wait| wait.as_secs() <= 3600), "no wait is longer than an hour");
    let refused = matches!(error, RemoteError::Refused { .. });
    assert!(!refused || (400..500).contains(&status), "only a refusal of the server's own is final");
    assert!(status < 500 || error.is_transient(), "a server that fails is asked again");
}

/// The push channel: however it is cut, the same is heard.
pub(crate) fn events(bytes: &[u8]) {
    let whole = push_channel([bytes]);
    let cut = usize::from(bytes.first().copied().unwrap_or(0)).min(bytes.len());
    let (head, tail) = bytes.split_at(cut);
    assert_eq!(push_channel([head, tail]), whole, "in two pieces");
    assert_eq!(push_channel(bytes.chunks(1)), whole, "byte by byte");
}

/// A deep link.
pub(crate) fn link(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(link) = text.parse::<Link>() else { return };
    assert!(text.len() <= LONGEST_LINK && text.is_ascii(), "a link is short and plain");
    let written = link.to_string();
    assert_eq!(written, text.strip_suffix('/').unwrap_or(text), "there is one way to write it");
    assert_eq!(written.parse(), Ok(link), "and it reads back");
}

/// What a browser brings to the loopback address.
pub(crate) fn signed_in(bytes: &[u8]) {
    let Ok(query) = std::str::from_utf8(bytes) else { return };
    if signed_in_query(query, "s3cret-state") {
        let query = query.replace('+', " ");
        assert!(query.contains("s3cret") || query.contains('%'), "the state was there");
    }
}

/// The citations of an opinion.
pub(crate) fn citations(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    assert!(citations_in(text) <= text.matches("[[").count(), "no more than there are brackets");
}

/// The key header beside the database.
pub(crate) fn key_header(bytes: &[u8]) {
    let HeaderFile::Read(header) = HeaderFile::parse(bytes) else { return };
    let written = serde_json::to_vec(&header).expect("what was read can be written");
    assert!(HeaderFile::parse(&written) == HeaderFile::Read(header), "and reads as the same");
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<Vec<u8>> {
    texts.map(|text| text.as_bytes().to_vec()).into()
}

pub(crate) fn chat_seeds() -> Vec<Vec<u8>> {
    texts([
        r#"{"kind":"chat_log","platform":"示例聊天","time_zone":"Asia/Shanghai","complete":false,"participants":[{"id":"b","side":"buyer","alias":"林**"},{"id":"s","alias":"店"}],"messages":[{"seq":1,"at":"2026-11-02T23:59:00+08:00","from":"b","text":"在吗"},{"seq":2,"from":"s","kind":"auto_reply","text":"\ud83d\ude00","quotes":1},{"seq":9,"kind":"system","text":"","recalled":true,"edited":true,"media":["evidence/p-1/1.jpg"],"omitted_before":6}]}"#,
        r#"{"messages":[],"kind":"chat_log","platform":"","time_zone":"","complete":true,"participants":[],"extra":[[{}]]}"#,
    ])
}

pub(crate) fn body_seeds() -> Vec<Vec<u8>> {
    texts([
        r#"{"kind":"statement","side":"buyer","at":"2026-11-09T01:30:00+08:00","paragraphs":["杯子到手就裂了。"]}"#,
        r#"{"kind":"order","number":"2610 ****","items":[{"title":"杯","options":[{"name":"色","value":"青"}],"price":{"minor":9900,"currency":"CNY"},"quantity":2}],"amounts":[{"kind":"paid","amount":{"minor":9800,"currency":"CNY"}}],"payments":[{"at":"2026-11-01T12:00:00Z","kind":"refund","amount":{"minor":-1,"currency":"USD"},"method":"卡"}],"address":"成都市 ****","shipments":[{"carrier":"示例","tracking":"1","sender":"seller","weight_g":10,"scans":[{"kind":"delivered","place":"成都"}]}],"history":[{"status":"付款"}],"buyer_note":"急"}"#,
        r#"{"kind":"payment_refund","payments":[{"kind":"compensation","amount":{"minor":1,"currency":"CNY"}}]}"#,
        r#"{"kind":"logistics","shipments":[{"carrier":"示例","tracking":"1","sender":"platform","scans":[]}]}"#,
        r#"{"kind":"listing_snapshot","taken_at":"2026-11-01T12:00:00+08:00","title":"杯","category":["百货","杯"],"price":{"minor":1,"currency":"CNY"},"attributes":[{"name":"a","value":"b"}],"promises":["七天"],"paragraphs":["p"],"figures":[{"name":"销量","value":"3"}]}"#,
        r#"{"kind":"review_text","stars":5,"rating":"poor","item":"杯","text":"裂","replies":[{"side":"seller","text":"抱歉"}]}"#,
        r#"{"kind":"rule_text","title":"规则","version":"2","paragraphs":[{"number":"1","heading":"h","text":"t"}],"applies":["1"],"replaces":{"version":"1","paragraphs":[]}}"#,
        r#"{"kind":"document","title":"通知","issuer":"平台","fields":[{"name":"a","value":"b"}],"sections":[{"heading":"h","paragraphs":["p"]}],"tables":[{"caption":"c","head":["x","y"],"rows":[["1","2"]]}]}"#,
    ])
}

pub(crate) fn server_answer_seeds() -> Vec<Vec<u8>> {
    texts([
        "n{\"type\":\"urn:pingli:problem:lease_ended\",\"title\":\"t\",\"status\":409,\"code\":\"lease_ended\",\"detail\":\"d\"}",
        "\u{7f}120",
        "g<html>Sign in to the free Wi-Fi</html>",
        "d{\"changes\":[],\"cursor\":\"c\",\"more\":true,\"server_time\":\"2026-11-20T12:00:00Z\",\"digests\":[]}",
        "d{\"text\":\"{}\",\"key\":\"k-1\",\"signature\":\"\"}",
    ])
}

pub(crate) fn event_seeds() -> Vec<Vec<u8>> {
    texts([": alive\n\nevent: changed\ndata: {}\n\nevent:changed\r\n\nevent: other\n", "event: changed\n", "\n\n\n"])
}

pub(crate) fn link_seeds() -> Vec<Vec<u8>> {
    texts(["pingli://outbox", "pingli://case/TM-2026:1/2", "pingli://verdict/c.1/", "pingli://standing/"])
}

pub(crate) fn signed_in_seeds() -> Vec<Vec<u8>> {
    texts([
        "code=abc&state=s3cret-state",
        "error=access_denied&state=s3cret%2Dstate",
        "state=s3cret-state&state=x&code=+",
    ])
}

pub(crate) fn citation_seeds() -> Vec<Vec<u8>> {
    texts(["见 [[b-1]] 与 [[p-1#12-15]]，[[ b-2 # 1 ]]。", "[[x]]]] [[ [[y#]]"])
}

pub(crate) fn key_header_seeds() -> Vec<Vec<u8>> {
    texts([
        r#"{"version":1,"entry":"db","keyring":true,"check":{"nonce":"AAAA","bytes":"AAAA"},"passphrase":{"cost":{"memory_kib":65536,"passes":3,"lanes":1},"salt":"AAAA","wrapped":{"nonce":"AAAA","bytes":"AAAA"}}}"#,
        r#"{"version":1,"entry":"","keyring":false,"check":{"nonce":"","bytes":""},"passphrase":null}"#,
    ])
}

/// Words that the mutations put in.
pub(crate) const WORDS: [&str; 14] = [
    "\"kind\":\"chat_log\"",
    "\"messages\":[",
    "\"seq\":4294967295",
    "\"quotes\":",
    "\"passphrase\":null",
    "\"memory_kib\":4294967295",
    "event: changed\n",
    "event:",
    "pingli://",
    "/case/",
    "[[",
    "]]",
    "state=s3cret-state",
    "\"code\":\"not_found\"",
];
