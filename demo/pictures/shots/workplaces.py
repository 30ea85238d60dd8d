"""Benches, trolleys and shelves: what sellers photograph where they work."""
import bpy
import numpy as np

from kit import tex
from kit.printed import arr, barcode, html
from kit.props import kraft_mat, paper, pen, tape_roll, top, towel, wall
from kit.scene import Mat, board_text, box, cable, camera, curve_prof, give, grid, img, lamp, lathe, load, place, render, reset, room, sample
from . import shot
from .paperwork import HAND, ICE, gift_label
from .stores import pallet, stacked
from .vessels import wood_mat


def heavy_label():
    return html(f'''<div style="margin:8px;border:3px solid #111;height:384px"><div style="display:flex;justify-content:space-between;align-items:center;border-bottom:3px solid #111;padding:8px 14px"><b style="font-size:40px">示例重货</b><b style="font-size:24px">零担</b></div>
    <div style="padding:10px 14px;font-size:25px;line-height:1.45;border-bottom:3px solid #111"><b>ZH3310 **** 0086</b>　日期 2026-10-13<br>收　赖**　江西省赣州市章贡区 ****<br>寄　****　广东省中山市 ****</div>
    <div style="padding:8px 14px;font-size:27px;display:flex;justify-content:space-between"><span>品名：电炖锅 4L</span><b>重量 3.12kg</b></div><div style="padding:4px 14px">{barcode(46, 74, 520, 11)}</div></div>''', 600, 400, '', 2)


@shot('empty-parcel/pot-cartons.jpg', phone='sp6', taken='2026:10:21 16:48:19', sub='331', iso=500, exp='1/40', software='示例相机 3.1', gps=(22.52, 113.38), dev=dict(ev=.1, noise=.016, wb=(.98, 1, 1.0)))
def pot_cartons():
    reset()
    room('store', 40, .8)
    lamp((-30, -90, 230), (0, 0, 40), 120, 15, (.94, 1, .98))
    top('concrete', 900, seed=8)
    wall('#a9aca6', 150, 900, 320)
    pallet(0, 0)
    mats = [kraft_mat(5 + i, c, 64, .022) for i, c in enumerate(('#ab8a5d', '#b08f62', '#a58256'))]
    art = html('''<div style="height:340px;color:#2a2118;padding:26px 30px"><div style="font-size:76px;font-weight:900;letter-spacing:6px">电炖锅 4L</div><div style="font-size:30px;margin-top:8px">1 台 / 箱　毛重 3.1 kg</div>
    <svg width="260" height="90" style="margin-top:16px" fill="none" stroke="#2a2118" stroke-width="7"><path d="M40 84 V30 M20 46 L40 22 L60 46 M8 86 H72"/><path d="M120 84 H160 M140 84 V56 M118 20 Q120 56 140 56 Q160 56 162 20 Z"/><path d="M196 40 Q230 -4 264 40 M230 18 V72 Q230 86 216 80"/></svg></div>''', 560, 340, '', 2, alpha=True)
    lab = heavy_label()
    for i, (x, y, z, t) in enumerate(((-37, 2, 13.9, 1), (.5, -1, 13.9, -1.5), (37.5, 1.5, 13.9, .8), (-19, 1, 48.2, 2.4), (19.5, -2.5, 48.2, -3))):
        stacked(x, y, z, t, mats[i % 3], 50 + i, 36, 34, 34)
        a = np.radians(t)
        f = lambda px, x=x, y=y, a=a: (x + px * np.cos(a) + 17.75 * np.sin(a), y + px * np.sin(a) - 17.75 * np.cos(a))
        board_text(art, 26, 15.8, (*f(-2.5), z + 19), (90, 0, t))
        if i == 4:
            board_text(lab, 18, 12, (x + 1.5, y - 17.95, z + 8.2), (90, 2, t))
    for i, (x, y, h) in enumerate(((-150, 110, 60), (-95, 118, 44), (120, 105, 80), (175, 112, 52))):
        stacked(x, y, 0, 4 * i - 6, mats[i % 3], 70 + i, 52, 44, h)
    camera((-28, -138, 98), (3, 0, 43), 27, 0, -1.6)
    return render(1152, 864, 18)


