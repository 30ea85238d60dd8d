"""Blender side of the kit: scene, materials, shapes. One unit is one centimetre."""
import math
import os
import tempfile

import bpy
import numpy as np
from mathutils import Vector

from . import tex

_imgs = {}


def reset():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    _imgs.clear()
    s = bpy.context.scene
    s.render.engine = 'CYCLES'
    c = s.cycles
    c.device = 'CPU'
    c.use_denoising = True
    c.denoiser = 'OPENIMAGEDENOISE'
    c.denoising_input_passes = 'RGB_ALBEDO_NORMAL'
    c.max_bounces, c.diffuse_bounces, c.glossy_bounces = 5, 1, 2
    c.transmission_bounces, c.transparent_max_bounces = 5, 8
    c.caustics_reflective = c.caustics_refractive = False
    c.sample_clamp_indirect = 5
    c.blur_glossy = 1.0
    c.use_adaptive_sampling = False
    c.use_fast_gi = True
    c.fast_gi_method = 'ADD'
    c.ao_bounces_render = 1
    s.render.threads_mode = 'FIXED'
    s.render.threads = 2
    s.view_settings.view_transform = 'Raw'


# ---------- images and materials ----------

def img(arr, srgb=True, name='i'):
    """A Blender image of a numpy array (row 0 on top)."""
    a = np.asarray(arr, np.float32)
    if a.ndim == 2:
        a = np.repeat(a[..., None], 3, -1)
    if a.shape[2] == 3:
        a = np.concatenate([a, np.ones(a.shape[:2] + (1,), np.float32)], -1)
    h, w = a.shape[:2]
    i = bpy.data.images.new(name, w, h, alpha=True, float_buffer=not srgb)
    i.colorspace_settings.name = 'sRGB' if srgb else 'Non-Color'
    i.alpha_mode = 'CHANNEL_PACKED'
    i.pixels.foreach_set(np.ascontiguousarray(a[::-1]).ravel())
    i.update()
    return i


def load(path):
    i = bpy.data.images.load(path, check_existing=True)
    i.alpha_mode = 'CHANNEL_PACKED'
    return i


class Mat:
    """A thin builder around the principled shader."""

    def __init__(self, name='m', color=(.8, .8, .8), rough=.5, metal=0.0, **kw):
        self.m = bpy.data.materials.new(name)
        self.m.use_nodes = True
        self.nt = self.m.node_tree
        self.b = self.nt.nodes['Principled BSDF']
        self.out = self.nt.nodes['Material Output']
        self.set('Base Color', color)
        self.set('Roughness', rough)
        self.set('Metallic', metal)
        names = dict(trans='Transmission Weight', ior='IOR', coat='Coat Weight', coat_rough='Coat Roughness',
                     sss='Subsurface Weight', sheen='Sheen Weight', spec='Specular IOR Level', alpha='Alpha',
                     emit='Emission Color', emit_k='Emission Strength', aniso='Anisotropic')
        for k, v in kw.items():
            self.set(names[k], v)

    def set(self, sock, v):
        s = self.b.inputs[sock]
        if isinstance(v, str):
            v = [x ** 2.2 for x in tex.hexc(v)]
        if isinstance(v, bpy.types.NodeSocket):
            self.nt.links.new(v, s)
        elif hasattr(v, '__len__'):
            v = list(v)
            s.default_value = v + [1] if s.type == 'RGBA' and len(v) == 3 else v
        else:
            s.default_value = v
        return self

    def node(self, t, **kw):
        n = self.nt.nodes.new(t)
        for k, v in kw.items():
            setattr(n, k, v)
        return n

    def link(self, a, b):
        self.nt.links.new(a, b)

    def coords(self, scale=(1, 1, 1), kind='UV', rot=0, off=(0, 0, 0)):
        tc = self.node('ShaderNodeTexCoord')
        mp = self.node('ShaderNodeMapping')
        mp.inputs['Scale'].default_value = scale if hasattr(scale, '__len__') else (scale,) * 3
        mp.inputs['Rotation'].default_value = (0, 0, rot)
        mp.inputs['Location'].default_value = off
        self.link(tc.outputs[kind], mp.inputs['Vector'])
        return mp.outputs['Vector']

    def image(self, im, scale=(1, 1, 1), kind='UV', rot=0, off=(0, 0, 0), box=False, ext='REPEAT', interp='Linear'):
        n = self.node('ShaderNodeTexImage')
        n.image = im
        n.extension = ext
        n.interpolation = interp
        if box:
            n.projection = 'BOX'
            n.projection_blend = .1
        self.link(self.coords(scale, kind, rot, off), n.inputs['Vector'])
        return n

    def noise(self, scale=5, detail=4, rough=.5, kind='Object', map_scale=(1, 1, 1)):
        n = self.node('ShaderNodeTexNoise')
        n.inputs['Scale'].default_value = scale
        n.inputs['Detail'].default_value = detail
        n.inputs['Roughness'].default_value = rough
        self.link(self.coords(map_scale, kind), n.inputs['Vector'])
        return n.outputs['Fac']

    def ramp(self, fac, stops):
        n = self.node('ShaderNodeValToRGB')
        e = n.color_ramp.elements
        while len(e) < len(stops):
            e.new(.5)
        for el, (p, c) in zip(e, stops):
            el.position = p
            if isinstance(c, str):
                c = [x ** 2.2 for x in tex.hexc(c)]
            el.color = (*c, 1) if hasattr(c, '__len__') else (c, c, c, 1)
        self.link(fac, n.inputs['Fac'])
        return n.outputs['Color']

    def mixc(self, fac, a, b, mode='MIX'):
        n = self.node('ShaderNodeMix', data_type='RGBA', blend_type=mode)
        for s, v in ((n.inputs[0], fac), (n.inputs[6], a), (n.inputs[7], b)):
            if isinstance(v, str):
                v = [x ** 2.2 for x in tex.hexc(v)]
            if isinstance(v, bpy.types.NodeSocket):
                self.link(v, s)
            elif hasattr(v, '__len__'):
                s.default_value = (*v, 1)
            else:
                s.default_value = v
        return n.outputs[2]

    def bump(self, h, strength=.3, dist=.05):
        n = self.node('ShaderNodeBump')
        n.inputs['Strength'].default_value = strength
        n.inputs['Distance'].default_value = dist
        old = self.b.inputs['Normal']
        if old.is_linked:
            self.link(old.links[0].from_socket, n.inputs['Normal'])
        self.link(h, n.inputs['Height'])
        self.link(n.outputs['Normal'], old)
        return self


