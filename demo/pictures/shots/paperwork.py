"""Labels, notices, certificates, receipts and cards, photographed flat."""
import numpy as np

from kit import tex
from kit.flat import Desk
from kit.printed import arr, barcode, html, over, qr, waybill  # noqa: F401
from . import shot
from .sweater import satin, sym

HAND = 'font-family:Caveat,Long Cang'
FLAT = dict(flat=True, noise=.011, contrast=1.08)


def stamp(text, size=150, color='#c3352b', rot=-8, star=True):
    n = len(text)
    s = ''
    for i, ch in enumerate(text):
        a = (i - (n - 1) / 2) * min(24, 230 / max(n, 1))
        s += f'<text transform="rotate({a} 75 75)" x="75" y="28" font-size="15" text-anchor="middle" font-family="Noto Serif CJK SC" font-weight="700">{ch}</text>'
    st = '<path d="M75 52 l6 16 17 0 -14 11 5 17 -14 -10 -14 10 5 -17 -14 -11 17 0z"/>' if star else ''
    return f'<svg width="{size}" height="{size}" viewBox="0 0 150 150" fill="{color}" style="opacity:.82;transform:rotate({rot}deg)"><circle cx="75" cy="75" r="70" fill="none" stroke="{color}" stroke-width="4.5"/>{s}{st}<text x="75" y="122" font-size="12" text-anchor="middle" font-family="Noto Sans CJK SC">示例</text></svg>'


def guilloche(w, h, color='#a98a4a', inset=18):
    """A border of crossing waves, as on certificates."""
    s = ''
    for k in range(7):
        p = 'M'
        a = 6 + k * .6
        for i in range(0, 401):
            t = i / 400 * 2 * (w + h - 4 * inset)
            off = a * np.sin(t / 7.0 + k * .9)
            W, H = w - 2 * inset, h - 2 * inset
            if t < W:
                x, y = inset + t, inset + off
            elif t < W + H:
                x, y = w - inset + off, inset + t - W
            elif t < 2 * W + H:
                x, y = w - inset - (t - W - H), h - inset + off
            else:
                x, y = inset + off, h - inset - (t - 2 * W - H)
            p += f'{x:.1f} {y:.1f} L'
        s += f'<path d="{p[:-2]}Z" fill="none" stroke="{color}" stroke-width=".9" opacity=".75"/>'
    return f'<svg width="{w}" height="{h}" style="position:absolute;left:0;top:0">{s}<rect x="{inset + 14}" y="{inset + 14}" width="{w - 2 * inset - 28}" height="{h - 2 * inset - 28}" fill="none" stroke="{color}" stroke-width="1.5"/></svg>'


# ---------- orange, presale ----------

@shot('presale-late/waybill-labels.jpg', phone='sp6', taken='2026:09:24 10:18:07', sub='266', iso=320, exp='1/50', dev=dict(flat=True, noise=.014, contrast=1.08))
def labels3():
    d = Desk((2048, 1536), (2, -15, 28), (0, -.5), 28, -3, (-.4, .8), seed=4)
    d.base('kraft', 0, 3)
    for x in (-14.2, 13.6):                          # the gaps between cartons
        m = np.exp(-((d.X - x - .02 * d.Y) / .28) ** 2) * .8
        d.img *= (1 - m)[..., None]
        d.img *= (1 - .25 * np.exp(-(np.maximum(d.X - x, 0) / 2) ** 2) * (d.X > x))[..., None]
    bar = '<span style="display:inline-block;background:#8d8d8d;width:{}px;height:15px;vertical-align:-2px"></span>'
    for i, (x, no, a) in enumerate(((-20, '0417', 1), (0, '0422', -2.4), (20, '0430', 2))):
        wb = waybill(f'SL6620 **** {no}', ('台**', '136****5081', '浙江省台州市 ****'), (bar.format(52), bar.format(96), bar.format(200)), '竹编收纳篮', '1.84kg', '打印 2026-09-24 09:05',
                     '<span style="display:inline-block;background:#8d8d8d;width:70px;height:24px"></span>', ('571-A2', '020-H6', '755-B1')[i], 41 + i)
        d.sheet(wb, 10, 15, x * .62, .4 + i * .3, a, bend=.5, lift=.06, crease=.12, seed=i + 2, gloss=.16)
    return d.finish(.25, (.98, 1, 1.0), ev=.05)


@shot('presale-late/weather-notice.jpg', size=(1536, 2048), dev=dict(flat=True, noise=.012, contrast=1.08), q=76)
def weather():
    p = html(f'''<div style="padding:52px 50px;font-size:19px;line-height:1.9"><div style="text-align:center;font-size:15px;color:#666">（示例）</div>
    <div style="border:2px solid #333;padding:26px 28px;position:relative"><div class=serif style="font-size:33px;font-weight:900;text-align:center;line-height:1.4">示例市气象台<br>台风橙色预警信号</div>
    <div style="display:flex;align-items:center;gap:18px;margin:16px 0"><div style="background:#ef8a1d;color:#fff;font-weight:900;font-size:27px;padding:8px 10px;line-height:1.2;text-align:center">台风<br>橙</div><b>发布 2026年09月23日18时00分</b></div>
    预计未来12小时内平均风力可达10级以上，沿海海面阵风12～13级；<br>过程雨量100～180毫米，局地250毫米以上；<br>请停止露天作业，妥善安置易受影响的物资和车辆。
    <div style="position:absolute;right:24px;bottom:6px">{stamp('示例市气象台', 150)}</div><br><br></div>
    <div style="border:2px solid #333;padding:22px 28px;margin-top:34px"><b>解除 2026年09月25日12时00分</b><br>台风橙色预警信号解除。降雨仍将持续，请注意积水路段。</div>
    <div style="font-size:13px;color:#777;margin-top:40px">打印自网页存档　第 1 页，共 1 页</div></div>''', 700, 990, '', 2)
    d = Desk((1536, 2048), (-2, -13, 37), (0, -.6), 28, -4, (-.6, .5), aperture=.5, seed=9)
    d.base('grey', 0, 7, color='#9b968c')
    d.sheet(p, 21, 29.7, 0, 0, 2, bend=.9, fold=(('y', .5, .5), ('x', .5, .28)), crease=.22, lift=.16, seed=5)
    d.rod((13, -12), (15.6, 1.6), .42, (.07, .09, .16), .6, 1.2)
    d.cable([(-19, -14), (-15, -6), (-13.4, 3), (-17, 9), (-15, 18)], .17, (.12, .12, .13))
    return d.finish(.25, (1.02, 1, .95), ev=.1)


