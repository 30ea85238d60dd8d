"""Pen, tea tins, soy bottles, lamps, phone cases, mugs, the still life, the mat."""
import bpy
import numpy as np

from kit import tex
from kit.phone import resize
from kit.printed import arr, html
from kit.props import bubble, carton, kraft_mat, paper, pen as _pen, phone, steel, sweep, top, towel, usb_cable, wall  # noqa: F401
from kit.scene import Mat, ball, board_text, box, cable, camera, curve_prof, give, grid, img, lamp, lathe, load, mesh, place, plate, render, reset, room, sample
from . import shot
from .marks import banting, hepu, songling, tingb
from .vessels import clear, wood_mat


def wrap(image, r, z0, z1, a0=-90, span=120, loc=(0, 0, 0), rough=.5, metal=0.0, bumpy=0.0):
    """A label round a cylinder, its middle at angle a0."""
    n = 60
    th = np.radians(np.linspace(a0 - span / 2, a0 + span / 2, n))
    v = [(r * np.cos(t), r * np.sin(t), z) for z in (z0, z1) for t in th]
    f = [(i, i + 1, n + 1 + i, n + i) for i in range(n - 1)]
    ob = mesh('wrap', v, f, [(i / (n - 1), q) for q in (0, 1) for i in range(n)])
    m = Mat('label', rough=rough, metal=metal)
    im = m.image(load(image) if isinstance(image, str) else img(image), ext='CLIP', interp='Cubic')
    m.set('Base Color', im.outputs['Color'])
    m.set('Alpha', im.outputs['Alpha'])
    if bumpy:
        m.bump(m.noise(3, 4), bumpy, .05)
    return place(give(ob, m), loc)


# ---------- tea tins ----------

def tin(loc, label, green='#17352a', silver=True, r=3.8, h=12.5, a0=-90, span=200, wear=False):
    m = Mat('tin', color=green, rough=.38, metal=.25)
    m.bump(m.noise(1.2, 4), .06, .05)
    if wear:
        m.set('Base Color', m.ramp(m.noise(1.1, 8), [(.3, '#6a5a3a'), (.42, green), (1, green)]))
    place(give(lathe([(0, .1), (r - .3, 0), (r, .12), (r, h), (r - .05, h + .05)], 96), m), loc)
    lm = steel(.28) if silver else Mat('lid', color=(.02, .02, .02), rough=.35, metal=.3)
    place(give(lathe(curve_prof([(r + .04, h - 1.4), (r + .1, h - 1.3), (r + .1, h - 1.3), (r + .1, h + 1.5), (r + .1, h + 1.5), (r - .1, h + 1.75), (r - .5, h + 1.7), (r - .6, h + 1.55), (0, h + 1.55)], 5), 96), lm), loc)
    wrap(label, r + .015, 1.6, h - 2.2, a0, span, loc, .45)


def tin_label(mark, name, sub):
    return html(f'<div style="height:520px;text-align:center;color:#efe9d8;padding-top:26px"><img src="data:image/svg+xml;utf8,"/>{mark}<div style="font-size:34px;letter-spacing:12px;margin-top:22px" class=serif>白茶</div><div style="font-size:20px;margin-top:8px">{sub}</div></div>', 760, 520, 'img{display:none}', 2, alpha=True)


@shot('tea-marks/tins-shelf.jpg', phone='p20', taken='2026:09:19 14:12:37', sub='140', iso=200, exp='1/50', software='Example Photo Editor 4.0', edited='2026:09:20 08:55:02',
      dev=dict(ev=.15, noise=.012))
def shelf():
    reset()
    room('day', 215, 1.0)
    top('red', 160, turn=2, seed=8)
    place(top('walnut', 160, seed=4), (0, 13, 30), (90, 0, 0))
    tin((-4.9, 0, 0), tin_label(banting(230), '', '100 g'), silver=True, a0=-86)
    tin((5.0, .5, 0), tin_label(tingb(230), '', '100 g'), green='#173a36', silver=False, a0=-97)
    for x, c, h in ((-16.5, '#6d2f25', 10), (16.8, '#b8a070', 11), (25, '#3a3a44', 12)):
        tin((x, 3, 0), html('<div style="height:520px;background:#d9cfb8;margin:60px 200px"></div>', 760, 520, '', 1, alpha=True), green=c, silver=False, h=h)
    camera((1.5, -34, 9.5), (.2, 0, 6.6), 42, 10, -1.2, focus=(0, -3.5, 7))
    return render(1216, 912, 18)


