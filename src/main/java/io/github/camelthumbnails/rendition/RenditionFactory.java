// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.WorkerLimitException;
import io.github.camelthumbnails.image.limits.DecodeMemory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** Makes all renditions of an original, and what to store with them. */
public final class RenditionFactory {

    /**
     * Maximum length of the original's key in the metadata. S3 allows 2 KB for all metadata of an object, and a key of
     * 1024 bytes that are not ASCII is three times as long when it is encoded.
     */
    private static final int MAX_KEY_LENGTH = 1900;

    private final Renditions renditions;
    private final Thumbnailer thumbnailer;

    /**
     * Creates a factory.
     *
     * @param thumbnailer makes what the renditions describe
     */
    public RenditionFactory(Renditions renditions, Thumbnailer thumbnailer) {
        this.renditions = renditions;
        this.thumbnailer = thumbnailer;
    }

    /**
     * Makes all renditions of an original, or none.
     *
     * @param original the original's file
     * @param objectKey its key
     * @return the renditions in the order of the settings
     * @throws UnusableImageException if a rendition cannot be made of these bytes, now or later
     * @throws WorkerLimitException if this worker cannot make the renditions now, but another worker or a retry may
     * @throws InterruptedException if the thread is interrupted while it waits for memory
     */
    public List<Rendition> make(byte[] original, @ExchangeProperty("objectKey") String objectKey)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        Map<String, String> keys = renditions.keys(objectKey);
        return thumbnailer.renditions(original).stream()
                .map(thumbnail -> new Rendition(keys.get(thumbnail.name()), thumbnail))
                .toList();
    }

    /** Returns the memory that all decodes share. */
    public DecodeMemory memory() {
        return thumbnailer.memory();
    }

    /** Returns the names of the optional native libraries, and whether each is used. */
    public Map<String, Boolean> libraries() {
        return thumbnailer.libraries();
    }

    /**
     * Returns the metadata of the stored objects: {@code source-etag} and {@code source-key} of the original. The key is
     * percent-encoded, because HTTP headers are ASCII, and left out if it is then too long for S3.
     */
    public static Map<String, String> metadata(
            @ExchangeProperty("objectKey") String objectKey, @Variable("sourceETag") String sourceETag) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("source-etag", sourceETag.replace("\"", ""));
        String key = URLEncoder.encode(objectKey, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
        if (key.length() <= MAX_KEY_LENGTH) {
            metadata.put("source-key", key);
        }
        return metadata;
    }
}
