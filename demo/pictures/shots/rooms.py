"""Lamps, mugs, the still life, cartons in rooms, gift box, mat roll, the fifty-gram parcel."""
import os

import bpy
import numpy as np

from kit import tex
from kit.printed import html, lcd, waybill
from kit.props import board, bubble, carton, crumpled, kraft_mat, paper, pen, phone, scale, steel, sweep, tape_roll, tape_strip, top, towel, usb_cable, wall  # noqa: F401
from kit.scene import Mat, ball, board_text, box, cable, camera, curve_prof, give, grid, img, lamp, lathe, load, mesh, place, plate, render, reset, room, sample
from . import shot
from .vessels import clear, wood_mat


def point(loc, power, color=(1, .8, .55), r=1.5):
    l = bpy.data.lights.new('p', 'POINT')
    l.energy, l.color, l.shadow_soft_size = power, color, r
    o = bpy.data.objects.new('p', l)
    bpy.context.collection.objects.link(o)
    o.location = loc
    return o


def book(loc, w, d, h, turn, color):
    m = Mat('cover', color=color, rough=.5)
    place(give(box(w, d, h, .1), m), (loc[0], loc[1], loc[2] + h / 2), (0, 0, turn))
    p = Mat('pages', color=(.75, .72, .64), rough=.9)
    p.bump(p.noise(3, 2, map_scale=(.2, .2, 40)), .5, .05)
    a = np.radians(turn)
    place(give(box(w * .98, d * .96, h * .78, .02), p), (loc[0] + .22 * np.cos(a) + .1 * np.sin(a), loc[1] - .3 * np.cos(a), loc[2] + h / 2), (0, 0, turn))


def banker(loc, on=True, turn=0):
    """A small brass and green enamel lamp with a dial on its base."""
    x, y, z = loc
    en = Mat('enamel', color=(.006, .075, .04), rough=.12, coat=1)
    br = Mat('brass', color=(.72, .47, .16), rough=.22, metal=1)
    place(give(lathe(curve_prof([(0, 0), (7.8, 0), (7.8, 0), (8.1, .3), (8.0, 1.1), (6.2, 1.9), (2.2, 2.5), (0, 2.6)], 6), 96), en), loc)
    place(give(lathe(curve_prof([(0, 0), (1.25, 0), (1.25, 0), (1.2, .9), (1.0, 1.0), (0, 1.0)], 5), 48, wob=lambda t, v: 1 + .03 * np.sign(np.sin(t * 24)) * ((v > .3) & (v < .7))), br), (x + .6, y - 5.0, z + 1.95), (22, 0, 0))
    give(cable([(x, y + 1.5, z + 2.4), (x, y + 1.5, z + 12), (x, y + 1.5, z + 20), (x, y + .8, z + 25), (x, y - 1.5, z + 27.2), (x, y - 4, z + 26.6)], .55), br)
    sh = give(lathe(curve_prof([(1.0, 4.6), (1.2, 4.6), (3.4, 4.0), (6.0, 2.2), (7.2, 0), (7.2, 0), (7.05, 0), (5.8, 2.1), (3.3, 3.8), (1.0, 4.3)], 8), 96), en)
    place(sh, (x, y - 4.6, z + 22.2), (14, 0, 0))
    place(give(lathe([(0, 0), (1.1, 0), (1.1, 1.2), (0, 1.3)], 32), br), (x, y - 4.6, z + 26.2), (14, 0, 0))
    b = give(ball(2.1, 32), Mat('bulb', color=(1, 1, 1), rough=.4, emit=(1, .76, .42), emit_k=22 if on else 0))
    place(b, (x, y - 4.9, z + 23.6))
    if on:
        point((x, y - 5.1, z + 21.0), 5.5e4, r=2.2)
    give(cable([(x, y + 7.5, z + .6), (x + 1, y + 12, z + .3), (x + 7, y + 16, z + .3), (x + 9, y + 24, z + .4), (x + 6, y + 33, z + 2)], .28), Mat('braid', color=(.16, .08, .035), rough=.9))


@shot('en-lamp/lamp.jpg', phone='ex40', taken='2026:10:24 22:47:05', offset='-05:00', sub='519', iso=800, exp='1/25', orient=6, size=(1536, 2048), dev=dict(ev=.55, noise=.02, bloom=.12, wb=(.94, 1, 1.14)))
def en_lamp():
    reset()
    room('night', 140, .5)
    top('walnut', 90, seed=6)
    wall('#8f8878', 32)
    banker((0, 2, 0))
    book((-13, -2, 0), 13, 19, 2.6, 18, (.25, .05, .04))
    book((-12.6, -2, 2.6), 12, 17.5, 1.9, 9, (.08, .12, .2))
    place(give(lathe(curve_prof([(0, .3), (2.7, .3), (2.7, .3), (3.2, 10.5), (3.35, 10.6), (3.4, 10.5), (2.9, 0), (2.9, 0), (0, 0)], 4), 64), clear(.13)), (12.5, -4, 0))
    place(give(lathe([(0, 7.4), (3.0, 7.4)], 48), Mat('water', color=(.8, .85, .85), rough=.02, alpha=.35, coat=1)), (12.5, -4, 0))
    camera((-5, -48, 27), (-.6, 0, 13), 29, 9, 2, focus=(0, -5, 18))
    return render(912, 1216, 22)


