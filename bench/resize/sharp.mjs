// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

// Makes thumbnails with sharp, without its cache and its threads, so that each one is computed anew and on one core.
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

async function thumbnail(original) {
    const image = sharp(original, { animated: true });
    const { format, autoOrient, pages, pageHeight } = await image.metadata();
    const height = pages > 1 ? pageHeight : autoOrient.height;
    return image
        .autoOrient()
        .keepIccProfile()
        .resize(Math.max(1, autoOrient.width >> 1), Math.max(1, height >> 1), { fit: 'fill' })
        .toFormat(format, options[format])
        .toBuffer();
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
