// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.aws.OriginalBody;
import io.github.camelthumbnails.event.EventsPolling;
import io.github.camelthumbnails.event.EventsQueue;
import io.github.camelthumbnails.event.OutagePause;
import io.github.camelthumbnails.event.RetryBackoff;
import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.failure.NoteRemoval;
import io.github.camelthumbnails.failure.OutageLog;
import io.github.camelthumbnails.http.ApiKey;
import io.github.camelthumbnails.http.ConnectionBudget;
import io.github.camelthumbnails.http.HttpServers;
import io.github.camelthumbnails.http.HttpWorkers;
import io.github.camelthumbnails.http.KeyStatus;
import io.github.camelthumbnails.http.ObjectAddress;
import io.github.camelthumbnails.http.PageSettings;
import io.github.camelthumbnails.http.RequestRules;
import io.github.camelthumbnails.http.SecurityHeaders;
import io.github.camelthumbnails.http.StatusLookup;
import io.github.camelthumbnails.http.StatusWait;
import io.github.camelthumbnails.http.WebPage;
import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.image.Stage;
import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.MemoryBudget;
import io.github.camelthumbnails.observe.AccessLog;
import io.github.camelthumbnails.observe.Meters;
import io.github.camelthumbnails.observe.Observers;
import io.github.camelthumbnails.observe.Outcomes;
import io.github.camelthumbnails.observe.StageSpans;
import io.github.camelthumbnails.record.ThumbnailItem;
import io.github.camelthumbnails.record.ThumbnailUpdate;
import io.github.camelthumbnails.rendition.RenditionFactory;
import io.github.camelthumbnails.rendition.Renditions;
import io.github.camelthumbnails.upload.MultipartUpload;
import io.github.camelthumbnails.upload.UploadBody;
import io.github.camelthumbnails.upload.UploadSlots;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.PropertyInject;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.LifecycleStrategySupport;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Creates the beans that the routes refer to by name, configured by the settings in {@code application.properties}. */
public final class Beans implements CamelConfiguration {

    /** Maximum heap that one body needs on its way to S3: two chunks of the SDK and the buffers of two connections. */
    private static final int TRANSFER_BYTES = 512 * 1024;

    private final OutageLog outageLog = new OutageLog();

    private final HangingDecodes hangingDecodes = new HangingDecodes(Duration.ofSeconds(10));

    /** Binds the log of HTTP requests, and connects it with the server. Camel calls this once, but other methods twice. */
    @Override
    public void configure(CamelContext context) throws Exception {
        AccessLog log = new AccessLog(() -> context.getRegistry().lookupByNameAndType("meters", Meters.class));
        context.getRegistry().bind("accessLog", log);
        log.addTo(context);
    }