def give(ob, *mats):
    for m in mats:
        ob.data.materials.append(m.m if isinstance(m, Mat) else m)
    return ob


# ---------- shapes ----------

def mesh(name, v, f, uv=None, smooth=True):
    me = bpy.data.meshes.new(name)
    me.from_pydata([tuple(map(float, p)) for p in v], [], [tuple(map(int, q)) for q in f])
    if uv is not None:
        l = me.uv_layers.new()
        uv = np.asarray(uv, np.float32)
        if len(uv) == len(v):
            idx = np.empty(len(me.loops), np.int32)
            me.loops.foreach_get('vertex_index', idx)
            uv = uv[idx]
        l.data.foreach_set('uv', uv.ravel())
    me.update()
    if smooth:
        me.polygons.foreach_set('use_smooth', [True] * len(me.polygons))
    ob = bpy.data.objects.new(name, me)
    bpy.context.collection.objects.link(ob)
    return ob


def place(ob, loc=(0, 0, 0), rot=(0, 0, 0), scale=1):
    ob.location = loc
    ob.rotation_euler = [math.radians(a) for a in rot]
    ob.scale = scale if hasattr(scale, '__len__') else (scale,) * 3
    return ob


def grid(w, h, nx, ny, fn=None, name='sheet', mask=None):
    """A sheet centred on the origin; fn(x, y, u, v) -> (dx, dy, z). mask(u, v) keeps faces."""
    u, v = np.meshgrid(np.linspace(0, 1, nx + 1), np.linspace(0, 1, ny + 1))
    x, y = (u - .5) * w, (v - .5) * h
    z = np.zeros_like(x)
    if fn:
        dx, dy, z = fn(x, y, u, v)
        x, y = x + dx, y + dy
        z = np.broadcast_to(z, x.shape)
    vs = np.stack([x, y, z], -1).reshape(-1, 3)
    i = np.arange(ny)[:, None] * (nx + 1) + np.arange(nx)[None]
    f = np.stack([i, i + 1, i + nx + 2, i + nx + 1], -1).reshape(-1, 4)
    if mask is not None:
        uc, vc = np.meshgrid((np.arange(nx) + .5) / nx, (np.arange(ny) + .5) / ny)
        f = f[mask(uc, vc).ravel()]
    return mesh(name, vs, f, np.stack([u, v], -1).reshape(-1, 2))


def sample(a, u, v):
    """Bilinear look-up of array a (row 0 on top) at u, v in 0..1."""
    from scipy.ndimage import map_coordinates
    h, w = a.shape
    return map_coordinates(a, [(1 - v) * (h - 1), u * (w - 1)], order=1, mode='nearest')


