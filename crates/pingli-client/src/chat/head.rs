//! What there is to say about a chat log as a whole: how many messages, from when, on which days.

use crate::view::{ChatDay, ChatView};
use pingli_protocol::{
    Stamp,
    chat::{ChatMessage, ChatParticipant},
};
use std::collections::{BTreeMap, btree_map::Entry};

/// Days that are listed; more than a century has.
const MOST_DAYS: usize = 40_000;

/// The fields of a chat log beside its messages.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) platform: String,
    pub(super) participants: Vec<ChatParticipant>,
    pub(super) time_zone: String,
    pub(super) complete: bool,
}

/// Counts messages and days while they go by.
#[derive(Default)]
pub(super) struct Head {
    count: u32,
    first_at: Option<Stamp>,
    days: Vec<ChatDay>,
    by_day: BTreeMap<i64, usize>,
}

impl Head {
    /// Takes in the next message.
    pub(super) fn message(&mut self, message: &ChatMessage) {
        let place = self.count;
        self.count = self.count.saturating_add(1);
        let Some(at) = message.at else { return };
        self.first_at.get_or_insert(at);
        let local = at.instant().as_millis().div_euclid(1000) + i64::from(at.offset_seconds());
        let room = self.by_day.len() < MOST_DAYS;
        match self.by_day.entry(local.div_euclid(86_400)) {
            Entry::Occupied(known) => {
                if let Some(day) = self.days.get_mut(*known.get()) {
                    day.count += 1;
                }
            }
            Entry::Vacant(new) if room => {
                // The date as it stands in the stamp itself.
                let day = at.to_string().split('T').next().unwrap_or_default().to_owned();
                new.insert(self.days.len());
                self.days.push(ChatDay { day, first: place, count: 1 });
            }
            Entry::Vacant(_) => {}
        }
    }

    /// The view of a log with these fields and all the messages that came.
    pub(super) fn finish(self, fields: Fields) -> ChatView {
        ChatView {
            platform: fields.platform,
            participants: fields.participants,
            time_zone: fields.time_zone,
            complete: fields.complete,
            count: self.count,
            first_at: self.first_at,
            days: self.days,
        }
    }
}
