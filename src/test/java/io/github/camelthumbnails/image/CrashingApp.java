// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.rendition.RenditionFactory;
import io.github.camelthumbnails.rendition.Renditions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.coobird.thumbnailator.util.exif.Orientation;
import org.apache.camel.main.Main;

/** Runs the application with an additional format whose decoder kills the process, like a crash in a native library. */
public final class CrashingApp {

    /** A picture that kills the process when it is decoded. */
    public static final byte[] PICTURE = "CRASH of a decoder".getBytes(StandardCharsets.US_ASCII);

    /** The exit code of a process killed by SIGABRT. */
    public static final int EXIT_CODE = 134;

    private static final Duration TIME_TO_CRASH = Duration.ofSeconds(1);

    private CrashingApp() {}

    /** Runs like {@link App}. */
    public static void main(String[] args) throws Exception {
        List<Codec> codecs = Stream.concat(Stream.of(new CrashingCodec()), Codecs.STANDARD.all().stream())
                .toList();
        Main main = new Main(App.class);
        Renditions settings = Renditions.parse("thumbnail", name -> Optional.of("scale:0.5"));
        Supplier<Object> renditions = () -> new RenditionFactory(
                settings,
                new Thumbnailer(
                        new Codecs(codecs),
                        settings.presets(),
                        new Codec.Options(true),
                        new ImageLimits(1_000_000, Budgets.both(100_000_000), Duration.ofSeconds(10)),
                        new HangingDecodes(Duration.ofSeconds(10)),
                        stage -> {}));
        // Called after the application has bound its own bean, and before its routes look it up.
        main.configure()
                .addLambdaRouteBuilder(routes -> routes.getContext()
                        .getRegistry()
                        .bind(
                                "renditions",
                                RenditionFactory.class,
                                renditions)); // a supplier, because suppliers take precedence
        main.run(args);
    }

    private static final class CrashingCodec implements Codec {

        @Override
        public String name() {
            return "CRASH";
        }

        @Override
        public List<OriginalFormat> originalFormats() {
            return List.of();
        }

        @Override
        public ImageFormat thumbnailFormat(ImageHeader header) {
            return ImageFormat.PNG;
        }

        @Override
        public boolean recognizes(byte[] file) {
            return Arrays.equals(file, PICTURE);
        }

        @Override
        public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) {
            return new ImageHeader(
                    10, 10, 1, 100, Orientation.TOP_LEFT, new ImageHeader.Need(4, 0, 0), ImageHeader.Traits.NONE);
        }

        @Override
        public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) {
            long end = System.nanoTime() + TIME_TO_CRASH.toNanos();
            while (System.nanoTime() < end) {
                Thread.onSpinWait(); // like a decoder that crashes in the middle of the picture
            }
            Runtime.getRuntime().halt(EXIT_CODE);
            throw new AssertionError("still running");
        }
    }
}