@shot('tea-marks/tin-old.jpg', phone='ec2', taken='2018:04:06 13:08:22', offset=None, iso=64, exp='1/500', size=(1600, 1200), extra={'Software': None}, dev=dict(ev=.25, noise=.022, sat=.86, contrast=1.0, blur=.9, sharp=1.0, wb=(1.03, 1, .92)))
def old():
    reset()
    room('out', 0, .55)
    lamp((80, -60, 150), (0, 0, 0), 4, 22, (1, .95, .82))
    c, h = tex.weave(1024, 1024, 34, '#c9a868', '#a8854a', 7, .3)
    t = grid(200, 200, 1, 1)
    m = Mat('bamboo', rough=.6)
    m.set('Base Color', m.image(img(c), 3.2).outputs['Color'])
    m.bump(m.image(img(h, False), 3.2).outputs['Color'], .8, .3)
    give(t, m)
    lab = html('<div style="margin:60px 190px;height:400px;background:#e6dcc2;text-align:center;padding-top:70px"><div style="display:inline-block;border:7px solid #8f2d22;color:#8f2d22;padding:12px;font-size:78px;line-height:1.12;font-family:Ma Shan Zheng;transform:rotate(-4deg);opacity:.85">半<br>庭<br>雪</div></div>', 760, 520, '', 2, alpha=True)
    tin((0, 2, 0), lab, green='#33453a', silver=True, wear=True, a0=-80, span=220)
    g = tex.rng(4)
    leafm = Mat('leaf', color=(.045, .05, .022), rough=.85)
    base = give(mesh('leaf', [(-1.1, 0, 0), (-.3, .28, .14), (.5, .22, .1), (1.2, 0, .25), (.5, -.2, .05), (-.3, -.26, .1)], [(0, 1, 5), (1, 2, 4, 5), (2, 3, 4)]), leafm)
    for i in range(700):
        a, R = g.uniform(0, 6.28), 6 + abs(g.normal(0, 10))
        o = bpy.data.objects.new('l', base.data)
        bpy.context.collection.objects.link(o)
        place(o, (R * np.cos(a), 2 + R * np.sin(a), .15 + g.uniform(0, 1.0) * np.exp(-R / 14)), (g.uniform(-50, 50), g.uniform(-40, 40), g.uniform(0, 360)), g.uniform(.5, 1.25))
    camera((-9, -25, 20), (.5, 1.5, 5), 34, 40, -4)
    return render(1000, 750, 16)


# ---------- soy ----------

def bottle(loc, label, a0=-90, back=None):
    liq = Mat('soy', color=(.018, .006, .003), rough=.05, coat=1)
    prof = curve_prof([(0, 0), (3.2, 0), (3.2, 0), (3.45, .3), (3.5, 1), (3.5, 13), (3.45, 14.5), (2.9, 16.6), (1.7, 19), (1.35, 20.5), (1.3, 23), (1.3, 23)], 8)
    place(give(lathe(prof, 96), liq), loc)
    cap = Mat('cap', color=(.5, .015, .012), rough=.35)
    place(give(lathe(curve_prof([(1.3, 22.2), (1.62, 22.25), (1.62, 22.25), (1.62, 25.0), (1.5, 25.25), (0, 25.3)], 6), 72, wob=lambda t, v: 1 + .012 * np.sin(t * 40) * (v < .8)), cap), loc)
    wrap(label, 3.53, 3.4, 11.2, a0, 170, loc, .4)
    band = html('<div style="height:70px;background:#e2b21d;border-top:5px solid #a5731a;border-bottom:5px solid #a5731a;text-align:center;font-size:30px;line-height:60px;color:#8d1717;letter-spacing:16px" class=serif>酿 造 酱 油　酿 造 酱 油　酿 造 酱 油</div>', 700, 70, '', 2)
    n = 60
    th = np.linspace(0, 2 * np.pi, n)
    v = [(r * np.cos(t), r * np.sin(t), z) for r, z in ((2.32, 18.0), (1.72, 19.25)) for t in th]
    ob = mesh('band', v, [(i, i + 1, n + 1 + i, n + i) for i in range(n - 1)], [(i / (n - 1) * 1.0, q) for q in (0, 1) for i in range(n)])
    m = Mat('bandm', rough=.6)
    m.set('Base Color', m.image(load(band)).outputs['Color'])
    place(give(ob, m), (loc[0], loc[1], loc[2] - .28), (0, 0, a0))
    if back:
        wrap(back, 3.53, 3.0, 11.8, a0 + 180, 150, loc, .5)