def lathe(prof, seg=96, name='lathe', sub=0, wob=None, rot=0.0, arc=1.0):
    """Turn a profile [(r, z)...]; u runs round, v along the profile. wob(theta, t) scales the radius."""
    p = np.asarray(prof, float)
    d = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(p, axis=0).T))])
    t = d / d[-1]
    th = np.linspace(0, 2 * np.pi * arc, seg + 1) + rot
    T, H = np.meshgrid(t, th, indexing='ij')
    R = np.repeat(p[:, :1], seg + 1, 1)
    if wob is not None:
        R = R * wob(H, T)
    Z = np.repeat(p[:, 1:], seg + 1, 1)
    v = np.stack([R * np.cos(H), R * np.sin(H), Z], -1).reshape(-1, 3)
    uv = np.stack([np.broadcast_to(np.linspace(0, 1, seg + 1), T.shape), T], -1).reshape(-1, 2)
    n, m = len(p), seg
    i = np.arange(n - 1)[:, None] * (m + 1) + np.arange(m)[None]
    f = np.stack([i, i + 1, i + m + 2, i + m + 1], -1).reshape(-1, 4)
    ob = mesh(name, v, f, uv)
    if sub:
        s = ob.modifiers.new('s', 'SUBSURF')
        s.levels = s.render_levels = sub
    return ob


def curve_prof(pts, n=10):
    """Smooth (Catmull-Rom) profile through pts; a repeated point keeps a corner."""
    p = np.asarray(pts, float)
    out = []
    q = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    for i in range(1, len(q) - 2):
        a, b, c, d = q[i - 1:i + 3]
        if np.allclose(b, c):
            continue
        if np.allclose(a, b):
            a = 2 * b - c
        if np.allclose(c, d):
            d = 2 * c - b
        t = np.linspace(0, 1, n, endpoint=False)[:, None]
        out.append(.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3))
    return np.concatenate(out + [p[-1:]])


