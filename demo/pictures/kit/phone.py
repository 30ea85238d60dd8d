"""From a linear render to a phone's JPEG: tone, lens, noise, sharpening, EXIF."""
import os
import shutil
import subprocess

import numpy as np
from PIL import Image
from scipy import ndimage


def resize(a, w, h):
    return np.stack([np.asarray(Image.fromarray(a[..., i].astype(np.float32), 'F').resize((w, h), Image.LANCZOS))
                     for i in range(3)], -1)


def tone(x, ev=0.0, contrast=1.0):
    x = np.maximum(x, 0) * 2.0 ** ev
    a, b, c, d, e = 2.51, .03, 2.43, .59, .14      # a common filmic fit
    y = x * .62
    y = np.clip((y * (a * y + b)) / (y * (c * y + d) + e), 0, 1)
    y = np.where(y <= .0031308, y * 12.92, 1.055 * np.power(np.maximum(y, 1e-8), 1 / 2.4) - .055)
    m = .46
    return np.clip(m + (y - m) * contrast, 0, 1)


def develop(lin, size, *, ev=0.0, wb=(1, 1, 1), sat=1.12, contrast=1.06, noise=.012, sharp=.75, vign=.14,
            bloom=.05, motion=None, blur=0.0, seed=1, flat=False, tilt=0.0):
    """lin: float array, linear unless flat (then sRGB 0..1). size: (w, h) of the result."""
    w, h = size
    r = np.random.default_rng(seed)
    a = np.asarray(lin, np.float32)[..., :3]
    if not flat:
        a = np.minimum(a, 40)
        if bloom:
            s = a.shape[1] / 60
            br = np.minimum(np.maximum(a - 1.1, 0), 6)
            a = a + bloom * ndimage.gaussian_filter(br, (s, s, 0))
        a = a * np.asarray(wb)
        a = tone(a, ev, contrast)
    else:
        a = np.clip(a * np.asarray(wb) * 2.0 ** (ev * .5), 0, 1)
        a = np.clip(.46 + (a - .46) * contrast, 0, 1)
    if a.shape[1] != w or a.shape[0] != h:
        a = np.clip(resize(a, w, h), 0, 1)
    if flat:
        sat, sharp = sat * .88, sharp * .8
    l = a @ np.array([.299, .587, .114], np.float32)
    a = l[..., None] + (a - l[..., None]) * sat
    # colour fringes: red and blue are a hair larger than green
    a = fringe(a, .0007)
    if blur:
        a = ndimage.gaussian_filter(a, (blur, blur, 0))
    if motion:
        dx, dy = motion
        n = int(max(abs(dx), abs(dy), 1)) + 1
        a = sum(ndimage.shift(a, (dy * t, dx * t, 0), order=1, mode='nearest') for t in np.linspace(-.5, .5, n)) / n
    yy, xx = np.mgrid[0:h, 0:w]
    rr = ((xx - w / 2) ** 2 + (yy - h / 2) ** 2) / ((w / 2) ** 2 + (h / 2) ** 2)
    a = a * (1 - vign * rr ** 1.3)[..., None]
    l = np.clip(a.mean(-1), 0, 1)
    k = noise * (1.35 - l * .8) * np.sqrt(w / 2048)
    g = ndimage.gaussian_filter(r.normal(0, 1, (h, w)).astype(np.float32), .62) * 1.9
    a = a + (g * k)[..., None]
    for i, s in ((0, .8), (2, 1.1)):               # smeared colour blotches, as after noise reduction
        c = ndimage.gaussian_filter(r.normal(0, 1, (h // 4, w // 4)).astype(np.float32), 1.1) * 2.2
        c = np.asarray(Image.fromarray(c, 'F').resize((w, h), Image.BICUBIC))
        a[..., i] += c * k * s * .55
    if sharp:
        b = ndimage.gaussian_filter(a, (1.25, 1.25, 0))
        d = (a - b).mean(-1)
        d = np.clip(d, -.09, .09)
        a = a + sharp * d[..., None]
    return (np.clip(a, 0, 1) * 255 + r.uniform(-.5, .5, a.shape)).clip(0, 255).astype(np.uint8)


def fringe(a, k):
    h, w = a.shape[:2]
    out = a.copy()
    for i, s in ((0, 1 + k), (2, 1 - k)):
        m = np.array([1 / s, 1 / s])
        off = np.array([h, w]) / 2 * (1 - m)
        out[..., i] = ndimage.affine_transform(a[..., i], m, off, order=1, mode='nearest')
    return out


PHONES = {
    'p20': dict(Make='Example', Model='EX-P20', Software='EX-P20 3.2.11', FNumber=1.8, FocalLength=5.6, FocalLengthIn35mmFormat=26),
    'n7': dict(Make='Nonpareil', Model='N7 Lite', Software='N7Lite-user 13 TQ1A', FNumber=1.9, FocalLength=4.7, FocalLengthIn35mmFormat=27),
    's5': dict(Make='Sample', Model='SM-S5', Software='SampleOS 6.0.4', FNumber=1.75, FocalLength=6.1, FocalLengthIn35mmFormat=25),
    'cam': dict(Make='Example', Model='EX-D45', Software='EX-D45 Ver.1.02', FNumber=8.0, FocalLength=60.0, FocalLengthIn35mmFormat=90),
    'sx5': dict(Make='Shili', Model='SX-5', Software='SX-5 Ver.2.10', FNumber=8.0, FocalLength=85.0, FocalLengthIn35mmFormat=85),
    'sx2': dict(Make='Shili', Model='SX-2', Software='SX-2 Ver.1.40', FNumber=5.6, FocalLength=50.0, FocalLengthIn35mmFormat=75),
    'sp9': dict(Make='Shili', Model='Phone 9', Software='ShiliOS 5.1.2', FNumber=1.78, FocalLength=6.8, FocalLengthIn35mmFormat=24),
    'sp8': dict(Make='Shili', Model='Phone 8', Software='ShiliOS 4.4.0', FNumber=1.8, FocalLength=5.6, FocalLengthIn35mmFormat=26),
    'sp7': dict(Make='Shili', Model='Phone 7', Software='ShiliOS 4.2.9', FNumber=1.8, FocalLength=5.4, FocalLengthIn35mmFormat=26),
    'sp6': dict(Make='Shili', Model='Phone 6', Software='ShiliOS 3.9.1', FNumber=1.9, FocalLength=4.8, FocalLengthIn35mmFormat=27),
    'sn4': dict(Make='Shili', Model='Note 4', Software='ShiliOS 4.0.3', FNumber=2.0, FocalLength=4.6, FocalLengthIn35mmFormat=27),
    'ex40': dict(Make='Example', Model='EX-P40', Software='EX-P40 4.0.18', FNumber=1.8, FocalLength=6.0, FocalLengthIn35mmFormat=25),
    'ex6': dict(Make='Example', Model='EX-Lite 6', Software='EX-Lite6 2.7.3', FNumber=2.0, FocalLength=4.5, FocalLengthIn35mmFormat=27),
    'exc2': dict(Make='Example', Model='EX-Compact 2', FNumber=3.3, FocalLength=6.2, FocalLengthIn35mmFormat=35),
    'ec2': dict(Make='Example', Model='EX-C2', FNumber=4.0, FocalLength=7.4, FocalLengthIn35mmFormat=38),
}


def save(img, path, *, phone=None, taken=None, sub='412', iso=160, exp='1/60', orient=1, gps=None, edited=None,
         software=None, maxkb=430, minq=66, q=84, offset='+08:00', extra=None):
    """Write the JPEG and its EXIF. orient 6/8 stores the picture sideways, as a phone does."""
    im = Image.fromarray(img)
    if orient == 6:
        im = im.transpose(Image.ROTATE_90)
    elif orient == 8:
        im = im.transpose(Image.ROTATE_270)
    elif orient == 3:
        im = im.transpose(Image.ROTATE_180)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    while True:
        im.save(path, quality=q, subsampling=2, optimize=True)
        if os.path.getsize(path) <= maxkb * 1024 or q <= minq:
            break
        q -= 2
    if phone is None:
        if software:                               # stripped, but the editor left its name
            subprocess.run([shutil.which('exiftool') or 'exiftool', '-overwrite_original', '-q', f'-Software={software}', path], check=True)
        return
    d = dict(PHONES[phone])
    args = ['-overwrite_original', '-q', '-n']
    if software:
        d['Software'] = software
    d.update(DateTimeOriginal=taken, CreateDate=taken, ModifyDate=edited or taken, OffsetTimeOriginal=offset,
             OffsetTime=offset, OffsetTimeDigitized=offset, SubSecTimeOriginal=sub, ISO=iso, ExposureTime=frac(exp),
             Orientation=orient, ExposureProgram=2, MeteringMode=2, Flash=16, ColorSpace=1, WhiteBalance=0,
             ExifImageWidth=im.width, ExifImageHeight=im.height, XResolution=72, YResolution=72)
    if offset is None:
        for k in ('OffsetTimeOriginal', 'OffsetTime', 'OffsetTimeDigitized', 'SubSecTimeOriginal'):
            d.pop(k)
    if gps:
        d.update(GPSLatitude=gps[0], GPSLatitudeRef='N', GPSLongitude=gps[1], GPSLongitudeRef='E')
    d.update(extra or {})
    args += [f'-{k}={v}' for k, v in d.items() if v is not None]
    subprocess.run([shutil.which('exiftool') or 'exiftool', *args, path], check=True)


def frac(s):
    a, _, b = str(s).partition('/')
    return float(a) / float(b) if b else float(a)
