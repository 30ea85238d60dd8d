"""Candle jar, slow-feeder bowl, thermos cups, cream jars: the round things."""
import numpy as np

from kit import tex
from kit.printed import html, lcd  # noqa: F401
from kit.props import ribbon_bow, carton, kraft_mat, paper, pen, steel, sweep, top, towel, usb_cable, wall
from kit.scene import Mat, ball, board_text, box, cable, camera, curve_prof, give, grid, img, lamp, lathe, load, place, plate, render, reset, room, sample
from . import shot


def glass(tint=(1, 1, 1), rough=.01):
    return Mat('glass', color=tint, rough=rough, trans=1, ior=1.45)


def clear(alpha=.12, tint=(.9, .95, .95)):
    """Thin glass without refraction: cheap and clean."""
    m = Mat('clear', color=tint, rough=.02, alpha=alpha, coat=1)
    f = m.node('ShaderNodeLayerWeight')
    f.inputs['Blend'].default_value = .25
    m.set('Alpha', m.ramp(f.outputs['Facing'], [(0, alpha * .35), (.5, alpha), (1, .85)]))
    return m


# ---------- candle ----------

def candle(loc, lit=False, seed=3):
    x, y, z = loc
    h, w = 512, 1600
    v = tex.fbm(h, w, 2.2, 5)
    c = tex.mix(tex.hexc('#efe6d0'), tex.hexc('#f6f0e2'), v)
    r = tex.rng(seed)
    yy, xx = np.mgrid[0:h, 0:w]

    def flower(cx, cy, rad, petals, col, mid, sq=1.0):
        dx = (xx - cx + w / 2) % w - w / 2
        dy = (yy - cy) * sq
        d, a = np.hypot(dx, dy), np.arctan2(dy, dx) + cx
        edge = rad * (.62 + .38 * np.abs(np.cos(a * petals / 2)) ** .7)
        m = tex.smooth(edge, edge * .86, d)
        vein = .8 + .3 * d / rad + .12 * np.cos(a * petals)
        o = c * (1 - m[..., None]) + np.clip(tex.hexc(col) * vein[..., None], 0, 1) * m[..., None]
        k = tex.smooth(rad * .26, rad * .18, d)[..., None]
        return o * (1 - k) + tex.hexc(mid) * k

    for i in range(26):
        c = flower(r.uniform(0, w), r.uniform(110, 420), r.uniform(13, 22), 4, '#e2a52c', '#c07c14')
    for cx in (400, 1180):
        c = flower(cx, 250, 74, 12, '#b9a2c8', '#cf9b34')
    for i in range(16):
        cx, cy, a = r.uniform(0, w), r.uniform(90, 430), r.uniform(0, 3.1)
        dx = (xx - cx + w / 2) % w - w / 2
        dy = yy - cy
        s, q = dx * np.cos(a) + dy * np.sin(a), -dx * np.sin(a) + dy * np.cos(a)
        L = r.uniform(26, 46)
        m = tex.smooth(1, .85, np.abs(s) / L) * tex.smooth(1.1, .8, np.abs(q) / (9 * np.clip(1 - (s / L) ** 2, .02, 1)))
        lc = tex.hexc('#6f7f43') * (.75 + .5 * np.abs(np.sin(q * .6)))[..., None]
        c = c * (1 - m[..., None] * .9) + lc * m[..., None] * .9
    wax = Mat('wax', rough=.45, sss=.12)
    wax.b.inputs['Subsurface Radius'].default_value = (.5, .35, .2)
    wax.b.inputs['Subsurface Scale'].default_value = 1.0
    wax.set('Base Color', wax.image(img(np.clip(c, 0, 1))).outputs['Color'])
    place(give(lathe([(3.72, .55), (3.78, .8), (3.78, 6.6), (3.74, 6.8)], 96), wax), loc)
    tm = Mat('waxtop', color=(.85, .79, .66), rough=.4 if not lit else .12, sss=.1)
    tm.b.inputs['Subsurface Scale'].default_value = 1.0
    tm.bump(tm.noise(.6, 5), .2, .15)
    place(give(lathe([(0, 6.55), (1.5, 6.6), (2.6, 6.62), (3.5, 6.75), (3.76, 6.9)], 64), tm), loc)
    if not lit:                                   # the ring of flowers on the top
        n = 640
        g = np.zeros((n, n, 4))
        Y, X = np.mgrid[0:n, 0:n] - n / 2
        rr = tex.rng(9)
        for i in range(34):
            a = i / 34 * 6.283 + rr.normal(0, .06)
            R = n * .37 + rr.normal(0, 13)
            cx, cy = R * np.cos(a), R * np.sin(a)
            k = ('#e2a52c', '#b9a2c8', '#7c8a4a', '#e8b84a')[rr.choice([0, 1, 2, 3], p=[.45, .12, .25, .18])]
            rad = rr.uniform(13, 22) * (1.6 if k == '#b9a2c8' else 1)
            d, t = np.hypot(X - cx, Y - cy), np.arctan2(Y - cy, X - cx) + i
            pt = {'#7c8a4a': 2, '#b9a2c8': 10}.get(k, 4)
            e = rad * (.55 + .45 * np.abs(np.cos(t * pt / 2)) ** .7)
            m = tex.smooth(e, e * .85, d)
            col = tex.hexc(k) * (.75 + .35 * np.clip(d / rad, 0, 1))[..., None]
            g[..., :3] = g[..., :3] * (1 - m[..., None]) + col * m[..., None]
            g[..., 3] = np.maximum(g[..., 3], m)
        board_text(g, 7.4, 7.4, (x, y, z + 6.72), (0, 0, 30))
    give(cable([(x, y, z + 6.5), (x + .02, y, z + 7.1), (x + .12, y + .05, z + 7.6)], .09), Mat('wick', color=(.85, .82, .74) if not lit else (.03, .03, .03), rough=1))
    out = curve_prof([(0, 0), (3.6, 0), (3.6, 0), (4.0, .35), (4.0, .6), (4.0, 8.7), (4.0, 8.7), (3.95, 9.0), (3.86, 9.0), (3.82, 8.6)], 6)
    place(give(lathe(out, 96), clear(.10)), loc)
    if lit:
        f = give(lathe(curve_prof([(0, 7.4), (.22, 7.7), (.3, 8.1), (.18, 8.8), (.02, 9.6)], 8), 32), Mat('flame', color=(0, 0, 0), emit=(1, .55, .18), emit_k=60, alpha=.85))
        place(f, (x + .12, y + .05, z))
        import bpy
        l = bpy.data.lights.new('p', 'POINT')
        l.energy, l.color, l.shadow_soft_size = 9e3, (1, .56, .22), .5
        o = bpy.data.objects.new('p', l)
        bpy.context.collection.objects.link(o)
        o.location = (x + .12, y, z + 8.9)
        pool = give(lathe([(0, 6.66), (1.6, 6.66)], 48), Mat('pool', color=(.75, .62, .38), rough=.02, alpha=.75, coat=1))
        place(pool, loc)