@shot('en-late-gift/packed.jpg', phone='ex6', taken='2026:10:22 11:21:14', offset='+01:00', sub='208', iso=200, exp='1/50', gps=(52.2, 0.12), dev=dict(ev=.1, noise=.012))
def packed():
    reset()
    room('day', 200, .95)
    lamp((-70, -70, 120), (0, 0, 20), 60, 4, (1, .97, .92))
    top('pale', 400, seed=4, planks=3)
    wall('#b7bfc0', 55, 600, 260)
    mats = [kraft_mat(5 + i, c, 64, .022) for i, c in enumerate(('#a98a60', '#b39468', '#9d7d52'))]
    stacked(-4, -6, 0, -5, mats[0], 31, 36, 30, 17, None)
    a = np.radians(-5)
    board_text(gift_label(), 10, 15, (-4 + 6 * np.cos(a) - 1 * np.sin(a), -6 + 6 * np.sin(a), 17.5), (0, 0, -9))
    plain = html(f'<div style="margin:10px;border:2.5px solid #111;height:580px"><div style="font-size:30px;font-weight:800;padding:12px;border-bottom:2.5px solid #111">EXAMPLE PARCELS</div><div style="padding:14px">{barcode(40, 90, 340, 3)}</div><div style="background:#bbb;height:120px;margin:14px"></div></div>', 400, 600, '', 1)
    for i, (x, y, w, d, h, t) in enumerate(((-50, 14, 34, 26, 22, 8), (34, 16, 30, 26, 28, -6), (62, 4, 26, 20, 12, 12), (-46, 16, 24, 20, 12, 20), (34, 16, 22, 18, 10, 4))):
        z = {3: 22.3, 4: 28.3}.get(i, 0)
        stacked(x, y, z, t, mats[(i + 1) % 3], 40 + i, w, d, h)
        board_text(plain, 8, 12, (x + 2, y, z + h + .45), (0, 0, t + 4))
    tape_roll((30, -24, 0), 5, 5)
    pen((10, -31, 0), 70, (.05, .05, .06), 14)
    num = ''.join(f'<text x="{200 + 158 * np.sin(k * np.pi / 6):.0f}" y="{212 - 158 * np.cos(k * np.pi / 6):.0f}" font-size="40" text-anchor="middle">{k or 12}</text>' for k in range(12))
    tick = ''.join(f'<path d="M200 14 V{26 if k % 5 else 32}" transform="rotate({k * 6} 200 200)" stroke="#222" stroke-width="{3 if k % 5 else 6}"/>' for k in range(60))
    face = html(f'<svg width="400" height="400" font-family="DejaVu Sans"><circle cx="200" cy="200" r="196" fill="#f4f2ec"/>{tick}{num}<path d="M200 214 V92" transform="rotate(340.5 200 200)" stroke="#111" stroke-width="15" stroke-linecap="round"/><path d="M200 220 V52" transform="rotate(126 200 200)" stroke="#111" stroke-width="9" stroke-linecap="round"/><path d="M200 232 V44" transform="rotate(84 200 200)" stroke="#b3261e" stroke-width="4"/><circle cx="200" cy="200" r="12" fill="#111"/></svg>', 400, 400, '', 2, alpha=True)
    board_text(face, 27, 27, (-1, 52.6, 56), (90, 0, 0))
    place(give(lathe(curve_prof([(13.3, 0), (13.6, 3.4), (14.8, 3.6), (15.2, 2.6), (15.2, 0)], 6), 96), Mat('rim', color=(.06, .06, .065), rough=.3)), (-1, 54.8, 56), (90, 0, 0))
    camera((-6, -76, 66), (0, 4, 29), 26, 0, 1.5)
    return render(1216, 912, 18)


# ---------- returned bags ----------

