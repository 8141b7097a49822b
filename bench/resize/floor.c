/*
 * SPDX-FileCopyrightText: The camel-thumbnails authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Measures the minimum cost of a half-size JPEG with libjpeg-turbo: decode at half size (by the inverse DCT) to RGB or grey, then
 * encode with quality 80 and the subsampling of the source. Allocates buffers once, has no limits and no checks beyond those of
 * the library, and ignores metadata, orientation and profiles.
 *
 * If the environment variable BENCH_RENDITIONS is fit:WIDTHxHEIGHT with any other words, decodes to the smallest N/8 that is large
 * enough, with the margin that the contender ours has for the sake of quality, interpolates between the nearest 2 x 2 pixels, and encodes with half the chroma resolution in each direction.
 *
 *   floor time WARM_UP_SECONDS SECONDS PICTURE
 *   floor peak COUNT PICTURE
 *   floor dump DIRECTORY PICTURE...
 */
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <turbojpeg.h>

static tjhandle decoder, encoder;
static unsigned char *file, *pixels, *fitted, *jpeg;
static unsigned long file_bytes, jpeg_bytes;
static int width, height, out_width, out_height, sampling, format;

static double milliseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/* Reads a file and allocates the buffers for its thumbnails. Returns 0 if TurboJPEG does not support the file. */
static int prepare(const char *path) {
    tjscalingfactor scale = {4, 8};
    int colors, box_width, box_height;
    const char *rendition = getenv("BENCH_RENDITIONS");
    FILE *in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END)) {
        perror(path);
        exit(1);
    }
    file_bytes = ftell(in);
    rewind(in);
    file = realloc(file, file_bytes);
    if (fread(file, 1, file_bytes, in) != file_bytes) {
        perror(path);
        exit(1);
    }
    fclose(in);
    if (tjDecompressHeader3(decoder, file, file_bytes, &width, &height, &sampling, &colors)) {
        return 0;
    }
    if (colors == TJCS_CMYK || colors == TJCS_YCCK || sampling < 0) {
        return 0;
    }
    format = colors == TJCS_GRAY ? TJPF_GRAY : TJPF_RGB;
    out_width = TJSCALED(width, scale);
    out_height = TJSCALED(height, scale);
    if (rendition && sscanf(rendition, "fit:%dx%d", &box_width, &box_height) == 2) {
        double factor = fmin(1, fmin((double)box_width / width, (double)box_height / height));
        out_width = fmax(1, round(width * factor));
        out_height = fmax(1, round(height * factor));
        double eighths = fmax(8.0 * out_width / width, 8.0 * out_height / height);
        scale.num = ceil(eighths > 3 ? eighths : 1.5 * eighths);
        sampling = format == TJPF_GRAY ? TJSAMP_GRAY : TJSAMP_420;
        fitted = realloc(fitted, (size_t)out_width * out_height * tjPixelSize[format]);
    } else if (rendition) {
        return 0;
    }
    width = TJSCALED(width, scale);
    height = TJSCALED(height, scale);
    pixels = realloc(pixels, (size_t)width * height * tjPixelSize[format]);
    tjFree(jpeg);
    jpeg = tjAlloc(tjBufSize(out_width, out_height, sampling));
    return 1;
}

/* Interpolates between the nearest 2 x 2 pixels, with weights in 256ths. */
static void fit(void) {
    int channels = tjPixelSize[format];
    for (int y = 0; y < out_height; y++) {
        double row = fmax(0, (y + 0.5) * height / out_height - 0.5);
        int top = row, below = top + 1 < height ? top + 1 : top, down = 256 * (row - top);
        unsigned char *a = pixels + (size_t)top * width * channels, *b = pixels + (size_t)below * width * channels;
        for (int x = 0; x < out_width; x++) {
            double column = fmax(0, (x + 0.5) * width / out_width - 0.5);
            int left = column, right = left + 1 < width ? left + 1 : left, across = 256 * (column - left);
            for (int c = 0; c < channels; c++) {
                int l = left * channels + c, r = right * channels + c;
                int upper = (256 - across) * a[l] + across * a[r], lower = (256 - across) * b[l] + across * b[r];
                fitted[((size_t)y * out_width + x) * channels + c] = ((256 - down) * upper + down * lower) >> 16;
            }
        }
    }
}

/* Makes one thumbnail. Returns 0 on failure. */
static int thumbnail(void) {
    if (tjDecompress2(decoder, file, file_bytes, pixels, width, 0, height, format, 0)) {
        return 0;
    }
    if (fitted) {
        fit();
    }
    unsigned char *from = fitted ? fitted : pixels;
    return !tjCompress2(
        encoder, from, out_width, 0, out_height, format, &jpeg, &jpeg_bytes, sampling, 80, TJFLAG_NOREALLOC);
}

static void measure(double seconds, int print) {
    double cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID), wall = milliseconds(CLOCK_MONOTONIC), elapsed;
    long operations = 0;
    do {
        if (!thumbnail()) {
            fprintf(stderr, "%s\n", tjGetErrorStr());
            exit(1);
        }
        operations++;
        elapsed = milliseconds(CLOCK_MONOTONIC) - wall;
    } while (elapsed < seconds * 1e3);
    if (print) {
        cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        printf("{\"cpuMs\": %.4f, \"wallMs\": %.4f, \"operations\": %ld}\n",
            cpu / operations, elapsed / operations, operations);
    }
}

static void peak(int count) {
    char line[128];
    long kib = 0;
    while (count-- > 0 && thumbnail()) {
    }
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status) && !sscanf(line, "VmHWM: %ld", &kib)) {
    }
    printf("{\"peakKiB\": %ld, \"bytes\": %lu}\n", kib, jpeg_bytes);
}

static void dump(const char *directory, char *path) {
    char name[4096];
    if (!prepare(path) || !thumbnail()) {
        printf("{\"picture\": \"%s\", \"error\": \"%s\"}\n", path, "not supported by TurboJPEG");
        return;
    }
    snprintf(name, sizeof name, "%s/%s", directory, basename(path));
    FILE *out = fopen(name, "wb");
    if (!out || fwrite(jpeg, 1, jpeg_bytes, out) != jpeg_bytes || fclose(out)) {
        perror(name);
        exit(1);
    }
}

int main(int count, char **arguments) {
    decoder = tjInitDecompress();
    encoder = tjInitCompress();
    if (count == 5 && !strcmp(arguments[1], "time") && prepare(arguments[4])) {
        measure(atof(arguments[2]), 0);
        measure(atof(arguments[3]), 1);
    } else if (count == 4 && !strcmp(arguments[1], "peak") && prepare(arguments[3])) {
        peak(atoi(arguments[2]));
    } else if (count > 3 && !strcmp(arguments[1], "dump")) {
        for (int i = 3; i < count; i++) {
            dump(arguments[2], arguments[i]);
        }
    } else {
        return 1;
    }
    return 0;
}
