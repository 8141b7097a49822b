// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.camelthumbnails.aws.AwsClients;
import io.github.camelthumbnails.operate.QueueAges.Age;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MessageData;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;

class QueueAgesTest {

    private static final List<QueueDepths.State> ALL_HAVE_MESSAGES =
            List.of(state("events", 3, 0), state("failures", 0, 1), state("dead", 1, 0));

    private final List<GetMetricDataRequest> asked = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private Function<String, MetricDataResult.Builder> results =
            id -> MetricDataResult.builder().values(120.4, 60.0);
    private volatile Waiting beforeAnswer = () -> {};

    /** Runs before each response of CloudWatch. */
    private interface Waiting {
        void run() throws InterruptedException;
    }

    @Test
    void agesAreTheNewestValuesOfTheMetric() {
        assertThat(ages(this::fake).of(ALL_HAVE_MESSAGES))
                .isEqualTo(Map.of("events", age(120L), "failures", age(120L), "dead", age(120L)));

        GetMetricDataRequest request = asked.get(0);
        assertThat(request.scanByAsString()).isEqualTo("TimestampDescending");
        assertThat(Duration.between(request.startTime(), request.endTime())).isEqualTo(Duration.ofMinutes(10));
        assertThat(request.metricDataQueries())
                .extracting(query -> query.metricStat().metric().namespace() + " "
                        + query.metricStat().metric().metricName() + " "
                        + query.metricStat().metric().dimensions().get(0).name() + "="
                        + query.metricStat().metric().dimensions().get(0).value() + " "
                        + query.metricStat().stat() + "/" + query.metricStat().period())
                .containsExactly(
                        "AWS/SQS ApproximateAgeOfOldestMessage QueueName=image-events Maximum/60",
                        "AWS/SQS ApproximateAgeOfOldestMessage QueueName=image-failures Maximum/60",
                        "AWS/SQS ApproximateAgeOfOldestMessage QueueName=image-events-dead Maximum/60");
    }

    @Test
    void cloudWatchIsAskedOnceInAMinute() {
        QueueAges ages = ages(this::fake);

        ages.of(ALL_HAVE_MESSAGES);
        nanos.addAndGet(Duration.ofMillis(59_999).toNanos());
        ages.of(ALL_HAVE_MESSAGES);
        assertThat(asked).hasSize(1);

        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        ages.of(ALL_HAVE_MESSAGES);
        assertThat(asked).hasSize(2);
    }

    @Test
    void emptyQueuesHaveNoAge() {
        assertThat(ages(this::fake).of(List.of(state("events", 0, 0), state("failures", 0, 0))))
                .isEqualTo(Map.of("events", age(null), "failures", age(null)));
        assertThat(asked)
                .as("a request for empty queues costs, and says nothing")
                .isEmpty();

        assertThat(ages(this::fake).of(List.of(state("events", 0, 0), new QueueDepths.State("dead", null, "unknown"))))
                .isEqualTo(Map.of("events", age(null), "dead", age(120L)));
    }

    @Test
    void missingValueIsUnknown() {
        results = id -> id.equals("dead")
                ? MetricDataResult.builder()
                        .messages(MessageData.builder()
                                .code("Forbidden")
                                .value("not for you")
                                .build())
                : MetricDataResult.builder();

        Map<String, Age> ages = ages(this::fake).of(ALL_HAVE_MESSAGES);

        assertThat(ages.get("events").seconds()).isNull();
        assertThat(ages.get("events").problem()).startsWith("CloudWatch has no value of the last 10 minutes.");
        assertThat(ages.get("dead")).isEqualTo(new Age(null, "CloudWatch: not for you"));
    }

    @Test
    void missingPermissionMakesTheAgesUnknownForAMinute() {
        beforeAnswer = () -> {
            throw CloudWatchException.builder()
                    .message("not authorized to perform: cloudwatch:GetMetricData")
                    .build();
        };
        QueueAges ages = ages(this::fake);

        assertThat(ages.of(ALL_HAVE_MESSAGES).values())
                .hasSize(3)
                .containsOnly(new Age(null, "CloudWatch: not authorized to perform: cloudwatch:GetMetricData"));
        ages.of(ALL_HAVE_MESSAGES);
        assertThat(asked).hasSize(1);

        beforeAnswer = () -> {};
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(ages.of(ALL_HAVE_MESSAGES).get("dead")).isEqualTo(age(120L));
    }

