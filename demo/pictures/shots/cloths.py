"""Bags, trousers, mailing bags, a schedule on the wall, torn labels, jar bottoms: more flat pictures."""
import numpy as np

from kit import tex
from kit.flat import Desk
from kit.printed import arr, html, lcd, waybill
from . import shot
from .paperwork import base_disc, stamp

HAND = 'font-family:Caveat,Long Cang'
FLAT = dict(flat=True, noise=.011, contrast=1.08)


def canvas(seed=5):
    return tex.weave(n=110, a='#ded3ba', b='#d0c3a6', seed=seed, slub=.8)


def seams(d, col, x, y, turn, w, h, hem=2.6):
    lx, ly = d.local(x, y, turn)
    st = .5 + .5 * np.sign(np.sin(lx * 9))
    line = np.exp(-((ly - h / 2 + hem) / .07) ** 2) * (.35 + .3 * st)
    col = col * (1 - .35 * line)[..., None]
    for s in (-1, 1):
        col = col * (1 - .12 * np.exp(-((lx - s * (w / 2 - .5)) / .12) ** 2))[..., None]
    return col


def tote(d, x, y, turn, w=38, h=40, seed=4, wrinkle=.5, handles=True, arch=17, tone=(1, 1, 1), thick=.5):
    t = np.radians(turn)
    R = lambda px, py: (x + px * np.cos(t) - py * np.sin(t), y + px * np.sin(t) + py * np.cos(t))
    c = canvas(seed)
    if handles:
        for k, (o, a) in enumerate(((1.2, arch * .93), (0, arch))):
            q = []
            th = np.linspace(0, np.pi, 40)
            for sgn in (1, -1):
                r0, r1 = (9.0 + o, a) if sgn == 1 else (9.0 + o - 2.6, a - 2.6)
                pts = [(r0 * np.cos(u) * (1 + .12 * np.sin(u) ** 2), h / 2 - 1 + r1 * np.sin(u) ** .75) for u in th]
                q += pts if sgn == 1 else pts[::-1]
            d.cloth([R(*p) for p in q], c, 11, turn=turn, thick=.3, seed=seed + k, wrinkle=.15, tone=np.array(tone) * (.9 if k == 0 else 1), smooth=2, wave=.1)
    g = tex.rng(seed)
    e = []
    for (ax, ay), (bx, by) in zip([(-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)], [(w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2), (-w / 2, -h / 2)]):
        for u in np.linspace(0, 1, 12, endpoint=False):
            e.append(R(ax + (bx - ax) * u + g.normal(0, .12), ay + (by - ay) * u + g.normal(0, .12)))
    d.cloth(e, c, 11, turn=turn, thick=thick, seed=seed, wrinkle=wrinkle, tone=tone, smooth=3, wave=.25, rib=lambda dd, col: seams(dd, col, x, y, turn, w, h))
    if handles:                                       # the sewn ends of the handle, with a crossed box
        for s in (-1, 1):
            m = []
            for px, py in ((s * 8.9 - 1.3, h / 2 - 1.2), (s * 8.9 + 1.3, h / 2 - 1.2), (s * 8.9 + 1.3, h / 2 - 6), (s * 8.9 - 1.3, h / 2 - 6)):
                m.append(R(px, py))
            d.cloth(m, c, 11, turn=turn, thick=.18, seed=seed + 9, wrinkle=.05, tone=tone, smooth=1, wave=.02)


@shot('keyword-spam/bag-listing.jpg', phone='cam', taken='2026:09:08 11:05:12', iso=100, exp='1/100', software='Example Darkroom 6.1', edited='2026:09:08 20:44:00', size=(1600, 2000),
      dev=dict(flat=True, noise=.004, vign=.05, contrast=1.06, sharp=.5))
def bag_listing():
    d = Desk((1600, 2000), (0, -2, 118), (0, 1.5), 44, 0, (-.75, .6), aperture=.05, seed=3)
    d.base('paper', 0, 4, color='#f0eee9')
    # two book spines looking out, then the peg
    for x, w, c, t in ((-7, 3.2, '#7c3b2e', '读到天黑'), (-3.2, 2.4, '#2f4a5e', '散文集')):
        s = html(f'<div style="height:300px;background:{c};color:#eee3cf;writing-mode:vertical-rl;font-size:44px;letter-spacing:8px;padding:20px {int(w * 5)}px" class=serif>{t}</div>', int(w * 26), 300, '', 2)
        d.sheet(s, w, 12, x, 20.5, 0, bend=.05, lift=.7)
    tote(d, 0, -4, .6, seed=6, wrinkle=.3, arch=30, thick=1.0)
    d.rod((0, 45.5), (0, 41.8), 1.0, (.62, .44, .26), .3)
    base_disc(d, 0, 44.4, 1.5, (.70, .52, .32), ((1.2, .12, .4),), .2, 2.2)
    return d.finish(.14, ev=-.02)


