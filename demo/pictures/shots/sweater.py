"""sweater-shrunk: the pullover before and after, its label, the laundry's receipt, the seller's swatches."""
import numpy as np

from kit import tex
from kit.flat import Desk
from kit.printed import html, receipt
from . import shot

HAND = 'font-family:Caveat,Long Cang'


def tape(length=60, start=0, w=900):
    """A strip of soft measure: numbers along x."""
    per = 40
    s = ''
    for i in range(int(length * 10) + 1):
        x = i * per / 10
        h = 34 if i % 10 == 0 else 24 if i % 5 == 0 else 14
        s += f'<rect x="{x:.1f}" y="0" width="{2 if i % 10 == 0 else 1.2}" height="{h}" fill="#1c1a16"/>'
        if i % 10 == 0 and i:
            v = i // 10 + start
            s += f'<text x="{x - 3:.1f}" y="56" text-anchor="end" font-size="25" font-weight="600" fill="{"#b3261e" if v % 10 == 0 else "#1c1a16"}">{v}</text>'
    return html(f'<svg width="{int(length * per)}" height="60" font-family="DejaVu Sans">{s}</svg>', int(length * per), 60, 'body{background:#e8c21c}', 1)


def outline(sx=1.0, sy=1.0, wav=0.0, seed=3):
    half = [(0, 29.0), (6, 29.6), (9.5, 31.5), (16, 29.5), (25, 25.5), (33, 12), (42.5, -13), (44.5, -24), (44, -30.5), (36.5, -30.8), (35.5, -24),
            (29.6, -4), (25.9, 8.5), (25.6, -10), (25.4, -27), (24.6, -34), (0, -34.6)]
    r = tex.rng(seed)
    out = [(x * sx, y * sy) for x, y in half] + [(-x * sx, y * sy) for x, y in half[-2:0:-1]]
    if wav:
        n = []
        for (a, b), (c, d) in zip(out, out[1:] + out[:1]):
            for t in np.linspace(0, 1, 8, endpoint=False):
                n.append((a + (c - a) * t + r.normal(0, wav), b + (d - b) * t + r.normal(0, wav)))
        out = n
    return out


def ribs(sx, sy, felt):
    def f(d, col):
        ly = d.Y / sy
        lx = d.X / sx
        hem = ((ly < -29.5) & (np.abs(lx) < 26)) | ((ly < -25.5) & (np.abs(lx) > 33))
        neck = np.hypot(lx / 9.2, (ly - 33.5) / 6.0)
        nk = (neck > .62) & (neck < 1.12) & (ly > 25)
        rb = .5 + .5 * np.cos(lx * 2 * np.pi / 1.05)
        ang = np.arctan2(ly - 33.5, lx)
        rn = .5 + .5 * np.cos(ang * 60)
        k = .30 * (1 - .5 * felt)
        col = col * np.where(hem, 1 - k * (1 - rb), 1)[..., None]
        col = col * np.where(nk, 1 - k * (1 - rn), 1)[..., None]
        inner = neck < .62
        col = np.where((inner & (ly > 26))[..., None], col * .42, col)
        # seams: arm holes, sides
        for s in (-1, 1):
            xx = lx * s
            seam = np.abs(xx - (25.4 - np.clip((ly - 8) / 18, 0, 1) * 8.5 - .0)) * ((ly > 7) & (ly < 26.5))
            m = ((ly > 7) & (ly < 26.8)) * np.exp(-(seam / .28) ** 2)
            col = col * (1 - .38 * m)[..., None]
        return col
    return f


def pull(base, turn, cam, lens, size, sx, sy, felt, mark, light, warm, ev, seed, **kw):
    d = Desk(size, cam, (0, -1), lens, kw.pop('roll', 1.5), light, seed=seed)
    base(d)
    c, h = tex.knit(n=72, base='#cdbd9f' if not felt else '#c6b594', seed=8, felt=felt)
    d.cloth(outline(sx, sy, .5 if felt else .12), (c, h), 26 * (1 if not felt else .92), turn=0, thick=.9 + felt * .7, seed=seed, wrinkle=.42 + .2 * felt,
            rib=ribs(sx, sy, felt), smooth=9, wave=.5 + felt * .9)
    # the soft tape from arm pit to arm pit
    y = 8.4 * sy
    w = 25.75 * sx
    t = tape(62)
    n = 62
    d.sheet(t, n, 1.5, -w + n / 2 + .0, y + .35, .5, bend=.9, lift=.22, seed=5, gloss=.12)
    d.sheet(np.ones((8, 8, 3)) * .72, .5, 1.7, -w - .2, y + .05, .5, bend=0, lift=.1)
    return d


