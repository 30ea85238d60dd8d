"""Things that recur: table tops, cloth, carton, bubble wrap, paper, cable, phone, tape."""
import numpy as np

from . import tex
from .scene import (Mat, ball, box, cable, give, grid, img, lathe, load, mesh, place, plate, sample)

WOODS = {'walnut': ('#3a2416', '#6e4a2f', '#8f6a48'), 'oak': ('#7a5a38', '#b48c5f', '#d0af84'),
         'pale': ('#b0926c', '#d6bd98', '#e6d5b8'), 'red': ('#4a2014', '#8a4a2c', '#ad6c44')}


def top(kind='walnut', size=160, z=0, turn=0, seed=1, planks=4):
    """A table top (or floor) of the given kind."""
    ob = grid(size, size, 1, 1)
    if kind in WOODS:
        c, h, g = tex.wood(tone=WOODS[kind], seed=seed, planks=planks)
        m = Mat('wood')
        sc = (size / 70, size / 52, 1)
        m.set('Base Color', m.image(img(c), sc).outputs['Color'])
        m.set('Roughness', m.image(img(g, False), sc).outputs['Color'])
        m.bump(m.image(img(h, False), sc).outputs['Color'], .35, .04)
    elif kind == 'linen':
        c, h = tex.weave(n=96, seed=seed)
        m = Mat('linen', rough=.95, sheen=.2)
        sc = size / 14
        m.set('Base Color', m.image(img(c), sc).outputs['Color'])
        m.bump(m.image(img(h, False), sc).outputs['Color'], .6, .03)
    elif kind == 'check':
        c, h = tex.weave(n=120, a='#ece7dc', b='#dcd6c8', seed=seed)
        n = c.shape[0]
        yy, xx = np.mgrid[0:n, 0:n] / n
        s = ((xx * 4 % 1) < .5).astype(float) + ((yy * 4 % 1) < .5)
        c = c * (1 - s[..., None] * .5 * (1 - np.array([.45, .62, .82])))
        m = Mat('check', rough=.95, sheen=.2)
        sc = size / 20
        m.set('Base Color', m.image(img(c), sc).outputs['Color'])
        m.bump(m.image(img(h, False), sc).outputs['Color'], .5, .03)
    elif kind == 'white':
        m = Mat('laminate', color=(.72, .71, .69), rough=.32)
        n = m.noise(1.2, 4)
        m.set('Base Color', m.ramp(n, [(.3, (.68, .67, .645)), (.7, (.75, .745, .73))]))
        m.set('Roughness', m.ramp(m.noise(.25, 6), [(.3, .22), (.7, .42)]))
        m.bump(m.noise(9, 3), .04, .02)
    elif kind == 'mat':
        n = 1024
        yy, xx = np.mgrid[0:n, 0:n]
        c = np.ones((n, n, 3)) * tex.hexc('#2f6b57')
        ln = ((xx % 128 < 2) | (yy % 128 < 2)).astype(float) * .55 + ((xx % 1024 < 4) | (yy % 1024 < 4)) * .4
        ln = np.clip(ln, 0, .8) * (.7 + .3 * tex.fbm(n, n, 1, 3))
        c = c * (1 - ln[..., None]) + np.array([.78, .8, .55]) * ln[..., None]
        c *= (1 + (tex.fbm(n, n, 2, 4) - .5) * .3)[..., None]
        m = Mat('mat', rough=.62)
        m.set('Base Color', m.image(img(np.clip(c, 0, 1)), size / 16).outputs['Color'])
        m.bump(m.image(img(tex.fbm(512, 512, .4, 5), False), size / 9).outputs['Color'], .12, .02)
    elif kind == 'concrete':
        c, h = tex.concrete(seed=seed)
        m = Mat('floor', rough=.7)
        m.set('Base Color', m.image(img(c), size / 130).outputs['Color'])
        m.set('Roughness', m.ramp(m.noise(.02, 8), [(.3, .35), (.7, .8)]))
        m.bump(m.image(img(h, False), size / 130).outputs['Color'], .25, .3)
    elif kind == 'tile':
        n = 1024
        yy, xx = np.mgrid[0:n, 0:n]
        e = np.minimum(np.minimum(xx, n - xx), np.minimum(yy, n - yy))
        gr = 1 - tex.smooth(3, 7, e)
        v = tex.fbm(n, n, 2.4, 3)
        vein = np.exp(-((tex.fbm(n, n, 2.6, 8) - .5) / .012) ** 2) * .35
        c = tex.hexc('#cfc5b4')[None, None] * (1 + (v - .5) * .22)[..., None] * (1 - vein * .3)[..., None]
        c = c * (1 - gr[..., None]) + np.array([.5, .47, .43]) * gr[..., None]
        m = Mat('tile', rough=.16)
        m.set('Base Color', m.image(img(np.clip(c, 0, 1)), size / 60).outputs['Color'])
        m.bump(m.image(img(1 - gr, False), size / 60).outputs['Color'], .5, .1)
    elif kind == 'studio':
        m = Mat('sweep', color=(.8, .8, .79), rough=.85)
    else:
        raise ValueError(kind)
    give(ob, m)
    return place(ob, (0, 0, z), (0, 0, turn))


