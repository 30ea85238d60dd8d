//! Real photos, where a folder of them is named.

use crate::pool;
use pingli_media::{Damage, Picture, RenderRequest, sniff};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn real_photos_are_shown_upright_with_what_their_cameras_wrote() {
    let Some(folder) = std::env::var_os("PINGLI_REAL_DATA") else {
        eprintln!("no real photos were looked at: PINGLI_REAL_DATA names no folder");
        return;
    };
    let mut files = Vec::new();
    walk(&Path::new(&folder).join("photos"), &mut files);
    files.sort();
    let pool = pool();
    let (mut seen, mut cameras) = (0, 0);
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let kind = sniff(&bytes);
        if !kind.starts_with("image/") {
            continue;
        }
        seen += 1;
        let began = Instant::now();
        let intake = pool.intake(&bytes, &RenderRequest::default()).unwrap();
        let took = began.elapsed().as_millis();
        let facts = &intake.facts;
        println!("{} {took} ms {facts:?}", path.display());
        assert_eq!(facts.media_type, kind);
        let broken = path.components().any(|part| part.as_os_str() == "broken");
        if broken {
            let honest = matches!(facts.damage, None | Some(Damage::Partial | Damage::Unreadable));
            assert!(honest, "{}: {:?}", path.display(), facts.damage);
        } else {
            assert_eq!(facts.damage, None, "{}", path.display());
        }
        if kind == "image/heic" {
            let cut = pool.intake(&bytes[..bytes.len() / 2], &RenderRequest::default()).unwrap();
            assert!(cut.facts.damage.is_some(), "half of {} is not whole", path.display());
            let full = intake.full.as_ref().unwrap();
            assert_eq!((full.width, full.height), (facts.width, facts.height), "{}", path.display());
            // The small picture beside the large one is taken for a small preview, and shows the same.
            let request = RenderRequest { max_side: 200, ..RenderRequest::default() };
            let [small, large] = [&bytes, &full.jpeg].map(|bytes| pool.render(bytes, &request).unwrap());
            assert!(small.width.abs_diff(large.width) <= 2 && small.height.abs_diff(large.height) <= 2);
            let hash = |picture: &Picture| {
                let text = pool.inspect(&picture.jpeg).unwrap().perceptual_hash.unwrap();
                u64::from_str_radix(&text, 16).unwrap()
            };
            assert!((hash(&small) ^ hash(&large)).count_ones() <= 6, "{}", path.display());
        }
        let Some(picture) = intake.picture else {
            assert!(broken, "{} is not shown", path.display());
            continue;
        };
        assert!(picture.width.max(picture.height) <= 2048 && picture.width.min(picture.height) > 0);
        // The rendition has the shape of the upright original, to a pixel.
        let (fw, fh) = (f64::from(facts.width), f64::from(facts.height));
        let (w, h) = (f64::from(picture.width), f64::from(picture.height));
        assert!((fw * h - fh * w).abs() <= fw.max(fh), "{}: {fw}×{fh} became {w}×{h}", path.display());
        assert_eq!(facts.perceptual_hash.as_ref().map(String::len), Some(16));
        if let Some(exif) = &facts.exif {
            cameras += usize::from(exif.model.is_some());
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("landscape_") {
                assert!(w > h, "{name} is a landscape");
            }
            if name.starts_with("portrait_") {
                assert!(h > w, "{name} is a portrait");
            }
        }
    }
    assert!(seen > 0 && cameras > 0, "{seen} pictures, {cameras} with a camera's name");
}