@shot('keyword-spam/bag-buyer.jpg', dev=dict(flat=True, noise=.018, contrast=1.06, wb=(1.05, 1, .86), vign=.25), q=74, size=(1440, 1920), maxkb=330)
def bag_buyer():
    d = Desk((1440, 1920), (4, -24, 66), (1, 2), 27, 4, (.7, .5), aperture=.2, seed=4)
    d.base('check', 14, 9, cm=26, color=(.72, .6, .5))
    tote(d, 0, -6, -9, seed=12, wrinkle=.55, arch=22, thick=.7)
    # where it was folded in the parcel
    lx, ly = d.local(0, -6, -9)
    inside = (np.abs(lx) < 18.6) & (np.abs(ly) < 19.6)
    for q, k in ((ly - 1.2, 1.0), (lx + 6.3, .8), (lx - 6.6, .7)):
        d.img *= 1 + (inside * k * (.10 * np.exp(-((q - .25) / .3) ** 2) - .20 * np.exp(-((q + .18) / .22) ** 2)))[..., None]
    return d.finish(.3, (1.06, 1, .86), ev=-.1)


@shot('keyword-spam/bag-inside.jpg', phone='s5', taken='2026:11:09 08:12:50', sub='184', iso=200, exp='1/50', orient=6, size=(1536, 2048), dev=FLAT)
def bag_inside():
    d = Desk((1536, 2048), (-2, -22, 62), (0, 1), 27, 3, (-.6, .5), aperture=.25, seed=6)
    d.base('pale', 88, 4)
    tote(d, 0, 0, -2, 39, 41, seed=31, wrinkle=.3, arch=18, tone=(.93, .93, .93))   # turned inside out
    a = (np.ones((300, 420, 3)) * np.array([.58, .59, .61])) * (1 + (tex.fbm(300, 420, .4, 3) - .5)[..., None] * .05)
    yy, xx = np.mgrid[0:300, 0:420]
    a[np.hypot((xx - 210) / 1.0, (yy - 150)) < 17] *= .93
    d.sheet(a, 31.6, 22.4, .4, 3.6, -1.2, bend=.02, lift=1.5, radius=1.1, gloss=.22, seed=4)
    g = tex.rng(8)
    e = []
    for (ax, ay), (bx, by) in zip([(-16.9, -17), (16.9, -17), (17.1, 3.4), (-17.1, 3.4)], [(16.9, -17), (17.1, 3.4), (-17.1, 3.4), (-16.9, -17)]):
        for u in np.linspace(0, 1, 14, endpoint=False):
            sag = -.35 * np.sin(np.pi * u) if ay == by and ay > 0 else 0
            e.append((ax + (bx - ax) * u + g.normal(0, .06), ay + (by - ay) * u + sag))

    def stitched(dd, col):
        ex, ey = np.abs(dd.X) - 16.4, dd.Y + 16.5
        dash = .5 + .5 * np.sign(np.sin((dd.X + dd.Y) * 10))
        line = np.maximum(np.exp(-(ex / .06) ** 2), np.exp(-(ey / .06) ** 2)) * (.3 + .4 * dash) + np.exp(-((dd.Y - 1.2) / .06) ** 2) * (.3 + .4 * dash)
        # drawn tight over the corners of the computer
        pull = sum(.10 * np.exp(-((np.abs((dd.X - s * 15.6) * .7 + (dd.Y + 7.4) * .7 * s * t)) / .35) ** 2) * np.exp(-(np.hypot(dd.X - s * 15.6, dd.Y + 7.4) / 4) ** 2) for s in (-1, 1) for t in (-1, .4))
        edge = .12 * np.exp(-((dd.Y + 7.6) / .5) ** 2) * (np.abs(dd.X) < 15.8) - .12 * np.exp(-((dd.Y + 8.6) / .5) ** 2) * (np.abs(dd.X) < 15.8)
        return col * (1 - .4 * np.clip(line, 0, 1) - pull + edge)[..., None]
    d.cloth(e, canvas(9), 11, turn=-1, thick=.55, seed=17, wrinkle=.14, tone=(.98, .98, .98), smooth=2, wave=.08, rib=stitched)
    return d.finish(.25, (1.0, 1, .98), ev=.02)


