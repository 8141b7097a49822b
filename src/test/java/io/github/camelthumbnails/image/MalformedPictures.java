// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.concat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Broken pictures without end: first those made by hand, then sound ones with random damage. The same seed and index give the
 * same bytes.
 */
final class MalformedPictures {

    private static final int[] EXTREMES = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 0x8000, 0xFFFF, 0x7FFF, 0x10000};

    /**
     * @param name what was done to what
     * @param format of the picture that it was, or claims to be
     */
    record Malformed(String name, ImageFormat format, byte[] bytes) {}

    private final long seed;
    private final List<PictureBombs.Bomb> bombs;
    private final List<Malformed> sound = SoundPictures.all();

    /**
     * @param seed of the random damage
     * @param maxPixels that are taken, for pictures just below and just above
     */
    MalformedPictures(long seed, int maxPixels) {
        this.seed = seed;
        this.bombs = PictureBombs.all(maxPixels);
    }

    /** The picture of this index, made anew. */
    Malformed get(int index) {
        if (index < bombs.size()) {
            PictureBombs.Bomb bomb = bombs.get(index);
            return new Malformed(bomb.name(), bomb.format(), bomb.bytes().get());
        }
        Random random = new Random(seed * 1_000_003 + index);
        Malformed original = sound.get(random.nextInt(sound.size()));
        byte[] bytes = original.bytes();
        List<String> names = new ArrayList<>(List.of(original.name()));
        int damages = 1 + random.nextInt(3);
        for (int i = 0; i < damages && bytes.length > 16; i++) {
            Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
            names.add(damage.name());
            bytes = damage == Damage.SPLICED ? spliced(bytes, random) : damage.apply(bytes.clone(), random);
        }
        if (original.format() == ImageFormat.PNG && random.nextBoolean()) {
            names.add("checksums mended");
            Pictures.mendChecksums(bytes);
        }
        return new Malformed(String.join(", ", names), original.format(), bytes);
    }

    private byte[] spliced(byte[] bytes, Random random) {
        byte[] other = sound.get(random.nextInt(sound.size())).bytes();
        int head = 8 + random.nextInt(Math.min(bytes.length, 200) - 8);
        int skipped = random.nextInt(Math.min(other.length, 200));
        return concat(Arrays.copyOf(bytes, head), Arrays.copyOfRange(other, skipped, other.length));
    }

    private enum Damage {
        FEW_BITS {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                return flip(bytes, 1 + random.nextInt(4), random);
            }
        },
        MANY_BITS {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                return flip(bytes, 1 + bytes.length / (10 + random.nextInt(100)), random);
            }
        },
        HEADER_BITS {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    bytes[random.nextInt(Math.min(bytes.length, 64))] ^= (byte) (1 << random.nextInt(8));
                }
                return bytes;
            }
        },
        FILLED {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                int start = random.nextInt(bytes.length);
                int end = Math.min(bytes.length, start + 1 + random.nextInt(64));
                int kind = random.nextInt(3);
                for (int i = start; i < end; i++) {
                    bytes[i] = (byte) (kind == 0 ? 0 : kind == 1 ? 0xFF : random.nextInt());
                }
                return bytes;
            }
        },
        CUT_OFF {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                return Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
            }
        },
        INSERTED {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                byte[] block = new byte[1 + random.nextInt(200)];
                random.nextBytes(block);
                return insert(bytes, random.nextInt(bytes.length), block);
            }
        },
        DOUBLED {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                int start = random.nextInt(bytes.length);
                byte[] block = Arrays.copyOfRange(bytes, start, start + random.nextInt(bytes.length - start));
                return insert(bytes, random.nextInt(bytes.length), block);
            }
        },
        DELETED {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                int start = random.nextInt(bytes.length);
                int end = Math.min(bytes.length, start + 1 + random.nextInt(200));
                return concat(Arrays.copyOf(bytes, start), Arrays.copyOfRange(bytes, end, bytes.length));
            }
        },
        NUMBER {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                // Numbers that matter lie at the start, but for the directory of a TIFF, which lies at the end.
                int range = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 128);
                int position = random.nextInt(range - 4);
                position = random.nextInt(4) == 0 ? bytes.length - 4 - position : position;
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                buffer.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                int value = EXTREMES[random.nextInt(EXTREMES.length)];
                if (random.nextBoolean()) {
                    buffer.putInt(position, value);
                } else {
                    buffer.putShort(position, (short) value);
                }
                return bytes;
            }
        },
        SPLICED {
            @Override
            byte[] apply(byte[] bytes, Random random) {
                throw new UnsupportedOperationException("needs another picture");
            }
        };

        abstract byte[] apply(byte[] bytes, Random random);

        private static byte[] flip(byte[] bytes, int count, Random random) {
            for (int i = 0; i < count; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return bytes;
        }

        private static byte[] insert(byte[] bytes, int position, byte[] block) {
            return concat(Arrays.copyOf(bytes, position), block, Arrays.copyOfRange(bytes, position, bytes.length));
        }
    }
}
