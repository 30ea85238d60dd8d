//! What a notification may tell after a round of sync: digested, once, and not in quiet hours.

use crate::{error::ClientError, open::Open, outbox::kind, verdicts, view::Notice, view::Settings};
use pingli_protocol::{
    UtcInstant,
    seat::{Seat, SeatState},
};
use pingli_store::SeenKind;

/// The longest time before a lease's end that the reviewer is reminded.
const REMIND_SECONDS: i64 = 3600;

/// Tells what is new. In the first round everything is, so nothing is told.
pub(crate) fn tell(open: &Open, first: bool) -> Result<(), ClientError> {
    let settings = open.settings()?;
    // What is not told now is told, digested, after the quiet hours.
    if !first && is_quiet(&settings, open.now(), &open.config.clock.zone()) {
        return Ok(());
    }
    let seats = open.store.seats()?;
    let mut new = 0;
    for seat in seats.iter().filter(|seat| seat.state == SeatState::Offered) {
        new += u32::from(open.store.mark_seen(SeenKind::ToldSeat, seat.id.as_str())?);
    }
    if new > 0 && !first && settings.notify_seats {
        open.news.notice(Notice::NewSeats { count: new });
    }
    let mut titles = Vec::new();
    for (key, title) in verdicts::keys_and_titles(open)? {
        if open.store.mark_seen(SeenKind::ToldVerdict, &key)? {
            titles.push(title);
        }
    }
    if !titles.is_empty() && !first && settings.notify_verdicts {
        let count = u32::try_from(titles.len()).unwrap_or(u32::MAX);
        open.news.notice(Notice::NewVerdicts { count, title: titles.pop().filter(|_| count == 1) });
    }
    let sealed = open.store.open_intents()?;
    let server_now = open.server_now();
    for seat in seats.iter().filter(|seat| is_ending(seat, server_now)) {
        let under_way = sealed.iter().any(|i| i.seat.as_ref() == Some(&seat.id) && i.kind != kind::ACCEPT);
        if settings.notify_leases && !under_way && open.store.mark_seen(SeenKind::ToldLease, seat.id.as_str())? {
            open.news.notice(Notice::LeaseEnding {
                seat: seat.id.clone(),
                title: seat.card.title.clone(),
                lease_end: seat.lease_end,
            });
        }
    }
    Ok(())
}

/// Whether a lease is about to end: an hour before, or a quarter of a shorter lease.
fn is_ending(seat: &Seat, server_now: UtcInstant) -> bool {
    let Some(accepted) = seat.accepted_at.filter(|_| seat.state == SeatState::Accepted) else { return false };
    let before = (seat.lease_end.seconds_since(accepted) / 4).min(REMIND_SECONDS);
    let left = seat.lease_end.seconds_since(server_now);
    left > 0 && left <= before
}

/// Whether it is a quiet hour in the reviewer's zone; the hours may pass midnight.
fn is_quiet(settings: &Settings, now: UtcInstant, zone: &jiff::tz::TimeZone) -> bool {
    let Some((from, to)) = settings.quiet_hours else { return false };
    let hour = now.timestamp().to_zoned(zone.clone()).hour();
    let (hour, from, to) = (i32::from(hour), i32::from(from), i32::from(to));
    if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docket::fixtures::seat;

    #[test]
    fn a_lease_is_reminded_of_an_hour_or_a_quarter_before_its_end() {
        let end: UtcInstant = "2026-11-20T12:00:00Z".parse().expect("a time");
        let mut held = seat(SeatState::Accepted, end);
        held.accepted_at = Some(end.plus_seconds(-12 * 3600));
        assert!(!is_ending(&held, end.plus_seconds(-3601)), "not yet");
        assert!(is_ending(&held, end.plus_seconds(-3600)), "an hour before");
        assert!(!is_ending(&held, end), "it is over");
        held.accepted_at = Some(end.plus_seconds(-120));
        assert!(!is_ending(&held, end.plus_seconds(-31)), "a short lease");
        assert!(is_ending(&held, end.plus_seconds(-30)), "a quarter of it");
    }

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let quiet = |hours, at: &str| {
            let settings = Settings { quiet_hours: hours, ..Settings::default() };
            is_quiet(&settings, at.parse().expect("a time"), &jiff::tz::TimeZone::UTC)
        };
        assert!(quiet(Some((22, 7)), "2026-11-20T23:10:00Z") && quiet(Some((22, 7)), "2026-11-20T06:59:00Z"));
        assert!(!quiet(Some((22, 7)), "2026-11-20T07:00:00Z") && !quiet(None, "2026-11-20T23:10:00Z"));
        assert!(quiet(Some((12, 14)), "2026-11-20T13:00:00Z") && !quiet(Some((12, 14)), "2026-11-20T14:00:00Z"));
    }
}