    /**
     * Creates Vert.x with the connection limits of both HTTP servers and the worker pool of the public one. A slow upload may
     * occupy a worker thread for long, so Vert.x warns of blocked threads only after a day.
     */
    @BindToRegistry(value = "vertx", lazy = true) // a destroyMethod would create it when an operator's command ends
    public Vertx vertx(
            CamelContext context,
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
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                vertx.close();
            }
        });
        int connections = ConnectionBudget.ofProcess(maxConnections).connections();
        return new HttpServers(
                (VertxInternal) vertx,
                managementPort,
                connections,
                ConnectionBudget.MAX_MANAGEMENT_CONNECTIONS,
                () -> Observers.run(() -> noteRefusedConnection(context, connections)),
                (request, status) -> context.getRegistry()
                        .lookupByNameAndType("accessLog", AccessLog.class)
                        .logAndCountInvalid(request, status));
    }

    /** Counts a connection that was answered with 503, and logs at most once a minute that there are too many. */
    private void noteRefusedConnection(CamelContext context, int maxConnections) {
        context.getRegistry().lookupByNameAndType("meters", Meters.class).connectionRefused();
        outageLog.warn(
                "connections",
                "Answered a connection with 503: each of the " + maxConnections
                        + " connections has a request in progress."
                        + " Start more processes, or raise http.maxConnections and the limit of open files");
    }

    /** Connects Camel to the HTTP server. Requests that wait for a status are handled by {@link StatusWait} without a thread. */
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
                apiKey,
                new ObjectAddress(stage, RenditionSettings.of(context).maxOriginalKeyBytes(), originals),
                requestRules);
        VertxPlatformHttpEngine engine = new VertxPlatformHttpEngine();
        engine.setHandlers(List.of(new StatusWait(context, checks, lookup)));
        return engine;
    }

    /** Creates the processor that adds security headers to every response. */
    @BindToRegistry("securityHeaders")
    public SecurityHeaders securityHeaders() {
        return new SecurityHeaders();
    }

    /** Creates the processor that rejects requests without a valid API key. */
    @BindToRegistry("apiKey")
    public ApiKey apiKey(@PropertyInject("api.keyRequired") String required, @PropertyInject("api.keys") String keys) {
        // StartUpChecks rejects values other than true and false.
        return new ApiKey(!required.equals("false"), apiKeys(keys));
    }

    /** Splits a list of API keys at its commas, and ignores spaces around them. */
    static List<String> apiKeys(String keys) {
        return Arrays.stream(keys.split(","))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toList();
    }

    /** Creates the processor that rejects requests for features that the API does not support. */
    @BindToRegistry("requestRules")
    public RequestRules requestRules() {
        return new RequestRules();
    }

    /** Creates the processor that reads the object key from the URL of an upload. Only the originals bucket is allowed. */
    @BindToRegistry(value = "uploadAddress", lazy = true) // created after StartUpChecks has checked the renditions
    public ObjectAddress uploadAddress(
            CamelContext context,
            @PropertyInject("api.stage") String stage,
            @PropertyInject("originals.bucket") String bucket) {
        return new ObjectAddress(stage, RenditionSettings.of(context).maxOriginalKeyBytes(), bucket);
    }

    /** Creates the processor that reads bucket and key from the URL of an object to download, an original or a thumbnail. */
    @BindToRegistry("objectAddress")
    public ObjectAddress objectAddress(
            @PropertyInject("api.stage") String stage,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("thumbnails.bucket") String thumbnails) {
        return new ObjectAddress(stage, ObjectAddress.MAX_KEY_BYTES, originals, thumbnails);
    }

    /** Creates the bean that builds the status response for an original. */
    @BindToRegistry("keyStatus")
    public KeyStatus keyStatus(
            @PropertyInject("api.stage") String stage, @PropertyInject("originals.bucket") String originals) {
        return new KeyStatus(stage, originals);
    }

    /** Creates the bean that serves the web pages. */
    @BindToRegistry(value = "webPage", lazy = true)
    public WebPage webPage(
            CamelContext context,
            @PropertyInject("api.stage") String stage,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("thumbnails.bucket") String thumbnails)
            throws IOException {
        List<String> renditions = RenditionSettings.of(context).presets().stream()
                .map(Preset::name)
                .toList();
        PageSettings settings =
                new PageSettings(name -> context.resolvePropertyPlaceholders("{{" + name + "}}"), renditions);
        return new WebPage(context, settings, stage, originals, thumbnails);
    }

    /** Creates the bean that receives the body of an upload. Bytes that have not been sent to S3 yet may use an eighth of the heap. */
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

    /** Creates the bean that stores large bodies of unknown length as multipart uploads. The parts in memory may use an eighth of the heap. */
    @BindToRegistry(value = "multipartUpload", lazy = true) // created after the AWS client is bound
    public MultipartUpload multipartUpload(
            S3Client s3, @PropertyInject("upload.minBytesPerSecond") int minBytesPerSecond) {
        long parts = Runtime.getRuntime().maxMemory() / 8 / MultipartUpload.PART_BYTES;
        return new MultipartUpload(s3, new UploadSlots(parts, minBytesPerSecond));
    }

    /** Creates the bean that reads an original from S3 into memory. */
    @BindToRegistry("originalBody")
    public OriginalBody originalBody(@PropertyInject("image.maxBytes") int maxBytes) {
        return new OriginalBody(maxBytes);
    }

    /** Creates the meters, in Camel's registry of metrics or, if metrics are switched off, in one that keeps nothing. */
    @BindToRegistry(value = "meters", lazy = true)
    public Meters meters(CamelContext context) {
        MeterRegistry registry = context.getRegistry().lookupByNameAndType("metricsRegistry", MeterRegistry.class);
        return new Meters(registry == null ? new CompositeMeterRegistry() : registry);
    }

    /** Creates the bean that logs and counts the outcomes of the events. */
    @BindToRegistry(value = "outcomes", lazy = true)
    public Outcomes outcomes(Meters meters) {
        return new Outcomes(meters);
    }

    /** Creates the bean that makes the renditions of an original. */
    @BindToRegistry(value = "renditions", lazy = true) // loading its native libraries would delay the start of uploads
    public RenditionFactory renditions(
            CamelContext context,
            Meters meters,
            @PropertyInject("image.maxPixels") long maxPixels,
            @PropertyInject("image.memoryPercent") int memoryPercent,
            @PropertyInject("image.timeoutSeconds") int timeoutSeconds,
            @PropertyInject("image.nativeCodec") boolean nativeCodec) {
        ImageLimits limits =
                new ImageLimits(maxPixels, MemoryBudget.ofProcess(memoryPercent), Duration.ofSeconds(timeoutSeconds));
        Renditions renditions = RenditionSettings.of(context);
        return new RenditionFactory(
                renditions,
                new Thumbnailer(
                        renditions.presets(),
                        new Codec.Options(nativeCodec),
                        limits,
                        hangingDecodes,
                        stageObserver(meters, StageSpans.of(context))));
    }

    /** Returns a consumer of stages that records them in metrics and traces. It never fails, so that no rendition is lost. */
    static Consumer<Stage> stageObserver(Meters meters, Consumer<Stage> spans) {
        return Observers.<Stage>guard(meters::stage).andThen(Observers.guard(spans));
    }

    /** Creates the bean that builds the table items of renditions. */
    @BindToRegistry(value = "thumbnailItem", lazy = true)
    public ThumbnailItem thumbnailItem(
            CamelContext context,
            @PropertyInject("thumbnails.table") String table,
            @PropertyInject("thumbnails.bucket") String bucket) {
        return new ThumbnailItem(table, bucket, RenditionSettings.of(context));
    }

    /** Creates the bean that decides whether a thumbnail belongs to the current original. */
    @BindToRegistry(value = "thumbnailUpdate", lazy = true) // created after the AWS client is bound
    public ThumbnailUpdate thumbnailUpdate(S3Client s3, @PropertyInject("originals.bucket") String originals) {
        return new ThumbnailUpdate(s3, originals);
    }

    /** Creates the bean that sets when SQS redelivers an event that could not be processed. */
    @BindToRegistry(value = "eventsQueue", lazy = true) // created after the AWS client is bound
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

    /** Creates the bean that records failures in the failures table. */
    @BindToRegistry(value = "failureNotes", lazy = true)
    public FailureNotes failureNotes(DynamoDbClient dynamoDb, @PropertyInject("failures.table") String table) {
        return new FailureNotes(dynamoDb, table);
    }

    /** Creates the bean that deletes the recorded failures of originals that are gone. */
    @BindToRegistry(value = "noteRemoval", lazy = true)
    public NoteRemoval noteRemoval(DynamoDbClient dynamoDb, @PropertyInject("failures.table") String table) {
        return new NoteRemoval(dynamoDb, table);
    }

    /** Creates the processor that counts immediate retries of events. */
    @BindToRegistry(value = "countRetry", lazy = true)
    public Processor countRetry(Meters meters) {
        return exchange -> Observers.run(meters::retry);
    }

    /** Creates the route policy that pauses the events consumer after several transient failures. */
    @BindToRegistry("pauseDuringOutage")
    public OutagePause pauseDuringOutage(
            @PropertyInject("events.pauseAfterFailures") int failures,
            @PropertyInject("events.pauseSeconds") int seconds) {
        return new OutagePause(failures, Duration.ofSeconds(seconds));
    }

    /** Provides the log for AWS outages, which logs each cause at most once a minute. */
    @BindToRegistry("outageLog")
    public OutageLog outageLog() {
        return outageLog;
    }

    /** Creates the poll strategy that tracks whether the events queue can be polled. */
    @BindToRegistry("eventsPolling")
    public EventsPolling eventsPolling() {
        return new EventsPolling(outageLog);
    }

    /** Provides the health check that is DOWN while a decode hangs. */
    @BindToRegistry("hangingDecodes")
    public HealthCheck hangingDecodes() {
        return hangingDecodes;
    }
}
