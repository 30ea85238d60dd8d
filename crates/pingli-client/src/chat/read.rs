//! Reading a chat log as a stream: a message at a time goes from the pack into the store, so that a
//! log of a million needs no more memory than one of a hundred.

use super::{apart, head, together};
use crate::{
    error::ClientError,
    open::Open,
    timeline::{ChatOutline, Outliner},
    view::ChatView,
};
use pingli_casepack::FileStream;
use pingli_protocol::{
    EvidenceId, SeatId,
    chat::{ChatMessage, ChatParticipant},
};
use pingli_store::{ChatWriter, StoreError};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{
    cell::Cell,
    fmt,
    io::{BufReader, Read},
};

/// Messages that are read from the store at once when an outline is made anew.
const AT_ONCE: u32 = 2_000;
/// Bytes of them after which no more are read at once.
const BYTES_AT_ONCE: usize = 4 << 20;
/// Messages after which it is asked whether to go on.
const ASK_AFTER: u32 = 256;
/// The most messages of a log.
const MOST_MESSAGES: u32 = 4_000_000;
/// The most bytes from one message to the next: a message, or all the fields beside them.
const LONGEST_STRETCH: u64 = 8 << 20;

/// Takes a chat log from its pack into the store. None when it does not read: then nothing of it is
/// kept. `go_on` is asked now and then whether to.
pub(crate) fn take_in<R: Read>(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
    mut file: FileStream<'_, R>,
    go_on: &dyn Fn() -> Result<(), ClientError>,
) -> Result<Option<ChatOutline>, ClientError> {
    let mut sink = Sink {
        writer: open.store.begin_chat(seat, evidence)?,
        head: head::Head::default(),
        outliner: Outliner::default(),
        go_on,
        since_asked: 0,
    };
    let read = read_log(&mut file, &mut |message| sink.message(message));
    let fields = match read {
        Ok(fields) => Some(fields),
        Err(ReadFault::Json(error)) => {
            tracing::warn!(line = error.line(), "a chat log does not read");
            None
        }
        Err(ReadFault::TooMuch) => {
            tracing::warn!("a chat log has too many messages, or one that is too long");
            None
        }
        Err(ReadFault::Stopped(error)) => return Err(error),
        Err(ReadFault::Io(error)) => return Err(crate::room::fault(error.into())),
    };
    // Whatever it says, the bytes come first: a damaged file may read, and a whole one may not.
    file.finish().map_err(crate::room::fault)?;
    let Sink { writer, head, outliner, .. } = sink;
    let Some(fields) = fields else {
        writer.abandon()?;
        return Ok(None);
    };
    let outline = outliner.finish(&fields.participants);
    writer.finish(&serde_json::to_string(&head.finish(fields)).map_err(StoreError::from)?)?;
    Ok(Some(outline))
}

/// Makes the outline of a log anew from its rows. None when the log is not there.
pub(crate) fn outline_again(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
) -> Result<Option<ChatOutline>, ClientError> {
    let Some((log, count)) = open.store.chat(seat, evidence)? else { return Ok(None) };
    let head: ChatView = serde_json::from_str(&open.store.chat_head(log)?).map_err(StoreError::from)?;
    let mut outliner = Outliner::default();
    let mut from = 0;
    while from < count {
        let rows = open.store.chat_rows(log, from, AT_ONCE, BYTES_AT_ONCE)?;
        // A log that was shredded meanwhile has none.
        from = if rows.is_empty() { count } else { from + u32::try_from(rows.len()).unwrap_or(AT_ONCE) };
        for row in rows {
            outliner.message(&together(row)?);
        }
    }
    Ok(Some(outliner.finish(&head.participants)))
}

/// Where the messages of a log go.
struct Sink<'a> {
    writer: ChatWriter<'a>,
    head: head::Head,
    outliner: Outliner,
    go_on: &'a dyn Fn() -> Result<(), ClientError>,
    since_asked: u32,
}

impl Sink<'_> {
    fn message(&mut self, message: ChatMessage) -> Result<(), ClientError> {
        self.since_asked += 1;
        if self.since_asked == ASK_AFTER {
            self.since_asked = 0;
            (self.go_on)()?;
        }
        self.head.message(&message);
        self.outliner.message(&message);
        let (seq, text, body) = apart(message)?;
        Ok(self.writer.push(seq, text, body)?)
    }
}

/// Why a log was not read to its end.
pub(super) enum ReadFault {
    /// Who takes the messages did not want more.
    Stopped(ClientError),
    /// The bytes could not be read.
    Io(std::io::Error),
    /// It is no chat log.
    Json(serde_json::Error),
    /// It has too many messages, or one that is too long.
    TooMuch,
}

/// Reads a log to its end: how many messages it has, when it reads.
pub(crate) fn count_messages(json: &[u8]) -> Option<u32> {
    let mut count = 0;
    let counted = read_log(json, &mut |_| {
        count += 1;
        Ok(())
    });
    counted.ok().map(|_| count)
}

