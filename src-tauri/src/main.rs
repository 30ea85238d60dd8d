//! The desktop program. The same binary is the decoding worker when it is started as one.

// No console window beside the program on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    pingli_media::run_worker_if_asked();
    pingli_desktop::harden();
    pingli_desktop::run()
}
