"""orange-crate: small oranges, sound and spoilt, in the carton, on the scale, in rows."""
import bpy
import numpy as np

from kit import tex
from kit.printed import html, lcd, waybill
from kit.props import carton, kraft_mat, paper, phone, scale, top, towel
from kit.scene import Mat, ball, board_text, box, camera, give, grid, img, lamp, load, mesh, place, plate, render, reset, room, sample
from . import shot

_mats = {}


def skin(kind):
    """kind: good, scar, mould, soft."""
    if kind in _mats:
        return _mats[kind]
    n = {'good': 0, 'scar': 1, 'mould': 2, 'soft': 3, 'wet': 4}[kind]
    h, w = 512, 1024
    v = tex.fbm(h, w, 2.2, 31 + n)
    f = tex.fbm(h, w, .7, 41 + n)
    c = tex.ramp(np.clip(v, 0, 1), [(0, tex.hexc('#d9780f')), (.5, tex.hexc('#ef9a1c')), (1, tex.hexc('#f3b53a'))])
    pore = tex.speckle(h, w, 7 + n, .02, 1.1)
    c = c * (1 - .16 * pore[..., None]) * (1 + (f - .5)[..., None] * .1)
    rough = np.full((h, w), .38) + (f - .5) * .2
    hgt = .5 - pore * .6
    yy, xx = np.mgrid[0:h, 0:w]
    stem = tex.smooth(24, 10, yy.astype(float))
    c = tex.mix(c, tex.hexc('#6b6a2c'), stem * .9)
    d = np.hypot((xx - w * .5) / 2.0, (yy - h * .42)) / h
    d = d + (tex.fbm(h, w, 2.0, 51 + n) - .5) * .16
    if kind == 'scar':
        s = tex.smooth(.55, .7, tex.fbm(h, w, 1.7, 61)) * tex.smooth(.5, .2, d)
        c = tex.mix(c, tex.hexc('#8a6a3c'), s * .85)
        hgt = hgt + s * .5
        rough += s * .35
    if kind in ('mould', 'soft', 'wet'):
        soft = tex.smooth(.42, .3, d)
        c = tex.mix(c, tex.hexc('#a35d12' if kind != 'wet' else '#e58f14'), soft * .75)
        rough -= soft * .2
    if kind == 'mould':
        white = tex.smooth(.34, .25, d)
        fz = tex.fbm(h, w, .9, 71)
        c = tex.mix(c, tex.hexc('#e7e6da') * (.85 + .3 * fz[..., None]), white * .96)
        gr = tex.smooth(.24, .15, d)
        c = tex.mix(c, tex.hexc('#7d8f78') * (.75 + .5 * fz[..., None]), gr * .95)
        rough = np.maximum(rough, white * .98)
        hgt = hgt + white * (.5 + (fz - .5) * 2.2)
    m = Mat('skin_' + kind, coat=.12, coat_rough=.3, sss=.0)
    m.set('Base Color', m.image(img(np.clip(c, 0, 1))).outputs['Color'])
    m.set('Roughness', m.image(img(np.clip(rough, .1, 1), False)).outputs['Color'])
    m.bump(m.image(img(hgt, False)).outputs['Color'], .55, .06)
    _mats[kind] = m
    return m


def orange(loc, kind='good', r=2.9, seed=0, up=None):
    g = tex.rng(seed)
    ob = ball(r, 56)
    co = np.array([v.co for v in ob.data.vertices])
    d = co / np.linalg.norm(co, axis=1, keepdims=True)
    k = np.zeros(len(d))
    for _ in range(4):
        ax = g.normal(0, 1, 3)
        k += np.sin(d @ ax * 1.6 + g.uniform(0, 6)) * .012
    k -= .10 * np.exp(-((1 - d[:, 2]) / .012)) + .03 * np.exp(-((1 + d[:, 2]) / .02))
    co = co * (1 + k)[:, None]
    co[:, 2] *= g.uniform(.86, .95)
    if kind in ('mould', 'soft'):
        # the bad side (u = .5, a little above the middle) has sunk in
        q = np.array([-.95, 0, .3])
        q /= np.linalg.norm(q)
        co -= q * (np.clip(d @ q - .62, 0, 1) * r * (.55 if kind == 'soft' else .35))[:, None]
    ob.data.vertices.foreach_set('co', co.astype(np.float32).ravel())
    give(ob, skin(kind))
    if up is None:
        rot = g.uniform(0, 360, 3)
        if kind != 'good':
            rot = (g.uniform(-25, 25), g.uniform(55, 95), g.uniform(0, 360))
    else:
        rot = up
    return place(ob, loc, rot)


