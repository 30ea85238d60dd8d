//! Notifications: a new seat, a lease about to end, a verdict, a refused ballot. Never with evidence
//! text. A mute notification service may never answer, so each one has a thread and a deadline of
//! its own, and only a few threads are ever left to such a service.

use pingli_client::{
    protocol::Lang,
    view::{Lead, Notice, Settings},
};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};
use tauri::AppHandle;

/// How long the notification service may take.
const DEADLINE: Duration = Duration::from_secs(3);

/// How many notifications may wait for the service at once.
const MOST_ASKING: usize = 3;

/// How many notifications may wait for a click at once; one more is shown, and leads nowhere.
const MOST_LISTENING: usize = 8;

static ASKING: Places = Places(AtomicUsize::new(0));
static LISTENING: Places = Places(AtomicUsize::new(0));

/// Places that threads may take.
struct Places(AtomicUsize);

/// A place that was taken, until it is dropped.
struct Place(&'static Places);

impl Places {
    fn take(&'static self, most: usize) -> Option<Place> {
        let taken =
            self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| (taken < most).then_some(taken + 1));
        taken.is_ok().then(|| Place(self))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The words of a notification.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    title: String,
    body: String,
    open: &'static str,
}

/// Shows a notice, and brings the window to its place when it is clicked.
pub(crate) fn show(app: &AppHandle, notice: &Notice, settings: &Settings) {
    let words = words(notice, language(settings));
    let lead = Lead::from(notice.place());
    let app = app.clone();
    ask(&ASKING, DEADLINE, move |asked| {
        let result = notify_rust::Notification::new()
            .appname("评理 Pingli")
            .icon("pingli")
            .summary(&words.title)
            .body(&words.body)
            .action("default", words.open)
            .show();
        asked(result.as_ref().map(|_| ()).map_err(ToString::to_string));
        if let Ok(handle) = result
            && let Some(_place) = LISTENING.take(MOST_LISTENING)
        {
            handle.wait_for_action(|action| {
                if action == "default" {
                    crate::events::bring_to(&app, &lead);
                }
            });
        }
    });
}

/// Is called once with the service's answer.
type Asked<'a> = &'a dyn Fn(Result<(), String>);

/// Asks the service on a thread of its own, unless too many wait for it already. Never blocks.
fn ask(places: &'static Places, deadline: Duration, question: impl FnOnce(Asked<'_>) + Send + 'static) {
    let Some(place) = places.take(MOST_ASKING) else {
        tracing::warn!("the notification service answers nobody: a notification was not shown");
        return;
    };
    let (told, waiting) = mpsc::channel();
    let place = Mutex::new(Some(place));
    let started = std::thread::Builder::new().name("notification".to_owned()).spawn(move || {
        question(&|answer| {
            place.lock().unwrap_or_else(PoisonError::into_inner).take();
            // The other end may have given up waiting.
            let _ = told.send(answer);
        });
    });
    if started.is_err() {
        return;
    }
    let watched = std::thread::Builder::new().name("notification deadline".to_owned()).spawn(move || {
        match waiting.recv_timeout(deadline) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error, "notification not shown"),
            Err(_) => tracing::warn!("the notification service did not answer in time"),
        }
    });
    if let Err(error) = watched {
        tracing::warn!(%error, "nobody watches over a notification");
    }
}

/// The language of the words: as set, else as the system has it.
fn language(settings: &Settings) -> Lang {
    settings.language.unwrap_or_else(pingli_client::system_language)
}

