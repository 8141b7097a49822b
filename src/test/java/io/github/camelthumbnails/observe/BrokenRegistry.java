// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** A registry of metrics that fails. */
public final class BrokenRegistry extends SimpleMeterRegistry {

    @Override
    protected Counter newCounter(Meter.Id id) {
        throw new IllegalStateException("This registry is broken");
    }
}