@shot('en-lamp/box.jpg', phone='ex40', taken='2026:10:14 18:31:22', offset='-05:00', sub='704', iso=320, exp='1/40', dev=dict(ev=.3, noise=.015))
def en_box():
    reset()
    room('evening', 30, 1.2)
    lamp((-40, -30, 130), (0, 0, 5), 50, 4.2, (1, .9, .74))
    top('tile', 300, turn=25)
    carton(34, 26, 20, (116, 122, 112, 124), base='#a8875d')
    hm = tex.fbm(200, 200, 2.0, 5)
    pulp = grid(33, 25, 120, 90, lambda x, y, u, v: (0, 0, 11 + 3.2 * tex.smooth(.46, .52, .5 + .5 * np.sin(x * .5) * np.cos(y * .42)) + (sample(hm, u, v) - .5) * .8))
    pm = Mat('pulp', color=(.27, .27, .26), rough=1)
    pm.bump(pm.noise(6, 8), .8, .15)
    give(pulp, pm)
    en = Mat('enamel', color=(.006, .075, .04), rough=.12, coat=1)
    place(give(lathe(curve_prof([(0, 0), (7.8, 0), (7.8, 0), (8.1, .3), (8.0, 1.1), (6.2, 1.9), (2.2, 2.5), (0, 2.6)], 6), 80), en), (-8.2, -.5, 13.2), (10, -8, 0))
    hm2 = tex.crumple(220, 5, 150)
    ti = Mat('tissue', color=(.80, .79, .76), rough=.85)
    tissue = grid(17, 15, 110, 100, lambda x, y, u, v: (0, 0, 5.6 * np.exp(-((x / 6.4) ** 2 + (y / 5.6) ** 2) ** 1.6) + (sample(hm2, u, v) - .5) * 4.6))
    place(give(tissue, ti), (7.6, 4.2, 13.4), (0, 0, 18))
    give(cable([(-2, 9, 15), (3, 9.5, 15.4), (9, 9, 15), (14, 7, 14.6)], .55), Mat('brass', color=(.72, .47, .16), rough=.22, metal=1))
    s = html('<div style="font-family:DejaVu Sans;padding:26px"><div style="font-size:30px;font-weight:800;border-bottom:3px solid #111;padding-bottom:8px">BEFORE FIRST USE</div>' + ''.join(f'<div style="height:9px;background:#c9c9c9;margin-top:13px;width:{w}%"></div>' for w in (92, 84, 95, 60, 90, 88, 93, 40)) + '</div>', 330, 460, '', 3)
    place(paper(s, 9, 12.5, .4, 5, 40, fold=(('x', .5),), fold_k=.4), (2.2, -5.6, 18.4), (7, -2, -14))
    camera((3, -31, 53), (.5, -1, 10), 27, 12, 4)
    return render(1152, 864, 18)


@shot('en-lamp/box-leaflet.jpg', size=(1543, 1157), q=78, dev=dict(flat=True, noise=0, sharp=0, vign=0, bloom=0, contrast=1, sat=1.136))
def box_again():
    """The buyer's picture as the seller saved it from the messages: smaller, nothing left of its EXIF."""
    from PIL import Image
    with Image.open(os.path.join(os.path.dirname(__file__), '../../cases/en-lamp/photos/box.jpg')) as im:
        return np.asarray(im.convert('RGB'), np.float32) / 255