def fresh():
    reset()
    _mats.clear()


def heap(w, d, r, z, kinds, seed, jitter=.35, rows=None):
    g = tex.rng(seed)
    nx, ny = int(w / (2 * r)), int(d / (1.8 * r))
    i = 0
    out = []
    for y in range(ny):
        for x in range(nx if y % 2 == 0 else nx - 1):
            px = (x - (nx - 1) / 2) * 2.03 * r + (r if y % 2 else 0)
            py = (y - (ny - 1) / 2) * 1.80 * r
            k = kinds.get(i, 'good')
            orange((px + g.normal(0, jitter * .3), py + g.normal(0, jitter * .3), z + g.normal(0, jitter)), k, r * g.uniform(.93, 1.06), seed * 100 + i)
            out.append((px, py))
            i += 1
    return out


def crate(kinds, seed, open_=(108, 118, 112, 122), stain=True):
    carton(36, 26, 17, open_, '#b18c5c')
    side = html('''<div style="text-align:center;color:#a23a17;padding-top:14px"><div class=serif style="font-size:120px;font-weight:900;letter-spacing:16px">冰糖橙</div>
      <div style="font-size:44px;font-weight:700;letter-spacing:8px">10斤装 · 轻拿轻放</div></div>''', 620, 260, alpha=True)
    board_text(side, 26, 11, (0, -13.35, 8.5), (90, 0, 0))
    for x in (-18.3, 18.3):
        hole = give(plate(8, 2.6, .1, 1.2, .02), Mat('hole', color=(.02, .014, .008), rough=1))
        place(hole, (x, 0, 12.5), (90, 0, 90))
    if stain:
        n = tex.fbm(256, 256, 2.4, 77)
        yy, xx = np.mgrid[0:256, 0:256] / 256
        a = tex.smooth(.5, .42, np.hypot(xx - .5, (yy - 1.0) * .9) + (n - .5) * .5) * .5
        e = np.dstack([np.ones((256, 256, 3)) * tex.hexc('#4d3214'), a])
        board_text(e, 13, 9, (10, -13.37, 4.6), (90, 0, 0))
    # paper liner
    hm = tex.crumple(160, 4, 80)
    ob = grid(42, 32, 100, 80, lambda x, y, u, v: (-x * .16, -y * .2, 7 + (sample(hm, u, v) - .5) * 1.4 + 11 * np.clip(np.maximum(np.abs(x) / 21, np.abs(y) / 16) - .68, 0, 1) * 2.6))
    give(ob, Mat('liner', color=(.72, .70, .64), rough=.9))
    return heap(34.4, 24.6, 2.95, 12.2, kinds, seed)


@shot('orange-crate/crate-open.jpg', phone='sp8', taken='2026:10:23 11:06:39', sub='201', iso=125, exp='1/100', gps=(30.50, 114.40),
      dev=dict(ev=.2, wb=(.99, 1, 1.03), noise=.01))
def crate_open():
    fresh()
    room('day', 150, 1.05)
    top('tile', 300, turn=18)
    crate({1: 'mould', 3: 'mould', 7: 'soft', 10: 'mould', 12: 'mould', 13: 'wet', 16: 'mould'}, 3)
    mat = give(box(60, 40, 1.2, .4), Mat('doormat', color=(.09, .035, .03), rough=1))
    place(mat, (6, 52, .6), (0, 0, 3))
    give(place(box(1.2, 13, .7, .3), (27, -15, .4), (0, 0, 35)), Mat('key', color=(.6, .5, .2), rough=.3, metal=1))
    camera((-4, -27, 60), (.5, -1.5, 9), 26, 11, 4)
    return render(1216, 912, 18)


@shot('orange-crate/bad-on-scale.jpg', phone='sp8', taken='2026:10:25 19:33:50', sub='770', iso=400, exp='1/40', orient=8, size=(1536, 2048),
      dev=dict(ev=.35, wb=(.98, 1, 1.02), noise=.016))
