//! A client that is nothing but its protocol: for what a whole client does by itself and unseen.

use super::desk::{NetDesk, http};
use pingli_client::{
    clock::{Clock, SystemClock},
    protocol::{Lang, server::SignIn},
    remote::{HttpConfig, HttpRemote, Session, TokenKeeper, build_http},
    sign_in::SignInAttempt,
};
use pingli_store::StoredTokens;
use pingli_tests::sign_in_with;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

/// Keeps tokens in memory, unless the machine dies before.
pub(super) struct Keeper {
    tokens: Mutex<StoredTokens>,
    ended: AtomicBool,
    pub(super) dies: AtomicBool,
}

impl TokenKeeper for Keeper {
    fn tokens(&self) -> Option<StoredTokens> {
        let ended = self.ended.load(Ordering::SeqCst);
        (!ended).then(|| self.tokens.lock().unwrap().clone())
    }

    fn keep(&self, was: &str, tokens: Option<&StoredTokens>) -> bool {
        if self.dies.load(Ordering::SeqCst) {
            return false;
        }
        let mut kept = self.tokens.lock().unwrap();
        let same = kept.refresh == was;
        match tokens {
            Some(tokens) if same => *kept = tokens.clone(),
            None if same => self.ended.store(true, Ordering::SeqCst),
            _ => {}
        }
        same
    }
}

/// Who signed in, and where to.
pub(super) struct Line {
    pub(super) keeper: Arc<Keeper>,
    url: String,
    sign_in: SignIn,
}

impl Line {
    /// Signs in on a machine of its own.
    pub(super) async fn open(desk: &NetDesk) -> Self {
        let (url, clock) = (desk.proxy.url(), Arc::new(SystemClock) as Arc<dyn Clock>);
        let patient = build_http(&HttpConfig { extra_roots: http().extra_roots, ..HttpConfig::default() }).unwrap();
        let attempt = SignInAttempt::begin(patient.clone(), &url, None, Lang::En).await.unwrap();
        let page = attempt.url().to_owned();
        let browser = async { sign_in_with(patient.client(), &page, "lin", "correct horse").await };
        let (signed_in, _) = tokio::join!(attempt.finish(&clock), browser);
        let signed_in = signed_in.unwrap();
        let keeper = Keeper {
            tokens: Mutex::new(signed_in.tokens),
            ended: AtomicBool::new(false),
            dies: AtomicBool::new(false),
        };
        Self { keeper: Arc::new(keeper), url, sign_in: signed_in.description.sign_in }
    }

    /// The protocol, as a program that has just been started speaks it.
    pub(super) fn remote(&self, config: &HttpConfig) -> HttpRemote {
        let http = build_http(config).unwrap();
        let keeper = Arc::clone(&self.keeper) as Arc<dyn TokenKeeper>;
        let session = Session::new(http.clone(), self.sign_in.clone(), keeper, Arc::new(SystemClock));
        HttpRemote::new(http, &self.url, session).unwrap()
    }
}