@shot('en-lamp/bench.jpg', phone='ex6', taken='2026:10:29 10:05:12', offset='-05:00', sub='086', iso=125, exp='1/100', gps=(41.88, -87.63), extra={'GPSLongitudeRef': 'W', 'GPSLongitude': 87.63}, dev=dict(ev=.1, noise=.01))
def bench():
    reset()
    room('office', 40, 1.0)
    top('pale', 260, seed=4, planks=3)
    wall('#b9b7ae', 60)
    banker((-38, 6, 0), True)
    m = ''.join(f'<rect x="{i * 10}" y="0" width="1.6" height="{44 if i % 12 == 0 else 30 if i % 6 == 0 else 20}" fill="#3a2a14"/>' + (f'<text x="{i * 10 + 4}" y="66" font-size="24">{i // 12}</text>' if i % 12 == 0 and i else '') for i in range(217))
    p = html(f'<svg width="2170" height="80" font-family="DejaVu Sans">{m}</svg>', 2170, 80, 'body{background:#d9b377}', 1)
    b = give(box(91, 2.8, .5, .05), wood_mat())
    place(b, (10, -2, .25))
    board_text(p, 90.5, 2.7, (10, -2, .53), (0, 0, 0))
    for a in (90, 210, 330):
        r = np.radians(a)
        give(cable([(56, -2, 9), (56 + 3 * np.cos(r), -2 + 3 * np.sin(r), 4.5), (56 + 5 * np.cos(r), -2 + 5 * np.sin(r), 0)], .35), Mat('leg', color=(.03, .03, .03), rough=.5))
    place(give(box(5.2, 2.8, 13, .6), Mat('meter', color=(.06, .065, .07), rough=.5)), (56, -2, 15.5), (0, 0, -12))
    mm = Mat('lcd', rough=.3)
    t = mm.image(load(lcd(' 24', 'dB')), ext='EXTEND').outputs['Color']
    mm.set('Base Color', t)
    mm.set('Emission Color', t)
    mm.set('Emission Strength', .5)
    place(give(grid(4.2, 1.9, 1, 1), mm), (55.7, -3.45, 18.5), (90, 0, -12))
    place(give(ball(1.3, 24), Mat('foam', color=(.02, .02, .02), rough=1)), (56, -2, 23))
    for x, h in ((-10, 16), (8, 11), (24, 20)):
        place(give(box(10, 12, h, .15), kraft_mat(30 + x, '#a88a62')), (x, 42, h / 2), (0, 0, x))
    camera((14, -72, 40), (8, 0, 9), 27, 14, 1)
    return render(1216, 912, 18)


def sound_still(on):
    """A phone with a sound meter beside the lamp's base, at night."""
    reset()
    room('night', 140, .55 if on else .35)
    top('walnut', 90, seed=6)
    wall('#8f8878', 32)
    banker((-7, 2, 0), on)
    if not on:
        point((-60, -30, 70), 2.6e4, (1, .86, .66), 8)
    g = tex.rng(5 if on else 6)
    db = 43 if on else 34
    bars = ''.join(f'<rect x="{14 + i * 9}" y="{210 - b}" width="6" height="{b}" fill="#49c6a5"/>' for i, b in enumerate(np.clip(g.normal(db * 2.6 - 40, 7, 33), 8, 150)))
    s = html(f'''<div style="height:660px;background:#0c1114;color:#e8f0f0;font-family:DejaVu Sans;text-align:center"><div style="display:flex;justify-content:space-between;font-size:13px;padding:12px 22px"><span>23:{20 if on else 19}</span><span>62%</span></div><div style="font-size:19px;margin-top:24px;color:#9fb3b3">Sound level</div>
    <div style="font-size:116px;font-weight:800;margin-top:26px;line-height:1">{db}</div><div style="font-size:34px">dB</div><svg width="310" height="220" style="margin-top:12px">{bars}</svg><div style="font-size:17px;color:#9fb3b3;margin-top:6px">min {db - 2}　avg {db}　max {db + 3}</div></div>''', 320, 660, '', 2)
    root = bpy.data.objects.new('phone', None)
    bpy.context.collection.objects.link(root)
    b = give(plate(7.2, 15.4, .8, 1.1, .18), Mat('body', color=(.02, .02, .025), rough=.3))
    m = Mat('screen', color=(0, 0, 0), rough=.08)
    m.set('Emission Color', m.image(load(s), ext='EXTEND').outputs['Color'])
    m.set('Emission Strength', 1.5 if on else .8)
    q = give(grid(6.7, 14.6, 1, 1), m)
    q.location.z = .83
    b.parent = q.parent = root
    place(root, (11.5, 1.0, 7.6), (72, 0, -9))
    book((12.6, 7.2, 0), 12, 4, 13, -9, (.08, .12, .2))
    camera((4.5, -31, 15), (2.0, 0, 8.6), 27, 10, -2, focus=(8, 0, 8))
    return render(1216, 684, 14)


NIGHT = dict(noise=.045, sharp=.5, blur=.6, wb=(.98, 1, 1.05), vign=.25)


@shot('en-lamp/still-off.jpg', size=(1920, 1080), q=70, maxkb=200, dev=dict(ev=.5, **NIGHT))
def still_off():
    return sound_still(False)


@shot('en-lamp/still-on.jpg', size=(1920, 1080), q=70, maxkb=200, dev=dict(ev=.1, **NIGHT))
def still_on():
    return sound_still(True)


