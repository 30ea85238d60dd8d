//! The product's verbs, each in three lines; what they do is in the module of their noun.

use super::Client;
use crate::{
    charity, chat, docket,
    error::ClientError,
    evidence,
    evidence::Rendition,
    open::lock,
    outbox, packs, recovery, room, settings, verdicts,
    view::{
        BodyView, CaseRoomView, ChatHits, ChatOpening, ChatPage, ChatPlace, DocketView, Draft, OutboxView, PointsView,
        ReceiptView, SealedView, Settings, StorageView, VerdictView, VerdictsView, WrittenView,
    },
};
use pingli_protocol::{
    BallotId, CaseId, DonationId, EvidenceId, IntentId, Points, ProjectId, SeatId, seat::RecuseReason,
    standing::Standing,
};
use std::path::Path;

type Result<T> = std::result::Result<T, ClientError>;

impl Client {
    /// The seats.
    pub async fn docket(&self) -> Result<DocketView> {
        self.open()?.work(docket::docket).await
    }

    // In a session that keeps nothing each act answers when the server has acknowledged it, or with
    // `ClientError::ServerNeeded` or `ClientError::AnswerAwaited`.

    /// Takes a seat.
    pub async fn accept_seat(&self, op: IntentId, seat: SeatId) -> Result<()> {
        outbox::act(&self.open()?, &op.clone(), move |open| outbox::accept(open, op, &seat)).await
    }

    /// Gives a seat back; its pack is shredded at once.
    pub async fn return_seat(&self, op: IntentId, seat: SeatId) -> Result<()> {
        outbox::act(&self.open()?, &op.clone(), move |open| outbox::give_back(open, op, &seat)).await
    }

    /// Gives a seat up for a conflict of interest; its pack is shredded at once.
    pub async fn recuse_seat(&self, op: IntentId, seat: SeatId, reason: RecuseReason) -> Result<()> {
        outbox::act(&self.open()?, &op.clone(), move |open| outbox::recuse(open, op, &seat, reason)).await
    }

    /// Tells the server that a seat's pack is damaged; it is fetched anew when the server has answered.
    pub async fn report_damage(&self, op: IntentId, seat: SeatId, evidence: Option<EvidenceId>) -> Result<()> {
        outbox::act(&self.open()?, &op.clone(), move |open| outbox::report_damage(open, op, &seat, evidence)).await
    }

    /// Puts a case off, or takes it up again. Local, costs nothing.
    pub async fn put_later(&self, seat: SeatId, later: bool) -> Result<()> {
        self.open()?.work(move |open| docket::put_later(open, &seat, later)).await
    }

    /// Queues packs for download; a damaged or older one is fetched anew.
    pub async fn make_offline(&self, seats: Vec<SeatId>) -> Result<()> {
        self.open()?.work(move |open| packs::make_offline(open, &seats)).await
    }

    /// Stops the download of a pack.
    pub async fn cancel_download(&self, seat: SeatId) -> Result<()> {
        self.open()?.work(move |open| packs::cancel(open, &seat)).await
    }

    /// Opens a case whose pack is here, in the window that asks.
    pub async fn open_case(&self, seat: SeatId) -> Result<CaseRoomView> {
        room::open_case(&self.open()?, &self.window, seat).await
    }

    /// Leaves an open case: from now on the window is shown nothing of it.
    pub async fn close_case(&self, seat: SeatId) -> Result<()> {
        lock(&self.open()?.shown).leave(&self.window, &seat);
        Ok(())
    }

    /// The structured bodies of pieces of evidence, in the order asked for; a chat log is read page by
    /// page instead. One that cannot be had does not keep the others.
    pub async fn evidence_bodies(&self, seat: SeatId, evidence: Vec<EvidenceId>) -> Result<Vec<BodyView>> {
        self.open()?.work(move |open| Ok(room::evidence_bodies(open, &seat, &evidence))).await
    }

