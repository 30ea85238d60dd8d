"""tea-cup-crack: a wood-fired cup, its crack, the box it came in."""
import numpy as np

from kit import tex
from kit.printed import html, waybill
from kit.props import bubble, carton, kraft_mat, paper, steel, sweep, top, towel, usb_cable
from kit.scene import (Mat, ball, box, camera, curve_prof, give, grid, img, lamp, lathe, place, render, reset, room, sample)
from . import shot

OUT = [(0, .35), (1.2, .35), (1.75, .3), (1.85, 0), (1.85, 0), (2.25, 0), (2.3, .1), (2.35, .35), (2.9, .9), (3.5, 2.0), (3.78, 3.6), (3.85, 5.3),
       (3.88, 5.75), (3.8, 5.92)]
INN = [(3.8, 5.92), (3.68, 5.86), (3.58, 5.2), (3.5, 3.6), (3.2, 2.1), (2.5, 1.05), (1.4, .68), (0, .6)]


def glaze(inside, crack=True, seed=5):
    h, w = 1024, 2048
    yy = (np.arange(h)[:, None] / h)                 # 0 on top: the end of the profile
    n = tex.fbm(h, w, 2.3, seed, 1.4, .7)
    n2 = tex.fbm(h, w, 1.6, seed + 1)
    u = np.arange(w)[None, :] / w
    ash = tex.smooth(.42, .62, n + (.2 - yy * .4 if not inside else 0) + .17 * np.cos(2 * np.pi * (u - .82)))
    body = tex.ramp(np.clip(n2 + (n - .5) * .6, 0, 1), [(0, tex.hexc('#5d3a2a')), (.5, tex.hexc('#8a5b3e')), (1, tex.hexc('#b98660'))])
    gl = tex.ramp(np.clip(n2, 0, 1), [(0, tex.hexc('#7f8a72')), (.5, tex.hexc('#a9ad93')), (1, tex.hexc('#d3cdb4'))])
    c = tex.mix(body, gl, ash if not inside else .25 + .75 * ash)
    fl = tex.smooth(.6, .75, tex.fbm(h, w, 2.0, seed + 4, .5, 2.0))
    c = tex.mix(c, tex.hexc('#a8512c'), fl * .45 * (1 - ash))
    sp = tex.speckle(h, w, seed, .0022, 1.5)
    c = tex.mix(c, tex.hexc('#2b1c14'), sp * .8)
    cr = tex.crackle(h, w, 420, seed + 2, 1.5, 5)
    c = tex.mix(c, tex.hexc('#4c3a2a'), cr * (.62 if inside else .35 + .2 * ash))
    hgt = .6 + n * .1 - cr * .12 - sp * .1
    if crack:
        pts = [(.79, .0), (.782, .2), (.80, .42), (.79, .62)] if not inside else [(.79, 1.), (.80, .72), (.785, .5)]
        # v grows along the profile, so the outer rim is row 0 and the inner rim the last row
        k = tex.crack_line(h, w, pts, 4, 2.6, 2.2)
        k2 = tex.crack_line(h, w, [(.797, .42), (.83, .52), (.838, .6)] if not inside else [(.79, .6), (.76, .5)], 9, 1.7, 2.0)
        k = np.maximum(k, k2)
        if crack == 'pale':                        # a streak of the fire, or the first of the crack
            k = k * (1 - tex.smooth(.2, .42, yy))
            c = tex.mix(c, tex.hexc('#dcb48c'), k * .7)
        else:
            c = tex.mix(c, tex.hexc('#140d09'), k * .93)
            hgt = hgt - k * 1.2
    return c, hgt, np.clip(.55 - ash * .38 + (n2 - .5) * .25, .12, .8)


