"""Photographs for the measurements, and what pyvips needs for them.

bench-photos.py make FOLDER DEMO     a docket of one case with photographs of 12 megapixels
bench-photos.py decode FILE          milliseconds that pyvips takes to the size of a screen
bench-photos.py previews FOLDER PROGRAM   grid previews: ours (the program) and pyvips, CPU per picture
bench-photos.py heic FOLDER PROGRAM       the same of HEIC photographs that carry a phone's preview; by a
                                          libvips that reads HEIC, and heif-enc
"""
import json
import os
import resource
import subprocess
import sys
import time

import pyvips

SCREEN = 2048
GRID = 320
COUNT = 12


def photographs(demo):
    """Photographs of 4000 by 3000, made from the demo's own: enlarged, with the grain of a sensor."""
    found = []
    for case in sorted(os.listdir(os.path.join(demo, 'cases'))):
        folder = os.path.join(demo, 'cases', case, 'photos')
        found += [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []
    for path in [p for p in found if p.endswith('.jpg')][:COUNT]:
        image = pyvips.Image.thumbnail(path, 4000, height=3000, size='force').colourspace('srgb')[:3]
        grain = pyvips.Image.gaussnoise(4000, 3000, mean=0, sigma=5)
        yield (image + grain).cast('uchar').copy(interpretation='srgb').copy_memory()


def make(folder, demo):
    home = os.path.join(folder, 'cases', 'bench-photos')
    photos = os.path.join(home, 'photos')
    os.makedirs(photos, exist_ok=True)
    names = []
    for n, image in enumerate(photographs(demo)):
        name = f'photos/{n}.jpg'
        image.jpegsave(os.path.join(home, name), Q=88, keep='none')
        names.append(name)
    statement = {'kind': 'statement', 'paragraphs': ['照片用来量时间。']}
    yuan = {'minor': 100, 'currency': 'CNY'}
    case = {
        'format': 1, 'id': 'bench-photos', 'type': 'transaction_dispute', 'language': 'zh-Hans', 'time_zone': 'Asia/Shanghai',
        'title': '大照片', 'summary': '一千二百万像素的照片。', 'rule_version': '1', 'example': True,
        'parties': [{'side': 'buyer', 'role': 'claimant', 'alias': '甲**'}, {'side': 'seller', 'role': 'respondent', 'alias': '乙**'}],
        'claims': [], 'issues': [{'id': 'i-1', 'text': '看得清吗？'}],
        'evidence': [
            {'id': 'b-1', 'side': 'buyer', 'kind': 'statement', 'title': '说明', 'grade': 'party_submission', 'body': {**statement, 'side': 'buyer'}},
            {'id': 's-1', 'side': 'seller', 'kind': 'statement', 'title': '说明', 'grade': 'party_submission', 'body': {**statement, 'side': 'seller'}},
            {'id': 'b-2', 'side': 'buyer', 'kind': 'image', 'title': '照片', 'grade': 'party_submission', 'media': [{'file': name, 'caption': name} for name in names]},
            {'id': 'p-1', 'side': 'platform', 'kind': 'chat_log', 'title': '聊天', 'grade': 'platform_record', 'body': {
                'kind': 'chat_log', 'platform': '示例', 'time_zone': 'Asia/Shanghai', 'complete': True,
                'participants': [{'id': 'b', 'side': 'buyer', 'alias': '甲**'}], 'messages': [{'seq': 1, 'from': 'b', 'text': '在吗'}]}},
            {'id': 'p-2', 'side': 'platform', 'kind': 'order', 'title': '订单', 'grade': 'platform_record', 'body': {
                'kind': 'order', 'number': '1', 'items': [{'title': '一', 'options': [], 'price': yuan, 'quantity': 1}],
                'amounts': [{'kind': 'goods', 'amount': yuan}, {'kind': 'paid', 'amount': yuan}]}},
        ],
        'conflict': {'category': '一', 'shop': '乙**', 'region': '一'},
    }
    with open(os.path.join(home, 'case.json'), 'w', encoding='utf-8') as file:
        json.dump(case, file, ensure_ascii=False, indent=1)


def thumbnail(path, side):
    pyvips.Image.thumbnail(path, side, height=side).write_to_memory()


def decode(path):
    thumbnail(path, SCREEN)                                        # the library is loaded, the file is in memory
    times = []
    for _ in range(5):
        began = time.perf_counter()
        thumbnail(path, SCREEN)
        times.append((time.perf_counter() - began) * 1000)
    print(sorted(times)[2])


def cpu(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def measure(folder, program, kind, rounds, each):
    """Ours and theirs on the same files, turn by turn; `each` is how often pyvips gets every file."""
    pairs = []
    for _ in range(rounds):
        row = json.loads(subprocess.run([program, folder, kind], check=True, capture_output=True, text=True).stdout)[0]
        began = cpu(resource.RUSAGE_SELF)
        for path in row['photos'] * each:
            pyvips.Image.thumbnail(path, GRID, height=GRID).jpegsave_buffer(Q=80)
        theirs = (cpu(resource.RUSAGE_SELF) - began) / (len(row['photos']) * each)
        pairs.append((row['cpu_seconds_each'] * 1000, theirs * 1000))
    ours, theirs = (sorted(side)[rounds // 2] for side in zip(*pairs))
    return {'kind': kind, 'ours': ours, 'reference': theirs}


def previews(folder, program):
    """The program makes the photographs; the first of them are opened once before anything is measured."""
    os.makedirs(folder, exist_ok=True)
    print(json.dumps([measure(folder, program, kind, 10, 3) for kind in ('jpeg', 'progressive')]))


def heic(folder, program):
    """As a phone writes them: the picture, and a preview of 320 pixels beside it."""
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(os.path.join(folder, 'jpeg-0.jpg')):
        subprocess.run([program, folder, 'jpeg'], check=True, capture_output=True)
    for n in range(3):
        path = os.path.join(folder, f'heic-{n}.heic')
        if not os.path.exists(path):
            photo = os.path.join(folder, f'jpeg-{n}.jpg')
            subprocess.run(['heif-enc', '-q', '60', '-t', '320', '-p', 'preset=ultrafast', photo, '-o', path], check=True, capture_output=True)
    print(json.dumps([measure(folder, program, 'heic', 10, 1)]))


pyvips.cache_set_max(0)
{'make': make, 'decode': decode, 'previews': previews, 'heic': heic}[sys.argv[1]](*sys.argv[2:])