def mailer(loc, rot, color, seed, label=None, w=38, d=28, h=5.5):
    """A filled mailing bag: a pillow with creases, its label printed on."""
    W, H = 760, 560
    c = np.ones((H, W, 3)) * np.asarray(color) * (1 + (tex.fbm(H, W, 1.8, seed) - .5)[..., None] * .12)
    if label is not None:
        g = tex.rng(seed)
        lh, lw = label.shape[:2]
        y, x = int(g.uniform(60, H - lh - 60)), int(g.uniform(110, W - lw - 60))
        c[y:y + lh, x:x + lw] = label[..., :3]
    m = Mat('mailer', rough=.32, coat=.15)
    m.set('Base Color', m.image(img(np.clip(c, 0, 1)), ext='EXTEND').outputs['Color'])
    cr, hm = tex.crumple(220, seed, 120), tex.fbm(128, 128, 2.8, seed + 3)

    def f(x, y, u, v):
        p = (1 - np.abs(2 * u - 1) ** 5) * (1 - np.abs(2 * v - 1) ** 5)
        k = .25 + .75 * p
        return (sample(hm, v, u) - .5) * 3 * p, (sample(hm, u, v) - .5) * 3 * p, h * np.maximum(p, 0) ** .5 * (.8 + (sample(hm, u, v) - .5) * 1.0) + (sample(cr, u, v) - .5) * 1.9 * k
    return place(give(grid(w, d, 110, 84, f), m), loc, rot)


@shot('freight-rule/return-bags.jpg', phone='ex6', taken='2026:10:05 14:27:11', sub='463', iso=320, exp='1/40', gps=(30.26, 120.21), dev=dict(ev=.1, noise=.015, wb=(.98, 1.01, 1.0)))
def return_bags():
    reset()
    room('store', 70, .85)
    lamp((-40, -80, 210), (0, 0, 40), 110, 13, (.94, 1, .97))
    top('concrete', 900, seed=5)
    wall('#b4b6b0', 170, 900, 320)
    st = Mat('frame', color=(.05, .12, .28), rough=.4, metal=.4)
    give(place(box(112, 74, 4, .8), (0, 0, 26)), st)
    for x in (-48, 48):
        for y in (-30, 30):
            place(give(lathe([(0, 0), (5.5, 0), (6, .6), (6, 3.4), (5.5, 4), (0, 4)], 40), Mat('wheel', color=(.02, .02, .02), rough=.7)), (x, y + 2, 9), (90, 0, 0))
            give(place(box(5, 5, 12, .3), (x, y, 18)), st)
    give(cable([(52, -32, 28), (56, -32, 70), (57, -32, 98), (57, -20, 104), (57, 20, 104), (57, 32, 98), (56, 32, 70), (52, 32, 28)], 1.5), st)
    stamp = '<div style="position:absolute;right:10px;bottom:12px;border:4px solid #b3261e;color:#b3261e;font-weight:800;font-size:30px;padding:3px 10px;transform:rotate(-12deg);opacity:.85">退货 已验</div>'
    lab = [arr(html(f'<div style="height:230px;background:#fff;border:3px solid #222;padding:10px 14px"><b style="font-size:32px">退货</b>　<span style="font-size:20px">远程示例快运</span><div style="margin-top:8px">{barcode(34, 60, 250, 20 + i)}</div><div style="font-size:18px;margin-top:8px">寄　**　1**********</div>{stamp if i in (1, 3) else ""}</div>', 300, 230, '', 1))[..., :3] for i in range(4)]
    g = tex.rng(21)
    tones = ((.40, .41, .43), (.80, .80, .79), (.30, .31, .33), (.74, .75, .74))
    k = 0
    for layer, (n, rx, ry) in enumerate(((6, 36, 20), (5, 32, 17), (5, 25, 13), (3, 14, 8))):
        for i in range(n):
            a = i / n * 6.283 + layer * .8
            mailer((rx * np.cos(a) * .9 + g.normal(0, 2), ry * np.sin(a) + g.normal(0, 2), 28.5 + layer * 7.4 + g.uniform(0, 1.5)),
                   (-g.uniform(2, 14) * np.sin(a), g.uniform(2, 14) * np.cos(a), g.uniform(-70, 70)), tones[int(g.integers(0, 4))], 100 + k, lab[k % 4] if k % 5 else None)
            k += 1
    # the opened one, with what was in it
    mailer((-30, -22, 37), (20, -6, 14), tones[1], 140, lab[1], h=2.5)
    c, hh = tex.knit(n=110, base='#a8202a', seed=6)
    kn = Mat('dress', rough=.95, sheen=.3)
    kn.set('Base Color', kn.image(img(c), (2.6, 3.6, 1)).outputs['Color'])
    kn.bump(kn.image(img(hh, False), (2.6, 3.6, 1)).outputs['Color'], .6, .1)
    f1, f2 = tex.fbm(160, 160, 3.0, 31), tex.crumple(200, 33, 40)
    for i, (w, d, x, y, z, h, turn, tilt) in enumerate(((40, 27, 10, -23, 41, 5.5, 14, 24), (13, 30, 30, -27, 37, 3.5, 62, 16))):      # folded over, and a sleeve

        def fold(x, y, u, v, w=w, d=d, h=h, i=i):
            e = np.minimum(np.minimum(u, 1 - u) * w, np.minimum(v, 1 - v) * d)
            k = np.sqrt(np.clip(e / 3.2, 0, 1))
            return (sample(f1, u, v) - .5) * 5, (sample(f1, v, u) - .5) * 5, h * k * (.8 + (sample(f1, v, u) - .5) * 1.1) + (sample(f2, u, v) - .5) * 5 * k + .8 * np.sin(u * 13 + 4 * sample(f1, u, v) + i) * k
        place(give(grid(w, d, 150, 110, fold), kn), (x, y, z), (tilt, 4, turn))
    t = html('<div style="height:300px;text-align:center;padding-top:60px;border-radius:10px"><div style="width:16px;height:16px;border-radius:8px;background:#888;margin:-40px auto 30px"></div><div style="font-size:26px;color:#555">示例女装</div><div style="font-size:34px;font-weight:800;margin-top:20px">针织连衣裙</div><div style="font-size:30px;margin-top:16px">M　红</div></div>', 190, 300, 'body{background:#f6f3ec}', 2)
    place(paper(t, 6, 9.5, .3, 3, 20), (44, -30, 28.3), (0, 0, 24))
    give(cable([(42.4, -25.6, 28.8), (40, -23, 29), (38.5, -25, 28.8), (37, -22.5, 28.6)], .08), Mat('string', color=(.6, .55, .45), rough=1))
    camera((-20, -122, 116), (4, -6, 38), 28, 0, -1.5)
    return render(1216, 912, 18)