    @Test
    @Timeout(60)
    void othersAreToldWhatWasKnownWhileOneWaitsForCloudWatch() throws Exception {
        QueueAges ages = ages(this::fake);
        ages.of(ALL_HAVE_MESSAGES);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        results = id -> MetricDataResult.builder().values(7.0);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        beforeAnswer = () -> {
            waiting.countDown();
            answer.await();
        };
        Thread first = new Thread(() -> ages.of(ALL_HAVE_MESSAGES));
        first.start();
        waiting.await();

        assertThat(ages.of(ALL_HAVE_MESSAGES).get("dead")).isEqualTo(age(120L));

        answer.countDown();
        first.join();
        assertThat(ages.of(ALL_HAVE_MESSAGES).get("dead")).isEqualTo(age(7L));
    }

    /** Emulators respond like this. */
    @ParameterizedTest
    @CsvSource({
        "1, 404, application/xml, <Error><Code>NoSuchBucket</Code><Message>none</Message></Error>",
        "1, 501, text/plain, Service 'cloudwatch' is not enabled",
        "3, 200, text/html, <html></html>",
        "1, 200, application/cbor, ''",
    })
    void emulatorWithoutCloudWatchMakesTheAgesUnknown(int attempts, int status, String type, String body)
            throws Exception {
        AtomicLong requests = new AtomicLong();
        HttpServer emulator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        emulator.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        emulator.start();
        try (CloudWatchClient client = client(emulator.getAddress().getPort())) {
            assertThat(ages(() -> client).of(ALL_HAVE_MESSAGES)).hasSize(3).allSatisfy((name, age) -> {
                assertThat(age.seconds()).isNull();
                assertThat(age.problem()).startsWith("CloudWatch");
            });
            assertThat(requests).as("more would delay the answer").hasValue(attempts);
        } finally {
            emulator.stop(0);
        }
    }

    @Test
    @Timeout(60)
    void answerThatDoesNotComeMakesTheAgesUnknown() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                CloudWatchClient client = client(silent.getLocalPort())) {
            assertThat(ages(() -> client).of(ALL_HAVE_MESSAGES).get("events").problem())
                    .contains("3000 millis");
        }
    }

    @Test
    void refusedConnectionMakesTheAgesUnknown() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        try (CloudWatchClient client = client(port)) {
            assertThat(ages(() -> client).of(ALL_HAVE_MESSAGES).get("events").problem())
                    .contains("refused");
        }
    }

    private static CloudWatchClient client(int port) {
        return new AwsClients().cloudWatch(new DefaultCamelContext(), "ap-northeast-2", "http://127.0.0.1:" + port, 30);
    }

    private static QueueDepths.State state(String name, long waiting, long inFlight) {
        return new QueueDepths.State(name, new QueueDepth(name, waiting, inFlight, 0), null);
    }

    private static Age age(Long seconds) {
        return new Age(seconds, null);
    }

    private QueueAges ages(Supplier<CloudWatchClient> client) {
        Map<String, String> queues = new LinkedHashMap<>();
        queues.put("events", "image-events");
        queues.put("failures", "https://sqs.ap-northeast-2.amazonaws.com/123456789012/image-failures");
        queues.put("dead", "arn:aws:sqs:ap-northeast-2:123456789012:image-events-dead");
        return new QueueAges(client, queues, nanos::get);
    }

    @SuppressWarnings("unchecked")
    private CloudWatchClient fake() {
        return (CloudWatchClient) Proxy.newProxyInstance(
                CloudWatchClient.class.getClassLoader(),
                new Class<?>[] {CloudWatchClient.class},
                (proxy, method, arguments) -> {
                    GetMetricDataRequest.Builder builder = GetMetricDataRequest.builder();
                    ((Consumer<GetMetricDataRequest.Builder>) arguments[0]).accept(builder);
                    GetMetricDataRequest request = builder.build();
                    asked.add(request);
                    beforeAnswer.run();
                    return GetMetricDataResponse.builder()
                            .metricDataResults(request.metricDataQueries().stream()
                                    .map(MetricDataQuery::id)
                                    .map(id -> results.apply(id).id(id).build())
                                    .toList())
                            .build();
                });
    }
}
