//! The command line: what it takes, and what each command does with the library.

mod docket;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand};
use pingli_casepack::{PackLimits, ServerKeys};
use pingli_server::{
    App, Config, Keys, Server,
    demo::{self, DemoPlan},
};
use std::{
    fs::File,
    io::{BufRead as _, Read as _, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use url::Url;

/// The judgment server of Pingli: hands out cases to panels of reviewers, counts their ballots and
/// keeps the ledger. One program, one data folder, nothing to configure.
#[derive(Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "\
First steps:
  pingli-server user add lin --data data          add a reviewer (asks for the password)
  pingli-server docket import docket --data data  take cases in
  pingli-server serve --data data                 answer on 127.0.0.1:7878
  pingli-server demo --docket demo                a demo with 30 simulated reviewers"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until it is interrupted
    Serve(Serve),
    /// Take in cases, amend them, or check a folder of cases
    #[command(subcommand)]
    Docket(docket::Docket),
    /// Print the OpenAPI 3.1 document of the HTTP API
    Openapi,
    /// Build or verify a case pack
    #[command(subcommand)]
    Pack(Pack),
    /// Run a demo server with simulated reviewers and a user to sign in as
    Demo(Demo),
    /// Manage reviewers
    #[command(subcommand)]
    User(User),
    /// Show the signing keys
    #[command(subcommand)]
    Key(Key),
}

#[derive(Args)]
struct DataFolder {
    /// The data folder: database, packs, evidence and signing key. Made when it is not there
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    folder: DataFolder,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// The address that reviewers see, where a proxy stands in front (https://judgment.example)
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
}

#[derive(Subcommand)]
enum Pack {
    /// Write the signed pack of a case: the id of a case in the data folder, or an intake case folder
    Build {
        /// Case id, or a folder with a case.json
        case: String,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        folder: DataFolder,
    },
    /// Check every byte of a pack: form, hashes, and the signature
    Verify {
        /// The pack
        file: PathBuf,
        /// The data folder whose keys are trusted; without one the keys come from --keys
        #[arg(long, value_name = "DIR", default_value = "data")]
        data: PathBuf,
        /// A JSON file with the server's keys, as `key show` prints them
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
}

#[derive(Args)]
struct Demo {
    #[command(flatten)]
    folder: DataFolder,
    /// Where to listen; the demo listens on this machine only
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// An intake folder to import; may be given several times
    #[arg(long, value_name = "DIR")]
    docket: Vec<PathBuf>,
    /// Simulated reviewers
    #[arg(long, value_name = "N", default_value_t = 30)]
    reviewers: u32,
    /// Seconds between two ballots of the population on one case
    #[arg(long, value_name = "SECONDS", default_value_t = 4.0)]
    pace: f64,
    /// Seconds that most of the population leaves a case to the user before it goes on by itself
    #[arg(long, value_name = "SECONDS", default_value_t = 900.0)]
    patience: f64,
    /// Add one generated case with so many messages (20,000 where no number is given, at most
    /// 1,000,000) and 60 pictures
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20000",
          value_parser = clap::value_parser!(u32).range(1..=i64::from(demo::MOST_MESSAGES)))]
    large: Option<u32>,
}

#[derive(Subcommand)]
enum User {
    /// Add a reviewer; the password is read from a file or from standard input
    Add {
        /// The name typed at sign-in
        name: String,
        /// The name shown in the program; the sign-in name where it is not given
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// A file whose first line is the password
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        folder: DataFolder,
    },
    /// Give a reviewer another password
    Password {
        /// The name typed at sign-in
        name: String,
        /// A file whose first line is the password
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        folder: DataFolder,
    },
}

#[derive(Subcommand)]
enum Key {
    /// Print the public signing keys as JSON; the key is made when there is none yet
    Show {
        #[command(flatten)]
        folder: DataFolder,
    },
}

