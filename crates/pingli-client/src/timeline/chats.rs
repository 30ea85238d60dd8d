//! The outline of a chat log: the runs that stand for it on the axis, and its quotes that lead
//! nowhere. Messages go through one by one, and what is kept of them does not grow with the log.

use pingli_protocol::{
    Stamp,
    case::Side,
    chat::{ChatLog, ChatMessage, ChatParticipant},
};
use std::collections::BTreeMap;

/// Messages further apart than this begin a new run.
const RUN_GAP_SECONDS: i64 = 600;
/// A log of more runs is told by the hour, and one of more hours by the day.
const MOST_RUNS: usize = 2_000;
/// A log of more days, which no honest one has, is told by thirty days.
const MOST_DAYS: usize = 20_000;
/// Of a run's first words so many characters are kept.
const MOST_WORDS: usize = 200;
/// Quotes of missing messages that are named one by one.
const MOST_QUOTES: usize = 100;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// What the axis and the observations need of a chat log.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ChatOutline {
    /// Runs in the order of the record; gathered ones in the order of time.
    pub(super) runs: Vec<Run>,
    /// Whether a run is an hour or a day of messages, which need not follow each other in the log.
    pub(super) gathered: bool,
    pub(super) without_time: u32,
    /// The first messages that quote one that the log does not have, with what they quote.
    pub(super) missing_quotes: Vec<(u32, u32)>,
    /// How many more there are.
    pub(super) more_missing_quotes: u32,
}

impl std::fmt::Debug for ChatOutline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChatOutline {{ {} runs }}", self.runs.len())
    }
}

impl ChatOutline {
    /// The outline of a log that is in memory as a whole.
    #[must_use]
    pub fn of(chat: &ChatLog) -> Self {
        let mut outliner = Outliner::default();
        for message in &chat.messages {
            outliner.message(message);
        }
        outliner.finish(&chat.participants)
    }
}

/// A run of messages.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) at: Stamp,
    pub(super) until: Stamp,
    pub(super) count: u32,
    /// The first message, and the last one, in the order of the record.
    pub(super) seq: u32,
    pub(super) last_seq: u32,
    pub(super) side: Option<Side>,
    pub(super) words: String,
    from: Option<String>,
}

impl Run {
    fn begin(message: &ChatMessage, at: Stamp) -> Self {
        let seq = message.seq;
        let mut run =
            Self { at, until: at, count: 1, seq, last_seq: seq, side: None, words: String::new(), from: None };
        run.speak(message);
        run
    }

    /// The first words of a person stand for the run; a system notice only where nobody spoke.
    fn speak(&mut self, message: &ChatMessage) {
        if self.words.is_empty() && self.from.is_none() || self.from.is_none() && message.from.is_some() {
            self.words = message.text.chars().take(MOST_WORDS).collect();
            self.from.clone_from(&message.from);
        }
    }

    /// Takes in the next message of an unbroken run: the log's order is kept, whatever its stamps.
    fn go_on(&mut self, message: &ChatMessage, at: Stamp) {
        self.count = self.count.saturating_add(1);
        self.last_seq = message.seq;
        self.until = at;
        self.speak(message);
    }

    /// Takes in a message of the same hour or day, which may come from anywhere in the log.
    fn gather(&mut self, message: &ChatMessage, at: Stamp) {
        self.count = self.count.saturating_add(1);
        self.last_seq = message.seq;
        if at.instant() < self.at.instant() {
            self.at = at;
        }
        if at.instant() > self.until.instant() {
            self.until = at;
        }
        self.speak(message);
    }
}

/// Runs of one width of time; given up when they become too many.
struct Level {
    seconds: i64,
    most: usize,
    runs: BTreeMap<i64, Run>,
    too_many: bool,
}

impl Level {
    const fn new(seconds: i64, most: usize) -> Self {
        Self { seconds, most, runs: BTreeMap::new(), too_many: false }
    }

    fn message(&mut self, message: &ChatMessage, at: Stamp) {
        if self.too_many {
            return;
        }
        let place = local_seconds(at).div_euclid(self.seconds);
        self.runs.entry(place).and_modify(|run| run.gather(message, at)).or_insert_with(|| Run::begin(message, at));
        if self.runs.len() > self.most {
            self.too_many = true;
            self.runs.clear();
        }
    }
}

/// Makes the outline of a log from its messages, one after the other.
pub struct Outliner {
    unbroken: Option<Vec<Run>>,
    levels: [Level; 3],
    without_time: u32,
    seqs: Vec<u32>,
    quotes: Vec<(u32, u32)>,
}

impl std::fmt::Debug for Outliner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outliner {{ {} messages }}", self.seqs.len())
    }
}

impl Default for Outliner {
    fn default() -> Self {
        Self {
            unbroken: Some(Vec::new()),
            levels: [Level::new(HOUR, MOST_RUNS), Level::new(DAY, MOST_DAYS), Level::new(30 * DAY, usize::MAX)],
            without_time: 0,
            seqs: Vec::new(),
            quotes: Vec::new(),
        }
    }
}

impl Outliner {
    /// Takes in the next message.
    pub fn message(&mut self, message: &ChatMessage) {
        self.seqs.push(message.seq);
        self.quotes.extend(message.quotes.map(|quoted| (message.seq, quoted)));
        let Some(at) = message.at else {
            self.without_time = self.without_time.saturating_add(1);
            return;
        };
        if let Some(runs) = &mut self.unbroken {
            match runs.last_mut() {
                Some(run) if goes_on(run.until, at) => run.go_on(message, at),
                _ => runs.push(Run::begin(message, at)),
            }
            if runs.len() > MOST_RUNS {
                self.unbroken = None;
            }
        }
        for level in &mut self.levels {
            level.message(message, at);
        }
    }

    /// The outline of all messages that came.
    #[must_use]
    pub fn finish(mut self, participants: &[ChatParticipant]) -> ChatOutline {
        self.seqs.sort_unstable();
        let mut outline = ChatOutline { without_time: self.without_time, ..ChatOutline::default() };
        for (seq, quoted) in self.quotes {
            if self.seqs.binary_search(&quoted).is_ok() {
                continue;
            }
            if outline.missing_quotes.len() < MOST_QUOTES {
                outline.missing_quotes.push((seq, quoted));
            } else {
                outline.more_missing_quotes += 1;
            }
        }
        outline.gathered = self.unbroken.is_none();
        let gathered = self.levels.into_iter().find(|level| !level.too_many).map(|level| level.runs);
        outline.runs = self.unbroken.unwrap_or_else(|| gathered.unwrap_or_default().into_values().collect());
        for run in &mut outline.runs {
            run.side = run.from.as_ref().and_then(|from| participants.iter().find(|who| who.id == *from)?.side);
        }
        outline
    }
}

/// Whether a message at `at` goes on with a run: the same day of its own stamps, no gap above ten
/// minutes.
fn goes_on(last: Stamp, at: Stamp) -> bool {
    at.instant().seconds_since(last.instant()).abs() <= RUN_GAP_SECONDS
        && local_seconds(at).div_euclid(DAY) == local_seconds(last).div_euclid(DAY)
}

/// Seconds of the clock that the stamp was read from.
fn local_seconds(at: Stamp) -> i64 {
    at.instant().as_millis().div_euclid(1000) + i64::from(at.offset_seconds())
}
