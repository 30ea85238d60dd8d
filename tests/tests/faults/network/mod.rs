//! F5: every fault of network and server, for every kind of request. Between the real client and the
//! real server stands a proxy that makes one kind of request go wrong. When the fault is over the act
//! is in the server's books once; while it lasts nothing is given up, nobody is signed out, and the
//! reviewer is told the right thing.

mod accounts;
mod acts;
mod cells;
mod desk;
mod line;
mod memory;
mod push;
mod ranges;
mod refusals;
mod tokens;

use acts::{Tried, befallen};
use cells::{Blow, blows, codes};
use desk::{HANGS, NetDesk};
use pingli_client::view::Stage;
use pingli_tests::{
    FaultRow,
    proxy::{Endpoint, Fault},
    rounds, seed,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::task::LocalSet;

/// A year: tokens are not what most cells are about.
const A_YEAR: i64 = 365 * 24 * 3600;
/// So short that every request changes its token first.
const AT_ONCE: i64 = 20;
/// A cell is tried so often before its code counts as the wrong one: the machine may be busy.
const TRIES: usize = 6;
/// A cell in which nothing was broken, but something not seen, is looked at so often again, when most of
/// the others are done.
const LOOKS: usize = 2;

/// What is wrong with a cell.
#[derive(Debug)]
enum Wrong {
    /// An invariant is broken: once is enough.
    Broken(String),
    /// What was to be seen was not seen in time: the fault did not strike, or another word was said.
    Unseen(String),
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Broken(what)
    }
}

/// Panics anywhere in the process, the client's own tasks included.
fn count_panics() -> Arc<AtomicU64> {
    let (panics, before) = (Arc::new(AtomicU64::new(0)), std::panic::take_hook());
    let counted = Arc::clone(&panics);
    std::panic::set_hook(Box::new(move |info| {
        // The scripted browser gives up when its page does not come.
        if !info.location().is_some_and(|place| place.file().ends_with("browser.rs")) {
            counted.fetch_add(1, Ordering::SeqCst);
            before(info);
        }
    }));
    panics
}

/// Lets the fault befall the act, and checks what the reviewer is told meanwhile.
async fn befall(desk: &NetDesk, act: &mut acts::Act, endpoint: Endpoint, fault: Fault) -> Result<(), Wrong> {
    let expected = codes(fault, endpoint);
    let mut seen = Vec::new();
    desk.proxy.plan(befallen(endpoint), fault, 0);
    for _ in 0..TRIES {
        let tried = tokio::time::timeout(HANGS, desk.attempt(act)).await.map_err(|_| "hangs".to_owned())?;
        if endpoint == Endpoint::Revoke {
            // It is tried once, and what befell a connection is known when that has ended.
            let _ = tokio::time::timeout(HANGS, desk.proxy.befell()).await;
        }
        let befell = desk.proxy.hits_on(endpoint) > 0;
        match tried {
            Tried::GivenUp(code) => return Err(Wrong::Broken(format!("given up: {code}"))),
            // Signing out goes on without an answer, and is tried once.
            Tried::Done if endpoint == Endpoint::Revoke && befell => return Ok(()),
            Tried::Done if endpoint == Endpoint::Revoke => {
                return Err(Wrong::Unseen("the fault befell nothing".to_owned()));
            }
            Tried::Done if befell && expected.is_empty() => return Ok(()),
            // A busy machine was slow, and then it was in time.
            Tried::Done if befell && !seen.is_empty() && seen.iter().all(Tried::is_late) => return Ok(()),
            // A round of the program's own was first, and the server has what it was told.
            Tried::Done if endpoint == Endpoint::TellJournal && desk.proxy.reached(endpoint) > 0 => return Ok(()),
            Tried::Done if befell => {
                return Err(Wrong::Unseen(format!("went through all the same, after {seen:?}")));
            }
            Tried::Waits(code) if befell && expected.contains(&code.as_str()) => return Ok(()),
            other => seen.push(other),
        }
    }
    if expected.is_empty() && desk.proxy.hits_on(endpoint) > 0 {
        Ok(())
    } else {
        Err(Wrong::Unseen(format!("{seen:?} instead of {expected:?}")))
    }
}