def soy_label(mark, name, sub):
    return html(f'<div style="height:500px;text-align:center;padding-top:6px">{mark}<div class=serif style="font-size:64px;font-weight:900;color:#e3b64b;letter-spacing:20px;margin-top:-6px">{name}</div><div class=serif style="font-size:38px;font-weight:700;color:#f0e3bd;letter-spacing:14px">{sub}</div></div>', 680, 500, '', 2, alpha=True)


BACK = '''<div style="height:560px;background:#efe6cf;color:#3a2114;padding:30px 34px;font-size:27px;line-height:1.55"><div class=serif style="font-size:38px;font-weight:900">松翎 头抽老晒</div>酿造酱油<br>配料：水、大豆、小麦、食用盐<br>氨基酸态氮 ≥1.0 g/100ml<br>净含量：500 ml<br>生产者：佛山市南**酿造有限公司<br>贮存：阴凉干燥处，开启后冷藏
<div style="font-size:16px;margin-top:24px">与“鹤”字头其他品牌无关联</div></div>'''


def two(a, b):
    bottle((-4.6, 0, 0), soy_label(hepu(560), '鹤浦', '特晒酱油'), a)
    bottle((4.7, .3, 0), soy_label(songling(560), '松翎', '头抽老晒'), b)


@shot('soy-marks/bottles-front.jpg', phone='n7', taken='2026:10:14 10:31:20', sub='588', iso=160, exp='1/60', size=(1536, 2048), dev=dict(ev=.15, noise=.012))
def front():
    reset()
    room('day', 190, 1.0)
    top('white', 200)
    place(top('tile', 200), (0, 22, 40), (90, 0, 0))
    two(-89, -92)
    give(place(box(26, 2, 18, .4), (-19, 14, 9), (-14, 0, 12)), wood_mat())
    camera((.8, -47, 15), (.1, 0, 12.2), 40, 11, .8, focus=(0, -3.5, 9))
    return render(900, 1200, 18)


@shot('soy-marks/bottles-crop.jpg', phone='p20', taken='2026:10:12 18:02:45', sub='027', iso=320, exp='1/50', software='Example Photo Editor 4.0', edited='2026:10:13 09:14:30',
      size=(1700, 1500), dev=dict(ev=.25, noise=.012, wb=(1.07, 1, .88), sat=1.22, contrast=1.12))
def crop():
    reset()
    room('evening', 40, 1.1)
    lamp((-50, -40, 60), (0, 0, 8), 30, 2.4, (1, .86, .66))
    top('oak', 200)
    wall('#b9a88c', 30)
    two(-45, -41)
    camera((-3, -25, 13.5), (0, 0, 9.2), 40, 9, -2.5, focus=(-2, -3.4, 8))
    return render(1088, 960, 18)


@shot('soy-marks/label-back.jpg', phone='s5', taken='2026:10:21 20:15:08', sub='340', iso=320, exp='1/50', orient=6, size=(1536, 2048), dev=dict(ev=.3, noise=.014))
def back():
    reset()
    room('evening', 0, 1.1)
    lamp((30, -50, 40), (0, 0, 8), 40, 2.0, (1, .92, .8))
    top('oak', 200)
    wall('#c9c0ae', 26)
    bottle((0, 0, 0), html('<div></div>', 100, 80, '', 1, alpha=True), 84, html(BACK, 600, 560, '', 3))
    camera((-.6, -15.5, 9.2), (0, 0, 7.5), 40, 12, 3, focus=(0, -3.5, 7.4))
    return render(960, 1280, 16)


# ---------- pen ----------