# ---------- the owner's store room ----------

@shot('ice-silk/owner-goods.jpg', phone='ex40', taken='2026:10:25 17:06:51', sub='655', iso=800, exp='1/25', orient=6, size=(1536, 2048), dev=dict(ev=-.25, noise=.02, wb=(.96, 1.02, 1.0)))
def owner_goods():
    reset()
    room('store', 30, .8)
    lamp((10, -120, 190), (0, 0, 20), 90, 7.5, (.92, 1, .96))
    wall('#8f938d', 42, 500, 400, -120)
    sh = Mat('shelf', color=(.42, .44, .45), rough=.45, metal=.7)
    for z in (-1.5, 66):
        give(place(box(150, 48, 3, .3), (0, 8, z)), sh)
    for x in (-58, 62):
        give(place(box(4, 4, 300, .2), (x, -14, 0)), sh)
        for k in range(9):
            board_text(html('<div style="width:40px;height:80px;border-radius:20px;background:#15171a"></div>', 40, 80, '', 1, alpha=True), 1.2, 2.4, (x, -16.1, -30 + k * 14), (90, 0, 0))
    art = html(f'<div style="height:150px;display:flex;align-items:center;gap:40px;padding:0 34px;color:#1d2a3a"><div style="margin-top:-6px">{ICE.format(w=200, c="#1d3a5a")}</div><div style="font-size:54px;font-weight:700">床单 1.5m</div><div style="margin-left:auto;font-size:24px;line-height:1.6;text-align:right">凉** 家居<br>（示例）</div></div>', 860, 150, '', 2, alpha=True)
    bm = Mat('giftbox', rough=.35, coat=.2)
    bm.set('Base Color', bm.ramp(bm.noise(.05, 2), [(.4, (.62, .68, .70)), (.6, (.66, .72, .74))]))
    for i, (x, z, t) in enumerate(((-26, 4, 2), (-24.4, 12.2, -1.6), (-26.6, 20.4, 3), (-25.2, 28.6, .6))):
        give(place(box(46, 35, 8, .25), (x, 2, z), (0, 0, t)), bm)
        a = np.radians(t)
        board_text(art, 45, 7.8, (x + 17.58 * np.sin(a), 2 - 17.58 * np.cos(a), z), (90, 0, t))
    for i in range(6):
        o = towel((27 + .6 * (i % 2), 2, .2 + i * 2.5), 40, 28, 2 * (i % 3) - 2, ('#e3e6e6', '#d6dadb') if i % 2 else ('#cfdbe2', '#c2ced6'), 30 + i, 2.6)
        del o
    s = html(f'<div style="{HAND};font-size:120px;text-align:center;padding-top:36px;color:#222">新包装</div>', 460, 210, 'body{background:#c39f6d}', 2)
    o = paper(s, 24, 11, .2, 5, 30)
    place(o, (27, -15.4, 22), (82, 0, -3))
    for x, w, h in ((-40, 30, 26), (-4, 34, 22), (36, 40, 30)):
        give(place(box(w, 34, h, .2), (x, 8, 67.5 + h / 2), (0, 0, w % 7 - 3)), kraft_mat(4 + w, '#a5855a'))
    camera((14, -112, 34), (0, 0, 24), 27, 0, 2)
    return render(900, 1200, 18)