@shot('sweater-shrunk/before-tape.jpg', phone='sp7', taken='2026:10:17 20:36:18', sub='702', iso=400, exp='1/40',
      dev=dict(flat=True, noise=.016, sat=1.05, wb=(1.03, 1, .93), contrast=1.08, vign=.2))
def before():
    d = pull(lambda d: d.base('check', 12, 3, color=(.62, .66, .8)), 0, (3, -16, 96), 26, (2048, 1536), 1.0, 1.0, 0.0, 51.5, (-.8, .35), 0, 0, 4, roll=-2.5)
    d.cable([(50, 20), (58, 10), (52, -4), (64, -16), (60, -40)], .18, (.85, .85, .83))
    return d.finish(.3, (1.06, 1, .88), ev=.15)


@shot('sweater-shrunk/after-tape.jpg', phone='sp7', taken='2026:11:01 15:08:44', sub='129', iso=100, exp='1/80', orient=6, size=(1536, 2048),
      dev=dict(flat=True, noise=.01, sat=1.06, wb=(.98, 1, 1.03), contrast=1.08))
def after():
    d = pull(lambda d: d.base('oak', 90, 4), 0, (-2, -20, 100), 26, (1536, 2048), 44 / 51.5, .83, .8, 44, (.75, .5), 0, 0, 7, roll=3)
    return d.finish(.26, ev=.12)


SYM = {
    'hand': '<path d="M4 22 L10 50 H54 L60 22" /><path d="M4 22 q7 7 14 0 t14 0 t14 0 t14 0"/><path d="M24 12 l0 16 q0 8 8 8 h6 q7 0 7 -8 v-9 l-5 0 v6 M29 14 v-8 M34 14 v-9 M39 15 v-8" />',
    'nobleach': '<path d="M32 8 L58 52 H6 Z"/><path d="M8 8 L56 56 M56 8 L8 56"/>',
    'flat': '<rect x="8" y="8" width="48" height="48"/><path d="M16 32 H48"/>',
    'iron1': '<path d="M6 48 H58 V28 Q58 22 50 22 H26 Q10 26 6 48 Z"/><path d="M24 14 H52 Q57 15 58 28"/><circle cx="34" cy="37" r="3" fill="#222"/>',
    'wash30': '<path d="M4 20 L10 52 H54 L60 20"/><path d="M4 20 q7 7 14 0 t14 0 t14 0 t14 0"/><text x="32" y="46" font-size="20" text-anchor="middle" fill="#222" stroke="none">30</text>',
    'notumble': '<rect x="8" y="8" width="48" height="48"/><circle cx="32" cy="32" r="19"/><path d="M4 4 L60 60 M60 4 L4 60"/>',
    'noiron': '<path d="M6 48 H58 V28 Q58 22 50 22 H26 Q10 26 6 48 Z"/><path d="M6 10 L58 56 M58 10 L6 56"/>',
}


def sym(*names, size=64):
    return ''.join(f'<svg width="{size}" height="{size}" viewBox="0 0 64 64" fill="none" stroke="#222" stroke-width="3.2" style="margin-right:{size // 5}px">{SYM[n]}</svg>' for n in names)


def satin(body, w, h):
    return html(body, w, h, 'body{background:repeating-linear-gradient(90deg,#f6f5f1 0 2px,#efeeea 2px 4px)}', 3)


@shot('sweater-shrunk/care-label.jpg', phone='sp7', taken='2026:11:01 15:11:02', sub='884', iso=125, exp='1/60',
      dev=dict(flat=True, noise=.011, sat=1.05, contrast=1.1))
def label():
    d = Desk((2048, 1536), (1.2, -5.6, 9.2), (.1, -.1), 34, -4, (.7, .5), aperture=.75, seed=3)
    c, h = tex.knit(n=40, base='#c6b594', seed=11, felt=.75)
    d.img = d.tile(c, 11, turn=8)
    hh = d.tile(h, 11, turn=8)
    from scipy import ndimage
    d.img *= np.clip(1 + .5 * (ndimage.sobel(hh, 1) * -.7 + ndimage.sobel(hh, 0) * .5), .4, 1.5)[..., None]
    dark = 1 - .45 * np.exp(-((d.Y - 3.0 - .1 * np.sin(d.X * 3)) / .35) ** 2)
    d.img *= dark[..., None]
    s = satin(f'''<div style="padding:26px 22px;text-align:center;font-size:23px;line-height:1.45;font-weight:500"><div style="border-bottom:1.5px dashed #888;margin-bottom:12px;height:16px"></div>
    羊毛 Wool 90%<br>锦纶 Nylon 10%<br><div style="margin:8px 0">尺码 L　170/92A<br>批 2608</div>
    <div style="display:flex;justify-content:center;margin:10px 0 8px">{sym('hand', 'nobleach', 'flat', 'iron1', size=58)}</div>
    <div style="font-size:14.5px;line-height:1.5">手洗 最高30℃　不可漂白<br>平摊晾干　低温熨烫</div></div>''', 360, 470)
    d.sheet(s, 4.3, 5.6, .1, .2, -3, bend=.9, lift=.22, crease=.1, fold=(('y', .55, .3),), seed=6, gloss=.1)
    for i in range(9):
        d.rod((-2.0 + i * .48, 2.84 + .02 * (i % 2)), (-1.75 + i * .48, 2.88), .028, (.80, .76, .66), .1)
    return d.finish(.22, ev=.1)


