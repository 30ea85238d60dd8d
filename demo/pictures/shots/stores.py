"""Cartons in store rooms and halls, the gift box, the mat roll, the pears."""
import bpy
import numpy as np

from kit import tex
from kit.printed import html, waybill
from kit.props import bubble, carton, crumpled, kraft_mat, paper, scale, steel, tape_roll, tape_strip, top, towel, usb_cable, wall  # noqa: F401
from kit.scene import Mat, ball, board_text, box, cable, camera, curve_prof, give, grid, img, lamp, lathe, load, mesh, place, plate, render, reset, room, sample
from . import orange as og
from . import shot
from .vessels import wood_mat


def bulge(w, d, h, mat, seed, k=.6):
    """A packed carton: sides a little bulged, edges a little crushed."""
    import bmesh
    ob = box(w, d, h, 0)
    ob.modifiers.clear()
    bm = bmesh.new()
    bm.from_mesh(ob.data)
    bmesh.ops.subdivide_edges(bm, edges=bm.edges[:], cuts=7, use_grid_fill=True)
    g = tex.rng(seed)
    f = g.normal(0, 1, 3)
    for v in bm.verts:
        x, y, z = v.co.x / w * 2, v.co.y / d * 2, v.co.z / h * 2
        b = np.cos(x * 1.57) * np.cos(z * 1.57) if abs(y) > .99 else 0
        c = np.cos(y * 1.57) * np.cos(z * 1.57) if abs(x) > .99 else 0
        e = np.cos(y * 1.57) * np.cos(x * 1.57) if abs(z) > .99 else 0
        v.co.y += np.sign(y) * b * k * (1 + .4 * f[0])
        v.co.x += np.sign(x) * c * k * (1 + .4 * f[1])
        v.co.z += np.sign(z) * e * k * .5 * f[2]
        n = np.sin(x * 5 + f[0]) * np.sin(y * 4 + f[1]) * np.sin(z * 6 + f[2])
        v.co *= 1 + .004 * n
    bm.to_mesh(ob.data)
    bm.free()
    ob.data.polygons.foreach_set('use_smooth', [False] * len(ob.data.polygons))
    m = ob.modifiers.new('b', 'BEVEL')
    m.width, m.segments, m.limit_method = .35, 2, 'ANGLE'
    return give(ob, mat)


def stacked(x, y, z, turn, mat, seed, w=44, d=34, h=27, label=None, lx=6, ly=2, tape=True):
    b = place(bulge(w, d, h, mat, seed), (x, y, z + h / 2), (0, 0, turn))
    a = np.radians(turn)
    off = lambda px, py: (x + px * np.cos(a) - py * np.sin(a), y + px * np.sin(a) + py * np.cos(a))
    if tape:
        t = give(grid(4.8, 9, 1, 1), Mat('tape', color=(.5, .36, .17), rough=.15, alpha=.6, coat=.4))
        place(t, (*off(0, -d / 2 - .62), z + h - 4.4), (90, 0, turn))
        t = give(grid(4.8, d, 1, 1), t.data.materials[0])
        place(t, (x, y, z + h + .35), (0, 0, turn))
    if label:
        g = tex.rng(seed)
        board_text(label, 10, 15, (*off(lx + g.normal(0, 1), -d / 2 - .75), z + h / 2 + ly * .5), (90, g.normal(0, 2.5), turn))
    return b


def pallet(x, y, turn=0, n=1):
    m = wood_mat(('#5f4a30', '#937349', '#b29263'), 8, .03)
    for i in range(7):
        give(place(box(110, 10, 2, .15), (x, y - 38 + i * 12.6, 12.8), (0, 0, turn)), m)
    for dx in (-48, 0, 48):
        give(place(box(9, 86, 9, .15), (x + dx, y, 6), (0, 0, turn)), m)


def labels(pre, n, **kw):
    out = []
    for i in range(n):
        out.append(waybill(f'{pre} **** {417 + i * 5:04d}', ('台**', '136****5081', '浙江省台州市 ****'), ('**', '1**********', '****'), kw.get('goods', '竹编收纳篮'), kw.get('w', '1.84kg'), kw.get('when', '2026-09-23 15:20'), '', ('571-A2', '020-H6', '755-B1')[i % 3], 40 + i))
    return out


