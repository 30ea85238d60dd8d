//! Deep links, `pingli://…`: they name a place in the window and nothing else. A link carries no act,
//! no address of a server and no text that is shown; one that does not read is told by a code and
//! otherwise ignored. Links come from anybody: a page, a mail, another program.

use crate::{
    error::ClientError,
    open::Open,
    verdicts,
    view::{Lead, Place},
};
use pingli_protocol::{
    CaseId, SeatId,
    seat::{Seat, SeatState},
};
use pingli_store::PackState;
use std::{collections::BTreeSet, fmt, str::FromStr};

/// The scheme of the links.
pub const LINK_SCHEME: &str = "pingli";

/// The longest link that is looked at, in bytes: the longest case id, and room for the rest.
pub const LONGEST_LINK: usize = 192;

/// The highest round that a link may name.
const HIGHEST_ROUND: u32 = 9_999;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// `pingli://docket`.
    Docket,
    /// `pingli://outbox`.
    Outbox,
    /// `pingli://verdicts`.
    Verdicts,
    /// `pingli://charity`.
    Charity,
    /// `pingli://standing`.
    Standing,
    /// `pingli://settings`.
    Settings,
    /// `pingli://case/CASE` or `pingli://case/CASE/ROUND`: the case room.
    Case(CaseId, Option<u32>),
    /// `pingli://verdict/CASE` or `pingli://verdict/CASE/ROUND`.
    Verdict(CaseId, Option<u32>),
}

/// Why a text is not a link of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a link that this program follows")]
pub struct InvalidLink;

impl InvalidLink {
    /// The stable code that the window says instead of going somewhere.
    pub const CODE: &str = "link_invalid";
}

/// The code for a link to a case that is not on this machine.
const NOT_HERE: &str = "link_not_here";

impl FromStr for Link {
    type Err = InvalidLink;

    /// Reads exactly the forms above, in lower case, with or without one slash at the end. There is no
    /// query, no fragment, no user, no port and no escape.
    fn from_str(text: &str) -> Result<Self, InvalidLink> {
        if text.len() > LONGEST_LINK {
            return Err(InvalidLink);
        }
        let path = text.strip_prefix(LINK_SCHEME).and_then(|rest| rest.strip_prefix("://")).ok_or(InvalidLink)?;
        let mut parts = path.strip_suffix('/').unwrap_or(path).split('/');
        let link = match parts.next().unwrap_or_default() {
            "docket" => Self::Docket,
            "outbox" => Self::Outbox,
            "verdicts" => Self::Verdicts,
            "charity" => Self::Charity,
            "standing" => Self::Standing,
            "settings" => Self::Settings,
            kind @ ("case" | "verdict") => {
                let case = parts.next().and_then(|id| CaseId::new(id).ok()).ok_or(InvalidLink)?;
                let round = parts.next().map(read_round).transpose()?;
                if kind == "case" { Self::Case(case, round) } else { Self::Verdict(case, round) }
            }
            _ => return Err(InvalidLink),
        };
        if parts.next().is_some() { Err(InvalidLink) } else { Ok(link) }
    }
}

/// A round from 1, in the one form it has.
fn read_round(text: &str) -> Result<u32, InvalidLink> {
    let plain = !text.starts_with('0') && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let round = if plain { text.parse().ok() } else { None };
    round.filter(|round| *round <= HIGHEST_ROUND).ok_or(InvalidLink)
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, case, round) = match self {
            Self::Docket => ("docket", None, None),
            Self::Outbox => ("outbox", None, None),
            Self::Verdicts => ("verdicts", None, None),
            Self::Charity => ("charity", None, None),
            Self::Standing => ("standing", None, None),
            Self::Settings => ("settings", None, None),
            Self::Case(case, round) => ("case", Some(case), *round),
            Self::Verdict(case, round) => ("verdict", Some(case), *round),
        };
        write!(f, "{LINK_SCHEME}://{kind}")?;
        case.map_or(Ok(()), |case| write!(f, "/{case}"))?;
        round.map_or(Ok(()), |round| write!(f, "/{round}"))
    }
}