def on_scale():
    fresh()
    room('evening', 0, 1.2)
    lamp((30, -20, 90), (0, 0, 3), 40, 2.4, (1, .9, .76))
    top('white', 300)
    scale((0, 0, 0), 4, lcd(' 0.96', 'kg'))
    ks = ['mould', 'mould', 'wet', 'soft', 'mould', 'soft', 'mould', 'mould', 'mould']
    g = tex.rng(5)
    for i, (x, y, z) in enumerate(((-5, 0, 4.6), (0, .4, 4.6), (5, -.3, 4.6), (-2.6, 5.2, 4.6), (2.8, 5, 4.6), (-6, 6.4, 4.5), (-2, 2.4, 8.9), (3, 2.2, 8.8), (6.6, 6, 4.5))):
        orange((x, y + .5, z), ks[i], 2.8, 60 + i, up=(g.uniform(-30, 30), g.uniform(30, 75), g.uniform(20, 130)))
    # the thin bag round them: a sagging film
    hm = tex.crumple(160, 9, 110)

    def film(x, y, u, v):
        r = np.hypot(x / 11.5, y / 9.5)
        return -x * .1 * r, -y * .1 * r, 2.6 + 9.2 * np.sqrt(np.clip(1.08 - r ** 2 * .8, 0, 1)) * tex.smooth(1.12, .75, r) + (sample(hm, u, v) - .5) * 1.1
    ob = grid(26, 22, 150, 130, film)
    m = Mat('film', color=(.9, .92, .93), rough=.12, alpha=.2)
    fr = m.node('ShaderNodeLayerWeight')
    fr.inputs['Blend'].default_value = .4
    m.set('Alpha', m.ramp(fr.outputs['Facing'], [(0, .05), (.5, .16), (1, .75)]))
    m.bump(m.noise(1.4, 6), .8, .3)
    place(give(ob, m), (0, 3.5, 0))
    towel((-20, 18, 0), 22, 20, 60, ('#c7b27a', '#a88f52'), 4)
    camera((-4, -30, 33), (0, -1, 3), 27, 10, -3)
    return render(912, 1216, 18)


@shot('orange-crate/sorted-row.jpg', phone='sp8', taken='2026:10:25 19:29:12', sub='055', iso=320, exp='1/50', size=(4032, 3024), maxkb=1500,
      dev=dict(ev=.35, wb=(.98, 1, 1.02), noise=.016))
def rows():
    fresh()
    room('evening', 40, 1.3)
    lamp((40, 10, 120), (0, 0, 3), 50, 4.0, (1, .92, .8))
    top('red', 400, turn=5, seed=5)
    for i, (x, y, t) in enumerate(((-17, 4, 3), (19, -3, -4))):
        col = ''.join(f'<p style="margin-bottom:7px">{"示例日报讯　" if k % 5 == 0 else ""}{"入秋以来，各地果园陆续开园，采摘分级装箱一派忙碌，合作社的仓库灯火到深夜。" * (4 + k % 2)}</p>' for k in range(11))
        news = html(f'<div style="padding:22px"><div class=serif style="font-size:46px;font-weight:900;border-bottom:3px solid #222">{"示例晚报　柑橘开园" if i else "秋收 · 果香满山"}</div><div style="columns:4;column-gap:14px;font-size:11px;line-height:1.5;margin-top:10px;color:#333;text-align:justify">{col}</div></div>',
                    760, 1000, 'body{background:#d9d5c8}', 2)
        place(paper(news, 42, 55, .5, 4 + i, 60, fold=(('y', .5),), fold_k=.6, crumple=.5), (x, y, 0), (0, 0, t + 90 * i))
    g = tex.rng(8)

    def row(x, y0, n, kinds, s):
        for i in range(n):
            k = kinds[i % len(kinds)]
            up = (g.uniform(-20, 20), g.uniform(40, 80), g.uniform(60, 120)) if k != 'good' else None
            orange((x + g.normal(0, .35), y0 - i * 6.0 + g.normal(0, .4), 2.7), k, 2.8 * g.uniform(.94, 1.05), s + i, up)
    row(-29, 23, 9, ['mould', 'mould', 'soft', 'mould', 'wet', 'mould', 'mould', 'soft', 'mould'], 100)
    row(-20, 22, 5, ['scar'], 130)
    for j in range(5):
        row(-9 + j * 6.4, 19 - (j % 2) * .8, 6, ['good'], 150 + 10 * j)
    camera((-2, -12, 70), (-2, -1.5, 2), 27, 14, -2.5)
    return render(1344, 1008, 18)