@shot('presale-late/store-room.jpg', phone='sp6', taken='2026:09:23 16:12:33', sub='704', iso=640, exp='1/33', gps=(28.65, 121.42), orient=6, size=(1536, 2048), dev=dict(ev=.15, noise=.019, wb=(.96, 1.02, 1.02)))
def store_room():
    reset()
    room('store', 20, .8)
    lamp((0, -60, 262), (0, 0, 0), 120, 21, (.92, 1, .98))
    top('concrete', 900, seed=4)
    wall('#b9bab2', 70, 900, 300)
    place(give(grid(600, 300, 1, 1), Mat('w2', color=(.5, .5, .46), rough=.9)), (165, -120, 140), (90, 0, -90))
    pallet(-28, 18)
    pallet(86, 18, 1)
    mats = [kraft_mat(3 + i, c, 64, .022) for i, c in enumerate(('#ab8a5d', '#b08f62', '#a58256'))]
    L = labels('SL6620', 3)
    g = tex.rng(7)
    k = 0
    for x, n in ((-56, 6), (-8, 6), (60, 5), (108, 5)):
        for i in range(n):
            stacked(x + g.normal(0, .9), 12 + g.normal(0, 1.2), 14 + i * 27.3, g.normal(0, 1.6), mats[k % 3], k, label=L[k % 3] if g.uniform() < .8 else None, lx=g.uniform(-9, 9))
            k += 1
    wet = give(grid(300, 130, 60, 30, lambda x, y, u, v: (0, 0, .05)), Mat('wet', color=(.03, .03, .03), rough=.05, alpha=.55))
    m = wet.data.materials[0]
    b = Mat('wet2', color=(.035, .035, .035), rough=.04)
    yy, xx = np.mgrid[0:256, 0:700] / [[[256]], [[700]]]
    edge = 1 - np.hypot((xx - .55) * 2.1, (yy - .45) * 2.1)
    pool = tex.smooth(.1, .42, edge + (tex.fbm(256, 700, 2.2, 12) - .5) * 1.3)
    b.set('Alpha', b.ramp(b.image(img(pool, False), ext='CLIP').outputs['Color'], [(0, 0), (1, .62)]))
    wet.data.materials.clear()
    give(wet, b)
    place(wet, (40, -120, 0))
    del m
    camera((-42, -300, 165), (16, 0, 82), 26, 0, -1.8)
    return render(900, 1200, 16)


@shot('box-return/corner.jpg', phone='ex6', taken='2026:09:26 18:41:27', sub='192', iso=500, exp='1/33', gps=(30.29, 120.13), dev=dict(ev=.1, noise=.018, wb=(.97, 1.01, 1.01)))
def corner():
    reset()
    room('store', 60, .8)
    lamp((-40, -80, 270), (0, 0, 0), 130, 20, (.94, 1, .98))
    top('tile', 900, turn=0)
    wall('#c6c5bb', 80, 900, 300)
    wire = Mat('wire', color=(.4, .41, .42), rough=.35, metal=1)
    for x in np.linspace(-75, 75, 13):
        give(cable([(x, -8, 0), (x, -8, 45), (x, -8, 92)], .45, res=2), wire)
    for z in (3, 30, 60, 92):
        give(cable([(-75, -8, z), (0, -8, z), (75, -8, z)], .5, res=2), wire)
        for s in (-75, 75):
            give(cable([(s, -8, z), (s, 30, z), (s, 66, z)], .5, res=2), wire)
    for s in (-75, 75):
        for y in np.linspace(2, 66, 7):
            give(cable([(s, y, 0), (s, y, 45), (s, y, 92)], .4, res=2), wire)
    mats = [kraft_mat(3 + i, c, 64, .022) for i, c in enumerate(('#ab8a5d', '#b7976b', '#9c7a4f', '#c2b49a'))]
    g = tex.rng(11)
    for i in range(24):                              # flattened cartons, leaning
        w, h = g.uniform(45, 85), g.uniform(55, 105)
        y = 60 - i * 2.5
        place(bulge(w, 1.1, h, mats[i % 4], i, .3), (g.uniform(-35, 35), y, h / 2 + 2), (-g.uniform(4, 14), g.normal(0, 4), g.normal(0, 4)))
    L = labels('EX1180', 3, goods='日用品', w='0.90kg')
    for i, (x, y, w, d, h, t) in enumerate(((-34, -46, 42, 34, 28, 14), (16, -58, 36, 28, 22, -22), (52, -34, 40, 30, 34, 8), (18, -56, 30, 22, 16, 30))):
        stacked(x, y, 22 if i == 3 else 0, t, mats[(i + 1) % 4], 30 + i, w, d, h, L[i % 3], 3)
    for i in range(4):
        place(bulge(70 - 5 * i, 52, 1.0, mats[i % 4], 60 + i, .3), (-90 + 4 * i, -60, .6 + i * 1.2), (0, 0, 24 + 9 * i))
    s = html('<div style="padding:60px 30px;text-align:center;border:8px solid #2f7d4a;height:420px"><div style="font-size:74px;font-weight:900;color:#2f7d4a">旧纸箱放这里</div><div style="font-size:58px;font-weight:700;margin-top:34px">每箱 <span style="color:#d2691e">20</span> 积分</div></div>', 620, 420, '', 2)
    o = paper(s, 66, 44.6, .3, 3, 30)
    place(o, (-22, 79.4, 140), (90, 1.2, 0))
    for x in (112, 188):
        for y in (35, 66):
            give(place(box(3, 3, 185, .2), (x, y, 92)), wire)
    for z in (70, 110, 150):
        give(place(box(80, 34, 2.5, .2), (150, 50, z)), wire)
        for i in range(3):
            stacked(122 + i * 27, 46, z + 1.3, g.normal(0, 4), mats[i], 80 + i + z, 22, 24, g.uniform(14, 24), L[i], 1)
    place(give(box(50, 40, 6, 1), Mat('scale', color=(.25, .26, .27), rough=.4, metal=.6)), (116, -20, 3))
    tape_roll((66, -78, 0), 6, 5)
    camera((-52, -235, 150), (14, 0, 72), 25, 0, 1.6)
    return render(1152, 864, 16)


