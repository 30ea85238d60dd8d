//! What happens because time passes: leases run out, windows end, verdicts become final, donations
//! are confirmed, freezes lift, and free seats find reviewers.

use crate::{
    app::App,
    court::{charity, panel, standing, tally},
    db::{accounts, cases, feed, seats, tokens},
    error::Result,
};
use pingli_protocol::seat::SeatState;

impl App {
    /// Does everything that is due by now. Each step is a transaction of its own, so that one
    /// case's fault does not hold up the others.
    ///
    /// # Errors
    /// When the database fails; what was not done is due again at the next tick.
    pub async fn tick(&self) -> Result<()> {
        self.lift_freezes().await?;
        self.end_leases().await?;
        self.close_windows().await?;
        self.finalise_verdicts().await?;
        self.confirm_donations().await?;
        self.fill_panels().await?;
        Ok(())
    }

    async fn lift_freezes(&self) -> Result<()> {
        let now = self.now();
        let mut tx = self.db.write().await?;
        let mut changed = accounts::thaw(&mut tx, now).await?;
        changed.extend(accounts::standing_due(&mut tx, now).await?);
        for reviewer in &changed {
            standing::publish(self, &mut tx, reviewer, now).await?;
        }
        tokens::sweep(&mut tx, now).await?;
        if changed.is_empty() { Ok(tx.commit().await?) } else { self.commit(tx).await }
    }

    async fn end_leases(&self) -> Result<()> {
        let now = self.now();
        let due = seats::run_out(&mut *self.db.read().await?, now).await?;
        for mut seat in due {
            let mut tx = self.db.write().await?;
            // A ballot or a return may have come in between.
            match seats::of_reviewer(&mut tx, &seat.reviewer, &seat.id).await? {
                Some(current) if current.state.is_open() && current.lease_end <= now => seat = current,
                _ => continue,
            }
            let case = panel::case_of(&mut tx, &seat).await?;
            let state = if seat.state == SeatState::Offered { SeatState::Declined } else { SeatState::Lapsed };
            panel::end_seat(self, &mut tx, &case, &mut seat, state, now).await?;
            panel::fill(self, &mut tx, &case, now).await?;
            standing::freeze_if_due(self, &mut tx, &seat.reviewer, now).await?;
            self.commit(tx).await?;
        }
        Ok(())
    }

    async fn close_windows(&self) -> Result<()> {
        let now = self.now();
        let due = cases::window_ended(&mut *self.db.read().await?, now).await?;
        for (id, round) in due {
            let mut tx = self.db.write().await?;
            if let Some(case) = cases::by_id(&mut tx, &id, round).await? {
                tally::tally(self, &mut tx, &case, true, now).await?;
            }
            self.commit(tx).await?;
        }
        Ok(())
    }

    async fn finalise_verdicts(&self) -> Result<()> {
        let now = self.now();
        let due = cases::finality_due(&mut *self.db.read().await?, now).await?;
        for (id, round) in due {
            let mut tx = self.db.write().await?;
            if let Some(case) = cases::by_id(&mut tx, &id, round).await? {
                tally::finalise(self, &mut tx, &case, now).await?;
            }
            self.commit(tx).await?;
        }
        Ok(())
    }

    async fn confirm_donations(&self) -> Result<()> {
        let now = self.now();
        let mut read = self.db.read().await?;
        let due = !crate::db::charity::to_confirm(&mut read, now).await?.is_empty();
        drop(read);
        if due {
            let mut tx = self.db.write().await?;
            charity::confirm_due(&mut tx, now).await?;
            self.commit(tx).await?;
        }
        Ok(())
    }

    /// Draws reviewers for the free seats of every open panel.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fill_panels(&self) -> Result<()> {
        let now = self.now();
        let open = cases::with_free_seats(&mut *self.db.read().await?, now).await?;
        for (id, round) in open {
            let mut tx = self.db.write().await?;
            let before = feed::newest_of_all(&mut tx).await?;
            if let Some(case) = cases::by_id(&mut tx, &id, round).await? {
                panel::fill(self, &mut tx, &case, now).await?;
            }
            // Most of the time nobody was missing: then nobody is woken.
            if feed::newest_of_all(&mut tx).await? == before {
                tx.rollback().await?;
            } else {
                self.commit(tx).await?;
            }
        }
        Ok(())
    }
}