def sweep(color=(.82, .81, .79), w=300, back=60, high=160):
    """A seamless studio background, floor into wall."""
    t = np.linspace(0, 1, 60)
    y = np.where(t < .45, -120 + t / .45 * (120 + back - 30), 0)
    a = np.clip((t - .45) / .2, 0, 1) * np.pi / 2
    y = np.where(t >= .45, back - 30 + 30 * np.sin(a), y)
    z = np.where(t >= .45, 30 - 30 * np.cos(a), 0) + np.clip(t - .65, 0, 1) / .35 * high
    v = [(x, yy, zz) for yy, zz in zip(y, z) for x in (-w / 2, w / 2)]
    f = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(59)]
    return give(mesh('sweep', v, f), Mat('sweep', color=color, rough=.9))


def wall(color='#cfc8ba', y=90, w=400, h=240, z=0):
    ob = grid(w, h, 1, 1)
    m = Mat('wall', color=color, rough=.9)
    m.bump(m.noise(.9, 6), .25, .15)
    give(ob, m)
    return place(ob, (0, y, z + h / 2), (90, 0, 0))


def paper(image, w, h, bend=.6, seed=1, n=60, gloss=.55, fold=(), fold_k=.35, crumple=0.0, curl=0.0, thin=True):
    """A printed sheet lying on z = 0. image: path or array. fold: list of ('x'|'y', position)."""
    hmap = tex.fbm(128, 128, 3.4, seed, low=0)
    cr = tex.crumple(160, seed + 1, 70) if crumple else None

    def fn(x, y, u, v):
        z = (sample(hmap, u, v) - .2).clip(0) * bend
        for ax, p in fold:
            d = np.abs((u if ax == 'x' else v) - p) * (w if ax == 'x' else h)
            z = z + fold_k * np.exp(-d / (.16 * max(w, h)))
        if crumple:
            z = z + (sample(cr, u, v) - cr.min()) * crumple
        if curl:
            z = z + curl * (np.clip(v - .6, 0, 1) / .4) ** 2 + abs(curl) * .5 * (np.clip(.25 - v, 0, 1) / .25) ** 2
        return 0, 0, z + .03

    ob = grid(w, h, n, int(n * h / w), fn)
    m = Mat('paper', rough=gloss, spec=.35)
    im = load(image) if isinstance(image, str) else img(image)
    c = m.image(im, ext='EXTEND', interp='Cubic').outputs['Color']
    m.set('Base Color', m.mixc(m.ramp(m.noise(1.3, 5), [(.35, (.93, .93, .925)), (.65, (1, 1, 1))]), (0, 0, 0), c))
    m.bump(m.noise(16, 3), .06, .02)
    return give(ob, m)