def wood_mat(tone=('#b0926c', '#d6bd98', '#e6d5b8'), seed=12, sc=.06):
    c, h, g = tex.wood(tone=tone, seed=seed, planks=1, h=512, w=1024)
    m = Mat('woodpiece', rough=.5)
    m.set('Base Color', m.image(img(c), sc, 'Object', box=True).outputs['Color'])
    return m


def lid(loc, rot):
    place(give(lathe(curve_prof([(0, 0), (4.0, 0), (4.0, 0), (4.15, .15), (4.15, 1.0), (4.15, 1.0), (4.0, 1.15), (0, 1.15)], 5), 80), wood_mat()), loc, rot)


@shot('candle-category/candle-top.jpg', phone='cam', taken='2026:03:18 10:22:41', iso=100, exp='1/80', software='Example Darkroom 6.1',
      edited='2026:03:19 21:05:10', size=(2048, 1536), dev=dict(ev=-.3, noise=.005, sharp=.55, contrast=1.12))
def c_top():
    reset()
    room('day', 180, 1.0)
    top('linen', 200, turn=9)
    candle((0, 0, 0))
    lid((5.9, 1.6, 3.55), (0, 62, 20))
    towel((-17, 14, 0), 24, 14, 30, ('#b7b39f', '#a39f8c'), 6)
    camera((-1, -13, 21), (.9, .3, 4.6), 42, 8, -1.5, focus=(0, -1, 6.7))
    return render(1216, 912, 18)