def fountain(loc, turn, cap_on=True, engraved=False, roll=0, inked=False):
    root = bpy.data.objects.new('pen', None)
    bpy.context.collection.objects.link(root)

    def add(o):
        o.parent = root
    lac = Mat('lacquer', color=(.006, .014, .075), rough=.1, coat=1)
    ag = Mat('silver', color=(.75, .75, .76), rough=.16, metal=1)
    add(give(lathe(curve_prof([(0, 0), (.35, .05), (.5, .4), (.56, 2), (.6, 5), (.6, 6.9)], 8), 48), lac))
    add(give(lathe([(.61, 6.6), (.63, 6.65), (.63, 6.95), (.61, 7.0)], 48), ag))
    if cap_on:
        add(give(lathe(curve_prof([(.64, 7.0), (.67, 7.1), (.66, 10), (.6, 12.6), (.4, 13.1), (0, 13.2)], 8), 48), lac))
        add(give(lathe([(.66, 7.0), (.69, 7.05), (.69, 7.6), (.66, 7.65)], 48), ag))
        add(give(cable([(0, -.55, 12.7), (0, -.95, 12.6), (0, -.92, 10), (0, -.78, 8.6), (0, -.72, 8.4)], .13), ag))
    else:
        add(give(lathe(curve_prof([(.5, 7.0), (.48, 7.3), (.42, 9.2), (.46, 9.6), (.3, 9.7)], 8), 48), Mat('grip', color=(.012, .012, .014), rough=.25, coat=.5)))
        v, f = [], []
        nn = 12
        for i in range(nn + 1):
            t = i / nn
            w = .42 * (1 - t) ** .75 + .02
            for s in (-1, -.5, 0, .5, 1):
                v.append((s * w, -.12 - .22 * (1 - (s * (1 - t * .6)) ** 2) * (1 - .6 * t) + .1, 9.3 + 2.5 * t))
        for i in range(nn):
            for j in range(4):
                a = i * 5 + j
                f.append((a, a + 1, a + 6, a + 5))
        uv = [((s + 1) / 2, i / nn) for i in range(nn + 1) for s in (-1, -.5, 0, .5, 1)]
        yy, xx = np.mgrid[0:600, 0:400] / [[[600]], [[400]]]
        yy = 1 - yy                                    # 1 at the tip
        c = np.ones((600, 400, 3)) * .80
        slit = np.exp(-((xx - .5) / .012) ** 2) * (yy > .34)
        hole = tex.smooth(.07, .055, np.hypot((xx - .5) * .62, (yy - .33) * 1.0))
        ring = np.exp(-((np.abs(xx - .5) - .36) / .012) ** 2) * (yy < .55) * .35
        c = c * (1 - np.clip(slit + hole, 0, 1)[..., None] * .97) * (1 - ring[..., None])
        if inked:
            g = (tex.fbm(600, 400, 1.7, 8) - .5) * .5
            wet = tex.smooth(.16, .02, np.abs(xx - .5 + g * .12) - .05 * yy + g * .15) * tex.smooth(.3, .45, yy)
            c = tex.mix(c, tex.hexc('#10206e'), np.clip(wet * .85 + np.exp(-((xx - .5) / .03) ** 2) * (yy > .3), 0, .95))
        nm = Mat('nib', rough=.2, metal=1)
        nm.set('Base Color', nm.image(img(np.clip(c, 0, 1)), interp='Cubic').outputs['Color'])
        o = give(mesh('nib', v, f, uv), nm)
        sm = o.modifiers.new('t', 'SOLIDIFY')
        sm.thickness = .04
        add(o)
    if engraved:
        t = html('<div style="height:90px;line-height:90px;text-align:center;font-size:60px;letter-spacing:10px;color:#e4e6ea;white-space:nowrap;font-family:Ma Shan Zheng,Noto Serif CJK SC">持之以恒 <span style="font-family:Noto Serif CJK SC;font-size:46px;letter-spacing:4px">2026</span></div>', 560, 90, '', 3, alpha=True)
        n = 30
        th = np.radians(np.linspace(-90 - 36, -90 + 36, n))
        z0, z1 = 1.9, 6.1
        barrel = curve_prof([(0, 0), (.35, .05), (.5, .4), (.56, 2), (.6, 5), (.6, 6.9)], 8)
        rr = lambda z: np.interp(z, barrel[:, 1], barrel[:, 0]) + .006
        v = [(rr(z) * np.cos(a), rr(z) * np.sin(a), z) for z in np.linspace(z0, z1, 12) for a in th]
        f = [(i + n * k, i + 1 + n * k, i + 1 + n * (k + 1), i + n * (k + 1)) for k in range(11) for i in range(n - 1)]
        uv = [(q, 1 - i / (n - 1)) for q in np.linspace(0, 1, 12) for i in range(n)]
        o = mesh('engr', v, f, uv)
        m = Mat('engr', color=(.8, .8, .82), rough=.3, metal=.9)
        im = m.image(load(t), ext='CLIP', interp='Cubic')
        m.set('Alpha', im.outputs['Alpha'])
        add(give(o, m))
    place(root, loc)
    root.rotation_mode = 'QUATERNION'
    from mathutils import Euler
    q = Euler((np.radians(90), 0, np.radians(turn)), 'XYZ').to_quaternion() @ Euler((0, 0, np.radians(roll)), 'XYZ').to_quaternion()
    root.rotation_quaternion = q
    return root


