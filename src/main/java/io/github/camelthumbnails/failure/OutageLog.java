// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Logs each cause of an outage at most once a minute, so that an outage does not flood the log. The next line of the same cause
 * tells how many lines were suppressed. Thread-safe.
 */
public final class OutageLog {

    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    /** Time after which a cause that did not recur is removed from the map, so that the map stays small. */
    private static final long EXPIRY_NANOS = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanoTime;
    private final Consumer<String> warnings;
    private final Consumer<String> infos;
    private final Map<String, Cause> causes = new HashMap<>();

    private static final class Cause {

        private long loggedAt;
        private long seenAt;
        private long suppressed;
        private boolean recovered;
    }

    /** Creates a log that writes to SLF4J. */
    public OutageLog() {
        this(System::nanoTime, LOG::warn, LOG::info);
    }

    /**
     * Creates a log with a given clock and output, for tests.
     *
     * @param nanoTime a clock like {@link System#nanoTime()}
     * @param warnings receives each warning
     * @param infos receives each line about a recovery
     */
    public OutageLog(LongSupplier nanoTime, Consumer<String> warnings, Consumer<String> infos) {
        this.nanoTime = nanoTime;
        this.warnings = warnings;
        this.infos = infos;
    }

    /**
     * Logs a warning, unless one with the same cause was logged during the last minute.
     *
     * @param cause identifies the problem, without request ids or other text that differs from call to call; see {@link #cause}
     * @param message one line
     */
    public void warn(String cause, String message) {
        String line = line(cause, message);
        if (line != null) {
            warnings.accept(line);
        }
    }

    private synchronized String line(String name, String message) {
        long now = nanoTime.getAsLong();
        causes.values().removeIf(cause -> now - cause.seenAt > EXPIRY_NANOS);
        Cause cause = causes.get(name);
        boolean isNew = cause == null;
        if (isNew) {
            cause = new Cause();
            causes.put(name, cause);
        }
        cause.seenAt = now;
        if (!isNew && now - cause.loggedAt < INTERVAL_NANOS) {
            cause.suppressed++;
            return null;
        }
        String repeated = cause.suppressed == 0 ? "" : " (repeated " + cause.suppressed + " times since the last line)";
        cause.loggedAt = now;
        cause.suppressed = 0;
        cause.recovered = false;
        return message + repeated;
    }

    /**
     * Logs the end of an outage once. Does nothing if no warning with this cause was logged.
     *
     * @param name the cause that was passed to {@link #warn}
     * @param message one line
     */
    public void logRecovery(String name, String message) {
        synchronized (this) {
            Cause cause = causes.get(name);
            if (cause == null || cause.recovered) {
                return;
            }
            cause.recovered = true;
        }
        infos.accept(message);
    }

    /**
     * Logs why an exchange failed. Error handlers of routes call it. The cause is the AWS service that failed, or otherwise the
     * route, together with the type of the error.
     *
     * @param exchange an exchange that is handled by the steps of {@code onException}
     */
    public void warnOf(Exchange exchange) {
        Exception exception = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String route = exchange.getProperty(Exchange.FAILURE_ROUTE_ID, exchange.getFromRouteId(), String.class);
        String endpoint = exchange.getProperty(Exchange.FAILURE_ENDPOINT, "", String.class);
        boolean aws = endpoint.startsWith("aws2-");
        String where = aws ? endpoint.replaceFirst("\\?.*", "") : route;
        warn(
                cause(aws ? endpoint.replaceFirst(":.*", "") : route, exception),
                "Route " + route + " failed" + (aws ? " at " + where : "") + ": " + Failure.error(exception));
    }

    /**
     * Builds the identifier of a cause from the service and the type of the error. The error message is not part of it, because it
     * may contain request ids.
     *
     * @param service the service that failed, such as {@code aws2-s3}
     */
    public static String cause(String service, Throwable error) {
        if (error instanceof AwsServiceException e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            return service + " " + e.statusCode() + " " + code;
        }
        Throwable root = error;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return service + " " + error.getClass().getSimpleName() + " "
                + root.getClass().getSimpleName();
    }
}