fn words(notice: &Notice, language: Lang) -> Words {
    let (chinese, english) = match notice {
        Notice::NewSeats { count } => (
            ("有新的判定任务".to_owned(), format!("{count} 件案件等您领取。")),
            ("New seats".to_owned(), plural(*count, "case is waiting for you.", "cases are waiting for you.")),
        ),
        Notice::LeaseEnding { title, lease_end, .. } => {
            let at = local_time(*lease_end);
            (
                ("领取有效期快到了".to_owned(), format!("{title}：请在 {at} 前投票。")),
                ("A lease is about to end".to_owned(), format!("{title}: vote before {at}.")),
            )
        }
        Notice::NewVerdicts { title: Some(title), .. } => {
            (("判定结果出来了".to_owned(), title.clone()), ("A verdict is in".to_owned(), title.clone()))
        }
        Notice::NewVerdicts { count, title: None } => (
            ("判定结果出来了".to_owned(), format!("{count} 件案件有了结果。")),
            ("Verdicts are in".to_owned(), plural(*count, "case was decided.", "cases were decided.")),
        ),
        Notice::BallotRefused { title } => (
            ("有一票没有被接收".to_owned(), format!("{title}：请到待上传里查看原因。")),
            ("A ballot was refused".to_owned(), format!("{title}: the outbox says why.")),
        ),
        Notice::BallotsWait { count, due: Some(due) } => {
            let at = local_time(*due);
            (
                (
                    "还有票没有上传".to_owned(),
                    format!("{count} 票待上传，最早一张须在 {at} 前送到。解锁并联网后上传。"),
                ),
                (
                    "Ballots wait".to_owned(),
                    plural(*count, &format!("ballot waits, due {at}."), &format!("ballots wait, the first due {at}.")),
                ),
            )
        }
        Notice::BallotsWait { count, due: None } => (
            ("还有票没有上传".to_owned(), format!("{count} 票待上传，解锁并联网后上传。")),
            ("Ballots wait".to_owned(), plural(*count, "ballot waits.", "ballots wait.")),
        ),
        Notice::ActsAsk { count } => (
            ("本机数据回到了较早的状态".to_owned(), format!("待上传里有 {count} 项等您决定是否上传。")),
            (
                "The data here went back to an earlier state".to_owned(),
                plural(*count, "act in the outbox needs your word.", "acts in the outbox need your word."),
            ),
        ),
        Notice::SentAgain { count } => (
            ("判定中心恢复到了较早的状态".to_owned(), format!("{count} 项按原编号再送一次，不会重复计入。")),
            (
                "The server went back to an earlier state".to_owned(),
                plural(*count, "act is sent again, never counted twice.", "acts are sent again, never counted twice."),
            ),
        ),
    };
    let (open, (title, body)) = if language == Lang::En { ("Open", english) } else { ("打开", chinese) };
    Words { title, body, open }
}

fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn local_time(at: pingli_client::protocol::UtcInstant) -> String {
    let zoned = at.timestamp().to_zoned(pingli_client::system_zone());
    zoned.strftime("%m-%d %H:%M").to_string()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;
    use pingli_client::view::Place;

    #[test]
    fn every_notice_has_words_in_both_languages() {
        let notices = [
            Notice::NewSeats { count: 1 },
            Notice::LeaseEnding {
                seat: "s".parse().expect("an id"),
                title: "大衣".to_owned(),
                lease_end: "2026-11-21T13:00:00Z".parse().expect("a time"),
            },
            Notice::NewVerdicts { count: 1, title: Some("大衣".to_owned()) },
            Notice::NewVerdicts { count: 2, title: None },
            Notice::BallotRefused { title: "大衣".to_owned() },
            Notice::BallotsWait { count: 2, due: None },
            Notice::BallotsWait { count: 2, due: Some("2026-11-21T13:40:00Z".parse().expect("a time")) },
            Notice::ActsAsk { count: 1 },
            Notice::SentAgain { count: 1 },
        ];
        for notice in &notices {
            let (chinese, english) = (words(notice, Lang::ZhHans), words(notice, Lang::En));
            assert_ne!(chinese.title, english.title, "{notice:?} is translated");
            assert!(!chinese.body.is_empty() && !english.body.is_empty(), "{notice:?} says something");
        }
        assert_eq!(words(&notices[0], Lang::En).body, "1 case is waiting for you.", "one case is singular");
        let room = Place::Room { seat: "s".parse().expect("an id") };
        assert_eq!(notices[1].place(), room, "a lease leads to its case");
    }

    #[test]
    fn a_mute_service_gets_few_threads_and_blocks_nobody() {
        static PLACES: Places = Places(AtomicUsize::new(0));
        let (asked, inside) = mpsc::channel();
        let (hold, held) = mpsc::channel::<()>();
        let held = std::sync::Arc::new(Mutex::new(held));
        for _ in 0..100 {
            let (asked, held) = (asked.clone(), std::sync::Arc::clone(&held));
            ask(&PLACES, Duration::from_millis(1), move |_| {
                let _ = asked.send(());
                let _ = held.lock().expect("no panic before").recv();
            });
        }
        drop(asked);
        for _ in 0..MOST_ASKING {
            inside.recv().expect("a few ask");
        }
        assert_eq!(PLACES.0.load(Ordering::SeqCst), MOST_ASKING, "ninety-seven did not even begin");
        drop(hold);
        assert!(inside.recv().is_err(), "they end when the service does");
        // A thread gives its place back after its last word.
        while PLACES.0.load(Ordering::SeqCst) > 0 {
            std::thread::yield_now();
        }
        ask(&PLACES, DEADLINE, |asked| asked(Ok(())));
    }
}
