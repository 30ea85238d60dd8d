//! PDF pages by hayro: pure drawing. It knows no scripts, no launch actions and no embedded files,
//! and follows no link.

use super::{Decoded, Pixels};
use crate::facts::{Damage, RenderRequest};
use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::InterpreterSettings,
    hayro_syntax::{LoadPdfError, Pdf},
    vello_cpu::color::palette::css::WHITE,
};

/// The longest side that a page is drawn at.
const MAX_PAGE_SIDE: u32 = 4096;

pub(crate) fn decode(bytes: &[u8], request: &RenderRequest) -> Result<Decoded, Damage> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Damage::Unsupported,
        LoadPdfError::Invalid => Damage::Unreadable,
    })?;
    let pages = pdf.pages();
    let page = pages.get(request.page as usize).ok_or(Damage::Unreadable)?;
    let (width, height) = page.render_dimensions();
    let longer = width.max(height);
    // A page is at least a point and, in any PDF that a person made, less than a hundred metres.
    if !(1.0..300_000.0).contains(&longer) || width.min(height) <= 0.0 {
        return Err(Damage::Unreadable);
    }
    let side = request.max_side.clamp(1, MAX_PAGE_SIDE) as f32;
    let scale = side / longer;
    let settings =
        PixmapSettings { x_scale: scale.max(1.0 / width), y_scale: scale.max(1.0 / height), bg_color: WHITE };
    let (cache, interpreter) = (RenderCache::new(), InterpreterSettings::default());
    let pixmap = hayro::render(page, &cache, &interpreter, &RenderSettings::default(), &settings);
    let (drawn_width, drawn_height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    if drawn_width == 0 || drawn_height == 0 {
        return Err(Damage::Unreadable);
    }
    // The ground is opaque white, so alpha is of no account.
    let rgb = pixmap.data_as_u8_slice().chunks_exact(4).flat_map(|place| [place[0], place[1], place[2]]).collect();
    Ok(Decoded {
        pixels: Pixels { width: drawn_width, height: drawn_height, rgb },
        full: (width.round() as u32, height.round() as u32),
        partial: false,
        pages: u32::try_from(pages.len()).ok(),
        upright: true,
        embedded: false,
    })
}