    /// A chat log, with at most 200 of its messages, or about 1 MiB.
    pub async fn chat(&self, seat: SeatId, evidence: EvidenceId, place: ChatPlace, length: u32) -> Result<ChatOpening> {
        self.open()?.work(move |open| chat::open_chat(open, &seat, &evidence, place, length)).await
    }

    /// A page of a chat log, at most 200 messages or about 1 MiB, and at least one message.
    pub async fn chat_page(
        &self,
        seat: SeatId,
        evidence: EvidenceId,
        place: ChatPlace,
        length: u32,
    ) -> Result<ChatPage> {
        self.open()?.work(move |open| chat::chat_page(open, &seat, &evidence, place, length)).await
    }

    /// The messages of a chat log whose text has this one, upper and lower case being the same.
    /// Dropping the future ends the search; a newer search of the same log in
    /// the same window ends it with an error.
    pub async fn chat_find(&self, seat: SeatId, evidence: EvidenceId, text: &str) -> Result<ChatHits> {
        chat::find(&self.open()?, &self.window, seat, evidence, text).await
    }

    /// Notes that a piece of evidence was opened.
    pub async fn mark_opened(&self, seat: SeatId, evidence: EvidenceId) -> Result<()> {
        let window = self.window.clone();
        self.open()?.work(move |open| room::mark_opened(open, &window, &seat, &evidence)).await
    }

    /// What the reviewer wrote about a case and opened of it.
    pub async fn written(&self, seat: SeatId) -> Result<WrittenView> {
        self.open()?.work(move |open| room::written(open, &seat)).await
    }

    /// Saves the draft of a seat; `base` is the draft before the changes, as the window had it. What
    /// another window wrote since is kept beside them. Answers with the draft as it was kept.
    pub async fn save_draft(&self, seat: SeatId, draft: Draft, base: Draft) -> Result<Draft> {
        let window = self.window.clone();
        self.open()?.work(move |open| room::save_draft(open, &window, &seat, &draft, &base)).await
    }

    /// Adds seconds, an hour at most, that the case was in front of the reviewer until now. Seconds that
    /// another window told of are not counted again.
    pub async fn add_active_time(&self, seat: SeatId, seconds: u32) -> Result<()> {
        let open = self.open()?;
        let fresh = lock(&open.active).count(open.config.clock.monotonic_millis(), seconds.min(3600));
        open.work(move |open| Ok(open.store.add_active_seconds(&seat, fresh)?)).await
    }

    /// Seals a ballot. It is held for undo, then goes.
    pub async fn seal_ballot(
        &self,
        op: BallotId,
        seat: SeatId,
        draft: Draft,
        confirm_pack_change: bool,
    ) -> Result<SealedView> {
        outbox::seal_and_send(&self.open()?, op, seat, draft, confirm_pack_change).await
    }

    /// Takes a sealed ballot back before the server has it; the draft is as it was.
    pub async fn unseal(&self, ballot: BallotId) -> Result<Draft> {
        self.open()?.work(move |open| outbox::unseal(open, &ballot)).await
    }

    /// Acts on their way.
    pub async fn outbox(&self) -> Result<OutboxView> {
        self.open()?.work(outbox::outbox).await
    }

    /// Lets a parked act be tried again, or an act be tried at once.
    pub async fn retry_intent(&self, id: IntentId) -> Result<()> {
        outbox::again(&self.open()?, id).await
    }

    /// Drops an act; a tombstone stays in the journal.
    pub async fn drop_intent(&self, id: IntentId) -> Result<()> {
        self.open()?.work(move |open| outbox::drop_act(open, &id)).await
    }

    /// Sends everything that waits, held acts included. Returns when each was tried.
    pub async fn send_now(&self) -> Result<()> {
        let open = self.open()?;
        open.while_open(outbox::send_all_now(&open)).await
    }

    /// The verdicts.
    pub async fn verdicts(&self) -> Result<VerdictsView> {
        self.open()?.work(verdicts::verdicts).await
    }

