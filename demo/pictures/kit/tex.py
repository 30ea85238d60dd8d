"""Procedural textures as numpy arrays: wood, kraft, knit, weave, glaze, stone.

Everything is made from seeded noise; nothing is loaded from elsewhere.
Colour arrays are float 0..1 in sRGB values, height arrays are float 0..1.
"""
import functools
import hashlib
import os

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

CACHE = os.path.join(os.environ.get('PIC_CACHE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '.cache')), 'tex')


def keep(fn):
    """Keep results on disk, by arguments; bump VERSION when a texture changes."""
    @functools.wraps(fn)
    def wrap(*a, **k):
        key = hashlib.sha1(repr((fn.__name__, VERSION, a, sorted(k.items()))).encode()).hexdigest()[:16]
        p = os.path.join(CACHE, f'{fn.__name__}_{key}.npz')
        if os.path.exists(p):
            with np.load(p) as z:
                o = [z[n].astype(np.float32) for n in z.files]
        else:
            o = fn(*a, **k)
            o = list(o) if isinstance(o, tuple) else [o]
            os.makedirs(CACHE, exist_ok=True)
            np.savez(p, *[x.astype(np.float16) for x in o])
            o = [x.astype(np.float32) for x in o]
        return tuple(o) if len(o) > 1 else o[0]
    return wrap


VERSION = 1


def rng(seed):
    return np.random.default_rng(seed)


@keep
def fbm(h, w, beta=2.0, seed=0, ax=1.0, ay=1.0, low=0.0):
    """Tileable 1/f^beta noise, mean 0.5; ax, ay stretch along x and y."""
    r = rng(seed)
    fy = np.fft.fftfreq(h)[:, None] * h / ay
    fx = np.fft.rfftfreq(w)[None, :] * w / ax
    # a stretch along x (ax > 1) makes features long in x
    f = np.sqrt((fy * ay * ay) ** 2 + (fx * ax * ax) ** 2)
    f[0, 0] = 1e9
    amp = 1.0 / np.maximum(f, 1.0) ** (beta / 2)
    if low:
        amp = amp * (f > low)
    ph = r.uniform(0, 2 * np.pi, f.shape)
    n = np.fft.irfft2(amp * np.exp(1j * ph), s=(h, w))
    n = (n - n.mean()) / (n.std() + 1e-9)
    return 0.5 + n * 0.18


def mix(a, b, t):
    t = np.clip(t, 0, 1)[..., None]
    return np.asarray(a) * (1 - t) + np.asarray(b) * t


def ramp(t, stops):
    xs = [s[0] for s in stops]
    cs = np.array([s[1] for s in stops], float)
    return np.stack([np.interp(t, xs, cs[:, i]) for i in range(3)], -1)


def hexc(s):
    s = s.lstrip('#')
    return np.array([int(s[i:i + 2], 16) / 255 for i in (0, 2, 4)])


def smooth(e0, e1, x):
    t = np.clip((x - e0) / (e1 - e0), 0, 1)
    return t * t * (3 - 2 * t)


@keep
def wood(h=1536, w=2048, tone=('#5a3a22', '#a9794b', '#c9a06c'), planks=4, seed=1, ring=22):
    """Boards running along x; returns colour, height, gloss map."""
    col = np.zeros((h, w, 3))
    hgt = np.zeros((h, w))
    r = rng(seed)
    ph = h // planks
    y0 = 0
    for p in range(planks):
        y1 = h if p == planks - 1 else y0 + int(ph * r.uniform(.9, 1.1)) if p < planks - 1 else h
        y1 = min(y1, h)
        n = y1 - y0
        s = seed * 31 + p
        yy, xx = np.mgrid[0:n, 0:w].astype(float)
        wa = fbm(n, w, 3.2, s, 2.2, 0.8)
        wb = fbm(n, w, 2.0, s + 7, 3.5, 0.5)
        cy = n * r.uniform(-.6, 1.6)
        d = np.sqrt(((yy - cy) / n * 1.0) ** 2 + ((xx - w * r.uniform(0, 1)) / w * .35) ** 2)
        # a knot or two bends the rings
        for _ in range(r.integers(0, 2)):
            kx, ky, kr = r.uniform(0, w), r.uniform(0, n), r.uniform(14, 34)
            kd = np.sqrt(((xx - kx) / 2.6) ** 2 + (yy - ky) ** 2)
            d = d + .13 * np.exp(-(kd / (kr * 2.5)) ** 2)
        t = d * ring + (wa - .5) * 3.4 + (wb - .5) * 1.2
        f = t - np.floor(t)
        late = smooth(.55, .95, f) * (1 - smooth(.95, 1.0, f))
        fib = fbm(n, w, 1.2, s + 11, 7.0, 0.16)
        pore = fbm(n, w, .6, s + 13, 5.5, 0.2)
        pore = smooth(.72, .9, pore)
        v = .62 - late * .38 + (fib - .5) * .75 + (wa - .5) * .35 + r.uniform(-.12, .12)
        c = ramp(np.clip(v, 0, 1), [(0, hexc(tone[0])), (.55, hexc(tone[1])), (1, hexc(tone[2]))])
        c = c * (1 - .35 * pore[..., None])
        hh = .5 - late * .15 + (fib - .5) * .35 - pore * .4
        e = np.minimum(np.arange(n), n - 1 - np.arange(n))[:, None]
        seam = 1 - smooth(0, 4, e)
        c = c * (1 - .65 * seam[..., None])
        hh = hh - seam * 1.2
        col[y0:y1] = c
        hgt[y0:y1] = hh
        y0 = y1
    wear = fbm(h, w, 2.4, seed + 99)
    col = np.clip(col * (1 + (wear - .5)[..., None] * .25), 0, 1)
    gloss = .38 + (wear - .5) * .35 + (fbm(h, w, 1.2, seed + 5) - .5) * .12
    return col, hgt, np.clip(gloss, .15, .9)


@keep
def kraft(h=1024, w=1024, seed=3, base='#b8905f', flute=64, fibre=1.0):
    """Corrugated board: faint flute shadows, fibres, stains."""
    n1 = fbm(h, w, 2.2, seed)
    n2 = fbm(h, w, .8, seed + 1, 1.0, 1.0)
    fl = fbm(h, w, .9, seed + 2, 2.4, .5)
    x = np.arange(w)[None, :] / w
    band = .5 + .5 * np.cos(2 * np.pi * x * flute)
    v = (n1 - .5) * .16 + (n2 - .5) * .07 * fibre + (fl - .5) * .1 * fibre + (band - .5) * .028
    spk = smooth(.83, .95, fbm(h, w, .3, seed + 4))
    c = hexc(base)[None, None] * (1 + v[..., None]) * (1 - .22 * spk[..., None])
    hgt = .5 + (band - .5) * .35 + (n2 - .5) * .3 + (n1 - .5) * .5
    return np.clip(c, 0, 1), hgt


@keep
def weave(h=1024, w=1024, n=90, a='#d9cfbd', b='#c8bba5', seed=5, slub=.5):
    """Plain weave (linen, canvas): colour and height."""
    yy, xx = np.mgrid[0:h, 0:w].astype(float)
    wx = (fbm(h, w, 2.5, seed) - .5) * 5 * slub
    wy = (fbm(h, w, 2.5, seed + 1) - .5) * 5 * slub
    u = (xx + wx) / w * n
    v = (yy + wy) / h * n
    iu, iv = np.floor(u), np.floor(v)
    fu, fv = u - iu, v - iv
    par = (iu + iv) % 2
    warp = np.sin(np.pi * fu) ** .7 * (.55 + .45 * np.cos(np.pi * (fv - .5)))
    weft = np.sin(np.pi * fv) ** .7 * (.55 + .45 * np.cos(np.pi * (fu - .5)))
    hgt = np.where(par > .5, warp, weft)
    r = rng(seed)
    tu = r.normal(0, 1, n * 2)[iu.astype(int) % n]
    tv = r.normal(0, 1, n * 2)[iv.astype(int) % n]
    t = np.where(par > .5, tu, tv)
    c = mix(hexc(a), hexc(b), .5 + t * .28)
    c = c * (.72 + .36 * hgt[..., None]) * (1 + (fbm(h, w, 2, seed + 9) - .5)[..., None] * .12)
    return np.clip(c, 0, 1), hgt


@keep
def knit(h=2048, w=2048, n=64, base='#8c6f86', seed=8, felt=0.0):
    """Stocking stitch; felt 0..1 closes the stitches as a hot wash does."""
    yy, xx = np.mgrid[0:h, 0:w].astype(float)
    wx = (fbm(h, w, 2.8, seed) - .5) * w / n * (.9 + felt)
    wy = (fbm(h, w, 2.8, seed + 1) - .5) * w / n * (.9 + felt)
    cw = w / n
    ch = cw * .78
    u = (xx + wx) / cw
    fu = u - np.floor(u)
    s = np.where(fu < .5, 1, -1)
    a = np.where(fu < .5, fu * 2, (1 - fu) * 2)          # 0 at the edge .. 1 in the middle
    v = (yy + wy) / ch + a * .95
    fv = v - np.floor(v)
    leg = np.clip(1 - ((fv - .5) / .5) ** 2, 0, 1) ** .6 * np.clip(1 - ((a - .5) / .54) ** 2, 0, 1) ** .5
    # twisted ply inside a leg
    tw = .5 + .5 * np.sin((fv * 2.2 + a * s * 1.6) * 2 * np.pi)
    fib = fbm(h, w, .7, seed + 3)
    fz = fbm(h, w, 1.4, seed + 4)
    hgt = leg * (1 - .55 * felt) + tw * .1 * leg * (1 - felt) + (fib - .5) * (.22 + .35 * felt) + (fz - .5) * .6 * felt
    sh = .42 + .62 * np.clip(leg * (1 - .6 * felt) + .55 * felt, 0, 1)
    tone = 1 + (fib - .5) * .35 + (fbm(h, w, 2.2, seed + 5) - .5) * .16
    heather = smooth(.7, .85, fbm(h, w, .9, seed + 6))
    c = hexc(base)[None, None] * (sh * tone)[..., None] * (1 + heather[..., None] * .35)
    return np.clip(c, 0, 1), hgt


@keep
def crackle(h=1024, w=1024, cells=170, seed=4, width=1.6, jitter=5):
    """Crackle-glaze net: 1 on the lines. Tiles along x."""
    r = rng(seed)
    pts = r.uniform(0, 1, (cells, 2)) * [w, h]
    allp = np.concatenate([pts + [dx * w, 0] for dx in (-1, 0, 1)])
    t = cKDTree(allp)
    yy, xx = np.mgrid[0:h, 0:w].astype(float)
    xx = xx + (fbm(h, w, 2.2, seed + 1) - .5) * jitter * 4
    yy = yy + (fbm(h, w, 2.2, seed + 2) - .5) * jitter * 4
    d, _ = t.query(np.stack([xx, yy], -1).reshape(-1, 2), k=2)
    e = (d[:, 1] - d[:, 0]).reshape(h, w)
    keep = smooth(.38, .55, fbm(h, w, 2.4, seed + 3))
    return (1 - smooth(0, width, e)) * (.35 + .65 * keep)


@keep
def crack_line(h, w, pts, seed=1, width=1.2, rough=3.0):
    """One wandering crack through pts (0..1, y down): 1 on the line."""
    r = rng(seed)
    path = []
    for (x0, y0), (x1, y1) in zip(pts[:-1], pts[1:]):
        n = 40
        t = np.linspace(0, 1, n)
        path.append(np.stack([(x0 + (x1 - x0) * t) * w, (y0 + (y1 - y0) * t) * h], -1))
    p = np.concatenate(path)
    wob = ndimage.gaussian_filter1d(r.normal(0, 1, p.shape), 3, axis=0) * rough * 3
    wob += ndimage.gaussian_filter1d(r.normal(0, 1, p.shape), 1, axis=0) * rough * .6
    p = p + wob
    dense = np.stack([np.interp(np.linspace(0, len(p) - 1, len(p) * 40), np.arange(len(p)), p[:, i]) for i in (0, 1)], -1)
    x0, y0 = np.maximum(dense.min(0).astype(int) - 12, 0)
    x1, y1 = np.minimum(dense.max(0).astype(int) + 12, [w, h])
    out = np.zeros((h, w))
    gy, gx = np.mgrid[y0:y1, x0:x1]
    d, i = cKDTree(dense).query(np.stack([gx, gy], -1).reshape(-1, 2))
    d, i = d.reshape(gx.shape), i.reshape(gx.shape)
    ww = width * (1.1 - .8 * i / len(dense))
    out[y0:y1, x0:x1] = 1 - smooth(ww * .4, ww * 1.1, d)
    return out


def speckle(h=1024, w=1024, seed=2, density=.0012, size=1.3):
    r = rng(seed)
    m = (r.uniform(0, 1, (h, w)) < density).astype(float)
    big = (r.uniform(0, 1, (h, w)) < density * .18).astype(float)
    o = ndimage.gaussian_filter(m, size, mode='wrap') * size * size * 7
    o = o + ndimage.gaussian_filter(big, size * 2.1, mode='wrap') * size * size * 30
    return np.clip(o, 0, 1)


@keep
def concrete(h=1024, w=1024, seed=6, base='#9b9994'):
    n = fbm(h, w, 2.3, seed)
    f = fbm(h, w, .8, seed + 1)
    c = hexc(base)[None, None] * (1 + (n - .5) * .45 + (f - .5) * .16)[..., None]
    sc = smooth(.66, .8, fbm(h, w, 1.8, seed + 2, 2.5, .4))
    c = c * (1 - .12 * sc[..., None])
    return np.clip(c, 0, 1), n * .6 + f * .4


@keep
def crumple(n=256, seed=1, folds=60, scale=1.0):
    """Height of crumpled paper: many random creases at several sizes."""
    r = rng(seed)
    yy, xx = np.mgrid[0:n, 0:n] / n
    h = np.zeros((n, n))
    for k in range(folds):
        a = r.uniform(0, np.pi)
        d = xx * np.cos(a) + yy * np.sin(a)
        o = r.uniform(d.min(), d.max())
        wd = r.uniform(.04, .35)
        fold = np.clip(1 - np.abs(d - o) / wd, 0, 1) * wd
        across = -xx * np.sin(a) + yy * np.cos(a)
        win = np.exp(-((across - r.uniform(-.5, 1)) / r.uniform(.1, .5)) ** 2)
        h += fold * win * r.choice([-1, 1])
    h += (fbm(n, n, 2.6, seed + 5) - .5) * .2
    return h * scale


def lut_room(kind='day', h=256, w=512, seed=1):
    """A painted room as an environment light (linear). Row 0 is the zenith."""
    el = (0.5 - (np.arange(h) + .5) / h)[:, None] * np.pi
    az = ((np.arange(w) + .5) / w)[None, :] * 2 * np.pi
    el, az = np.broadcast_arrays(el, az)
    out = np.zeros((h, w, 3))
    n = fbm(h, w, 2.6, seed)

    def rect(a, e, wa, he, soft=.02):
        da = np.abs((az - a + np.pi) % (2 * np.pi) - np.pi)
        return (1 - smooth(wa / 2 - soft, wa / 2 + soft, da)) * (1 - smooth(he / 2 - soft, he / 2 + soft, np.abs(el - e)))

    def add(m, c):
        out[:] = out * (1 - m[..., None]) + np.asarray(c) * m[..., None]

    walls = {'day': (.30, .285, .26), 'evening': (.11, .08, .055), 'office': (.34, .35, .36),
             'studio': (.85, .85, .86), 'store': (.13, .125, .115), 'out': (.55, .6, .66), 'night': (.05, .04, .03)}[kind]
    out[:] = np.asarray(walls) * (1 + (n - .5)[..., None] * .5)
    up = smooth(.5, .9, el)
    add(up * .8, np.asarray(walls) * 1.6)
    dn = smooth(-.15, -.6, el)
    add(dn * .85, np.asarray(walls) * np.array([.55, .45, .35]))
    r = rng(seed)
    for _ in range(10):      # furniture, people, shelves: dark and coloured blots
        add(rect(r.uniform(0, 6.28), r.uniform(-.35, .25), r.uniform(.1, .5), r.uniform(.15, .6), .03) * .75,
            np.asarray(walls) * r.uniform(.2, 1.1, 3))

    def window(a, e, wa, he, k, sky=(1, 1.06, 1.18), bars=(2, 2)):
        m = rect(a, e, wa, he, .015)
        grad = .55 + .6 * smooth(e - he / 2, e + he / 2, el)
        tree = smooth(.5, .62, fbm(h, w, 2.0, seed + 3)) * smooth(e + .1, e - he / 2, el)
        colr = np.asarray(sky) * k * grad[..., None]
        colr = colr * (1 - tree[..., None] * np.array([.65, .5, .75]))
        out[:] = out * (1 - m[..., None]) + colr * m[..., None]
        for i in range(1, bars[0]):
            add(rect(a - wa / 2 + wa * i / bars[0], e, .03, he, .008), np.asarray(walls) * .9)
        for i in range(1, bars[1]):
            add(rect(a, e - he / 2 + he * i / bars[1], wa, .03, .008), np.asarray(walls) * .9)

    if kind == 'day':
        window(2.4, .42, .95, .85, 11)
        window(3.6, .40, .45, .8, 6)
        add(rect(5.6, 1.15, .7, .2, .05), (1.6, 1.3, .95))
    elif kind == 'evening':
        add(rect(1.2, 1.12, .9, .28, .06), (17, 12.2, 7.4))
        add(rect(4.2, .55, .24, .3, .08), (7, 4.6, 2.4))
        window(2.9, .3, .6, .7, .35, (.5, .65, 1.2))
    elif kind == 'office':
        for a in (.4, 1.7, 3.3, 4.9):
            add(rect(a, .95, .75, .12, .015), (9, 9.6, 9.4))
        window(2.6, .25, 1.1, .5, 3.5, bars=(4, 1))
    elif kind == 'studio':
        add(rect(2.2, .7, 1.0, .75, .06), (7.5, 7.5, 7.5))
        add(rect(4.4, .6, .7, .8, .06), (3.5, 3.5, 3.6))
        add(smooth(1.0, 1.25, el), (2.6, 2.6, 2.6))
    elif kind == 'store':
        for a in (.7, 3.9):
            add(rect(a, 1.0, 1.5, .06, .012), (22, 23, 21))
        window(2.3, .35, .55, .35, 4.5, bars=(3, 1))
    elif kind == 'out':
        add(smooth(-.05, .25, el), (1.9, 2.0, 2.2))
        add(smooth(.35, 1.3, el), (3.4, 3.5, 3.7))
        add(smooth(.25, -.02, np.abs(el) + (n - .5)) * .7, (.10, .16, .07))
    elif kind == 'night':
        add(rect(2.0, .75, .25, .2, .08), (26, 17, 9))
        add(rect(4.9, .2, .3, .2, .04), (1.2, 1.6, 2.6))
    return out
