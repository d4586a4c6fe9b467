//! Prints status, title and address of each URL given: `cargo run --example titles -- https://example.com/`.

use sitelift::{Client, FetchOptions, SiteliftError};

fn main() -> Result<(), SiteliftError> {
    let urls: Vec<String> = std::env::args().skip(1).collect();
    let client = Client::new(FetchOptions::default())?;
    for site in client.fetch_all_blocking(urls)? {
        match site.error {
            None => println!("{} {} <{}>", site.status.unwrap_or(0), site.title.unwrap_or_default(), site.final_url),
            Some(problem) => eprintln!("{problem}"),
        }
    }
    Ok(())
}
