// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.image.HangingDecodes;
import io.github.camelthumbnails.image.ImageLimits;
import io.github.camelthumbnails.image.OriginalBody;
import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.upload.UploadAddress;
import io.github.camelthumbnails.upload.UploadBody;
import java.math.BigDecimal;
import java.time.Duration;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.PropertyInject;
import org.apache.camel.health.HealthCheck;

/** What the routes call by name, made from the settings in {@code application.properties}. */
public final class Beans implements CamelConfiguration {

    private final HangingDecodes hangingDecodes = new HangingDecodes(Duration.ofSeconds(10));

    /** Reads the object key from the address of an upload. */
    @BindToRegistry("uploadAddress")
    public UploadAddress uploadAddress(
            @PropertyInject("api.stage") String stage, @PropertyInject("originals.bucket") String bucket) {
        return new UploadAddress(stage, bucket);
    }

    /** Opens the body of an upload. */
    @BindToRegistry("uploadBody")
    public UploadBody uploadBody(@PropertyInject("upload.maxBytes") long maxBytes) {
        return new UploadBody(maxBytes);
    }

    /** Reads the bytes of an original. */
    @BindToRegistry("originalBody")
    public OriginalBody originalBody(@PropertyInject("image.maxBytes") int maxBytes) {
        return new OriginalBody(maxBytes);
    }

    /** Makes the thumbnails. */
    @BindToRegistry("thumbnailer")
    public Thumbnailer thumbnailer(
            @PropertyInject("thumbnail.scale") String scale,
            @PropertyInject("thumbnail.quality") double quality,
            @PropertyInject("image.maxPixels") long maxPixels,
            @PropertyInject("image.memoryPercent") int memoryPercent,
            @PropertyInject("image.timeoutSeconds") int timeoutSeconds,
            @PropertyInject("image.nativeCodec") boolean nativeCodec) {
        ImageLimits limits = new ImageLimits(
                maxPixels, Runtime.getRuntime().maxMemory() / 100 * memoryPercent, Duration.ofSeconds(timeoutSeconds));
        return new Thumbnailer(new BigDecimal(scale), quality, limits, hangingDecodes, nativeCodec);
    }

    /** Watches decodes that do not end. */
    @BindToRegistry("hangingDecodes")
    public HealthCheck hangingDecodes() {
        return hangingDecodes;
    }
}
