//! The table of functions that SQLite calls. Each does nothing but hand over to [`Disk`].
//!
//! The functions are only ever called by SQLite, which keeps what its documentation of
//! `sqlite3_vfs` and `sqlite3_io_methods` promises: pointers are valid for the call, a buffer has the
//! length that is told, and a file is closed once and not used after that.
#![expect(unsafe_code, reason = "SQLite's file systems are tables of C functions")]

use crate::{
    disk::{Disk, Trouble},
    locks::{Level, REGION},
};
use rusqlite::ffi;
use std::{
    ffi::{CStr, c_char, c_int, c_void},
    mem::size_of,
    ptr, slice,
    sync::OnceLock,
};

/// The name to open a database with.
pub const NAME: &str = "pingli-fault";
const C_NAME: &CStr = c"pingli-fault";

/// As a system's own file system says it: what lies beside a write stays.
const POWERSAFE_OVERWRITE: c_int = ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE;

/// An open file: what SQLite sees of it comes first.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    file: *mut Handle,
}

/// What is behind it.
struct Handle {
    disk: Disk,
    name: String,
    /// Its number among those who lock.
    number: u64,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Makes the file system known to SQLite, once in a process; returns its name.
///
/// # Panics
/// When SQLite does not take it.
pub fn register() -> &'static str {
    static REGISTERED: OnceLock<c_int> = OnceLock::new();
    let result = *REGISTERED.get_or_init(|| {
        // SAFETY: the table lives as long as the process; what is not about files is the system's.
        unsafe {
            ffi::sqlite3_initialize();
            let system = ffi::sqlite3_vfs_find(ptr::null());
            let vfs = ffi::sqlite3_vfs {
                iVersion: 2,
                szOsFile: size_of::<OpenFile>() as c_int,
                mxPathname: 512,
                pNext: ptr::null_mut(),
                zName: C_NAME.as_ptr(),
                pAppData: ptr::null_mut(),
                xOpen: Some(open),
                xDelete: Some(delete),
                xAccess: Some(access),
                xFullPathname: Some(full_pathname),
                xDlOpen: None,
                xDlError: None,
                xDlSym: None,
                xDlClose: None,
                ..*system
            };
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0)
        }
    });
    assert_eq!(result, ffi::SQLITE_OK, "SQLite takes the file system");
    NAME
}

fn code(trouble: Trouble, io: c_int) -> c_int {
    match trouble {
        Trouble::Full => ffi::SQLITE_FULL,
        Trouble::Io => io,
    }
}

fn answer(result: Result<(), Trouble>, io: c_int) -> c_int {
    result.map_or_else(|trouble| code(trouble, io), |()| ffi::SQLITE_OK)
}

/// The path that SQLite passes.
unsafe fn text<'a>(path: *const c_char) -> Option<&'a str> {
    // SAFETY: SQLite passes a text that ends with a zero, or null.
    if path.is_null() { None } else { unsafe { CStr::from_ptr(path) }.to_str().ok() }
}