@shot('presale-late/carrier-notice.jpg', size=(1080, 1920), dev=dict(flat=True, noise=.0, sharp=0, vign=0, bloom=0, contrast=1, sat=1), q=80)
def notice_screen():
    av = lambda t, c: f'<div style="width:42px;height:42px;border-radius:6px;background:{c};color:#fff;text-align:center;line-height:42px;font-size:17px;flex:none">{t}</div>'
    msg = lambda t, c, n, s: f'<div style="display:flex;gap:10px;margin:14px 14px">{av(t, c)}<div><div style="font-size:12px;color:#888;margin-bottom:3px">{n}</div><div style="background:#fff;border-radius:8px;padding:10px 12px;max-width:250px;font-size:16px;line-height:1.5">{s}</div></div></div>'
    p = html(f'''<div style="background:#ededed;height:640px"><div style="display:flex;justify-content:space-between;padding:7px 18px;font-size:13px;font-weight:600"><span>20:31</span><span>5G ▮▮▮ 64%</span></div>
    <div style="text-align:center;font-size:17px;font-weight:600;padding:8px;border-bottom:1px solid #d9d9d9">台州城西网点 · 商家群 (46)</div>
    <div style="text-align:center;font-size:12px;color:#999;margin-top:12px">9-23 20:15</div>
    {msg('城西', '#d2691e', '示例快递 台州城西网点', '<b>【通知】</b>受台风影响，9月24日、25日暂停揽收。26日起视道路恢复情况逐步恢复。已揽未发的件在库内垫高存放，请各商家知悉。')}
    <div style="text-align:center;font-size:12px;color:#999;margin-top:8px">9-23 20:19</div>
    {msg('李', '#5b8c5a', '李** 五金', '收到')}{msg('竹', '#8a7a4a', '竹** 家居', '收到。我们这边还有 22 箱，26 号能先来车吗？')}{msg('城西', '#d2691e', '示例快递 台州城西网点', '26 号看路况，到时群里说')}
    </div>''', 360, 640, '', 3)
    return arr(p)[..., :3]


# ---------- labels ----------

def disc_shape(x, y, r):
    return lambda X, Y: np.hypot(X - x, Y - y) - r


def base_disc(d, x, y, r, color, rings=(), gloss=.3, height=1.2, brushed=0.0, turn=0.6):
    """A round base seen from below: jar, tin, cup, lamp."""
    D = np.hypot(d.X - x, d.Y - y)
    A = np.arctan2(d.Y - y, d.X - x)
    sh = np.ones_like(D)
    for rr, w, k in rings:
        q = (D - rr) / w
        side = (d.X - x) / (D + 1e-3) * d.light[0] + (d.Y - y) / (D + 1e-3) * d.light[1]
        sh = sh + k * np.exp(-q ** 2) * -q * side * 1.6
    if brushed:
        n = tex.fbm(64, 2048, .3, 5)
        from scipy import ndimage
        v = ndimage.map_coordinates(n, [np.full_like(D, 20), (D * 220) % 2047], order=1)
        sh = sh * (1 + (v - .5) * .3 * brushed) * (1 + brushed * .55 * np.cos(2 * (A - turn)) ** 5)
    sp = np.exp(-(((d.X - x) * .8 + (d.Y - y) * .5 + r * .3) / (r * .35)) ** 2) * gloss
    e = tex.smooth(r, r * .93, D)
    c = np.asarray(color, np.float32) * sh[..., None] * (.72 + .28 * e)[..., None] + sp[..., None] * .35
    d.put(disc_shape(x, y, r), c, height, k=.6)


def candle_label(lines, head):
    return html(f'''<div style="border-radius:50%;background:#f3efe6;width:400px;height:400px;text-align:center;padding-top:40px;color:#3a3a36;line-height:1.5"><div class=serif style="font-size:31px;font-weight:700;letter-spacing:8px">芥午</div>{head}
    <div style="font-size:15px;margin-top:8px;line-height:1.62">{'<br>'.join(lines)}</div></div>''', 400, 400, '', 3, alpha=True)


def jar_bottom(d, label, turn, x=0, y=0, r=4.0):
    base_disc(d, x, y, r, (.78, .80, .79), ((r - .35, .12, .5), (r - .8, .2, -.35)), .5, 1.6)
    # the wax is seen through the glass
    base_disc(d, x, y, r - .55, (.90, .86, .77), (), .15, .05)
    d.sheet(label, 6.0, 6.0, x, y, turn, bend=.2, lift=.03, seed=4, gloss=.08, radius=2.99)


