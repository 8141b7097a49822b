// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.aws.OriginalBody;
import io.github.camelthumbnails.event.EventsPolling;
import io.github.camelthumbnails.event.EventsQueue;
import io.github.camelthumbnails.event.OutagePause;
import io.github.camelthumbnails.event.RetryBackoff;
import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.failure.OutageLog;
import io.github.camelthumbnails.http.ApiKey;
import io.github.camelthumbnails.http.ConnectionBudget;
import io.github.camelthumbnails.http.HttpServers;
import io.github.camelthumbnails.http.HttpWorkers;
import io.github.camelthumbnails.http.KeyStatus;
import io.github.camelthumbnails.http.ObjectAddress;
import io.github.camelthumbnails.http.RequestRules;
import io.github.camelthumbnails.http.SecurityHeaders;
import io.github.camelthumbnails.http.StatusLookup;
import io.github.camelthumbnails.http.StatusWait;
import io.github.camelthumbnails.http.WebPage;
import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.record.ThumbnailUpdate;
import io.github.camelthumbnails.upload.MultipartUpload;
import io.github.camelthumbnails.upload.UploadBody;
import io.github.camelthumbnails.upload.UploadSlots;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.PropertyInject;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.health.HealthCheck;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the routes call by name, made from the settings in {@code application.properties}. */
public final class Beans implements CamelConfiguration {

    /** What a body on its way to S3 holds at most: the SDK's chunk, twice, and the buffers of two connections. */
    private static final int TRANSFER_BYTES = 512 * 1024;

    private final OutageLog outageLog = new OutageLog();

    private final HangingDecodes hangingDecodes = new HangingDecodes(Duration.ofSeconds(10));

    /** The HTTP servers with their limits, and the threads of the public one. A slow upload may hold one for as long as it likes. */
    @BindToRegistry(value = "vertx", lazy = true, destroyMethod = "close")
    public Vertx vertx(
            @PropertyInject("http.workers") int workers,
            @PropertyInject("http.maxConnections") int maxConnections,
            @PropertyInject("camel.management.port") int managementPort) {
        VertxOptions options = new VertxOptions()
                .setWorkerPoolSize(workers)
                .setMaxWorkerExecuteTimeUnit(TimeUnit.DAYS)
                .setMaxWorkerExecuteTime(1);
        Vertx vertx = new VertxBuilder(options)
                .executorServiceFactory(new HttpWorkers())
                .init()
                .vertx();
        return new HttpServers(
                (VertxInternal) vertx,
                managementPort,
                ConnectionBudget.ofProcess(maxConnections).connections(),
                ConnectionBudget.MANAGEMENT_CONNECTIONS);
    }

    /** Camel's connection to the HTTP server, which lets the requests that wait for a status pass through {@link StatusWait} first. */
    @BindToRegistry(value = PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, lazy = true)
    public VertxPlatformHttpEngine httpEngine(
            CamelContext context,
            ApiKey apiKey,
            KeyStatus keyStatus,
            RequestRules requestRules,
            S3Client s3,
            DynamoDbClient dynamoDb,
            @PropertyInject("api.stage") String stage,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("thumbnails.table") String thumbnailsTable,
            @PropertyInject("failures.table") String failuresTable) {
        StatusLookup lookup = new StatusLookup(s3, dynamoDb, originals, thumbnailsTable, failuresTable, keyStatus);
        List<Processor> checks = List.of(
                apiKey, new ObjectAddress(stage, ObjectAddress.MAX_ORIGINAL_KEY_BYTES, originals), requestRules);
        VertxPlatformHttpEngine engine = new VertxPlatformHttpEngine();
        engine.setHandlers(List.of(new StatusWait(context, checks, lookup)));
        return engine;
    }

    /** What every answer says to browsers. */
    @BindToRegistry("securityHeaders")
    public SecurityHeaders securityHeaders() {
        return new SecurityHeaders();
    }

    /** Asks for an API key. */
    @BindToRegistry("apiKey")
    public ApiKey apiKey(@PropertyInject("api.keyRequired") String required, @PropertyInject("api.keys") String keys) {
        return new ApiKey(
                !required.equals("false"), apiKeys(keys)); // StartUpChecks says what is wrong with another word
    }

    /** The keys of a list, which has commas and perhaps spaces between them. */
    static List<String> apiKeys(String keys) {
        return Arrays.stream(keys.split(","))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toList();
    }

    /** Rejects requests that ask for something the API does not do. */
    @BindToRegistry("requestRules")
    public RequestRules requestRules() {
        return new RequestRules();
    }

    /** Reads the object key from the address of an upload. */
    @BindToRegistry("uploadAddress")
    public ObjectAddress uploadAddress(
            @PropertyInject("api.stage") String stage, @PropertyInject("originals.bucket") String bucket) {
        return new ObjectAddress(stage, ObjectAddress.MAX_ORIGINAL_KEY_BYTES, bucket);
    }

    /** Reads bucket and object key from the address of what is to be read. */
    @BindToRegistry("objectAddress")
    public ObjectAddress objectAddress(
            @PropertyInject("api.stage") String stage,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("thumbnails.bucket") String thumbnails) {
        return new ObjectAddress(stage, ObjectAddress.MAX_KEY_BYTES, originals, thumbnails);
    }

    /** Tells the status of an original. */
    @BindToRegistry("keyStatus")
    public KeyStatus keyStatus(
            @PropertyInject("api.stage") String stage, @PropertyInject("originals.bucket") String originals) {
        return new KeyStatus(stage, originals);
    }