@shot('sweater-shrunk/laundry-receipt.jpg', phone='sp7', taken='2026:11:01 15:12:20', sub='316', iso=160, exp='1/60',
      dev=dict(flat=True, noise=.012, contrast=1.08))
def rec():
    r = receipt(['-', ('2026-11-01', '单号 0041**88'), '-', ('12:31 洗 轻柔 30℃ 28分', '￥15.00'), ('13:04 烘 低温 20分', '￥8.00'), '-',
                 ('合计', '￥23.00'), ('付款', '扫码'), ('机号', 'W-06　D-02'), '-', '羊毛、真丝等织物请先查看洗涤标识', '本店不代为判断面料'],
                '示例自助洗衣', '红岭店', '谢谢惠顾 · 凭条可查', 3, 300, 500)
    d = Desk((2048, 1536), (1, -9, 15), (0, -.4), 29, 5, (-.7, .5), aperture=.6, seed=5)
    d.base('white', 4, 7)
    d.sheet(r, 5.7, 9.5, 0, 0, -14, bend=.7, curl=.9, lift=.25, fold=(('y', .48, .25),), seed=11)
    d.rod((7.6, -7), (9.4, 5.5), .42, (.1, .12, .2), .5, 0, ((0, .5, (.6, .6, .6)), (9.6, 9.9, (.6, .6, .6))))
    for x, y, c in ((-6.6, 3.4, (.74, .73, .70)), (-8.2, 1.9, (.72, .60, .36))):
        r0 = 1.15 if c[0] > .73 else 1.0
        d.put(lambda X, Y, x=x, y=y, r0=r0: np.hypot(X - x, Y - y) - r0, c, .12,
              .8 + .3 * np.clip((d.X - x) * -.4 + (d.Y - y) * .3, -1, 1) + .18 * (np.abs(np.hypot(d.X - x, d.Y - y) - r0 + .12) < .05))
    return d.finish(.2, (1.01, 1, .97), ev=-.1)


@shot('sweater-shrunk/seller-swatch.jpg', phone='sx2', taken='2026:03:14 10:20:05', iso=200, exp='1/60', software='示例修图 8.2', edited='2026:03:14 17:40:11',
      dev=dict(flat=True, noise=.006, contrast=1.1, vign=.06))
def swatch():
    d = Desk((2048, 1536), (0, -6, 52), (0, -1), 34, .4, (-.6, .6), seed=6)
    d.base('white', 0, 5)
    for x, w, sd, felt in ((-12.4, 20.0, 8, 0), (12.0, 19.4, 18, .18)):
        c, h = tex.knit(n=72, base='#cdbd9f', seed=sd, felt=felt)
        q = w / 2
        d.cloth([(x - q, -q + 2), (x + q, -q + 2.2), (x + q - .1, q + 2), (x - q + .1, q + 1.9)], (c, h), 25, thick=.6, seed=sd, wrinkle=.18, smooth=4)
    for x, t, a in ((-13, '未洗　20.0cm', 2), (12, '机洗羊毛档×3<br>平铺晾干　19.4cm', -1.5)):
        pad = 34 if '<' not in t else 8
        s = html(f'<div style="{HAND};font-size:48px;line-height:1.1;padding:{pad}px 6px;text-align:center;color:#222;white-space:nowrap">{t}</div>', 430, 140)
        d.sheet(s, 10.5, 3.42, x, 8.6, a, bend=.2, lift=.1, seed=3)
    marks = ''.join(f'<rect x="{20 + i * 4:.1f}" y="0" width="1" height="{26 if i % 10 == 0 else 18 if i % 5 == 0 else 11}" fill="#222"/>' + (f'<text x="{20 + i * 4}" y="46" font-size="17" text-anchor="middle">{i // 10}</text>' if i % 10 == 0 else '') for i in range(0, 501))
    d.sheet(html(f'<svg width="2040" height="60" font-family="DejaVu Sans">{marks}</svg>', 2040, 60, 'body{background:linear-gradient(#cfd1d2,#b4b7b9 60%,#c6c8c9)}', 1), 51, 1.5, 1, -11.2, .4, bend=.05, lift=.1, gloss=.2)
    return d.finish(.12, ev=-.08)