def box(w, d, h, bevel=.1, name='box', seg=3):
    v = [(x * w / 2, y * d / 2, z * h / 2) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    f = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    ob = mesh(name, v, f, smooth=False)
    if bevel:
        b = ob.modifiers.new('b', 'BEVEL')
        b.width, b.segments = bevel, seg
        ob.data.polygons.foreach_set('use_smooth', [True] * 6)
        ob.modifiers.new('n', 'WEIGHTED_NORMAL').keep_sharp = True
    return ob


def plate(w, h, t, r=1.0, bevel=.1, seg=10, name='plate', holes=()):
    """A flat rounded rectangle of thickness t, standing on z = 0; planar UV. holes: (x, y, w, h, r)."""
    cu = bpy.data.curves.new(name, 'CURVE')
    cu.dimensions = '2D'
    cu.fill_mode = 'BOTH'
    for (cx, cy, ww, hh, rr) in ((0, 0, w, h, r), *holes):
        rr = min(rr, ww / 2 - 1e-3, hh / 2 - 1e-3)
        pts = []
        for qx, qy, a0 in ((1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)):
            for k in range(seg + 1):
                a = math.radians(a0 + 90 * k / seg)
                pts.append((cx + qx * (ww / 2 - rr) + rr * math.cos(a), cy + qy * (hh / 2 - rr) + rr * math.sin(a)))
        sp = cu.splines.new('POLY')
        sp.points.add(len(pts) - 1)
        for p, (x, y) in zip(sp.points, pts):
            p.co = (x, y, 0, 1)
        sp.use_cyclic_u = True
    cu.extrude = t / 2 - bevel
    cu.bevel_depth = bevel
    cu.bevel_resolution = 3
    cu.offset = -bevel
    ob = bpy.data.objects.new(name, cu)
    bpy.context.collection.objects.link(ob)
    dg = bpy.context.evaluated_depsgraph_get()
    me = bpy.data.meshes.new_from_object(ob.evaluated_get(dg))
    bpy.data.objects.remove(ob)
    for v in me.vertices:
        v.co.z += t / 2
    while me.uv_layers:
        me.uv_layers.remove(me.uv_layers[0])
    l = me.uv_layers.new()
    for lo in me.loops:
        co = me.vertices[lo.vertex_index].co
        l.data[lo.index].uv = (co.x / w + .5, co.y / h + .5)
    o = bpy.data.objects.new(name, me)
    bpy.context.collection.objects.link(o)
    return o


def cable(pts, r=.16, name='cable', res=12):
    cu = bpy.data.curves.new(name, 'CURVE')
    cu.dimensions = '3D'
    cu.bevel_depth = r
    cu.bevel_resolution = 4
    cu.resolution_u = res
    sp = cu.splines.new('NURBS')
    sp.points.add(len(pts) - 1)
    for p, c in zip(sp.points, pts):
        p.co = (*c, 1)
    sp.use_endpoint_u = True
    sp.order_u = 4
    ob = bpy.data.objects.new(name, cu)
    bpy.context.collection.objects.link(ob)
    return ob


def ball(r, seg=48, name='ball'):
    t = np.linspace(-math.pi / 2, math.pi / 2, seg // 2 + 1)
    return lathe(np.stack([np.cos(t) * r, np.sin(t) * r], -1), seg, name)


# ---------- light, camera, render ----------

def room(kind='day', turn=0.0, k=1.0, seed=1):
    """Light the scene with a painted room, turned by so many degrees."""
    a = tex.lut_room(kind, seed=seed)
    w = bpy.data.worlds.new('w')
    bpy.context.scene.world = w
    w.light_settings.ao_factor = .22
    w.light_settings.distance = 60
    w.use_nodes = True
    nt = w.node_tree
    bg = nt.nodes['Background']
    e = nt.nodes.new('ShaderNodeTexEnvironment')
    e.image = img(a, srgb=False)
    tc, mp = nt.nodes.new('ShaderNodeTexCoord'), nt.nodes.new('ShaderNodeMapping')
    mp.inputs['Rotation'].default_value = (0, 0, math.radians(turn))
    nt.links.new(tc.outputs['Generated'], mp.inputs['Vector'])
    nt.links.new(mp.outputs['Vector'], e.inputs['Vector'])
    nt.links.new(e.outputs['Color'], bg.inputs['Color'])
    bg.inputs['Strength'].default_value = k


def lamp(loc, target, size=20, power=1.0, color=(1, 1, 1)):
    """An area light; power is roughly the radiance it adds at one metre."""
    l = bpy.data.lights.new('l', 'AREA')
    l.size = size
    l.energy = power * 3e4
    l.color = color
    ob = bpy.data.objects.new('l', l)
    bpy.context.collection.objects.link(ob)
    ob.location = loc
    ob.rotation_euler = (Vector(target) - Vector(loc)).to_track_quat('-Z', 'Y').to_euler()
    return ob


def camera(loc, target, lens=28, f=7.0, roll=0.0, focus=None, shift=(0, 0)):
    c = bpy.data.cameras.new('c')
    ob = bpy.data.objects.new('c', c)
    bpy.context.collection.objects.link(ob)
    loc, target = Vector(loc), Vector(target)
    ob.location = loc
    q = (target - loc).to_track_quat('-Z', 'Y')
    ob.rotation_euler = q.to_euler()
    ob.rotation_euler.rotate_axis('Z', math.radians(roll))
    c.lens = lens
    c.clip_start, c.clip_end = .5, 3000
    c.shift_x, c.shift_y = shift
    if f:
        c.dof.use_dof = True
        c.dof.focus_distance = (Vector(focus or target) - loc).length
        c.dof.aperture_fstop = f / 100
    bpy.context.scene.camera = ob
    return ob


def render(w, h, samples=24):
    """Render; returns a float32 linear array (h, w, 3)."""
    s = bpy.context.scene
    k = float(os.environ.get('PIC_SCALE', '1'))
    s.render.resolution_x, s.render.resolution_y = int(w * k), int(h * k)
    s.render.resolution_percentage = 100
    s.cycles.samples = int(os.environ.get('PIC_SAMPLES', max(6, round(samples * float(os.environ.get('PIC_QUALITY', '.42'))))))
    s.cycles.seed = 7
    fd, p = tempfile.mkstemp(suffix='.exr')
    os.close(fd)
    s.render.image_settings.file_format = 'OPEN_EXR'
    s.render.image_settings.color_depth = '32'
    s.render.filepath = p
    bpy.ops.render.render(write_still=True)
    i = bpy.data.images.load(p)
    i.colorspace_settings.name = 'Non-Color'
    a = np.empty(i.size[0] * i.size[1] * 4, np.float32)
    i.pixels.foreach_get(a)
    a = a.reshape(i.size[1], i.size[0], 4)[::-1, :, :3].copy()
    os.unlink(p)
    return a


def board_text(image, w, h, loc, rot):
    """A decal: printed colour with alpha, a hair above what it lies on."""
    ob = grid(w, h, 1, 1)
    m = Mat('print', rough=.75, spec=.3)
    t = m.image(load(image) if isinstance(image, str) else img(image), ext='CLIP')
    m.set('Base Color', t.outputs['Color'])
    n = m.node('ShaderNodeMath', operation='MULTIPLY')
    m.link(t.outputs['Alpha'], n.inputs[0])
    m.link(m.ramp(m.noise(3, 6), [(.25, .55), (.6, .95)]), n.inputs[1])
    m.set('Alpha', n.outputs[0])
    give(ob, m)
    return place(ob, loc, rot)
