//! The proxy's certificates: one that is good, and four that are not.

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use std::sync::{Arc, LazyLock};

/// The certificate that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// For this host, in its time, by an authority that the client trusts.
    Good,
    /// It ran out.
    Expired,
    /// It is not valid yet.
    Future,
    /// It is for another host.
    OtherHost,
    /// Nobody vouches for it.
    SelfSigned,
}

/// All certificates of a process, made once.
pub(super) struct Certificates {
    /// The authority, for the client to trust.
    pub(super) root: Vec<u8>,
    configs: Vec<(Shown, Arc<ServerConfig>)>,
}

impl Certificates {
    /// The way of TLS with a certificate.
    pub(super) fn config(&self, shown: Shown) -> Arc<ServerConfig> {
        let found = self.configs.iter().find(|(one, _)| *one == shown);
        Arc::clone(&found.expect("one of each").1)
    }
}

pub(super) static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut authority = CertificateParams::new(Vec::<String>::new()).expect("parameters");
    // A name of its own: else whoever signs himself seems to be signed by it, wrongly.
    authority.distinguished_name.push(DnType::CommonName, "authority of the suites");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().expect("a key");
    let root = authority.self_signed(&authority_key).expect("an authority").der().to_vec();
    let issuer = Issuer::new(authority, authority_key);
    let make = |shown: Shown| {
        let host = if shown == Shown::OtherHost { "elsewhere.example" } else { "localhost" };
        let mut params = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        match shown {
            Shown::Expired => params.not_after = date_time_ymd(2020, 1, 1),
            Shown::Future => params.not_before = date_time_ymd(2090, 1, 1),
            Shown::Good | Shown::OtherHost | Shown::SelfSigned => {}
        }
        let key = KeyPair::generate().expect("a key");
        let signed = match shown {
            Shown::SelfSigned => params.self_signed(&key),
            _ => params.signed_by(&key, &issuer),
        };
        (shown, Arc::new(config(&signed.expect("a certificate"), &key)))
    };
    let all = [Shown::Good, Shown::Expired, Shown::Future, Shown::OtherHost, Shown::SelfSigned];
    Certificates { root, configs: all.map(make).into() }
});

fn config(certificate: &Certificate, key: &KeyPair) -> ServerConfig {
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).expect("they fit");
    // Every connection shows its certificate anew.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config
}