@shot('candle-category/label-sampled.jpg', phone='n7', taken='2026:10:22 15:06:18', sub='731', iso=160, exp='1/60', dev=dict(flat=True, noise=.012, contrast=1.08, wb=(.99, 1.01, 1)))
def cand1():
    d = Desk((2048, 1536), (.8, -4.5, 11.5), (0, 0), 32, 4, (.3, .8), aperture=.8, seed=3)
    d.base('grey', 5, 4)
    l = candle_label(['净含量：220 g', '成分：大豆蜡、香精（8%）、', '干花、棉芯', '用途：空间香氛、居家装饰', '生产日期：2026-09-02', '首次点燃不少于 1 小时'],
                     '<div style="font-size:23px;font-weight:700">桂花乌龙 香薰蜡烛</div><div style="font-size:16px;letter-spacing:1px">Scented Candle</div>')
    m = ''.join(f'<rect x="{20 + i * 6}" y="0" width="1.4" height="{40 if i % 10 == 0 else 28 if i % 5 == 0 else 18}" fill="#333"/>' + (f'<text x="{20 + i * 6}" y="66" font-size="22" text-anchor="middle">{i // 10}</text>' if i % 10 == 0 else '') for i in range(201))
    d.sheet(html(f'<svg width="1240" height="90" font-family="DejaVu Sans">{m}</svg>', 1240, 90, 'body{background:#e6e2cf}', 1), 20.6, 1.6, 1, -5.4, -3, bend=.1, lift=.1, gloss=.15)
    jar_bottom(d, l, -9)
    return d.finish(.2, ev=.1)


@shot('candle-category/label-seller.jpg', phone='p20', taken='2026:10:30 20:41:55', sub='064', iso=200, exp='1/60', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.01, contrast=1.08, wb=(1.01, 1, .97)))
def cand2():
    d = Desk((1536, 2048), (0, -3.2, 12.5), (0, .1), 34, -2, (-.6, .5), aperture=.7, seed=4)
    d.base('paper', 0, 6)
    l = candle_label(['净含量：220 g', '成分：大豆蜡、干花、棉芯、', '香精（8%）', '用途：居家装饰（含香，可点燃）', '生产日期：2026-10-28'],
                     '<div style="font-size:23px;font-weight:700">桂花乌龙 干花工艺蜡烛</div><div style="font-size:16px;letter-spacing:1px">Botanical Candle</div>')
    jar_bottom(d, l, 3)
    return d.finish(.16, ev=-.14)


@shot('pet-bowl-category/box-label.jpg', phone='p20', taken='2026:11:04 16:33:09', sub='390', iso=160, exp='1/60', gps=(29.27, 117.18), dev=FLAT)
def bowl_label():
    d = Desk((2048, 1536), (2.5, -9, 21), (0, -.2), 28, -3.5, (-.6, .6), aperture=.6, seed=3)
    d.base('kraft', 0, 8)
    d.img *= (1 - .8 * tex.smooth(10.6, 10.9, d.Y + .05 * d.X))[..., None]
    rows = [('产品名称', '陶瓷慢食碗（迷宫）'), ('型　　号', 'MG-18'), ('釉　　色', '燕麦'), ('规　　格', '口径 18 cm　容量 420 ml'), ('接触材料', '食品接触用'), ('执行标准', 'GB 4806.4'), ('产　　地', '江西景德镇')]
    t = ''.join(f'<tr><td style="border:1.5px solid #222;padding:5px 9px;width:118px;font-weight:700">{a}</td><td style="border:1.5px solid #222;padding:5px 9px">{b}</td></tr>' for a, b in rows)
    p = html(f'<div style="padding:16px"><table style="font-size:20px">{t}</table><div style="font-size:18px;margin-top:10px;display:flex;justify-content:space-between"><b>提示：可微波，人宠请分开使用</b></div><div style="margin-top:8px;display:flex;justify-content:space-between;align-items:end">{barcode(40, 44, 240, 4)}<span style="font-size:13px">箱装 12 只</span></div></div>', 500, 420, '', 3)
    d.sheet(p, 12.5, 10.5, .2, .2, 1.6, bend=.5, lift=.05, crease=.16, gloss=.12, seed=8)
    return d.finish(.25, (1.01, 1, .96), ev=.08)


@shot('ice-silk/mat-label.jpg', phone='ex40', taken='2026:10:20 21:33:15', sub='907', iso=250, exp='1/50', orient=8, size=(1536, 2048), dev=dict(flat=True, noise=.014, contrast=1.08, wb=(1.02, 1, .95)))
def mat_label():
    d = Desk((1536, 2048), (1.5, -4.5, 9.5), (.4, 0), 33, 4, (-.7, .5), focus=(1.2, .4), aperture=1.2, seed=4)
    c, h = tex.knit(n=90, base='#8296a6', seed=6)
    d.img = d.tile(c, 9, turn=90)
    from scipy import ndimage
    hh = d.tile(h, 9, turn=90)
    d.img *= np.clip(1 + .5 * (ndimage.sobel(hh, 1) * .7 + ndimage.sobel(hh, 0) * .5), .4, 1.5)[..., None]
    d.img = np.where((d.X < -2.6)[..., None], np.array([.47, .55, .61]) * (.6 + .4 * np.cos((d.X + 3.4) * 1.6).clip(0, 1))[..., None], d.img)
    d.img *= (1 - .5 * np.exp(-((d.X + 2.6) / .12) ** 2))[..., None]
    s = satin(f'''<div style="padding:24px 20px;font-size:22px;line-height:1.62;font-weight:500">品名：冰丝凉席<br>商标：箬里<br>成分：粘纤 62%<br>　　　聚酯纤维 38%<br>规格：180×200cm<br>等级：合格品<br>
    <div style="margin-top:12px">{sym('wash30', 'nobleach', 'notumble', 'noiron', size=54)}</div></div>''', 350, 400)
    d.sheet(s, 5.0, 5.7, .1, .1, -4, bend=.9, lift=.2, crease=.12, seed=7, gloss=.12)
    return d.finish(.25, ev=.12)


# ---------- certificates ----------

