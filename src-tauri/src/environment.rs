//! What the environment may say to the web view, settled before it starts. An environment can only be
//! set for a new process, so the program starts itself again where it has to differ.

#[cfg(target_os = "linux")]
use crate::bus;

/// Without a render node (a virtual display, software GL) the DMABUF renderer costs four times the
/// frame; with a working GPU switching it off does.
#[cfg(target_os = "linux")]
const WITHOUT_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// These let a WebDriver hold the window. Only a development build may be held: nothing votes without
/// a person in what a reviewer installs.
#[cfg(target_os = "linux")]
const DRIVEN: [&str; 2] = ["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"];

/// In what the environment must differ.
#[cfg(target_os = "linux")]
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// The DMABUF renderer is to be switched off.
    without_dmabuf: bool,
    /// What is to be taken away, because it would let a WebDriver in.
    driven: Vec<&'static str>,
    /// The session bus is to be none, because it does not answer.
    without_bus: bool,
}

#[cfg(target_os = "linux")]
impl Change {
    fn is_none(&self) -> bool {
        !self.without_dmabuf && self.driven.is_empty() && !self.without_bus
    }
}

#[cfg(target_os = "linux")]
fn change(development: bool, has_render_node: bool, mute_bus: bool, is_set: &dyn Fn(&str) -> bool) -> Change {
    Change {
        without_bus: mute_bus,
        without_dmabuf: !has_render_node && !is_set(WITHOUT_DMABUF),
        driven: if development { Vec::new() } else { DRIVEN.into_iter().filter(|name| is_set(name)).collect() },
    }
}

/// Starts this program again where its environment must differ; returns when nothing had to change.
///
/// # Errors
/// When the environment would let a WebDriver in, and the program cannot be started without it.
#[cfg(target_os = "linux")]
pub(crate) fn settle() -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;
    let has_render_node = std::fs::read_dir("/dev/dri")
        .is_ok_and(|nodes| nodes.flatten().any(|node| node.file_name().to_string_lossy().starts_with("renderD")));
    let change =
        change(cfg!(debug_assertions), has_render_node, bus::is_mute(), &|name| std::env::var_os(name).is_some());
    tracing::info!(has_render_node, ?change, "environment");
    if change.is_none() {
        return Ok(());
    }
    let Change { without_dmabuf, driven, without_bus } = change;
    let program = std::env::current_exe()?;
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1));
    if without_dmabuf {
        again.env(WITHOUT_DMABUF, "1");
    }
    for name in &driven {
        again.env_remove(name);
    }
    if without_bus {
        tracing::warn!("the session bus does not answer: no keyring, no notifications, no second start");
        again.env(bus::ADDRESS, bus::NOWHERE);
    }
    // Only returns when the new process could not be made.
    let error = again.exec();
    anyhow::ensure!(driven.is_empty(), "could not start without a WebDriver's environment: {error}");
    // The slow renderer is better than none, and the bus may still wake up.
    tracing::warn!(%error, "could not start again in another environment");
    Ok(())
}

/// Other systems have one renderer.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle() -> anyhow::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_reviewer_installs_is_held_by_nobody() {
        let all_set = |_: &str| true;
        assert_eq!(change(false, true, false, &all_set).driven, DRIVEN, "both are taken away");
        assert_eq!(change(true, true, false, &all_set).driven, [""; 0], "but for the tests");
        let one_set = |name: &str| name == DRIVEN[1];
        assert_eq!(change(false, true, false, &one_set).driven, [DRIVEN[1]], "one of them is enough");
        assert_eq!(change(false, true, false, &|_| false).driven, [""; 0], "and nothing is started again for nothing");
    }

    #[test]
    fn the_slow_renderer_is_switched_off_where_there_is_no_device_and_nobody_has_said_otherwise() {
        let nothing_set = |_: &str| false;
        assert!(change(true, false, false, &nothing_set).without_dmabuf);
        assert!(!change(true, true, false, &nothing_set).without_dmabuf, "a working device is faster with it");
        assert!(!change(true, false, false, &|name| name == WITHOUT_DMABUF).without_dmabuf, "it is set already");
    }

    #[test]
    fn a_bus_that_does_not_answer_is_left_out_and_any_other_is_kept() {
        let nothing_set = |_: &str| false;
        assert!(change(false, true, true, &nothing_set).without_bus);
        let healthy = change(false, true, false, &nothing_set);
        assert!(healthy.is_none(), "nothing is started again for nothing: {healthy:?}");
    }
}