def nursery_lamp(loc, on=True):
    x, y, z = loc
    cr = Mat('cream', color=(.78, .70, .54), rough=.4, coat=.2)
    place(give(lathe(curve_prof([(0, 0), (7.5, 0), (7.5, 0), (7.6, .3), (7.6, 1.6), (7.4, 1.9), (0, 1.95)], 6), 96), wood_mat()), loc)
    give(cable([(x + 3, y + 2, z + 1.8), (x + 3.4, y + 2, z + 14), (x + 3, y + 2, z + 22), (x, y + 1, z + 28), (x - 5, y - 1, z + 28.5)], .5), cr)
    sh = give(lathe(curve_prof([(1.6, 7), (2.0, 7.2), (2.6, 6.6), (7.4, 0), (7.4, 0), (7.25, 0), (2.4, 6.3), (1.6, 6.8)], 6), 96), cr)
    place(sh, (x - 6.5, y - 1.6, z + 21.6), (6, 10, 0))
    place(give(ball(2.4, 32), Mat('bulb', color=(1, 1, 1), emit=(1, .85, .58), emit_k=24 if on else 0)), (x - 6.4, y - 1.6, z + 23.2))
    if on:
        point((x - 6.6, y - 1.7, z + 20.6), 5.0e4, (1, .84, .6), 2.4)


@shot('lamp-review/lamp-on.jpg', phone='sp7', taken='2026:10:11 20:15:48', sub='962', iso=3200, exp='1/1000', dev=dict(ev=.3, noise=.026, bloom=.1, wb=(1.0, 1, 1.0)))
def lamp_on():
    reset()
    room('evening', 100, .25)
    top('pale', 160, seed=3)
    wall('#b9b39f', 34)
    nursery_lamp((3, 4, 0))
    for i, (h, c, w) in enumerate(((24, (.5, .1, .08), 3), (22, (.08, .2, .4), 2.2), (25, (.5, .4, .1), 3.4), (21, (.1, .3, .2), 2.6), (23.5, (.4, .2, .35), 2))):
        place(give(box(w, 16, h, .12), Mat('spine', color=c, rough=.5)), (16 + i * 3.1, 14, h / 2), (0, (-2, 0, 3, 0, 7)[i], 0))
    s = html('<div style="padding:20px;background:repeating-linear-gradient(#fff 0 38px,#b9cfe6 38px 40px);height:560px"></div>', 400, 560, '', 2)
    place(paper(s, 17, 24, .6, 5, 40), (-11, -8, 0), (0, 0, 9))
    pen((-4, -10, 0), 40, (.6, .35, .02), 17)
    camera((-7, -48, 31), (1, 0, 13), 27, 10, -2.5, focus=(-3, -2, 18))
    a = render(1152, 864, 20)
    y = np.arange(a.shape[0]) / a.shape[0]
    band = .5 + .5 * np.cos(2 * np.pi * (y * 4.3 + .2))
    return a * (1 - .52 * tex.smooth(.45, .95, band))[:, None, None]


@shot('lamp-review/box-corner.jpg', phone='sp7', taken='2026:10:11 19:52:30', sub='417', iso=320, exp='1/50', orient=6, size=(1536, 2048), dev=dict(ev=.25, noise=.015))
def box_corner():
    reset()
    room('evening', 30, 1.15)
    lamp((-40, -50, 110), (0, 0, 20), 45, 4.0, (1, .92, .78))
    top('pale', 260, turn=30, seed=5)

    def dented(w, d, h, loc, mat, k, turn):
        n = 40
        ob = box(w, d, h, .15)
        import bmesh
        bm = bmesh.new()
        bm.from_mesh(ob.data)
        bmesh.ops.subdivide_edges(bm, edges=bm.edges[:], cuts=n, use_grid_fill=True)
        cr = tex.crumple(160, 6, 70)
        for v in bm.verts:
            q = np.array([v.co.x - w / 2, v.co.y + d / 2, v.co.z - h / 2])
            r = np.linalg.norm(q)
            a = max(0, 1 - r / k)
            if a > 0:
                j = float(cr[int((v.co.x * 9) % 159), int((v.co.z * 9 + v.co.y * 5) % 159)])
                push = a ** .8 * k * .6 * (1 + 1.6 * j)
                v.co.x -= push * .62
                v.co.y += push * .55
                v.co.z -= push * .75
        bm.to_mesh(ob.data)
        bm.free()
        ob.modifiers.clear()
        give(ob, mat)
        return place(ob, loc, (0, 0, turn))
    dented(34, 26, 22, (0, 0, 11), kraft_mat(5, '#a3835a'), 9, -28)
    col = Mat('print', rough=.3, coat=.25)
    col.set('Base Color', col.ramp(col.noise(.5, 2), [(.4, (.66, .60, .48)), (.6, (.68, .62, .51))]))
    dented(22, 18, 24, (0, 1, 34), col, 8.5, -28)
    a = np.radians(-28)
    art = html('''<div style="height:560px;padding:40px;color:#5d4c34"><div style="font-size:66px;letter-spacing:12px">暖伴 台灯</div><div style="font-size:26px;opacity:.75;margin-top:8px">DESK LAMP　示例牌</div><svg width="300" height="330" style="position:absolute;left:60px;bottom:20px" fill="none" stroke="#5d4c34" stroke-width="7"><path d="M40 310 H220 M130 310 V130 Q130 70 190 50 M110 20 L260 60 L220 150 L80 100 Z"/></svg><div style="position:absolute;right:36px;bottom:40px;font-size:24px;text-align:right;line-height:1.6">护眼光<br>木质底座</div></div>''', 520, 560, '', 2, alpha=True)
    board_text(art, 20, 21.5, (-2.0 * np.cos(a) + 9.05 * np.sin(a), 1 - 2.0 * np.sin(a) - 9.06 * np.cos(a), 33.3), (90, 0, -28))
    t = grid(4.4, 18, 1, 1)
    give(t, Mat('tape', color=(.7, .66, .5), rough=.1, alpha=.35, coat=.6))
    place(t, (0, 1, 46.06), (0, 0, -28))
    camera((9, -56, 66), (1.5, -2, 26), 27, 13, 2, focus=(5, -9, 42))
    return render(880, 1173, 18)


