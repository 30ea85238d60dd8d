"""The pictures: each module registers its shots with @shot."""
ALL = []


class Shot:
    def __init__(self, path, fn, size, dev, exif):
        self.path, self.fn, self.size, self.dev, self.exif = path, fn, size, dev, exif


def shot(path, size=(2048, 1536), dev=None, **exif):
    """path: case-id/photos/name.jpg. dev: arguments of phone.develop. exif: of phone.save."""
    case, _, name = path.partition('/')

    def wrap(fn):
        ALL.append(Shot(f'{case}/photos/{name}', fn, size, dev or {}, exif))
        return fn
    return wrap