/// What is on this machine, as far as a link may lead there.
struct Here<'a> {
    seats: &'a [Seat],
    /// Seats whose pack is here and whole.
    ready: &'a BTreeSet<SeatId>,
    /// Cases and rounds with a verdict.
    decided: &'a BTreeSet<(CaseId, u32)>,
}

impl Here<'_> {
    fn lead(&self, link: &Link) -> Lead {
        let to = Lead::from;
        let missing = |place| Lead { place: Some(place), code: Some(NOT_HERE.to_owned()) };
        match link {
            Link::Docket => to(Place::Docket),
            Link::Outbox => to(Place::Outbox),
            Link::Verdicts => to(Place::Verdicts),
            Link::Charity => to(Place::Charity),
            Link::Standing => to(Place::Standing),
            Link::Settings => to(Place::Settings),
            Link::Case(case, round) => match (self.room(case, *round), self.verdict(case, *round)) {
                (Some(seat), _) => to(Place::Room { seat }),
                (None, Some(place)) => to(place),
                (None, None) => missing(Place::Docket),
            },
            Link::Verdict(case, round) => self.verdict(case, *round).map_or_else(|| missing(Place::Verdicts), to),
        }
    }

    /// The seat of a case that can be opened; of its latest round where none is named.
    fn room(&self, case: &CaseId, round: Option<u32>) -> Option<SeatId> {
        let fits = |seat: &&Seat| {
            seat.case == *case
                && round.is_none_or(|round| seat.round == round)
                && seat.state == SeatState::Accepted
                && self.ready.contains(&seat.id)
        };
        self.seats.iter().filter(fits).max_by_key(|seat| seat.round).map(|seat| seat.id.clone())
    }

    fn verdict(&self, case: &CaseId, round: Option<u32>) -> Option<Place> {
        let fits = |decided: &&(CaseId, u32)| decided.0 == *case && round.is_none_or(|round| decided.1 == round);
        let (case, round) = self.decided.iter().filter(fits).max_by_key(|(_, round)| *round)?.clone();
        Some(Place::Verdict { case, round })
    }
}