# ---------- mugs ----------

def mug(loc, turn=0, blue='#2f5f86', flake=False, h=9.0, seed=3, rot=None, base='bare', tall=1.0):
    root = bpy.data.objects.new('mug', None)
    bpy.context.collection.objects.link(root)
    H, W = 768, 1536
    v = tex.fbm(H, W, 2.1, seed, 1.3, .8)
    yy = np.arange(H)[:, None] / H
    xx = np.arange(W)[None] / W
    c = tex.mix(tex.hexc(blue) * .72, np.clip(tex.hexc(blue) * 1.35, 0, 1), v)
    sp = np.maximum(tex.speckle(H, W, seed, .003, 1.4), tex.speckle(H, W, seed + 8, .0006, 2.4))
    c = tex.mix(c, tex.hexc('#3b2414'), sp * .9)
    rim = tex.smooth(.03, .0, np.abs(yy - .0) + (v - .5) * .01)
    c = tex.mix(c, tex.hexc('#6b4a2c'), rim * .8)
    rough = np.full((H, W), .16)
    hg = .5 + (v - .5) * .1 - sp * .12
    if flake:
        d = np.hypot((xx - .62) * 25 / .95, yy * 9.4 / .75) + (tex.fbm(H, W, 1.5, 21) - .5) * .5
        m = tex.smooth(1.02, .94, d)
        c = tex.mix(c, tex.hexc('#cdb793') * (1 + (tex.fbm(H, W, .9, 5) - .5)[..., None] * .25), m)
        rough = rough + m * .75
        hg = hg - m * .8
    g = Mat('glaze', coat=.4, coat_rough=.08)
    g.set('Base Color', g.image(img(c), interp='Cubic').outputs['Color'])
    g.set('Roughness', g.image(img(rough, False)).outputs['Color'])
    g.bump(g.image(img(hg, False), interp='Cubic').outputs['Color'], .5, .08)
    clay = Mat('clay', color=(.50, .38, .24), rough=.95)
    clay.bump(clay.noise(12, 4), .3, .05)
    wob = lambda t, q: 1 + .008 * np.cos(2 * t + seed) + .003 * np.cos(q * 60)

    def add(o, m):
        give(o, m)
        o.parent = root
        return o
    s = tall
    add(lathe(curve_prof([(3.2, .35), (3.75, .7), (4.0, 2.2 * s), (4.02, 6 * s), (3.95, (h - .15) * s), (3.88, h * s)], 10), 128, wob=wob), g)
    add(lathe(curve_prof([(3.88, h * s), (3.74, (h - .1) * s), (3.7, 6 * s), (3.65, 2.4 * s), (3.2, 1.1), (0, .9)], 8), 128, wob=wob), g)
    foot = clay if base == 'bare' else g
    add(lathe([(3.2, .35), (3.18, .0), (2.7, .0), (2.62, .3)], 96), foot)
    add(lathe([(2.62, .3), (0, .26)], 96), clay if base == 'bare' else g)
    hd = [(3.8, 0, 7.6 * s), (5.3, 0, 8.1 * s), (6.7, 0, 6.6 * s), (6.5, 0, 4.4 * s), (5.2, 0, 2.9 * s), (3.7, 0, 2.7 * s)]
    o = cable(hd, .62)
    o.data.bevel_resolution = 6
    hm = Mat('handle', color=tuple(x ** 2.2 for x in tex.hexc(blue)), rough=.16, coat=.4)
    n = hm.noise(2.5, 8)
    col = hm.ramp(n, [(.36, '#3b2414'), (.42, blue), (.7, blue)])
    if flake:                                     # a hairline across the top of the handle
        sep = hm.node('ShaderNodeSeparateXYZ')
        hm.link(hm.coords(kind='Object'), sep.inputs['Vector'])
        bend = hm.node('ShaderNodeMath', operation='MULTIPLY_ADD')
        hm.link(hm.noise(1.6, 5), bend.inputs[0])
        bend.inputs[1].default_value = .9
        hm.link(sep.outputs['X'], bend.inputs[2])
        line = hm.node('ShaderNodeMath', operation='COMPARE')
        hm.link(bend.outputs[0], line.inputs[0])
        line.inputs[1].default_value, line.inputs[2].default_value = 5.25, .035
        top_ = hm.node('ShaderNodeMath', operation='GREATER_THAN')
        hm.link(sep.outputs['Z'], top_.inputs[0])
        top_.inputs[1].default_value = 6 * s
        both = hm.node('ShaderNodeMath', operation='MULTIPLY')
        hm.link(line.outputs[0], both.inputs[0])
        hm.link(top_.outputs[0], both.inputs[1])
        col = hm.mixc(both.outputs[0], col, '#0d0906')
    hm.set('Base Color', col)
    add(o, hm)
    place(root, loc, rot or (0, 0, turn))
    return root