@shot('candle-category/candle-lit.jpg', phone='cam', taken='2026:09:21 19:48:03', iso=640, exp='1/40', software='Example Darkroom 6.1',
      edited='2026:09:22 09:30:44', dev=dict(ev=.75, noise=.009, wb=(.98, 1, 1.05), bloom=.09))
def c_lit():
    reset()
    room('night', 20, .9)
    top('walnut', 200, turn=3)
    wall('#4a4038', 26)
    candle((0, 0, 0), True)
    give(place(box(10, 10, 11, .12), (11.5, 5, 5.5), (0, 0, -14)), kraft_mat(4, '#8d7355', 1))
    ribbon_bow((-8.2, -2.6, .5), Mat('bow', color=(.36, .05, .05), rough=.4, sheen=.3), .62)
    lid((-6.5, 8, 0), (0, 0, 0))
    camera((-5, -27, 9), (.8, 0, 4.9), 45, 8, 1, focus=(0, -3, 6))
    return render(1216, 912, 22)


# ---------- slow-feeder bowl ----------

def feeder(loc=(0, 0, 0), turn=0):
    n, m = 260, 90
    th = np.linspace(0, 2 * np.pi, n + 1)
    rr = np.linspace(0, 8.55, m)
    T, R = np.meshgrid(th, rr)
    z = .8 + .25 * (R / 8) ** 2 + 3.6 * tex.smooth(6.9, 8.5, R)
    knob = 2.4 * np.clip(1 - (R / 1.35) ** 2, 0, 1) ** .6
    ridge = np.zeros_like(R)
    for k in range(3):
        a0 = k * 2 * np.pi / 3
        t = (T - a0) % (2 * np.pi)
        span = 2.5
        rc = 2.6 + t / span * 3.2                      # a spiral arm
        on = tex.smooth(-.02, .16, t) * tex.smooth(span + .02, span - .2, t)
        ridge = np.maximum(ridge, on * np.sqrt(np.clip(1 - ((R - rc) / .62) ** 2, 0, 1)) * 2.1)
    z = np.maximum(z, .8 + np.maximum(knob, ridge))
    from scipy import ndimage
    z = ndimage.gaussian_filter(z, (1.0, 1.2), mode=('nearest', 'wrap'))
    X, Y = R * np.cos(T), R * np.sin(T)
    v = np.stack([X, Y, z], -1).reshape(-1, 3)
    i = np.arange(m - 1)[:, None] * (n + 1) + np.arange(n)[None]
    f = np.stack([i, i + 1, i + n + 2, i + n + 1], -1).reshape(-1, 4)
    from kit.scene import mesh
    uv = np.stack([X / 18 + .5, Y / 18 + .5], -1).reshape(-1, 2)
    h = w = 1024
    a = tex.fbm(h, w, 2.2, 5)
    c = tex.mix(tex.hexc('#cbb994'), tex.hexc('#e2d6ba'), a)
    sp = np.maximum(tex.speckle(h, w, 3, .0012, 1.5), tex.speckle(h, w, 9, .0004, 2.2))
    c = tex.mix(c, tex.hexc('#5d3d22'), sp * .85)
    g = Mat('oat', rough=.3, coat=.3, coat_rough=.12)
    g.set('Base Color', g.image(img(c)).outputs['Color'])
    g.bump(g.image(img(tex.fbm(512, 512, 1.4, 3), False)).outputs['Color'], .12, .06)
    ob = give(mesh('bowl', v, f, uv), g)
    place(ob, loc, (0, 0, turn))
    out = lathe(curve_prof([(8.55, 4.62), (8.8, 4.85), (9.0, 4.75), (9.0, 4.4), (8.75, 2.6), (8.0, .8), (7.2, .3), (7.0, 0), (6.6, 0)], 8), 128)
    g2 = Mat('oat2', rough=.3, coat=.3)
    g2.set('Base Color', g2.image(img(c), (3, .4, 1)).outputs['Color'])
    place(give(out, g2), loc, (0, 0, turn))

    def height(x, y):
        x, y = x - loc[0], y - loc[1]
        a = np.radians(-turn)
        x, y = x * np.cos(a) - y * np.sin(a), x * np.sin(a) + y * np.cos(a)
        r0, t0 = np.hypot(x, y), np.arctan2(y, x) % (2 * np.pi)
        return z[min(int(r0 / 8.55 * (m - 1)), m - 1), int(t0 / (2 * np.pi) * n)] + loc[2]
    return height