/// Where a link leads on this machine.
pub(crate) fn lead(open: &Open, link: &Link) -> Result<Lead, ClientError> {
    let is_ready = |pack: &pingli_store::PackRow| pack.state == PackState::Ready;
    let ready = open.store.packs()?.into_iter().filter(is_ready).map(|pack| pack.seat).collect();
    let here = Here { seats: &open.store.seats()?, ready: &ready, decided: &verdicts::decided_cases(open)? };
    Ok(here.lead(link))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docket::fixtures::seat_of;
    use pingli_protocol::UtcInstant;

    #[test]
    fn every_form_reads_and_is_written_back() {
        let case = |id: &str| CaseId::new(id).expect("an id");
        for (text, link) in [
            ("pingli://docket", Link::Docket),
            ("pingli://outbox", Link::Outbox),
            ("pingli://verdicts", Link::Verdicts),
            ("pingli://charity", Link::Charity),
            ("pingli://standing", Link::Standing),
            ("pingli://settings", Link::Settings),
            ("pingli://case/TM-2026:1", Link::Case(case("TM-2026:1"), None)),
            ("pingli://case/c.1/2", Link::Case(case("c.1"), Some(2))),
            ("pingli://verdict/c-1", Link::Verdict(case("c-1"), None)),
            ("pingli://verdict/c-1/9999", Link::Verdict(case("c-1"), Some(9_999))),
        ] {
            assert_eq!(text.parse(), Ok(link.clone()), "{text}");
            assert_eq!(format!("{text}/").parse(), Ok(link.clone()), "a browser may add a slash to {text}");
            assert_eq!(link.to_string(), text, "and there is one way to write it");
        }
        let longest = format!("pingli://verdict/{}/9999", "x".repeat(128));
        assert!(longest.len() <= LONGEST_LINK && longest.parse::<Link>().is_ok(), "the longest case id fits");
    }

    #[test]
    fn nothing_else_reads() {
        let endless = format!("pingli://case/{}", "x".repeat(1 << 20));
        for text in [
            "",
            "pingli",
            "pingli:",
            "pingli:outbox",
            "pingli:/outbox",
            "pingli://",
            "pingli:///",
            "pingli:///outbox",
            "pingli://outbox//",
            "pingli://outbox/x",
            "pingli://Outbox",
            "PINGLI://outbox",
            " pingli://outbox",
            "pingli://outbox ",
            "pingli://outbox\n",
            "pingli://outbox\0",
            "pingli://outbox?x=1",
            "pingli://outbox#x",
            "pingli://user@outbox",
            "pingli://outbox:80",
            "pingli://%6futbox",
            "pingli://case",
            "pingli://case/",
            "pingli://case//1",
            "pingli://case/..",
            "pingli://case/../outbox",
            "pingli://case/a/b",
            "pingli://case/a/0",
            "pingli://case/a/01",
            "pingli://case/a/+1",
            "pingli://case/a/-1",
            "pingli://case/a/1e3",
            "pingli://case/a/10000",
            "pingli://case/a/99999999999999999999",
            "pingli://case/a/\u{661}",
            "pingli://case/a/1/x",
            "pingli://case/杯子",
            "pingli://case/a%2fb",
            "pingli://case/a\\b",
            "pingli://case/a\u{202e}b",
            "pingli://verdict",
            "pingli://seal/c-1",
            "pingli://donate/100",
            "pingli://sign-in/https://elsewhere.example",
            "pingli://server/https://elsewhere.example",
            "pingli://unlock",
            "pingli://quit",
            "https://case/c-1",
            "javascript:alert(1)",
            "data:text/html,<script>1</script>",
            "tauri://localhost",
            "ipc://localhost/seal_ballot",
            "file:///etc/passwd",
            "--media-worker",
            "pingli://case/a/1\u{feff}",
            &endless,
        ] {
            assert_eq!(text.parse::<Link>(), Err(InvalidLink), "{:.60}", text.escape_debug().to_string());
        }
    }

    #[test]
    fn a_link_leads_only_to_what_is_here() {
        let end = UtcInstant::from_millis(0);
        let mut second = seat_of("1", SeatState::Accepted, end);
        (second.id, second.round) = (SeatId::new("s-1b").expect("an id"), 2);
        let seats = [
            seat_of("1", SeatState::Accepted, end),
            second.clone(),
            seat_of("2", SeatState::Accepted, end),
            seat_of("3", SeatState::Offered, end),
            seat_of("4", SeatState::Counted, end),
        ];
        let id = |n: &str| CaseId::new(format!("c-{n}")).expect("an id");
        let ready = ["s-1", "s-1b", "s-3", "s-4"].map(|seat| SeatId::new(seat).expect("an id")).into();
        let decided = BTreeSet::from([(id("4"), 1), (id("4"), 2), (id("9"), 1)]);
        let here = Here { seats: &seats, ready: &ready, decided: &decided };
        let lead = |text: &str| here.lead(&text.parse().expect("a link"));
        let to = Lead::from;
        let missing = |place| Lead { place: Some(place), code: Some("link_not_here".to_owned()) };
        let room = |seat: &str| Place::Room { seat: SeatId::new(seat).expect("an id") };

        assert_eq!(lead("pingli://outbox"), to(Place::Outbox));
        assert_eq!(lead("pingli://case/c-1"), to(room("s-1b")), "the latest round");
        assert_eq!(lead("pingli://case/c-1/1"), to(room("s-1")), "the round that is named");
        assert_eq!(lead("pingli://case/c-1/3"), missing(Place::Docket), "no such round");
        assert_eq!(lead("pingli://case/c-2"), missing(Place::Docket), "the pack is not here");
        assert_eq!(lead("pingli://case/c-3"), missing(Place::Docket), "a link takes no seat");
        let verdict = |n: &str, round| Place::Verdict { case: id(n), round };
        assert_eq!(lead("pingli://case/c-4"), to(verdict("4", 2)), "what was decided shows its verdict");
        assert_eq!(lead("pingli://verdict/c-4/1"), to(verdict("4", 1)));
        assert_eq!(lead("pingli://verdict/c-9"), to(verdict("9", 1)));
        assert_eq!(lead("pingli://verdict/c-1"), missing(Place::Verdicts), "no verdict yet");
        assert_eq!(lead("pingli://case/nobody"), missing(Place::Docket), "and nothing is asked of the server");
    }
}
