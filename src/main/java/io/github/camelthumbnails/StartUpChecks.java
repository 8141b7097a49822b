// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.http.ConnectionBudget;
import io.github.camelthumbnails.image.webp.WebpLibrary;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses settings with which the process would run and lose events, go round in circles or do nothing. Each message says what
 * to change. docs/capacity.md explains the rules R2 and R3.
 */
public final class StartUpChecks implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(StartUpChecks.class);

    private static final String ROLES = "(upload|thumbnail)(,(upload|thumbnail))*";

    /** Of an API key, in characters: as many hexadecimal digits are 64 bits. */
    private static final int MIN_KEY_LENGTH = 16;

    /** SQS counts its 12 hours from the receive, so an hour is left for the event to be processed. */
    private static final int MAX_BACKOFF_SECONDS = 39_600;

    /** The share by which Camel lets a delay vary, so that workers do not all try again at once. */
    private static final double JITTER = 0.15;

    /**
     * Checks the settings, before anything is started.
     *
     * @throws IllegalArgumentException if they do not fit each other
     * @throws IOException if a port is taken, or if the codec for WebP cannot be loaded
     */
    @Override
    public void configure(CamelContext context) throws IOException {
        Settings settings = new Settings(context);
        String roles = settings.text("app.roles");
        require(roles.matches(ROLES), "app.roles is " + roles + ": set it to upload, thumbnail or upload,thumbnail");
        require(
                !settings.text("originals.bucket").equals(settings.text("thumbnails.bucket")),
                "originals.bucket and thumbnails.bucket are both " + settings.text("thumbnails.bucket")
                        + ": set two, or every thumbnail would be made a thumbnail of");
        if (roles.contains("upload")) {
            checkKeys(settings);
            require(!settings.text("api.stage").equals("ui"), "api.stage is ui, where the page is: set another one");
            requireAtLeast(2, settings, "http.workers");
            requireAtLeast(1, settings, "upload.maxBytes", "upload.idleSeconds", "upload.maxConcurrent");
            requireAtLeast(0, settings, "upload.minBytesPerSecond");
            checkConnections(settings);
            require(
                    settings.number("upload.maxConcurrent") < settings.number("http.workers"),
                    "upload.maxConcurrent is " + settings.text("upload.maxConcurrent")
                            + ": set it below http.workers, so that other requests have a thread");
        }
        if (roles.contains("thumbnail")) {
            requireAtLeast(
                    1,
                    settings,
                    "image.maxBytes",
                    "image.maxPixels",
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
                            + ": set it between 1 and 90, for the rest of the heap is for all but decoding");
            checkTimes(settings);
        }
        for (String server : List.of("camel.server", "camel.management")) {
            require(
                    settings.text(server + ".authenticationEnabled:false").equals("false"),
                    server
                            + ".authenticationEnabled is true: set it to false and let a gateway authenticate callers, because"
                            + " Camel 4.18.0 does not check tokens completely");
        }
        checkPort(settings, "camel.server", "HTTP_PORT");
        checkPort(settings, "camel.management", "MANAGEMENT_PORT");
        if (roles.contains("thumbnail")) {
            WebpLibrary.load();
        }
    }

    private static void checkKeys(Settings settings) {
        String required = settings.text("api.keyRequired");
        require(required.matches("true|false"), "api.keyRequired is " + required + ": set it to true or false");
        if (required.equals("false")) {
            return;
        }
        List<String> keys = Beans.apiKeys(settings.text("api.keys"));
        require(
                !keys.isEmpty(),
                "api.keys is empty: set it (API_KEYS) to keys for the header x-api-key, or api.keyRequired (API_KEYREQUIRED)"
                        + " to false if a gateway in front asks who may");
        require(
                keys.stream().allMatch(key -> key.length() >= MIN_KEY_LENGTH),
                "api.keys holds a key that can be guessed: let each have at least " + MIN_KEY_LENGTH + " characters");
    }

    private static void checkConnections(Settings settings) {
        long wanted = settings.number("http.maxConnections");
        require(
                wanted > settings.number("upload.maxConcurrent"),
                "http.maxConnections is " + wanted
                        + ": set it above upload.maxConcurrent, so that other requests have a" + " connection");
        ConnectionBudget budget = ConnectionBudget.ofProcess((int) Math.min(wanted, Integer.MAX_VALUE));
        if (budget.connections() < wanted) {
            int uploads = budget.uploads((int) settings.number("upload.maxConcurrent"));
            LOG.warn(
                    "This process may open {} files, which is enough for {} HTTP connections and {} uploads at the same time."
                            + " Raise the limit (ulimit -n) to {} for the {} of http.maxConnections",
                    budget.descriptors(),
                    budget.connections(),
                    uploads,
                    ConnectionBudget.descriptorsFor(wanted),
                    wanted);
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
        long shutdown = settings.number("camel.main.shutdownTimeout"); // Camel's profile dev shortens it
        long slowest = slowest(settings);
        String parts =
                " (one decode that uses image.timeoutSeconds on a core of its own, and all tries of a call that fails after"
                        + " aws.timeoutSeconds)";
        require(wait <= 20, "events.waitTimeSeconds is " + wait + ": SQS takes at most 20");
        require(visibility <= 43200, "events.visibilityTimeout is " + visibility + ": SQS takes at most 43200");
        require(
                shutdown >= wait + slowest,
                "camel.main.shutdownTimeout is " + shutdown + ": set it to at least " + (wait + slowest)
                        + ", the long poll of " + wait + " s and " + slowest + " s that one event can take" + parts);
        require(
                visibility >= slowest,
                "events.visibilityTimeout is " + visibility + ": set it to at least " + slowest
                        + ", the seconds that one event can take" + parts);
    }

    /**
     * Returns how long one event can take, in seconds: a decode that uses all its CPU time and does not have to share its core, and a
     * call that fails as late as it can in every try. A decode that has to share takes longer; docs/capacity.md says why that is no
     * reason for longer times here.
     */
    private static long slowest(Settings settings) {
        long retries = settings.number("events.retries");
        double delays = settings.number("events.retryDelay") / 1000.0 * (Math.pow(2, retries) - 1) * (1 + JITTER);
        return (long) Math.ceil(settings.number("image.timeoutSeconds")
                + (retries + 1.0) * settings.number("aws.timeoutSeconds")
                + delays);
    }

    /** Camel itself would log that the port is taken, and go on without it. */
    private static void checkPort(Settings settings, String server, String variable) throws IOException {
        if (!settings.text(server + ".enabled").equals("true")) {
            return;
        }
        int port = (int) settings.number(server + ".port");
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the server does: a port whose connections are still closing is free
            socket.bind(new InetSocketAddress(settings.text(server + ".host:0.0.0.0"), port));
        } catch (IOException e) {
            String problem =
                    e.getMessage().contains("in use") ? "is taken" : "cannot be opened (" + e.getMessage() + ")";
            throw new IOException("Port " + port + " " + problem + ". Set " + variable + " to another one", e);
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
