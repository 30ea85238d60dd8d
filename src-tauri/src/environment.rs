//! What the environment may say to the web view, settled before it starts. An environment can only be
//! set for a new process, so the program starts itself again where it has to differ.

/// Without a render node (a virtual display, software GL) the DMABUF renderer costs four times the
/// frame; with a working GPU switching it off does.
#[cfg(target_os = "linux")]
const WITHOUT_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// These let a WebDriver hold the window. Only a development build may be held: nothing votes without
/// a person in what a reviewer installs.
#[cfg(target_os = "linux")]
const DRIVEN: [&str; 2] = ["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"];

/// Starts this program again where its environment must differ; returns when nothing had to change.
///
/// # Errors
/// When the environment would let a WebDriver in, and the program cannot be started without it.
#[cfg(target_os = "linux")]
pub(crate) fn settle() -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;
    let has_render_node = std::fs::read_dir("/dev/dri")
        .is_ok_and(|nodes| nodes.flatten().any(|node| node.file_name().to_string_lossy().starts_with("renderD")));
    let is_set = |name: &&str| std::env::var_os(name).is_some();
    let without_dmabuf = !has_render_node && !is_set(&WITHOUT_DMABUF);
    let driven: Vec<&str> =
        if cfg!(debug_assertions) { Vec::new() } else { DRIVEN.into_iter().filter(is_set).collect() };
    tracing::info!(has_render_node, without_dmabuf, driven = driven.len(), "environment");
    if !without_dmabuf && driven.is_empty() {
        return Ok(());
    }
    let program = std::env::current_exe()?;
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1));
    if without_dmabuf {
        again.env(WITHOUT_DMABUF, "1");
    }
    for name in &driven {
        again.env_remove(name);
    }
    // Only returns when the new process could not be made.
    let error = again.exec();
    anyhow::ensure!(driven.is_empty(), "could not start without a WebDriver's environment: {error}");
    // The slow renderer is better than none.
    tracing::warn!(%error, "could not start again without DMABUF");
    Ok(())
}

/// Other systems have one renderer.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle() -> anyhow::Result<()> {
    Ok(())
}
