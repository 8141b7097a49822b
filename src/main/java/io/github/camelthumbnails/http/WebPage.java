// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.ResourceHelper;

/**
 * Serves the web page for uploads, the one for operators, the files of both, their settings, and the OpenAPI description of the API.
 * All files are kept in memory.
 */
public final class WebPage implements Processor {

    /** All files in {@code src/main/resources/web}. A class path cannot be listed. */
    static final List<String> FILES = List.of(
            "index.html",
            "operate.html",
            "page.css",
            "texts.js",
            "service.js",
            "key.js",
            "store.js",
            "uploads.js",
            "files.js",
            "gallery.js",
            "card.js",
            "pictures.js",
            "viewer.js",
            "page.js",
            "elements.js",
            "actions.js",
            "reasons.js",
            "overview.js",
            "failures.js",
            "runs.js",
            "reconcile.js",
            "operate.js",
            "icon.svg",
            "openapi.json");

    private static final String UPLOAD_PAGE = "/";
    private static final String OPERATORS_PAGE = "/operate";
    private static final String DIRECTORY = "/ui/";
    private static final String SETTINGS = DIRECTORY + "settings.json";

    /**
     * Blocks scripts, styles and images from other origins, and inline scripts and styles. Thumbnails are {@code blob:}
     * URLs.
     */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The coding in a list such as {@code gzip, deflate, br;q=0.9}, unless it is refused with {@code gzip;q=0}. */
    private static final Pattern GZIP =
            Pattern.compile("(?i)(?:^|,)\\s*gzip\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$))[^,]*)?(?:,|$)");

    private final Map<String, WebFile> files = new ConcurrentHashMap<>();
    private final PageSettings settings;

    /**
     * Loads the files into memory.
     *
     * @param context resolves the files
     * @param settings tells the pages what this process accepts
     * @param stage the API stage for uploads from the page
     * @param originals the bucket for uploads from the page
     * @param thumbnails the bucket of the thumbnails
     * @throws IOException if a file is missing
     */
    public WebPage(CamelContext context, PageSettings settings, String stage, String originals, String thumbnails)
            throws IOException {
        this.settings = settings;
        Map<String, String> names =
                Map.of("stage", stage, "dev", stage, "originals", originals, "thumbnails", thumbnails);
        for (String name : FILES) {
            byte[] bytes = read(context, name);
            switch (name) {
                case "index.html" ->
                    files.put(UPLOAD_PAGE, WebFile.of(name, replaceNames(bytes, "\\{(stage|originals)}", names)));
                case "operate.html" -> {
                    files.put(OPERATORS_PAGE, WebFile.of(name, bytes));
                    files.put(OPERATORS_PAGE + '/', WebFile.of(name, bytes));
                }
                case "openapi.json" ->
                    files.put(
                            DIRECTORY + name,
                            WebFile.of(
                                    name, replaceNames(bytes, "(?<=\")(dev|originals|thumbnails)(?=\"(?!:))", names)));
                default -> files.put(DIRECTORY + name, WebFile.of(name, bytes));
            }
        }
    }

    /** Replaces placeholders and default names in a file with the configured names. */
    private static byte[] replaceNames(byte[] file, String pattern, Map<String, String> names) {
        return Pattern.compile(pattern)
                .matcher(new String(file, StandardCharsets.UTF_8))
                .replaceAll(match -> Matcher.quoteReplacement(names.get(match.group(1))))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(CamelContext context, String name) throws IOException {
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, "classpath:web/" + name)) {
            return in.readAllBytes();
        } catch (FileNotFoundException e) {
            // The Camel CLI runs in the source directory, without the class path of this application.
            try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(
                    context, "file:src/main/resources/web/" + name)) {
                return in.readAllBytes();
            }
        }
    }

    /**
     * Responds to a request for a page or one of its files. A process that serves only operators redirects {@code /} to their page.
     *
     * @throws RequestRefusedException if there is no such file
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        HttpServerRequest request = exchange.getProperty("request", HttpServerRequest.class);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        if (request.path().equals(UPLOAD_PAGE) && !settings.hasRole("upload")) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 302);
            message.setHeader("Location", OPERATORS_PAGE);
            message.setBody(null);
            return;
        }
        WebFile file = find(request.path());
        message.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        message.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        // Browsers revalidate each time, so a new version shows immediately. Camel does not copy these headers.
        request.response().putHeader("Cache-Control", "no-cache");
        request.response().putHeader("Vary", "Accept-Encoding");
        boolean isCompressed = acceptsGzip(request);
        String eTag = file.eTag(isCompressed);
        message.setHeader("ETag", eTag);
        if (eTag.equals(request.getHeader("If-None-Match"))) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            message.setBody(null);
            return;
        }
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setHeader("Content-Type", file.type());
        if (isCompressed) {
            request.response().putHeader("Content-Encoding", "gzip");
        }
        message.setBody(ObjectRead.isHead(request) ? null : isCompressed ? file.compressed() : file.bytes());
    }

    private static boolean acceptsGzip(HttpServerRequest request) {
        String accepted = request.getHeader("Accept-Encoding");
        return accepted != null && GZIP.matcher(accepted).find();
    }

    private WebFile find(String path) throws RequestRefusedException {
        if (path.equals(SETTINGS)) {
            // Created on the first request, because loading a native library would delay the start.
            return files.computeIfAbsent(
                    path, name -> WebFile.of(name, settings.toJson().encode().getBytes(StandardCharsets.UTF_8)));
        }
        WebFile file = files.get(path);
        if (file == null) {
            throw RequestRefusedException.notFound(
                    "There is no such file. The page for uploads is at /, the one for operators at /operate.");
        }
        return file;
    }
}
