//! Every fault, and how it looks from the client.

use pingli_tests::proxy::{Endpoint, Fault, Shown};

/// What befalls a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blow {
    /// A fault of the way or of the answer.
    Fault(Fault),
    /// The server did it, nobody heard, and then it went back to yesterday.
    Restored,
    /// The server signs with another key.
    KeyRotated,
}

/// Every fault of the list.
pub(super) fn blows() -> Vec<Blow> {
    use Fault as F;
    let mut faults = vec![F::Refused, F::ResetBefore, F::ResetInRequest, F::ResetAfterRequest];
    faults.extend([F::ResetBeforeHeaders, F::ResetInHeaders]);
    faults.extend((0..8).map(F::BodyCut));
    faults.extend([F::ChunkedWithoutEnd, F::LengthTooLong, F::LengthTooShort, F::Html]);
    faults.extend([500, 502, 504, 520].map(F::Status));
    faults.extend([F::RetryAfter(503, 3600), F::RetryAfter(429, 3600)]);
    faults.extend([F::Silence, F::Late, F::Duplicate, F::Reordered, F::Slow]);
    faults.extend([F::GzipBomb, F::Deep, F::LongString, F::DuplicateKeys, F::BigNumber]);
    faults.extend([F::RedirectElsewhere, F::RedirectHttp]);
    faults.extend([Shown::Expired, Shown::Future, Shown::OtherHost, Shown::SelfSigned].map(F::Certificate));
    let mut blows: Vec<Blow> = faults.into_iter().map(Blow::Fault).collect();
    blows.extend([Blow::Restored, Blow::KeyRotated]);
    blows
}

/// The codes that tell the reviewer what happened; none where the act may go through all the same.
pub(super) fn codes(fault: Fault, endpoint: Endpoint) -> &'static [&'static str] {
    use Fault as F;
    let no_json = matches!(endpoint, Endpoint::Pack | Endpoint::PackRange | Endpoint::Events);
    let pack = matches!(endpoint, Endpoint::Pack | Endpoint::PackRange);
    match fault {
        // All of it comes: how the answer ends is no matter, its hash is.
        F::LengthTooLong | F::ChunkedWithoutEnd if pack => &[],
        F::Refused => &["server_down"],
        // A reset in the handshake is no answer at all.
        F::ResetBefore => &["offline"],
        F::ResetInRequest
        | F::ResetAfterRequest
        | F::ResetBeforeHeaders
        | F::ResetInHeaders
        | F::BodyCut(_)
        | F::LengthTooLong => &["connection_broken"],
        F::LengthTooShort if endpoint == Endpoint::Events => &[],
        F::LengthTooShort if no_json => &["connection_broken"],
        F::LengthTooShort => &["answer_unreadable"],
        F::ChunkedWithoutEnd | F::Silence | F::Late | F::Reordered => &["timeout"],
        F::Slow => &["timeout"],
        F::Html | F::RedirectElsewhere | F::RedirectHttp => &["captive_portal"],
        F::Status(_) => &["server_down"],
        F::RetryAfter(..) => &["server_busy"],
        F::GzipBomb | F::Deep | F::LongString | F::DuplicateKeys | F::BigNumber if no_json => {
            &["not_a_judgment_server"]
        }
        // 16 MiB are read before it is too much: a busy machine may need longer than the client waits.
        F::GzipBomb | F::LongString => &["answer_unreadable", "timeout"],
        F::Deep | F::DuplicateKeys | F::BigNumber => &["answer_unreadable"],
        F::Certificate(Shown::Expired) => &["certificate_expired"],
        F::Certificate(Shown::Future) => &["certificate_not_yet_valid"],
        F::Certificate(Shown::OtherHost) => &["certificate_other_host"],
        F::Certificate(_) => &["certificate_unknown_issuer"],
        F::Duplicate | F::EndlessLine | F::Flood => &[],
        // A refusal is no fault.
        F::Refusal(..) | F::Forged | F::RangeIgnored | F::RangeElsewhere => &[],
        // Looked at by what they cost.
        F::Endless | F::EndlessByLength | F::EndlessPacked | F::Wide => &["answer_unreadable"],
    }
}