    /** Serves the page. */
    @BindToRegistry(value = "webPage", lazy = true)
    public WebPage webPage(
            CamelContext context,
            @PropertyInject("api.stage") String stage,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("thumbnails.bucket") String thumbnails)
            throws IOException {
        return new WebPage(context, stage, originals, thumbnails);
    }

    /** Receives the body of an upload. What is received before it goes to S3 may take an eighth of the heap. */
    @BindToRegistry("uploadBody")
    public UploadBody uploadBody(
            @PropertyInject("upload.maxBytes") long maxBytes,
            @PropertyInject("upload.idleSeconds") int idleSeconds,
            @PropertyInject("upload.maxConcurrent") int maxConcurrent,
            @PropertyInject("upload.minBytesPerSecond") int minBytesPerSecond,
            @PropertyInject("http.maxConnections") int maxConnections) {
        int uploads = ConnectionBudget.ofProcess(maxConnections).uploads(maxConcurrent);
        return new UploadBody(
                maxBytes,
                Duration.ofSeconds(idleSeconds),
                new UploadSlots(uploads, minBytesPerSecond),
                new UploadSlots(Runtime.getRuntime().maxMemory() / 4 / TRANSFER_BYTES, minBytesPerSecond),
                Runtime.getRuntime().maxMemory() / 8);
    }

    /** Stores large bodies of unknown length. The parts in memory may take an eighth of the heap, or at least one. */
    @BindToRegistry(value = "multipartUpload", lazy = true) // when the client is bound
    public MultipartUpload multipartUpload(
            S3Client s3, @PropertyInject("upload.minBytesPerSecond") int minBytesPerSecond) {
        long parts = Runtime.getRuntime().maxMemory() / 8 / MultipartUpload.PART_BYTES;
        return new MultipartUpload(s3, new UploadSlots(parts, minBytesPerSecond));
    }

    /** Reads the bytes of an original. */
    @BindToRegistry("originalBody")
    public OriginalBody originalBody(@PropertyInject("image.maxBytes") int maxBytes) {
        return new OriginalBody(maxBytes);
    }

    /** Makes the thumbnails. */
    @BindToRegistry(value = "thumbnailer", lazy = true) // its native libraries take time that uploads need not wait for
    public Thumbnailer thumbnailer(
            @PropertyInject("thumbnail.scale") String scale,
            @PropertyInject("thumbnail.quality") double quality,
            @PropertyInject("thumbnail.format") String format,
            @PropertyInject("image.maxPixels") long maxPixels,
            @PropertyInject("image.memoryPercent") int memoryPercent,
            @PropertyInject("image.timeoutSeconds") int timeoutSeconds,
            @PropertyInject("image.nativeCodec") boolean nativeCodec) {
        ImageLimits limits = new ImageLimits(
                maxPixels, Runtime.getRuntime().maxMemory() / 100 * memoryPercent, Duration.ofSeconds(timeoutSeconds));
        return new Thumbnailer(
                format,
                new Scale(new BigDecimal(scale)),
                new Codec.Options(quality, nativeCodec),
                limits,
                hangingDecodes);
    }

    /** Decides whether a thumbnail belongs to the present original. */
    @BindToRegistry(value = "thumbnailUpdate", lazy = true) // when the client is bound
    public ThumbnailUpdate thumbnailUpdate(S3Client s3, @PropertyInject("originals.bucket") String originals) {
        return new ThumbnailUpdate(s3, originals);
    }

    /** Leaves events on their queue that cannot be processed yet. */
    @BindToRegistry(value = "eventsQueue", lazy = true) // when the client is bound
    public EventsQueue eventsQueue(
            CamelContext context,
            SqsClient sqs,
            @PropertyInject("events.backoffSeconds") int first,
            @PropertyInject("events.maxBackoffSeconds") int max,
            @PropertyInject("events.visibilityTimeout") int visibilityTimeout) {
        return new EventsQueue(
                sqs,
                context.resolvePropertyPlaceholders("{{events.queue.url:{{events.queue.name}}}}"),
                new RetryBackoff(Duration.ofSeconds(first), Duration.ofSeconds(max)),
                visibilityTimeout);
    }

    /** Notes failures in their table. */
    @BindToRegistry(value = "failureNotes", lazy = true)
    public FailureNotes failureNotes(DynamoDbClient dynamoDb, @PropertyInject("failures.table") String table) {
        return new FailureNotes(dynamoDb, table);
    }

    /** Stops receiving events for a while after several transient failures, so that an outage does not use up receives. */
    @BindToRegistry("pauseDuringOutage")
    public OutagePause pauseDuringOutage(
            @PropertyInject("events.pauseAfterFailures") int failures,
            @PropertyInject("events.pauseSeconds") int seconds) {
        return new OutagePause(failures, Duration.ofSeconds(seconds));
    }

    /** Logs outages of AWS at most once a minute for each cause. */
    @BindToRegistry("outageLog")
    public OutageLog outageLog() {
        return outageLog;
    }

    /** Follows the polls of the events queue. */
    @BindToRegistry("eventsPolling")
    public EventsPolling eventsPolling() {
        return new EventsPolling(outageLog);
    }

    /** Watches decodes that do not end. */
    @BindToRegistry("hangingDecodes")
    public HealthCheck hangingDecodes() {
        return hangingDecodes;
    }
}