/// The open file behind SQLite's pointer.
unsafe fn file<'a>(file: *mut ffi::sqlite3_file) -> &'a Handle {
    // SAFETY: `open` put it there, and only `close` takes it away.
    unsafe { &*(*file.cast::<OpenFile>()).file }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    into: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: `into` has room for an `OpenFile`, as `szOsFile` says.
    unsafe {
        (*into).pMethods = ptr::null();
        // Without a name it is for the time of the work alone.
        let (name, disk) = match text(path) {
            Some(path) => (path, Disk::of(path)),
            None => ("scratch", Some(Disk::scratch())),
        };
        let Some(disk) = disk else { return ffi::SQLITE_CANTOPEN };
        let number = match disk.open(name, flags & ffi::SQLITE_OPEN_CREATE != 0) {
            Ok(number) => number,
            Err(trouble) => return code(trouble, ffi::SQLITE_CANTOPEN),
        };
        if !out_flags.is_null() {
            *out_flags = flags;
        }
        let file = Box::into_raw(Box::new(Handle { disk, name: name.to_owned(), number }));
        ptr::write(
            into.cast::<OpenFile>(),
            OpenFile { base: ffi::sqlite3_file { pMethods: &raw const METHODS }, file },
        );
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: `open` made the box, and SQLite closes a file once.
    unsafe {
        let closed = Box::from_raw((*file.cast::<OpenFile>()).file);
        closed.disk.close(&closed.name, closed.number);
        (*file).pMethods = ptr::null();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, path: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: see `text`.
    let Some((path, disk)) = unsafe { text(path) }.and_then(|path| Some((path, Disk::of(path)?))) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    match disk.delete(path, sync_folder != 0) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_IOERR_DELETE_NOENT,
        Err(trouble) => code(trouble, ffi::SQLITE_IOERR_DELETE),
    }
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, path: *const c_char, _: c_int, out: *mut c_int) -> c_int {
    // SAFETY: `out` is valid; see `text`.
    unsafe {
        let there = text(path).is_some_and(|path| Disk::of(path).is_some_and(|disk| disk.exists(path)));
        *out = c_int::from(there);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: `out` has `room` bytes; the text fits with its zero.
    unsafe {
        let bytes = CStr::from_ptr(path).to_bytes_with_nul();
        if bytes.len() > usize::try_from(room).unwrap_or(0) {
            return ffi::SQLITE_CANTOPEN;
        }
        ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(of: *mut ffi::sqlite3_file, buffer: *mut c_void, length: c_int, at: i64) -> c_int {
    // SAFETY: the buffer has `length` bytes.
    let (file, buffer) = unsafe { (file(of), slice::from_raw_parts_mut(buffer.cast::<u8>(), length as usize)) };
    match file.disk.read(&file.name, at as usize, buffer) {
        Ok(count) if count == buffer.len() => ffi::SQLITE_OK,
        Ok(count) => {
            buffer[count..].fill(0);
            ffi::SQLITE_IOERR_SHORT_READ
        }
        Err(trouble) => code(trouble, ffi::SQLITE_IOERR_READ),
    }
}

unsafe extern "C" fn write(of: *mut ffi::sqlite3_file, bytes: *const c_void, length: c_int, at: i64) -> c_int {
    // SAFETY: there are `length` bytes.
    let (file, bytes) = unsafe { (file(of), slice::from_raw_parts(bytes.cast::<u8>(), length as usize)) };
    answer(file.disk.write(&file.name, at as usize, bytes), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(of: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: see `file`.
    let file = unsafe { file(of) };
    answer(file.disk.set_length(&file.name, length as usize), ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(of: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: see `file`.
    let file = unsafe { file(of) };
    answer(file.disk.sync(&file.name), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(of: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: `out` is valid; see `file`.
    unsafe {
        let file = file(of);
        match file.disk.length(&file.name) {
            Ok(length) => {
                *out = length as i64;
                ffi::SQLITE_OK
            }
            Err(trouble) => code(trouble, ffi::SQLITE_IOERR_FSTAT),
        }
    }
}

fn level(of: c_int) -> Level {
    match of {
        ffi::SQLITE_LOCK_NONE => Level::None,
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        _ => Level::Exclusive,
    }
}

fn locked(may: bool) -> c_int {
    if may { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn lock(of: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    // SAFETY: see `file`.
    let file = unsafe { file(of) };
    locked(file.disk.locks(&file.name, |locks| locks.lock(file.number, level(wanted))))
}

unsafe extern "C" fn unlock(of: *mut ffi::sqlite3_file, to: c_int) -> c_int {
    // SAFETY: see `file`.
    let file = unsafe { file(of) };
    file.disk.locks(&file.name, |locks| locks.unlock(file.number, level(to)));
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(of: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: `out` is valid; see `file`.
    unsafe {
        let file = file(of);
        *out = c_int::from(file.disk.locks(&file.name, |locks| locks.is_reserved()));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_map(
    of: *mut ffi::sqlite3_file,
    number: c_int,
    size: c_int,
    may_make: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: `out` is valid; what it is set to stays where it is until the last connection unmaps it.
    unsafe {
        let file = file(of);
        if usize::try_from(size) != Ok(REGION) {
            return ffi::SQLITE_IOERR_SHMSIZE;
        }
        let found = file.disk.locks(&file.name, |locks| locks.region(file.number, number as usize, may_make != 0));
        *out = found.map_or(ptr::null_mut(), <*mut u64>::cast);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(of: *mut ffi::sqlite3_file, from: c_int, count: c_int, how: c_int) -> c_int {
    // SAFETY: see `file`.
    let file = unsafe { file(of) };
    let (from, count) = (from as usize, count as usize);
    file.disk.locks(&file.name, |locks| {
        if how & ffi::SQLITE_SHM_UNLOCK != 0 {
            locks.unlock_slots(file.number, from, count);
            return ffi::SQLITE_OK;
        }
        locked(locks.lock_slots(file.number, from, count, how & ffi::SQLITE_SHM_EXCLUSIVE != 0))
    })
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(of: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: see `file`.
    let file = unsafe { file(of) };
    file.disk.locks(&file.name, |locks| locks.leave_memory(file.number));
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4096
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    POWERSAFE_OVERWRITE
}