@shot('en-mug-review/review-mug.jpg', phone='exc2', taken='2026:01:01 00:07:19', offset=None, iso=200, exp='1/60', extra={'Software': None, 'Flash': 9}, dev=dict(ev=-.25, noise=.016, vign=.35, contrast=1.1, sat=.95))
def review_mug():
    reset()
    room('night', 60, .9)
    lamp((1.5, -24, 15), (0, 0, 5), 1.5, .62, (.95, .98, 1))
    top('white', 160)
    st = steel(.3)
    for i in range(-9, 10):
        give(cable([(i * 2.6, -16, 1.2), (i * 2.6, 0, 1.2), (i * 2.6, 16, 1.2)], .22), st)
    for y in (-13, 13):
        give(cable([(-24, y, .9), (0, y, .9), (24, y, .9)], .3), st)
    mug((0, 0, 1.45), -18, flake=True, seed=3)
    place(give(lathe(curve_prof([(0, .2), (4, .2), (9, 1.2), (9.3, 1.3), (9.2, 1.0), (4, 0), (0, 0)], 6), 64), Mat('plate', color=(.75, .74, .7), rough=.12, coat=.5)), (13, 11, 9.5), (80, 0, -20))
    camera((-2.5, -21.5, 14.5), (1.0, 0, 6.0), 30, 14, 4, focus=(0, -3.8, 8))
    return render(1152, 864, 18)


@shot('en-mug-review/seller-mug.jpg', phone='ex40', taken='2026:09:16 11:20:44', offset='+01:00', sub='290', iso=64, exp='1/100', software='Demo Retouch 5', edited='2026:10:20 15:02:31', dev=dict(ev=.1, noise=.007))
def seller_mug():
    reset()
    room('day', 200, 1.0)
    top('pale', 200, seed=9)
    bat = Mat('bat', color=(.72, .70, .66), rough=.95)
    bat.bump(bat.noise(5, 6), .2, .08)
    place(give(lathe(curve_prof([(0, 0), (14.6, 0), (14.6, 0), (15, .4), (15, 2.0), (14.6, 2.4), (14.6, 2.4), (0, 2.4)], 5), 96), bat), (0, 0, 0))
    mug((-1, 4.2, 6.45), 0, seed=7, rot=(-88, 0, 14), blue='#2f5d84')
    for o in bpy.data.objects:
        if o.name.startswith('mug') and o.type == 'EMPTY':
            from mathutils import Euler
            o.rotation_mode = 'QUATERNION'
            o.rotation_quaternion = Euler((np.radians(-88), 0, np.radians(14)), 'XYZ').to_quaternion() @ Euler((0, 0, np.radians(200)), 'XYZ').to_quaternion()
            t = html('<svg width="200" height="200"><circle cx="100" cy="100" r="84" fill="none" stroke="#2c1d10" stroke-width="9"/><text x="100" y="132" font-size="76" font-weight="800" text-anchor="middle" font-family="DejaVu Serif" fill="#2c1d10">HW</text></svg>', 200, 200, '', 2, alpha=True)
            d = board_text(t, 2.2, 2.2, (.35, .2, .24), (180, 0, 166))
            d.parent = o
    give(place(box(2, 12, .4, .2), (14, -13, .3), (0, 0, 40)), wood_mat())
    camera((3.2, -21, 15), (-.6, 2.0, 5.6), 50, 9, -1.5, focus=(-1, 0, 6.2))
    return render(1152, 864, 18)