@shot('keyword-spam/bag-fair.jpg', phone='s5', taken='2026:05:24 16:40:29', sub='812', iso=160, exp='1/60', gps=(28.66, 120.92), dev=FLAT)
def bag_fair():
    d = Desk((2048, 1536), (2, -30, 82), (0, 0), 27, -2.5, (-.6, .5), aperture=.25, seed=5)
    d.base('pale', 5, 8)
    g = np.zeros((700, 1000, 3)) + tex.hexc('#2f6b57')
    yy, xx = np.mgrid[0:700, 0:1000]
    g[((xx % 50 < 2) | (yy % 50 < 2))] = tex.hexc('#7fb39c')
    d.sheet(g, 60, 42, 34, -10, 6, bend=.02, lift=.15)
    for i in range(9):                               # the pile, from below upwards
        tote(d, -6 + .5 * np.sin(i * 2.1), -.5 + i * .32, 1.2 * np.sin(i * 1.7), 40, 30, seed=20 + i, wrinkle=.25, handles=False, thick=.9, tone=(.97 - .01 * (i % 3),) * 3)
    t = html('''<div style="text-align:center;color:#1d2f66;padding-top:10px"><div class=serif style="font-size:62px;font-weight:800;letter-spacing:4px">澜城书展 2026</div><div style="font-size:54px;font-family:Ma Shan Zheng;margin:4px 0">读到天黑</div>
    <svg width="300" height="130" fill="none" stroke="#1d2f66" stroke-width="6" stroke-linejoin="round"><path d="M150 40 Q90 6 20 22 V110 Q90 94 150 124 Q210 94 280 110 V22 Q210 6 150 40 V124"/></svg></div>''', 560, 340, '', 3, alpha=True)
    d.sheet(t, 27, 16.4, -6, 2, .5, bend=.25, lift=.001, seed=3)
    for i, (x, y, c) in enumerate(((22, 14, (.16, .2, .45)), (27.5, 11.5, (.85, .82, .74)), (24.4, 19.5, (.5, .12, .1)))):
        base_disc(d, x, y, 2.3, c, ((1.9, .1, .5), (1.5, .1, .4), (1.1, .1, .4)), .1, 3.0)
        base_disc(d, x, y, .8, (.75, .70, .6), ((.6, .08, .5),), .1, .3)
    d.rod((17, -24), (39, -19), .32, (.75, .76, .77), .5)
    return d.finish(.25, (1, 1, .99), ev=.06)


@shot('freight-rule/three-sizes.jpg', phone='ex40', taken='2026:09:12 22:03:40', sub='655', iso=400, exp='1/33', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.017, contrast=1.06, wb=(1.03, 1, .93)))
def sizes():
    d = Desk((1536, 2048), (2, -26, 122), (0, 10), 27, 2.5, (.7, .5), aperture=.15, seed=4)
    c, h = tex.weave(n=60, a='#d9d3c8', b='#cbc4b8', seed=9)
    d.img = d.tile(c, 26, turn=18)
    pat = tex.fbm(512, 512, 2.2, 12)
    from scipy import ndimage
    d.img *= (1 + (ndimage.map_coordinates(pat, [(d.Y * 2.5 + 256) % 511, (d.X * 2.5 + 256) % 511], order=1) - .5) * .25)[..., None]
    for i, (x, y, a) in enumerate(((-30, 74, 6), (2, 76, -5), (32, 73, 3))):
        g = np.ones((60, 60, 3)) * np.array([.50, .51, .53])
        d.sheet(g, 26, 20, x, y, a, bend=.8, crease=.4, lift=.4, gloss=.2, seed=i + 3, fold=(('y', .5, .4),))
    blk = tex.weave(n=130, a='#2a2a2d', b='#222225', seed=3)
    for i, (x, s) in enumerate(((-35, .93), (0, 1.0), (36, 1.08))):
        w, L = 21 * s, 104 * (1 + .02 * i)
        q = [(-w * .82, 54), (w * .82, 54), (w * 1.0, 30), (w * .92, -20), (w * .80, 54 - L), (w * .16, 54 - L), (w * .07, 18), (-w * .07, 18), (-w * .16, 54 - L), (-w * .80, 54 - L), (-w * .92, -20), (-w * 1.0, 30)]
        d.cloth([(x + px * .72, py) for px, py in q], blk, 16, thick=.7, seed=11 + i, wrinkle=1.1, smooth=6, wave=.6,
                rib=lambda dd, col: col * (1 - .35 * np.exp(-((dd.Y - 50.2) / .25) ** 2))[..., None])
        p = html(f'<div style="height:260px;text-align:center;padding-top:30px;border-radius:8px"><div style="font-size:18px;color:#888">尺码 SIZE</div><div style="font-size:74px;font-weight:900">{("3XL", "4XL", "5XL")[i]}</div><div style="font-size:16px;color:#666;margin-top:10px">弹力直筒长裤　黑</div></div>', 180, 260, 'body{background:#f5f2ea}', 3)
        d.sheet(p, 7.5, 10.8, x + (1, -2, 1.5)[i], 45, (5, -8, 4)[i], bend=.4, lift=.35, seed=i)
    from .sweater import tape
    d.sheet(tape(90), 90, 1.8, 3, -57, 9, bend=2.4, lift=.3, seed=3)
    return d.finish(.24, (1.04, 1, .92), ev=-.02)