@shot('engraved-pen/engraving.jpg', phone='sp9', taken='2026:10:16 12:43:10', sub='911', iso=100, exp='1/80', orient=6, size=(1536, 2048), dev=dict(ev=.2, noise=.01))
def engraving():
    reset()
    room('day', 150, 1.0)
    top('white', 100)
    fountain((-4.2, .4, .62), 94, True, True)
    # seen from above: the engraving must face up
    for o in bpy.data.objects:
        if o.name.startswith('pen'):
            from mathutils import Euler
            o.rotation_quaternion = Euler((np.radians(90), 0, np.radians(94)), 'XYZ').to_quaternion() @ Euler((0, 0, np.radians(172)), 'XYZ').to_quaternion()
            o.location = (-4.2, .25, .62)
    towel((4, 7.5, 0), 12, 6, 10, ('#5d6470', '#525863'), 3)
    camera((.9, -3.4, 7.2), (.1, .12, .6), 34, 9, 68, focus=(0, .2, 1.2))
    return render(912, 1216, 18)


@shot('engraved-pen/nib-returned.jpg', phone='sn4', taken='2026:10:23 15:20:36', sub='274', iso=200, exp='1/60', dev=dict(ev=.12, noise=.014, wb=(.98, 1, 1.03)))
def nib_returned():
    reset()
    room('office', 70, 1.0)
    lamp((-20, -10, 40), (0, 0, 0), 18, .8, (.96, 1, 1))
    top('pale', 120, seed=7)
    cr = tex.crumple(220, 14, 120)
    yy, xx = np.mgrid[0:1200, 0:1500]
    X, Y = xx / 50 - 15, 12 - yy / 50                 # the tissue is 30 by 24 cm
    n = tex.fbm(1200, 1500, 2.0, 6)
    c = np.ones((1200, 1500, 3)) * np.array([.90, .90, .885]) * (1 + (tex.fbm(1200, 1500, .7, 5) - .5)[..., None] * .06)
    emb = ((X * 2.2) % 1 < .16) & ((Y * 2.2) % 1 < .16)
    c = c * (1 - .05 * emb[..., None])
    for x, y, r, k in ((1.95, -.42, .26, .92), (2.45, -.75, .1, .7), (1.5, .1, .16, .35)):
        d = np.hypot(X - x, (Y - y) * 1.15) + (n - .5) * .22
        m = tex.smooth(r * 1.05, r * .8, d) * k + tex.smooth(r * 1.9, r, d) * .3 * k
        c = tex.mix(c, tex.hexc('#16267c'), np.clip(m, 0, .95))
    ti = Mat('tissue', rough=.95)
    ti.set('Base Color', ti.image(img(np.clip(c, 0, 1)), ext='EXTEND').outputs['Color'])
    ti.bump(ti.noise(9, 4), .12, .04)
    give(grid(30, 24, 160, 130, lambda x, y, u, v: (0, 0, .25 + (sample(cr, u, v) - .5) * 1.5 * np.clip((np.hypot(x, y) - 1.5) / 7, .18, 1))), ti)
    from mathutils import Euler
    root = fountain((-10.4, 1.5, 1.55), 82, False, False, inked=True)
    root.rotation_quaternion = Euler((0, np.radians(4.2), 0), 'XYZ').to_quaternion() @ Euler((np.radians(90), 0, np.radians(82)), 'XYZ').to_quaternion() @ Euler((0, 0, np.radians(168)), 'XYZ').to_quaternion()
    camera((2.4, -7.2, 6.4), (.35, -.1, .6), 38, 8, -6, focus=(.9, -.1, .9))
    return render(1152, 864, 20)


