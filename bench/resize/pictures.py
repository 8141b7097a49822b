#!/usr/bin/python3
# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
"""Generates the pictures of the benchmarks, always the same ones: pictures.py DIRECTORY

They resemble photos in what matters here: details of all sizes (octaves of noise, each half as strong as the one twice as
large), smooth areas, hard edges, and a similar number of bytes per pixel. Sides are even, so that half of them is unambiguous.
"""
import os
import sys

import numpy
from PIL import Image, ImageDraw


def noise(random, width, height, largest, smallest):
    """Returns octaves of smooth noise around 0, with cell sizes from the largest to the smallest, in pixels."""
    total = numpy.zeros((height, width), numpy.float32)
    cell = largest
    while cell >= smallest:
        grid = random.uniform(-1, 1, (height // cell + 3, width // cell + 3)).astype(numpy.float32)
        box = (0, 0, width / cell, height / cell)
        total += cell / largest * numpy.asarray(Image.fromarray(grid).resize((width, height), Image.BICUBIC, box=box))
        cell //= 2
    return total


def photo(width, height, seed):
    """Draws unevenly lit shapes of many colours, some of them textured, and adds sensor noise."""
    random = numpy.random.RandomState(seed)
    shapes = Image.new("RGB", (width, height), (150, 180, 210))
    textured = Image.new("L", (width, height), 40)
    draw, draw_texture = ImageDraw.Draw(shapes), ImageDraw.Draw(textured)
    for i in range(90):
        size = width / 4 * 0.97**i + 8
        x, y = random.uniform(0, width), random.uniform(0, height)
        corners = [(x + size * dx, y + size * dy) for dx, dy in random.uniform(-1, 1, (random.randint(3, 7), 2))]
        draw.polygon(corners, tuple(random.randint(20, 236, 3).tolist()))
        draw_texture.polygon(corners, int(random.choice([0, 60, 255])))
    for _ in range(60):
        line = random.uniform(0, 1, (2, 2)) * (width, height)
        draw.line([tuple(point) for point in line.tolist()], tuple(random.randint(0, 256, 3).tolist()), 3)
    pixels = numpy.asarray(shapes, numpy.float32)
    light = 40 * noise(random, width, height, 1024, 16)
    texture = noise(random, width, height, 32, 2) * (numpy.asarray(textured, numpy.float32) / 255 * 35)
    pixels = pixels + (light + texture)[..., None]
    pixels += random.normal(0, 1.5, (height, width, 1)) + random.normal(0, 0.5, (height, width, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8))


def cut_out(image):
    """Returns the image with an alpha channel that fades out around the centre."""
    width, height = image.size
    y, x = numpy.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    alpha = ((1.2 - numpy.hypot(x, y)) * 3).clip(0, 1) * 255
    image = image.copy()
    image.putalpha(Image.fromarray(alpha.astype(numpy.uint8)))
    return image


def write(directory):
    def save(name, image, **options):
        image.save(os.path.join(directory, name), **options)

    big = photo(4000, 3000, 1)
    image = photo(3000, 2000, 2)
    small = image.resize((1800, 1200), Image.LANCZOS)
    save("photo.jpg", image, quality=85)
    save("photo-12mp.jpg", big, quality=85)
    save("photo-progressive.jpg", image, quality=85, progressive=True)
    save("photo-grey.jpg", image.convert("L"), quality=85)
    save("photo-444.jpg", image, quality=85, subsampling=0)
    save("photo.png", image)
    save("alpha.png", cut_out(small))
    save("palette.png", small.quantize(256))
    save("photo.webp", image, quality=85)
    save("alpha.webp", cut_out(small), quality=85)
    save("still.gif", small.quantize(256))
    frames = [image.crop((x, x, x + 960, x + 720)).quantize(256) for x in range(0, 200, 20)]
    save("animated.gif", frames[0], save_all=True, append_images=frames[1:], duration=80, loop=0)
    save("photo.bmp", image)
    save("photo.tiff", small, compression="tiff_lzw")
    # Tiny pictures show what a process needs regardless of the picture.
    tiny = small.resize((16, 16))
    for name in ("tiny.jpg", "tiny.png", "tiny.webp", "tiny.bmp", "tiny.tiff"):
        save(name, tiny)
    save("tiny.gif", tiny.quantize(16))


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    write(sys.argv[1])
