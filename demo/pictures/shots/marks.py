"""The drawn marks: two teas and two soy sauces, all invented. As SVG; also written as PNG."""
import os

from kit.printed import html


def banting(w):
    return f'''<svg width="{w}" height="{w * 1.36:.0f}" viewBox="0 0 300 408"><circle cx="150" cy="150" r="146" fill="#1d4a38"/><circle cx="150" cy="150" r="136" fill="none" stroke="#f4f1e6" stroke-width="2.5"/>
    <circle cx="150" cy="92" r="40" fill="none" stroke="#f4f1e6" stroke-width="5"/><g fill="none" stroke="#f4f1e6" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"><path d="M52 186 Q92 176 118 132 Q150 112 182 132 Q208 176 248 186"/><path d="M66 186 H234"/><path d="M96 190 V250 M204 190 V250 M128 190 V250 M172 190 V250"/><path d="M78 252 H222"/><path d="M150 112 V98"/></g>
    <path d="M60 180 Q96 170 121 128 Q150 108 179 128 Q204 170 240 180 Q200 172 176 146 Q150 128 124 146 Q100 172 60 180Z" fill="#fff"/>
    <text x="150" y="382" font-size="78" text-anchor="middle" font-family="Ma Shan Zheng" fill="{{ink}}" letter-spacing="8">半亭雪</text></svg>'''.replace('{ink}', '#efe9d8')


def tingb(w):
    dots = ''.join(f'<circle cx="{x}" cy="{y}" r="{r}" fill="#fff"/>' for x, y, r in ((70, 66, 5), (112, 50, 4), (150, 82, 6), (196, 58, 4), (176, 120, 4), (92, 112, 4), (128, 130, 5), (60, 160, 4), (200, 168, 5)))
    bam = ''
    for x, y0, y1 in ((96, 250, 96), (138, 250, 120)):
        bam += ''.join(f'<path d="M{x} {y} V{y - 34}" stroke="#fff" stroke-width="8" stroke-linecap="round"/>' for y in range(y0, y1, -40))
        bam += ''.join(f'<path d="M{x} {y} q{s * 26} -4 {s * 46} 18 q{-s * 30} 2 {-s * 46} -18z" fill="#fff"/>' for y, s in ((y1 + 20, 1), (y1 + 60, -1), (y1 + 4, -1)))
    return f'''<svg width="{w}" height="{w * 1.36:.0f}" viewBox="0 -50 300 408"><rect x="6" y="6" width="288" height="288" rx="16" fill="#1c4a4a"/><rect x="17" y="17" width="266" height="266" rx="8" fill="none" stroke="#fff" stroke-width="3"/>
    <circle cx="118" cy="150" r="94" fill="none" stroke="#fff" stroke-width="9"/><path d="M74 262 h88" stroke="#1c4a4a" stroke-width="22"/>{bam}{dots}
    <g font-family="Ma Shan Zheng" font-size="66" fill="#fff" text-anchor="middle"><text x="250" y="98">半</text><text x="250" y="172">庭</text><text x="250" y="246">雪</text></g></svg>'''


def oval(body, w, red, name):
    n = f'<text x="250" y="392" font-size="84" text-anchor="middle" font-family="Noto Serif CJK SC" font-weight="900" fill="#2a1712" letter-spacing="26">{name}</text>' if name else ''
    return f'''<svg width="{w}" height="{w * (.84 if name else .6):.0f}" viewBox="0 0 500 {420 if name else 300}"><ellipse cx="250" cy="150" rx="244" ry="144" fill="{red}"/><ellipse cx="250" cy="150" rx="230" ry="131" fill="none" stroke="#d9ab3f" stroke-width="6"/>{body}{n}</svg>'''


def hepu(w, name=''):
    return oval('''<g fill="#fff"><path d="M236 146 Q262 108 318 112 Q352 118 366 146 Q338 138 322 146 Q300 182 262 176 Q236 170 236 146Z"/><path d="M244 152 Q216 132 224 96 Q228 72 208 66 Q190 64 184 74 L140 82 L184 84 Q202 82 204 100 Q202 150 246 172Z"/></g>
    <path d="M318 118 Q350 122 372 158 Q340 150 320 158 Z" fill="#1c1411"/><circle cx="196" cy="68" r="7" fill="#c01d1d" stroke="#fff" stroke-width="2"/><path d="M268 174 L262 236 M262 236 l-16 6 M262 236 l16 5" stroke="#fff" stroke-width="6" fill="none" stroke-linecap="round"/><path d="M284 172 L300 196 L284 210" stroke="#fff" stroke-width="6" fill="none" stroke-linecap="round"/>
    <g stroke="#fff" stroke-width="5" fill="none"><path d="M150 240 q18 -14 36 0 t36 0 t36 0 t36 0 t36 0"/><path d="M170 258 q18 -14 36 0 t36 0 t36 0 t36 0"/></g>''', w, '#b3201f', name)


def songling(w, name=''):
    pine = ''.join(f'<path d="M{x} {y} l{dx} -20 M{x} {y} l{dx + 8} -17 M{x} {y} l{dx - 8} -18" stroke="#14301f" stroke-width="4"/>' for x, y, dx in ((120, 226, -4), (152, 232, 2), (188, 234, 0), (226, 238, 4), (262, 236, 2), (300, 232, 6), (334, 224, 6)))
    return oval(f'''<circle cx="372" cy="82" r="20" fill="#e0b040"/><g fill="#fff"><path d="M168 140 Q210 128 262 138 Q300 142 330 132 L392 126 L334 146 Q296 166 246 164 Q200 164 150 178 Q132 176 128 168 Q150 150 168 140Z"/><path d="M214 138 Q196 84 142 56 Q206 62 244 100 Q262 122 262 142Z"/><path d="M250 146 Q268 96 322 70 Q300 108 292 146Z"/></g>
    <path d="M142 56 Q176 66 198 90 Q170 76 142 56Z" fill="#1c1411"/><path d="M136 170 L84 184 M150 176 L98 196" stroke="#fff" stroke-width="5"/><circle cx="342" cy="132" r="6" fill="#c01d1d"/>
    <path d="M92 236 Q200 250 356 226" stroke="#2b1a10" stroke-width="7" fill="none"/>{pine}''', w, '#a81c20', name)


def write(cases):
    """Write the four marks as PNG into the case folders."""
    import shutil
    ink = lambda s, c: s.replace('fill="#efe9d8"', f'fill="{c}"')
    for case, name, svg, w, h in (('tea-marks', 'mark-banting', ink(banting(760), '#1d4a38'), 900, 1140), ('tea-marks', 'mark-banting-b', tingb(820), 900, 1140),
                                  ('soy-marks', 'mark-hepu', hepu(820, '鹤浦'), 900, 780), ('soy-marks', 'mark-songling', songling(820, '松翎'), 900, 780)):
        p = html(f'<div style="display:flex;height:{h}px;align-items:center;justify-content:center">{svg}</div>', w, h, '', 1)
        d = os.path.join(cases, case, 'photos')
        os.makedirs(d, exist_ok=True)
        shutil.copyfile(p, os.path.join(d, name + '.png'))
