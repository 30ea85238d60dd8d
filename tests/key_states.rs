//! The states that a key store can be in and the flows that meet them (reliability paper): 13 × 8.

/// A state of the key store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// There is no session bus.
    NoBus,
    /// A bus, and no service on it.
    NoService,
    /// The service dies when it is activated.
    DiesOnActivation,
    /// The service takes calls and answers none.
    Mute,
    /// The service has no collection.
    NoCollection,
    /// The keyring is locked, and nothing can ask for its password.
    LockedWithoutDisplay,
    /// The keyring is locked, and its prompt stays open.
    PromptNeverAnswered,
    /// The keyring is locked, and its prompt is closed.
    PromptDismissed,
    /// The keyring is open.
    Unlocked,
    /// The keyring is locked while the program runs.
    LockedInMidSession,
    /// The service is killed while it is asked.
    KilledInMidCall,
    /// The keyring has another key under the name.
    WrongKey,
    /// Two windows ask 64 times at once.
    ManyCallers,
}

impl KeyState {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Mute,
        Self::PromptNeverAnswered,
        Self::KilledInMidCall,
        Self::NoBus,
        Self::NoService,
        Self::DiesOnActivation,
        Self::NoCollection,
        Self::LockedWithoutDisplay,
        Self::PromptDismissed,
        Self::Unlocked,
        Self::LockedInMidSession,
        Self::WrongKey,
        Self::ManyCallers,
    ];
}

/// A flow of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFlow {
    /// There is no data yet.
    FirstStart,
    /// There is data, and its key was in the keyring.
    StartWithData,
    /// Signing in by the browser.
    SignIn,
    /// The access token ran out.
    TokenRefresh,
    /// A ballot is sealed while the program is locked.
    SealWhileLocked,
    /// The desktop has another keyring now, without the key.
    ChangeOfDesktop,
    /// Header and database are those of an older program.
    Upgrade,
    /// The program ends.
    Exit,
}

impl KeyFlow {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::FirstStart,
        Self::StartWithData,
        Self::SignIn,
        Self::TokenRefresh,
        Self::SealWhileLocked,
        Self::ChangeOfDesktop,
        Self::Upgrade,
        Self::Exit,
    ];
}

/// What one program is to do, over its standard input.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct KeyErrand {
    /// Prepares the data that the flows begin with, or puts another key in the keyring.
    pub prepare: Option<KeyPreparation>,
    /// The state it meets.
    pub state: KeyState,
    /// The flow.
    pub flow: KeyFlow,
    /// The data folder.
    pub folder: std::path::PathBuf,
    /// The judgment server.
    pub server: String,
    /// The keyring's process, where there is one.
    pub keyring: Option<u32>,
    /// The key of the data that is in the folder, in hexadecimal digits.
    pub secret: Option<String>,
}

/// What is prepared before the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPreparation {
    /// A signed-in reviewer with a case, a draft, a key in the keyring and a passphrase.
    Data,
    /// Another key under the name of the data's own.
    AnotherKey,
}

/// What came of it.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct KeyOutcome {
    /// What was not as it must be, in words.
    pub violations: Vec<String>,
    /// How long each call of the keyring took, milliseconds.
    pub calls: Vec<u64>,
    /// The longest time that the program's own thread answered nobody, milliseconds.
    pub blocked: u64,
    /// The key of the data that was prepared, in hexadecimal digits.
    pub secret: Option<String>,
}