@shot('pet-bowl-category/bowl-top.jpg', phone='cam', taken='2026:06:11 09:17:26', iso=100, exp='1/100', software='Example Darkroom 6.1',
      edited='2026:06:12 22:01:30', size=(1800, 1800), dev=dict(ev=.1, noise=.005, sharp=.55))
def b_top():
    reset()
    room('day', 200, 1.0)
    top('oak', 200, turn=3, seed=6)
    feeder((0, 0, 0), 20)
    camera((.2, -1.5, 40), (.1, 0, 1), 38, 9, .5)
    return render(1080, 1080, 18)


def bits(height, n, r, mat, seed, rmax=6.6, sx=(1, 1, .7), rmin=0.0, wet=0.0):
    g = tex.rng(seed)
    import bpy
    base = give(ball(r, 14), mat)
    if wet:
        co = np.array([v.co for v in base.data.vertices])
        base.data.vertices.foreach_set('co', (co * (1 + g.normal(0, wet, len(co)))[:, None]).astype(np.float32).ravel())
    done = []
    for _ in range(n):
        a, R = g.uniform(0, 6.283), rmax * np.sqrt(g.uniform((rmin / rmax) ** 2, 1))
        x, y = R * np.cos(a), R * np.sin(a)
        z = height(x, y)
        if z > 2.2 and g.uniform() < .93:
            continue
        z += r * .5
        for (px, py, pz) in done[-400:]:
            if (px - x) ** 2 + (py - y) ** 2 < (r * 1.3) ** 2:
                z = max(z, pz + r * .8)
        if z > 3.6:
            continue
        done.append((x, y, z))
        o = bpy.data.objects.new('bit', base.data)
        bpy.context.collection.objects.link(o)
        place(o, (x, y, z), tuple(g.uniform(0, 60, 2)) + (g.uniform(0, 360),), tuple(np.array(sx) * g.uniform(.8, 1.2)))
    base.location.z = -60


@shot('pet-bowl-category/bowl-porridge.jpg', phone='cam', taken='2026:06:11 10:02:54', iso=100, exp='1/80', software='Example Darkroom 6.1',
      edited='2026:06:12 22:08:12', dev=dict(ev=.1, noise=.005, sharp=.55))
