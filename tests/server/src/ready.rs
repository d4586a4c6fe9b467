//! The one line that tells the starter where the server is.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};

use serde_json::json;

use crate::listen::Ports;
use crate::tls::Identity;

/// Prints the line; nothing else is ever printed on standard output.
pub fn announce(address: IpAddr, ports: Ports, identity: &Identity, pages: &[String]) -> io::Result<()> {
    let plain = SocketAddr::new(address, ports.plain);
    let line = json!({
        "url": format!("http://{plain}"),
        "port": ports.plain,
        "https_url": format!("https://localhost:{}", ports.tls),
        "tls_port": ports.tls,
        "ca_pem": identity.ca_pem,
        "self_signed_pem": identity.self_signed_pem,
        "silent_port": ports.silent,
        "pages": pages,
    });
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
