//! Kills while tokens are changed: they are good for a second, so that every request changes them first.
//! Whoever dies between the server's change and the client's keeping, the reviewer stays signed in, and
//! nothing is lost.

use super::{Places, Run, Site, work};

/// Points of an ordinary run.
const POINTS: u64 = 120;
/// An access token is good for so many seconds.
const AT_ONCE: i64 = 1;
/// One of so many kills at least falls between the change and the keeping.
const ONE_OF: u64 = 20;

#[test]
fn a_kill_between_the_change_of_a_token_and_its_keeping_signs_nobody_out() {
    let mut run = Run::with(Site::new(AT_ONCE), POINTS);
    run.site.arm();
    let (mut of_client, mut of_court, mut lost) = (Places::default(), Places::default(), 0);
    while run.points < run.target {
        run.site.renew();
        let began = run.points;
        let court = run.site.court(None).expect("a server");
        while !run.life_is_over(began) {
            let mut client = run.site.client(Some(of_client.strike()));
            client.tell(&work(run.chance.bits(), 6));
            run.did(&client, "work");
            let killed = run.was_killed("the client", client.end());
            of_client.was_there(killed, run.site.counted());
            lost += u64::from(killed && run.truth().lost_a_token());
        }
        run.judge_with(court);
        if run.points >= run.target {
            break;
        }
        // What was told so far was looked at.
        run.site.renew();
        run.kill_the_server(&mut of_court, |run, killed| lost += u64::from(killed && run.truth().lost_a_token()));
    }
    assert!(lost * ONE_OF >= run.points, "{lost} of {} kills fell between a change and its keeping", run.points);
    let seen =
        format!("{lost} tokens were changed and not kept; of the client's {of_client}; of the server's {of_court}");
    run.close("F1 tokens", "client and server are killed while tokens are changed", &seen);
}
