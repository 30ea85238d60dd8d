//! A part of a JPEG by libjpeg-turbo's own cropping, which the safe bindings leave out: only the rows
//! and columns that were asked for are ever in memory. The only unsafe code that is shipped.

#![expect(unsafe_code, reason = "a call into libjpeg-turbo that the safe bindings do not have")]

use crate::decode::rect::Rect;
use std::{
    ffi::{CStr, c_int, c_void},
    ptr::NonNull,
};
use turbojpeg::{PixelFormat, ScalingFactor, raw};

/// A decoder; freed when dropped.
struct Decoder(NonNull<c_void>);

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the handle came from tj3Init and is freed nowhere else.
        unsafe { raw::tj3Destroy(self.0.as_ptr()) }
    }
}

impl Decoder {
    fn new() -> Option<Self> {
        // SAFETY: no argument is a pointer; a failure is a null, which becomes None.
        NonNull::new(unsafe { raw::tj3Init(raw::TJINIT_TJINIT_DECOMPRESS as c_int) }).map(Self)
    }

    /// The library's words for what just failed.
    fn checked(&self, result: c_int) -> Result<(), String> {
        if result == 0 {
            return Ok(());
        }
        // SAFETY: the library returns a text within the handle (or a constant one), ended by a zero;
        // it is copied before the next call on the handle.
        let text = unsafe { CStr::from_ptr(raw::tj3GetErrorStr(self.0.as_ptr())) };
        Err(text.to_string_lossy().into_owned())
    }
}

/// Decodes a part of a JPEG, in pixels of the scaled picture, into `pixels`, row by row without gaps.
/// Its left edge must be a multiple of the scaled width of the file's blocks.
///
/// # Errors
/// The library's words, also for mere complaints: what could be decoded is in `pixels` then.
pub(crate) fn decompress(
    bytes: &[u8],
    scale: ScalingFactor,
    part: &Rect,
    format: PixelFormat,
    scans: u32,
    pixels: &mut [u8],
) -> Result<(), String> {
    let number = |n: usize| c_int::try_from(n).map_err(|_| "number too large".to_owned());
    let side = |n: u32| number(n as usize);
    let row = part.width as usize * format.size();
    if pixels.len() != row * part.height as usize || pixels.is_empty() {
        return Err("the buffer is not the part's".to_owned());
    }
    let region = raw::tjregion { x: side(part.x)?, y: side(part.y)?, w: side(part.width)?, h: side(part.height)? };
    let factor = raw::tjscalingfactor { num: number(scale.num())?, denom: number(scale.denom())? };
    let (row, scans) = (number(row)?, side(scans)?);
    let decoder = Decoder::new().ok_or("memory")?;
    let handle = decoder.0.as_ptr();
    // SAFETY: the handle is alive, and only this thread has it.
    decoder.checked(unsafe { raw::tj3Set(handle, raw::TJPARAM_TJPARAM_SCANLIMIT as c_int, scans) })?;
    // SAFETY: pointer and length are those of one slice, which outlives the calls.
    let header = unsafe { raw::tj3DecompressHeader(handle, bytes.as_ptr(), bytes.len() as raw::size_t) };
    // A mere complaint about the header would come again below; a header that did not read makes the
    // next call fail.
    let _ = header;
    // SAFETY: plain numbers; the library checks them.
    decoder.checked(unsafe { raw::tj3SetScalingFactor(handle, factor) })?;
    // SAFETY: plain numbers; the library checks them against the header it has read.
    decoder.checked(unsafe { raw::tj3SetCroppingRegion(handle, region) })?;
    // SAFETY: the source is one slice as above. The library writes `region.h` rows of `region.w`
    // pixels, `row` bytes apart, which is exactly the length of `pixels` (checked above): a part
    // other than the one set makes it stop before it writes.
    let result = unsafe {
        raw::tj3Decompress8(
            handle,
            bytes.as_ptr(),
            bytes.len() as raw::size_t,
            pixels.as_mut_ptr(),
            row,
            format as c_int,
        )
    };
    decoder.checked(result)
}
