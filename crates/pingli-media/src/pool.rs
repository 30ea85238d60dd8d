//! The library side: starts workers, hands them jobs, ends the ones that take too long, and starts
//! new ones in place of those that died.

use crate::{
    decode::has_less,
    facts::{Damage, Intake, MediaFacts, Picture, RenderRequest, Strain, Walls},
    frame::{Answer, Effort, Job, PictureHeader, read_frame, write_frame},
    sniff::sniff,
    worker::WORKER_ARGUMENT,
};
use pingli_credentials::{Credentials, may_have_credentials, unreadable};
use std::{
    ffi::OsString,
    io,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

/// The most bytes that come back from one job.
const MAX_ANSWER: u32 = 128 << 20;

/// Why a job has no result. Hostile or damaged bytes are no fault: they are told by
/// [`MediaFacts::damage`] or [`MediaFault::Damaged`].
#[derive(Debug, thiserror::Error)]
pub enum MediaFault {
    /// No worker could be started.
    #[error("the media worker {program} did not start: {error}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        error: io::Error,
    },
    /// There is nothing to show of this file.
    #[error("the file cannot be shown: {0:?}")]
    Damaged(Damage),
}

impl MediaFault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Start { .. } => "media_worker",
            Self::Damaged(Damage::Partial) => "media_partial",
            Self::Damaged(Damage::Unreadable) => "media_unreadable",
            Self::Damaged(Damage::Unsupported) => "media_unsupported",
            Self::Damaged(Damage::TooLarge) => "media_too_large",
        }
    }
}

/// How a worker is started.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl WorkerCommand {
    /// The stand-alone worker, `pingli-media-worker`, at this path.
    #[must_use]
    pub fn program(path: impl Into<PathBuf>) -> Self {
        Self { program: path.into(), args: Vec::new() }
    }

    /// A program that calls [`crate::run_worker_if_asked`], at this path.
    #[must_use]
    pub fn hidden_argument(path: impl Into<PathBuf>) -> Self {
        Self { program: path.into(), args: vec![WORKER_ARGUMENT.into()] }
    }

    /// The running program itself, which must call [`crate::run_worker_if_asked`] first thing.
    ///
    /// # Errors
    /// When the system does not say which program is running.
    pub fn this_program() -> io::Result<Self> {
        Ok(Self::hidden_argument(std::env::current_exe()?))
    }
}

/// What a job may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerLimits {
    /// The largest file, in bytes. Larger ones are [`Damage::TooLarge`] unseen.
    pub input_bytes: u64,
    /// Time on the clock; then the worker is ended. It is much longer than the 5 seconds of
    /// processor time after which the kernel ends a worker, so that a busy machine does not make a
    /// sound photo "too large".
    pub wall: Duration,
    /// Time on the clock until a new worker must have said that it is ready.
    pub start: Duration,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self { input_bytes: 64 << 20, wall: Duration::from_secs(60), start: Duration::from_secs(30) }
    }
}

/// Some workers, started when they are needed. All calls block; they may come from any thread, and
/// wait for their turn when all workers are busy.
#[derive(Debug)]
pub struct WorkerPool {
    command: WorkerCommand,
    limits: WorkerLimits,
    size: usize,
    /// Certificates of known signers of content credentials, PEM.
    trust: String,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Worker>,
    busy: usize,
    /// What the newest worker can reach.
    walls: Option<Walls>,
}

impl WorkerPool {
    /// A pool of at most `size` workers (at least one) with the default limits.
    #[must_use]
    pub fn new(command: WorkerCommand, size: usize) -> Self {
        Self::with_limits(command, size, WorkerLimits::default())
    }

