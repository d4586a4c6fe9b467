//! TLS: whom servers must be vouched for by, and when a handshake begins.

use super::config::Config;
use super::failure::root_text;
use super::timing;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, NamedGroup, RootCertStore, SignatureScheme};
use std::sync::{Arc, OnceLock};

/// How many servers' sessions are remembered, to be resumed.
const SESSIONS: usize = 256;

/// What the connections of one client are made with.
pub(super) fn config(config: &Config, sessions: &Arc<Sessions>) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| root_text(&error))?;
    let builder = if config.verify_tls {
        builder.with_root_certificates(trusted(&config.authorities.certificates)?)
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody))
    };
    let mut tls = builder.with_no_client_auth();
    tls.resumption = Resumption::store(Arc::clone(sessions) as Arc<dyn ClientSessionStore>);
    let protocols: &[&[u8]] = if config.http2 { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
    tls.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(tls)
}

/// The usual authorities and the caller's own.
fn trusted(own: &[CertificateDer<'static>]) -> Result<Arc<RootCertStore>, String> {
    let usual = usual();
    if own.is_empty() {
        return Ok(Arc::clone(usual));
    }
    let mut all = RootCertStore::clone(usual);
    for certificate in own {
        all.add(certificate.clone()).map_err(|error| root_text(&error))?;
    }
    Ok(Arc::new(all))
}

/// The system's trusted certificates, or Mozilla's where the system has none (a bare container). Read once.
fn usual() -> &'static Arc<RootCertStore> {
    static USUAL: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    USUAL.get_or_init(|| {
        let mut found = RootCertStore::empty();
        // One that cannot be read does not take the others along.
        found.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if found.is_empty() {
            found.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        }
        Arc::new(found)
    })
}

/// Sessions to be resumed. Nothing else of the TLS library tells when a handshake begins: it looks for a session then, within the task
/// that connects.
#[derive(Debug)]
pub(super) struct Sessions(ClientSessionMemoryCache);

impl Sessions {
    pub(super) fn new() -> Self {
        Self(ClientSessionMemoryCache::new(SESSIONS))
    }
}

impl ClientSessionStore for Sessions {
    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        timing::handshake_begins();
        self.0.kx_hint(server)
    }

    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(server, group);
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server, session);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.0.remove_tls12_session(server);
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(server, ticket);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(server)
    }
}

/// Believes whoever answers: the option `verify_tls` is off.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // Whatever a certificate is signed with, as nobody looks.
        vec![
            SignatureScheme::ED25519,
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::ECDSA_NISTP384_SHA384,
            SignatureScheme::ECDSA_NISTP521_SHA512,
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PSS_SHA384,
            SignatureScheme::RSA_PSS_SHA512,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RSA_PKCS1_SHA512,
            SignatureScheme::ED448,
            SignatureScheme::ECDSA_SHA1_Legacy,
            SignatureScheme::RSA_PKCS1_SHA1,
        ]
    }
}
