//! Who may have a picture made now. Waiting holds neither a thread nor a file in memory.

use crate::open::lock;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::sync::oneshot;

/// When a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Before everything that waits: it is looked at now.
    NewestFirst,
    /// After everything urgent, one behind the other.
    InOrder,
}

/// A number of turns, and those who wait for one.
pub(super) struct Turns(Mutex<Queue>);

struct Queue {
    free: usize,
    closed: bool,
    urgent: Vec<oneshot::Sender<Turn>>,
    in_order: VecDeque<oneshot::Sender<Turn>>,
}

/// A turn; when dropped it goes to whoever is next.
pub(super) struct Turn(Option<Arc<Turns>>);

impl Turns {
    pub(super) fn new(free: usize) -> Arc<Self> {
        let queue = Queue { free, closed: false, urgent: Vec::new(), in_order: VecDeque::new() };
        Arc::new(Self(Mutex::new(queue)))
    }

    /// Waits for a turn; none when there will be no more.
    pub(super) async fn take(self: &Arc<Self>, urgency: Urgency) -> Option<Turn> {
        let (next, wait) = oneshot::channel();
        {
            let mut queue = lock(&self.0);
            if queue.closed {
                return None;
            }
            if queue.free > 0 {
                queue.free -= 1;
                return Some(Turn(Some(Arc::clone(self))));
            }
            match urgency {
                Urgency::NewestFirst => queue.urgent.push(next),
                Urgency::InOrder => queue.in_order.push_back(next),
            }
        }
        wait.await.ok()
    }

    /// There are turns again.
    pub(super) fn open(&self) {
        lock(&self.0).closed = false;
    }

    /// Sends everybody away who waits.
    pub(super) fn close(&self) {
        let mut queue = lock(&self.0);
        queue.closed = true;
        queue.urgent.clear();
        queue.in_order.clear();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        loop {
            let mut queue = lock(&turns.0);
            let next = queue.urgent.pop().or_else(|| queue.in_order.pop_front());
            let Some(next) = next else {
                queue.free += 1;
                return;
            };
            drop(queue);
            match next.send(Turn(Some(Arc::clone(&turns)))) {
                Ok(()) => return,
                // Nobody waits there any more; the turn must not come back through its own drop.
                Err(mut turn) => turn.0 = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::Future,
        pin::{Pin, pin},
        task::{Context, Poll, Waker},
    };

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn the_newest_part_comes_first_and_thumbnails_in_their_order() {
        let turns = Turns::new(1);
        let Poll::Ready(Some(held)) = poll(pin!(turns.take(Urgency::InOrder))) else { panic!("a turn is free") };
        let names = ["thumb 1", "thumb 2", "part 1", "part 2"];
        let mut waiting: Vec<_> = names
            .iter()
            .map(|name| {
                let urgency = if name.starts_with("part") { Urgency::NewestFirst } else { Urgency::InOrder };
                (*name, Box::pin(turns.take(urgency)))
            })
            .collect();
        assert!(waiting.iter_mut().all(|(_, wait)| poll(wait.as_mut()).is_pending()), "there is one turn");
        let mut order = Vec::new();
        let mut turn = Some(held);
        while !waiting.is_empty() {
            drop(turn.take());
            let ready = waiting.iter_mut().position(|(_, wait)| match poll(wait.as_mut()) {
                Poll::Ready(next) => {
                    turn = next;
                    true
                }
                Poll::Pending => false,
            });
            order.push(waiting.remove(ready.expect("a turn was given back")).0);
        }
        assert_eq!(order, ["part 2", "part 1", "thumb 1", "thumb 2"]);
    }

    #[test]
    fn who_went_away_holds_nobody_up() {
        let turns = Turns::new(1);
        let Poll::Ready(Some(held)) = poll(pin!(turns.take(Urgency::NewestFirst))) else { panic!("a turn is free") };
        let mut gone: Vec<_> = (0..3).map(|_| Box::pin(turns.take(Urgency::NewestFirst))).collect();
        assert!(gone.iter_mut().all(|wait| poll(wait.as_mut()).is_pending()));
        // One goes away before its turn, one with the turn already given to it.
        drop(gone.pop());
        drop(held);
        drop(gone);
        assert!(matches!(poll(pin!(turns.take(Urgency::InOrder))), Poll::Ready(Some(_))), "the turn came back");
    }

    #[test]
    fn closing_sends_everybody_away() {
        let turns = Turns::new(1);
        let Poll::Ready(held) = poll(pin!(turns.take(Urgency::InOrder))) else { panic!("a turn is free") };
        let mut wait = pin!(turns.take(Urgency::InOrder));
        assert!(poll(wait.as_mut()).is_pending());
        turns.close();
        assert!(matches!(poll(wait), Poll::Ready(None)));
        drop(held);
        assert!(matches!(poll(pin!(turns.take(Urgency::NewestFirst))), Poll::Ready(None)));
    }
}