@shot('box-return/reuse-box.jpg', dev=dict(ev=.1, noise=.011), software='Demo Retouch 5', q=80)
def reuse():
    reset()
    room('day', 150, 1.0)
    top('tile', 400, turn=14)
    c = tex.ramp(np.clip(.5 + (tex.fbm(1024, 1024, .25, 3) - .5) * 1.5, 0, 1), [(0, tex.hexc('#2c2a29')), (.5, tex.hexc('#4e4b49')), (1, tex.hexc('#75706c'))])
    m = Mat('mat', rough=1)
    m.set('Base Color', m.image(img(c), 3).outputs['Color'])
    m.bump(m.image(img(tex.fbm(1024, 1024, .25, 3), False), 3).outputs['Color'], 1, .3)
    give(place(grid(90, 60, 1, 1), (2, 2, .8), (0, 0, 5)), m)
    place(bulge(40, 30, 24, kraft_mat(6, '#a68459', 64, .022), 4, .9), (0, 0, 12.8), (0, 0, -18))
    a = np.radians(-18)
    off = lambda px, py: (px * np.cos(a) - py * np.sin(a), px * np.sin(a) + py * np.cos(a))
    swell = .9 * .5 * tex.rng(4).normal(0, 1, 3)[2]      # as bulge() lifts the top
    tp = give(grid(5, 30.6, 4, 30, lambda x, y, u, v: (0, 0, swell * np.cos(x / 20 * 1.57) * np.cos(y / 15.3 * 1.57))), Mat('tape', color=(.6, .58, .5), rough=.12, alpha=.4, coat=.5))
    place(tp, (*off(0, 0), 24.95), (0, 0, -18))
    ghost = html('<div style="margin:6px;height:588px;background:#d8cbb4;opacity:.75;border-radius:4px"></div>', 400, 600, '', 1, alpha=True)
    board_text(ghost, 10.5, 15.6, (*off(8.4, -1.5), 25.45), (0, 0, -27))
    wb = waybill('EX4471 **** 0930', ('余**', '137****6052', '浙江省杭州市 ****'), ('骆**', '138****2207', '浙江省杭州市 ****'), '书籍', '2.36kg', '2026-10-08 18:22', '杭州', '571-F6', 21)
    o = paper(wb, 10, 15, .25, 5, 40, crumple=.2)
    place(o, (*off(8.0, 1.2), 25.5), (0, 0, -16))
    st = html('<div style="width:300px;height:300px;border-radius:50%;background:#2f8f4e;color:#fff;text-align:center;padding-top:72px;border:0"><div style="font-size:50px;font-weight:800">循环纸箱</div><div style="font-size:60px;font-weight:900;margin-top:8px">第 2 次</div></div>', 300, 300, '', 2, alpha=True)
    board_text(st, 6.4, 6.4, (*off(-11, 3), 25.55), (0, 0, -10))
    camera((-6, -44, 50), (1, -2, 14), 28, 13, 3)
    return render(1152, 864, 18)