# ---------- the basket workshop ----------

def bamboo_weave():
    h, w = 768, 1536
    yy, xx = np.mgrid[0:h, 0:w].astype(float)
    n, rows = 56, 26
    u, v = xx / w * n, yy / h * rows
    par = (np.floor(u) + np.floor(v)) % 2
    fu, fv = u % 1, v % 1
    over = np.sin(np.pi * fv) ** .5 * (.55 + .45 * np.cos(np.pi * (fu - .5)))
    under = np.sin(np.pi * fu) ** .8 * .6
    hg = np.where(par > .5, over, np.where(np.abs(fu - .5) < .3, under, over * .55))
    r = tex.rng(9)
    tone = r.normal(0, .07, rows)[np.floor(v).astype(int) % rows] + np.where((par <= .5) & (np.abs(fu - .5) < .3), r.normal(-.05, .05, n)[np.floor(u).astype(int) % n], 0)
    fib = tex.fbm(h, w, 1.2, 4, 6, .2)
    t = np.clip(.5 + tone * 2 + (fib - .5) * .7, 0, 1)
    c = tex.ramp(t, [(0, tex.hexc('#8a6a35')), (.5, tex.hexc('#c6a565')), (1, tex.hexc('#e2ca92'))])
    return np.clip(c * (.30 + .74 * hg[..., None]), 0, 1), hg