@shot('engraved-pen/pen-in-box.jpg', phone='sp9', taken='2026:10:16 12:41:55', sub='377', iso=100, exp='1/80', dev=dict(ev=.15, noise=.01))
def in_box():
    reset()
    room('day', 160, 1.0)
    top('pale', 160, turn=4, seed=5)
    g = Mat('grey', color=(.17, .175, .185), rough=.7)
    fo = Mat('foam', color=(.02, .02, .022), rough=1)
    fo.bump(fo.noise(30, 2), .3, .05)
    give(place(box(18.5, 7.6, 2.6, .1), (0, 0, 1.3), (0, 0, 12)), g)
    give(place(box(17.6, 6.7, .2, .05), (0, 0, 2.56), (0, 0, 12)), fo)
    # the groove the pen lies in
    gr = give(place(box(14.4, 1.9, .05, .0), (0, 0, 2.69), (0, 0, 12)), Mat('dark', color=(.006, .006, .007), rough=1))  # noqa: F841
    give(place(box(18.5, 7.6, 2.2, .1), (1.5, 8.9, 1.1), (0, 0, 3)), g)
    fountain((-6.6, -.55, 3.4), 101, True, True, roll=176)
    give(place(box(2.4, 7.75, 2.28, .05), (-2.2, 8.7, 1.12), (0, 0, 3)), Mat('band', color=(.75, .73, .68), rough=.6))
    s = html('<div style="text-align:center;font-size:38px;font-weight:600;border:2px solid #999;margin:8px;height:224px;padding-top:150px">刻字商品　介意慎拍</div>', 420, 240, '', 3)
    place(paper(s, 7.6, 4.34, .12, 4, 30), (1.2, -1.55, 2.74), (0, 0, 9))
    usb_cable([(-13, 6, .2), (-16, 8, .2), (-22, 5, .2), (-26, 12, .2)], (.05, .05, .05))
    camera((2, -18, 23), (.5, .5, 1.5), 31, 10, -2.5)
    return render(1216, 912, 18)


@shot('engraved-pen/listing-pen.jpg', phone='sx5', taken='2026:05:09 11:02:00', iso=100, exp='1/125', software='示例修图 8.2', edited='2026:05:10 16:21:09', size=(1600, 1600),
      dev=dict(ev=.1, noise=.003, vign=0, sharp=.5))
def listing_pen():
    reset()
    room('studio', 0, .75)
    top('studio', 300)
    fountain((-4.4, 4.3, .62), 48, False, False, roll=160)
    cap = lathe(curve_prof([(.64, 0), (.67, .1), (.66, 3), (.6, 5.6), (.4, 6.1), (0, 6.2)], 8), 48)
    give(cap, Mat('lacquer', color=(.006, .014, .075), rough=.1, coat=1))
    place(cap, (-5.4, -1.0, .68), (90, 0, 62))
    camera((0, -6, 24), (0, .3, 0), 46, 12, 0)
    lin = resize(render(1056, 1056, 18), 1120, 1120)
    t = html('<div style="position:absolute;left:0;top:22px;background:#b5261c;color:#fff;padding:8px 24px 9px 18px;border-radius:0 20px 20px 0"><div style="font-size:27px;font-weight:700;letter-spacing:1px">七天无理由退货</div><div style="font-size:16px;margin-top:1px">免费刻字</div></div>', 560, 560, '', 2, alpha=True)
    b = arr(t)
    return lin * (1 - b[..., 3:]) + b[..., :3] ** 2.2 * 1.35 * b[..., 3:]


# ---------- phone cases ----------

def case_geo(color, rough=.55, kind=None):
    ob = plate(7.4, 15.2, 1.0, 1.25, .28, holes=((-1.7, 5.4, 3.3, 3.5, .8),))
    m = Mat('silicone', color=color, rough=rough, sheen=.25 if rough > .4 else 0, coat=0 if rough > .4 else .25)
    m.bump(m.noise(25, 2), .02, .01)
    give(ob, m)
    return ob


