// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.ascii;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.NodeList;

/** Writes GIFs from any blocks, and renders any GIF as a browser does. */
final class ConformanceGif {

    /** Disposal methods: what happens to a frame after its delay. */
    static final int KEEP = 1;

    static final int CLEAR = 2;
    static final int RESTORE = 3;

    /** Value of {@link Frame#transparent} if no colour is transparent. */
    static final int OPAQUE = -1;

    /** Value of {@link Animation#loops} if the file has no loop extension and is shown once. */
    static final int NO_LOOP = -1;

    /**
     * A frame to write.
     *
     * @param palette local palette, or null
     * @param transparent index of the transparent colour, or {@link #OPAQUE}
     * @param delay delay in hundredths of a second
     */
    record Frame(
            int x,
            int y,
            int[][] indices,
            int[] palette,
            int transparent,
            boolean interlaced,
            int disposal,
            int delay) {}

    /**
     * A rendered animation: the whole screen after each frame.
     *
     * @param loops loop count of the Netscape extension, 0 for forever, or {@link #NO_LOOP}
     */
    record Animation(List<BufferedImage> screens, List<Integer> delays, int loops) {}

    private record Part(int x, int y, BufferedImage image, int disposal) {}

    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private ConformanceGif() {}

    /** Writes a file with the given extensions between its header and its frames. */
    static byte[] write(int width, int height, int[] palette, int loops, List<Frame> frames, byte[]... extensions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("GIF89a"));
        shorts(out, width, height);
        out.writeBytes(new byte[] {(byte) (0xF0 | bits(palette) - 1), 0, 0});
        out.writeBytes(colors(palette));
        if (loops != NO_LOOP) {
            out.writeBytes(extension(0xFF, ascii("NETSCAPE2.0"), new byte[] {1, (byte) loops, (byte) (loops >> 8)}));
        }
        for (byte[] extension : extensions) {
            out.writeBytes(extension);
        }
        for (Frame frame : frames) {
            boolean transparent = frame.transparent != OPAQUE;
            out.writeBytes(extension(0xF9, new byte[] {
                (byte) (frame.disposal << 2 | (transparent ? 1 : 0)),
                (byte) frame.delay,
                (byte) (frame.delay >> 8),
                (byte) (transparent ? frame.transparent : 0)
            }));
            out.write(0x2C);
            shorts(out, frame.x, frame.y, frame.indices[0].length, frame.indices.length);
            int[] colors = frame.palette == null ? palette : frame.palette;
            out.write((frame.palette == null ? 0 : 0x80 | bits(colors) - 1) | (frame.interlaced ? 0x40 : 0));
            if (frame.palette != null) {
                out.writeBytes(colors(colors));
            }
            int codeSize = Math.max(2, bits(colors));
            out.write(codeSize);
            blocks(out, codes(frame, codeSize));
        }
        out.write(0x3B);
        return out.toByteArray();
    }

    /** Returns an extension with the given blocks. */
    static byte[] extension(int label, byte[]... blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x21, (byte) label});
        for (byte[] block : blocks) {
            out.write(block.length);
            out.writeBytes(block);
        }
        out.write(0);
        return out.toByteArray();
    }

    /** Renders frames without writing them to a file. */
    static Animation render(int width, int height, int[] palette, int loops, List<Frame> frames) {
        List<Part> parts = new ArrayList<>();
        List<Integer> delays = new ArrayList<>();
        for (Frame frame : frames) {
            int[] colors = (frame.palette == null ? palette : frame.palette).clone();
            if (frame.transparent != OPAQUE) {
                colors[frame.transparent] = 0;
            }
            parts.add(new Part(frame.x, frame.y, ConformanceScenes.lookUp(frame.indices, colors), frame.disposal));
            delays.add(frame.delay);
        }
        return new Animation(compose(width, height, parts), delays, loops);
    }

    /** Renders a file. */
    static Animation render(byte[] gif) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(gif))) {
            reader.setInput(in);
            List<Part> parts = new ArrayList<>();
            List<Integer> delays = new ArrayList<>();
            int loops = NO_LOOP;
            for (int i = 0; i < reader.getNumImages(true); i++) {
                IIOMetadataNode root =
                        (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                IIOMetadataNode place = child(root, "ImageDescriptor");
                IIOMetadataNode control = child(root, "GraphicControlExtension");
                String disposal = control == null ? "none" : control.getAttribute("disposalMethod");
                parts.add(new Part(
                        Integer.parseInt(place.getAttribute("imageLeftPosition")),
                        Integer.parseInt(place.getAttribute("imageTopPosition")),
                        reader.read(i),
                        switch (disposal) {
                            case "restoreToBackgroundColor" -> CLEAR;
                            case "restoreToPrevious" -> RESTORE;
                            default -> KEEP;
                        }));
                delays.add(control == null ? 0 : Integer.parseInt(control.getAttribute("delayTime")));
                IIOMetadataNode extension = child(root, "ApplicationExtension");
                if (extension != null && extension.getAttribute("applicationID").equals("NETSCAPE")) {
                    byte[] data = (byte[]) extension.getUserObject();
                    loops = data[1] & 0xFF | (data[2] & 0xFF) << 8;
                }
            }
            ByteBuffer screen = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
            return new Animation(compose(screen.getShort(6), screen.getShort(8), parts), delays, loops);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            reader.dispose();
        }
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        NodeList found = root.getElementsByTagName(name);
        return found.getLength() == 0 ? null : (IIOMetadataNode) found.item(0);
    }

    /** Composes the frames. Like browsers, ignores the background colour and uses transparency instead. */
    private static List<BufferedImage> compose(int width, int height, List<Part> parts) {
        List<BufferedImage> screens = new ArrayList<>();
        BufferedImage screen = ConformanceScenes.draw(width, height, (x, y) -> 0);
        for (Part part : parts) {
            BufferedImage before = screen;
            BufferedImage with = ConformanceScenes.draw(width, height, (x, y) -> {
                int argb = isInside(part, x, y) ? part.image.getRGB(x - part.x, y - part.y) : 0;
                return argb >>> 24 == 0 ? before.getRGB(x, y) : argb;
            });
            screens.add(with);
            screen = switch (part.disposal) {
                case CLEAR ->
                    ConformanceScenes.draw(width, height, (x, y) -> isInside(part, x, y) ? 0 : with.getRGB(x, y));
                case RESTORE -> before;
                default -> with;
            };
        }
        return screens;
    }

    private static boolean isInside(Part part, int x, int y) {
        return x >= part.x && y >= part.y && x < part.x + part.image.getWidth() && y < part.y + part.image.getHeight();
    }

    private static int bits(int[] palette) {
        return Math.max(1, 32 - Integer.numberOfLeadingZeros(palette.length - 1));
    }

    private static byte[] colors(int[] palette) {
        byte[] colors = new byte[3 << bits(palette)];
        for (int i = 0; i < palette.length; i++) {
            colors[3 * i] = (byte) (palette[i] >> 16);
            colors[3 * i + 1] = (byte) (palette[i] >> 8);
            colors[3 * i + 2] = (byte) palette[i];
        }
        return colors;
    }

    /** Encodes every pixel as a literal code, and clears the string table before the codes get longer. */
    private static byte[] codes(Frame frame, int codeSize) {
        List<Integer> rows = new ArrayList<>();
        for (int[] pass : frame.interlaced ? PASSES : new int[][] {{0, 1}}) {
            for (int y = pass[0]; y < frame.indices.length; y += pass[1]) {
                rows.add(y);
            }
        }
        int clear = 1 << codeSize;
        List<int[]> codes = new ArrayList<>();
        int count = 0;
        for (int y : rows) {
            for (int index : frame.indices[y]) {
                if (count++ % (clear - 2) == 0) {
                    codes.add(new int[] {clear});
                }
                codes.add(new int[] {index});
            }
        }
        codes.add(new int[] {clear + 1});
        byte[] bytes = new byte[(codes.size() * (codeSize + 1) + 7) / 8];
        for (int i = 0; i < codes.size() * (codeSize + 1); i++) {
            int bit = codes.get(i / (codeSize + 1))[0] >> i % (codeSize + 1) & 1;
            bytes[i / 8] |= (byte) (bit << i % 8);
        }
        return bytes;
    }

    private static void blocks(ByteArrayOutputStream out, byte[] data) {
        for (int start = 0; start < data.length; start += 255) {
            int length = Math.min(255, data.length - start);
            out.write(length);
            out.write(data, start, length);
        }
        out.write(0);
    }

    private static void shorts(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value);
            out.write(value >> 8);
        }
    }
}