@shot('orange-crate/waybill.jpg', phone='sp8', taken='2026:10:23 11:07:20', sub='548', iso=125, exp='1/80',
      dev=dict(ev=.1, noise=.01))
def label():
    fresh()
    room('day', 170, 1.05)
    c, h = tex.kraft(seed=3, base='#b18c5c', flute=40)
    ob = grid(60, 60, 1, 1)
    m = Mat('side', rough=.85)
    m.set('Base Color', m.image(img(c), 2).outputs['Color'])
    m.bump(m.image(img(h, False), 2).outputs['Color'], .4, .05)
    give(ob, m)
    wb = waybill('SL7702 **** 3316', ('张**', '151****7720', '湖南省怀化市 ****'), ('钟**', '138****2207', '湖北省武汉市洪山区 ****'), '生鲜（橙）', '5.02kg', '2026-10-20 17:46', '武汉', '027-C3', 33, '<b>生鲜</b>')
    place(paper(wb.replace('', ''), 10, 15, .25, 12, 80, fold=(('y', .62),), fold_k=.18), (0, 0, .1), (0, 0, 86))
    from kit.props import tape_strip
    tape_strip(60, 5, .35).location.y = -9.5
    text = html('<div class=serif style="font-size:150px;font-weight:900;color:#a23a17;white-space:nowrap">10斤装</div>', 520, 230, alpha=True)
    board_text(text, 17, 7.5, (-5, 12, .08), (0, 0, 0))
    camera((2.5, -9, 19), (.4, .4, 0), 28, 12, -5)
    return render(1408, 1056, 16)


@shot('orange-crate/packing-line.jpg', phone='sp6', taken='2026:10:20 14:40:10', sub='333', iso=200, exp='1/60', software='示例相机 3.1',
      dev=dict(ev=.05, wb=(.98, 1.01, 1), noise=.012))
def packing():
    fresh()
    room('store', 40, 1.0)
    lamp((-40, -60, 150), (0, 0, 5), 80, 3.2, (.96, 1, .98))
    top('white', 240)
    base = give(plate(46, 38, 3, 3, .5), Mat('platform', color=(.5, .51, .5), rough=.35, metal=.7))
    place(base, (0, 4, 0))
    for o in (crate({}, 9, (112, 105, 118, 110), False),):
        pass
    for o in bpy.data.objects:
        if o.parent is None and o.type in ('MESH', 'EMPTY') and o.name not in ('sheet', base.name) and not o.name.startswith('plate'):
            o.location.z += 3
    post = give(box(3, 3, 46, .5), Mat('post', color=(.55, .56, .56), rough=.4, metal=.6))
    place(post, (-27, 14, 23))
    head = give(box(17, 4, 10, .8), Mat('head', color=(.08, .1, .11), rough=.45))
    place(head, (-27, 11, 44), (-18, 0, 8))
    m = Mat('lcd', rough=.3)
    t = m.image(load(lcd('4.31', 'kg')), ext='EXTEND').outputs['Color']
    m.set('Base Color', t)
    m.set('Emission Color', t)
    m.set('Emission Strength', .5)
    place(give(grid(13, 5.2, 1, 1), m), (-26.75, 8.75, 45.0), (72, 0, 8))
    slip = html('<div style="padding:8px 16px;font-size:74px;font-family:Caveat,Long Cang;color:#1d1d1d;white-space:nowrap">10-20 净果</div>', 330, 120)
    place(paper(slip, 17, 6.2, .3, 5, 30), (12, -24, 0), (0, 0, 6))
    for i in range(14):
        orange((34 + 6.1 * (i % 4), 8 + 6 * (i // 4), 2.7), 'good', 2.8, 300 + i)
    camera((-6, -62, 62), (-5, 2, 22), 25, 14, 2)
    return render(1216, 912, 18)