def kraft_mat(seed=3, base='#b8905f', flute=64, scale=.025, turn=0):
    c, h = tex.kraft(seed=seed, base=base, flute=flute)
    m = Mat('kraft', rough=.82, spec=.25)
    m.set('Base Color', m.image(img(c), scale, 'Object', turn, box=True).outputs['Color'])
    m.bump(m.image(img(h, False), scale, 'Object', turn, box=True).outputs['Color'], .35, .06)
    return m


def edge_mat():
    """The cut edge of corrugated board: a wave between two liners."""
    n, k = 64, 1024
    yy, xx = np.mgrid[0:n, 0:k] / [[[n]], [[k]]]
    wv = np.abs(yy - (.5 + .36 * np.sin(xx * 2 * np.pi * 24)))
    on = np.maximum(1 - tex.smooth(.05, .13, wv), ((yy < .13) | (yy > .87)).astype(float))
    c = np.array([.22, .15, .09]) * (1 - on[..., None]) + np.array([.74, .58, .38]) * on[..., None]
    m = Mat('edge', rough=.9)
    m.set('Base Color', m.image(img(c)).outputs['Color'])
    return m


def board(w, h, t=.45, bend=0.0, mat=None, seed=1, n=24):
    """A corrugated panel standing from y = 0 to h, in the x-y plane, with cut edges."""
    b = tex.fbm(64, 64, 3.2, seed)

    def pt(u, v, s):
        z = s * t / 2 + (sample(b, u, v) - .5) * bend
        return np.stack([(u - .5) * w, v * h, z], -1)

    us, vs = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    V = np.concatenate([pt(us, vs, 1).reshape(-1, 3), pt(us, vs, -1).reshape(-1, 3)])
    uv = np.stack([us, vs], -1).reshape(-1, 2)
    N = (n + 1) ** 2
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)[None]).ravel()
    q = np.stack([i, i + 1, i + n + 2, i + n + 1], -1)
    f = [*q, *(q[:, ::-1] + N)]
    loops = [uv[p] for fa in q for p in fa] + [uv[p] for fa in q for p in fa[::-1]]
    rim = [(a, a + 1) for a in range(n)] + [((n + 1) * n + a + 1, (n + 1) * n + a) for a in range(n)]
    rim += [((n + 1) * (a + 1), (n + 1) * a) for a in range(n)] + [((n + 1) * a + n, (n + 1) * (a + 1) + n) for a in range(n)]
    for k, (a, c) in enumerate(rim):
        f.append((a, c, c + N, a + N)[::-1])
        s = (k % n) / n * (w / 16)
        loops += [(s, 0), (s + w / 16 / n, 0), (s + w / 16 / n, 1), (s, 1)][::-1]
    ob = mesh('board', V, f, np.array(loops, float))
    give(ob, mat or kraft_mat(seed), edge_mat())
    for p in ob.data.polygons[2 * len(q):]:
        p.material_index = 1
        p.use_smooth = False
    return ob


