//! One question to the keyring after the other, each on a thread of its own and with a deadline: a
//! mute service never answers (reliability paper), and a thread that waits for it cannot be ended.
//! So only a few of them are ever given up; after that nobody is asked until one of them is back.

use super::keyring::{KeyringFault, TellLate};
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

/// How long the keyring may take to answer, waiting for one's turn included.
const DEADLINE: Duration = Duration::from_secs(5);

/// How many threads may be stuck in a service that does not answer.
const MOST_STUCK: usize = 3;

/// The line before the keyring.
pub(super) struct Line {
    state: Mutex<State>,
    moved: Condvar,
    deadline: Duration,
}

#[derive(Default)]
struct State {
    /// The question that is being asked.
    asking: Option<u64>,
    next: u64,
    /// Threads that nobody waits for any more.
    stuck: usize,
    tell_late: Option<TellLate>,
}

impl Default for Line {
    fn default() -> Self {
        Self::with_deadline(DEADLINE)
    }
}

impl Line {
    fn with_deadline(deadline: Duration) -> Self {
        Self { state: Mutex::default(), moved: Condvar::new(), deadline }
    }

    pub(super) fn tell_late(&self, tell: TellLate) {
        self.state().tell_late = Some(tell);
    }

    /// Asks when it is our turn. Blocks the calling thread until there is an answer, at most until
    /// the deadline.
    pub(super) fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce() -> Result<T, KeyringFault> + Send + 'static,
    ) -> Result<T, KeyringFault> {
        let until = Instant::now() + self.deadline;
        let turn = self.take_turn(until).ok_or(KeyringFault::Unavailable)?;
        let id = turn.id;
        let (done, wait) = mpsc::sync_channel(1);
        let started = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let answer = question();
            if let Some(tell) = turn.end()
                && answer.is_ok()
            {
                tell();
            }
            // Nobody waits any more when the deadline has passed.
            let _ = done.send(answer);
        });
        if started.is_err() {
            return Err(KeyringFault::Unavailable);
        }
        match wait.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(answer) => answer,
            // The answer came in this very moment.
            Err(_) if !self.give_up(id) => wait.recv().unwrap_or(Err(KeyringFault::Unavailable)),
            Err(_) => {
                tracing::warn!("the keyring did not answer in time");
                Err(KeyringFault::Unavailable)
            }
        }
    }

    fn take_turn(self: &Arc<Self>, until: Instant) -> Option<Turn> {
        let mut state = self.state();
        while state.asking.is_some() {
            let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            state = self.moved.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.stuck >= MOST_STUCK {
            return None;
        }
        state.next += 1;
        state.asking = Some(state.next);
        Some(Turn { line: Arc::clone(self), id: state.next, over: false })
    }

    /// Leaves a question to its thread; not when it is answered already.
    fn give_up(&self, id: u64) -> bool {
        let mut state = self.state();
        let waited_for = state.asking == Some(id);
        if waited_for {
            state.asking = None;
            state.stuck += 1;
            self.moved.notify_all();
        }
        waited_for
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to ask. It ends with the question, also with one that panics.
struct Turn {
    line: Arc<Line>,
    id: u64,
    over: bool,
}

impl Turn {
    /// Ends the turn; answers with whom to tell when nobody waits for the answer any more.
    fn end(mut self) -> Option<TellLate> {
        self.give_back()
    }

    fn give_back(&mut self) -> Option<TellLate> {
        if std::mem::replace(&mut self.over, true) {
            return None;
        }
        let mut state = self.line.state();
        if state.asking == Some(self.id) {
            state.asking = None;
            self.line.moved.notify_all();
            return None;
        }
        state.stuck = state.stuck.saturating_sub(1);
        state.tell_late.clone()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const SHORT: Duration = Duration::from_millis(200);

    /// A service that says nothing until it is let go, and how many threads are in it.
    struct Mute {
        inside: Arc<AtomicUsize>,
        gone: Arc<(Mutex<bool>, Condvar)>,
    }

    impl Mute {
        fn new() -> Self {
            Self { inside: Arc::default(), gone: Arc::default() }
        }

        fn question(&self) -> impl FnOnce() -> Result<(), KeyringFault> + Send + 'static {
            let (inside, gone) = (Arc::clone(&self.inside), Arc::clone(&self.gone));
            move || {
                inside.fetch_add(1, Ordering::SeqCst);
                let mut let_go = gone.0.lock().expect("no panic before");
                while !*let_go {
                    let_go = gone.1.wait(let_go).expect("no panic before");
                }
                inside.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        }

        fn let_go(&self) {
            *self.gone.0.lock().expect("no panic before") = true;
            self.gone.1.notify_all();
        }
    }

    #[test]
    fn sixty_four_callers_of_a_mute_service_all_come_back_and_few_threads_are_left_in_it() {
        let (line, mute) = (Arc::new(Line::with_deadline(SHORT)), Mute::new());
        for _ in 0..4 {
            let began = Instant::now();
            thread::scope(|scope| {
                for _ in 0..64 {
                    scope.spawn(|| assert_eq!(line.ask(mute.question()), Err(KeyringFault::Unavailable)));
                }
            });
            assert!(began.elapsed() < SHORT * 20, "nobody waits for those before");
        }
        let stuck = mute.inside.load(Ordering::SeqCst);
        assert!(stuck <= MOST_STUCK, "{stuck} threads are stuck after 256 calls");
        let told = Arc::new((Mutex::new(0), Condvar::new()));
        let tell = Arc::clone(&told);
        line.tell_late(Arc::new(move || {
            *tell.0.lock().expect("no panic before") += 1;
            tell.1.notify_all();
        }));
        mute.let_go();
        let mut late = told.0.lock().expect("no panic before");
        while *late < stuck {
            late = told.1.wait(late).expect("no panic before");
        }
        assert_eq!(line.ask(|| Ok(7)), Ok(7), "a service that is back is asked again");
    }

    #[test]
    fn a_question_that_panics_or_fails_leaves_the_line_free() {
        let line = Arc::new(Line::with_deadline(Duration::from_secs(20)));
        let panicked = line.ask::<()>(|| panic!("a fault inside of the library"));
        assert_eq!(panicked, Err(KeyringFault::Unavailable), "said as a fault");
        assert_eq!(line.ask::<()>(|| Err(KeyringFault::Locked)), Err(KeyringFault::Locked), "as it was answered");
        assert_eq!(line.ask(|| Ok(1)), Ok(1), "the next one is asked");
    }
}
