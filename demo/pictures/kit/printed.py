"""Printed matter: HTML to PNG with a headless browser, cached by content."""
import hashlib
import os
import shutil
import subprocess
import tempfile

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.environ.get('PIC_CACHE', os.path.join(HERE, '..', '.cache'))
BASE = '''<!doctype html><meta charset=utf-8><style>*{box-sizing:border-box;margin:0;padding:0}
body{font-family:"Noto Sans CJK SC",sans-serif;color:#1b1b1b;background:#fff;width:%dpx;height:%dpx;overflow:hidden;position:relative}
.serif{font-family:"Noto Serif CJK SC",serif}.mono{font-family:"DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace}
table{border-collapse:collapse;width:100%%}%s</style><body>%s</body>'''


def html(body, w, h, css='', scale=2, alpha=False):
    """Returns the path of a PNG (w*scale by h*scale)."""
    doc = BASE % (w, h, css + ('body{background:transparent}' if alpha else ''), body)
    key = hashlib.sha1(f'{doc}{scale}{alpha}5'.encode()).hexdigest()[:16]
    out = os.path.join(CACHE, f'print_{key}.png')
    if os.path.exists(out):
        return out
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory() as d:
        p = os.path.join(d, 'p.html')
        with open(p, 'w', encoding='utf-8') as f:
            f.write(doc)
        subprocess.run([shutil.which('chromium') or 'chromium', '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
                        f'--user-data-dir={d}/u', f'--force-device-scale-factor={scale}', f'--window-size={max(w, 520)},{h + 160}',
                        *(['--default-background-color=00000000'] if alpha else []),
                        f'--screenshot={out}', 'file://' + p],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    im = Image.open(out)
    im.crop((0, 0, int(w * scale), int(h * scale))).save(out)
    return out


def arr(path):
    a = np.asarray(Image.open(path).convert('RGBA'), np.float32) / 255
    return a


def over(base, top):
    """Composite an RGBA array over an RGB one of the same size."""
    al = top[..., 3:]
    return base[..., :3] * (1 - al) + top[..., :3] * al


def barcode(n=60, h=60, w=420, seed=1, ink='#111'):
    r = np.random.default_rng(seed)
    x, out = 0, []
    ws = r.integers(1, 5, n * 2)
    k = w / ws.sum()
    for i, a in enumerate(ws):
        if i % 2 == 0:
            out.append(f'<rect x="{x * k:.2f}" y="0" width="{a * k:.2f}" height="{h}" fill="{ink}"/>')
        x += a
    return f'<svg width="{w}" height="{h}" style="display:block">{"".join(out)}</svg>'


def qr(n=29, px=4, seed=1, ink='#111'):
    """A pattern that only looks like a square code; it encodes nothing."""
    r = np.random.default_rng(seed)
    m = r.uniform(0, 1, (n, n)) < .48
    for y, x in ((0, 0), (0, n - 7), (n - 7, 0)):
        m[max(0, y - 1):y + 8, max(0, x - 1):x + 8] = False
        m[y:y + 7, x:x + 7] = True
        m[y + 1:y + 6, x + 1:x + 6] = False
        m[y + 2:y + 5, x + 2:x + 5] = True
    s = ''.join(f'<rect x="{x * px}" y="{y * px}" width="{px}" height="{px}"/>' for y in range(n) for x in range(n) if m[y, x])
    return f'<svg width="{n * px}" height="{n * px}" fill="{ink}" style="display:block">{s}</svg>'


def waybill(no, sender, receiver, goods, weight, when, city, code, seed=1, note=''):
    """A parcel label of a carrier that does not exist. Returns a PNG path (10 x 15 cm)."""
    css = '''.r{border-bottom:2px solid #222;display:flex}.b{font-weight:700}.l{font-size:13px;color:#333}
    .big{font-size:44px;font-weight:900;letter-spacing:2px}.tag{background:#111;color:#fff;font-weight:700;padding:2px 8px;font-size:18px;border-radius:2px}'''
    body = f'''<div style="margin:10px;border:2px solid #222;height:580px">
    <div class=r style="padding:6px 10px;align-items:center;justify-content:space-between"><div class=b style="font-size:24px">远程示例快运<span style="font-size:11px;font-weight:400"> DEMO EXPRESS</span></div><span class=tag>标快</span></div>
    <div class=r style="padding:6px 10px;justify-content:space-between;align-items:center"><div class=big>{code}</div><div style="font-size:24px;font-weight:800">{city}</div></div>
    <div class=r style="padding:8px 10px;gap:10px"><div class=tag>收</div><div style="font-size:17px;line-height:1.35"><b>{receiver[0]}</b>　{receiver[1]}<br>{receiver[2]}</div></div>
    <div class=r style="padding:6px 10px;gap:10px"><div class=tag style="background:#fff;color:#111;border:2px solid #111">寄</div><div class=l>{sender[0]}　{sender[1]}<br>{sender[2]}</div></div>
    <div class=r style="padding:10px 10px 4px;flex-direction:column;align-items:center">{barcode(54, 74, 340, seed)}<div class=mono style="font-size:18px;letter-spacing:2px;font-weight:700">{no}</div></div>
    <div class=r style="height:150px"><div style="flex:1;padding:6px 10px;font-size:14px;line-height:1.55;border-right:2px solid #222">
    品名：{goods}<br><b style="font-size:19px">计费重量：{weight}</b><br>件数：1/1　付款：寄付月结<br>收寄时间：{when}<br>{note}</div><div style="width:130px;padding:10px 8px">{qr(27, 4, seed + 1)}<div style="font-size:10px;text-align:center;margin-top:2px">扫码查件（示例）</div></div></div>
    <div style="padding:4px 10px;font-size:11px;display:flex;justify-content:space-between"><span>签收人：________</span><span>已验视　{seed % 90 + 10} 号机</span></div></div>'''
    return html(body, 400, 600, css, 3)


def receipt(lines, title, sub, foot, seed=1, w=300, h=560):
    """A till receipt. lines: (left, right) pairs, or a string for a rule or text."""
    rows = ''
    for a in lines:
        rows += f'<div style="display:flex;justify-content:space-between"><span>{a[0]}</span><span>{a[1]}</span></div>' if isinstance(a, tuple) else (
            '<div style="border-top:1.5px dashed #555;margin:7px 0"></div>' if a == '-' else f'<div>{a}</div>')
    body = f'''<div style="padding:22px 18px;font-size:14px;line-height:1.6;color:#333;font-weight:500"><div style="text-align:center;font-size:20px;font-weight:700">{title}</div>
    <div style="text-align:center;font-size:12px">{sub}</div>{rows}<div style="text-align:center;margin-top:10px;font-size:12px">{foot}</div></div>'''
    return html(body, w, h, 'body{background:#f7f6f2}', 3)


def lcd(text, unit='g', w=380, h=150):
    """A seven-segment display, drawn segment by segment."""
    seg = {'0': 'abcdef', '1': 'bc', '2': 'abged', '3': 'abgcd', '4': 'fgbc', '5': 'afgcd', '6': 'afgedc', '7': 'abc', '8': 'abcdefg', '9': 'abcdfg', '-': 'g', ' ': ''}
    poly = {'a': (8, 2, 44, 8), 'd': (8, 90, 44, 8), 'g': (8, 46, 44, 8), 'f': (2, 8, 8, 38), 'b': (50, 8, 8, 38), 'e': (2, 54, 8, 38), 'c': (50, 54, 8, 38)}
    s, x = '', 26
    for ch in text:
        if ch == '.':
            s += f'<rect x="{x - 6}" y="112" width="10" height="10" fill="#14201a"/>'
            x += 10
            continue
        for k, (a, b, c, d) in poly.items():
            on = k in seg[ch]
            s += f'<rect x="{x + a}" y="{b + 22}" width="{c}" height="{d}" rx="3" fill="#14201a" opacity="{1 if on else .05}"/>'
        x += 72
    body = f'<svg width="{w}" height="{h}">{s}<text x="{w - 46}" y="122" font-size="34" font-weight="700" fill="#14201a" font-family="DejaVu Sans">{unit}</text></svg>'
    return html(body, w, h, 'body{background:#a9bfa6}', 2)