    /// A pool with other limits.
    #[must_use]
    pub fn with_limits(command: WorkerCommand, size: usize, limits: WorkerLimits) -> Self {
        Self {
            command,
            limits,
            size: size.max(1),
            trust: String::new(),
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Names the signers of content credentials who are known: their certificates, or those of the
    /// authorities that vouch for them, PEM one behind the other. At first none is.
    #[must_use]
    pub fn trusting(mut self, certificates: impl Into<String>) -> Self {
        self.trust = certificates.into();
        self
    }

    /// Finds out what a file is.
    ///
    /// # Errors
    /// Only [`MediaFault::Start`]; whatever is wrong with the file is among the facts.
    pub fn inspect(&self, bytes: &[u8]) -> Result<MediaFacts, MediaFault> {
        Ok(match self.run(Job::Inspect, bytes)? {
            Ok((Answer { facts: Some(facts), .. }, _)) => facts,
            Ok(_) => damaged_facts(bytes, Damage::Unreadable),
            Err(damage) => damaged_facts(bytes, damage),
        })
    }

    /// Makes a JPEG that a window can show: upright, without metadata.
    ///
    /// # Errors
    /// [`MediaFault::Damaged`] when there is nothing to show, or [`MediaFault::Start`].
    pub fn render(&self, bytes: &[u8], request: &RenderRequest) -> Result<Picture, MediaFault> {
        let (answer, jpeg) = self.run(Job::Render(*request), bytes)?.map_err(MediaFault::Damaged)?;
        let unreadable = MediaFault::Damaged(answer.damage.unwrap_or(Damage::Unreadable));
        pictures(&answer, jpeg).0.ok_or(unreadable)
    }

    /// Does both from one decoding, as intake needs it. What is too much for one job is tried once
    /// more with the least work, so that there is something to show.
    ///
    /// # Errors
    /// Only [`MediaFault::Start`]; whatever is wrong with the file is among the facts.
    pub fn intake(&self, bytes: &[u8], request: &RenderRequest) -> Result<Intake, MediaFault> {
        let first = self.run(Job::Intake(*request, Effort::Whole), bytes)?;
        let done = match first {
            Err(Damage::TooLarge) if self.takes(bytes) && has_less(sniff(bytes)) => {
                self.run(Job::Intake(*request, Effort::Least), bytes)?
            }
            first => first,
        };
        let mut intake = match done {
            Ok((answer, jpegs)) => {
                let (picture, full) = pictures(&answer, jpegs);
                let facts = answer.facts.unwrap_or_else(|| damaged_facts(bytes, Damage::Unreadable));
                Intake { facts, picture, full }
            }
            Err(damage) => Intake { facts: damaged_facts(bytes, damage), picture: None, full: None },
        };
        intake.facts.credentials = self.credentials(bytes)?;
        Ok(intake)
    }

    /// Reads content credentials, as a job of its own: whatever they are, the picture is not harmed.
    fn credentials(&self, bytes: &[u8]) -> Result<Option<Credentials>, MediaFault> {
        if !may_have_credentials(bytes) || !self.takes(bytes) {
            return Ok(None);
        }
        Ok(match self.run(Job::Credentials(self.trust.clone()), bytes)? {
            Ok((answer, _)) => answer.credentials,
            Err(_) => Some(unreadable()),
        })
    }

    /// What the worker that started last found when it tried its walls; nothing before the first one.
    #[must_use]
    pub fn walls(&self) -> Option<Walls> {
        self.lock().walls.clone()
    }

    /// Makes a worker take memory or time, to see that its limits hold.
    ///
    /// # Errors
    /// [`Damage::TooLarge`] as [`MediaFault::Damaged`] when it ran into a limit, or [`MediaFault::Start`].
    pub fn strain(&self, strain: Strain) -> Result<(), MediaFault> {
        self.run(Job::Strain(strain), &[])?.map(|_| ()).map_err(MediaFault::Damaged)
    }

    /// Runs a job on a worker of its own; a worker that dies is the file's fault.
    fn run(&self, job: Job, bytes: &[u8]) -> Result<Result<(Answer, Vec<u8>), Damage>, MediaFault> {
        if !self.takes(bytes) {
            return Ok(Err(Damage::TooLarge));
        }
        let mut turn = self.wait_for_turn();
        let mut worker = match turn.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        match worker.run(job, bytes, self.limits.wall) {
            Ok(answer) => {
                turn.worker = Some(worker);
                Ok(Ok(answer))
            }
            // It had said that it was ready, so its end is the file's doing.
            Err(Death::Program) => Ok(Err(Damage::Unreadable)),
            Err(Death::Limit) => Ok(Err(Damage::TooLarge)),
        }
    }

    /// Starts a worker; where a wall around it is missing the log says so once.
    fn start(&self) -> Result<Worker, MediaFault> {
        let (worker, walls) =
            Worker::start(&self.command, self.limits.start).map_err(|error| self.start_fault(error))?;
        let known = self.lock().walls.replace(walls.clone());
        let missing = walls.missing();
        if !missing.is_empty() && known.is_none() {
            tracing::warn!(?missing, "pictures are decoded without all walls");
        }
        Ok(worker)
    }

    /// Whether a file is not larger than a job may have.
    fn takes(&self, bytes: &[u8]) -> bool {
        bytes.len() as u64 <= self.limits.input_bytes
    }

    fn start_fault(&self, error: io::Error) -> MediaFault {
        MediaFault::Start { program: self.command.program.display().to_string(), error }
    }

    fn wait_for_turn(&self) -> PoolTurn<'_> {
        let mut state = self.lock();
        while state.busy >= self.size {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.busy += 1;
        // An idle worker may have been ended by the system in the meantime.
        let worker = std::iter::from_fn(|| state.idle.pop()).find_map(Worker::if_alive);
        PoolTurn { pool: self, worker }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the pool's places; gives the place, and the worker if it lives, back when dropped.
struct PoolTurn<'p> {
    pool: &'p WorkerPool,
    worker: Option<Worker>,
}

impl Drop for PoolTurn<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.busy -= 1;
        state.idle.extend(self.worker.take());
        self.pool.freed.notify_one();
    }
}

/// The rendition and the full size, from the bytes that came one behind the other.
fn pictures(answer: &Answer, mut jpegs: Vec<u8>) -> (Option<Picture>, Option<Picture>) {
    let picture = |header: PictureHeader, jpeg: Vec<u8>| Picture {
        jpeg,
        width: header.width,
        height: header.height,
        damage: header.damage,
    };
    let first = answer.picture.map_or(0, |header| header.bytes).min(jpegs.len());
    let full = jpegs.split_off(first);
    (answer.picture.map(|header| picture(header, jpegs)), answer.full.map(|header| picture(header, full)))
}

fn damaged_facts(bytes: &[u8], damage: Damage) -> MediaFacts {
    MediaFacts { media_type: sniff(bytes).to_owned(), damage: Some(damage), ..MediaFacts::default() }
}

/// One worker process.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<ChildStdout>,
}