    /// One verdict; it is no longer new then.
    pub async fn verdict(&self, case: CaseId, round: u32) -> Result<VerdictView> {
        self.open()?.work(move |open| verdicts::verdict(open, &case, round)).await
    }

    /// A ballot's receipt.
    pub async fn receipt(&self, ballot: BallotId) -> Result<ReceiptView> {
        self.open()?.work(move |open| verdicts::receipt(open, &ballot)).await
    }

    /// Points, ledger, projects and donations.
    pub async fn points(&self) -> Result<PointsView> {
        self.open()?.work(charity::points).await
    }

    /// Gives points to a project.
    pub async fn donate(&self, op: DonationId, project: ProjectId, points: Points) -> Result<()> {
        let id = IntentId::new(op.as_str()).map_err(|_| ClientError::InvalidId)?;
        outbox::act(&self.open()?, &id, move |open| charity::donate(open, op, &project, points)).await
    }

    /// Takes a donation back.
    pub async fn cancel_donation(&self, op: IntentId, donation: DonationId) -> Result<()> {
        outbox::act(&self.open()?, &op.clone(), move |open| charity::cancel_donation(open, op, &donation)).await
    }

    /// What the reviewer may do.
    pub async fn standing(&self) -> Result<Standing> {
        self.open()?.work(charity::standing).await
    }

    /// The settings.
    pub async fn settings(&self) -> Result<Settings> {
        self.open()?.work(|open| open.settings()).await
    }

    /// Saves the settings; answers with them as they were kept.
    pub async fn save_settings(&self, settings: Settings) -> Result<Settings> {
        let saved = self.open()?.work(move |open| settings::save(open, settings)).await?;
        self.inner.idle.lock_after(saved.lock_after_minutes);
        Ok(saved)
    }

    /// What is kept on this machine.
    pub async fn storage(&self) -> Result<StorageView> {
        self.open()?.work(settings::storage).await
    }

    /// Writes diagnostics to a file: states and counts, no evidence, no names, no tokens.
    pub async fn export_diagnostics(&self, path: &Path) -> Result<()> {
        let path = path.to_owned();
        self.open()?.work(move |open| settings::export_diagnostics(open, &path)).await
    }

    /// The reviewer has read what was saved from a damaged database.
    pub async fn dismiss_recovery(&self) -> Result<()> {
        self.open()?.work(recovery::dismiss).await
    }

    /// Copies the files of a damaged database, encrypted as they are, into a folder; says where.
    pub async fn export_set_aside(&self, to: &Path) -> Result<String> {
        let to = to.to_owned();
        self.open()?.work(move |open| recovery::export(open, &to)).await
    }

    /// A picture of the case that the window has open, as JPEG. A rendition that has to be made waits for
    /// its turn: parts and pages the newest first, then thumbnails in their order.
    pub async fn picture(
        &self,
        seat: SeatId,
        evidence: EvidenceId,
        index: u32,
        rendition: Rendition,
    ) -> Result<Vec<u8>> {
        evidence::picture(&self.open()?, self.window.clone(), (seat, evidence, index, rendition)).await
    }

    /// The file name of an original as it was submitted, safe to offer in a dialog.
    pub async fn original_name(&self, seat: &SeatId, evidence: &EvidenceId, index: u32) -> Result<String> {
        let (window, seat, evidence) = (self.window.clone(), seat.clone(), evidence.clone());
        self.open()?.work(move |open| evidence::original_name(open, &window, &seat, &evidence, index)).await
    }

    /// Writes an original to a file, by the reviewer's own act.
    pub async fn export_original(&self, seat: SeatId, evidence: EvidenceId, index: u32, path: &Path) -> Result<()> {
        let (window, path) = (self.window.clone(), path.to_owned());
        self.open()?.work(move |open| evidence::export_original(open, &window, &seat, &evidence, index, &path)).await
    }
}
