"""Write INDEX.md from the pictures that exist and from their EXIF: python index.py"""
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from shots.about import ABOUT, MARKS  # noqa: E402

CASES = os.path.join(HERE, '..', 'cases')


def main():
    rows, files = [], []
    for k, what in sorted({**ABOUT, **MARKS}.items()):
        case, name = k.split('/')
        for ext in ('jpg', 'png'):
            p = os.path.join(CASES, case, 'photos', f'{name}.{ext}')
            if os.path.exists(p):
                files.append((case, f'{name}.{ext}', what, p))
    out = subprocess.run([shutil.which('exiftool') or 'exiftool', '-j', '-n', *[f[3] for f in files]], check=True, capture_output=True, text=True).stdout
    meta = {os.path.realpath(m['SourceFile']): m for m in json.loads(out)}
    for case, name, what, p in files:
        m = meta[os.path.realpath(p)]
        side = {6: ' turn 6', 8: ' turn 8', 3: ' turn 3'}.get(m.get('Orientation'), '')
        size = f"{m['ImageWidth']}×{m['ImageHeight']}{side}, {os.path.getsize(p) // 1024} KB"
        when = m.get('DateTimeOriginal', '')
        when = when and f"{when.replace(':', '-', 2)} {m.get('OffsetTimeOriginal', '')}".strip()
        cam = ' '.join(str(m[x]) for x in ('Make', 'Model') if x in m)
        soft = str(m.get('Software', ''))
        if m.get('ModifyDate') and m.get('ModifyDate') != m.get('DateTimeOriginal'):
            soft += f" (edited {m['ModifyDate'].replace(':', '-', 2)})"
        if 'GPSLatitude' in m:
            soft += ' GPS'
        rows.append(f'| {case} | {name} | {what} | {size} | {when or "no EXIF time"} | {cam or "none"} | {soft} |')
    with open(os.path.join(HERE, 'INDEX.md'), 'w', encoding='utf-8') as f:
        f.write('# The pictures\n\nWritten by `index.py` from the files and their EXIF. “turn 6/8” means: stored sideways, shown upright by the Orientation tag.\n\n'
                '| case | file in photos/ | what it shows | stored size | captured | camera | software, edit, GPS |\n| --- | --- | --- | --- | --- | --- | --- |\n')
        f.write('\n'.join(rows) + '\n')
    print(len(rows), 'pictures')


main()