@shot('presale-late/workshop-handles.jpg', phone='sp6', taken='2026:09:22 17:31:40', sub='912', iso=320, exp='1/40', gps=(28.65, 121.42), dev=dict(ev=.2, noise=.016, wb=(.97, 1, 1.04)))
def workshop_handles():
    reset()
    room('day', 20, .75)
    top('walnut', 420, seed=5, planks=6)
    wall('#8d8a80', 92, 700, 300)
    # the window: grey daylight, rain running down
    H, W = 500, 800
    sky = np.linspace(1, .55, H)[:, None] * np.ones((1, W)) * (1 + (tex.fbm(H, W, 2.6, 4) - .5) * .5)
    rain = tex.smooth(.62, .8, tex.fbm(H, W, 1.0, 8, .25, 5))
    drops = tex.speckle(H, W, 3, .0012, 1.6)
    v = sky * (1 - .2 * rain) + .22 * drops
    c = v[..., None] * np.array([.74, .84, .86])
    hill = tex.smooth(.60, .72, np.linspace(0, 1, H)[:, None] + (tex.fbm(H, W, 3.2, 14) - .5) * .3)
    c = c * (1 - hill[..., None] * np.array([.42, .36, .40]))
    wm = Mat('window', color=(0, 0, 0))
    wm.set('Emission Color', wm.image(img(np.clip(c, 0, 1))).outputs['Color'])
    wm.set('Emission Strength', 3.2)
    place(give(grid(170, 100, 1, 1), wm), (-30, 91, 88), (90, 0, 0))
    fr = wood_mat(('#3c2a1a', '#5f4630', '#7a5c40'), 8, .03)
    for x in (-115, -30, 55):
        give(place(box(5, 5, 104, .3), (x, 89, 88)), fr)
    for z in (38, 88, 138):
        give(place(box(174, 5, 5, .3), (-30, 89, z)), fr)
    lamp((-30, 60, 92), (0, -10, 0), 90, 4.2, (.92, 1, 1.04))
    c, h = bamboo_weave()
    bm = Mat('bamboo', rough=.5)
    bm.set('Base Color', bm.image(img(c)).outputs['Color'])
    bm.bump(bm.image(img(h, False)).outputs['Color'], .9, .25)
    rim = Mat('rim', color=(.46, .31, .12), rough=.45)
    rim.set('Base Color', rim.ramp(rim.noise(.8, 5, map_scale=(1, 1, 6)), [(.3, '#9b7740'), (.7, '#c9a868')]))
    body = give(lathe(curve_prof([(0, .3), (9.5, .3), (10.5, .6), (13.2, 6), (14.2, 12), (14.0, 17)], 8), 72), bm)
    inn = give(lathe(curve_prof([(13.7, 17), (13.8, 12), (12.8, 6), (10, 1.2), (0, 1)], 8), 72), bm)
    ring = give(cable([(14.1 * np.cos(a), 14.1 * np.sin(a), 17) for a in np.linspace(0, 2 * np.pi, 25)], .75), rim)
    arc = [(14.3 * np.cos(a), 0, 13.5 + 24 * np.sin(a) ** .8) for a in np.linspace(0, np.pi, 13)]
    hand = give(cable(arc, .72), rim)
    parts = [body, inn, ring]

    def put(obs, loc, turn):
        for o in obs:
            n = bpy.data.objects.new('b', o.data)
            bpy.context.collection.objects.link(n)
            place(n, loc, (0, 0, turn), (1.127, .775, 1.05))       # 32 by 22 by 18 cm
    g = tex.rng(3)
    for i in range(8):                                 # with handles, in two rows
        put([*parts, hand], (-74 + (i % 4) * 32 + (i // 4) * 8 + g.normal(0, 1), -24 + (i // 4) * 38 + g.normal(0, 1), 0), 62 + g.normal(0, 9))
    for i in range(4):                                 # not yet
        put(parts, (64 + (i % 2) * 31 + g.normal(0, 1), 12 + (i // 2) * 36 + g.normal(0, 1), 0), 66 + g.normal(0, 12))
    for i in range(6):                                 # the bent handles, tied together
        n = bpy.data.objects.new('h', hand.data)
        bpy.context.collection.objects.link(n)
        place(n, (60 + i * .9, -74 + i * 1.5, 0), (-90 + 2 * i, 0, 10 + g.normal(0, 2)))
        n.location.z = 1.0 + i * .9
    cover = give(lathe(curve_prof([(0, 1.6), (6, 1.5), (12.4, .6), (14.2, 0), (14.3, .5), (12.4, 1.1), (0, 2.2)], 6), 72), bm)
    for i in range(4):                                 # lids, stacked
        put([cover], (98 + g.normal(0, .6), -36 + g.normal(0, .6), .3 + i * 2.2), 58 + g.normal(0, 5))
    for o in (*parts, hand, cover):
        o.location.z = -300
    for i in range(9):
        give(cable([(-60 + g.normal(0, 12), -48 + i * 1.1, .4 + .3 * (i % 3)), (-30, -47 + i * 1.2, .5 + .3 * (i % 3)), (2 + g.normal(0, 14), -50 + i * 1.3, .4)], .28), rim)
    camera((6, -142, 92), (6, 2, 15), 25, 0, -1.5)
    return render(1216, 912, 18)