/// One cell.
async fn cell(desk: &mut NetDesk, endpoint: Endpoint, blow: Blow) -> Result<(), Wrong> {
    let mut act = desk.prepare(endpoint).await;
    let mut befell = Ok(());
    match blow {
        Blow::Fault(fault) => {
            befell = befall(desk, &mut act, endpoint, fault).await;
            let stage = desk.client.app_status().await.map_err(|error| error.to_string())?.stage;
            desk.proxy.lift();
            if stage == Stage::SignInAgain {
                return Err(Wrong::Broken("signed out".to_owned()));
            }
        }
        Blow::Restored => {
            let yesterday = desk.hall.back_up().await;
            desk.proxy.plan(befallen(endpoint), Fault::ResetBeforeHeaders, 0);
            for _ in 0..TRIES {
                if desk.proxy.reached(endpoint) == 0 {
                    desk.attempt(&mut act).await;
                }
            }
            if desk.proxy.reached(endpoint) == 0 {
                befell = Err(Wrong::Unseen("the server saw nothing that it could forget".to_owned()));
            }
            desk.hall.go_back_to(&yesterday).await;
            desk.proxy.lift();
            if endpoint == Endpoint::Token {
                // A token that yesterday's server does not know: it says so, and it is right.
                desk.sign_in_again().await;
            }
        }
        Blow::KeyRotated => {
            desk.hall.rotate_key().await;
            desk.proxy.lift();
        }
    }
    desk.finish(&mut act).await?;
    if let Err(Wrong::Broken(what)) = befell {
        return Err(Wrong::Broken(what));
    }
    if blow == Blow::Fault(Fault::Reordered) {
        desk.proxy.deliver_late().await;
        if endpoint == Endpoint::Token {
            // An old token that turns up again may be a thief's.
            desk.sign_in_again().await;
        }
        desk.synced().await;
    }
    // What was not seen breaks nothing; whether something is broken is asked first.
    desk.verify(&act).await?;
    nothing_strayed(desk)?;
    befell
}

/// Whether everything went to the server alone.
fn nothing_strayed(desk: &NetDesk) -> Result<(), Wrong> {
    match (desk.proxy.strayed(), desk.proxy.spoken()) {
        (0, 0) => Ok(()),
        (strayed, spoken) => {
            Err(Wrong::Broken(format!("{strayed} requests strayed, {spoken} were said to a stranger")))
        }
    }
}

async fn tried(desk: &mut NetDesk, endpoint: Endpoint, blow: Blow) -> Result<(), Wrong> {
    match endpoint {
        Endpoint::Events => push::cell(desk, blow).await,
        _ => cell(desk, endpoint, blow).await,
    }
}

/// All cells of a kind of request; answers with their number and what went wrong.
async fn cells_of(endpoint: Endpoint, seed: u64) -> (u64, Vec<String>) {
    let mut desk = NetDesk::open(if endpoint == Endpoint::Token { AT_ONCE } else { A_YEAR }).await;
    if matches!(endpoint, Endpoint::Donate | Endpoint::CancelDonation) {
        desk.rich().await;
    }
    let (mut points, mut wrong, mut unseen) = (0, Vec::new(), Vec::new());
    for round in 0..rounds() {
        let mut blows = blows();
        let by = usize::try_from((seed ^ round) % blows.len() as u64).expect("small");
        blows.rotate_left(by);
        for blow in blows {
            points += 1;
            match tried(&mut desk, endpoint, blow).await {
                Ok(()) => {}
                Err(Wrong::Broken(what)) => wrong.push(format!("{endpoint:?} × {blow:?}: {what}")),
                Err(Wrong::Unseen(_)) => unseen.push(blow),
            }
        }
    }
    for blow in unseen {
        let mut last = Ok(());
        for _ in 0..LOOKS {
            last = tried(&mut desk, endpoint, blow).await;
            if !matches!(last, Err(Wrong::Unseen(_))) {
                break;
            }
        }
        if let Err(Wrong::Broken(what) | Wrong::Unseen(what)) = last {
            wrong.push(format!("{endpoint:?} × {blow:?}: {what}"));
        }
    }
    (points, wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_every_fault_for_every_kind_of_request() {
    let (panics, seed) = (count_panics(), seed());
    let benches = LocalSet::new();
    let running: Vec<_> = Endpoint::ALL.map(|endpoint| benches.spawn_local(cells_of(endpoint, seed))).into();
    let (mut points, mut wrong) = (0, Vec::new());
    benches
        .run_until(async {
            for bench in running {
                match bench.await {
                    Ok((tried, found)) => {
                        points += tried;
                        wrong.extend(found);
                    }
                    Err(error) => wrong.push(error.to_string()),
                }
            }
        })
        .await;
    let panics = panics.load(Ordering::SeqCst);
    if panics > 0 {
        wrong.push(format!("{panics} panics"));
    }
    #[expect(clippy::print_stderr, reason = "which cells broke an invariant, and how")]
    for one in &wrong {
        eprintln!("{one}");
    }
    let target = (Endpoint::ALL.len() * blows().len()) as u64;
    let name = "network and server faults × every kind of request";
    let row = FaultRow { id: "F5 cells", name, points, violations: wrong.len() as u64, target };
    row.close_having_seen(&wrong.join("; "));
}