def cup(loc, turn=0, crack=True, seed=5, water=False, flip=False):
    wob = (lambda th, t: 1 + .012 * np.cos(2 * th + 1) + .006 * np.cos(5 * th + t * 9) + .004 * np.cos(t * 70))
    for prof, inside in ((OUT, False), (INN, True)):
        p = curve_prof(prof, 10)
        if inside:
            p = p[:]
        ob = lathe(p, 160, 'cup', 0, wob)
        c, h, g = glaze(inside, crack, seed)
        m = Mat('glaze', rough=.4, coat=.35, coat_rough=.12)
        m.set('Base Color', m.image(img(c), interp='Cubic').outputs['Color'])
        m.set('Roughness', m.image(img(g, False)).outputs['Color'])
        m.bump(m.image(img(h, False), interp='Cubic').outputs['Color'], .8, .06)
        m.bump(m.noise(9, 4), .15, .03)
        give(ob, m)
        place(ob, loc, (180 if flip else 0, 0, turn))
    if water:
        s = give(lathe([(0, 4.9), (3.56, 4.9)], 96), Mat('water', color=(.9, .95, .93), rough=.01, trans=1, ior=1.33))
        place(s, loc)


def drop(loc, r=.22):
    b = give(ball(r, 32), Mat('water', color=(.02, .02, .02), rough=.0, alpha=.3, spec=.9, coat=1))
    return place(b, loc, (0, 0, 0), (1, 1, .62))


@shot('tea-cup-crack/received-cup.jpg', phone='sp9', taken='2026:11:05 21:47:12', sub='083', iso=320, exp='1/50', orient=6, gps=(30.657, 104.066),
      size=(1536, 2048), dev=dict(ev=.45, wb=(.97, 1, 1.03), noise=.016))
def front():
    reset()
    room('evening', 20, 1.0)
    lamp((-60, -40, 70), (0, 0, 3), 25, 2.4, (1, .86, .68))
    top('walnut', 400, turn=8, seed=3)
    cup((0, 0, 0), -2)
    towel((12, 13, 0), 20, 15, 24)
    usb_cable([(-8, 8.5, .2), (-11, 9.5, .2), (-18, 8, .2), (-20, 15, .2), (-12, 23, .2), (-24, 33, .2)])
    camera((1.5, -14, 15), (.1, .6, 2.6), 30, 6, 2.2, focus=(0, -3.4, 4))
    return render(912, 1216, 20)


@shot('tea-cup-crack/crack-bead.jpg', phone='sp9', taken='2026:11:06 07:52:31', sub='640', iso=80, exp='1/100',
      dev=dict(ev=.1, wb=(1, 1, 1.02), noise=.009))
def close():
    reset()
    room('day', 200, 1.0)
    top('walnut', 400, turn=8, seed=3)
    a = np.radians(285)
    place_cup = cup((0, 0, 5.9), 209, flip=True)  # noqa: F841
    for da, z, r, rr in ((.05, 4.72, 2.98, .2), (.22, 3.4, 3.66, .1), (-.2, 4.0, 3.42, .13)):
        drop((r * np.cos(a + da), r * np.sin(a + da), z), rr)
    ring = give(lathe([(3.75, .02), (4.15, .05), (4.55, .02)], 96, wob=lambda t, v: 1 + .03 * np.sin(2 * t) + .02 * np.sin(5 * t)),
                Mat('wet', color=(.06, .03, .015), rough=.06, alpha=.3))
    place(ring, (.3, -.5, 0))
    drop((2.4, -6.2, .05), .5)
    drop((3.2, -5.6, .05), .25)
    camera((10.5 * np.cos(a) + 1, 10.5 * np.sin(a), 8.2), (2.0 * np.cos(a), 2.0 * np.sin(a), 3.4), 36, 8, -4, focus=(3.1 * np.cos(a), 3.1 * np.sin(a), 4.6))
    return render(1280, 960, 20)


@shot('tea-cup-crack/carton.jpg', phone='sn4', taken='2026:11:03 20:11:05', sub='917', iso=500, exp='1/33', extra={'Flash': 25},
      dev=dict(ev=.25, noise=.015, vign=.3, contrast=1.12))
