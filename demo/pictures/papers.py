"""Make the PDF papers: python papers.py. Laid out as HTML, printed by a headless browser, then stripped of its traces."""
import os
import shutil
import subprocess
import sys
import tempfile

from pypdf import PdfReader, PdfWriter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from kit.printed import barcode  # noqa: E402

CASES = os.path.join(HERE, '..', 'cases')
CSS = '''@page{size:A4;margin:0}*{box-sizing:border-box;margin:0;padding:0}body{font-family:"Noto Sans CJK SC",sans-serif;color:#1c1c1c;font-size:10.5pt;line-height:1.5}
.page{width:210mm;height:296.5mm;padding:16mm 15mm;position:relative;page-break-after:always;overflow:hidden}.page:last-child{page-break-after:auto}
h1{font-size:19pt;letter-spacing:5pt;text-align:center}.sub{text-align:center;font-size:9pt;color:#666;margin-bottom:5mm}
table{border-collapse:collapse;width:100%;font-size:9.5pt}td,th{border:.4mm solid #333;padding:1.6mm 2mm;text-align:left;vertical-align:top}th{background:#ececec}.r{text-align:right}
.hand{font-family:"Long Cang";font-size:19pt;color:#1d2b8a;line-height:1}.foot{position:absolute;left:15mm;right:15mm;bottom:11mm;font-size:8pt;color:#777;display:flex;justify-content:space-between}'''
SEAL = '''<svg width="150" height="150" viewBox="0 0 150 150" fill="#c3352b" style="position:absolute;{at};opacity:.8;transform:rotate(-9deg)"><circle cx="75" cy="75" r="68" fill="none" stroke="#c3352b" stroke-width="4"/>
<path d="M75 52 l6 16 17 0 -14 11 5 17 -14 -10 -14 10 5 -17 -14 -11 17 0z"/><text x="75" y="36" font-size="15" text-anchor="middle" font-weight="700">示例重货</text><text x="75" y="124" font-size="11" text-anchor="middle">黄圃·业务（示例）</text></svg>'''