@shot('en-late-gift/gift-box.jpg', phone='ex40', taken='2026:10:26 11:52:36', offset='+00:00', sub='288', iso=200, exp='1/50', dev=dict(ev=.1, noise=.012, wb=(.97, 1, 1.04)))
def gift():
    reset()
    room('day', 140, .95)
    top('oak', 300, turn=40, seed=7)
    carton(36, 30, 17, (118, 124, 114, 126), base='#a98a60')
    navy = Mat('navy', color=(.008, .018, .065), rough=.55)
    navy.bump(navy.noise(20, 3), .08, .02)
    place(give(box(25, 20, 8, .12), navy), (0, 0, 9), (0, 0, 5))
    place(give(box(25.6, 20.6, 3.4, .12), navy), (0, 0, 12.2), (0, 0, 5))
    rb = Mat('ribbon', color=(.74, .68, .55), rough=.35, sheen=.4)
    rb.bump(rb.noise(6, 3, map_scale=(1, 12, 1)), .2, .05)
    place(give(box(2.6, 20.9, 3.6, .1), rb), (-5, -.4, 12.25), (0, 0, 5))
    place(give(box(25.9, 2.6, 3.6, .1), rb), (0, 1, 12.25), (0, 0, 5))
    for s, k in ((1, 0), (-1, .5), (1, 1.2), (-1, 1.5)):
        n, pts = 40, []
        th = np.linspace(0, 2 * np.pi, n)
        dx = (3.4 * (1 - np.cos(th)) * .95) * s
        dz = 2.0 * np.sin(th) + .25
        ang = np.radians(20 + k * 42)
        vs = []
        for w in (-1.3, 1.3):
            for a, b in zip(dx, dz):
                x, y = a, w * (.35 + .65 * abs(a) / 6.5)
                vs.append((-5 + x * np.cos(ang) - y * np.sin(ang), .9 + x * np.sin(ang) + y * np.cos(ang), 15.8 + max(b, -.9)))
        give(mesh('bow', vs, [(i, i + 1, n + i + 1, n + i) for i in range(n - 1)]), rb)
    give(place(ball(1.1, 24), (-5, .9, 14.8), (0, 0, 0), (1.2, 1.2, .8)), rb)
    t = html('<div style="height:300px;border:3px solid #c9ae6a;margin:10px;text-align:center;padding-top:70px;font-family:Caveat;font-size:66px;color:#1f2a55;line-height:1.1">Happy 70th,<br>with love</div>', 480, 320, 'body{background:#f7f2e4}', 3)
    place(paper(t, 8.6, 5.7, .3, 3, 24), (4.8, -4.4, 14.4), (3, 2, -12))
    hm = tex.crumple(200, 5, 120)
    ti = Mat('tissue', color=(.85, .84, .82), rough=.8, alpha=.92)
    for i, (x, y, a) in enumerate(((-15.2, 1, 86), (15.3, -1, 94), (1, 12.4, 2), (0, -12.3, 178))):
        o = grid(26, 4.2, 90, 24, lambda x, y, u, v: (0, 0, (sample(hm, u, (v * .4 + .2 * i) % 1) - .5) * 7 + 1.2))
        place(give(o, ti), (x, y, 12.4), (0, 0, a))
    camera((4, -37, 55), (0, -1.5, 9), 28, 12, -4)
    return render(1152, 864, 18)