@shot('en-mug-review/two-mugs.jpg', phone='ex6', taken='2026:10:21 19:40:10', offset='+01:00', sub='733', iso=400, exp='1/33', dev=dict(ev=.3, noise=.017))
def two_mugs():
    reset()
    room('evening', 20, 1.1)
    lamp((20, -40, 70), (0, 0, 4), 35, 2.4, (1, .9, .75))
    top('oak', 200, turn=3, seed=5)
    wall('#a9a08c', 60)
    mug((-6.5, 0, 0), 160, blue='#2c6a78', seed=11, tall=1.066)
    mug((6.3, .4, 0), 20, flake=True, seed=3)
    m = ''.join(f'<rect x="{20 + i * 6}" y="0" width="1.4" height="{40 if i % 10 == 0 else 28 if i % 5 == 0 else 18}" fill="#222"/>' + (f'<text x="{20 + i * 6}" y="66" font-size="22" text-anchor="middle">{i // 10}</text>' if i % 10 == 0 else '') for i in range(301))
    p = html(f'<svg width="1840" height="90" font-family="DejaVu Sans">{m}</svg>', 1840, 90, 'body{background:#cfd8d4}', 1)
    place(paper(p, 30.6, 2.6, .02, 3, 30), (0, -8.2, .12), (0, 0, 1.2))
    towel((22, 14, 0), 22, 16, -25, ('#b04a3c', '#a03f33'), 4)
    camera((-1, -30, 19), (.2, -.5, 3.8), 29, 11, -2)
    return render(1152, 864, 18)


@shot('en-mug-review/base-close.jpg', phone='ex6', taken='2026:10:21 19:44:02', offset='+01:00', sub='158', iso=400, exp='1/33', orient=8, size=(1536, 2048), dev=dict(ev=.05, noise=.018))
def base_close():
    reset()
    room('evening', 20, 1.1)
    lamp((-22, -30, 45), (0, 0, 8), 25, 1.8, (1, .9, .75))
    top('oak', 200, turn=3, seed=5)
    r = mug((0, 0, 9.0), 0, flake=True, seed=3, base='glazed', rot=(180, 0, 150))
    for a in (90, 210, 330):
        b = give(ball(.16, 16), Mat('pin', color=(.62, .52, .38), rough=.9))
        b.parent = r
        b.location = (1.7 * np.cos(np.radians(a)), 1.7 * np.sin(np.radians(a)), .27)
        b.scale = (1, 1, .35)
    t = html('<svg width="200" height="200" style="opacity:.9"><path d="M84 18 A84 84 0 0 1 182 120" fill="none" stroke="#050b12" stroke-width="10"/><path d="M92 58 V142 M92 102 L142 98 M142 56 V126" stroke="#050b12" stroke-width="15" fill="none"/></svg>', 200, 200, '', 2, alpha=True)
    d = board_text(t, 2.3, 2.3, (-.25, .25, .215), (180, 0, 20))
    d.parent = r
    camera((1.5, -9, 19), (.1, .2, 8.6), 33, 9, 5, focus=(0, 0, 8.8))
    return render(880, 1173, 16)


# ---------- the still life ----------

def still(branch=True):
    top('oak', 120, turn=2, seed=15, planks=2)
    wall('#c9c5bb', 60)
    H, W = 512, 1024
    v = tex.fbm(H, W, 2.4, 8)
    c = tex.mix(tex.hexc('#8fb0a0'), tex.hexc('#bcd0c0'), v)
    cel = Mat('celadon', rough=.14, coat=.5)
    cel.set('Base Color', cel.image(img(c)).outputs['Color'])
    cel.bump(cel.noise(1.5, 3), .05, .1)
    place(give(lathe(curve_prof([(0, 0), (3.2, 0), (3.2, 0), (3.5, .4), (5.2, 3.2), (5.6, 6.2), (4.6, 9.6), (2.4, 13.0), (1.6, 16.0), (1.75, 18.2), (2.15, 19.3), (2.0, 19.4), (1.5, 18.0), (1.35, 15)], 10), 128), cel), (-4, 2, 0))
    tw = Mat('twig', color=(.06, .035, .02), rough=.9)
    tw.bump(tw.noise(5, 6), .6, .1)
    g = tex.rng(6)

    def twig(p, d, L, r, depth):
        pts = [np.array(p, float)]
        for i in range(6):
            d = d + g.normal(0, .16, 3)
            d = d / np.linalg.norm(d)
            q = pts[-1] + d * L / 6
            pts.append(q if branch else np.array([q[0], q[1], max(q[2], .5)]))
        o = cable([tuple(q) for q in pts], r)
        o.data.splines[0].points[-1].radius = .35
        give(o, tw)
        if depth:
            for i in (2, 3, 5):
                s = d + g.normal(0, .75, 3)
                twig(pts[i], s / np.linalg.norm(s), L * g.uniform(.35, .6), r * .6, depth - 1)
        else:
            for q in pts[2::2]:
                b = give(ball(.24, 12), Mat('bud', color=(.22, .12, .07), rough=.7))
                place(b, tuple(q), tuple(g.uniform(0, 90, 3)), (1, 1, 1.6))
    if branch:
        twig((-4, 2, 15), np.array([.42, -.05, .95]), 22, .3, 2)
    else:
        twig((-1, -10, .6), np.array([.95, .12, .06]), 22, .32, 2)
    cup = Mat('white', color=(.80, .80, .78), rough=.14, coat=.5)
    place(give(lathe(curve_prof([(0, .3), (1.5, .3), (1.6, 0), (1.9, 0), (2.0, .4), (2.9, 1.6), (3.2, 3.9), (3.05, 3.95), (2.7, 1.7), (1.6, .8), (0, .7)], 8), 96), cup), (8.5, -2.5, 0))
    towel((3.4, 6, 0), 17, 9, -14, ('#2c3a5e', '#25315a'), 7, 1.7)


