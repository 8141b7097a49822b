// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.concat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Generates any number of broken pictures: first handmade ones, then valid ones with random damage. The same seed and
 * index always give the same bytes.
 */
final class MalformedPictures {

    /**
     * A broken picture.
     *
     * @param name the original picture and its damage
     * @param format the format of the original, or the format that the file claims to have
     */
    record Malformed(String name, ImageFormat format, byte[] bytes) {}

    private final long seed;
    private final List<PictureBombs.Bomb> bombs;
    private final List<Malformed> validPictures = ValidPictures.all();

    /**
     * Creates a generator.
     *
     * @param seed seed of the random damage
     * @param maxPixels pixel limit, for pictures just below and just above it
     */
    MalformedPictures(long seed, int maxPixels) {
        this.seed = seed;
        this.bombs = PictureBombs.all(maxPixels);
    }

    /** Generates the picture with an index. */
    Malformed get(int index) {
        if (index < bombs.size()) {
            PictureBombs.Bomb bomb = bombs.get(index);
            return new Malformed(bomb.name(), bomb.format(), bomb.bytes().get());
        }
        Random random = new Random(seed * 1_000_003 + index);
        Malformed original = validPictures.get(random.nextInt(validPictures.size()));
        byte[] bytes = original.bytes();
        List<String> names = new ArrayList<>(List.of(original.name()));
        int damages = 1 + random.nextInt(3);
        for (int i = 0; i < damages && bytes.length > 16; i++) {
            int kind = random.nextInt(Damage.values().length + 1);
            boolean splice = kind == Damage.values().length;
            names.add(splice ? "SPLICED" : Damage.values()[kind].name());
            bytes = splice ? spliced(bytes, random) : Damage.values()[kind].apply(bytes.clone(), random);
        }
        if (original.format() == ImageFormat.PNG && random.nextBoolean()) {
            names.add("checksums mended");
            Pictures.fixChecksums(bytes);
        }
        return new Malformed(String.join(", ", names), original.format(), bytes);
    }

    private byte[] spliced(byte[] bytes, Random random) {
        byte[] other = validPictures.get(random.nextInt(validPictures.size())).bytes();
        int head = 8 + random.nextInt(Math.min(bytes.length, 200) - 8);
        int skipped = random.nextInt(Math.min(other.length, 200));
        return concat(Arrays.copyOf(bytes, head), Arrays.copyOfRange(other, skipped, other.length));
    }
}
