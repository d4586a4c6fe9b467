//! The command line.

use std::ffi::OsString;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;

/// What `--help` prints, and what follows the message about a bad argument.
pub const USAGE: &str = "\
usage: sitelift-testserver [--pages DIR] [--port N] [--threads N] [--bind ADDR]... [--forever]

  --pages DIR   serve the files below DIR at /pages/ and /n/
  --port N      the plain HTTP port (default 0: any free one)
  --threads N   worker threads (default 1)
  --bind ADDR   a loopback address to listen on; may be repeated (default 127.0.0.1)
  --forever     keep running when standard input closes
";

/// What the command line asks for.
pub enum Command {
    Help,
    Serve(Args),
}

/// The settings of a server.
pub struct Args {
    pub pages: Option<PathBuf>,
    pub port: u16,
    pub threads: usize,
    /// Loopback addresses only; never empty.
    pub binds: Vec<IpAddr>,
    pub forever: bool,
}

/// Reads the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut args = Args { pages: None, port: 0, threads: 1, binds: Vec::new(), forever: false };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let name = argument.to_string_lossy().into_owned();
        let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--forever" => args.forever = true,
            "--pages" => args.pages = Some(directory(value()?)?),
            "--port" => args.port = number(&name, &value()?)?,
            "--threads" => args.threads = number(&name, &value()?)?,
            "--bind" => args.binds.push(loopback(&value()?)?),
            _ => return Err(format!("unknown argument {name:?}")),
        }
    }
    if args.threads == 0 {
        return Err("--threads must be at least 1".into());
    }
    if args.binds.is_empty() {
        args.binds.push(Ipv4Addr::LOCALHOST.into());
    }
    Ok(Command::Serve(args))
}

fn number<T: FromStr<Err: Display>>(name: &str, value: &OsString) -> Result<T, String> {
    let text = value.to_string_lossy();
    text.parse().map_err(|error| format!("{name} {text:?}: {error}"))
}

fn directory(value: OsString) -> Result<PathBuf, String> {
    let path = PathBuf::from(value);
    if path.is_dir() { Ok(path) } else { Err(format!("--pages {}: not a directory", path.display())) }
}

/// A server that answers any request with what it is told must never be reachable from outside.
fn loopback(value: &OsString) -> Result<IpAddr, String> {
    let address: IpAddr = number("--bind", value)?;
    if address.is_loopback() { Ok(address) } else { Err(format!("--bind {address}: not a loopback address")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn defaults() {
        let Ok(Command::Serve(args)) = parsed("") else {
            panic!("the empty command line must serve");
        };
        assert_eq!(args.port, 0);
        assert_eq!(args.threads, 1);
        assert_eq!(args.binds, [IpAddr::from(Ipv4Addr::LOCALHOST)]);
        assert!(!args.forever);
    }

    #[test]
    fn only_loopback() {
        assert!(parsed("--bind 127.8.9.10 --bind ::1").is_ok());
        for line in ["--bind 0.0.0.0", "--bind ::", "--bind 192.168.0.1"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (line, part) in [
            ("--port", "needs a value"),
            ("--port x", "--port \"x\""),
            ("--threads 0", "at least 1"),
            ("--bind localhost", "--bind"),
            ("--pages /no/such/directory", "not a directory"),
            ("--nonsense", "unknown argument"),
        ] {
            let message = parsed(line).err().unwrap_or_default();
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