/// How far it is since the last message, so that no single one can be endless.
struct Pace {
    left: Cell<u64>,
    messages: Cell<u32>,
}

impl Pace {
    const fn new() -> Self {
        Self { left: Cell::new(LONGEST_STRETCH), messages: Cell::new(0) }
    }

    /// Counts a message; false when it is one too many.
    fn message(&self) -> bool {
        self.left.set(LONGEST_STRETCH);
        self.messages.set(self.messages.get().saturating_add(1));
        self.messages.get() <= MOST_MESSAGES
    }

    fn is_over(&self) -> bool {
        self.left.get() == 0 || self.messages.get() > MOST_MESSAGES
    }
}

/// A reader that gives up when the pace is over.
struct Paced<'p, R> {
    inner: R,
    pace: &'p Pace,
}

impl<R: Read> Read for Paced<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.pace.is_over() {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        let n = self.inner.read(buffer)?;
        self.pace.left.set(self.pace.left.get().saturating_sub(n as u64));
        Ok(n)
    }
}

type Each<'a> = &'a mut dyn FnMut(ChatMessage) -> Result<(), ClientError>;

/// Reads a chat log and hands on its messages one by one; answers with the rest of it.
pub(super) fn read_log(reader: impl Read, each: Each<'_>) -> Result<head::Fields, ReadFault> {
    let (mut stopped, pace) = (None, Pace::new());
    let paced = BufReader::with_capacity(64 << 10, Paced { inner: reader, pace: &pace });
    let mut json = serde_json::Deserializer::from_reader(paced);
    let read = Log { each, stopped: &mut stopped, pace: &pace }.deserialize(&mut json);
    let read = read.and_then(|fields| json.end().map(|()| fields));
    match (read, stopped) {
        (_, Some(error)) => Err(ReadFault::Stopped(error)),
        (Err(_), None) if pace.is_over() => Err(ReadFault::TooMuch),
        (Err(error), None) if error.is_io() => Err(ReadFault::Io(error.into())),
        (Err(error), None) => Err(ReadFault::Json(error)),
        (Ok(fields), None) => Ok(fields),
    }
}

/// The fields of a chat log's body. Others are passed over, as they are everywhere.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Kind,
    Platform,
    Participants,
    TimeZone,
    Complete,
    Messages,
    #[serde(other)]
    Other,
}

struct Log<'a> {
    each: Each<'a>,
    stopped: &'a mut Option<ClientError>,
    pace: &'a Pace,
}

impl<'de> DeserializeSeed<'de> for Log<'_> {
    type Value = head::Fields;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if place.replace(map.next_value()?).is_some() { Err(A::Error::duplicate_field(name)) } else { Ok(()) }
}

impl<'de> Visitor<'de> for Log<'_> {
    type Value = head::Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a chat log")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut kind, mut platform, mut time_zone): (Option<String>, Option<String>, Option<String>) =
            Default::default();
        let (mut participants, mut complete): (Option<Vec<ChatParticipant>>, Option<bool>) = Default::default();
        let mut messages = None;
        while let Some(field) = map.next_key()? {
            match field {
                Field::Kind => once(&mut kind, "kind", &mut map)?,
                Field::Platform => once(&mut platform, "platform", &mut map)?,
                Field::Participants => once(&mut participants, "participants", &mut map)?,
                Field::TimeZone => once(&mut time_zone, "time_zone", &mut map)?,
                Field::Complete => once(&mut complete, "complete", &mut map)?,
                Field::Messages if messages.is_some() => return Err(A::Error::duplicate_field("messages")),
                Field::Messages => {
                    let (each, stopped) = (&mut *self.each, &mut *self.stopped);
                    map.next_value_seed(Messages { each, stopped, pace: self.pace })?;
                    messages = Some(());
                }
                Field::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if kind.as_deref() != Some("chat_log") {
            return Err(A::Error::custom("not a chat log"));
        }
        messages.ok_or_else(|| A::Error::missing_field("messages"))?;
        Ok(head::Fields {
            platform: platform.ok_or_else(|| A::Error::missing_field("platform"))?,
            participants: participants.ok_or_else(|| A::Error::missing_field("participants"))?,
            time_zone: time_zone.ok_or_else(|| A::Error::missing_field("time_zone"))?,
            complete: complete.ok_or_else(|| A::Error::missing_field("complete"))?,
        })
    }
}

struct Messages<'a> {
    each: Each<'a>,
    stopped: &'a mut Option<ClientError>,
    pace: &'a Pace,
}

impl<'de> DeserializeSeed<'de> for Messages<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Messages<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(message) = list.next_element()? {
            if !self.pace.message() {
                return Err(A::Error::custom("too many messages"));
            }
            if let Err(error) = (self.each)(message) {
                *self.stopped = Some(error);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}