def case_set(color, rough=.55, dx=0.0):
    reset()
    room('studio', 20, .8)
    lamp((-70, -30, 60), (0, 0, 6), 25, 3.6, (1, .97, .92))
    sweep((.60, .60, .60))
    c = case_geo(color, rough)
    place(c, (dx, 0 + dx * .3, 7.5), (72, 0, 14 + dx * 2))
    for x in (-1.6, 2.4):
        give(place(box(1.2, 5, 6.4, .05), (x, 3.7, 3.2), (0, 0, 14)), clear(.08))
    g = tex.rng(3)
    straw = Mat('straw', color=(.42, .30, .15), rough=.8)
    give(cable([(7.5, -7, .15), (9.5, -1, .2), (11, 4, .5), (11.6, 9, 1.6)], .09), straw)
    for i in range(70):
        t = g.uniform(0, 1)
        x, y, z = 10.6 + t * 1.1, 3.2 + t * 6, .5 + t * 1.2
        give(cable([(x, y, z), (x + g.normal(0, .5), y + .7, z + g.normal(.2, .3)), (x + g.normal(0, .8), y + 1.5, z + g.normal(.4, .4))], .03, res=3), straw)
    camera((-4, -34, 15), (1.4, 0, 6.6), 48, 10, 0, focus=(0, -1, 8))
    return render(960, 960, 18)


_case = {}


def recolour(color):
    """The same raw shot with another hue on the case: what an editor's recolouring does."""
    if 'raw' not in _case:
        _case['raw'] = case_set((.30, .42, .55))
    a = _case['raw'].copy()
    s = (a[..., 2] - a[..., 0]) / (a.sum(-1) + 1e-4)
    from scipy import ndimage
    m = tex.smooth(.035, .085, ndimage.gaussian_filter(s, .8))[..., None]
    l = (a @ np.array([.2, .5, .3]))[..., None] / .41
    return a * (1 - m) + np.asarray(color) * l * m


CAM = dict(phone='cam', size=(1500, 1500), iso=100, exp='1/125')
CDEV = dict(ev=.0, noise=.003, vign=.04, sharp=.5, seed=4)


@shot('phonecase-spam/case-blue.jpg', taken='2026:08:27 14:20:33', sub='412', dev=CDEV, **CAM)
def case_blue():
    return recolour((.30, .42, .55))


@shot('phonecase-spam/case-rose.jpg', taken='2026:08:27 14:20:33', sub='412', software='Example Photo Editor 4.0', edited='2026:08:28 23:11:05', dev=CDEV, **CAM)
def case_rose():
    return recolour((.60, .33, .33))


@shot('phonecase-spam/case-sage.jpg', taken='2026:08:27 14:20:33', sub='412', software='Example Photo Editor 4.0', edited='2026:08:28 23:14:47', dev=CDEV, **CAM)
def case_sage():
    return recolour((.34, .43, .30))


@shot('phonecase-spam/case-cream.jpg', taken='2026:08:27 14:52:10', sub='905', dev=dict(CDEV, seed=9), **CAM)
def case_cream():
    return case_set((.74, .69, .57), .3, .35)


@shot('phonecase-spam/case-ring.jpg', phone='s5', taken='2026:11:05 21:37:16', sub='663', iso=320, exp='1/50', dev=dict(ev=.2, noise=.014, wb=(1.0, 1, 1.0)))
def case_ring():
    reset()
    room('evening', 10, 1.1)
    lamp((-30, 40, 70), (0, 0, 0), 30, 2.2, (1, .93, .82))
    top('pale', 200, turn=3, seed=7)
    place(case_geo((.30, .42, .55)), (-5.2, 0, 0), (0, 0, 5))
    place(case_geo((.60, .33, .33)), (5.3, .5, 0), (0, 0, -3))
    w = Mat('white', color=(.8, .8, .8), rough=.5)
    place(give(lathe([(2.3, .0), (2.3, .06), (2.75, .06), (2.75, 0)], 80), w), (-5.1, -1.2, 1.0))
    give(place(box(.45, 2.2, .06, .02), (-5.0, -5.2, 1.02), (0, 0, 5)), w)
    st = steel(.3)
    give(place(plate(3.4, 5.0, .18, .5, .05), (5.2, -2.4, 1.0), (0, 0, -3)), st)
    give(place(plate(2.6, 4.2, .14, .4, .04), (5.25, -4.0, 2.3), (38, 0, -3)), st)
    usb_cable([(-14, 6, .2), (-16, 8, .2), (-22, 4, .2), (-25, 14, .2)])
    camera((1, -15, 25), (.2, -.3, .5), 29, 10, 4)
    return render(1152, 864, 16)
