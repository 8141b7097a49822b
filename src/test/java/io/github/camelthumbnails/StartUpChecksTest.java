// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.localaws.FreePort;
import io.github.camelthumbnails.observe.CapturedLog;
import io.github.camelthumbnails.rendition.Renditions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the application does not start with invalid settings, and that the message says what to change. */
class StartUpChecksTest {

    @Test
    void defaultsAreAccepted() {
        assertThatNoException().isThrownBy(() -> start());
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.keys=", "api.keys= , "})
    void uploadsNeedKeysUnlessTheCheckIsSwitchedOff(String setting) {
        assertThatThrownBy(() -> start("api.keys=", "api.keyRequired=true", setting))
                .hasStackTraceContaining("api.keys is empty: set it (API_KEYS)");
        assertThatNoException().isThrownBy(() -> start("app.roles=thumbnail", "api.keyRequired=true", setting));
        assertThatNoException().isThrownBy(() -> start("api.keyRequired=false", "api.keys="));
    }

    @Test
    void shortKeyIsRejectedAndNotLogged() {
        assertThatThrownBy(() -> start("api.keyRequired=true", "api.keys=a-key-that-is-long-enough,secret"))
                .hasStackTraceContaining("at least 16 characters")
                .satisfies(e -> assertThat(e).hasStackTraceContaining("api.keys has a key"))
                .satisfies(e -> assertThat(trace(e)).doesNotContain("secret"));
    }

    @Test
    void operatorsNeedKeysOfTheirOwnIfTheyUseHttp() throws Exception {
        String port = "camel.server.port=" + FreePort.next();
        String[] uploaders = {"camel.server.enabled=true", port, "api.keyRequired=true", "api.keys=a-key-of-an-uploader"
        };
        assertThatThrownBy(() -> startWith(uploaders, "app.roles=operate"))
                .hasStackTraceContaining(
                        "operate.keys is empty: set it (OPERATE_KEYS) to the keys that operators send");
        assertThatThrownBy(() -> startWith(uploaders, "app.roles=upload,operate", "operate.keys=short"))
                .hasStackTraceContaining(
                        "operate.keys has a key that is too short: use keys of at least 16 characters");
        assertThatThrownBy(() -> startWith(
                        uploaders, "app.roles=operate", "operate.keys=a-key-of-an-operator,a-key-of-an-uploader"))
                .hasStackTraceContaining("operate.keys has a key that is also in api.keys")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("a-key-of"));
        assertThatThrownBy(() -> startWith(uploaders, "app.roles=operate", "operate.keyRequired=perhaps"))
                .hasStackTraceContaining("operate.keyRequired is perhaps: set it to true or false");
        assertThatNoException()
                .isThrownBy(() -> startWith(uploaders, "app.roles=operate", "operate.keys=a-key-of-an-operator"));
        assertThatNoException()
                .isThrownBy(() -> startWith(uploaders, "app.roles=operate", "operate.keyRequired=false"));
    }

    @Test
    void commandsOfOperatorsNeedNoKeys() {
        assertThatNoException().isThrownBy(() -> start("app.roles=operate", "api.keyRequired=true"));
    }

    /** No machine has the memory for the first picture, and every one has it for the second. */
    @Test
    void tooLittleMemoryForNativeLibrariesIsLogged() {
        try (CapturedLog log = new CapturedLog(StartUpChecks.class.getName())) {
            start("app.roles=thumbnail", "image.maxPixels=1000000000000000");
            assertThat(log.line())
                    .containsEntry("level", "WARN")
                    .extractingByKey("message")
                    .asString()
                    .contains(
                            "A JPEG of 1000000000000000 pixels (image.maxPixels) may need 3000000000 MB.",
                            "Give the worker more memory, or less heap");
        }
        try (CapturedLog log = new CapturedLog(StartUpChecks.class.getName())) {
            start("app.roles=thumbnail", "image.maxPixels=1");
            start("app.roles=thumbnail", "image.maxPixels=1000000000000000", "image.nativeCodec=false");
            assertThat(log.lines()).isEmpty();
        }
    }