@shot('presale-rule/schedule.jpg', phone='ex6', taken='2026:10:10 20:14:55', sub='381', iso=400, exp='1/33', dev=dict(flat=True, noise=.018, contrast=1.06, wb=(1.04, 1, .9)))
def schedule():
    st = 'border:1.6px solid #333;padding:9px 6px;text-align:center;white-space:nowrap;position:relative'
    pen = lambda t, x=4, y=-16: f'<span style="position:absolute;left:{x}px;top:{y}px;{HAND};font-size:40px;color:#1d2b8a;transform:rotate(-5deg)">{t}</span><svg style="position:absolute;left:4px;top:12px" width="80" height="22"><path d="M0 14 Q30 2 76 8 M4 4 Q40 18 74 12" stroke="#1d2b8a" stroke-width="2.6" fill="none"/></svg>'
    rows = [('A-11 羊绒围巾 900 条', '09/28', '10/02', '10/08', '10/11', '10/13'), ('B-03 短款棉服 260 件', '10/05', '10/09', '10/14', '10/17', '10/19'),
            ('C-07 双面呢大衣 412 件', '10/08' + pen('10/17', 8, -20), '10/10', '10/14', '10/18', '10/20' + pen('？', 34, -22)), ('C-09 毛呢半裙 180 件', '10/12', '10/15', '10/19', '10/22', '10/24'), ('D-02 灯芯绒裤 350 件', '10/16', '10/20', '10/25', '10/28', '10/30')]
    t = ''.join('<tr>' + ''.join(f'<td style="{st};{"text-align:left" if i == 0 else ""}">{c}</td>' for i, c in enumerate(r)) + '</tr>' for r in rows)
    hd = ''.join(f'<th style="{st};background:#e3e0d6">{c}</th>' for c in ('款号', '面料到', '裁', '缝', '后整', '发'))
    p = html(f'<div style="padding:38px 36px"><div style="font-size:44px;font-weight:900;text-align:center;letter-spacing:10px;margin-bottom:20px">十月排单</div><table style="font-size:21px"><tr>{hd}</tr>{t}</table><div style="font-size:15px;color:#555;margin-top:16px">面料到仓当日更新 · 改动请写日期</div></div>', 800, 560, 'body{background:#f6f3ea}', 2.5)
    d = Desk((2048, 1536), (-2.6, -11, 39), (.8, -.6), 28, -2.5, (.5, .8), aperture=.3, seed=4)
    d.base('paper', 0, 3, color='#b9c4b2')
    from scipy import ndimage
    n = tex.fbm(512, 512, 1.3, 7)
    hh = ndimage.map_coordinates(n, [(d.Y * 8) % 511, (d.X * 8) % 511], order=1)
    d.img *= (1 + .13 * (ndimage.sobel(hh, 1) * -.5 + ndimage.sobel(hh, 0) * .8))[..., None]
    d.sheet(p, 29.7, 20.8, 0, 0, 1.2, bend=.8, lift=.18, crease=.18, curl=.35, seed=6)
    for x, y, a in ((-14.2, 10.0, 40), (14.0, 10.5, -38), (-14.0, -10.2, -42), (14.4, -9.8, 44)):
        tp = np.ones((20, 60, 4)) * np.array([.82, .76, .58, .55])
        d.sheet(tp, 5, 1.8, x, y, a, bend=.2, lift=.03, gloss=.3, seed=int(x + 50), torn=.05)
    d.cable([(19.5, 16), (19.8, 8), (19.4, 2), (19.9, -3.5)], .06, (.8, .78, .7))
    d.rod((19.9, -3), (18.6, -15), .36, (.75, .13, .1), .35, 0, ((0, .8, (.7, .7, .7)), (10.6, 11.4, (.83, .7, .52)), (11.4, 13, (.12, .12, .12))))
    return d.finish(.32, (1.05, 1, .93), ev=.05)


# ---------- the fifty-gram parcel ----------

def grey_bag(d, x, y, turn, w=22, h=28, seed=3):
    g = np.ones((90, 90, 3)) * np.array([.53, .54, .56]) * (1 + (tex.fbm(90, 90, 1.8, seed) - .5)[..., None] * .1)
    d.sheet(g, w, h, x, y, turn, bend=.9, crease=.42, lift=.6, gloss=.28, seed=seed, fold=(('y', .93, .5),))


LIGHT = ('SL9014 **** 5528', ('****', '136****4471', '广东省中山市 ****'), ('何**', '138****2207', '江西省南昌市青山湖区 ****'), '电炖锅 4L', '0.05kg', '打印 2026-10-12 21:40', '南昌', '791-D4')


