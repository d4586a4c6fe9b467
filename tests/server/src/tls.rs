//! The certificate of the HTTPS port, made anew at each start.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Who the server is on its HTTPS port.
pub struct Identity {
    pub acceptor: TlsAcceptor,
    /// The throw-away authority that a client must trust.
    pub ca_pem: String,
}

impl Identity {
    /// A certificate for `localhost`, 127.0.0.1 and `addresses`, signed by an authority of its own.
    pub fn generate(addresses: &[IpAddr]) -> Result<Self, Box<dyn std::error::Error>> {
        let ca_key = KeyPair::generate()?;
        let mut ca = parameters(Vec::new(), "sitelift test authority")?;
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_pem = ca.self_signed(&ca_key)?.pem();

        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        names.extend(addresses.iter().map(IpAddr::to_string));
        names.dedup();
        let mut leaf = parameters(names, "localhost")?;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Python 3.13 and later refuse a chain without it.
        leaf.use_authority_key_identifier_extension = true;
        let leaf_key = KeyPair::generate()?;
        let certificate = leaf.signed_by(&leaf_key, &Issuer::new(ca, ca_key))?;

        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem })
    }
}

/// Apple's systems refuse certificates that are valid for years, so these last a month.
fn parameters(names: Vec<String>, common_name: &str) -> Result<CertificateParams, Box<dyn std::error::Error>> {
    let now = date_time_ymd(1970, 1, 1) + SystemTime::UNIX_EPOCH.elapsed()?;
    let mut parameters = CertificateParams::new(names)?;
    parameters.not_before = now - DAY;
    parameters.not_after = now + 30 * DAY;
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    Ok(parameters)
}
