//! Servers and proxies that do not do ranges as they should: the rest of a pack is never something else.

use super::{
    A_YEAR,
    acts::{Tried, befallen},
    desk::NetDesk,
};
use pingli_tests::proxy::{Endpoint, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_pack_is_the_rest_of_it_or_is_asked_for_again() {
    let mut desk = NetDesk::open(A_YEAR).await;
    for (fault, tried) in
        [(Fault::RangeIgnored, Tried::Done), (Fault::RangeElsewhere, Tried::Waits("answer_unreadable".to_owned()))]
    {
        let mut act = desk.prepare(Endpoint::PackRange).await;
        desk.proxy.plan(befallen(Endpoint::PackRange), fault, 0);
        assert_eq!(desk.attempt(&mut act).await, tried, "{fault:?}");
        assert!(desk.proxy.hits() > 0, "{fault:?} befell it");
        desk.proxy.lift();
        desk.finish(&mut act).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        desk.verify(&act).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    }
}
