//! The walls from outside: what a worker that is taken over, stuck or greedy can do, and what is left
//! of it afterwards.

use crate::{command, inputs::*, pool};
use pingli_media::{Damage, RenderRequest, WorkerLimits, WorkerPool};
use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

/// This program's open files, and its children that nobody waited for.
fn left_behind() -> (usize, usize) {
    let files = fs::read_dir("/proc/self/fd").unwrap().count();
    (files, children().iter().filter(|(_, state)| *state == 'Z').count())
}

/// Children of this very program, with their states.
fn children() -> BTreeSet<(u32, char)> {
    let own = std::process::id();
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| read_state(entry.path()))
        .filter(|(_, _, parent)| *parent == own)
        .map(|(id, state, _)| (id, state))
        .collect()
}

fn read_state(folder: PathBuf) -> Option<(u32, char, u32)> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let id = stat.split(' ').next()?.parse().ok()?;
    let mut after = stat.rsplit_once(')')?.1.split_whitespace();
    Some((id, after.next()?.chars().next()?, after.next()?.parse().ok()?))
}

#[test]
fn workers_that_die_leave_no_process_and_no_file_behind() {
    let limits = WorkerLimits { wall: Duration::from_millis(1), ..WorkerLimits::default() };
    let hasty = WorkerPool::with_limits(command(), 2, limits);
    let large = encoded(noise(1_200, 1_200), image::ImageFormat::Png);
    hasty.inspect(&large).unwrap();
    let before = left_behind();
    // On a machine that is busy elsewhere an answer may be there before anybody looked at the clock.
    let deaths = (0..25).filter(|_| hasty.inspect(&large).unwrap().damage == Some(Damage::TooLarge)).count();
    assert!(deaths > 12, "most of them died: {deaths} of 25");
    let after = left_behind();
    // Other tests of this program may start a worker of their own meanwhile, three pipes each.
    assert!(after.0 < before.0 + 25, "open files before and after 25 deaths: {} and {}", before.0, after.0);
    assert!(after.1 <= before.1 + 2, "children nobody waited for: {} and {}", before.1, after.1);
}

#[test]
fn a_pool_that_ends_takes_its_workers_along() {
    let pool = pool();
    assert_eq!(pool.inspect(&jpeg(quarters(16, 16))).unwrap().damage, None);
    let ours: Vec<u32> = children().into_iter().map(|(id, _)| id).collect();
    assert!(!ours.is_empty(), "a worker waits for more");
    drop(pool);
    let left: Vec<u32> = children().into_iter().map(|(id, _)| id).collect();
    assert!(left.len() < ours.len() || ours.iter().any(|id| !left.contains(id)), "it is gone with its pool");
}

#[test]
fn a_worker_carries_its_limits_and_no_rights() {
    let pool = pool();
    pool.inspect(&jpeg(quarters(16, 16))).unwrap();
    // Of those that run for other tests of this program, any will do: all carry the same.
    let folder = children()
        .into_iter()
        .map(|(id, _)| PathBuf::from(format!("/proc/{id}")))
        .find(|folder| fs::read_to_string(folder.join("status")).is_ok_and(|status| status.contains("Seccomp:\t2")))
        .unwrap();
    let limits = fs::read_to_string(folder.join("limits")).unwrap();
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[26..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(limit("Max core file size"), "0", "a crash dumps nothing");
    assert_eq!(limit("Max file size"), "0", "nothing can be written");
    assert!(limit("Max address space").parse::<u64>().is_ok_and(|bytes| bytes < 1 << 30), "512 MiB and the program");
    assert!(limit("Max cpu time").parse::<u64>().is_ok_and(|seconds| seconds <= 20), "a job's time is counted");
    let status = fs::read_to_string(folder.join("status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1"), "no program that it starts could gain rights");
}

#[test]
fn a_picture_that_wants_more_memory_than_there_is_ends_its_worker_and_nothing_else() {
    // 96 million pixels of 16 bits and four colours: below the limit of pixels, above that of memory.
    let rows = zeros(64 << 20);
    let greedy = png(&[ihdr(9_800, 9_800, 8, 2), (b"IDAT", rows), (b"IEND", Vec::new())]);
    let pool = pool();
    let found = pool.intake(&greedy, &RenderRequest::default()).unwrap();
    assert!(
        matches!(found.facts.damage, Some(Damage::TooLarge | Damage::Partial | Damage::Unreadable)),
        "{:?}",
        found.facts
    );
    assert_eq!(pool.inspect(&jpeg(quarters(16, 16))).unwrap().damage, None, "the next picture is shown");
}