@shot('empty-parcel/waybill-50g.jpg', size=(1536, 2048), phone='sp8', taken='2026:10:15 18:22:09', sub='468', iso=250, exp='1/50', dev=dict(flat=True, noise=.013, contrast=1.08))
def w50():
    d = Desk((1536, 2048), (1.2, -12, 27), (0, .6), 28, -3, (-.6, .5), aperture=.5, seed=4)
    d.base('white', 2, 6)
    grey_bag(d, .6, 1.5, 3)
    d.sheet(waybill(*LIGHT, 57), 10, 15, 0, 0, 5, bend=.7, lift=.06, crease=.3, gloss=.14, seed=7)
    d.rod((-14, -12), (-12.2, 6), .42, (.75, .32, .05), .5, 0, ((8, 18, (.12, .12, .13)),))
    return d.finish(.26, (1.02, 1, .96), ev=.06)


@shot('empty-parcel/envelope-scale.jpg', phone='sp8', taken='2026:10:15 18:24:31', sub='093', iso=250, exp='1/50', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.013, contrast=1.08))
def on_scale():
    d = Desk((1536, 2048), (1.5, -15, 40), (0, -1.5), 28, 2.5, (-.6, .5), aperture=.3, seed=4)
    d.base('white', 2, 6)
    w = np.ones((40, 40, 3)) * np.array([.93, .935, .94])
    d.sheet(w, 20, 27, 0, -1.2, 3, bend=.05, lift=1.7, radius=2.0, gloss=.25, seed=2)
    st = np.ones((200, 200, 3)) * .62 * (1 + (tex.fbm(200, 200, .5, 3, 6, .2) - .5)[..., None] * .25)
    d.sheet(st, 18, 17, -.2, 2.6, 3, bend=.05, lift=.2, radius=1.4, gloss=.55, seed=3)
    x, y = d.local(0, -1.2, 3)
    bz = html('<div style="height:150px;background:#0d0d0f;border-radius:22px"></div>', 380, 150, '', 1, alpha=True)
    d.sheet(bz, 9.4, 4.1, .5, -10.8, 3, bend=0, lift=.02, gloss=.1)
    d.sheet(lcd('  52', 'g'), 7.8, 3.05, .5, -10.8, 3, bend=0, lift=.01, gloss=.1)
    for sx in (-7, 7.8):
        base_disc(d, sx + .3, -11 + (sx * .05), 1.1, (.80, .81, .82), ((.95, .1, .6),), .2, .12)
    grey_bag(d, .4, 3.6, -7, 19, 15, 5)
    d.sheet(waybill(*LIGHT, 57), 8.4, 12.6, .2, 3.4, 84, bend=.8, lift=.06, crease=.4, gloss=.14, seed=7)
    return d.finish(.18, (1.02, 1, .97), ev=-.12)


@shot('empty-parcel/opened-bag.jpg', phone='sp8', taken='2026:10:15 18:27:50', sub='640', iso=250, exp='1/50', dev=dict(flat=True, noise=.013, contrast=1.08))
def opened():
    d = Desk((2048, 1536), (1, -14, 46), (0, -.4), 28, -3, (-.6, .5), aperture=.3, seed=6)
    d.base('white', 2, 6)
    grey_bag(d, -15, 3, -8, 22, 26, 8)
    g = np.ones((20, 90, 3)) * np.array([.50, .51, .53])           # the strip that was cut off
    d.sheet(g, 21.6, 1.5, -13.6, 18.4, -3, bend=1.6, lift=.25, crease=.3, gloss=.25, seed=12)
    t = np.linspace(0, 2 * np.pi, 60)
    pts = [(8 + 9.7 * np.cos(a) * (1 + .03 * np.sin(2 * a)), 1 + 8.9 * np.sin(a)) for a in t]
    d.cable(pts[:-1] + [pts[0]], .42, (.92, .92, .90), .3)
    # the clear bag over it
    n = tex.fbm(512, 512, 2.0, 8, 2.2, .7)
    from scipy import ndimage
    lx, ly = d.local(8, 1, 6)
    e = np.maximum(np.abs(lx) - 12.5, np.abs(ly) - 11.5)
    ins = tex.smooth(.1, -.1, e)
    r = ndimage.map_coordinates(n, [(ly * 12 + 256) % 511, (lx * 12 + 256) % 511], order=1)
    d.img = d.img * (1 - .05 * ins[..., None]) + (tex.smooth(.6, .76, r) * ins)[..., None] * .3 * (1 - d.img) + (np.exp(-(e / .08) ** 2) * .12)[..., None]
    p = html('<div style="height:260px;background:#fff7e8;border:3px solid #e2a24a;text-align:center;padding-top:44px"><div style="font-size:50px;font-weight:800;color:#b5651d">感谢惠顾</div><div style="font-size:31px;margin-top:18px;line-height:1.5">主件另发<br>请留意签收</div></div>', 400, 260, '', 3)
    d.sheet(p, 8.6, 5.6, -3.4, -11.2, -11, bend=.4, lift=.15, seed=3)
    d.rod((20, -14), (23.2, -4), .75, (.8, .25, .05), .35, 0, ((7.2, 7.6, (.12, .12, .12)), (7.6, 20, (.72, .73, .74))))
    return d.finish(.2, (1.02, 1, .96), ev=-.12)


