// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

// Makes thumbnails with sharp, without its cache and its threads, so that each one is computed anew and on one core.
//
// The environment variable BENCH_RENDITIONS describes the renditions, one on each line, in the words of this project. Several
// are made of pixels that are decoded once, or with BENCH_DECODES=each of a decode for each of them, which can be a scaled one.
//
// sharp.mjs time WARM_UP_SECONDS SECONDS PICTURE
// sharp.mjs peak COUNT PICTURE
// sharp.mjs dump DIRECTORY PICTURE...
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';

sharp.cache(false);
sharp.concurrency(1);

// A quality option would make sharp reduce the colours of PNG. By default, TIFF would be compressed as JPEG.
const options = { jpeg: { quality: 80 }, webp: { quality: 80 }, tiff: { compression: 'lzw' } };

const renditions = (process.env.BENCH_RENDITIONS ?? 'scale:0.5')
    .split('\n')
    .map((line) => Object.fromEntries(line.split(' ').map((word) => word.split(':'))));

/** Resizes and encodes a picture of this size. */
function render(image, width, height, original, { scale, fit, fill, format = original, quality }) {
    const resized = scale
        ? image.resize(Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale)), { fit: 'fill' })
        : fit
          ? image.resize(...fit.split('x').map(Number), { fit: 'inside', withoutEnlargement: true })
          : image.resize(...fill.split('x').map(Number), { fit: 'cover' });
    const percent = quality ? { quality: 100 * quality } : {};
    return resized.toFormat(format, { ...options[format], ...percent }).toBuffer();
}

/** Makes all renditions, and returns the first. */
async function thumbnail(original) {
    const open = () => sharp(original, { animated: true }).autoOrient().keepIccProfile();
    const { format, autoOrient, pages, pageHeight } = await sharp(original, { animated: true }).metadata();
    const height = pages > 1 ? pageHeight : autoOrient.height;
    let source = open;
    if (renditions.length > 1 && process.env.BENCH_DECODES !== 'each') {
        const { data, info } = await open().raw().toBuffer({ resolveWithObject: true });
        source = () => sharp(data, { raw: info });
    }
    const files = [];
    for (const rendition of renditions) {
        files.push(await render(source(), autoOrient.width, height, format, rendition));
    }
    return files[0];
}

async function measure(original, seconds) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    let operations = 0;
    let elapsed;
    do {
        await thumbnail(original);
        operations++;
        elapsed = performance.now() - start;
    } while (elapsed < seconds * 1000);
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1000 / operations, wallMs: elapsed / operations, operations };
}

// Prints only the message. Node.js would print the location in the source file first.
process.on('uncaughtException', (e) => {
    console.error(e.message);
    process.exit(1);
});

const print = (value) => console.log(JSON.stringify(value));
const [mode, ...args] = process.argv.slice(2);
if (mode === 'versions') {
    print({ sharp: sharp.versions.sharp, libvips: sharp.versions.vips, node: process.version });
} else if (mode === 'time') {
    const original = readFileSync(args[2]);
    await measure(original, Number(args[0]));
    print(await measure(original, Number(args[1])));
} else if (mode === 'peak') {
    const original = readFileSync(args[1]);
    let bytes;
    for (let i = 0; i < Number(args[0]); i++) {
        bytes = (await thumbnail(original)).length;
    }
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    print({ peakKiB: Number(peak), bytes });
} else if (mode === 'dump') {
    for (const path of args.slice(1)) {
        try {
            writeFileSync(join(args[0], basename(path)), await thumbnail(readFileSync(path)));
        } catch (e) {
            print({ picture: path, error: e.message });
        }
    }
}
