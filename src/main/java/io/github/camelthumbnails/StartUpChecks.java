// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.http.ConnectionBudget;
import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.limits.MemoryBudget;
import io.github.camelthumbnails.image.webp.WebpLibrary;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the settings, the ports and libwebp at start-up. Aborts the start if the process could not work or would do
 * harm, for example if it would lose events or create thumbnails of thumbnails forever. Each message says what to
 * change. docs/capacity.md explains the rules R2 and R3.
 */
public final class StartUpChecks implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(StartUpChecks.class);

    private static final String ROLES = "(upload|thumbnail|operate)(,(upload|thumbnail|operate))*";

    /** Maximum back-off: SQS limits it to 12 hours from the receive, and one of them is left for processing the event. */
    private static final int MAX_BACKOFF_SECONDS = 39_600;

    /** Bytes per pixel that a JPEG needs outside the heap, unless it is progressive. */
    private static final long NATIVE_BYTES_PER_PIXEL = 3;

    /** Fraction by which Camel varies a retry delay, so that workers do not retry in lockstep. */
    private static final double JITTER = 0.15;

    /**
     * Checks the settings before any route starts.
     *
     * @throws IllegalArgumentException if a setting is invalid or contradicts another one
     * @throws IOException if a port is in use, or if the WebP library cannot be loaded
     */
    @Override
    public void configure(CamelContext context) throws IOException {
        checkLog(System.getenv());
        Settings settings = new Settings(context);
        String roles = settings.text("app.roles");
        require(
                roles.matches(ROLES),
                "app.roles is " + roles
                        + ": set it to upload, thumbnail, operate, or several of them such as upload,thumbnail");
        require(
                !settings.text("originals.bucket").equals(settings.text("thumbnails.bucket")),
                "originals.bucket and thumbnails.bucket are both " + settings.text("thumbnails.bucket")
                        + ": set different buckets, or every thumbnail would get a thumbnail of its own");
        requireAtLeast(1, settings, "image.maxBytes", "image.maxPixels", "upload.maxBytes");
        RenditionSettings.check(context, roles.contains("thumbnail"));
        if (roles.contains("upload")) {
            KeyChecks.checkUploaders(settings::text);
            require(
                    !settings.text("api.stage").matches("ui|operate"),
                    "api.stage is " + settings.text("api.stage")
                            + ", which is the path of the web page or of operators: set another one");
            requireAtLeast(2, settings, "http.workers");
            requireAtLeast(1, settings, "upload.idleSeconds", "upload.maxConcurrent");
            requireAtLeast(0, settings, "upload.minBytesPerSecond");
            checkConnections(settings);
            require(
                    settings.number("upload.maxConcurrent") < settings.number("http.workers"),
                    "upload.maxConcurrent is " + settings.text("upload.maxConcurrent")
                            + ": set it below http.workers, so that a thread is left for other requests");
        }
        if (roles.contains("operate") && settings.text("camel.server.enabled").equals("true")) {
            KeyChecks.checkOperators(settings::text);
            requireAtLeast(2, settings, "http.workers");
        }
        if (roles.contains("thumbnail")) {
            requireAtLeast(
                    1,
                    settings,
                    "image.timeoutSeconds",
                    "events.consumers",
                    "events.backoffSeconds",
                    "events.pauseAfterFailures",
                    "events.pauseSeconds");
            requireAtLeast(settings.number("events.backoffSeconds"), settings, "events.maxBackoffSeconds");
            require(
                    settings.number("events.maxBackoffSeconds") <= MAX_BACKOFF_SECONDS,
                    "events.maxBackoffSeconds is " + settings.text("events.maxBackoffSeconds") + ": set it to at most "
                            + MAX_BACKOFF_SECONDS);
            requireAtLeast(0, settings, "events.retries", "events.retryDelay", "events.waitTimeSeconds");
            long percent = settings.number("image.memoryPercent");
            require(
                    percent >= 1 && percent <= 90,
                    "image.memoryPercent is " + percent
                            + ": set it between 1 and 90, because everything but decoding needs the rest of the heap");
            checkMemory(settings, MemoryBudget.ofProcess((int) percent));
            checkTimes(settings);
        }
        for (String server : List.of("camel.server", "camel.management")) {
            require(
                    settings.text(server + ".authenticationEnabled:false").equals("false"),
                    server
                            + ".authenticationEnabled is true: set it to false and let a gateway authenticate callers, because"
                            + " Camel 4.18.0 does not check the issuer and the audience of a token");
        }
        checkPort(settings, "camel.server", "HTTP_PORT");
        checkPort(settings, "camel.management", "MANAGEMENT_PORT");
        if (roles.contains("thumbnail")) {
            WebpLibrary.load();
        }
    }

    /**
     * Checks the environment variables that log4j2.properties reads. Log4j starts earlier and replaces an invalid value by the
     * default.
     */
    static void checkLog(Map<String, String> environment) {
        String format = environment.getOrDefault("LOG_FORMAT", "text");
        require(format.matches("text|json"), "LOG_FORMAT is " + format + ": set it to text or json");
        String access = environment.getOrDefault("LOG_ACCESS", "info");
        require(access.matches("off|info|debug"), "LOG_ACCESS is " + access + ": set it to off, info or debug");
    }

    private static void checkConnections(Settings settings) {
        long wanted = settings.number("http.maxConnections");
        require(
                wanted > settings.number("upload.maxConcurrent"),
                "http.maxConnections is " + wanted
                        + ": set it above upload.maxConcurrent, so that connections are left for other requests");
        ConnectionBudget budget = ConnectionBudget.ofProcess((int) Math.min(wanted, Integer.MAX_VALUE));
        if (budget.connections() < wanted) {
            int uploads = budget.uploads((int) settings.number("upload.maxConcurrent"));
            LOG.warn(
                    "This process may open {} files, which limits it to {} HTTP connections and {} concurrent uploads."
                            + " Raise the limit (ulimit -n) to {} to allow {} connections (http.maxConnections)",
                    budget.descriptors(),
                    budget.connections(),
                    uploads,
                    ConnectionBudget.descriptorsFor(wanted),
                    wanted);
        }
    }

    /** Warns if native libraries may use too little memory for a large JPEG. Other pictures may still be decoded. */
    private static void checkMemory(Settings settings, Memory budget) {
        long needed = NATIVE_BYTES_PER_PIXEL * settings.number("image.maxPixels");
        if (settings.text("image.nativeCodec").equals("true") && budget.outside() < needed) {
            LOG.warn(
                    "Native libraries may use {} MB, because the rest of this worker's memory is for the heap and the JVM."
                            + " A JPEG of {} pixels (image.maxPixels) may need {} MB. Give the worker more memory,"
                            + " or less heap (-XX:MaxRAMPercentage or -Xmx)",
                    budget.outside() / 1_000_000,
                    settings.text("image.maxPixels"),
                    needed / 1_000_000);
        }
    }

    private static void requireAtLeast(long minimum, Settings settings, String... names) {
        for (String name : names) {
            require(
                    settings.number(name) >= minimum,
                    name + " is " + settings.text(name) + ": set it to at least " + minimum);
        }
    }

    private static void checkTimes(Settings settings) {
        long wait = settings.number("events.waitTimeSeconds");
        long visibility = settings.number("events.visibilityTimeout");
        long shutdown = settings.number("camel.main.shutdownTimeout"); // Camel's dev profile shortens it
        long maxEventSeconds = maxEventSeconds(settings);
        String parts =
                " (image.timeoutSeconds to decode on a core of its own, plus all attempts of a call that each fail after"
                        + " aws.timeoutSeconds)";
        require(wait <= 20, "events.waitTimeSeconds is " + wait + ": set it to at most 20, the limit of SQS");
        require(
                visibility <= 43200,
                "events.visibilityTimeout is " + visibility + ": set it to at most 43200, the limit of SQS");
        require(
                shutdown >= wait + maxEventSeconds,
                "camel.main.shutdownTimeout is " + shutdown + ": set it to at least " + (wait + maxEventSeconds)
                        + ", a long poll of " + wait + " s plus up to " + maxEventSeconds + " s to process an event"
                        + parts);
        require(
                visibility >= maxEventSeconds,
                "events.visibilityTimeout is " + visibility + ": set it to at least " + maxEventSeconds
                        + ", the longest time to process an event" + parts);
    }

    /**
     * Calculates the longest time to process one event, in seconds: a decode that uses all its CPU time on a core of its own, and
     * an AWS call whose attempts all time out. A decode that shares its core takes longer; docs/capacity.md explains why the
     * settings need not allow for that.
     */
    private static long maxEventSeconds(Settings settings) {
        long retries = settings.number("events.retries");
        double delays = settings.number("events.retryDelay") / 1000.0 * (Math.pow(2, retries) - 1) * (1 + JITTER);
        return (long) Math.ceil(settings.number("image.timeoutSeconds")
                + (retries + 1.0) * settings.number("aws.timeoutSeconds")
                + delays);
    }

    /** Fails if a port cannot be opened. Camel itself would only log this, and run without the server. */
    private static void checkPort(Settings settings, String server, String variable) throws IOException {
        if (!settings.text(server + ".enabled").equals("true")) {
            return;
        }
        int port = (int) settings.number(server + ".port");
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // like the server: allow a port whose old connections are still closing
            socket.bind(new InetSocketAddress(settings.text(server + ".host:0.0.0.0"), port));
        } catch (IOException e) {
            String problem =
                    e.getMessage().contains("in use") ? "is in use" : "cannot be opened (" + e.getMessage() + ")";
            throw new IOException("Port " + port + " " + problem + ". Set " + variable + " to another port", e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private record Settings(CamelContext context) {

        String text(String name) {
            return context.resolvePropertyPlaceholders("{{" + name + "}}");
        }

        long number(String name) {
            String text = text(name);
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + " is " + text + ": set it to a whole number", e);
            }
        }
    }
}