# ---------- bottoms and codes ----------

def jar_base(d, code, dots=False, turn=0, weak=None):
    base_disc(d, 0, 0, 3.1, (.90, .90, .885), ((2.75, .12, .5), (2.4, .16, -.4)), .35, 1.2)
    if dots:
        import io  # noqa: F401
        a = arr(html(f'<div style="text-align:center;font-size:21px;letter-spacing:3px;line-height:1.5;font-family:DejaVu Sans Mono;padding-top:8px">{code}</div>', 260, 84, '', 1))[..., 0]
        ink = a < .55
        H, W = ink.shape
        k = 4
        out = np.zeros((H * 6, W * 6, 4))
        yy, xx = np.mgrid[0:H * 6, 0:W * 6]
        g = tex.rng(5)
        for y in range(0, H, 2):
            for x in range(0, W, 2):
                if ink[y:y + 2, x:x + 2].mean() > .45:
                    al = .82 if (weak is None or not weak[0] <= y < weak[1]) else .28
                    cy, cx = (y + 1) * 6 + g.normal(0, .8), (x + 1) * 6 + g.normal(0, .8)
                    y0, x0 = int(cy) - 8, int(cx) - 8
                    if y0 < 0 or x0 < 0 or y0 + 17 > H * 6 or x0 + 17 > W * 6:
                        continue
                    dd = np.hypot(yy[y0:y0 + 17, x0:x0 + 17] - cy, xx[y0:y0 + 17, x0:x0 + 17] - cx)
                    out[y0:y0 + 17, x0:x0 + 17, 3] = np.maximum(out[y0:y0 + 17, x0:x0 + 17, 3], (1 - tex.smooth(k, k + 3, dd)) * al)
        out[..., :3] = .12
        d.sheet(out, 4.3, 4.3 * H / W, 0, 0, turn, bend=.1, lift=.002)
    else:
        p = html(f'<div style="text-align:center;font-size:40px;font-weight:700;line-height:1.4;letter-spacing:2px;padding-top:6px">{code}</div>', 480, 130, '', 3, alpha=True)
        d.sheet(p, 4.5, 1.22, 0, 0, turn, bend=.1, lift=.002)


@shot('cream-fake/code-counter.jpg', phone='p20', taken='2026:09:27 21:02:13', sub='377', iso=250, exp='1/50', dev=dict(flat=True, noise=.014, contrast=1.06, wb=(1.02, 1, .95)))
def code1():
    d = Desk((2048, 1536), (.5, -3.2, 8.4), (0, 0), 32, 6, (-.5, .6), aperture=.9, seed=3)
    d.base('walnut', 20, 9)
    jar_base(d, 'L6B19K<br>限用日期 2029-02-18', turn=-4)
    return d.finish(.2, (1.04, 1, .92), ev=-.2)


@shot('cream-fake/code-jar.jpg', phone='p20', taken='2026:10:04 22:25:06', sub='801', iso=320, exp='1/40', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.015, contrast=1.05, wb=(1.01, 1, .97)))
def code2():
    d = Desk((1536, 2048), (-.4, -2.8, 9.2), (0, 0), 33, -3, (.5, .6), aperture=.9, seed=4)
    d.base('tile', 12, 4, cm=11)
    jar_base(d, 'L6C12A<br>限用 20290311', True, 5, weak=(26, 32))
    return d.finish(.16, ev=-.3)