    private static void startWith(String[] settings, String... more) {
        start(Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new));
    }

    private static String trace(Throwable throwable) {
        StringWriter trace = new StringWriter();
        throwable.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "thumbnails", "upload;thumbnail", "upload,"})
    void unknownRoleIsRejected(String roles) {
        assertThatThrownBy(() -> start("app.roles=" + roles))
                .hasStackTraceContaining(
                        "app.roles is " + roles + ": set it to upload, thumbnail, operate, or several of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"thumbnail", "upload", "upload,thumbnail", "thumbnail,upload", "operate"})
    void rolesAreAccepted(String roles) {
        assertThatNoException().isThrownBy(() -> start("app.roles=" + roles));
    }

    @Test
    void sameBucketForOriginalsAndThumbnailsIsRejected() {
        assertThatThrownBy(() -> start("originals.bucket=pictures", "thumbnails.bucket=pictures"))
                .hasStackTraceContaining(
                        "originals.bucket and thumbnails.bucket are both pictures: set different buckets");
    }

    /** With the defaults, an event takes up to 45 s: 20 s to decode, 4 attempts of 5 s, and delays of 0.5 + 1 + 2 s with jitter. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "camel.main.shutdownTimeout=49 | camel.main.shutdownTimeout is 49: set it to at least 50",
                "events.visibilityTimeout=44   | events.visibilityTimeout is 44: set it to at least 45",
                "image.timeoutSeconds=31       | camel.main.shutdownTimeout is 60: set it to at least 61",
                "aws.timeoutSeconds=8          | camel.main.shutdownTimeout is 60: set it to at least 62",
                "events.retries=6              | camel.main.shutdownTimeout is 60: set it to at least 97",
                "events.waitTimeSeconds=21     | events.waitTimeSeconds is 21: set it to at most 20",
                "events.visibilityTimeout=43201 | events.visibilityTimeout is 43201: set it to at most 43200",
                "events.retryDelay=0.5         | events.retryDelay is 0.5: set it to a whole number",
                "image.memoryPercent=95        | image.memoryPercent is 95: set it between 1 and 90",
                "api.keyRequired=maybe         | api.keyRequired is maybe: set it to true or false",
                "api.stage=ui                  | api.stage is ui, which is the path of the web page",
                "api.stage=operate             | api.stage is operate, which is the path of the web page or of operators",
                "upload.maxConcurrent=1400     | upload.maxConcurrent is 1400: set it below http.workers",
                "upload.idleSeconds=0          | upload.idleSeconds is 0: set it to at least 1",
                "http.workers=1                | http.workers is 1: set it to at least 2",
                "http.maxConnections=1200      | http.maxConnections is 1200: set it above upload.maxConcurrent",
                "camel.server.authenticationEnabled=true | camel.server.authenticationEnabled is true: set it to false",
                "camel.management.authenticationEnabled=true | camel.management.authenticationEnabled is true: set it to false",
                "image.maxPixels=0             | image.maxPixels is 0: set it to at least 1",
                "image.timeoutSeconds=0        | image.timeoutSeconds is 0: set it to at least 1",
                "events.retries=-1             | events.retries is -1: set it to at least 0",
                "events.retryDelay=-1          | events.retryDelay is -1: set it to at least 0",
                "events.waitTimeSeconds=-1     | events.waitTimeSeconds is -1: set it to at least 0",
                "events.consumers=0            | events.consumers is 0: set it to at least 1",
                "aws.timeoutSeconds=0          | aws.timeoutSeconds is 0: set it to at least 1",
                "image.maxBytes=0              | image.maxBytes is 0: set it to at least 1",
                "renditions.thumbnail=scael:0.5 | renditions.thumbnail: There is no word scael. Did you mean scale?",
                "renditions=thumbnail,card     | renditions.card: The setting is missing, but renditions contains card",
                "thumbnails.cacheControl=      | thumbnails.cacheControl is empty: set it to a value of Cache-Control",
                "thumbnail.scale=0.3           | thumbnail.scale is no longer read: remove it",
                "thumbnail.quality=0.8         | thumbnail.quality is no longer read: remove it",
                "thumbnail.format=webp         | thumbnail.format is no longer read: remove it",
            })
    void invalidSettingIsRejected(String setting, String message) {
        assertThatThrownBy(() -> start(setting)).hasStackTraceContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upload", "thumbnail"})
    void renditionsWithTheSameKeyAreRejected(String role) {
        assertThatThrownBy(() -> start(
                        "app.roles=" + role,
                        "renditions=thumbnail,card",
                        "renditions.card=fit:60x40 key:resized-{key}"))
                .hasStackTraceContaining("renditions.card: The key pattern resized-{key} can lead to the same key");
    }

    @Test
    void renditionsAreAccepted() {
        assertThatNoException()
                .isThrownBy(() -> start(
                        "renditions=thumbnail,card,avatar",
                        "renditions.card=fit:60x40 format:webp",
                        "renditions.avatar=fill:20x20 key:avatars/{key} format:jpeg background:ffffff"));
    }

    @Test
    void descriptionsOfRenditionsThatAreNotListedAreFound() {
        Renditions renditions = Renditions.parse("small-card", name -> Optional.of("fit:60x40"));

        assertThat(RenditionSettings.findUnlisted(
                        renditions,
                        Set.of("renditions", "renditions.small-card", "renditions.avatar", "renditions.thumbnail"),
                        Set.of("PATH", "RENDITIONS", "RENDITIONS_SMALL_CARD", "RENDITIONS_BANNER")))
                .containsExactly("RENDITIONS_BANNER", "renditions.avatar");
    }

    @Test
    void roleUploadIgnoresTheTimesOfEvents() {
        assertThatNoException().isThrownBy(() -> start("app.roles=upload", "events.visibilityTimeout=1"));
    }

    @ParameterizedTest
    @CsvSource({"camel.server, HTTP_PORT", "camel.management, MANAGEMENT_PORT"})
    void portInUseIsReported(String server, String variable) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = other.getLocalPort();
            assertThatThrownBy(
                            () -> start(server + ".enabled=true", server + ".host=127.0.0.1", server + ".port=" + port))
                    .hasStackTraceContaining("Port " + port + " is in use. Set " + variable + " to another port");
        }
    }

    /** Starts and stops the application without routes, so that it calls no service. */
    @Test
    void unknownSettingsOfTheLogAreRejected() {
        StartUpChecks.checkLog(Map.of("LOG_FORMAT", "json", "LOG_ACCESS", "off"));
        StartUpChecks.checkLog(Map.of());

        assertThatThrownBy(() -> StartUpChecks.checkLog(Map.of("LOG_FORMAT", "JSON")))
                .hasMessage("LOG_FORMAT is JSON: set it to text or json");
        assertThatThrownBy(() -> StartUpChecks.checkLog(Map.of("LOG_ACCESS", "all")))
                .hasMessage("LOG_ACCESS is all: set it to off, info or debug");
    }

    private static void start(String... settings) {
        Main main = new Main(App.class);
        main.configure().setRoutesIncludePattern("false");
        main.addOverrideProperty("aws.endpoint", "http://127.0.0.1:1"); // nothing listens there
        main.addOverrideProperty("api.keyRequired", "false");
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.enabled", "false");
        for (String setting : settings) {
            main.addOverrideProperty(
                    setting.replaceFirst("=.*", ""),
                    setting.replaceFirst(".*?=", "").strip());
        }
        try {
            main.start();
        } finally {
            main.stop();
        }
    }
}