def carton(w, d, h, open_=(115, 125, 110, 130), base='#b8905f', seed=3, bend=.5, closed=False, t=.45):
    """A carton standing on z = 0. Flaps: front, back, left, right, degrees from shut."""
    from bpy.types import Object  # noqa: F401
    import bpy
    m = kraft_mat(seed, base)
    m2 = kraft_mat(seed + 5, base, turn=1.5708)
    root = bpy.data.objects.new('carton', None)
    bpy.context.collection.objects.link(root)

    def add(ob, loc, rot):
        place(ob, loc, rot)
        ob.parent = root
        return ob

    add(board(w, h, t, bend, m, seed), (0, -d / 2, 0), (90, 0, 0))
    add(board(w, h, t, bend, m, seed + 1), (0, d / 2, 0), (90, 0, 180))
    add(board(d, h, t, bend, m, seed + 2), (-w / 2, 0, 0), (90, 0, -90))
    add(board(d, h, t, bend, m, seed + 3), (w / 2, 0, 0), (90, 0, 90))
    add(board(w, d, t, .1, m2, seed + 4), (0, -d / 2, .3), (0, 0, 0))
    if closed:
        add(board(w, d / 2 - .1, t, bend * .4, m2, seed + 6), (0, -d / 2, h), (0, 0, 0))
        add(board(w, d / 2 - .1, t, bend * .4, m2, seed + 7), (0, d / 2, h + .02), (0, 0, 180))
    else:
        fr, bk, lf, rt = open_
        fl = d / 2
        add(board(w, fl, t, bend * 1.6, m2, seed + 6), (0, -d / 2, h), (fr, 0, 0))
        add(board(w, fl, t, bend * 1.6, m2, seed + 7), (0, d / 2, h), (bk, 0, 180))
        add(board(d, fl, t, bend * 1.6, m2, seed + 8), (-w / 2, 0, h), (lf, 0, -90))
        add(board(d, fl, t, bend * 1.6, m2, seed + 9), (w / 2, 0, h), (rt, 0, 90))
    return root


def tape_strip(w, h, z=0, color=(.62, .47, .25), n=24, seed=2):
    """A strip of parcel tape lying in the x-y plane."""
    hm = tex.fbm(64, 64, 1.6, seed)
    ob = grid(w, h, n, n, lambda x, y, u, v: (0, 0, (sample(hm, u, v) - .5) * .12))
    m = Mat('tape', color=color, rough=.12, alpha=.62, coat=.5)
    m.bump(m.noise(2.5, 5), .5, .05)
    give(ob, m)
    return place(ob, (0, 0, z))


def bubble(w, h, cell=1.05, fn=None, seed=1, res=9):
    """A sheet of bubble wrap. fn(x, y, u, v) -> (dx, dy, z) bends it."""
    nx, ny = int(w / cell * res), int(h / cell * res)
    hm = tex.fbm(96, 96, 3.0, seed)
    cr = tex.crumple(160, seed, 40)
    r = tex.rng(seed)
    popped = r.uniform(0, 1, (400, 400)) < .07
    tiltx, tilty = r.normal(0, .25, (2, 400, 400))

    def f(x, y, u, v):
        row = np.floor(v * h / (cell * .87)).astype(int)
        cy = (row + .5) * cell * .87
        ox = np.where(row % 2 == 0, 0, .5)
        coln = np.floor(u * w / cell - ox).astype(int)
        cx = (coln + .5 + ox) * cell
        dx, dy = (u * w - cx) / cell, (v * h - cy) / cell
        d = np.sqrt(dx ** 2 + dy ** 2)
        dome = np.sqrt(np.clip(1 - (d / .44) ** 2, 0, 1)) * .42
        dome = np.where(d < .44, np.minimum(dome * 1.2, .38 + dx * tiltx[row % 400, coln % 400] * .3 + dy * tilty[row % 400, coln % 400] * .3), 0)
        dome = np.where(popped[row % 400, coln % 400], dome * .25, dome)
        z = dome * cell * .8 + (sample(cr, u, v) - .5) * .25
        if fn:
            a, b, c = fn(x, y, u, v)
            return a, b, z + c
        return 0, 0, z + (sample(hm, u, v) - .2) * 2

    ob = grid(w, h, nx, ny, f)
    m = Mat('bubble', color=(.93, .95, .96), rough=.09, trans=0, alpha=.24, coat=.4)
    fr = m.node('ShaderNodeLayerWeight')
    fr.inputs['Blend'].default_value = .35
    m.set('Alpha', m.ramp(fr.outputs['Facing'], [(0, .13), (.35, .3), (.8, .85)]))
    m.bump(m.noise(3.5, 4), .25, .05)
    return give(ob, m)