@shot('photo-owner/register.jpg', size=(1660, 2340), dev=dict(flat=True, noise=.006, sharp=.5, vign=.03, contrast=1.02, sat=.8), q=78)
def register():
    rows = [('登记号', '示作登字-2026-F-00**618'), ('作品名称', '《瓷与枝》系列摄影（12 幅）'), ('作品类别', '摄影作品'), ('作　　者', '苏**'), ('著作权人', '苏**'),
            ('创作完成日期', '2026-09-05'), ('首次发表日期', '2026-09-08'), ('登记日期', '2026-10-20')]
    t = ''.join(f'<div style="display:flex;font-size:19px;line-height:2.5"><div style="width:170px;text-align-last:justify;margin-right:8px">{a}</div>：<div style="flex:1;border-bottom:1px solid #b9a878;padding-left:12px">{b}</div></div>' for a, b in rows)
    p = html(f'''{guilloche(700, 990, '#8f9f6a', 24)}<div style="position:absolute;inset:0;background:radial-gradient(circle at 50% 55%,#dfe4cc55,transparent 50%)"></div>
    <div class=serif style="position:absolute;inset:80px 84px;text-align:left"><div style="text-align:center;font-size:46px;font-weight:900;letter-spacing:10px;margin:34px 0 6px">作品登记证书</div><div style="text-align:center;font-size:17px;margin-bottom:44px">（示例）</div>{t}
    <div style="font-size:16px;line-height:1.9;margin-top:36px;text-indent:2em">以上事项，由申请人申请，经示例登记机构审核，根据作品自愿登记的规定，予以登记。</div>
    <div style="position:absolute;right:20px;bottom:10px;text-align:center">{stamp('示例作品登记机构', 170, rot=6)}</div></div>''', 700, 990, 'body{background:#f8f5e8}', 2)
    a = arr(p)[..., :3]
    import scipy.ndimage as nd
    a = nd.rotate(np.pad(a, ((12, 12), (12, 12), (0, 0)), constant_values=.72), .35, reshape=False, order=1, mode='nearest')
    h, w = a.shape[:2]
    return np.clip(a * .93 * (1 + (tex.fbm(h // 2 * 2, w // 2 * 2, 2.4, 3)[:h, :w] - .5)[..., None] * .03 if a.shape[0] % 2 == 0 and a.shape[1] % 2 == 0 else a * .93), 0, 1)


ICE = '''<svg width="{w}" viewBox="0 0 300 190"><g transform="skewX(-11) translate(38 0)" font-family="Ma Shan Zheng" font-size="140" fill="{c}"><text x="6" y="168">冰</text><text x="148" y="168">丝</text></g>
<g transform="translate(238 32)" stroke="{c}" stroke-width="4.2" stroke-linecap="round">''' + ''.join(
    f'<g transform="rotate({a})"><path d="M0 0 V-26 M0 -15 l-7 -7 M0 -15 l7 -7"/></g>' for a in range(0, 360, 60)) + '</g></svg>'


@shot('ice-silk/certificate.jpg', phone='ex40', taken='2026:10:19 10:12:40', sub='118', iso=125, exp='1/80', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.01, contrast=1.06, wb=(.99, 1.005, 1)))
def trademark():
    p = html(f'''{guilloche(700, 990, '#b0893e', 26)}<div class=serif style="position:absolute;inset:70px 80px;text-align:center;color:#2a2520"><div style="font-size:44px;font-weight:900;letter-spacing:12px;margin-top:34px">商标注册证</div><div style="font-size:17px">（示例）</div>
    <div style="font-size:21px;margin:14px 0 20px">第 3187**** 号</div><div style="border:1px solid #c8b27a;width:350px;margin:0 auto;padding:16px">{ICE.format(w=290, c='#1d2a3a')}</div>
    <div style="text-align:left;font-size:20px;line-height:2;margin-top:26px"><b>核定使用商品（第 24 类）：</b>床单；床罩；枕套；被面；毛巾被<br><b>注册人：</b>凉**家居用品有限公司（受让）<br><b>注册日期：</b>2019年5月14日<br><b>有效期：</b>2019年5月14日 至 2029年5月13日</div>
    <div style="position:absolute;right:6px;bottom:0">{stamp('示例注册机构', 170, rot=-5)}</div></div>''', 700, 990, 'body{background:#f6efdb}', 2)
    q = html('<div class=serif style="padding:30px;font-size:36px;font-weight:800;text-align:center;letter-spacing:6px">商标转让证明<div style="font-size:15px;font-weight:400">（示例）</div></div>', 700, 990, 'body{background:#fbfaf5}', 1.5)
    d = Desk((1536, 2048), (.6, -3.5, 45), (0, .6), 30, 1.2, (.4, .7), aperture=.3, seed=5)
    d.base('grey', 3, 8)
    d.sheet(q, 21, 29.7, 1.4, 3.0, -1, bend=.3, lift=.06, seed=5)
    d.sheet(p, 21, 29.7, 0, 0, 1, bend=.35, lift=.07, seed=6)
    # the clear sleeve: an edge, a glare, a few ripples
    lx, ly = d.local(0, -.1, 1)
    for k, (a, b) in enumerate(((11.4, 15.6),)):
        e = np.maximum(np.abs(lx) - a, np.abs(ly) - b)
        d.img = d.img + (np.exp(-(e / .06) ** 2) * .22)[..., None]
        ins = tex.smooth(.05, -.1, e)
        rip = tex.fbm(512, 512, 2.0, 8, 2.5, .6)
        from scipy import ndimage
        rp = ndimage.map_coordinates(rip, [(ly * 12 + 256) % 511, (lx * 12 + 256) % 511], order=1)
        gl = tex.smooth(.58, .74, rp + .25 * np.exp(-(((lx + 5) * .7 + (ly - 8) * .5) / 3.5) ** 2)) * ins
        d.img = d.img * (1 - .04 * ins[..., None]) + gl[..., None] * .34 * (1 - d.img)
    d.rod((14.6, -13), (15.4, .8), .45, (.75, .75, .74), .5, 1.0)
    return d.finish(.14, ev=.08)


# ---------- cards ----------

@shot('lamp-review/cashback-card.jpg', phone='sp7', taken='2026:10:11 19:54:02', sub='245', iso=320, exp='1/50', dev=dict(flat=True, noise=.014, contrast=1.08, wb=(1.02, 1, .95)))
def cashback():
    p = html('''<div style="height:320px;background:linear-gradient(180deg,#f27a1a 0 66%,#fff 66%);text-align:center;color:#fff;border-radius:10px"><div style="font-size:26px;padding-top:22px;letter-spacing:4px">感谢您的购买</div>
    <div style="font-size:50px;font-weight:900;line-height:1.3">五星好评 晒图三张</div><div style="font-size:60px;font-weight:900;color:#ffe66d;line-height:1.1">返现 10 元</div>
    <div style="color:#e0640a;font-size:28px;font-weight:700;margin-top:40px">加客服 截图领取</div><div style="position:absolute;right:12px;bottom:8px;font-size:11px;color:#aaa">2025 版</div></div>''', 520, 320, '', 3, alpha=True)
    d = Desk((2048, 1536), (1.2, -8, 15), (0, -.4), 29, -6, (.7, .5), aperture=.7, seed=4)
    kc, kh = tex.kraft(seed=15, base='#c4a376', flute=1)
    d.base('pale', 10, 5)
    d.sheet(np.tile(kc, (1, 1, 1)), 34, 26, 1, 3, 9, bend=.7, crease=.14, lift=.5, seed=9)
    d.sheet(p, 9, 5.54, -.2, -.1, 6, bend=.3, lift=.16, seed=3, gloss=.16, radius=.2)
    d.cable([(-10, -7.5), (-7.5, -6), (-6.8, -3), (-9, -1), (-12, -2)], .2, (.9, .9, .88))
    return d.finish(.24, (1.04, 1, .92), ev=-.06)


@shot('lamp-review/seller-card.jpg', phone='sp6', taken='2026:10:20 10:05:12', sub='518', iso=125, exp='1/80', software='示例修图 8.2', edited='2026:10:20 10:31:40', dev=dict(flat=True, noise=.009, contrast=1.08))
def seller_card():
    p = html('''<div style="height:320px;background:#d7ead2;text-align:center;color:#27523a;border-radius:10px;padding-top:40px"><div style="font-size:56px;font-weight:900;line-height:1.25">有问题<br>先找我们</div>
    <div style="font-size:26px;margin-top:24px">7×14 小时在线　｜　1 年保修</div></div>''', 520, 320, '', 3, alpha=True)
    bx = html('''<div style="height:700px;background:#f1ece1;padding:44px"><div style="font-size:64px;font-weight:300;letter-spacing:14px;color:#6a5c48">暖伴 台灯</div><div style="font-size:22px;color:#9a8b74;margin-top:10px">DESK LAMP　示例牌</div>
    <svg width="420" height="420" style="position:absolute;right:60px;bottom:30px" fill="none" stroke="#6a5c48" stroke-width="6"><path d="M120 400 H300 M210 400 V200 Q210 120 270 90 M200 60 L340 110 L300 190 L180 130 Z"/></svg></div>''', 1000, 700, '', 2)
    d = Desk((2048, 1536), (-1, -11, 20), (0, -.6), 29, 3, (-.6, .55), aperture=.6, seed=6)
    d.base('white', 0, 3)
    d.sheet(bx, 32, 22.4, -3, 5, -7, bend=.05, lift=3.2, seed=2, gloss=.14)
    d.sheet(p, 9, 5.54, .5, -1.2, 5, bend=.25, lift=.1, seed=4, gloss=.1, radius=.2)
    return d.finish(.2, ev=-.16)


@shot('care-desk/feedback-slips.jpg', phone='ex6', taken='2026:10:12 09:48:02', sub='659', iso=160, exp='1/60', dev=FLAT)
def slips():
    d = Desk((2048, 1536), (.5, -4, 37), (0, 0), 29, 1.6, (.3, .8), aperture=.25, seed=3)
    d.base('pale', 0, 9)
    data = [(0, '不用找了 一点就有人'), (1, '等了十一分钟'), (0, '字大 声音也大点就好'), (2, '我不是老人 点错了'), (0, '姑娘很耐心')]
    pos = [(-12.5, 6.2, 4), (0.4, 6.8, -3), (13, 5.9, 2), (-7.4, -6.2, -5), (6.8, -6.4, 3)]
    for (tick, t), (x, y, a) in zip(data, pos):
        o = ''
        for i, n in enumerate(('好用', '一般', '不好用')):
            k = '<path d="M2 14 L11 24 L30 -4" stroke="#22349a" stroke-width="3.4" fill="none"/>' if i == tick else ''
            o += f'<span style="display:inline-flex;align-items:center;gap:5px;margin-right:18px"><svg width="30" height="30" style="overflow:visible"><circle cx="15" cy="15" r="12" fill="none" stroke="#333" stroke-width="2"/>{k}</svg>{n}</span>'
        p = html(f'''<div style="padding:20px 22px;font-size:21px;line-height:1.5"><b style="font-size:22px">大字客服试点　用后小纸条</b><div style="margin:14px 0 12px">{o}</div><div style="font-size:16px;color:#555">想说的话：</div>
        <div style="{HAND};font-size:{38 if len(t) < 9 else 33}px;color:#25308c;border-bottom:1px solid #bbb;padding:4px 6px 2px;white-space:nowrap;transform:rotate(-1.2deg)">{t}</div><div style="border-bottom:1px solid #bbb;height:34px"></div></div>''', 400, 290, '', 3)
        d.sheet(p, 11.6, 8.4, x, y, a, bend=.6, lift=.12, seed=int(x + 30), crease=.05)
    d.rod((-19, -12.5), (-16.2, 3.5), .36, (.86, .63, .12), .35, 0, ((0, .9, (.78, .5, .5)), (.9, 1.5, (.7, .7, .7)), (15.2, 15.9, (.83, .7, .52)), (15.9, 20, (.15, .15, .15))))
    d.put(lambda X, Y: np.maximum(np.abs((X - 17.4) * .98 + (Y + 6) * .2) - 1.6, np.abs(-(X - 17.4) * .2 + (Y + 6) * .98) - 5.6) - .5, (.12, .13, .15), 2.2,
          .8 + .5 * np.exp(-(((d.X - 16.9) * .98 + (d.Y + 6) * .2) / .3) ** 2))
    return d.finish(.18, ev=.1)


@shot('care-desk/phone-small.jpg', phone='ex40', taken='2026:08:22 15:20:33', sub='771', iso=320, exp='1/50', gps=(30.25, 120.17), dev=dict(flat=True, noise=.014, contrast=1.08, wb=(1.02, 1, .95)))
def phone_small():
    icons = ''.join(f'<div style="text-align:center;font-size:9px;color:#8a8a8a"><svg width="26" height="26" style="display:block;margin:0 auto 3px"><circle cx="13" cy="13" r="{8 + i % 3}" fill="none" stroke="#9aa4ad" stroke-width="1.6"/><path d="M8 13 h10 M13 {7 + i % 4} v9" stroke="#9aa4ad" stroke-width="1.4"/></svg>{n}</div>' for i, n in enumerate(('退货退款', '物流查询', '优惠活动', '账号安全', '发票', '支付问题', '评价管理', '举报投诉', '更多服务')))
    faq = ''.join(f'<div style="font-size:9.5px;color:#7f7f7f;border-bottom:.6px solid #eee;padding:4.5px 0">{t}</div>' for t in ('如何申请仅退款及退货退款的适用范围说明', '已签收但未收到包裹应如何处理', '运费险理赔时效及金额的计算方式', '优惠券无法叠加使用的常见原因', '修改收货地址的时间限制', '如何查看退款去向及到账时间'))
    s = html(f'''<div style="height:700px;background:#f6f7f8;padding:10px 16px"><div style="display:flex;justify-content:space-between;font-size:11px"><span>15:20</span><span>4G 38%</span></div><div style="text-align:center;font-size:14px;padding:8px">帮助与客服</div>
    <div style="background:#fff;border-radius:8px;padding:14px 8px;display:grid;grid-template-columns:1fr 1fr 1fr;gap:14px">{icons}</div><div style="background:#fff;border-radius:8px;padding:8px 12px;margin-top:10px"><div style="font-size:11px;color:#555;margin-bottom:3px">猜你想问</div>{faq}</div>
    <div style="display:flex;gap:7px;margin-top:12px"><div style="width:28px;height:28px;border-radius:50%;background:#b8cfe8"></div><div style="background:#e8f0fa;border-radius:10px;padding:8px 11px;font-size:11px;color:#666;line-height:1.5">您好，我是智能助手，<br>请用一句话描述您的问题～</div></div>
    <div style="position:absolute;bottom:46px;left:16px;right:16px;background:#fff;border:1px solid #e2e2e2;border-radius:15px;height:30px;font-size:10px;line-height:30px;padding-left:12px;color:#bbb">请输入问题</div>
    <div style="position:absolute;bottom:22px;left:0;right:0;text-align:center;font-size:8px;color:#b2b2b2">如未解决，可 <u>转人工</u></div></div>''', 330, 700, '', 3)
    d = Desk((2048, 1536), (2, -17, 24), (0, -.8), 28, -5, (-.5, .7), aperture=.6, seed=4)
    n = 1024                                          # flowered oilcloth
    yy, xx = np.mgrid[0:n, 0:n]
    c = np.ones((n, n, 3)) * tex.hexc('#efe4cf')
    r = tex.rng(5)
    for i in range(46):
        cx, cy, rad = r.uniform(0, n), r.uniform(0, n), r.uniform(26, 62)
        dx, dy = (xx - cx + n / 2) % n - n / 2, (yy - cy + n / 2) % n - n / 2
        D, A = np.hypot(dx, dy), np.arctan2(dy, dx) + i
        col = ('#c24b4b', '#d98a3a', '#5d7fae', '#b65a86')[i % 4]
        leaf = rad < 38 and i % 3 == 0
        e = rad * (.68 + .32 * np.abs(np.cos(A * (1 if leaf else 2.5))) ** .8)
        m = tex.smooth(e, e * .93, D)[..., None]
        c = c * (1 - m) + tex.hexc('#6d8f55' if leaf else col) * (.8 + .3 * (D / rad))[..., None] * m
        if not leaf:
            k = tex.smooth(rad * .24, rad * .2, D)[..., None]
            c = c * (1 - k) + tex.hexc('#f1c84c') * k
    d.img = d.tile(np.clip(c, 0, 1.05), 24, turn=8)
    gl = tex.fbm(256, 256, 2.4, 9)
    from scipy import ndimage
    g = ndimage.map_coordinates(gl, [(d.Y * 5 + 128) % 255, (d.X * 5 + 128) % 255], order=1)
    d.img += (tex.smooth(.5, .8, g) * np.exp(-((d.X + 7 - .2 * d.Y) / 6) ** 2) * .22)[..., None]
    d.sheet(np.ones((8, 8, 3)) * .035, 7.5, 15.9, -1, 0, 7, bend=0, lift=.75, radius=1.1)
    d.sheet(s, 7.0, 14.85, -1, .05, 7, bend=0, lift=.01, radius=.7, gloss=.12)
    bx = html('<div style="height:200px;background:linear-gradient(#fff 0 60%,#2f7fb8 60%);padding:18px 22px"><div style="font-size:46px;font-weight:800;color:#1e5d8c">示例药盒</div><div style="font-size:19px;color:#666">0.1 g × 24 片</div></div>', 380, 200, '', 2)
    d.sheet(bx, 9.4, 5, 9.2, 4.6, -16, bend=.05, lift=1.6, gloss=.1)
    # glasses: two lenses in a thin frame, folded temples
    for cx in (7.2, 11.8):
        q = lambda X, Y, cx=cx: np.abs(np.hypot((X - cx) / 2.15, (Y + 5.6 + .12 * (cx - 9.5)) / 1.65) - 1) * 1.85 - .11
        d.put(lambda X, Y, cx=cx: (np.hypot((X - cx) / 2.15, (Y + 5.6 + .12 * (cx - 9.5)) / 1.65) - 1) * 1.8, (.95, .97, 1), .4, alpha=.10, k=.14)
        d.put(q, (.25, .16, .09), .5)
    d.cable([(9.1, -5.2), (9.5, -4.9), (9.9, -5.25)], .1, (.25, .16, .09))
    d.cable([(5.1, -5.0), (8, -6.9), (11.8, -7.6)], .13, (.25, .16, .09))
    d.cable([(13.9, -5.6), (11, -7.2), (7.0, -7.4)], .13, (.25, .16, .09))
    base_disc(d, -12.2, 6.6, 3.6, (.93, .93, .91), ((3.3, .14, .5),), .3, 3.0)
    base_disc(d, -12.2, 6.6, 3.1, (.55, .30, .08), (), .5, .05)
    return d.finish(.24, (1.05, 1, .91), ev=-.22)


# ---------- English papers ----------

def gift_label():
    return html(f'''<div style="margin:10px;border:2.5px solid #111;height:580px;font-family:'DejaVu Sans',sans-serif"><div style="display:flex;justify-content:space-between;border-bottom:2.5px solid #111;padding:9px 12px"><b style="font-size:21px">EXAMPLE PARCELS</b><b style="font-size:26px;background:#111;color:#fff;padding:0 9px">24</b></div>
    <div style="display:flex;border-bottom:2.5px solid #111"><div style="font-size:66px;font-weight:900;padding:6px 14px;border-right:2.5px solid #111;white-space:nowrap">BS 7</div><div style="padding:12px;font-size:15px;line-height:1.5"><b>DELIVER BY<br>SAT 24 OCT</b><br>1 of 1　1.4 kg</div></div>
    <div style="padding:12px 14px;font-size:18px;line-height:1.42;border-bottom:2.5px solid #111;font-weight:600;font-family:'DejaVu Sans Mono'">MRS R*** H***<br>THE OLD MALTHOUSE GARDEN ENTR<br>14 ALDER ****<br>BRISTOL BS*</div>
    <div style="padding:14px 14px 6px;border-bottom:2.5px solid #111"><div style="margin:0 auto;width:340px">{barcode(52, 100, 340, 9)}</div><div style="text-align:center;font-size:18px;letter-spacing:2px">EP24 **** 7719</div></div>
    <div style="padding:8px 14px;font-size:15px;font-family:'DejaVu Sans Mono';border-bottom:2.5px solid #111">NOTE: LEAVE WITH NEIGHBOUR IF O</div><div style="display:flex;gap:14px;padding:9px 14px">{qr(21, 3, 4)}<div style="font-size:11px;line-height:1.6">Sender: gift shop, CB* ***<br>Service: next day, no signature<br>example label</div></div></div>''', 400, 600, '', 3)


@shot('en-late-gift/waybill.jpg', phone='ex40', taken='2026:10:26 11:55:09', offset='+00:00', sub='402', iso=200, exp='1/50', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.012, contrast=1.06, wb=(.98, 1, 1.02)))
def en_waybill():
    p = gift_label()
    d = Desk((1536, 2048), (1.8, -8, 17), (0, -.4), 30, 4, (-.5, .6), aperture=.7, seed=4)
    d.base('kraft', 0, 12, color='#b08d60')
    d.sheet(p, 10, 15, 0, 0, -3, bend=.5, lift=.05, crease=.2, gloss=.2, seed=9)
    d.img = d.img * np.where((np.abs(d.X - 6.6 + .03 * d.Y) < 2.2)[..., None], np.array([.93, .88, .78]), 1) + (np.abs(np.abs(d.X - 6.6 + .03 * d.Y) - 2.2) < .03)[..., None] * .06
    return d.finish(.24, (.98, 1, 1.02), ev=.02)


@shot('en-late-gift/card.jpg', phone='ex6', taken='2026:10:24 17:31:50', offset='+01:00', sub='155', iso=320, exp='1/40', dev=dict(flat=True, noise=.015, contrast=1.08))
def missed():
    def row(t, on):
        k = '<path d="M2 12 L10 22 L28 -6" stroke="#1c2f8f" stroke-width="3.4" fill="none"/>' if on else ''
        return f'<div style="display:flex;gap:12px;align-items:center;margin:9px 0"><svg width="22" height="22" style="overflow:visible;flex:none"><rect x="1" y="1" width="20" height="20" fill="none" stroke="#222" stroke-width="2"/>{k}</svg><span>{t}</span></div>'
    h = lambda t: f'<span style="font-family:Caveat;font-size:36px;color:#1c2f8f;padding:0 14px">{t}</span>'
    p = html(f'''<div style="font-family:'DejaVu Sans';font-size:17px;height:380px;background:#fff"><div style="background:#20457c;color:#fff;padding:14px 22px;font-size:30px;font-weight:800">Sorry we missed you</div><div style="padding:12px 22px">
    <div style="border-bottom:1px solid #999">Date / time {h('13.05 Sat')}</div>{row('No one was in', 0)}{row('We could not find the address/entrance', 1)}{row('A signature was needed', 0)}{row('Left with a neighbour at no. ____', 0)}
    <div style="border-bottom:1px solid #999;margin-top:6px">We will try again {h('back Mon')}</div><div style="font-size:12px;color:#666;margin-top:12px">EXAMPLE PARCELS 24 · keep this card</div></div></div>''', 560, 380, '', 3)
    d = Desk((2048, 1536), (-1.5, -14, 24), (0, -.6), 28, 6, (.5, .6), aperture=.5, seed=4)
    n = 1024                                          # coir: short bristles seen from above
    a = tex.fbm(n, n, .25, 3)
    b = tex.fbm(n, n, 1.2, 4)
    c = tex.ramp(np.clip(.5 + (a - .5) * 1.5 + (b - .5) * .7, 0, 1), [(0, tex.hexc('#3a2411')), (.5, tex.hexc('#7d5830')), (1, tex.hexc('#b98f55'))])
    d.img = d.tile(c, 15)
    d.img = np.where((d.Y > 10.5 + .04 * d.X)[..., None], np.array([.40, .39, .37]) * (1 + .1 * (np.sin(d.X * .3)))[..., None], d.img)
    d.img *= (1 - .6 * np.exp(-((d.Y - 10.6 - .04 * d.X) / .5) ** 2))[..., None]
    d.sheet(p, 14.8, 10.04, .2, .2, -7, bend=.7, lift=.3, seed=5, crease=.06)
    return d.finish(.25, (1.0, 1, .97), ev=.05)


@shot('en-lamp/label.jpg', phone='ex40', taken='2026:10:25 09:12:48', offset='-05:00', sub='230', iso=160, exp='1/60', dev=dict(flat=True, noise=.012, contrast=1.08))
def lamp_label():
    p = html('''<div style="height:300px;background:linear-gradient(115deg,#c9cbcc,#e6e7e7 45%,#b8babb);border-radius:8px;padding:20px 26px;font-family:'DejaVu Sans';color:#16181a;font-weight:700"><div style="font-size:33px">DL-20 TASK LAMP</div><div style="font-size:25px;margin:8px 0">120 V~　60 Hz　11 W</div>
    <div style="border-top:2px solid #222;padding-top:10px;font-size:21px;line-height:1.55">DIMMING: USE BASE DIAL<br>INDOOR USE ONLY<br>LOT 2618</div></div>''', 470, 300, '', 3, alpha=True)
    d = Desk((2048, 1536), (1.2, -5, 13), (0, -.2), 29, -7, (-.5, .6), aperture=.8, seed=4)
    d.base('walnut', 8, 3)
    base_disc(d, .3, .3, 8.2, (.05, .17, .11), ((7.6, .25, .5),), .35, 1.6)
    f = tex.fbm(512, 512, .3, 6)
    base_disc(d, .3, .3, 7.3, (.10, .10, .10), (), 0, .12)
    from scipy import ndimage
    m = np.hypot(d.X - .3, d.Y - .3) < 7.25
    d.img = np.where(m[..., None], d.img * (1 + (ndimage.map_coordinates(f, [(d.Y * 40) % 511, (d.X * 40) % 511], order=1) - .5) * 1.5)[..., None], d.img)
    d.sheet(p, 7.2, 4.6, .1, .5, 4, bend=.15, lift=.03, gloss=.45, seed=3, radius=.12)
    return d.finish(.24, ev=.18)


@shot('en-lamp/outlet.jpg', phone='ex40', taken='2026:10:25 09:14:31', offset='-05:00', sub='847', iso=125, exp='1/100', orient=6, size=(1536, 2048), dev=dict(flat=True, noise=.01, contrast=1.05))
def outlet():
    d = Desk((1536, 2048), (3, -8, 108), (0, -1), 37, 1.5, (-.75, .45), aperture=.15, seed=4)
    d.base('paper', 0, 3, color='#e6dcc4')
    n = tex.fbm(512, 512, 1.0, 7)
    from scipy import ndimage
    hh = ndimage.map_coordinates(n, [(d.Y * 6) % 511, (d.X * 6) % 511], order=1)
    d.img *= (1 + .12 * (ndimage.sobel(hh, 1) * -.7))[..., None]
    box = lambda cx, cy, w, h, r: (lambda X, Y: np.hypot(np.maximum(np.abs(X - cx) - w / 2 + r, 0), np.maximum(np.abs(Y - cy) - h / 2 + r, 0)) - r)
    d.put(box(0, 26, 11.6, 11.8, .5), (.93, .92, .88), .5)                       # switch plate
    d.put(box(-2.5, 26, 1.0, 2.4, .1), (.80, .79, .75), .1)
    d.put(box(-2.5, 26.6, .85, 1.5, .2), (.95, .94, .90), .9)                     # toggle, up
    d.put(box(2.5, 26, .7, 6.0, .1), (.70, .69, .66), .05)
    d.put(box(2.5, 24.9, 1.7, 1.2, .2), (.95, .94, .90), .7)                      # slider
    d.put(box(2.5, 29.9, .32, .32, .16), (.35, .95, .45), .02)
    d.blob(2.5, 29.9, .9, .9, (.45, .95, .5), 1.6, .25)
    for sx in (-2.5, 2.5):
        for sy in (21.0, 31.0):
            d.put(box(sx, sy, .55, .55, .27), (.83, .82, .78), .04)
    d.put(box(-1, -27, 7.2, 11.8, .5), (.93, .92, .88), .5)
    for cy, used in ((-24.1, 1), (-29.9, 0)):
        d.put(box(-1, cy, 3.5, 3.1, 1.3), (.90, .89, .85), .08)
        if not used:
            d.put(box(-1.75, cy + .3, .22, .95, .02), (.08, .08, .08), .01)
            d.put(box(-.3, cy + .3, .22, .8, .02), (.08, .08, .08), .01)
            d.put(box(-1.02, cy - .75, .55, .55, .27), (.08, .08, .08), .01)
    d.put(box(-1, -24.3, 2.9, 3.2, .7), (.20, .11, .06), 2.4, .85 + .25 * np.clip((d.Y + 24) * .2 - (d.X + 1) * .25, -1, 1))
    d.cable([(-1, -25.6), (-1.2, -28.5), (-4.4, -33), (-5, -42), (3, -52), (14, -60)], .34, (.27, .15, .08), .1)
    base = (d.Y < -50 + .01 * d.X)
    d.img = np.where(base[..., None], np.array([.90, .89, .86]) * (.9 + .1 * tex.smooth(-50.8, -50, d.Y))[..., None], d.img)
    d.img *= (1 - .45 * np.exp(-((d.Y + 50 - .01 * d.X) / .35) ** 2))[..., None]
    return d.finish(.28, (1, 1, .99), ev=-.2)