@shot('ice-silk/mat-roll.jpg', phone='ex6', taken='2026:10:11 15:42:08', sub='630', iso=125, exp='1/80', gps=(30.31, 120.16), dev=dict(ev=.1, noise=.01))
def mat_roll():
    reset()
    room('day', 160, 1.0)
    top('oak', 400, turn=6, seed=9)
    c, h = tex.knit(n=64, base='#8699a8', seed=6)
    m = Mat('knit', rough=.8, sheen=.25)
    m.set('Base Color', m.image(img(c), (5, 14, 1)).outputs['Color'])
    m.bump(m.image(img(h, False), (5, 14, 1)).outputs['Color'], .6, .08)
    th = np.linspace(0, 2 * np.pi * 7, 420)
    r = 1.2 + th / (2 * np.pi) * 1.05
    r = r + .12 * np.sin(th * 3.1)
    n = len(th)
    ys = np.linspace(-32, 32, 30)
    v = [(a * np.cos(t) * (1 + .008 * np.sin(y * .4)), y + .25 * np.sin(t * 2), a * np.sin(t) * .94) for y in ys for a, t in zip(r, th)]
    f = [(j * n + i, j * n + i + 1, (j + 1) * n + i + 1, (j + 1) * n + i) for j in range(29) for i in range(n - 1)]
    uv = [(i / n * 3, j / 29) for j in range(30) for i in range(n)]
    o = give(mesh('roll', v, f, uv), m)
    sm = o.modifiers.new('t', 'SOLIDIFY')
    sm.thickness = .55
    place(o, (-2, 4, 8.2), (0, 0, 62))
    a = np.radians(62)
    el = Mat('elastic', color=(.03, .03, .035), rough=.8)
    for y in (-21, 22):
        place(give(lathe([(8.75, 0), (9.0, .1), (9.0, 1.9), (8.75, 2)], 64), el), (-2 - y * np.sin(a), 4 + y * np.cos(a), 8.1), (90, 0, 62))
    s = html('<div style="height:520px;background:#eef3f5;border-top:14px solid #7fa6b8;border-bottom:14px solid #7fa6b8"><div style="position:absolute;right:60px;top:44px;font-size:36px;color:#47616f;letter-spacing:6px" class=serif>箬里</div><div style="position:absolute;left:0;right:0;top:130px;text-align:center;font-size:150px;font-weight:900;color:#2f5b73;letter-spacing:18px">冰丝席</div><div style="position:absolute;left:0;right:0;top:340px;text-align:center;font-size:58px;color:#3f5a68">三件套　1.8×2.0m</div></div>', 1000, 520, '', 2)
    k = 50
    t2 = np.radians(np.linspace(-20, 200, k))
    vv = [(8.95 * np.cos(t), y, 8.5 * np.sin(t)) for t in t2 for y in (-12, 12)]
    ff = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(k - 1)]
    uu = [(q, 1 - i / (k - 1)) for i in range(k) for q in (1, 0)]
    so = mesh('sleeve', vv, ff, uu)
    mm = Mat('sleeve', rough=.4)
    mm.set('Base Color', mm.image(load(s), (1, 1.55, 1), ext='EXTEND', off=(0, -.06, 0)).outputs['Color'])
    place(give(so, mm), (-2, 4, 8.2), (0, 0, 62))
    for i in range(2):
        q = towel((30 - i, -13 + i * .8, i * 3.2), 34, 24, 64 + 3 * i, ('#8b9dab', '#7f92a1'), 4 + i, 3.4)
        q.data.materials.clear()
        give(q, m)
    g = Mat('bag', color=(.22, .225, .235), rough=.3)
    hm = tex.crumple(200, 9, 110)
    place(give(grid(52, 34, 100, 70, lambda x, y, u, v: (0, 0, (sample(hm, u, v) - sample(hm, u * 0 + .5, v * 0 + .5).mean()) * 5 + 2.2)), g), (-30, -30, 0), (0, 0, 14))
    camera((6, -72, 68), (0, -3, 5), 27, 14, -2)
    return render(1152, 864, 18)


