// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.time.Duration;

/**
 * What one picture, and all pictures together, may take.
 *
 * @param maxPixels of a picture: width by height by frames, as its header declares them
 * @param memoryBytes that all decodes together may hold at a time; the next one waits
 * @param timeout for the work on one picture, from its header to the encoded thumbnail
 */
public record ImageLimits(long maxPixels, long memoryBytes, Duration timeout) {}