def crumpled(r=6, seed=1, color='#c9a878', flat=.55):
    """A crushed ball of wrapping paper."""
    import bpy
    n = 90
    ob = ball(r, n)
    co = np.array([v.co for v in ob.data.vertices])
    d = co / (np.linalg.norm(co, axis=1, keepdims=True) + 1e-9)
    rg = tex.rng(seed)
    k = np.zeros(len(d))
    for i in range(60):
        ax = rg.normal(0, 1, 3)
        ax /= np.linalg.norm(ax)
        f = rg.uniform(.8, 2.2)
        k += np.abs(((d @ ax) * f + rg.uniform()) % 1 - .5) * rg.choice([-1, 1]) * .16 / f
    k *= .5
    co = co * (1 + k - k.mean())[:, None]
    co[:, 2] *= flat
    co[:, 2] -= co[:, 2].min()
    ob.data.vertices.foreach_set('co', co.astype(np.float32).ravel())
    me = ob.data
    me.polygons.foreach_set('use_smooth', [False] * len(me.polygons))
    m = Mat('wrap', color=color, rough=.8)
    m.bump(m.noise(1.5, 6), .3, .2)
    give(ob, m)
    bpy.context.view_layer.update()
    return ob


def usb_cable(pts, color=(.78, .78, .77), r=.17):
    """A charging cable with a plug at its first point."""
    give(cable(pts, r), Mat('cable', color=color, rough=.42))
    a, b = np.array(pts[0]), np.array(pts[1])
    ang = np.degrees(np.arctan2(*(a - b)[:2][::-1]))
    d = (a - b) / np.linalg.norm(a - b)
    body = give(box(1.9, 1.05, .55, .2), Mat('plug', color=color, rough=.35))
    place(body, a + d * .9 + [0, 0, .1], (0, 0, ang))
    tip = give(box(.8, .82, .26, .1), Mat('steel', color=(.7, .7, .7), rough=.25, metal=1))
    place(tip, a + d * 2.2 + [0, 0, .1], (0, 0, ang))


def phone(loc, turn=0, color=(.02, .02, .025)):
    ob = give(plate(7.2, 15.4, .8, 1.1, .18), Mat('body', color=color, rough=.3))
    place(ob, loc, (0, 0, turn))
    g = give(plate(6.9, 15.1, .06, 1.0, .02), Mat('glass', color=(.004, .004, .006), rough=.04, coat=1))
    place(g, (loc[0], loc[1], loc[2] + .78), (0, 0, turn))


def tape_roll(loc, r=4.2, h=4.5, rot=(0, 0, 0)):
    p = [(r * .78, 0), (r * .78, 0), (r, 0), (r, 0), (r, h), (r, h), (r * .78, h), (r * .78, h), (r * .78, 0)]
    ob = give(lathe(curve_prof_(p), 64), Mat('tape', color=(.60, .40, .16), rough=.15, coat=.6))
    place(ob, loc, rot)
    p2 = [(r * .72, 0), (r * .78, 0), (r * .78, h), (r * .72, h), (r * .72, 0)]
    c = give(lathe(p2, 64), Mat('core', color=(.45, .33, .2), rough=.9))
    place(c, loc, rot)


def curve_prof_(p):
    return np.asarray(p, float)


def steel(rough=.25, brushed=True):
    m = Mat('steel', color=(.66, .65, .63), rough=rough, metal=1)
    if brushed:
        m.bump(m.noise(4, 3, map_scale=(1, 1, 30)), .06, .02)
    return m


def pen(loc, turn=0, color=(.02, .03, .08), length=13.5):
    p = [(0.05, 0), (.12, .2), (.42, 1.8), (.46, 4), (.48, 9), (.48, length - .6), (.4, length - .05), (0, length)]
    ob = give(lathe(p, 40), Mat('pen', color=color, rough=.18, coat=.5))
    return place(ob, (loc[0], loc[1], loc[2] + .5), (90, 0, turn))


