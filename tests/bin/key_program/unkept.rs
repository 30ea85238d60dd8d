//! A session that keeps nothing, at work until it is killed.

use pingli_client::view::{Draft, RowState};
use pingli_protocol::IntentId;
use pingli_tests::{Desk, new_id};

/// Signs in, takes a case and writes a draft; says where, and the case's title, and waits.
#[expect(clippy::print_stdout, reason = "says what it has done")]
pub(crate) fn work(server: &str, opinion: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let desk = Desk::unkept("lin", "correct horse").await;
        desk.sign_in(server).await;
        let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
        desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.expect("taken");
        desk.row(|row| row.state == RowState::ReadyOffline).await;
        let room = desk.client.open_case(seat.clone()).await.expect("a case");
        let draft = Draft { opinion: opinion.to_owned(), ..Draft::default() };
        desk.client.save_draft(seat, draft, Draft::default()).await.expect("written");
        println!("{}\n{}", desk.folder().display(), room.document.case.title);
        let mut line = String::new();
        let _ = std::io::stdin().read_line(&mut line);
    });
}
