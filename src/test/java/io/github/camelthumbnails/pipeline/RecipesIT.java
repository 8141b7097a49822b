// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FreePort;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Applies each recipe of docs/recipes.md as it stands there, and checks that its promise holds. */
class RecipesIT {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication();

    private static String recipes;

    @TempDir
    Path directory;

    private Main application;

    @BeforeAll
    static void readRecipes() throws IOException {
        recipes = Files.readString(Path.of("docs/recipes.md"));
    }

    @AfterEach
    void stopApplication() {
        if (application != null) {
            application.stop(); // so that it receives no events of the next test
        }
    }

    @Test
    void anotherSize() throws Exception {
        start(settings("Another size"));

        upload("size.png", Pictures.quarters(ImageFormat.PNG, 400, 200));

        assertThat(thumbnail("size.png").getWidth()).isEqualTo(100);
        assertThat(thumbnail("size.png").getHeight()).isEqualTo(50);
    }

    @Test
    void cardAndAvatar() throws Exception {
        start(settings("A card and an avatar"));

        upload("card.png", Pictures.quarters(ImageFormat.PNG, 800, 600));
        PIPELINE.awaitItem("card.png");

        assertRendition("resized-card.png", ImageFormat.PNG, 400, 300);
        assertRendition("card/card.png", ImageFormat.WEBP, 640, 480);
        assertRendition("avatars/card.png", ImageFormat.JPEG, 200, 200);
    }

    private static void assertRendition(String key, ImageFormat format, int width, int height) {
        byte[] file = PIPELINE.s3
                .getObjectAsBytes(request ->
                        request.bucket(PIPELINE.resources.thumbnails()).key(key))
                .asByteArray();
        assertThat(Pictures.format(file)).as(key).contains(format);
        BufferedImage image = Pictures.decode(file);
        assertThat(List.of(image.getWidth(), image.getHeight())).as(key).containsExactly(width, height);
    }

    @Test
    void webpForEverything() throws Exception {
        start(settings("WebP for everything"));

        for (ImageFormat format : Pictures.FORMATS) {
            upload("webp." + format, Pictures.quarters(format, 40, 60));
        }

        for (ImageFormat format : Pictures.FORMATS) {
            ResponseBytes<GetObjectResponse> thumbnail = PIPELINE.awaitThumbnail("webp." + format);
            assertThat(thumbnail.response().contentType()).isEqualTo("image/webp");
            assertThat(Pictures.format(thumbnail.asByteArray())).contains(ImageFormat.WEBP);
            assertThat(Pictures.decode(thumbnail.asByteArray()).getWidth()).isEqualTo(20);
        }
    }

    @Test
    void messageAfterEachThumbnail() throws Exception {
        String recipe = recipe("A message after each thumbnail");
        String queue = createQueue(recipe);
        start(insertion(recipe));

        upload("message.png", Pictures.quarters(ImageFormat.PNG, 20, 30));

        Message message = receive(queue, 1).get(0);
        assertThat(message.body()).isEqualTo("resized-message.png");
        assertThat(message.messageAttributes()).isEmpty();
        assertThat(PIPELINE.awaitItem("message.png")).containsKeys("thumbnailKey", "renditions");
        assertThat(thumbnail("message.png").getWidth()).isEqualTo(10);
    }

    @Test
    void afterEachRendition() throws Exception {
        String recipe = recipe("After each rendition");
        String queue = createQueue(recipe);
        Map<String, String> changes = new HashMap<>(settings("A card and an avatar"));
        changes.putAll(insertion(recipe));
        start(changes);

        upload("each.png", Pictures.quarters(ImageFormat.PNG, 20, 30));

        assertThat(receive(queue, 3))
                .extracting(Message::body)
                .containsExactlyInAnyOrder("resized-each.png", "card/each.png", "avatars/each.png");
        assertThat(PIPELINE.awaitItem("each.png").get("renditions").m())
                .containsOnlyKeys("thumbnail", "card", "avatar");
    }