def b_porridge():
    reset()
    room('day', 180, 1.0)
    top('oak', 260, turn=3, seed=6)
    wall('#d8d2c6', 70)
    h = feeder((0, 0, 0), 50)
    bits(h, 1500, .3, Mat('oats', color=(.66, .47, .26), rough=.8), 3, 6.9, (1, .72, .3), wet=.14)
    bits(lambda x, y: min(max(h(x, y), 2.05), 2.15), 22, .62, Mat('berry', color=(.025, .03, .10), rough=.45), 7, 5.9, (1, 1, .92))
    bits(lambda x, y: min(max(h(x, y), 2.1), 2.15), 9, .75, Mat('peel', color=(.82, .33, .03), rough=.4), 11, 5.6, (1.3, .6, .5))
    spoon = give(lathe(curve_prof([(0, 0), (.5, .2), (.42, 2), (.4, 8), (.5, 13), (.3, 13.6), (0, 13.7)], 6), 24), wood_mat(('#5a3a22', '#8a5d38', '#a97c50'), 5))
    place(spoon, (-3, -2.5, 3.2), (62, 0, -118))
    towel((15, 6, 0), 20, 16, -20, ('#d8d2c2', '#c9c1ae'), 6)
    camera((-6, -34, 17), (.6, 0, 2.4), 46, 8, 0, focus=(0, -6, 4))
    return render(1216, 912, 18)


@shot('pet-bowl-category/bowl-kibble.jpg', dev=dict(ev=.15, noise=.014, sharp=.9), q=72, maxkb=300, size=(1440, 1440))
def b_kibble():
    reset()
    room('office', 50, .95)
    top('tile', 200, turn=10)
    h = feeder((0, 0, 0), 130)
    bits(h, 900, .47, Mat('kibble', color=(.24, .11, .045), rough=.85), 5, 7.0, (1, 1, .62), wet=.06)
    place(give(ball(.47, 14), Mat('kibble', color=(.24, .11, .045), rough=.85)), (10.6, -5.2, .3), (0, 0, 0), (1, 1, .62))
    camera((1.5, -10, 34), (.5, -.6, 1), 28, 10, 6)
    return render(1000, 1000, 16)


# ---------- thermos ----------

def thermos(loc, turn=0, peel=None, loop=True, base=False, seed=3, rot=None):
    """peel: list of (u, v, size) patches where the coat is gone."""
    import bpy
    root = bpy.data.objects.new('thermos', None)
    bpy.context.collection.objects.link(root)

    def add(o):
        o.parent = root
        return o
    h, w = 1024, 1400
    n = tex.fbm(h, w, 1.6, seed)
    bare = np.zeros((h, w))
    yy, xx = np.mgrid[0:h, 0:w]
    for (u, v, s, asp) in peel or ():
        d = np.hypot((xx / w - u) * 22 / asp, (1 - yy / h - v) * 20.5) / s
        d = d + (tex.fbm(h, w, 1.7, seed + 5) - .5) * .9 + (tex.fbm(h, w, .9, seed + 6) - .5) * .35
        bare = np.maximum(bare, tex.smooth(.56, .5, d))
    m = Mat('coat', metal=0)
    f = tex.fbm(h, w, .35, seed + 1)
    c = tex.hexc('#1f3a2e')[None, None] * (1 + (n - .5)[..., None] * .12)
    c = tex.mix(c, tex.hexc('#b9b7b2'), bare)
    rim = np.clip(__import__('scipy.ndimage', fromlist=['x']).gaussian_filter(bare, 2.2) * (1 - bare) * 3, 0, 1)
    c = tex.mix(c, tex.hexc('#3f5a4b'), rim * .7)
    m.set('Base Color', m.image(img(np.clip(c, 0, 1)), interp='Cubic').outputs['Color'])
    m.set('Metallic', m.image(img(bare, False)).outputs['Color'])
    m.set('Roughness', m.image(img(.56 - .26 * bare + (f - .5) * .1, False)).outputs['Color'])
    m.bump(m.image(img((1 - bare) * .55 + f * .18, False), interp='Cubic').outputs['Color'], .35, .06)
    add(give(lathe(curve_prof([(3.15, 0), (3.4, .12), (3.5, .5), (3.5, .5), (3.5, 14), (3.5, 15.5), (3.3, 16.8), (2.95, 17.5), (2.95, 17.5)], 8), 96), m))
    add(give(lathe([(2.97, 17.4), (3.0, 17.5), (3.0, 18.3), (2.9, 18.4)], 80), steel(.2)))
    bk = Mat('lid', color=(.014, .014, .015), rough=.42)
    add(give(lathe(curve_prof([(2.9, 18.3), (3.05, 18.35), (3.05, 18.35), (3.05, 21), (2.9, 21.5), (2.5, 21.7), (0, 21.72)], 6), 96,
                   wob=lambda t, v: 1 + .006 * np.sign(np.sin(t * 36)) * ((v > .1) & (v < .6))), bk))
    add(give(lathe([(3.15, 0), (2.9, -.02), (2.8, .25), (0, .3)], 96), steel(.3)))
    if loop:
        add(give(cable([(-2.2, 0, 21.5), (-2.6, 0, 22.8), (-1.5, .2, 24.3), (1.0, .3, 24.6), (2.4, .1, 23.2), (2.2, 0, 21.5)], .32), Mat('loop', color=(.02, .02, .02), rough=.6)))
    place(root, loc, rot or (0, 0, turn))
    return root


