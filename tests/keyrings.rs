//! Keyrings in every state they can be in: a session bus of one's own, the real gnome-keyring on it,
//! and a prompter that dismisses what it is asked or never answers.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use zbus::{
    Connection, blocking,
    fdo::{self, RequestNameFlags},
    message::Header,
    zvariant::{ObjectPath, OwnedObjectPath},
};

/// The name that every Secret Service has.
const SECRETS: &str = "org.freedesktop.secrets";

/// The password of every login keyring here.
const PASSWORD: &[u8] = b"pingli";

/// What starts when somebody asks for the Secret Service and none is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// Nothing: the bus knows of no such service.
    Nothing,
    /// A program that dies at once.
    Dies,
}

/// A session bus in a folder.
#[derive(Debug)]
pub struct Bus {
    daemon: Child,
    /// Its address.
    pub address: String,
}

impl Bus {
    /// Starts a bus.
    #[must_use]
    pub fn start(folder: &Path, activation: Activation) -> Self {
        let services = folder.join("services");
        fs::create_dir_all(&services).expect("a folder");
        if activation == Activation::Dies {
            let service = format!("[D-BUS Service]\nName={SECRETS}\nExec=/bin/false\n");
            fs::write(services.join(format!("{SECRETS}.service")), service).expect("a service");
        }
        let config = folder.join("bus.conf");
        let rules = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><servicedir>{}</servicedir>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            folder.join("bus").display(),
            services.display()
        );
        fs::write(&config, rules).expect("a configuration");
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a bus: is dbus-daemon installed?");
        let mut address = String::new();
        let said = daemon.stdout.take().expect("it is piped");
        BufReader::new(said).read_line(&mut address).expect("its address");
        Self { daemon, address: address.trim().to_owned() }
    }

    /// A connection of the test's own.
    pub fn connect(&self) -> blocking::Connection {
        let builder = blocking::connection::Builder::address(self.address.as_str()).expect("an address");
        builder.build().expect("a connection")
    }

    /// Waits until somebody owns a name.
    fn wait_for(&self, name: &str) {
        let connection = self.connect();
        let bus = blocking::fdo::DBusProxy::new(&connection).expect("the bus");
        let mut changes = bus.receive_name_owner_changed().expect("its news");
        let bus_name = name.try_into().expect("a name");
        while !bus.name_has_owner(zbus::names::BusName::clone(&bus_name)).expect("an answer") {
            changes.next();
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Whether the login keyring is open from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// It is, and is made when there is none.
    Unlocked,
    /// It is not; where there is none, there is no collection at all.
    Locked,
}

/// The real gnome-keyring on a bus.
#[derive(Debug)]
pub struct Daemon(Child);

impl Daemon {
    /// Starts it over the keyrings in a folder.
    #[must_use]
    pub fn start(bus: &Bus, home: &Path, login: Login) -> Self {
        let runtime = home.join("runtime");
        fs::create_dir_all(&runtime).expect("a folder");
        fs::create_dir_all(keyrings(home)).expect("a folder");
        restrict(&runtime);
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if login == Login::Unlocked {
            command.arg("--unlock");
        }
        let mut daemon = command
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_RUNTIME_DIR", &runtime)
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a keyring: is gnome-keyring installed?");
        // The password ends with the pipe.
        let mut password = daemon.stdin.take().expect("it is piped");
        if login == Login::Unlocked {
            password.write_all(PASSWORD).expect("the password");
        }
        drop(password);
        bus.wait_for(SECRETS);
        Self(daemon)
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// From now on it takes calls and answers none.
    pub fn fall_mute(&self) {
        signal(self.id(), "STOP");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where a home has its keyrings.
#[must_use]
pub fn keyrings(home: &Path) -> PathBuf {
    home.join("data/keyrings")
}

fn restrict(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("a folder of one's own");
}

/// Sends a signal to a process of the test's own.
pub fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status();
    assert!(sent.is_ok_and(|status| status.success()), "{name} reaches {process}");
}

/// Locks the login keyring, as the desktop does when the reviewer goes away.
///
/// # Errors
/// What the bus says.
pub fn lock_login(connection: &blocking::Connection) -> zbus::Result<()> {
    let login = ObjectPath::try_from("/org/freedesktop/secrets/collection/login")?;
    let service = Some("org.freedesktop.Secret.Service");
    connection.call_method(Some(SECRETS), "/org/freedesktop/secrets", service, "Lock", &(vec![login],))?;
    Ok(())
}

/// What becomes of the keyring's prompts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompts {
    /// The reviewer does not see them, or goes away.
    NeverAnswered,
    /// The reviewer closes them.
    Dismissed,
}

/// The desktop's prompter, without a window.
#[derive(Debug)]
pub struct Prompter {
    _connection: blocking::Connection,
}

impl Prompter {
    /// Takes the prompter's place on a bus.
    #[must_use]
    pub fn start(bus: &Bus, prompts: Prompts) -> Self {
        let connection = bus.connect();
        connection.object_server().at("/org/gnome/keyring/Prompter", Prompting(prompts)).expect("a place");
        connection
            .request_name_with_flags("org.gnome.keyring.SystemPrompter", RequestNameFlags::DoNotQueue.into())
            .expect("its name");
        Self { _connection: connection }
    }
}

struct Prompting(Prompts);

#[zbus::interface(name = "org.gnome.keyring.internal.Prompter")]
impl Prompting {
    async fn begin_prompting(
        &self,
        callback: OwnedObjectPath,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> fdo::Result<()> {
        if self.0 == Prompts::NeverAnswered {
            return Ok(());
        }
        let asker = header.sender().ok_or_else(|| fdo::Error::Failed("nobody asked".to_owned()))?.to_owned();
        let done = {
            let connection = connection.clone();
            async move {
                let interface = Some("org.gnome.keyring.internal.Prompter.Callback");
                // The asker may be gone.
                let _ = connection.call_method(Some(asker), callback, interface, "PromptDone", &()).await;
            }
        };
        connection.executor().spawn(done, "a dismissed prompt").detach();
        Ok(())
    }

    fn perform_prompt(
        &self,
        _callback: OwnedObjectPath,
        _kind: String,
        _properties: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
        _exchange: String,
    ) {
    }

    fn stop_prompting(&self, _callback: OwnedObjectPath) {}
}
