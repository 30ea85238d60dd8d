//! Pictures and documents to pixels, in a worker process with limits; EXIF and perceptual hash.