def keyboard(loc, turn):
    import bpy
    root = bpy.data.objects.new('kb', None)
    bpy.context.collection.objects.link(root)
    b = give(plate(43, 13, 1.2, 1, .2), Mat('kb', color=(.05, .05, .055), rough=.5))
    b.parent = root
    k = give(plate(1.65, 1.65, .5, .25, .12, seg=4), Mat('key', color=(.035, .035, .04), rough=.55))
    for r in range(6):
        for i in range(22):
            o = bpy.data.objects.new('k', k.data)
            bpy.context.collection.objects.link(o)
            o.parent = root
            o.location = (-20 + i * 1.9 + (r * .45 if r < 5 else 0), -4.9 + r * 1.92, 1.15)
    bpy.data.objects.remove(k)
    place(root, loc, (0, 0, turn))


@shot('thermos-review/review-1.jpg', phone='sn4', taken='2026:09:27 14:18:22', sub='450', iso=200, exp='1/50', size=(1536, 2048),
      dev=dict(ev=.15, noise=.014))
def th1():
    reset()
    room('office', 30, .95)
    top('pale', 260, turn=4, seed=5)
    thermos((0, 0, 0), 0, [(.745, .045, 1.15, 1.7)], loop=False)
    keyboard((-15, 17, 0), 8)
    usb_cable([(9, 6, .2), (11, 9, .2), (18, 12, .2), (24, 4, .2), (34, 10, .2)], (.03, .03, .03))
    camera((2, -34, 27), (.5, 1.5, 9.2), 32, 10, 2, focus=(0, -3.5, 4))
    return render(880, 1173, 18)


@shot('thermos-review/review-2.jpg', phone='sn4', taken='2026:10:19 20:55:03', sub='121', iso=640, exp='1/25', orient=6, size=(1536, 2048),
      dev=dict(ev=.2, noise=.024, blur=1.3, motion=(6, 3), sharp=.9, wb=(1.02, 1, .95)))
def th2():
    reset()
    room('evening', 10, 1.1)
    lamp((-30, -40, 50), (0, 0, 3), 30, 1.4, (1, .92, .8))
    top('tile', 200, turn=20)
    thermos((0, 0, 0), 0, [(.745, .055, 1.25, 1.25)], loop=False, seed=9)
    camera((-3, -13.5, 7.5), (.3, 0, 3.0), 30, 7, -7, focus=(0, -5, 4))
    return render(800, 1067, 16)


@shot('thermos-review/same-batch.jpg', phone='sp6', taken='2026:10:22 09:31:47', sub='603', iso=200, exp='1/60', software='示例相机 3.1',
      dev=dict(ev=.05, noise=.012))
