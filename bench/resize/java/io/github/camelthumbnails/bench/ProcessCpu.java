// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the CPU time of the whole JVM per operation, user and system. It includes the threads of the garbage collector and
 * the JIT compiler and helper threads, because they use the CPU as well.
 */
public final class ProcessCpu implements InternalProfiler {

    private static final double NANOS_PER_MILLI = 1e6;

    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private long before;

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = process.getProcessCpuTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double nanos = process.getProcessCpuTime() - before;
        long operations = result.getMetadata().getAllOps();
        return List.of(
                new ScalarResult("cpu", nanos / operations / NANOS_PER_MILLI, "ms/op", AggregationPolicy.AVG),
                new ScalarResult("operations", operations, "", AggregationPolicy.SUM));
    }

    @Override
    public String getDescription() {
        return "Processor time of the process";
    }
}
