//! A proxy between a client and a judgment server that makes one kind of request go wrong, in one of
//! the ways in which networks and servers do. It speaks TLS to the client and plain HTTP to the
//! server; each machine of a story has one of its own.

mod certificates;
mod faults;
mod message;

pub use certificates::Shown;
pub use faults::Fault;

use certificates::CERTIFICATES;
use message::Message;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// What the server says of itself.
    Describe,
    /// Who is signed in.
    Me,
    /// Pages of changes.
    Changes,
    /// The push channel.
    Events,
    /// A pack from its beginning.
    Pack,
    /// The rest of a pack.
    PackRange,
    /// Taking a seat.
    Accept,
    /// Giving one back.
    Return,
    /// Giving one up.
    Recuse,
    /// Telling of a damaged pack.
    Damage,
    /// Sending a ballot.
    Ballot,
    /// Asking for a ballot's receipt.
    BallotReceipt,
    /// Giving points.
    Donate,
    /// Taking a donation back.
    CancelDonation,
    /// Changing a token for new ones.
    Token,
    /// Ending a session.
    Revoke,
    /// Asking how far the server knows a journal.
    Journal,
    /// Telling it of the newest link.
    TellJournal,
    /// Asking for the receipts that were given under a journal.
    Receipts,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Describe,
        Self::Me,
        Self::Changes,
        Self::Events,
        Self::Pack,
        Self::PackRange,
        Self::Accept,
        Self::Return,
        Self::Recuse,
        Self::Damage,
        Self::Ballot,
        Self::BallotReceipt,
        Self::Donate,
        Self::CancelDonation,
        Self::Token,
        Self::Revoke,
        Self::Journal,
        Self::TellJournal,
        Self::Receipts,
    ];

    fn of(request: &Message) -> Option<Self> {
        let (method, rest) = request.first.split_once(' ')?;
        let path = rest.split([' ', '?']).next()?;
        let ends = |end: &str| path.ends_with(end);
        Some(match method {
            "GET" if ends("/.well-known/pingli-server") => Self::Describe,
            "GET" if ends("/api/v1/me") => Self::Me,
            "GET" if ends("/api/v1/changes") => Self::Changes,
            "GET" if ends("/api/v1/events") => Self::Events,
            "GET" if path.contains("/packs/") && request.header("range").is_some() => Self::PackRange,
            "GET" if path.contains("/packs/") => Self::Pack,
            "GET" if path.contains("/ballots/") => Self::BallotReceipt,
            "POST" if ends("/accept") => Self::Accept,
            "POST" if ends("/return") => Self::Return,
            "POST" if ends("/recuse") => Self::Recuse,
            "POST" if ends("/damage") => Self::Damage,
            "POST" if ends("/ballots") => Self::Ballot,
            "POST" if ends("/donations") => Self::Donate,
            "POST" if ends("/cancel") => Self::CancelDonation,
            "POST" if ends("/oauth/token") => Self::Token,
            "POST" if ends("/oauth/revoke") => Self::Revoke,
            "GET" if path.contains("/journals/") && ends("/receipts") => Self::Receipts,
            "GET" if path.contains("/journals/") => Self::Journal,
            "PUT" if path.contains("/journals/") => Self::TellJournal,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    endpoints: &'static [Endpoint],
    fault: Fault,
    /// So many more of the matching requests pass first.
    passing: u32,
}

struct Inner {
    address: SocketAddr,
    elsewhere: SocketAddr,
    server: Mutex<Option<SocketAddr>>,
    plan: Mutex<Option<Plan>>,
    withheld: Mutex<Vec<Message>>,
    /// Told when the plan is lifted: what was held back goes on.
    lifted: Notify,
    /// Told when the plan changes, so that connections end that know nothing of it.
    hang_up: Notify,
    /// Told when the plan befell something.
    befell: Notify,
    /// Told when a connection ended that the plan befell.
    over: Notify,
    hits: AtomicU64,
    ended: AtomicU64,
    /// What the fault befell, and how often the server saw it all the same.
    befallen: Mutex<BTreeMap<Endpoint, (u64, u64)>>,
    flooded: AtomicU64,
    strayed: AtomicU64,
    spoken: AtomicU64,
    counts: Mutex<BTreeMap<Endpoint, u64>>,
}

impl Inner {
    fn server(&self) -> SocketAddr {
        self.server.lock().expect("no panic before").expect("a server behind the proxy")
    }

    fn plan(&self) -> Option<Plan> {
        *self.plan.lock().expect("no panic before")
    }

    /// It befell a connection.
    fn hit(&self) {
        self.hits.fetch_add(1, Ordering::SeqCst);
        self.befell.notify_waiters();
    }

    /// It befell a request of this kind.
    fn hit_request(&self, endpoint: Endpoint) {
        self.befallen.lock().expect("no panic before").entry(endpoint).or_default().0 += 1;
        self.hit();
    }

    /// The server has seen a request all the same.
    fn reached(&self, endpoint: Option<Endpoint>) {
        if let Some(endpoint) = endpoint {
            self.befallen.lock().expect("no panic before").entry(endpoint).or_default().1 += 1;
        }
    }

    /// Waits until everything goes well again.
    async fn until_lifted(&self) {
        loop {
            let lifted = self.lifted.notified();
            if self.plan().is_none() {
                return;
            }
            lifted.await;
        }
    }

    /// What befalls a request of this kind now.
    fn befalls(&self, endpoint: Option<Endpoint>) -> Option<(Endpoint, Fault)> {
        let mut plan = self.plan.lock().expect("no panic before");
        let endpoint = endpoint?;
        let plan = plan.as_mut().filter(|plan| !plan.fault.of_connections() && plan.endpoints.contains(&endpoint))?;
        if plan.passing > 0 {
            plan.passing -= 1;
            return None;
        }
        Some((endpoint, plan.fault))
    }
}

/// The proxy.
pub struct Proxy {
    inner: Arc<Inner>,
    tasks: JoinSet<()>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxy").field("address", &self.inner.address).finish_non_exhaustive()
    }
}

impl Proxy {
    /// Listens on a port of its own; nothing is behind it yet.
    pub async fn open() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = TcpListener::bind(any).await.expect("a port");
        let elsewhere = TcpListener::bind(any).await.expect("a port");
        let inner = Arc::new(Inner {
            address: listener.local_addr().expect("bound"),
            elsewhere: elsewhere.local_addr().expect("bound"),
            server: Mutex::default(),
            plan: Mutex::default(),
            withheld: Mutex::default(),
            lifted: Notify::new(),
            hang_up: Notify::new(),
            befell: Notify::new(),
            over: Notify::new(),
            hits: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            befallen: Mutex::default(),
            flooded: AtomicU64::new(0),
            strayed: AtomicU64::new(0),
            spoken: AtomicU64::new(0),
            counts: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, Arc::clone(&inner)));
        let strays = Arc::clone(&inner);
        tasks.spawn(async move {
            while elsewhere.accept().await.is_ok() {
                strays.strayed.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { inner, tasks }
    }

    /// Its address, as the client knows the server by it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.inner.address.port())
    }

    /// The authority that the client has to trust (DER).
    #[must_use]
    pub fn root() -> Vec<u8> {
        CERTIFICATES.root.clone()
    }

    /// Puts it before a server.
    pub fn lead_to(&self, server: SocketAddr) {
        *self.inner.server.lock().expect("no panic before") = Some(server);
    }

    /// From now on this fault befalls every request of these kinds, after the first `passing`.
    pub fn plan(&self, endpoints: &'static [Endpoint], fault: Fault, passing: u32) {
        self.inner.hits.store(0, Ordering::SeqCst);
        self.inner.ended.store(0, Ordering::SeqCst);
        self.inner.befallen.lock().expect("no panic before").clear();
        self.inner.spoken.store(0, Ordering::SeqCst);
        *self.inner.plan.lock().expect("no panic before") = Some(Plan { endpoints, fault, passing });
        if fault.of_connections() {
            self.inner.hang_up.notify_waiters();
        }
    }

    /// Everything goes well again, and answers that were held back come.
    pub fn lift(&self) {
        *self.inner.plan.lock().expect("no panic before") = None;
        self.inner.lifted.notify_waiters();
    }

    /// Delivers the requests that were held back, now that later ones were there before them.
    pub async fn deliver_late(&self) {
        let withheld = std::mem::take(&mut *self.inner.withheld.lock().expect("no panic before"));
        for request in withheld {
            let _ = message::exchange(self.inner.server(), &request).await;
        }
    }

    /// Waits until the planned fault has befallen a request.
    pub async fn befell(&self) {
        let mut befell = std::pin::pin!(self.inner.befell.notified());
        loop {
            befell.as_mut().enable();
            if self.hits() > 0 {
                return;
            }
            befell.as_mut().await;
            befell.set(self.inner.befell.notified());
        }
    }

    /// Waits until a connection ended that the planned fault has befallen.
    pub async fn ended(&self) {
        let mut over = std::pin::pin!(self.inner.over.notified());
        loop {
            over.as_mut().enable();
            if self.inner.ended.load(Ordering::SeqCst) > 0 {
                return;
            }
            over.as_mut().await;
            over.set(self.inner.over.notified());
        }
    }

    /// How often the planned fault has befallen something.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.inner.hits.load(Ordering::SeqCst)
    }

    /// How often it has befallen a request of this kind; any connection, where it befalls those.
    #[must_use]
    pub fn hits_on(&self, endpoint: Endpoint) -> u64 {
        if self.inner.plan().is_some_and(|plan| plan.fault.of_connections()) {
            return self.hits();
        }
        self.inner.befallen.lock().expect("no panic before").get(&endpoint).map_or(0, |(hits, _)| *hits)
    }

    /// How many of those requests the server has seen.
    #[must_use]
    pub fn reached(&self, endpoint: Endpoint) -> u64 {
        self.inner.befallen.lock().expect("no panic before").get(&endpoint).map_or(0, |(_, reached)| *reached)
    }

    /// How many events a flooded push channel has said.
    #[must_use]
    pub fn flooded(&self) -> u64 {
        self.inner.flooded.load(Ordering::SeqCst)
    }

    /// How many connections went where a redirect pointed.
    #[must_use]
    pub fn strayed(&self) -> u64 {
        self.inner.strayed.load(Ordering::SeqCst)
    }

    /// How many connections said something although the certificate was not to be trusted.
    #[must_use]
    pub fn spoken(&self) -> u64 {
        self.inner.spoken.load(Ordering::SeqCst)
    }

    /// How many requests of a kind came.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> u64 {
        self.inner.counts.lock().expect("no panic before").get(&endpoint).copied().unwrap_or(0)
    }

    /// Ends every connection, the push channel's too.
    pub fn hang_up(&self) {
        self.inner.hang_up.notify_waiters();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.tasks.abort_all();
    }
}

