// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the files of the web pages are served, by processes with each role. */
@Timeout(120)
class PageFilesIT {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String PROBLEM = "application/problem+json";

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("app.roles", "upload,operate")
            .with("api.stage", "prod")
            .with("api.keyRequired", "true")
            .with("api.keys", "a-key-of-uploaders")
            .with("operate.keyRequired", "true")
            .with("operate.keys", "a-key-of-operators")
            .with("upload.maxBytes", "12345")
            .with("renditions", "thumbnail,card")
            .with("renditions.card", "fit:10x10");

    private static int uploadPort;
    private static int operatePort;

    @BeforeAll
    static void startProcessesWithOneRole() {
        uploadPort = Pipeline.port(PIPELINE.anotherApplication(Map.of("app.roles", "upload")));
        operatePort = Pipeline.port(PIPELINE.anotherApplication(Map.of("app.roles", "operate")));
    }

    private static HttpResponse<String> send(int port, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse(null);
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200, " + HTML,
        "/operate, 200, " + HTML,
        "/operate/, 200, " + HTML,
        "/ui/page.css, 200, text/css; charset=utf-8",
        "/ui/texts.js, 200, " + SCRIPT,
        "/ui/service.js, 200, " + SCRIPT,
        "/ui/key.js, 200, " + SCRIPT,
        "/ui/store.js, 200, " + SCRIPT,
        "/ui/uploads.js, 200, " + SCRIPT,
        "/ui/files.js, 200, " + SCRIPT,
        "/ui/gallery.js, 200, " + SCRIPT,
        "/ui/card.js, 200, " + SCRIPT,
        "/ui/pictures.js, 200, " + SCRIPT,
        "/ui/viewer.js, 200, " + SCRIPT,
        "/ui/page.js, 200, " + SCRIPT,
        "/ui/elements.js, 200, " + SCRIPT,
        "/ui/actions.js, 200, " + SCRIPT,
        "/ui/reasons.js, 200, " + SCRIPT,
        "/ui/overview.js, 200, " + SCRIPT,
        "/ui/failures.js, 200, " + SCRIPT,
        "/ui/runs.js, 200, " + SCRIPT,
        "/ui/reconcile.js, 200, " + SCRIPT,
        "/ui/operate.js, 200, " + SCRIPT,
        "/ui/icon.svg, 200, image/svg+xml",
        "/ui/openapi.json, 200, application/json",
        "/ui/settings.json, 200, application/json",
        "/ui/index.html, 404, " + PROBLEM,
        "/ui/operate.html, 404, " + PROBLEM,
        "/ui/../application.properties, 401, " + PROBLEM,
        "/ui/%2e%2e/application.properties, 401, " + PROBLEM,
        "/ui/, 404, " + PROBLEM
    })
    void onlyFilesOfThePagesAreServedAndNeedNoKey(String path, int status, String type) throws Exception {
        HttpResponse<String> response = send(PIPELINE.httpPort, "GET", path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(type(response)).isEqualTo(type);
        if (status == 200) {
            assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'", "img-src 'self' blob:")
                    .doesNotContain("unsafe");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            String eTag = response.headers().firstValue("ETag").orElseThrow();
            assertThat(send(PIPELINE.httpPort, "GET", path, "If-None-Match", eTag)
                            .statusCode())
                    .isEqualTo(304);
            HttpResponse<String> head = send(PIPELINE.httpPort, "HEAD", path);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(type(head)).isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd | true",
                "br;q=1.0, GZIP;q=0.5 | true",
                "br, gzip;q=0 | false",
                "gzip;q=0.0, br | false",
                "identity | false"
            })
    void filesAreCompressedForBrowsersThatAcceptIt(String accepted, boolean isCompressed) throws Exception {
        byte[] plain = PIPELINE.read("GET", "/ui/uploads.js").body();

        HttpResponse<byte[]> response = PIPELINE.read("GET", "/ui/uploads.js", "Accept-Encoding", accepted);

        assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(response.headers().firstValue("Content-Encoding"))
                .isEqualTo(isCompressed ? Optional.of("gzip") : Optional.empty());
        byte[] body = response.body();
        if (isCompressed) {
            assertThat(body).hasSizeLessThan(plain.length / 2);
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        assertThat(body).isEqualTo(plain);
        String eTag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(PIPELINE.read("GET", "/ui/uploads.js", "Accept-Encoding", accepted, "If-None-Match", eTag)
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void settingsAreThoseOfTheProcess() throws Exception {
        JsonObject settings = new JsonObject(
                send(PIPELINE.httpPort, "GET", "/ui/settings.json").body());

        assertThat(settings.getString("stage")).isEqualTo("prod");
        assertThat(settings.getString("originals")).isEqualTo(PIPELINE.resources.originals());
        assertThat(settings.getString("thumbnails")).isEqualTo(PIPELINE.resources.thumbnails());
        assertThat(settings.getJsonArray("roles")).containsExactly("upload", "operate");
        assertThat(settings.getBoolean("keyRequired")).isTrue();
        assertThat(settings.getLong("maxBytes")).isEqualTo(12345);
        assertThat(settings.getJsonArray("renditions")).containsExactly("thumbnail", "card");
        assertThat(settings.encode()).doesNotContain("a-key");
    }

    @Test
    void pageNamesStageAndBucketForPeopleWithoutJavaScript() throws Exception {
        assertThat(send(PIPELINE.httpPort, "GET", "/").body())
                .contains("/prod/" + PIPELINE.resources.originals() + "/")
                .doesNotContain("{stage}", "{originals}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/operate", "/operate/"})
    void pageForOperatorsIsServedOnlyByTheirProcesses(String path) throws Exception {
        HttpResponse<String> page = send(operatePort, "GET", path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("/ui/operate.js");
        assertThat(send(uploadPort, "GET", path).statusCode()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void processForUploadsServesItsPage() throws Exception {
        assertThat(send(uploadPort, "GET", "/").body()).contains("ui/page.js");
        for (String path : List.of("/ui/page.js", "/ui/settings.json")) {
            assertThat(send(uploadPort, "GET", path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void processForOperatorsLeadsToTheirPage() throws Exception {
        HttpResponse<String> start = send(operatePort, "GET", "/");

        assertThat(start.statusCode()).isEqualTo(302);
        assertThat(start.headers().firstValue("Location")).contains("/operate");
        for (String path : List.of("/ui/operate.js", "/ui/settings.json")) {
            assertThat(send(operatePort, "GET", path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(new JsonObject(send(operatePort, "GET", "/ui/settings.json").body()).getJsonArray("roles"))
                .containsExactly("operate");
        assertThat(send(operatePort, "PUT", "/prod/" + PIPELINE.resources.originals() + "/a.jpg")
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/operate/queues", "/operate/failures", "/operate/absent"})
    void requestsOfOperatorsStillNeedTheirKey(String path) throws Exception {
        assertThat(send(operatePort, "GET", path).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/operate", "/operate/"})
    void pageForOperatorsCannotBeChanged(String path) throws Exception {
        assertThat(send(operatePort, "POST", path).statusCode()).isBetween(401, 405);
    }
}