/// Prints a line for people or programs.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Prints a line on standard error.
pub(crate) fn complain(line: &str) {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Runs a command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(serve) => run_server(serve).await,
        Command::Docket(docket) => docket::run(docket).await,
        Command::Openapi => {
            say(&pingli_server::api::openapi().to_pretty_json()?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Pack(Pack::Build { case, out, folder }) => build(&case, &out, &folder.data).await,
        Command::Pack(Pack::Verify { file, data, keys }) => verify(&file, &data, keys.as_deref()),
        Command::Demo(demo) => run_demo(demo).await,
        Command::User(User::Add { name, display_name, password_file, folder }) => {
            let password = read_password(password_file.as_deref())?;
            let app = open(&folder.data).await?;
            let id = app.add_user(&name, display_name.as_deref().unwrap_or(&name), &password).await?;
            app.fill_panels().await?;
            say(&format!("added {name} ({id})"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::User(User::Password { name, password_file, folder }) => {
            let password = read_password(password_file.as_deref())?;
            open(&folder.data).await?.set_password(&name, &password).await?;
            say(&format!("{name} has a new password"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Key(Key::Show { folder }) => {
            std::fs::create_dir_all(&folder.data)?;
            let keys = Keys::open(&folder.data, pingli_server::Clock::now(&pingli_server::SystemClock))?;
            say(&serde_json::to_string_pretty(keys.list())?)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn open(data: &Path) -> anyhow::Result<Arc<App>> {
    let config = Config::new(data, SocketAddr::from(([127, 0, 0, 1], 0)));
    App::open(&config).await.with_context(|| format!("failed to open the data folder {}", data.display()))
}

async fn run_server(serve: Serve) -> anyhow::Result<ExitCode> {
    let mut config = Config::new(&serve.folder.data, serve.listen);
    config.public_url = serve.public_url;
    let running = Server::start(config).await?;
    say(&serde_json::json!({"ready": true, "url": running.url}).to_string())?;
    interrupted().await?;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Waits for Ctrl+C or, where there is one, a request to end.
async fn interrupted() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            done = tokio::signal::ctrl_c() => done?,
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

async fn build(case: &str, out: &Path, data: &Path) -> anyhow::Result<ExitCode> {
    let app = open(data).await?;
    let pack = app.build_pack(case).await?;
    std::fs::copy(&pack.path, out).with_context(|| format!("failed to write {}", out.display()))?;
    say(&format!("{}  {} ({} bytes)", pack.sha256, out.display(), pack.bytes))?;
    Ok(ExitCode::SUCCESS)
}

fn verify(file: &Path, data: &Path, keys: Option<&Path>) -> anyhow::Result<ExitCode> {
    let list = match keys {
        Some(path) => serde_json::from_str(
            &std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?,
        )?,
        None if data.join("keys").is_dir() => {
            Keys::open(data, pingli_server::Clock::now(&pingli_server::SystemClock))?.list().to_vec()
        }
        None => bail!("no keys to trust: give --data or --keys"),
    };
    let trusted = ServerKeys::first_meeting(&list)?;
    let mut pack = File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
    match pingli_casepack::verify(&mut pack, &trusted, &PackLimits::default()) {
        Ok(pack) => {
            say(&format!(
                "OK  {} round {} version {}, {} files, {} bytes, signed by {}\n{}",
                pack.document.case.id,
                pack.document.case.round,
                pack.version,
                pack.index.files().count(),
                pack.bytes,
                pack.key,
                pack.sha256,
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            say(&format!("refused  {}\n  {fault}", file.display()))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn run_demo(args: Demo) -> anyhow::Result<ExitCode> {
    if !args.listen.ip().is_loopback() {
        bail!("the demo has a user whose password everybody knows: it listens on this machine only");
    }
    let plan = DemoPlan {
        data: args.folder.data,
        listen: args.listen,
        dockets: args.docket,
        reviewers: args.reviewers,
        pace: args.pace.clamp(0.05, 3600.0),
        patience: args.patience.clamp(0.0, 86_400.0),
        large: args.large,
        media_worker: None,
    };
    let running = demo::start(plan).await?;
    let ready = serde_json::json!({
        "ready": true, "url": running.url(), "user": demo::USER, "password": demo::PASSWORD,
    });
    say(&ready.to_string())?;
    interrupted().await?;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn read_password(file: Option<&Path>) -> anyhow::Result<String> {
    let mut line = String::new();
    match file {
        Some(path) => {
            let mut file = File::open(path).with_context(|| format!("failed to open {}", path.display()))?;
            file.read_to_string(&mut line)?;
        }
        None => {
            complain("password (one line on standard input):");
            std::io::stdin().lock().read_line(&mut line)?;
        }
    }
    let password = line.lines().next().unwrap_or_default().to_owned();
    if password.is_empty() {
        bail!("the password is empty");
    }
    Ok(password)
}
