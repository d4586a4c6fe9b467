//! A loopback web server for tests: pages from a directory, every kind of redirect, encoding and slow
//! answer, and the faults a fetcher meets in the wild. The routes are listed in `README.md`.
//!
//! The way of a request: `listen` accepts, `connection` speaks HTTP, `routes` decides, `reply` and `body`
//! answer. What HTTP itself forbids is left to `fault` and `frames`, which write to the bare socket.

#![forbid(unsafe_code)]

mod args;
mod body;
mod bomb;
mod coding;
mod connection;
mod fault;
mod frames;
mod generate;
mod latency;
mod listen;
mod mix;
mod page;
mod query;
mod ready;
mod reply;
mod routes;
mod stats;
mod store;
mod tls;

use std::io::{self, Read};
use std::process::{self, ExitCode};
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use crate::args::{Args, Command};
use crate::generate::Generator;
use crate::stats::Stats;
use crate::store::PageStore;
use crate::tls::Identity;

/// What every connection shares.
struct Server {
    pages: PageStore,
    generator: Generator,
    stats: Arc<Stats>,
    visits: routes::Visits,
}

fn main() -> ExitCode {
    match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => {
            print!("{}", args::USAGE);
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(args)) => match serve(&args) {
            Ok(never) => match never {},
            Err(error) => {
                eprintln!("sitelift-testserver: {error}");
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("sitelift-testserver: {error}\n\n{}", args::USAGE);
            ExitCode::from(2)
        }
    }
}

fn serve(args: &Args) -> Result<std::convert::Infallible, Box<dyn std::error::Error>> {
    let pages = match &args.pages {
        Some(root) => PageStore::open(root)?,
        None => PageStore::default(),
    };
    let listed = pages.listed().to_vec();
    let server = Arc::new(Server {
        pages,
        generator: Generator::default(),
        stats: Arc::default(),
        visits: routes::Visits::default(),
    });
    let identity = Identity::generate(&args.binds)?;
    if !args.forever {
        exit_with_stdin();
    }
    runtime(args.threads)?.block_on(async {
        let ports = listen::start(&server, &identity, args).await?;
        ready::announce(args.binds[0], ports, &identity, &listed)?;
        std::future::pending().await
    })
}

fn runtime(threads: usize) -> io::Result<Runtime> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if threads > 1 {
        builder.worker_threads(threads);
    }
    builder.enable_all().build()
}

/// Ends the process when standard input closes, so that no server outlives the test runner that started it.
fn exit_with_stdin() {
    std::thread::spawn(|| {
        let mut ignored = [0; 1024];
        loop {
            match io::stdin().read(&mut ignored) {
                Ok(0) => process::exit(0),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => process::exit(0),
            }
        }
    });
}