def opened():
    reset()
    room('night', 60, .8)
    lamp((3, -28, 43), (0, 0, 5), 2, 1.5, (.95, .98, 1))
    top('tile', 260, turn=12)
    carton(22, 18, 14, (118, 122, 126, 110), base='#a98f6c')
    for i, (x, y) in enumerate(((-6.5, 0), (6.5, 0), (0, 5.5))):
        bubble(12, 12, 1.3, fn=lambda x, y, u, v: (0, 0, 5.5 + 1.5 * np.sin(x * .7 + i) + 1.3 * np.cos(y * .6 + i)), seed=3 + i).location = (x, y, 0)
    place(give(box(11, 11, 10.2, .25), kraft_mat(9, '#a57d4e', 1)), (-.6, -.6, 6.2), (0, 0, 4))
    seal = html('<div style="width:300px;height:120px;background:#e9e2cf;border:2px solid #8d3226;color:#8d3226;text-align:center;font-size:44px;font-family:Ma Shan Zheng;line-height:116px">柴烧 · 封</div>', 300, 120)
    place(paper(seal, 8.5, 3.4, .05, 3, 24), (-.6, -.9, 11.55), (0, 0, 5))
    wb = waybill('SL8831 **** 2905', ('柴**', '159****0416', '江西省景德镇市 ****'), ('**', '1**********', '四川省成都市 ****'), '陶瓷', '0.62kg', '2026-10-31 16:20', '成都', '028-K7', 6)
    place(paper(wb, 9, 13.5, .2, 2), (.5, -9.4, 6.6), (90, 91, 0))
    place(paper(np.full((8, 8, 3), .9), 6.5, 5.2, 1.2, 7, 30, crumple=.8), (1.8, -9.75, 7.2), (90, 80, 0))
    give(place(box(2.2, 11, 1.1, .4), (23, -12, .6), (0, 0, 28)), Mat('cutter', color=(.75, .35, .04), rough=.35))
    give(place(box(1.6, 5, .1, 0), (26.4, -5.7, .6), (0, 0, 28)), steel(.2))
    camera((2, -30, 42), (1, -2.5, 5), 26, 12, -3.5)
    return render(1216, 912, 18)


@shot('tea-cup-crack/bench-test.jpg', dev=dict(ev=.1, noise=.01))
def bench():
    reset()
    room('office', 30, .9)
    top('pale', 300, seed=7)
    kc, _ = tex.kraft(seed=12, base='#bf9a6a', flute=1)
    for i, (x, y, s) in enumerate(((-11, .5, 11), (0, -1, 5), (11, .8, 23))):
        place(paper(kc, 10.4, 10.4, .4, 20 + i, 40, crumple=.5), (x, y, 0), (0, 0, (-4, 3, 7)[i]))
        cup((x, y, .25), 100 + 70 * i, crack=False, seed=s, water=True)
    slip = html('<div style="padding:14px;font-size:56px;font-family:Caveat,Long Cang;color:#22306b;line-height:1.1">11-07 18:00<br>静置24h</div>', 300, 150)
    place(paper(slip, 9, 4.5, .5, 5, 30), (16, -9, 0), (0, 0, -8))
    towel((-22, 16, 0), 26, 18, 20, ('#a6a08f', '#8f8a7b'), 5)
    camera((-2, -30, 24), (1, -.5, 1.5), 27, 9, 2)
    return render(1216, 912, 18)


@shot('tea-cup-crack/listing-cup.jpg', phone='sx5', taken='2026:06:18 15:22:40', iso=100, exp='1/125', software='示例修图 8.2',
      edited='2026:06:19 09:12:44', size=(1600, 2000), dev=dict(ev=.1, noise=.004, sharp=.5, vign=.25, sat=1.1))
def listing():
    reset()
    room('night', 0, .6)
    lamp((-70, -18, 50), (0, 0, 3), 45, 3.2, (1, .97, .93))
    sweep((.045, .047, .05))
    c, h = tex.weave(n=96, seed=4)
    hm = tex.fbm(128, 128, 3.0, 8)
    cl = grid(34, 26, 90, 70, lambda x, y, u, v: (0, 0, .1 + .9 * np.clip(np.hypot(x / 7, y / 7) - .8, 0, 1) * (sample(hm, u, v) - .2).clip(0) * 3))
    m = Mat('linen', rough=.95, sheen=.2)
    m.set('Base Color', m.image(img(c), 2.6).outputs['Color'])
    m.bump(m.image(img(h, False), 2.6).outputs['Color'], .6, .03)
    give(cl, m)
    place(cl, (0, 0, 0), (0, 0, 12))
    cup((0, 0, .25), -32, crack='pale')
    camera((2, -28, 10), (.2, 0, 3.6), 62, 9, 0)
    return render(960, 1200, 22)
