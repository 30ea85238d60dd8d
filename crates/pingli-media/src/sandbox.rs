//! The worker's walls: memory and processor time for each job, no files, no network, no programs.
//! Limits are what the design promises; the rest (Landlock, seccomp) is taken where the kernel has
//! it.

#[cfg(target_os = "linux")]
pub(crate) use linux::{allow_job_time, enter, processor_time, shed_files, walls};

#[cfg(target_os = "linux")]
mod linux {
    use crate::facts::Walls;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    /// Memory for decoding, in bytes, on top of the program itself.
    const MEMORY: u64 = 512 << 20;
    /// Processor time for one job, in seconds. A development build is slower by more than this
    /// factor, and must still show what a phone takes.
    const JOB_SECONDS: u64 = if cfg!(debug_assertions) { 10 } else { 5 };

    /// What a worker calls itself once it has shed the files it was started with.
    const CLEAN_NAME: &str = "pingli-media-worker (clean)";

    /// Starts the program anew without the files that whoever started it left open. Our own files
    /// are never handed on, but a library's may be. Returns when there is nothing to shed.
    pub(crate) fn shed_files() {
        use std::os::unix::process::CommandExt as _;
        let mut arguments = std::env::args_os();
        // Once is enough: what is open after that was opened on purpose by the program's own start.
        if open_files() == 0 || arguments.next().is_some_and(|name| name == CLEAN_NAME) {
            return;
        }
        close_fds::set_fds_cloexec(3, &[]);
        // Comes back only when it failed, and then the worker goes on as it is.
        let _ = std::process::Command::new("/proc/self/exe").arg0(CLEAN_NAME).args(arguments).exec();
    }

    /// How many files are open beyond the three pipes.
    fn open_files() -> usize {
        // The listing itself is one more.
        std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count).saturating_sub(4)
    }

    /// Puts the walls up, and says how many files the process was started with beyond its three
    /// pipes. Each wall is independent of the others: a kernel that refuses one leaves the rest
    /// standing.
    pub(crate) fn enter() -> usize {
        let open = open_files();
        limit(Resource::As, program_bytes().saturating_add(MEMORY));
        limit(Resource::Core, 0);
        limit(Resource::Fsize, 0);
        let _ = forbid_files();
        let _ = forbid_calls();
        open
    }

    fn limit(resource: Resource, most: u64) {
        // Fails only when a lower limit is set already.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }

    /// The address space the program takes before its first job; large programs may be workers too.
    fn program_bytes() -> u64 {
        let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: u64 = status.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or(0);
        pages.saturating_mul(rustix::param::page_size() as u64)
    }

    /// Allows the time of one more job, counted from now; the kernel ends the process after it.
    pub(crate) fn allow_job_time() {
        let most = processor_time().as_secs() + 1 + JOB_SECONDS;
        let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(most), maximum: None });
    }

    /// The processor time that this process has taken so far.
    pub(crate) fn processor_time() -> std::time::Duration {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        std::time::Duration::try_from(used).unwrap_or_default()
    }

    /// No file, no connection, by Landlock.
    fn forbid_files() -> Result<(), landlock::RulesetError> {
        use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _};
        Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V5))?
            .handle_access(AccessNet::from_all(ABI::V5))?
            .create()?
            .restrict_self()?;
        Ok(())
    }

    /// No opening, connecting, starting or changing of anything, by seccomp: such a call fails with
    /// "not permitted". Decoders need memory and the two pipes only.
    fn forbid_calls() -> Result<(), seccompiler::Error> {
        const EPERM: u32 = 1;
        let forbidden = [
            libc::SYS_openat,
            libc::SYS_openat2,
            libc::SYS_socket,
            libc::SYS_socketpair,
            libc::SYS_connect,
            libc::SYS_bind,
            libc::SYS_execve,
            libc::SYS_execveat,
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_unlinkat,
            libc::SYS_renameat2,
            libc::SYS_mkdirat,
            libc::SYS_symlinkat,
            libc::SYS_linkat,
            libc::SYS_fchmodat,
            libc::SYS_fchownat,
            libc::SYS_truncate,
            libc::SYS_mount,
            libc::SYS_umount2,
            libc::SYS_unshare,
            libc::SYS_setns,
            libc::SYS_bpf,
            libc::SYS_perf_event_open,
            libc::SYS_keyctl,
            libc::SYS_add_key,
            libc::SYS_request_key,
            libc::SYS_io_uring_setup,
            libc::SYS_userfaultfd,
            libc::SYS_kill,
            libc::SYS_pidfd_open,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_open,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_creat,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_fork,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_vfork,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_unlink,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_rename,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_mkdir,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_chmod,
        ];
        let filter = SeccompFilter::new(
            forbidden.into_iter().map(|call| (call, Vec::new())).collect(),
            SeccompAction::Allow,
            SeccompAction::Errno(EPERM),
            std::env::consts::ARCH.try_into()?,
        )?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter(&program)
    }

    /// Tries what the walls forbid.
    pub(crate) fn walls(inherited: usize) -> Walls {
        Walls {
            variables: std::env::vars_os().count(),
            inherited_files: inherited,
            opens_files: std::fs::File::open("/proc/self/status").is_ok() || std::fs::read_dir("/").is_ok(),
            opens_sockets: std::net::TcpListener::bind(("127.0.0.1", 0)).is_ok(),
            starts_programs: std::process::Command::new("/bin/true").spawn().is_ok(),
            memory_limit: getrlimit(Resource::As).current,
        }
    }
}

/// Elsewhere the pool's clock is the only limit so far.
#[cfg(not(target_os = "linux"))]
mod other {
    use crate::facts::Walls;

    pub(crate) fn shed_files() {}

    pub(crate) fn enter() -> usize {
        0
    }

    pub(crate) fn allow_job_time() {}

    /// As long as the process has been there: the pool's clock ends it.
    pub(crate) fn processor_time() -> std::time::Duration {
        static BEGAN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        BEGAN.elapsed()
    }

    pub(crate) fn walls(inherited: usize) -> Walls {
        Walls {
            variables: std::env::vars_os().count(),
            inherited_files: inherited,
            opens_files: true,
            opens_sockets: true,
            starts_programs: true,
            memory_limit: None,
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) use other::{allow_job_time, enter, processor_time, shed_files, walls};
