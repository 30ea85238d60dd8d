"""Photographs of flat things: sheets, labels, cloth and small rods on a table, by ray and shading, no renderer.

Plane coordinates are centimetres, x to the right, y away from the camera.
"""
import os

import numpy as np
from scipy import ndimage

from . import tex
from .printed import arr

SCALE = float(os.environ.get('PIC_FLAT', '.72'))


class Desk:
    def __init__(self, size, cam, target, lens=28, roll=0.0, light=(-.6, .55), focus=None, aperture=1.0, seed=1):
        """cam: (x, y, z) in cm; target: (x, y) on the table. light: direction to the light, in the plane."""
        w, h = self.w, self.h = int(size[0] * SCALE), int(size[1] * SCALE)
        c, t = np.array(cam, float), np.array([*target, 0], float)
        f = (t - c) / np.linalg.norm(t - c)
        r = np.cross(f, [0, 1e-3, 1] if abs(f[2]) < .999 else [0, 1, 0])
        if abs(f[2]) >= .98:
            r = np.cross(f, [0, 1, 0])
        r /= np.linalg.norm(r)
        u = np.cross(r, f)
        a = np.radians(roll)
        r, u = r * np.cos(a) + u * np.sin(a), u * np.cos(a) - r * np.sin(a)
        k = 36 / lens / max(w, h)
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        px, py = (xx - w / 2 + .5) * k, -(yy - h / 2 + .5) * k
        d = f[None, None] + px[..., None] * r + py[..., None] * u
        s = -c[2] / np.minimum(d[..., 2], -1e-4)
        self.X = (c[0] + d[..., 0] * s).astype(np.float32)
        self.Y = (c[1] + d[..., 1] * s).astype(np.float32)
        self.depth = s.astype(np.float32)
        self.px = (s * k).astype(np.float32)           # cm per pixel
        self.light = np.array(light, float)
        self.focus = np.linalg.norm((np.array([*(focus or target), 0]) - c)) if True else 0
        self.ap = aperture
        self.img = np.zeros((h, w, 3), np.float32)
        self.seed = seed

    # --- sampling ---
    def tile(self, a, cm, X=None, Y=None, turn=0.0):
        """Sample a tiling texture whose width is cm centimetres."""
        X = self.X if X is None else X
        Y = self.Y if Y is None else Y
        t = np.radians(turn)
        h, w = a.shape[:2]
        u = (X * np.cos(t) + Y * np.sin(t)) / cm * w % w
        v = (-(Y * np.cos(t) - X * np.sin(t))) / cm * w % h
        # coarser level when far away
        p = float(np.median(self.px)) / cm * w
        if p > 1.2:
            a = ndimage.gaussian_filter(a, (p * .4, p * .4) + (0,) * (a.ndim - 2), mode='wrap')
        if a.ndim == 2:
            return ndimage.map_coordinates(a, [v, u], order=1, mode='grid-wrap')
        return np.stack([ndimage.map_coordinates(a[..., i], [v, u], order=1, mode='grid-wrap') for i in range(3)], -1)

    def base(self, kind, turn=0.0, seed=1, cm=None, color=None):
        """The table: a wood of props.WOODS, or white, grey, linen, check, kraft, tile, concrete, knit, bedcover."""
        woods = {'walnut': ('#3a2416', '#6e4a2f', '#8f6a48'), 'oak': ('#7a5a38', '#b48c5f', '#d0af84'),
                 'pale': ('#b0926c', '#d6bd98', '#e6d5b8'), 'red': ('#4a2014', '#8a4a2c', '#ad6c44')}
        if kind in woods:
            c, h, _ = tex.wood(tone=woods[kind], seed=seed, planks=4)
            cm = cm or 75
        elif kind == 'linen':
            c, h = tex.weave(n=96, seed=seed)
            cm = cm or 12
        elif kind == 'check':
            c, h = tex.weave(n=120, a='#efece6', b='#e2ddd2', seed=seed)
            n = c.shape[0]
            yy, xx = np.mgrid[0:n, 0:n] / n
            s = ((xx * 3 % 1) < .5).astype(float) + ((yy * 3 % 1) < .5)
            c = c * (1 - s[..., None] * .42 * (1 - np.array(color or (.5, .62, .8))))
            cm = cm or 22
        elif kind == 'kraft':
            c, h = tex.kraft(seed=seed, base=color or '#b59468', flute=44)
            cm = cm or 30
        elif kind == 'concrete':
            c, h = tex.concrete(seed=seed, base=color or '#9b9994')
            cm = cm or 90
        elif kind == 'knit':
            c, h = tex.knit(base=color or '#c9b797', seed=seed)
            cm = cm or 22
        elif kind == 'tile':
            n = 1024
            yy, xx = np.mgrid[0:n, 0:n]
            e = np.minimum(np.minimum(xx, n - xx), np.minimum(yy, n - yy))
            g = 1 - tex.smooth(4, 9, e)
            c = (tex.hexc(color or '#e4e2dc')[None, None] * (1 + (tex.fbm(n, n, 2.3, 3) - .5) * .06)[..., None]) * (1 - .3 * g[..., None])
            h = 1 - g * .8
            cm = cm or 15
        else:
            base = {'white': '#dcdad5', 'grey': '#8f9294', 'dark': '#3c3d40', 'paper': '#eeece6', 'steel': '#a9acad'}[kind]
            n = 1024
            v, f = tex.fbm(n, n, 2.6, seed), tex.fbm(n, n, .6, seed + 1)
            c = tex.hexc(color or base)[None, None] * (1 + (v - .5) * .05 + (f - .5) * .05)[..., None]
            h = .5 + (f - .5) * .1
            cm = cm or 60
        self.img = self.tile(np.asarray(c, np.float32), cm, turn=turn)
        hh = self.tile(np.asarray(h, np.float32), cm, turn=turn)
        gx = ndimage.sobel(hh, 1)
        gy = ndimage.sobel(hh, 0)
        k = .55 if kind in ('linen', 'check', 'knit') else .22
        self.img *= np.clip(1 + k * (self.light[0] * -gx + self.light[1] * gy) * .5, .5, 1.5)[..., None]
        return self

    def local(self, x, y, turn, X=None, Y=None):
        t = np.radians(turn)
        dx, dy = (self.X if X is None else X) - x, (self.Y if Y is None else Y) - y
        return dx * np.cos(t) + dy * np.sin(t), -dx * np.sin(t) + dy * np.cos(t)

    def cast(self, sdf, height, soft=None, k=.55):
        """The shadow of a shape: sdf(X, Y) in cm."""
        l = -self.light * height * .9
        s = soft or height * .55 + .03
        m = 1 - tex.smooth(-s, s * 1.2, sdf(self.X - l[0], self.Y - l[1]))
        contact = 1 - tex.smooth(-.02, height * .25 + .05, sdf(self.X, self.Y))
        self.img *= (1 - k * np.maximum(m * .85, contact * .8))[..., None]

    def put(self, sdf, color, height=.05, shade=None, k=.55, alpha=1.0):
        """Lay a shape: colour array (h, w, 3) or a colour; shade multiplies it."""
        self.cast(sdf, height, k=k)
        d = sdf(self.X, self.Y)
        m = np.clip(.5 - d / (self.px * 1.2), 0, 1) * alpha
        c = np.broadcast_to(np.asarray(color, np.float32), self.img.shape)
        if shade is not None:
            c = c * shade[..., None]
        self.img = self.img * (1 - m[..., None]) + c * m[..., None]
        return m

    # --- things ---
    def sheet(self, image, w, h, x=0, y=0, turn=0, *, bend=.6, fold=(), crease=0.0, curl=0.0, lift=.12, seed=1, gloss=0.0, torn=0.0,
              thick=0.0, radius=0.0, tint=(1, 1, 1)):
        """A printed sheet. image: path or array (row 0 on top). fold: [('x'|'y', 0..1, strength)]."""
        a = arr(image) if isinstance(image, str) else np.asarray(image, np.float32)
        if a.shape[2] == 3:
            a = np.concatenate([a, np.ones(a.shape[:2] + (1,), np.float32)], -1)
        n1 = tex.fbm(256, 256, 3.2, seed * 7 + 1)
        bx, by = np.gradient(ndimage.gaussian_filter(n1, 4, mode='wrap'))[::-1]

        def loc(X, Y):
            lx, ly = self.local(x, y, turn, X, Y)
            u, v = lx / w + .5, ly / h + .5
            uu, vv = np.clip(u, -.2, 1.2) * 200 % 255, np.clip(v, -.2, 1.2) * 200 % 255
            dx = (ndimage.map_coordinates(n1, [vv, uu], order=1, mode='nearest') - .5) * bend * .1
            return lx + dx, ly + dx * .6

        nt = tex.fbm(512, 512, 1.4, seed + 40)

        def sdf(X, Y):
            lx, ly = loc(X, Y)
            qx, qy = np.abs(lx) - w / 2 + radius, np.abs(ly) - h / 2 + radius
            d = np.minimum(np.maximum(qx, qy), 0) + np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) - radius
            if torn:
                d = d + (ndimage.map_coordinates(nt, [(ly * 22) % 511, (lx * 22) % 511], order=1) - .42) * torn
            return d

        lx, ly = loc(self.X, self.Y)
        u, v = lx / w + .5, ly / h + .5
        H, W = a.shape[:2]
        inside = (u > -.02) & (u < 1.02) & (v > -.02) & (v < 1.02)
        p = float(np.median(self.px[inside])) / w * W if inside.any() else 1
        if p > 1.1:
            a = ndimage.gaussian_filter(a, (p * .38, p * .38, 0))
        c = np.zeros(self.img.shape[:2] + (4,), np.float32)
        for i in range(4):
            c[inside, i] = ndimage.map_coordinates(a[..., i], [(1 - v[inside]) * (H - 1), u[inside] * (W - 1)], order=1, mode='nearest')
        lt = np.array([self.light[0] * np.cos(np.radians(turn)) + self.light[1] * np.sin(np.radians(turn)),
                       -self.light[0] * np.sin(np.radians(turn)) + self.light[1] * np.cos(np.radians(turn))])
        uu, vv = np.clip(u, 0, 1) * 200, np.clip(v, 0, 1) * 200
        sh = 1 - bend * 9 * (ndimage.map_coordinates(bx, [vv, uu], order=1) * lt[0] + ndimage.map_coordinates(by, [vv, uu], order=1) * lt[1])
        for ax, pos, st in fold:
            q = ((u if ax == 'x' else v) - pos) * (w if ax == 'x' else h)
            li = lt[0] if ax == 'x' else lt[1]
            sh = sh - st * li * np.sign(q) * np.exp(-np.abs(q) / (.10 * max(w, h))) * .5
            sh = sh - st * .28 * np.exp(-(q / .05) ** 2) + st * .2 * np.exp(-((q - .09) / .05) ** 2)
        if crease:
            cr = tex.crumple(256, seed + 3, 90)
            gy, gx = np.gradient(cr)
            sh = sh + crease * 14 * (ndimage.map_coordinates(gx, [vv * 1.27, uu * 1.27], order=1) * -lt[0] + ndimage.map_coordinates(gy, [vv * 1.27, uu * 1.27], order=1) * -lt[1])
        if curl:
            e = np.maximum(tex.smooth(.72, 1.0, v), tex.smooth(.2, 0, v))
            sh = sh * (1 + curl * .4 * e * np.sign(v - .5) * lt[1] * 1.5)
        fib = tex.fbm(512, 512, .8, seed + 9)
        sh = sh * (1 + (ndimage.map_coordinates(fib, [(ly * 30) % 511, (lx * 30) % 511], order=1) - .5) * .05)
        if gloss:
            gl = np.exp(-(((u - .3 - .4 * (v - .5)) / .16) ** 2)) * gloss * (.7 + .6 * (ndimage.map_coordinates(n1, [vv, uu], order=1)))
        l = lift * (1 + 1.2 * curl * np.maximum(tex.smooth(.7, 1, v), tex.smooth(.3, 0, v))) if curl else lift
        hgt = float(np.max(l)) if np.ndim(l) else l
        if hgt > .005:                                     # print on a surface throws no shadow
            self.cast(sdf, max(hgt, thick), soft=max(hgt, thick) * (1.2 if curl else .8) + .02)
        d = sdf(self.X, self.Y)
        m = np.clip(.5 - d / (self.px * 1.2), 0, 1) * c[..., 3]
        col = c[..., :3] * np.clip(sh, .35, 1.35)[..., None] * np.asarray(tint)
        if gloss:
            col = col + gl[..., None] * (1.0 - col) * .8
        edge = np.exp(-(np.minimum(d, 0) / .03) ** 2) * (.14 if not torn else -.1)
        col = col * (1 - edge[..., None])
        self.img = self.img * (1 - m[..., None]) + col * m[..., None]
        return self

    def rod(self, a, b, r, color, gloss=.5, taper=0.0, bands=()):
        """A lying cylinder (pencil, pen, marker, cable) from a to b. bands: (from, to, colour) along it."""
        a, b = np.array(a, float), np.array(b, float)
        L = np.linalg.norm(b - a)
        t = (b - a) / L

        def split(X, Y):
            dx, dy = X - a[0], Y - a[1]
            return dx * t[0] + dy * t[1], -dx * t[1] + dy * t[0]

        def rad(s):
            return r * np.clip(np.minimum(1, (L - s) / max(taper, 1e-3)), .08, 1) if taper else r

        def sdf(X, Y):
            s, q = split(X, Y)
            k = min(.3 * r, .12)                           # the ends are a little rounded
            a, e = np.abs(q) - rad(s) + k, np.maximum(-s, s - L) + k
            return np.hypot(np.maximum(a, 0), np.maximum(e, 0)) - k + np.minimum(np.maximum(a, e), 0)

        s, q = split(self.X, self.Y)
        n = np.clip(q / rad(s), -1, 1)
        side = np.sign(-t[1] * self.light[0] + t[0] * self.light[1]) or 1
        lam = .38 + .62 * np.clip(np.sqrt(1 - n ** 2) * .75 + n * side * .55, 0, 1)
        hi = np.exp(-((n * side - .45) / .13) ** 2) * gloss
        c = np.broadcast_to(np.asarray(color, np.float32), self.img.shape).copy()
        for s0, s1, bc in bands:
            k = ((s >= s0) & (s < s1))[..., None]
            c = np.where(k, np.asarray(bc, np.float32), c)
        self.put(sdf, c * lam[..., None] + hi[..., None] * .6, r * 1.6)
        return self

    def cable(self, pts, r, color, gloss=.25):
        """A soft cord through pts (cm)."""
        from scipy.interpolate import CubicSpline
        from scipy.spatial import cKDTree
        p = np.array(pts, float)
        d = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
        s = np.linspace(0, d[-1], int(d[-1] / .05))
        cs = CubicSpline(d, p)
        q = cs(s)
        tn = cs(s, 1)
        tn /= np.linalg.norm(tn, axis=1, keepdims=True)
        tr = cKDTree(q)

        def near(X, Y):
            dd, i = tr.query(np.stack([X, Y], -1).reshape(-1, 2), distance_upper_bound=r * 6, workers=1)
            i = np.clip(i, 0, len(q) - 1)
            return np.where(np.isfinite(dd), dd, 9).reshape(X.shape), i.reshape(X.shape)

        d0, i0 = near(self.X, self.Y)
        t = tn[i0]
        off = (self.X - q[i0][..., 0]) * -t[..., 1] + (self.Y - q[i0][..., 1]) * t[..., 0]
        n = np.clip(off / r, -1, 1)
        side = -t[..., 1] * self.light[0] + t[..., 0] * self.light[1]
        lam = .4 + .6 * np.clip(np.sqrt(1 - n ** 2) * .75 + n * side * .7, 0, 1)
        hi = np.exp(-((n * np.sign(side) - .45) / .14) ** 2) * gloss
        self.put(lambda X, Y: near(X, Y)[0] - r, np.asarray(color) * lam[..., None] + hi[..., None] * .5, r * 1.5)
        return self

    def blob(self, x, y, rx, ry, color, soft=1.0, k=1.0):
        """A blurred dark thing at the edge of the picture, or a stain."""
        d = np.hypot((self.X - x) / rx, (self.Y - y) / ry)
        m = (1 - tex.smooth(1 - soft * .5, 1 + soft * .5, d)) * k
        self.img = self.img * (1 - m[..., None]) + np.asarray(color) * m[..., None]
        return self

    def cloth(self, poly, texture, cm, turn=0, thick=.5, seed=1, wrinkle=.5, tone=(1, 1, 1), rib=None, smooth=6, soft_edge=None, wave=.35):
        """Cloth cut to a polygon (cm), with a rounded edge, wrinkles and ribs. texture: (colour, height)."""
        from PIL import Image, ImageDraw
        P = np.array(poly, float)
        lo, hi = P.min(0) - 4, P.max(0) + 4
        res = 12                                        # cells per cm
        W, H = ((hi - lo) * res).astype(int)
        im = Image.new('L', (W, H), 0)
        ImageDraw.Draw(im).polygon([((x - lo[0]) * res, (hi[1] - y) * res) for x, y in P], fill=255)
        m = ndimage.gaussian_filter(np.asarray(im, float) / 255, smooth) > .5
        ds = (ndimage.distance_transform_edt(~m) - ndimage.distance_transform_edt(m)) / res
        wv = (tex.fbm(H, W, 2.2, seed + 2) - .5) * wave
        ds = ds + wv

        def look(A, X, Y, fill):
            return ndimage.map_coordinates(A, [(hi[1] - Y) * res, (X - lo[0]) * res], order=1, mode='constant', cval=fill)

        def sdf(X, Y):
            return look(ds, X, Y, 9)

        e = soft_edge or thick * 1.6
        hm = np.sqrt(np.clip(-ds / e, 0, 1)) * thick
        wr = ndimage.gaussian_filter(tex.crumple(256, seed, 60), 1.6)
        wr = ndimage.zoom(wr, (H / 256, W / 256), order=1)[:H, :W]
        wf = tex.fbm(H, W, 2.6, seed + 6)
        ww = np.zeros_like(ds)
        ww[:wr.shape[0], :wr.shape[1]] = wr
        hm = hm + wrinkle * (ww * 3.0 + (wf - .5) * 2.2) * np.clip(-ds / 2, 0, 1)
        hm = ndimage.gaussian_filter(hm, 2.5)
        gy, gx = np.gradient(hm * res)
        sh = 1 - (gx * self.light[0] - gy * self.light[1]) * .34
        sh = look(sh, self.X, self.Y, 1)
        col = self.tile(texture[0], cm, turn=turn)
        hh = self.tile(texture[1], cm, turn=turn)
        b = 1 + .35 * (ndimage.sobel(hh, 1) * -self.light[0] + ndimage.sobel(hh, 0) * self.light[1]) * .5
        col = col * np.clip(b, .5, 1.5)[..., None] * np.asarray(tone)
        if rib is not None:
            col = rib(self, col)
        self.put(sdf, col, thick * .8, np.clip(sh, .45, 1.3), k=.6)
        return self

    def finish(self, grad=.28, warm=(1, 1, 1), glow=(0, 0), ev=0.0):
        """Light fall-off across the table, then depth of field."""
        l = self.light / (np.linalg.norm(self.light) + 1e-6)
        rng = max(np.ptp(self.X[self.h // 4:, :]), 1) * .6
        s = ((self.X - np.median(self.X)) * l[0] + (self.Y - np.median(self.Y)) * l[1]) / rng
        self.img = self.img * (1 + grad * np.tanh(s))[..., None] * np.asarray(warm) * 2 ** ev
        pat = ndimage.zoom(tex.fbm(64, 64, 2.6, self.seed + 70), (self.h / 64, self.w / 64), order=1)[:self.h, :self.w]
        self.img *= (1 + (pat - .5) * .07)[..., None]
        c = np.abs(1 / self.depth - 1 / self.focus) * self.focus * self.ap * 9 * self.w / 2048
        out = self.img
        for s0 in (1.2, 2.6, 5.5, 11):
            b = ndimage.gaussian_filter(self.img, (s0, s0, 0), truncate=2.5)
            m = tex.smooth(s0 * .45, s0 * 1.0, c)[..., None]
            out = out * (1 - m) + b * m
        return np.clip(out, 0, 1.2)