    /** Creates the queue of a recipe, and returns its name. */
    private static String createQueue(String recipe) {
        Matcher queue = Pattern.compile("create-queue --queue-name (\\S+)").matcher(recipe);
        assertThat(queue.find()).isTrue();
        PIPELINE.sqs.createQueue(request -> request.queueName(queue.group(1)));
        return queue.group(1);
    }

    /** Waits until a queue has sent a number of messages. */
    private static List<Message> receive(String queue, int count) {
        List<Message> received = new ArrayList<>();
        Pipeline.await().until(() -> {
            received.addAll(PIPELINE.sqs
                    .receiveMessage(request -> request.queueUrl(PIPELINE.url(queue))
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All"))
                    .messages());
            return received.size() >= count;
        });
        return received;
    }

    @Test
    void stepBeforeAnUploadIsStored() throws Exception {
        String recipe = recipe("A step before an upload is stored");
        Path scans = directory.resolve("scans");
        Path scanner = directory.resolve("clamdscan");
        Files.writeString(
                scanner,
                "#!/bin/sh\nfor file; do :; done\necho \"$file\" >>" + scans + "\n! grep -q VIRUS \"$file\"\n");
        Files.setPosixFilePermissions(scanner, PosixFilePermissions.fromString("rwx------"));
        Path java = directory.resolve("VirusScanner.java");
        Files.writeString(java, block(recipe, "java").replace("\"clamdscan\"", "\"" + scanner + "\""));
        Map<String, String> changes = new HashMap<>(insertion(recipe));
        changes.merge("camel.main.routesIncludePattern", ",file:" + java, String::concat);
        start(changes);
        byte[] picture = Pictures.quarters(ImageFormat.PNG, 20, 30);

        upload("clean.png", picture);
        HttpResponse<String> virus = put("virus.txt", "VIRUS".getBytes(StandardCharsets.US_ASCII));
        HttpResponse<String> damaged = put("damaged.png", picture, "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");
        HttpRequest ofUnknownLength = HttpRequest.newBuilder(uri(PIPELINE.path("piped.png")))
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(picture)))
                .build();
        HttpResponse<String> piped =
                HttpClient.newHttpClient().send(ofUnknownLength, HttpResponse.BodyHandlers.ofString());

