//! Chooses how WebKitGTK draws before it starts. Without a render node (a virtual display, software
//! GL) the DMABUF renderer costs four times the frame; with a working GPU switching it off does.

/// Starts this program again with the right renderer where that must differ from the default;
/// returns when nothing had to change. The environment can only be set for a new process.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    use std::os::unix::process::CommandExt as _;
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_render_node = std::fs::read_dir("/dev/dri")
        .is_ok_and(|nodes| nodes.flatten().any(|node| node.file_name().to_string_lossy().starts_with("renderD")));
    if has_render_node || std::env::var_os(SWITCH).is_some() {
        tracing::info!(has_render_node, "renderer: as WebKitGTK chooses, or as the environment says");
        return;
    }
    tracing::info!("renderer: no render node, so without DMABUF");
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(SWITCH, "1").exec();
    // Only reached when the new process could not be made; the slow renderer is better than none.
    tracing::warn!(%error, "could not start again without DMABUF");
}

/// Other systems have one renderer.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}
