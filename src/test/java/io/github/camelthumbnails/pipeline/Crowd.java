// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.util.FileUtil;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Simulates very many parallel clients and prints their results. The application runs in a separate process; local AWS
 * runs in this one.
 *
 * <p>{@code Crowd waiters 1000} sends 1000 requests that wait for a status, half of them for the same key, the others
 * for different keys. {@code Crowd connections 5000 3000 1024} opens 5000 idle and 3000 half-open connections to an
 * application with a limit of 1024 open files, and reopens them when they are closed. Linux only.
 */
public final class Crowd {

    private static final int ATTACK_SECONDS = 60;

    private static final Pipeline PIPELINE =
            new Pipeline().withoutApplication().with("app.roles", "upload").with("events.waitTimeSeconds", "1");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Crowd() {}

    /** Runs a simulation. The arguments are those described above. */
    public static void main(String[] args) throws Exception {
        PIPELINE.beforeAll(null);
        Path directory = Files.createTempDirectory("crowd");
        String descriptors = args[0].equals("connections") ? args[3] : "unlimited";
        List<String> limited =
                List.of("bash", "-c", "ulimit -n " + descriptors + " 2>/dev/null; exec \"$@\"", "application");
        try (Command application = Command.java(
                directory,
                PIPELINE.environment(),
                limited,
                List.of("-cp", System.getProperty("java.class.path"), "io.github.camelthumbnails.App"))) {
            Pipeline.await()
                    .ignoreExceptions()
                    .until(() -> PIPELINE.observe("health/ready").contains("\"UP\""));
            if (args[0].equals("waiters")) {
                new Crowd().waiters(Integer.parseInt(args[1]));
            } else {
                new Crowd().connections(application, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            }
            application.output().lines().filter(line -> line.contains(" WARN ")).forEach(System.out::println);
        } finally {
            FileUtil.removeDir(directory.toFile());
            PIPELINE.afterAll(null);
        }
        System.exit(0);
    }

    private void waiters(int count) throws Exception {
        List<String> keys = new ArrayList<>();
        keys.add("one");
        for (int i = 0; i < count / 2; i++) {
            keys.add("key" + i);
        }
        keys.forEach(key -> PIPELINE.store(key, new byte[] {1}));
        Map<String, Long> finished = new ConcurrentHashMap<>();
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < count / 2; i++) {
            for (String key : List.of("one", "key" + i)) {
                waiting.add(http.sendAsync(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PIPELINE.httpPort
                                                + PIPELINE.path(key) + "?status&wait=30"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .thenApply(response -> response.body().contains("failed")
                                ? System.nanoTime() - finished.get(key)
                                : Long.MAX_VALUE));
            }
        }
        Awaitility.await().pollDelay(Duration.ofSeconds(8)).until(() -> true); // until all requests have arrived
        long early = waiting.stream().filter(CompletableFuture::isDone).count();
        for (String key : keys) {
            finished.put(key, System.nanoTime()); // slightly early
            finish(key);
        }
        List<Double> seconds = new ArrayList<>();
        waiting.forEach(answer -> seconds.add(answer.join() / 1e9));
        Collections.sort(seconds);
        System.out.printf(
                "%d waiters, %d answered too early; seconds after the change: median %.2f, 99 %% %.2f, longest %.2f%n",
                waiting.size(),
                early,
                seconds.get(seconds.size() / 2),
                seconds.get(seconds.size() * 99 / 100),
                seconds.get(seconds.size() - 1));
    }

    private static void finish(String key) {
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS(key),
                        "eTag", AttributeValue.fromS("55a54008ad1ba589aa210d2629c1df41"), // MD5 of one byte 1
                        "reason", AttributeValue.fromS("Test"),
                        "error", AttributeValue.fromS("none"),
                        "failedAt", AttributeValue.fromS("2026-11-27T00:00:00Z"))));
    }

    private void connections(Command application, int idle, int halfOpen) throws Exception {
        PIPELINE.store("wanted", new byte[] {1});
        List<Thread> attackers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean half = i < 3;
            int share = half ? halfOpen / 3 : idle / 5;
            Thread attacker = new Thread(() -> attack(share, half));
            attacker.setDaemon(true);
            attacker.start();
            attackers.add(attacker);
        }
        Map<String, Integer> answers = new TreeMap<>();
        Map<String, Double> longest = new TreeMap<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ATTACK_SECONDS);
        long maxFiles = 0;
        while (System.nanoTime() < end) {
            ask("public", PIPELINE.httpPort, PIPELINE.path("wanted"), answers, longest);
            ask("health", PIPELINE.managementPort, "/observe/health/live", answers, longest);
            maxFiles = Math.max(maxFiles, files(application));
        }
        attackers.forEach(Thread::interrupt);
        System.out.println("Answers: " + answers + ", longest in seconds: " + longest + ", files at most: " + maxFiles);
    }

    private static long files(Command application) throws IOException {
        try (var files = Files.list(Path.of("/proc/" + application.pid() + "/fd"))) {
            return files.count();
        }
    }

    private static void ask(
            String what, int port, String path, Map<String, Integer> answers, Map<String, Double> longest) {
        long before = System.nanoTime();
        String answer;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            answer = e.getClass().getSimpleName();
        }
        answers.merge(what + " " + answer, 1, Integer::sum);
        longest.merge(what, (System.nanoTime() - before) / 1e9, Math::max);
    }

    /** Keeps a number of connections open. */
    private static void attack(int count, boolean half) {
        List<SocketChannel> channels = new ArrayList<>();
        ByteBuffer scratch = ByteBuffer.allocate(100);
        try {
            while (!Thread.interrupted()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                channels.removeIf(channel -> isClosed(channel, scratch));
                for (int i = 0; i < 200 && channels.size() < count; i++) {
                    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", PIPELINE.httpPort));
                    if (half) {
                        channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII)));
                    }
                    channel.configureBlocking(false);
                    channels.add(channel);
                }
            }
        } catch (IOException e) {
            System.out.println("An attacker gave up: " + e);
        }
    }

    private static boolean isClosed(SocketChannel channel, ByteBuffer scratch) {
        try {
            scratch.clear();
            if (channel.read(scratch) >= 0) {
                return false;
            }
            channel.close();
        } catch (IOException e) {
            // Connection reset.
        }
        return true;
    }
}