/// How a worker died.
enum Death {
    /// It crashed or spoke nonsense.
    Program,
    /// It ran into one of its limits.
    Limit,
}

impl Worker {
    fn start(command: &WorkerCommand, wall: Duration) -> io::Result<(Self, Walls)> {
        let mut child = Command::new(&command.program)
            .args(&command.args)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut worker = Self { child, input, output };
        match worker.exchange(wall, |_, output| read_frame::<_, Answer>(output, 0)) {
            Ok((Answer { walls: Some(walls), .. }, _)) => Ok((worker, walls)),
            Ok(_) | Err(_) => Err(io::Error::other("it did not say that it is ready")),
        }
    }

    fn if_alive(mut self) -> Option<Self> {
        matches!(self.child.try_wait(), Ok(None)).then_some(self)
    }

    fn run(&mut self, job: Job, bytes: &[u8], wall: Duration) -> Result<(Answer, Vec<u8>), Death> {
        self.exchange(wall, |input, output| {
            write_frame(input, &job, bytes)?;
            read_frame(output, MAX_ANSWER)
        })
    }

    /// Talks to the worker. The pipes are served by a thread of their own, so that a worker that
    /// neither reads nor writes cannot hold the caller; ending the worker ends the thread.
    fn exchange<T: Send>(
        &mut self,
        wall: Duration,
        talk: impl FnOnce(&mut ChildStdin, &mut ChildStdout) -> io::Result<T> + Send,
    ) -> Result<T, Death> {
        let (Some(mut input), Some(mut output)) = (self.input.take(), self.output.take()) else {
            return Err(Death::Program);
        };
        let (done, wait) = mpsc::sync_channel(1);
        let child = &mut self.child;
        let result = thread::scope(|scope| {
            scope.spawn(move || {
                let answer = talk(&mut input, &mut output);
                // The receiver is gone when the time was up.
                let _ = done.send((answer, input, output));
            });
            wait.recv_timeout(wall).map_err(|_| end(child))
        });
        match result {
            Ok((Ok(answer), input, output)) => {
                (self.input, self.output) = (Some(input), Some(output));
                Ok(answer)
            }
            Ok((Err(error), ..)) => {
                tracing::debug!(%error, "a media worker broke off");
                let status = end(&mut self.child);
                Err(if error.kind() == io::ErrorKind::InvalidData { Death::Program } else { death(status) })
            }
            Err(_) => Err(Death::Limit),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a process if it still runs, and says how it ended. A process whose pipe just broke may
/// still be dying of its own cause, so it is given a moment to do so.
fn end(child: &mut Child) -> Option<ExitStatus> {
    if let Ok(Some(status)) = child.try_wait() {
        return Some(status);
    }
    // Neither can fail for a child that has not been waited for, other than because it is gone.
    let _ = child.kill();
    child.wait().ok()
}

#[cfg(unix)]
fn death(status: Option<ExitStatus>) -> Death {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match status.and_then(|status| status.signal()) {
        // Rust aborts when memory is refused; the kernel sends the others at a limit.
        Some(SIGABRT | SIGKILL | SIGXCPU) => Death::Limit,
        _ => Death::Program,
    }
}

#[cfg(not(unix))]
fn death(_: Option<ExitStatus>) -> Death {
    Death::Program
}
