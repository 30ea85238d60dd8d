"""Make the demo pictures: python make.py [name-part ...]; --list shows them, --post redoes only the phone stage."""
import importlib
import os
import pkgutil
import sys
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
CASES = os.path.join(HERE, '..', 'cases')
CACHE = os.environ.get('PIC_CACHE', os.path.join(HERE, '.cache'))
PREVIEW = os.environ.get('PIC_PREVIEW')


def main():
    import shots
    from kit import phone
    args = [a for a in sys.argv[1:] if not a.startswith('--')]
    for m in pkgutil.iter_modules(shots.__path__):
        importlib.import_module('shots.' + m.name)
    os.makedirs(CACHE, exist_ok=True)
    todo = [s for s in shots.ALL if not args or any(a in s.path for a in args)]
    if args:                                       # in the order they were asked for
        todo.sort(key=lambda s: next(i for i, a in enumerate(args) if a in s.path))
    for s in todo:
        if '--list' in sys.argv:
            print(s.path)
            continue
        t = time.time()
        out = os.path.join(CASES, s.path)
        key = s.path.replace('/', '_')
        raw = os.path.join(CACHE, key + '.npy')
        if '--post' in sys.argv and os.path.exists(raw):
            lin = np.load(raw)
        else:
            lin = s.fn()
            if not PREVIEW:
                np.save(raw, lin.astype(np.float16))
        if lin is None:
            continue
        d = dict(seed=abs(hash(s.path)) % 1000)
        d['seed'] = sum(map(ord, s.path)) % 997
        d.update(s.dev)
        k = float(os.environ.get('PIC_OUT', '1'))      # a smaller result, as a chat program sends it
        size = tuple(int(x * k) // 2 * 2 for x in s.size)
        if PREVIEW:
            size = (lin.shape[1], lin.shape[0])
            out = os.path.join(CACHE, 'preview_' + os.path.splitext(key)[0] + '.jpg')
        im = phone.develop(lin, size, **d)
        phone.save(im, out, **s.exif)
        print(f'{s.path} {os.path.getsize(out) // 1024} KB {time.time() - t:.0f} s', flush=True)


main()