@shot('cream-fake/code-box.jpg', phone='p20', taken='2026:10:04 22:26:51', sub='233', iso=320, exp='1/40', dev=dict(flat=True, noise=.015, contrast=1.05, wb=(1.01, 1, .97)))
def code3():
    d = Desk((2048, 1536), (.8, -4.5, 10.5), (0, -.1), 31, -5, (-.6, .5), aperture=.8, seed=5)
    d.base('tile', 12, 4, cm=11)
    p = html('<div style="height:420px;background:#fbfaf7"><div style="position:absolute;left:0;right:0;top:70px;height:5px;background:#c08a72"></div><div style="position:absolute;left:60px;top:150px;font-size:44px;font-weight:600;letter-spacing:3px;line-height:1.5;color:#222">L6C21A<br>限用日期 2029-03-20</div><div style="position:absolute;right:30px;bottom:16px;font-size:15px;color:#a08a7c">绒序 保湿面霜 50 ml（示例）</div></div>', 620, 420, '', 3)
    d.sheet(np.ones((30, 30, 3)) * .93, 7.6, 7.0, 0, 2.6, 3, bend=.1, lift=1.6, seed=4)
    d.sheet(p, 7.2, 4.9, 0, -1.0, 3, bend=.4, lift=.35, crease=.1, fold=(('y', .93, .4),), seed=3)
    # the torn half of a clear seal
    m = (np.hypot(d.X - 2.4, d.Y - .9) < 1.25) & (d.Y < .95 + .12 * np.sin(d.X * 9) + .06 * np.sin(d.X * 31))
    from scipy import ndimage
    mm = ndimage.gaussian_filter(m.astype(float), 1)
    ed = np.abs(ndimage.gaussian_gradient_magnitude(m.astype(float), 1.2))
    d.img = d.img * (1 - .10 * mm)[..., None] + (mm * np.exp(-((d.X - 2.2 - d.Y) / .3) ** 2))[..., None] * .12 + ed[..., None] * .35
    return d.finish(.18, ev=-.2)


@shot('cream-fake/receipt.jpg', phone='n7', taken='2026:10:09 09:47:33', sub='519', iso=125, exp='1/80', dev=dict(flat=True, noise=.011, contrast=1.06))
def note():
    st = 'border:1.4px solid #3a4a8a;padding:7px 8px'
    tr = lambda *c: '<tr>' + ''.join(f'<td style="{st};{"text-align:right" if i else ""}">{x}</td>' for i, x in enumerate(c)) + '</tr>'
    p = html(f'''<div style="padding:30px 32px;color:#27357a;font-size:19px"><div style="font-size:34px;font-weight:800;text-align:center;letter-spacing:16px">送货单</div><div style="display:flex;justify-content:space-between;margin:10px 0 6px"><span>客户：杭州余杭 颐**</span><span>No. 00**41</span></div><div style="margin-bottom:10px">日期：2026-09-12</div>
    <table>{tr('<b>品名 规格</b>', '<b>数量</b>', '<b>单价</b>', '<b>金额</b>')}{tr('绒序 保湿面霜 50ml　批 L6C21A', '24 瓶', '98.00', '2,352.00')}{tr('绒序 洁面 100ml', '12 支', '42.00', '504.00')}{tr('　', '', '', '')}{tr('<b>合计</b>', '', '', '<b>2,856.00</b>')}</table>
    <div style="display:flex;justify-content:space-between;margin-top:16px"><span>送货：<span style="{HAND};font-size:34px">陈**</span></span><span>收货：<span style="{HAND};font-size:34px">颐**</span></span></div>
    <div style="position:absolute;right:60px;top:250px">{stamp('＊＊＊＊贸易商行', 165, rot=-14)}<div style="position:absolute;left:14px;top:16px;width:130px;height:34px;background:#e9dfe6;opacity:.8;filter:blur(5px)"></div></div></div>''', 720, 470, 'body{background:#f3eef2}', 2.5)
    d = Desk((2048, 1536), (-1, -12, 22), (0, -.4), 29, 4, (.6, .5), aperture=.5, seed=5)
    d.base('oak', 4, 12)
    d.sheet(p, 19, 12.4, 0, 0, 5, bend=.9, lift=.16, fold=(('x', .5, .5), ('y', .5, .2)), crease=.25, seed=8)
    d.cable([(-16, 7), (-13, 9), (-8, 8.4), (-7, 10.5), (-12, 13)], .2, (.1, .1, .1))
    d.rod((12.6, -8), (14.6, 5), .45, (.1, .25, .5), .5, 1.2)
    return d.finish(.25, ev=.1)