async fn accept(listener: TcpListener, inner: Arc<Inner>) {
    let address = inner.address;
    let (mut listener, mut connections) = (Some(listener), JoinSet::new());
    loop {
        while connections.try_join_next().is_some() {}
        let refusing = inner.plan().is_some_and(|plan| plan.fault == Fault::Refused);
        if refusing {
            // Without a listener connections are refused; nobody can tell here that one was.
            listener = None;
            inner.hit();
            inner.until_lifted().await;
            continue;
        }
        let open = match &listener {
            Some(open) => open,
            None => listener.insert(TcpListener::bind(address).await.expect("the port is still ours")),
        };
        tokio::select! {
            accepted = open.accept() => if let Ok((stream, _)) = accepted {
                connections.spawn(serve(stream, Arc::clone(&inner)));
            },
            () = inner.hang_up.notified() => {}
        }
    }
}

async fn serve(stream: TcpStream, inner: Arc<Inner>) {
    let hung_up = inner.hang_up.notified();
    tokio::select! {
        // Whatever goes wrong here is what the client has to live with.
        _ = converse(stream, &inner) => {}
        () = hung_up => {}
    }
}

async fn converse(stream: TcpStream, inner: &Arc<Inner>) -> std::io::Result<()> {
    let _ = stream.set_nodelay(true);
    let planned = inner.plan().map(|plan| plan.fault).filter(|fault| fault.of_connections());
    if matches!(planned, Some(Fault::ResetBefore | Fault::Refused)) {
        faults::reset(&stream);
        inner.hit();
        return Ok(());
    }
    let shown = if let Some(Fault::Certificate(shown)) = planned { shown } else { Shown::Good };
    let accepted = TlsAcceptor::from(CERTIFICATES.config(shown)).accept(stream).await;
    if shown != Shown::Good {
        inner.hit();
    }
    let mut stream = accepted?;
    while let Some(mut request) = message::read_head(&mut stream).await? {
        if shown != Shown::Good {
            inner.spoken.fetch_add(1, Ordering::SeqCst);
        }
        let endpoint = Endpoint::of(&request);
        if let Some(endpoint) = endpoint {
            *inner.counts.lock().expect("no panic before").entry(endpoint).or_default() += 1;
        }
        if let Some((endpoint, fault)) = inner.befalls(endpoint) {
            inner.hit_request(endpoint);
            let befallen = faults::befall(fault, inner, request, &mut stream).await;
            inner.ended.fetch_add(1, Ordering::SeqCst);
            inner.over.notify_waiters();
            if !befallen? {
                return Ok(());
            }
            continue;
        }
        message::read_body(&mut stream, &mut request).await?;
        if endpoint == Some(Endpoint::Events) {
            let (answer, mut events) = message::forward(inner.server(), &request).await?;
            stream.write_all(&answer.head()).await?;
            tokio::io::copy(&mut events, &mut stream).await?;
            return Ok(());
        }
        let answer = match message::exchange(inner.server(), &request).await {
            Ok(answer) => answer,
            Err(error) => {
                faults::reset(stream.get_ref().0);
                return Err(error);
            }
        };
        stream.write_all(&answer.bytes()).await?;
        stream.flush().await?;
    }
    Ok(())
}