        assertThat(virus.statusCode()).isEqualTo(400);
        assertThat(virus.body()).contains("The file contains a virus");
        assertThat(damaged.statusCode()).isEqualTo(400);
        assertThat(piped.statusCode()).as(piped.body()).isEqualTo(200);
        assertThat(PIPELINE.original("clean.png")).isEqualTo(picture);
        assertThat(PIPELINE.original("piped.png")).isEqualTo(picture);
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("virus.txt", "damaged.png");
        assertThat(Files.readAllLines(scans)).hasSize(3).noneMatch(file -> Files.exists(Path.of(file)));
        Files.writeString(scanner, "#!/bin/sh\nexit 2\n");
        assertThat(put("unscanned.png", picture).statusCode()).isEqualTo(503);
    }

    @Test
    void anotherPrefix() throws Exception {
        start(settings("Another prefix"));

        upload("prefix.png", Pictures.quarters(ImageFormat.PNG, 20, 30));
        PIPELINE.awaitItem("prefix.png");
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()))
                .contains("small/prefix.png")
                .doesNotContain("resized-prefix.png");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("prefix.png"));

        Pipeline.await()
                .untilAsserted(() -> assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()))
                        .doesNotContain("small/prefix.png"));
    }

    @Test
    void anotherBucket() throws Exception {
        Map<String, String> settings = settings("Another bucket");
        String originals = settings.get("originals.bucket");
        String thumbnails = settings.get("thumbnails.bucket");
        PIPELINE.s3.createBucket(request -> request.bucket(originals));
        PIPELINE.s3.createBucket(request -> request.bucket(thumbnails));
        String command = block(recipe("Another bucket"), "sh");
        assertThat(command).contains("--bucket " + originals + " ");
        JsonObject queue = new JsonObject(command.substring(command.indexOf('{'), command.lastIndexOf('}') + 1))
                .getJsonArray("QueueConfigurations")
                .getJsonObject(0);
        String arn = PIPELINE.sqs
                .getQueueAttributes(request -> request.queueUrl(PIPELINE.url(PIPELINE.resources.events()))
                        .attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        QueueConfiguration subscription = QueueConfiguration.builder()
                .queueArn(arn)
                .events(queue.getJsonArray("Events").stream()
                        .map(event -> Event.fromValue(event.toString()))
                        .toList())
                .build();
        PIPELINE.s3.putBucketNotificationConfiguration(request -> request.bucket(originals)
                .notificationConfiguration(configuration -> configuration.queueConfigurations(List.of(subscription))));
        start(settings);

        HttpResponse<String> response = PIPELINE.put(
                Pipeline.port(application),
                "/dev/" + originals + "/bucket.png",
                Pictures.quarters(ImageFormat.PNG, 20, 30));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        PIPELINE.awaitItem("bucket.png");
        assertThat(PIPELINE.keys(thumbnails)).contains("resized-bucket.png");
    }

    @Test
    void behindNginx() throws Exception {
        Assumptions.assumeTrue(System.getenv("CI") != null || Files.isExecutable(NGINX), "nginx is not installed");
        start(Map.of());
        HttpClient client = HttpClient.newBuilder()
                .sslContext(certificate(directory))
                .version(HttpClient.Version.HTTP_2)
                .build();
        int port = FreePort.next();
        String server = block(recipe("Behind nginx or an ALB with TLS"), "nginx")
                .replace("listen 443 ", "listen 127.0.0.1:" + port + " ")
                .replace("thumbnails.example.com", "localhost")
                .replace("/etc/nginx/tls", directory.toString())
                .replace("127.0.0.1:8080", "127.0.0.1:" + Pipeline.port(application));
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                master_process off;
                pid nginx.pid;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                """ + server + "}\n");
        byte[] picture = Pictures.noise(ImageFormat.PNG, 1000, 800); // larger than nginx accepts by default
        try (Command nginx = Command.start(
                directory,
                Map.of(),
                List.of(NGINX.toString(), "-p", directory + "/", "-e", "stderr", "-c", configuration.toString()))) {
            Pipeline.await().ignoreExceptions().until(() -> {
                assertThat(nginx.output()).doesNotContain("[emerg]");
                new Socket("127.0.0.1", port).close();
                return true;
            });
            String api = "https://localhost:" + port;
            String odd = PIPELINE.path("a//b%2F+c.png");

            HttpResponse<String> stored = send(
                    client,
                    HttpRequest.newBuilder(URI.create(api + odd)).PUT(HttpRequest.BodyPublishers.ofByteArray(picture)));
            HttpResponse<String> piped = send(
                    client,
                    HttpRequest.newBuilder(URI.create(api + PIPELINE.path("nginx.png")))
                            .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(picture))));
            // Over HTTP/2, Java's client hangs after a response that comes before the end of the body. curl does not.
            HttpResponse<String> refused = send(
                    client,
                    HttpRequest.newBuilder(URI.create(api + "/dev/another-bucket/a.png"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(picture)));
            HttpResponse<String> status = send(
                    client, HttpRequest.newBuilder(URI.create(api + PIPELINE.path("nginx.png") + "?status&wait=30")));
            HttpResponse<String> waited = send(
                    client, HttpRequest.newBuilder(URI.create(api + PIPELINE.path("none.png") + "?status&wait=30")));

            assertThat(stored.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
            assertThat(PIPELINE.original("a//b%2F+c.png")).isEqualTo(picture);
            assertThat(piped.statusCode()).as(piped.body()).isEqualTo(200);
            assertThat(PIPELINE.original("nginx.png")).isEqualTo(picture);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("\"detail\"");
            assertThat(status.body()).contains("\"ready\"");
            assertThat(waited.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void behindGateway() throws Exception {
        start(Map.of("api.keyRequired", "true", "api.keys", "a-key-of-this-test"));
        byte[] picture = Pictures.quarters(ImageFormat.PNG, 20, 30);
        assertThat(put("gateway.png", picture).statusCode()).isEqualTo(401);
        application.stop();

        start(settings("Behind a gateway with OIDC"));

        assertThat(put("gateway.png", picture, "Authorization", "Bearer a.b.c", "Cookie", "_oauth2_proxy=a")
                        .statusCode())
                .isEqualTo(200);
        int managementPort = Integer.parseInt(
                application.getCamelContext().resolvePropertyPlaceholders("{{camel.management.port}}"));
        assertThat(PIPELINE.observe(managementPort, "health/live").statusCode()).isEqualTo(200);
        assertThat(PIPELINE.observe(Pipeline.port(application), "health/live").statusCode())
                .isGreaterThanOrEqualTo(400);
        assertThat(PIPELINE.put(managementPort, PIPELINE.path("around.png"), picture)
                        .statusCode())
                .isGreaterThanOrEqualTo(400);
        for (InetAddress address : otherAddresses()) {
            for (int port : List.of(managementPort, Pipeline.port(application))) {
                assertThatIOException().as("%s", address).isThrownBy(() -> new Socket(address, port).close());
            }
        }
    }

    private static List<InetAddress> otherAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }

    /** Makes a certificate for localhost in the two files that nginx reads, and a context that trusts it. */
    private static SSLContext certificate(Path directory) throws Exception {
        Path file = directory.resolve("key.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "nginx",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "password");
        try (Command created = Command.start(directory, Map.of(), command)) {
            assertThat(created.exitCode()).as(created.output()).isZero();
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "password".toCharArray());
        }
        pem(
                directory.resolve("fullchain.pem"),
                "CERTIFICATE",
                store.getCertificate("nginx").getEncoded());
        pem(
                directory.resolve("privkey.pem"),
                "PRIVATE KEY",
                store.getKey("nginx", "password".toCharArray()).getEncoded());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("nginx", store.getCertificate("nginx"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void pem(Path file, String type, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(content);
        Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void start(Map<String, String> changes) {
        application = PIPELINE.anotherApplication(changes);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + Pipeline.port(application) + path);
    }

    private HttpResponse<String> put(String key, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return PIPELINE.put(Pipeline.port(application), PIPELINE.path(key), body, headers);
    }

    private void upload(String key, byte[] body) throws IOException, InterruptedException {
        HttpResponse<String> response = put(key, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private static BufferedImage thumbnail(String key) {
        return Pictures.decode(PIPELINE.awaitThumbnail(key).asByteArray());
    }

    /** Returns the text below a heading. */
    private static String recipe(String heading) {
        Matcher section = Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)")
                .matcher(recipes);
        assertThat(section.find()).as(heading).isTrue();
        return section.group(1);
    }

    /** Returns the first code block of a language. */
    private static String block(String recipe, String language) {
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(recipe);
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    /** Returns the settings of a recipe. */
    private static Map<String, String> settings(String heading) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(block(recipe(heading), "properties")));
        Map<String, String> settings = new HashMap<>();
        properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        return settings;
    }

    /** Returns the settings that run a copy of the route file that a recipe names, with its steps inserted. */
    private Map<String, String> insertion(String recipe) throws IOException {
        Matcher place = Pattern.compile("\\(\\.\\./routes/([^)]*)\\), after the step `([a-z-]+)`:\n")
                .matcher(recipe);
        assertThat(place.find()).isTrue();
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("routes", place.group(1))));
        int id = 0;
        while (!lines.get(id).strip().equals("id: " + place.group(2))) {
            id++;
        }
        int step = indentation(lines.get(id)) - "    ".length(); // of its dash
        int end = id + 1;
        while (end < lines.size() && indentation(lines.get(end)) > step) {
            end++;
        }
        lines.addAll(end, block(recipe, "yaml").lines().toList());
        return routes(Map.of(place.group(1), String.join("\n", lines)));
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Returns the settings that run changed route files instead of those of the same name. */
    private Map<String, String> routes(Map<String, String> files) throws IOException {
        StringBuilder included = new StringBuilder("classpath:camel/*");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path changed = directory.resolve("changed-" + file.getKey());
            Files.writeString(changed, file.getValue());
            included.append(",file:").append(changed);
        }
        String excluded = "**/" + String.join(",**/", files.keySet());
        return Map.of(
                "camel.main.routesIncludePattern", included.toString(), "camel.main.routesExcludePattern", excluded);
    }
}