_still = {}


def owner_raw():
    if 'a' not in _still:
        reset()
        room('out', 0, .14)
        still(True)
        lamp((-95, -10, 55), (0, 0, 8), 75, 7.5, (.96, .98, 1))
        camera((2.5, -58, 19), (2.6, 0, 12.2), 50, 9, 0, focus=(-3, -2, 9))
        _still['a'] = render(1320, 880, 22)
    return _still['a']


@shot('photo-owner/still-owner.jpg', phone='cam', taken='2026:09:03 10:42:07', sub='318', iso=100, exp='1/30', software='Example Darkroom 6.1', edited='2026:09:05 22:31:40', size=(2400, 1600),
      dev=dict(ev=.1, noise=.004, sharp=.5, sat=.92, wb=(.97, 1, 1.04), vign=.1))
def owner():
    return owner_raw()


@shot('photo-owner/still-seller.jpg', phone='cam', taken='2026:09:03 10:42:07', sub='318', iso=100, exp='1/30', software='Example Photo Editor 4.0', edited='2026:09:12 19:20:15', size=(1200, 1200),
      dev=dict(ev=.55, noise=.004, sharp=.8, sat=1.22, wb=(1.1, 1, .86), vign=.38, contrast=1.1), q=80)
def seller_still():
    a = owner_raw()
    h, w = a.shape[:2]
    s = int(h * .82)
    y0, x0 = int(h * .17), int(w * .23)
    return a[y0:y0 + s, x0:x0 + s]


@shot('photo-owner/set-phone.jpg', phone='p20', taken='2026:09:03 10:31:52', sub='744', iso=160, exp='1/60', gps=(27.99, 118.53), dev=dict(ev=.25, noise=.011))
def set_phone():
    reset()
    room('day', 60, .5)
    still(False)
    lamp((-95, -10, 55), (0, 0, 8), 75, 6.0, (.96, .98, 1))
    give(place(box(34, 2, 44, .1), (30, 6, 20), (-8, 0, 62)), Mat('foam', color=(.82, .82, .82), rough=.9))
    fr = wood_mat(('#3a2416', '#5e3f28', '#7a573a'), 5)
    for i in range(4):
        give(place(box(1.3, 1.3, 90, .1), (-52, -22 + i * 16, 40)), fr)
    for z in (10, 34, 58, 82):
        give(place(box(1.0, 52, 1.0, .1), (-52, 2, z)), fr)
    give(place(box(.1, 52, 88, .0), (-53, 2, 40)), Mat('paper', color=(.85, .84, .8), emit=(.9, .95, 1), emit_k=.9, rough=1))
    leg = Mat('leg', color=(.02, .02, .022), rough=.35)
    give(cable([(-16, -42, -20), (-13, -37, 10), (-9.5, -31, 44), (-6, -25, 80)], 1.2), leg)
    give(cable([(-5.5, -52, -20), (-6, -42, 12), (-7, -31, 44), (-8, -20, 80)], 1.2), leg)
    camera((30, -82, 42), (2, -4, 12), 26, 14, -2, focus=(0, 0, 10))
    return render(1216, 912, 18)


@shot('photo-owner/still-phone-crop.jpg', phone='p20', taken='2026:09:03 10:49:30', sub='210', iso=160, exp='1/60', size=(1500, 1500), dev=dict(ev=.2, noise=.01, sat=1.15))
def still_phone():
    reset()
    room('day', 250, .45)
    still(True)
    lamp((70, -40, 60), (0, 0, 8), 50, 4.2, (1, .97, .92))
    camera((24, -46, 24), (2.2, -.5, 11), 34, 11, 1.5, focus=(-3, 0, 9))
    return render(1000, 1000, 18)