def freight_note():
    """A carrier's hand-over list of 13 October and the branch's remark on it."""
    rows = [('0071', '广东省东莞市南城街道 ****', '梁**', '3.10', '15:22', '已上传', '甲'), ('0074', '广东省佛山市禅城区 ****', '区**', '3.08', '15:22', '已上传', '甲'),
            ('0083', '广西南宁市青秀区 ****', '韦**', '3.15', '16:05', '已上传', '乙'), ('0086', '江西省赣州市章贡区 ****', '赖**', '3.12', '16:05', '已上传', '乙'),
            ('0087', '湖南省郴州市北湖区 ****', '邓**', '3.11', '16:06', '已上传', '乙'), ('0091', '广东省江门市新会区 ****', '谢**', '<span class=hand>3.09</span>', '<span class=hand>16 点多</span>', '底单待查', '乙'),
            ('0092', '广东省中山市东区街道 ****', '黎**', '<span class=hand>3.1</span>', '<span class=hand>同上</span>', '底单待查', '乙')]
    t = ''.join(f'<tr><td>{i + 1}</td><td>ZH3310 **** {a}</td><td>{p}</td><td>{n}</td><td>电炖锅 4L</td><td class=r>{w}</td><td>{h}</td><td>{s}</td></tr>' for i, (a, p, n, w, h, s, _) in enumerate(rows))
    one = f'''<div class=page><h1>零担托运交货清单</h1><div class=sub>示例重货　中山黄圃网点　（示例单据，收货人信息已遮盖）</div>
    <div style="display:flex;justify-content:space-between;align-items:end;margin-bottom:4mm"><div>托运人：清***居（中山市黄圃镇 ****）<br>交货日期：2026-10-13　　司机：<span class=hand>阿坤</span>　　车号：粤T·*****</div><div>{barcode(34, 40, 210, 31)}<div style="font-size:8pt;text-align:right">清单号 HP20261013-07</div></div></div>
    <table><tr><th>序</th><th>运单号</th><th>收货地</th><th>收货人</th><th>品名</th><th class=r>实重 kg</th><th>过磅时间</th><th>系统</th></tr>{t}<tr><td colspan=5 class=r>合计 7 票</td><td class=r>21.75</td><td colspan=2></td></tr></table>
    <div style="margin-top:6mm">运费：7 票 × 60.00 元 = 420.00 元，月结。</div>
    <div style="margin-top:4mm;border:.4mm solid #333;padding:3mm 4mm;min-height:34mm">备注：<span class=hand style="font-size:22pt;line-height:1.3">后面两票是第二趟补上车的，磅单没打，先记个数</span></div>
    <div style="display:flex;justify-content:space-between;margin-top:12mm"><div>托运人签字：<span class=hand>清***居 李**</span></div><div>网点签字：<span class=hand>坤</span></div></div>{SEAL.format(at='right:12mm;bottom:66mm')}
    <div class=foot><span>第 1 页　共 2 页</span><span>打印：2026-10-21 15:02:17　操作员 04</span></div></div>'''
    two = f'''<div class=page><h1>情况说明</h1><div class=sub>示例重货　中山黄圃网点　2026-10-21</div>
    <p style="text-indent:2em;margin-top:6mm;line-height:2">应托运人清***居要求，就清单 HP20261013-07 说明如下：</p>
    <p style="text-indent:2em;line-height:2">一、第 1 至 5 票于 10 月 13 日过磅、上车，揽收信息当日上传。</p>
    <p style="text-indent:2em;line-height:2">二、第 6、7 票由托运人当日下午另行送到，赶装第二趟车，未打印磅单，重量、时间为司机手记。两票的揽收信息因手持机故障没有上传，签收底单在江门、中山两个网点，已发函调取，尚未收到。</p>
    <p style="text-indent:2em;line-height:2">三、托运人 10 月 17 日来网点抄录单号。此前没有查询过。</p>
    <p style="text-indent:2em;line-height:2">四、本网点无法确认货箱内为何物，重量以过磅为准。</p>
    <table style="margin-top:8mm"><tr><th>票号尾号</th><th>过磅</th><th>揽收上传</th><th>签收底单</th></tr><tr><td>0083、0086、0087</td><td>有</td><td>2026-10-13 20:41</td><td>有，客户签字</td></tr><tr><td>0091</td><td>无，手记</td><td>无</td><td>待江门网点回复</td></tr><tr><td>0092</td><td>无，手记</td><td>无</td><td>待中山东区网点回复</td></tr></table>
    <div style="text-align:right;margin-top:22mm">示例重货 中山黄圃网点<br>经办 坤*　负责人 **</div>{SEAL.format(at='right:16mm;top:140mm')}
    <div class=foot><span>第 2 页　共 2 页</span><span>打印：2026-10-21 15:03:02　操作员 04</span></div></div>'''
    return one + two


PAPERS = {'empty-parcel/papers/freight-note.pdf': ('零担托运交货清单', freight_note)}


def main():
    for path, (title, body) in PAPERS.items():
        out = os.path.join(CASES, path)
        os.makedirs(os.path.dirname(out), exist_ok=True)
        with tempfile.TemporaryDirectory() as d:
            p, q = os.path.join(d, 'p.html'), os.path.join(d, 'p.pdf')
            with open(p, 'w', encoding='utf-8') as f:
                f.write(f'<!doctype html><meta charset=utf-8><title>{title}</title><style>{CSS}</style>{body()}')
            subprocess.run([shutil.which('chromium') or 'chromium', '--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer', f'--user-data-dir={d}/u',
                            f'--print-to-pdf={q}', 'file://' + p], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            w = PdfWriter()                                # without the browser's name and the time of printing
            for page in PdfReader(q).pages:
                w.add_page(page)
            w.metadata = {'/Title': title}
            w.compress_identical_objects()
            w.write(out)
        print(path, os.path.getsize(out) // 1024, 'KB')


main()