def th3():
    reset()
    room('store', 30, 1.0)
    lamp((-20, -70, 80), (0, 0, 8), 60, 2.2, (.97, 1, .98))
    top('white', 200)
    wall('#a9aaa6', 22)
    for i, x in enumerate((-11, 0, 11.4)):
        thermos((x, .6 * (i - 1), 0), 20 + 50 * i, seed=3 + i)
    s = html('<div style="font-family:Caveat,Long Cang;font-size:58px;padding:14px 14px;color:#222;white-space:nowrap">批次 2609 留样</div>', 420, 110)
    place(paper(s, 12, 3.2, .3, 4, 30), (3, -9, 0), (0, 0, 4))
    for x in (-26, 27):
        give(place(box(9, 9, 24, .1), (x, 6, 12), (0, 0, 5)), kraft_mat(4, '#cdcabf', 1))
    camera((-4, -46, 22), (0, 0, 10.5), 30, 12, -1.5)
    return render(1152, 864, 18)


# ---------- cream ----------

def cream_jar(loc, turn=0, gold=(.72, .42, .33), bold=500, gap=.12):
    place(give(lathe(curve_prof([(0, 0), (2.7, 0), (2.7, 0), (3.05, .3), (3.1, .8), (3.1, 3.2), (3.05, 3.45), (2.8, 3.55)], 6), 96),
               Mat('opal', color=(.86, .86, .85), rough=.12, coat=.6, sss=.2)), loc)
    m = Mat('gold', color=gold, rough=.3, metal=.9)
    m.bump(m.noise(40, 2), .03, .01)
    z = 3.55 + gap
    place(give(lathe(curve_prof([(2.9, z), (3.12, z + .05), (3.12, z + .05), (3.12, z + 1.75), (3.0, z + 1.9), (2.8, z + 1.92), (0, z + 1.92)], 6), 96), m), loc)
    t = html(f'<div style="text-align:center;color:#6b5146;padding-top:26px"><div class=serif style="font-size:52px;letter-spacing:14px;font-weight:{bold}">绒序</div><div style="font-size:25px;letter-spacing:10px;font-weight:{bold}">RONGXU</div><div style="font-size:19px;margin-top:10px;font-weight:{bold - 100}">保湿面霜　50 ml</div></div>', 360, 200, alpha=True)
    a = .62
    th = np.linspace(-a, a, 40)
    from kit.scene import mesh
    v = [(3.115 * np.sin(x), -3.115 * np.cos(x), zz) for zz in (.75, 2.9) for x in th]
    f = [(i, i + 1, 41 + i, 40 + i) for i in range(39)]
    uv = [((x + a) / (2 * a), q) for q in (0, 1) for x in th]
    d = mesh('decal', v, f, uv)
    mm = Mat('ink', rough=.4)
    im = mm.image(load(t), ext='CLIP')
    mm.set('Base Color', im.outputs['Color'])
    mm.set('Alpha', im.outputs['Alpha'])
    place(give(d, mm), loc, (0, 0, turn))


@shot('cream-fake/jars-two.jpg', phone='p20', taken='2026:10:04 22:18:40', sub='512', iso=250, exp='1/50', dev=dict(ev=.1, noise=.013, wb=(1.02, 1, .97)))
def jars():
    reset()
    room('evening', 30, .9)
    lamp((20, -40, 60), (0, 0, 3), 45, 2.0, (1, .95, .88))
    top('white', 120)
    w = place(top('tile', 200), (0, 14, 40), (90, 0, 0))  # noqa: F841
    cream_jar((-4.1, 0, 0), -4, (.60, .29, .2), 500, .07)
    cream_jar((4.3, .4, 0), 5, (.74, .44, .34), 800, .24)
    place(give(lathe(curve_prof([(1.5, 0), (1.8, .2), (1.8, 9), (1.2, 10.5), (.8, 10.8), (.8, 13)], 6), 48), Mat('bottle', color=(.25, .42, .4), rough=.2, trans=.4)), (14.5, 6, 0))
    towel((-20, 6, 0), 18, 12, 12, ('#d8a9a0', '#c8938a'), 4)
    camera((1.2, -23, 9.5), (.3, 0, 2.7), 38, 9, 1.8)
    return render(1216, 912, 18)