@shot('presale-rule/pears.jpg', phone='ex40', taken='2026:10:06 07:52:18', sub='095', iso=100, exp='1/100', gps=(30.80, 120.10), dev=dict(ev=.1, noise=.01))
def pears():
    reset()
    og._mats.clear()
    room('store', 200, .6)
    lamp((-110, -30, 70), (0, 0, 10), 80, 9, (.95, .98, 1))
    top('concrete', 500, seed=6)
    wd = wood_mat(('#8a6d45', '#bb9a6a', '#d3b68a'), 9, .03)
    for s in (-1, 1):
        for z in (5, 13, 21):
            give(place(box(62, 1.4, 6.6, .15), (0, s * 21, z)), wd)
            give(place(box(1.4, 42, 6.6, .15), (s * 31, 0, z)), wd)
        for t in (-1, 1):
            give(place(box(4, 4, 27, .2), (s * 29, t * 19, 13.5)), wd)
    give(place(box(60, 40, 1, .1), (0, 0, 1)), wd)
    H, W = 512, 1024
    v = tex.fbm(H, W, 2.2, 3)
    c = tex.ramp(np.clip(v, 0, 1), [(0, tex.hexc('#8fa23c')), (.5, tex.hexc('#b4b950')), (1, tex.hexc('#d0c468'))])
    sp = tex.speckle(H, W, 4, .012, 1.2)
    c = tex.mix(c, tex.hexc('#8a6f35'), sp * .6)
    pm = Mat('pear', rough=.42, coat=.12)
    pm.set('Base Color', pm.image(img(c)).outputs['Color'])
    st = Mat('stem', color=(.08, .05, .025), rough=.9)
    net = Mat('net', color=(.82, .83, .80), rough=.8)
    base = lathe(curve_prof([(0, .35), (.7, .1), (2.2, .3), (3.7, 2.2), (3.9, 4.2), (3.2, 6.4), (2.1, 8.0), (1.3, 8.7), (.4, 8.7), (0, 8.45)], 6), 48, wob=lambda t, q: 1 + .02 * np.cos(2 * t + 1) + .01 * np.cos(3 * t))
    give(base, pm)
    stem = give(cable([(0, 0, 8.4), (.1, 0, 9.4), (.5, .1, 10.6)], .18), st)
    nv, nf = [], []
    # the foam net: a lattice of bands round the lower body
    nets = []
    for k in range(14):
        for sg in (-1, 1):
            pts = []
            for q in np.linspace(0, 1, 14):
                z = .6 + q * 6.0
                rr = np.interp(z, [0, .3, 2.2, 4.2, 6.4, 8], [1.2, 2.3, 3.75, 3.95, 3.3, 2.2]) + .16
                a = k / 14 * 6.283 + sg * q * 1.35
                pts.append((rr * np.cos(a), rr * np.sin(a), z))
            nets.append(pts)
    cu = bpy.data.curves.new('net', 'CURVE')
    cu.dimensions = '3D'
    cu.bevel_depth, cu.bevel_resolution, cu.resolution_u = .2, 1, 3
    for pts in nets:
        s = cu.splines.new('NURBS')
        s.points.add(len(pts) - 1)
        for p, q in zip(s.points, pts):
            p.co = (*q, 1)
        s.use_endpoint_u = True
    neto = bpy.data.objects.new('net', cu)
    cu.materials.append(net.m)
    del nv, nf
    g = tex.rng(9)
    i = 0
    for layer, z in ((0, 3), (1, 12.5), (2, 19)):
        nx, ny = 7 - (layer == 2), 5 - (layer == 2)
        for yy in range(ny):
            for xx in range(nx):
                if layer == 0:
                    continue
                p = ((xx - (nx - 1) / 2) * 8.2 + g.normal(0, .5), (yy - (ny - 1) / 2) * 7.9 + g.normal(0, .5), z + g.normal(0, .6))
                rt = tuple(np.radians((g.normal(0, 28), g.normal(0, 28), g.uniform(0, 360))))
                obs = [base.data, stem.data] + ([cu] if (xx * 3 + yy + layer) % 2 == 0 else [])
                for d in obs:
                    o = bpy.data.objects.new('p', d)
                    bpy.context.collection.objects.link(o)
                    o.location, o.rotation_euler = p, rt
                i += 1
    base.location.z = stem.location.z = -80
    s = html('<div style="padding:26px;text-align:center;font-size:60px;font-weight:800;line-height:1.35;color:#233"><span style="font-family:Ma Shan Zheng;font-weight:400;font-size:74px">10月下旬采</span><br><span style="color:#b5331f">预售</span></div>', 420, 250, 'body{background:#f3ecd6}', 3)
    o = paper(s, 15, 9, .3, 4, 24)
    place(o, (7, -13.5, 29), (68, 0, 8))
    give(place(box(.8, .3, 16, .05), (7, -12.8, 24), (-14, 0, 0)), wd)
    camera((-14, -58, 62), (1, -2, 15), 28, 13, 2.5)
    return render(1152, 864, 18)
