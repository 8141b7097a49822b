// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.sun.jna.IntegerType;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** JNA declarations of the libwebp 1.2.4 structures that the functions in {@link WebpAnimationLibraries} use. */
final class WebpStructures {

    private WebpStructures() {}

    /** A {@code size_t}. */
    public static final class Size extends IntegerType {

        private static final long serialVersionUID = 1;

        /** Creates a zero; JNA requires this constructor. */
        public Size() {
            this(0);
        }

        Size(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    /** WebPData: the bytes of a file. */
    @FieldOrder({"bytes", "size"})
    public static final class Data extends Structure {

        public Pointer bytes;
        public Size size = new Size();
    }

    /** WebPMemoryWriter: collects an encoded file. */
    @FieldOrder({"bytes", "size", "capacity", "padding"})
    public static final class MemoryWriter extends Structure {

        public Pointer bytes;
        public Size size = new Size();
        public Size capacity = new Size();
        public int padding;
    }

    /** WebPAnimDecoderOptions. */
    @FieldOrder({"colorMode", "useThreads", "padding"})
    public static final class DecoderOptions extends Structure {

        public int colorMode;
        public int useThreads;
        public int[] padding = new int[7];
    }

    /** WebPAnimInfo: properties of the whole animation. */
    @FieldOrder({"canvasWidth", "canvasHeight", "loopCount", "backgroundColor", "frameCount", "padding"})
    public static final class Info extends Structure {

        public int canvasWidth;
        public int canvasHeight;
        public int loopCount;
        public int backgroundColor;
        public int frameCount;
        public int[] padding = new int[4];
    }

    /** WebPAnimEncoderOptions. */
    @FieldOrder({
        "backgroundColor",
        "loopCount",
        "minimizeSize",
        "minKeyFrameDistance",
        "maxKeyFrameDistance",
        "allowMixed",
        "verbose",
        "padding"
    })
    public static final class EncoderOptions extends Structure {

        public int backgroundColor;
        public int loopCount;
        public int minimizeSize;
        public int minKeyFrameDistance;
        public int maxKeyFrameDistance;
        public int allowMixed;
        public int verbose;
        public int[] padding = new int[4];
    }

    /** WebPConfig: how a frame is compressed. Newer versions of libwebp only name fields that are padding here. */
    @FieldOrder({"lossless", "quality", "method", "beforeExact", "exact", "afterExact"})
    public static final class Config extends Structure {

        public int lossless;
        public float quality;
        public int method;
        public int[] beforeExact = new int[21];
        public int exact;
        public int[] afterExact = new int[4];
    }

    /** WebPPicture: the pixels of a frame, or the samples of a still picture. */
    @FieldOrder({
        "useArgb",
        "colorspace",
        "width",
        "height",
        "planes",
        "lumaStride",
        "chromaStride",
        "alphaPlane",
        "alphaStride",
        "padding1",
        "argb",
        "argbStride",
        "padding2",
        "writer",
        "writerContext",
        "extraInfoType",
        "extraInfo",
        "stats",
        "errorCode",
        "progressHook",
        "userData",
        "padding3",
        "padding4",
        "padding6",
        "memory"
    })
    public static final class Picture extends Structure {

        public int useArgb;
        public int colorspace;
        public int width;
        public int height;
        public Pointer[] planes = new Pointer[3];
        public int lumaStride;
        public int chromaStride;
        public Pointer alphaPlane;
        public int alphaStride;
        public int[] padding1 = new int[2];
        public Pointer argb;
        public int argbStride;
        public int[] padding2 = new int[3];
        public Pointer writer;
        public Pointer writerContext;
        public int extraInfoType;
        public Pointer extraInfo;
        public Pointer stats;
        public int errorCode;
        public Pointer progressHook;
        public Pointer userData;
        public int[] padding3 = new int[3];
        public Pointer[] padding4 = new Pointer[2];
        public int[] padding6 = new int[8];
        public Pointer[] memory = new Pointer[4];
    }
}