def towel(loc, w=26, d=18, turn=0, color=('#7f93a3', '#718595'), seed=3, h=1.6):
    """A folded cloth at the edge of the picture."""
    c, hh = tex.weave(n=70, a=color[0], b=color[1], seed=seed)
    hm = tex.fbm(128, 128, 2.9, seed)

    def f(x, y, u, v):
        e = np.minimum(np.minimum(u, 1 - u) * w, np.minimum(v, 1 - v) * d)
        edge = np.sqrt(np.clip(e / 1.3, 0, 1))
        return (sample(hm, u, v) - .5) * 2.2, (sample(hm, v, u) - .5) * 2.2, h * edge * (.75 + (sample(hm, u, v) - .5) * 1.4)

    ob = grid(w, d, 90, 60, f)
    m = Mat('towel', rough=1, sheen=.4)
    m.set('Base Color', m.image(img(c), (w / 12, d / 12, 1)).outputs['Color'])
    m.bump(m.image(img(hh, False), (w / 12, d / 12, 1)).outputs['Color'], .8, .06)
    m.bump(m.noise(1.2, 5), .5, .4)
    give(ob, m)
    return place(ob, loc, (0, 0, turn))


def scale(loc, turn, lcd):
    """A kitchen scale: glassy plate, steel pan rim, LCD image (path)."""
    body = give(plate(19, 24, 1.6, 2.0, .3), Mat('scale', color=(.75, .76, .76), rough=.25, coat=.3))
    place(body, loc, (0, 0, turn))
    a = np.radians(turn)

    def at(x, y, z):
        return (loc[0] + x * np.cos(a) - y * np.sin(a), loc[1] + x * np.sin(a) + y * np.cos(a), loc[2] + z)

    pl = give(plate(17.6, 16.4, .5, 1.6, .12), steel(.32))
    place(pl, at(0, 3, 1.6), (0, 0, turn))
    win = give(plate(9, 4.1, .12, .5, .04), Mat('bezel', color=(.01, .01, .012), rough=.12))
    place(win, at(0, -9, 1.58), (0, 0, turn))
    m = Mat('lcd', rough=.2, coat=.6)
    t = m.image(load(lcd), ext='EXTEND').outputs['Color']
    m.set('Base Color', t)
    m.set('Emission Color', t)
    m.set('Emission Strength', .12)
    s = give(grid(7.6, 3.0, 1, 1), m)
    place(s, at(0, -9, 1.72), (0, 0, turn))
    for i, x in enumerate((-6.6, 6.6)):
        b = give(plate(2.4, 1.8, .2, .8, .08), Mat('key', color=(.55, .56, .57), rough=.4))
        place(b, at(x, -9, 1.58), (0, 0, turn))
    return at


def ribbon_bow(loc, mat, k=1.0):
    """A tied bow: four flat loops, a knot, two tails."""
    x0, y0, z0 = loc
    for s, turn in ((1, 20), (-1, 41), (1, 70), (-1, 83)):
        n = 40
        th = np.linspace(0, 2 * np.pi, n)
        dx = 3.23 * (1 - np.cos(th)) * s * k
        dz = np.maximum(2.0 * np.sin(th) + .25, -.9) * k
        a = np.radians(turn)
        vs = []
        for w in (-1.3, 1.3):
            for p, q in zip(dx, dz):
                y = w * k * (.35 + .65 * abs(p) / (6.5 * k))
                vs.append((x0 + p * np.cos(a) - y * np.sin(a), y0 + p * np.sin(a) + y * np.cos(a), z0 + .8 * k + q))
        give(mesh('bow', vs, [(i, i + 1, n + i + 1, n + i) for i in range(n - 1)]), mat)
    give(place(ball(1.1 * k, 24), (x0, y0, z0 + .5 * k), (0, 0, 0), (1.2, 1.2, .8)), mat)
