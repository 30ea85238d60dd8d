//! The push channel: it may break in every way, and costs a bounded amount of work.

use super::{
    A_YEAR, Wrong,
    cells::{Blow, codes},
    desk::{HANGS, NetDesk, http},
    line::Line,
    nothing_strayed,
};
use pingli_client::remote::{Remote as _, RemoteError};
use pingli_tests::proxy::{Endpoint, Fault};
use std::time::Duration;
use tokio::sync::Notify;

/// One cell: the channel ends with the right word, or lives; then it is heard again.
pub(super) async fn cell(desk: &mut NetDesk, blow: Blow) -> Result<(), Wrong> {
    let line = Line::open(desk).await;
    let remote = line.remote(&http());
    let heard = Notify::new();
    let tell = || heard.notify_one();
    match blow {
        Blow::Fault(fault) => {
            desk.proxy.plan(&[Endpoint::Events], fault, 0);
            let (expected, mut seen) = (codes(fault, Endpoint::Events), Vec::new());
            while seen.len() < 6 {
                let listening = tokio::time::timeout(Duration::from_secs(5), remote.listen(&tell)).await;
                let code = match listening {
                    Err(_) => return Err(Wrong::Broken("hangs".to_owned())),
                    Ok(Ok(())) => String::new(),
                    Ok(Err(error)) => error.code(),
                };
                let right = if code.is_empty() { expected.is_empty() } else { expected.contains(&code.as_str()) };
                if right {
                    break;
                }
                seen.push(code);
            }
            // The client may know of a certificate before the proxy knows that it was refused.
            let known = tokio::time::timeout(HANGS, desk.proxy.befell()).await.is_ok();
            let befell = known && desk.proxy.hits_on(Endpoint::Events) > 0;
            desk.proxy.lift();
            desk.proxy.hang_up();
            if !befell {
                return Err(Wrong::Unseen("the fault befell nothing".to_owned()));
            }
            if seen.len() == 6 {
                return Err(Wrong::Unseen(format!("{seen:?} instead of {expected:?}")));
            }
        }
        Blow::Restored => {
            let yesterday = desk.hall.back_up().await;
            desk.hall.go_back_to(&yesterday).await;
        }
        Blow::KeyRotated => desk.hall.rotate_key().await,
    }
    hears(desk, &line).await?;
    nothing_strayed(desk)
}

/// Waits until the channel tells of a change.
async fn hears(desk: &mut NetDesk, line: &Line) -> Result<(), String> {
    let (remote, heard) = (line.remote(&http()), Notify::new());
    let tell = || heard.notify_one();
    let listening = async {
        loop {
            // Silence ends it, and it is asked for again.
            let _ = remote.listen(&tell).await;
        }
    };
    let changing = async {
        loop {
            desk.offered(0).await;
        }
    };
    tokio::select! {
        () = heard.notified() => Ok(()),
        () = listening => unreachable!(),
        () = changing => unreachable!(),
        () = tokio::time::sleep(HANGS) => Err("nothing was heard any more".to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_line_ends_the_channel() {
    let desk = NetDesk::open(A_YEAR).await;
    let line = Line::open(&desk).await;
    desk.proxy.plan(&[Endpoint::Events], Fault::EndlessLine, 0);
    let ended = tokio::time::timeout(HANGS, line.remote(&http()).listen(&|| {})).await.expect("it ends");
    assert!(matches!(ended, Err(RemoteError::NotUnderstood(_))), "after 8 KiB: {ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_stops_saying_changed_costs_a_few_rounds() {
    let desk = NetDesk::open(A_YEAR).await;
    desk.synced().await;
    let before = desk.proxy.count(Endpoint::Changes);
    desk.proxy.plan(&[Endpoint::Events], Fault::Flood, 0);
    desk.proxy.hang_up();
    let began = std::time::Instant::now();
    desk.until("40,000 events", async || (desk.proxy.flooded() > 40_000).then_some(())).await;
    let rounds = desk.proxy.count(Endpoint::Changes) - before;
    // Each end of the channel and each second of it may bring a round, and a round may be two pages.
    let most = 2 * (3 + began.elapsed().as_secs()) + 4;
    assert!(rounds <= most, "{rounds} rounds in {:?}, for {} events", began.elapsed(), desk.proxy.flooded());
    desk.proxy.lift();
}
