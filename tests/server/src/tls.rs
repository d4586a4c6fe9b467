//! The certificates of the HTTPS port, made anew at each start: a good one, and by the name that is asked for some that are not.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

type Failure = Box<dyn std::error::Error>;

/// Who the server is on its HTTPS port.
pub struct Identity {
    pub acceptor: TlsAcceptor,
    /// The throw-away authority that a client must trust.
    pub ca_pem: String,
    /// The certificate of `self-signed.test`, which is an authority's for who trusts it.
    pub self_signed_pem: String,
}

/// What is shown to whom.
#[derive(Debug)]
struct ByName {
    good: Arc<CertifiedKey>,
    bad: HashMap<&'static str, Arc<CertifiedKey>>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let bad = hello.server_name().and_then(|name| self.bad.get(name));
        Some(Arc::clone(bad.unwrap_or(&self.good)))
    }
}

impl Identity {
    /// A certificate for `localhost`, 127.0.0.1, all of `h2.test` and `addresses`, signed by an authority of its own. For `expired.test`,
    /// `not-yet.test`, `other-host.test` and `self-signed.test` one with that fault.
    pub fn generate(addresses: &[IpAddr]) -> Result<Self, Failure> {
        let ca_key = KeyPair::generate()?;
        let mut ca = parameters(Vec::new(), "sitelift test authority")?;
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_pem = ca.self_signed(&ca_key)?.pem();
        let ca = Issuer::new(ca, ca_key);

        let mut names = vec!["localhost".to_owned(), "*.h2.test".to_owned(), "127.0.0.1".to_owned()];
        names.extend(addresses.iter().map(IpAddr::to_string));
        names.dedup();
        let good = signed(leaf(names)?, &ca)?;
        let mut expired = leaf(vec!["expired.test".to_owned()])?;
        last(&mut expired, -30, -1)?;
        let mut not_yet = leaf(vec!["not-yet.test".to_owned()])?;
        last(&mut not_yet, 1, 30)?;
        let other_host = leaf(vec!["this-one.test".to_owned()])?;
        let self_signed_key = KeyPair::generate()?;
        let self_signed = leaf(vec!["self-signed.test".to_owned()])?.self_signed(&self_signed_key)?;
        let self_signed_pem = self_signed.pem();
        let bad = HashMap::from([
            ("expired.test", signed(expired, &ca)?),
            ("not-yet.test", signed(not_yet, &ca)?),
            ("other-host.test", signed(other_host, &ca)?),
            ("self-signed.test", certified(&self_signed, &self_signed_key)?),
        ]);

        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(ByName { good, bad }));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem, self_signed_pem })
    }
}

fn leaf(names: Vec<String>) -> Result<CertificateParams, Failure> {
    let common_name = names[0].clone();
    let mut leaf = parameters(names, &common_name)?;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Python 3.13 and later refuse a chain without it.
    leaf.use_authority_key_identifier_extension = true;
    Ok(leaf)
}

fn signed(leaf: CertificateParams, ca: &Issuer<'_, KeyPair>) -> Result<Arc<CertifiedKey>, Failure> {
    let key = KeyPair::generate()?;
    certified(&leaf.signed_by(&key, ca)?, &key)
}

fn certified(certificate: &Certificate, key: &KeyPair) -> Result<Arc<CertifiedKey>, Failure> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let key = ring::sign::any_supported_type(&key)?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))
}

/// Apple's systems refuse certificates that are valid for years, so these last a month.
fn parameters(names: Vec<String>, common_name: &str) -> Result<CertificateParams, Failure> {
    let mut parameters = CertificateParams::new(names)?;
    last(&mut parameters, -1, 30)?;
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    Ok(parameters)
}

/// From so many days after now to so many.
fn last(parameters: &mut CertificateParams, from: i32, to: i32) -> Result<(), Failure> {
    let now = date_time_ymd(1970, 1, 1) + SystemTime::UNIX_EPOCH.elapsed()?;
    let days = |count: i32| DAY * count.unsigned_abs();
    let at = |count: i32| if count < 0 { now - days(count) } else { now + days(count) };
    (parameters.not_before, parameters.not_after) = (at(from), at(to));
    Ok(())
}
