//! The pool and the walls around its workers.

use crate::{command, inputs::*, pool};
use pingli_media::{Damage, MediaFault, Strain, Walls, WorkerCommand, WorkerLimits, WorkerPool};
use std::time::Duration;

#[test]
fn a_worker_reaches_nothing_of_the_system() {
    // Files that this program has open must not be handed on.
    let _open = [std::fs::File::open("/proc/self/status").unwrap(), std::fs::File::open("/proc/self/stat").unwrap()];
    let pool = pool();
    pool.inspect(b"x").unwrap();
    let walls = pool.walls().unwrap();
    assert_eq!(walls.missing(), [""; 0], "the log has nothing to say");
    assert_eq!(walls.variables, 0, "no environment");
    assert_eq!(walls.inherited_files, 0, "no open files");
    assert!(!walls.opens_files, "no files");
    assert!(!walls.opens_sockets, "no network");
    assert!(!walls.starts_programs, "no programs");
    let limit = walls.memory_limit.unwrap();
    assert!((512 << 20..1 << 30).contains(&limit), "512 MiB on top of the program itself, not {limit}");
}

#[test]
fn a_wall_that_is_missing_is_said() {
    let open = Walls { opens_files: true, starts_programs: true, memory_limit: Some(1), ..Walls::default() };
    assert_eq!(open.missing(), ["it can open files", "it can start programs"]);
    assert_eq!(Walls::default().missing(), ["its memory has no limit"]);
}

#[test]
fn a_worker_that_takes_more_memory_than_it_may_is_ended() {
    let pool = pool();
    pool.strain(Strain::Memory(300 << 20)).unwrap();
    let fault = pool.strain(Strain::Memory(600 << 20)).unwrap_err();
    assert!(matches!(fault, MediaFault::Damaged(Damage::TooLarge)), "{fault}");
    assert_eq!(pool.inspect(&jpeg(quarters(16, 16))).unwrap().damage, None, "the next one has a new worker");
}

#[test]
fn a_worker_that_takes_more_time_than_it_may_is_ended() {
    let pool = pool();
    pool.strain(Strain::Seconds(1)).unwrap();
    let began = std::time::Instant::now();
    // It would go on until the pool's own clock, after a minute.
    let fault = pool.strain(Strain::Seconds(300)).unwrap_err();
    assert!(matches!(fault, MediaFault::Damaged(Damage::TooLarge)), "{fault}");
    assert!(began.elapsed() < WorkerLimits::default().wall, "the kernel ended it, not the clock");
}

#[test]
fn a_job_over_its_time_ends_and_the_next_one_has_a_new_worker() {
    let limits = WorkerLimits { wall: Duration::from_millis(1), ..WorkerLimits::default() };
    let hasty = WorkerPool::with_limits(command(), 1, limits);
    let large = encoded(noise(1500, 1500), image::ImageFormat::Png);
    // A machine that is busy elsewhere may look at its clock only when the answer is there.
    let over = (0..40).filter(|_| hasty.inspect(&large).unwrap().damage == Some(Damage::TooLarge)).take(2).count();
    assert_eq!(over, 2, "twice, each time with another worker");
    let patient = pool();
    assert_eq!(patient.inspect(&large).unwrap().damage, None);
}

#[test]
fn too_many_bytes_are_not_even_handed_over() {
    let limits = WorkerLimits { input_bytes: 100, ..WorkerLimits::default() };
    let pool = WorkerPool::with_limits(command(), 1, limits);
    let facts = pool.inspect(&jpeg(quarters(64, 64))).unwrap();
    assert_eq!((facts.media_type.as_str(), facts.damage), ("image/jpeg", Some(Damage::TooLarge)));
}

#[test]
fn a_missing_or_wrong_worker_is_told_apart_from_a_bad_file() {
    let limits = WorkerLimits { start: Duration::from_millis(300), ..WorkerLimits::default() };
    for (program, args) in [("/no/such/worker", vec![]), ("/bin/true", vec![]), ("/bin/sleep", vec!["60".into()])] {
        let command = WorkerCommand { program: program.into(), args };
        let fault = WorkerPool::with_limits(command, 1, limits).inspect(b"x").unwrap_err();
        assert!(matches!(fault, MediaFault::Start { .. }), "{program}: {fault}");
        assert_eq!(fault.code(), "media_worker");
    }
}

#[test]
fn many_threads_share_a_few_workers() {
    let pool = pool();
    std::thread::scope(|scope| {
        for n in 1..=8_u32 {
            let pool = &pool;
            scope.spawn(move || {
                for _ in 0..5 {
                    let facts = pool.inspect(&jpeg(quarters(16 * n, 16))).unwrap();
                    assert_eq!((facts.width, facts.height), (16 * n, 16), "each gets its own answer");
                }
            });
        }
    });
}
