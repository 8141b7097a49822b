// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.ResourceHelper;

/**
 * Serves the web page for uploads, its style sheet and script, and the OpenAPI description of the API. All files are
 * kept in memory.
 */
public final class WebPage implements Processor {

    /**
     * Blocks scripts, styles and images from other origins, and inline scripts and styles. Thumbnails are {@code blob:}
     * URLs.
     */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "page.css", "text/css; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml",
            "openapi.json", "application/json");

    private final Map<String, byte[]> files = new HashMap<>();

    /**
     * Loads the files into memory.
     *
     * @param context resolves the files
     * @param stage the API stage for uploads from the page
     * @param originals the bucket for uploads from the page
     * @param thumbnails the bucket of the thumbnails
     * @throws IOException if a file is missing
     */
    public WebPage(CamelContext context, String stage, String originals, String thumbnails) throws IOException {
        for (String name : TYPES.keySet()) {
            files.put(name, read(context, name));
        }
        Map<String, String> names =
                Map.of("stage", stage, "dev", stage, "originals", originals, "thumbnails", thumbnails);
        replaceNames("index.html", "\\{(stage|originals)}", names);
        replaceNames("openapi.json", "(?<=\")(dev|originals|thumbnails)(?=\")", names);
    }

    /** Replaces placeholders and default names in a file with the configured names. */
    private void replaceNames(String file, String pattern, Map<String, String> names) {
        String text = new String(files.get(file), StandardCharsets.UTF_8);
        String replaced = Pattern.compile(pattern)
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(names.get(match.group(1))));
        files.put(file, replaced.getBytes(StandardCharsets.UTF_8));
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
     * Responds to a request for {@code /} or {@code /ui/...} with the page or one of its files.
     *
     * @throws RequestRefusedException if there is no such file
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        HttpServerRequest request = exchange.getProperty("request", HttpServerRequest.class);
        String name = request.path().equals("/") ? "index.html" : request.path().replaceFirst("^/ui/", "");
        byte[] file = files.get(name);
        if (file == null || name.equals("index.html") && !request.path().equals("/")) {
            throw RequestRefusedException.notFound("There is no such file. The page is at /.");
        }
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        message.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        // Browsers revalidate each time, so a new version shows immediately. Camel does not copy this header.
        request.response().putHeader("Cache-Control", "no-cache");
        message.setHeader("ETag", eTag(file));
        if (eTag(file).equals(request.getHeader("If-None-Match"))) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            message.setBody(null);
            return;
        }
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setHeader("Content-Type", TYPES.get(name));
        message.setBody(ObjectRead.isHead(request) ? null : file);
    }

    private static String eTag(byte[] file) {
        CRC32 checksum = new CRC32();
        checksum.update(file);
        return '"' + HexFormat.of().toHexDigits(checksum.getValue(), 8) + '"';
    }
}
