//! The judgment server as the suites kill it: the real one, with quotas that let thousands of acts
//! through and without delays. It ends with its standard input.
//!
//! Usage: `pingli-tests-court DATA ADDRESS SECONDS`; access tokens are good for so many seconds.

use pingli_server::Server;
use std::io::{Read as _, Write as _};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (data, address) = (arguments.next().ok_or("a folder")?, arguments.next().ok_or("an address")?.parse()?);
    let mut config = pingli_tests::court_config(data, address);
    config.rules.access_token = arguments.next().ok_or("seconds")?.parse()?;
    let _ends_with_its_master = std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    tokio::runtime::Runtime::new()?.block_on(async {
        let _server = Server::start(config).await?;
        std::io::stdout().write_all(b"ready\n")?;
        std::io::stdout().flush()?;
        std::future::pending().await
    })
}