@shot('thermos-review/base-code.jpg', dev=dict(flat=True, noise=.015, contrast=1.1), q=74, size=(1440, 1440), maxkb=300)
def base_code():
    d = Desk((1440, 1440), (-.5, -3, 9.6), (0, 0), 33, 7, (.5, .6), aperture=.9, seed=4)
    d.base('tile', 12, 4, cm=16, color='#d8d0c2')
    base_disc(d, 0, 0, 3.5, (.10, .19, .15), (), .3, 1.4)
    from scipy import ndimage
    A = np.arctan2(d.Y, d.X)
    n = tex.fbm(256, 1024, 1.6, 5)
    nn = ndimage.map_coordinates(n, [np.full_like(A, 100) + np.hypot(d.X, d.Y) * 20, (A + np.pi) / 6.2832 * 1020], order=1)
    D = np.hypot(d.X, d.Y)
    w = .28 + .75 * np.exp(-((A + 1.9) / .42) ** 2)
    bare = tex.smooth(0, .06, D - (3.42 - w * (.4 + nn))) * (D < 3.46) * tex.smooth(.5, .56, nn + .45 * np.exp(-((A + 1.9) / .5) ** 2))
    d.img = d.img * (1 - bare[..., None]) + (np.array([.68, .68, .66]) * (.75 + .5 * nn[..., None])) * bare[..., None]
    base_disc(d, 0, 0, 2.75, (.66, .66, .65), ((2.45, .1, .6), (2.2, .1, -.4)), .25, .15, brushed=1.0)
    p = html('<div style="text-align:center;font-size:38px;line-height:1.5;font-weight:600;color:#3d3f42;padding-top:8px">500ml<br>304/316<br>批 2609</div>', 300, 190, '', 3, alpha=True)
    d.sheet(p, 3.1, 1.96, 0, 0, -6, bend=0, lift=.001)
    return d.finish(.2, ev=.15)


@shot('tea-marks/tin-bottoms.jpg', phone='s5', taken='2026:10:02 11:20:15', sub='071', iso=125, exp='1/80', orient=8, size=(2048, 1536), dev=FLAT)
def bottoms():
    d = Desk((2048, 1536), (.5, -5, 16.6), (0, 0), 29, 3, (-.6, .5), aperture=.5, seed=4)
    d.base('paper', 3, 6)
    lab = lambda a, b, dt: html(f'<div style="width:400px;height:400px;border-radius:50%;background:#f1ecdd;text-align:center;padding-top:78px;font-size:20px;line-height:1.75"><div class=serif style="font-size:34px;font-weight:800;letter-spacing:4px">{a}</div>{b}<br>生产者：福鼎市松**茶厂<br>许可证 SC1143509820**17<br><b>{dt}</b></div>', 400, 400, '', 3, alpha=True)
    for x, y, a, l in ((-5.2, .3, 4, lab('半亭雪', '白牡丹', '2024-04')), (5.3, -.2, -5, lab('半庭雪', '寿眉', '2026-05'))):
        base_disc(d, x, y, 4.1, (.10, .22, .17) if x < 0 else (.10, .23, .21), ((3.8, .12, .6),), .4, 1.6)
        base_disc(d, x, y, 3.6, (.60, .60, .58), ((3.4, .1, .5),), .3, .1, brushed=.7)
        d.sheet(l, 5.9, 5.9, x, y, a, bend=.2, lift=.03, seed=int(x + 9), gloss=.08, radius=2.94)
    return d.finish(.18, ev=-.1)


@shot('box-return/label-left.jpg', phone='ex40', taken='2026:10:03 10:15:09', sub='844', iso=200, exp='1/60', extra={'Flash': 9}, dev=dict(flat=True, noise=.013, contrast=1.14, vign=.4))
def label_left():
    d = Desk((2048, 1536), (1.5, -6, 20), (.2, 0), 29, -6, (.1, .9), aperture=.5, seed=4)
    d.base('kraft', 0, 14)
    ghost = tex.fbm(512, 512, 1.8, 5)
    p = html('''<div style="padding:16px;border:3px solid #222;margin:8px;height:330px"><div style="font-size:21px;font-weight:700;border-bottom:2px solid #222;padding-bottom:8px">远程示例快运</div><div style="display:flex;gap:12px;margin-top:16px"><span style="background:#111;color:#fff;font-size:26px;font-weight:800;padding:4px 10px;height:46px">收</span><div style="font-size:30px;font-weight:700;line-height:1.45">陈**　138****2207<br>锦*苑 3 栋</div></div><div style="font-size:17px;color:#333;margin-top:18px">寄　周**　****　浙江省 ****</div></div>''', 520, 350, '', 3)
    d.sheet(np.ones((60, 60, 3)) * np.array([.80, .72, .60]), 12, 16, .4, -2.4, -4, bend=.2, lift=.02, torn=1.3, seed=3, crease=.4)
    d.sheet(p, 11.6, 7.8, 0, 2.4, -4, bend=.5, lift=.08, torn=.75, crease=.35, seed=5, gloss=.1)
    d.sheet(np.ones((40, 40, 3)) * .86, 6.5, 1.7, -1.8, -4.2, 3, bend=1.4, lift=.4, torn=.9, crease=.6, seed=8)
    d.rod((4.5, -8.5), (10.5, -2.4), .75, (.05, .05, .06), .6, 0, ((5.4, 9, (.10, .10, .11)), (5.3, 5.5, (.5, .5, .5))))
    d.img *= (1 - .2 * tex.smooth(4, 13, np.hypot(d.X, d.Y)))[..., None]
    return d.finish(.05, (.97, 1, 1.03), ev=.12)
