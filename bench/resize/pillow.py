# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
"""Makes thumbnails with Pillow like the serverless tutorial, but upright, with the colour profile and all frames.

pillow.py time WARM_UP_SECONDS SECONDS PICTURE
pillow.py peak COUNT PICTURE
pillow.py dump DIRECTORY PICTURE...
"""
import io
import json
import os
import sys
import time

from PIL import Image, ImageOps, ImageSequence


def half(image):
    image.thumbnail((max(1, image.width // 2), max(1, image.height // 2)))
    return image


def thumbnail(original):
    out = io.BytesIO()
    with Image.open(io.BytesIO(original)) as image:
        options = {"JPEG": {"quality": 80}, "WEBP": {"quality": 80}, "TIFF": {"compression": "tiff_lzw"}}
        options = options.get(image.format, {})
        if image.info.get("icc_profile"):
            options["icc_profile"] = image.info["icc_profile"]
        if image.format == "GIF" and image.n_frames > 1:
            first, *others = [half(frame.copy()) for frame in ImageSequence.Iterator(image)]
            first.save(out, "GIF", save_all=True, append_images=others, loop=image.info.get("loop", 0), **options)
        else:
            half(image)
            # Rotate last, because the thumbnail has fewer pixels.
            ImageOps.exif_transpose(image).save(out, image.format, **options)
    return out.getvalue()


def measure(original, seconds):
    cpu, wall, operations = time.process_time(), time.perf_counter(), 0
    while operations == 0 or time.perf_counter() - wall < seconds:
        thumbnail(original)
        operations += 1
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpuMs": cpu * 1e3 / operations, "wallMs": wall * 1e3 / operations, "operations": operations}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(mode, *arguments):
    if mode == "time":
        original = read(arguments[2])
        measure(original, float(arguments[0]))
        print(json.dumps(measure(original, float(arguments[1]))))
    elif mode == "peak":
        original = read(arguments[1])
        for _ in range(int(arguments[0])):
            size = len(thumbnail(original))
        peak = read("/proc/self/status").split(b"VmHWM:")[1].split()[0]
        print(json.dumps({"peakKiB": int(peak), "bytes": size}))
    elif mode == "dump":
        for path in arguments[1:]:
            try:
                result = thumbnail(read(path))
            except Exception as e:  # any error that Pillow raises for this picture
                print(json.dumps({"picture": path, "error": str(e)}))
                continue
            with open(os.path.join(arguments[0], os.path.basename(path)), "wb") as file:
                file.write(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
