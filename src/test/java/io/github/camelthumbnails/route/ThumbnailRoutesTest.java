// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.route;

import static org.apache.camel.builder.AdviceWith.adviceWith;
import static org.apache.camel.builder.Builder.method;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.event.EventMessage;
import io.github.camelthumbnails.event.NotAnS3EventException;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.observe.CapturedLog;
import io.github.camelthumbnails.record.ThumbnailUpdate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The routes from the event to the thumbnail, with mocks in the place of the steps that call AWS. */
@Timeout(60) // what would be tried for ever fails
class ThumbnailRoutesTest extends CamelMainTestSupport {

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 20, 10);

    private MockEndpoint get;
    private MockEndpoint put;
    private MockEndpoint item;
    private MockEndpoint failure;
    private final HeadOnly s3 = new HeadOnly();
    private final CapturedLog outcomes = new CapturedLog("outcomes");
    private boolean isLastReceive;
    private boolean reports = true;
    private String mark = "mark";

    /** The client of the step that looks at the original once more. */
    private static final class HeadOnly implements S3Client {

        private final List<String> keys = new ArrayList<>();
        private Supplier<String> eTag;
        private long size = PHOTO.length;

        @Override
        public HeadObjectResponse headObject(HeadObjectRequest request) {
            keys.add(request.key());
            String found = eTag.get();
            if (found == null) {
                throw NoSuchKeyException.builder().statusCode(404).build();
            }
            return HeadObjectResponse.builder().eTag(found).contentLength(size).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    @Override
    protected Class<?> getMainClass() {
        return App.class;
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withUseAdviceWith(true);
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        Properties properties = new Properties();
        properties.put("app.roles", "thumbnail");
        properties.put("aws.endpoint", "http://127.0.0.1:1"); // nobody is there
        properties.put("events.retryDelay", "1");
        properties.put("camel.server.enabled", "false");
        properties.put("camel.management.enabled", "false");
        configuration.withUseOverridePropertiesWithPropertiesComponent(properties);
    }

    @BeforeEach
    void replaceAws() throws Exception {
        ThumbnailUpdate update = new ThumbnailUpdate(s3, "originals");
        adviceWith(context, "receive-image-events", route -> {
            route.replaceFromWith("direct:events");
            route.weaveById("hide-longer").remove();
            route.weaveById("check-last-receive").replace().setProperty("lastReceive", method(this, "isLastReceive"));
            route.weaveById("delay-event").replace().to("mock:delay");
        });
        adviceWith(context, "create-thumbnail", route -> {
            route.weaveById("get-original").replace().to("mock:get");
            route.weaveById("put-rendition").replace().to("mock:put");
            route.weaveById("put-item").replace().to("mock:item");
        });
        adviceWith(context, "remove-thumbnail", route -> {
            route.weaveById("start-removal")
                    .replace()
                    .to("mock:start-removal")
                    .process(exchange -> exchange.getMessage()
                            .setBody(UpdateItemResponse.builder()
                                    .attributes(Map.of("thumbnailKey", AttributeValue.fromS("old-key")))
                                    .build()));
            route.weaveById("delete-rendition").replace().to("mock:delete-rendition");
            route.weaveById("delete-item").replace().to("mock:delete-item");
        });
        adviceWith(context, "report-failure", route -> {
            route.weaveById("claim-failure").replace().setProperty("reports", method(this, "reports"));
            route.weaveById("send-failure").replace().to("mock:failure");
            route.weaveById("mark-reported").replace().to("mock:reported");
            route.weaveById("look-again").replace().setProperty("gone", method(update, "isGone"));
        });
        adviceWith(context, "forget-failure", route -> {
            route.weaveById("look-for-original").replace().setProperty("gone", method(update, "isGone"));
            route.weaveById("mark-note").replace().setProperty("removal", method(this, "mark"));
            route.weaveById("delete-note").replace().to("mock:delete-note");
        });
        adviceWith(context, "update-thumbnail", route -> {
            route.weaveById("compare-original").replace().process(update::compareOriginal);
            route.weaveById("delete-obsolete-rendition").replace().to("mock:delete-obsolete");
            route.weaveById("claim-item").replace().to("mock:claim");
        });
        context.start();
        get = getMockEndpoint("mock:get");
        put = getMockEndpoint("mock:put");
        item = getMockEndpoint("mock:item");
        failure = getMockEndpoint("mock:failure");
        original(() -> new ByteArrayInputStream(PHOTO));
        head(() -> "\"e1\"");
    }

    @AfterEach
    void closeLog() {
        outcomes.close();
    }

    /** Sets the entity tag of the original when it is looked at once more; null if it is gone. */
    private void head(Supplier<String> eTag) {
        s3.eTag = eTag;
    }

    /** What S3 answers: these bytes and the headers of an original that has everything. */
    private void original(Supplier<InputStream> bytes) {
        get.whenAnyExchangeReceived(exchange -> {
            Message message = exchange.getMessage();
            message.setBody(bytes.get());
            message.setHeader("CamelAwsS3ETag", "\"e1\"");
            message.setHeader("CamelAwsS3ContentLength", (long) PHOTO.length);
            message.setHeader("CamelAwsS3StorageClass", "GLACIER_IR");
            message.setHeader("CamelAwsS3Metadata", Map.of("owner", "me"));
            message.setHeader("CamelAwsS3ContentDisposition", "attachment");
        });
    }

    /** Called by the route instead of the queue. */
    public boolean isLastReceive() {
        return isLastReceive;
    }

    /** Called by the route instead of the failures table. */
    public boolean reports() {
        return reports;
    }

    /** Called by the route instead of the failures table. */
    public String mark() {
        return mark;
    }

    @Test
    void everyRouteHasAnIdAndADescription() {
        assertThat(context.getRouteDefinitions())
                .extracting(RouteDefinition::getRouteId)
                .containsExactlyInAnyOrder(
                        "receive-image-events",
                        "update-thumbnail",
                        "create-thumbnail",
                        "remove-thumbnail",
                        "forget-failure",
                        "report-failure");
        assertThat(context.getRouteDefinitions())
                .allSatisfy(route -> assertThat(route.getDescriptionText()).isNotBlank());
    }

    @Test
    void thumbnailIsSentWithoutTheOriginalsHeaders() throws Exception {
        put.expectedMessageCount(1);
        item.expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a ${env:HOME}.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        Message sent = put.getExchanges().get(0).getMessage();
        assertThat(sent.getHeaders())
                .containsOnlyKeys("CamelAwsS3ContentType", "CamelAwsS3ContentControl", "CamelAwsS3Metadata");
        assertThat(sent.getHeader("CamelAwsS3ContentType")).isEqualTo("image/jpeg");
        assertThat(Pictures.decode(sent.getBody(byte[].class)).getWidth()).isEqualTo(10);
        assertThat(sent.getHeader("CamelAwsS3Metadata"))
                .isEqualTo(Map.of("source-etag", "e1", "source-key", "a%20%24%7Benv%3AHOME%7D.jpg"));
        Map<String, AttributeValue> written = item.getExchanges()
                .get(0)
                .getMessage()
                .getBody(PutItemRequest.class)
                .item();
        assertThat(written.get("name")).isEqualTo(AttributeValue.fromS("a ${env:HOME}.jpg"));
        assertThat(written.get("sourceETag")).isEqualTo(AttributeValue.fromS("e1"));
    }

    @Test
    void transientFailureIsTriedAgain() throws Exception {
        int[] calls = new int[1];
        put.whenAnyExchangeReceived(exchange -> {
            if (++calls[0] < 3) {
                throw SdkClientException.create("connection refused");
            }
        });
        get.expectedMessageCount(3);
        put.expectedMessageCount(3);
        item.expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "created");
    }

    @Test
    void objectWhoseBytesBreakOffIsReadAgain() throws Exception {
        int[] calls = new int[1];
        original(() -> ++calls[0] < 3 ? breakingOff(PHOTO) : new ByteArrayInputStream(PHOTO));
        get.expectedMessageCount(3);
        put.expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void objectThatCannotBeReadToItsEndIsNoCorruptImage() throws Exception {
        isLastReceive = true;
        original(() -> breakingOff(PHOTO));
        get.expectedMessageCount(4);
        failure.expectedBodiesReceived("a.jpg");

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(failure.getExchanges().get(0).getMessage().getHeader("reason"))
                .isEqualTo("ServiceUnavailable");
        assertThat(failure.getExchanges().get(0).getMessage().getHeader("error"))
                .isEqualTo("Connection reset");
    }

    @Test
    void eventStaysOnTheQueueWhileAwsFails() throws Exception {
        item.whenAnyExchangeReceived(exchange -> {
            throw SdkClientException.create("connection refused");
        });
        item.expectedMessageCount(4);
        failure.expectedMessageCount(0);
        getMockEndpoint("mock:delay").expectedMessageCount(1);

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(event("a.jpg")));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException(SdkClientException.class)).hasMessageContaining("connection refused");
        assertThat(outcomes.lines()).isEmpty();
    }

    @Test
    void recordThatWaitsDoesNotStopTheOthers() throws Exception {
        item.whenExchangeReceived(1, exchange -> {
            throw SdkClientException.create("connection refused");
        });
        item.whenAnyExchangeReceived(exchange -> {
            if (exchange.getProperty("objectKey").equals("first.jpg")) {
                throw SdkClientException.create("connection refused");
            }
        });
        item.expectedMessageCount(5);
        failure.expectedMessageCount(0);
        String records = event("first.jpg").replace("]}", "") + "," + record("second.jpg") + "]}";

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(records));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException(SdkClientException.class)).isNotNull();
        assertThat(outcomes.line()).containsEntry("outcome", "created").containsEntry("key", "second.jpg");
    }

    @Test
    void failureThatAnotherEventHasReportedIsNotReportedAgain() throws Exception {
        reports = false;
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        failure.expectedMessageCount(0);

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(event("a.jpg")));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException()).as("acknowledged").isNull();
        assertThat(outcomes.line()).containsEntry("outcome", "ignored").containsEntry("reason", "UnsupportedFormat");
    }

    /** Even an error that would be permanent for a picture, or the event would be lost. */
    @Test
    void eventStaysOnTheQueueIfItsFailureMustNotBeReported() throws Exception {
        isLastReceive = true;
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        failure.whenAnyExchangeReceived(exchange -> {
            throw denied();
        });

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(event("a.jpg")));

        assertThat(exchange.getException(S3Exception.class)).isNotNull();
    }

    @Test
    void thumbnailOfTheSameBytesStays() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        getMockEndpoint("mock:start-removal").whenAnyExchangeReceived(exchange -> {
            UpdateItemRequest request = exchange.getMessage().getBody(UpdateItemRequest.class);
            assertThat(request.expressionAttributeValues()).containsValue(AttributeValue.fromS("e1"));
            throw ConditionalCheckFailedException.builder().build();
        });
        getMockEndpoint("mock:delete-rendition").expectedMessageCount(0);
        failure.expectedMessageCount(0);

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(event("a.jpg")));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException()).as("acknowledged").isNull();
        assertThat(outcomes.line()).containsEntry("outcome", "ignored");
        assertThat(outcomes.line().get("message")).contains(": kept the thumbnail, which was made of the same bytes: ");
    }

    @Test
    void renditionsOfOtherSettingsAreDeletedAndThePresentOnesStoredOnceMore() throws Exception {
        Map<String, AttributeValue> old =
                Map.of("thumbnailKey", AttributeValue.fromS("old-key"), "createdAt", AttributeValue.fromS("then"));
        item.whenExchangeReceived(1, exchange -> {
            throw ConditionalCheckFailedException.builder().item(old).build();
        });
        getMockEndpoint("mock:delete-obsolete").expectedBodiesReceived("old-key");
        MockEndpoint claim = getMockEndpoint("mock:claim");
        claim.expectedMessageCount(1);
        put.expectedMessageCount(2);
        item.expectedMessageCount(2);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        PutItemRequest request = claim.getExchanges().get(0).getMessage().getBody(PutItemRequest.class);
        assertThat(request.item()).containsKey("renditions").doesNotContainKey("sourceETag");
    }

    @Test
    void lastingFailureOfAwsIsReportedAtTheLastReceive() throws Exception {
        isLastReceive = true;
        item.whenAnyExchangeReceived(exchange -> {
            throw SdkClientException.create("connection refused");
        });
        item.expectedMessageCount(4);
        failure.expectedBodiesReceived("a.jpg");

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(failure.getExchanges().get(0).getMessage().getHeaders())
                .containsOnlyKeys(
                        "bucket",
                        "reason",
                        "error",
                        "eTag",
                        "versionId",
                        "eventTime",
                        "failedAt",
                        "attempts",
                        "keyEncoding",
                        "traceId")
                .containsEntry("traceId", null)
                .containsEntry("attempts", "4")
                .containsEntry("keyEncoding", null)
                .containsEntry("reason", "ServiceUnavailable")
                .containsEntry("bucket", "originals");
        assertThat(outcomes.line()).containsEntry("outcome", "failed");
    }

    @Test
    void refusalByAwsIsNotTriedAgain() throws Exception {
        get.whenAnyExchangeReceived(exchange -> {
            throw denied();
        });
        get.expectedMessageCount(1);
        failure.expectedBodiesReceived("a.jpg");

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(failure.getExchanges().get(0).getMessage().getHeader("reason"))
                .isEqualTo("AccessDenied");
    }

    @Test
    void originalThatChangesMeanwhileIsDoneAgain() throws Exception {
        String[] eTags = {"\"e2\"", "\"e3\"", "\"e1\""};
        int[] calls = new int[1];
        head(() -> eTags[calls[0]++]);
        get.expectedMessageCount(3);
        put.expectedMessageCount(3);
        item.expectedMessageCount(3);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "created").containsEntry("eTag", "e1");
    }

    /** A key in a header would go before that of each endpoint, and be evaluated. */
    @Test
    void keyIsInNoHeader() throws Exception {
        int[] calls = new int[1];
        original(() -> new ByteArrayInputStream(++calls[0] < 3 ? PHOTO : new byte[PHOTO.length]));
        head(() -> calls[0] < 3 ? "\"e" + (calls[0] + 1) + "\"" : "\"e1\"");
        failure.expectedMessageCount(1);

        template.sendBody("direct:events", event("${env:HOME}.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(s3.keys).hasSize(4).containsOnly("${env:HOME}.jpg");
        for (MockEndpoint endpoint : List.of(get, put, item, getMockEndpoint("mock:delete-rendition"))) {
            assertThat(endpoint.getExchanges())
                    .isNotEmpty()
                    .allSatisfy(exchange ->
                            assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("CamelAwsS3Key"));
        }
    }

    @Test
    void originalThatChangesIntoAGoodOneIsNotReported() throws Exception {
        int[] calls = new int[1];
        original(() -> new ByteArrayInputStream(++calls[0] == 1 ? new byte[PHOTO.length] : PHOTO));
        head(() -> calls[0] == 1 ? "\"e2\"" : "\"e1\"");
        get.expectedMessageCount(2);
        item.expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void unusableOriginalTakesAnOlderThumbnailAway() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        get.expectedMessageCount(1);
        put.expectedMessageCount(0);
        getMockEndpoint("mock:delete-rendition").expectedBodiesReceived("resized-a.jpg", "old-key");
        getMockEndpoint("mock:delete-item").expectedMessageCount(1);
        failure.expectedBodiesReceived("a.jpg");

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(failure.getExchanges().get(0).getMessage().getHeaders())
                .containsEntry("reason", "UnsupportedFormat")
                .containsEntry("eTag", "e1")
                .containsEntry("attempts", "1");
        assertThat(getMockEndpoint("mock:delete-item")
                        .getExchanges()
                        .get(0)
                        .getMessage()
                        .getBody(DeleteItemRequest.class)
                        .key())
                .isEqualTo(Map.of("name", AttributeValue.fromS("a.jpg")));
    }

    @Test
    void removedOriginalTakesItsThumbnailWithIt() throws Exception {
        get.whenAnyExchangeReceived(exchange -> {
            throw NoSuchKeyException.builder().statusCode(404).build();
        });
        head(() -> null);
        getMockEndpoint("mock:delete-rendition").expectedBodiesReceived("resized-a.jpg", "old-key");
        getMockEndpoint("mock:delete-item").expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg").replace("ObjectCreated:Put", "ObjectRemoved:Delete"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "removed");
    }

    @Test
    void removedOriginalTakesItsFailureWithIt() throws Exception {
        gone();
        getMockEndpoint("mock:delete-note").expectedPropertyReceived("removal", "mark");
        getMockEndpoint("mock:delete-note").expectedMessageCount(1);

        template.sendBody("direct:events", removal("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "removed");
    }

    @Test
    void removalOfAnOriginalThatHasNotFailedNeedsNoFurtherLookAtIt() throws Exception {
        gone();
        mark = null;
        getMockEndpoint("mock:delete-note").expectedMessageCount(0);

        template.sendBody("direct:events", removal("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(s3.keys).hasSize(1);
    }

    @Test
    void failureStaysIfTheKeyIsUploadedAgainWhileItIsRemoved() throws Exception {
        gone();
        head(() -> s3.keys.size() == 1 ? null : "\"e2\"");
        getMockEndpoint("mock:delete-note").expectedMessageCount(0);

        template.sendBody("direct:events", removal("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void failureStaysIfTheOriginalIsUnusableAndNotGone() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        getMockEndpoint("mock:delete-note").expectedMessageCount(0);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", removal("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
    }

    /** It is the present failure until a removal says that the key is meant to be empty. */
    @Test
    void failureOfANewOriginalThatIsGoneStays() throws Exception {
        gone();
        getMockEndpoint("mock:delete-note").expectedMessageCount(0);
        failure.expectedMessageCount(1);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(failure.getExchanges().get(0).getMessage().getHeader("reason"))
                .isEqualTo("ObjectNotFound");
    }

    /** Somebody has removed it since it failed or was listed, which is no failure. */
    @ParameterizedTest
    @ValueSource(strings = {"Redrive", "Reconcile"})
    void repairOfAnOriginalThatIsGoneIsARemoval(String cause) throws Exception {
        gone();
        getMockEndpoint("mock:delete-rendition").expectedBodiesReceived("resized-a.jpg", "old-key");
        getMockEndpoint("mock:delete-item").expectedMessageCount(1);
        getMockEndpoint("mock:delete-note").expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", EventMessage.created(cause, "originals", "a.jpg", "e1"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "removed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Redrive", "Reconcile"})
    void repairOfAnUnusableOriginalIsAFailure(String cause) throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        failure.expectedMessageCount(1);

        template.sendBody("direct:events", EventMessage.created(cause, "originals", "a.jpg", "e1"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "failed");
    }

    /** The event of the removal may have been processed before the failure was recorded. */
    @Test
    void failureOfAnOriginalThatIsRemovedWhileItIsReportedIsForgotten() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        head(() -> s3.keys.size() == 1 ? "\"e1\"" : null);
        getMockEndpoint("mock:delete-note").expectedMessageCount(1);
        failure.expectedMessageCount(1);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "failed");
    }

    /** Or it would be reported twice. */
    @Test
    void errorAfterTheReportDoesNotRepeatIt() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        head(() -> {
            if (s3.keys.size() == 1) {
                return "\"e1\"";
            }
            throw SdkClientException.create("connection refused");
        });
        failure.expectedMessageCount(1);

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(event("a.jpg")));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException()).as("acknowledged").isNull();
        assertThat(outcomes.line()).containsEntry("outcome", "failed");
    }

    /** In a bucket with versions: S3 answers a GET with 404 if the newest version is a delete marker. */
    @Test
    void deleteMarkerTakesTheThumbnailWithIt() throws Exception {
        get.whenAnyExchangeReceived(exchange -> {
            throw NoSuchKeyException.builder().statusCode(404).build();
        });
        head(() -> null);
        getMockEndpoint("mock:delete-rendition").expectedBodiesReceived("resized-a.jpg", "old-key");
        getMockEndpoint("mock:delete-item").expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody(
                "direct:events", event("a.jpg").replace("ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated"));

        MockEndpoint.assertIsSatisfied(context);
    }

    /** Somebody has deleted the newest version or its delete marker for good, so that an older version is current again. */
    @Test
    void olderVersionThatIsCurrentAgainGetsItsThumbnail() throws Exception {
        put.expectedMessageCount(1);
        item.expectedMessageCount(1);
        getMockEndpoint("mock:delete-rendition").expectedMessageCount(0);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("a.jpg").replace("ObjectCreated:Put", "ObjectRemoved:Delete"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(put.getExchanges().get(0).getVariable("renditionKey")).isEqualTo("resized-a.jpg");
        assertThat(outcomes.line()).containsEntry("outcome", "created");
    }

    @Test
    void stateThatIsNotKnownTakesNothingAway() throws Exception {
        get.whenAnyExchangeReceived(exchange -> {
            throw denied();
        });
        getMockEndpoint("mock:delete-rendition").expectedMessageCount(0);
        getMockEndpoint("mock:delete-item").expectedMessageCount(0);
        failure.expectedMessageCount(1);

        template.sendBody("direct:events", event("a.jpg"));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void keyThatSqsCannotCarryIsPercentEncoded() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        failure.expectedBodiesReceived("a%01%20%2Bb.jpg");

        template.sendBody("direct:events", event("a\u0001 +b.jpg"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(failure.getExchanges().get(0).getMessage().getHeader("keyEncoding"))
                .isEqualTo("percent");
    }

    @Test
    void recordWhoseFailureCannotBeReportedDoesNotStopTheOthers() throws Exception {
        get.whenExchangeReceived(1, exchange -> {
            throw NoSuchKeyException.builder().statusCode(404).build();
        });
        head(() -> s3.keys.size() == 1 ? null : "\"e1\"");
        failure.whenAnyExchangeReceived(exchange -> {
            throw SdkClientException.create("connection refused");
        });
        item.expectedMessageCount(2);
        String records =
                event("gone.jpg").replace("]}", "") + "," + record("second.jpg") + "," + record("third.jpg") + "]}";

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(records));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException())
                .as("SQS gives the message out again")
                .isNotNull();
    }

    @Test
    void eventIsNotAcknowledgedWhenItsFailureCannotBeReported() {
        get.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody("no picture"));
        failure.whenAnyExchangeReceived(exchange -> {
            throw SdkClientException.create("connection refused");
        });

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(event("a.jpg")));

        assertThat(exchange.getException())
                .as("SQS gives the message out again")
                .isNotNull();
    }

    @Test
    void messageThatIsNoEventIsNotAcknowledged() throws Exception {
        get.expectedMessageCount(0);
        failure.expectedMessageCount(0);

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody("hello"));

        assertThat(exchange.getException(CamelExecutionException.class)).isNull();
        assertThat(exchange.getException(NotAnS3EventException.class)).isNotNull();
        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line()).containsEntry("outcome", "postponed");
    }

    @Test
    void malformedRecordDoesNotStopTheOthersAndIsNotAcknowledged() throws Exception {
        item.expectedMessageCount(2);
        failure.expectedMessageCount(0);
        String records = event("first.jpg").replace("]}", "") + "," + record("") + "," + record("third.jpg") + "]}";

        Exchange exchange = template.send("direct:events", e -> e.getMessage().setBody(records));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(exchange.getException(NotAnS3EventException.class))
                .hasMessage("Not an S3 event notification: record 2 of 3: s3.object.key is missing or empty");
        assertThat(outcomes.lines())
                .extracting(line -> line.get("outcome"))
                .containsExactly("postponed", "created", "created");
    }

    @Test
    void restoredOriginalGetsAThumbnail() throws Exception {
        item.expectedMessageCount(1);

        template.sendBody("direct:events", event("a.jpg").replace("ObjectCreated:Put", "ObjectRestore:Completed"));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void restoredOriginalThatIsUnusableIsReported() throws Exception {
        original(() -> new ByteArrayInputStream(new byte[PHOTO.length]));
        failure.expectedBodiesReceived("a.jpg");

        template.sendBody("direct:events", event("a.jpg").replace("ObjectCreated:Put", "ObjectRestore:Completed"));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void folderIsNotReportedAndTakesTheThumbnailOfAPictureAway() throws Exception {
        get.whenAnyExchangeReceived(exchange -> {
            exchange.getMessage().setBody(new ByteArrayInputStream(new byte[0]));
            exchange.getMessage().setHeader("CamelAwsS3ETag", "\"e1\"");
            exchange.getMessage().setHeader("CamelAwsS3ContentLength", 0L);
        });
        s3.size = 0;
        put.expectedMessageCount(0);
        getMockEndpoint("mock:delete-note").expectedMessageCount(1); // the picture may have failed
        getMockEndpoint("mock:delete-rendition").expectedBodiesReceived("resized-folder/", "old-key");
        getMockEndpoint("mock:delete-item").expectedMessageCount(1);
        failure.expectedMessageCount(0);

        template.sendBody("direct:events", event("folder/").replace("\"eTag\"", "\"size\":0,\"eTag\""));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.line())
                .containsEntry("outcome", "ignored")
                .containsEntry(
                        "message",
                        "Ignored the folder folder/: an empty object whose key ends in a slash gets no thumbnail");
    }

    @Test
    void whatIsNoNewOriginalIsAcknowledged() throws Exception {
        get.expectedMessageCount(0);
        failure.expectedMessageCount(0);

        for (String message : List.of(
                "{\"Records\":[]}",
                "{\"Event\":\"s3:TestEvent\",\"Bucket\":\"originals\"}",
                "{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"arn:x\"}",
                event("a.jpg").replace("ObjectCreated:Put", "ObjectTagging:Put"),
                event("a.jpg").replace("\"originals\"", "\"thumbnails\""))) {
            Exchange exchange =
                    template.send("direct:events", e -> e.getMessage().setBody(message));

            assertThat(exchange.getException()).as(message).isNull();
        }

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes.lines())
                .hasSize(5)
                .allSatisfy(line ->
                        assertThat(line).containsEntry("outcome", "ignored").containsEntry("result", "success"));
        assertThat(outcomes.lines())
                .extracting(line -> line.get("level"))
                .containsExactly("INFO", "INFO", "WARN", "INFO", "INFO");
        assertThat(outcomes.lines().get(4).get("message"))
                .isEqualTo(
                        "Ignored ObjectCreated:Put of a.jpg in bucket thumbnails: originals are in bucket originals");
    }

    private void gone() {
        get.whenAnyExchangeReceived(exchange -> {
            throw NoSuchKeyException.builder().statusCode(404).build();
        });
        head(() -> null);
    }

    private static String removal(String key) {
        return event(key).replace("ObjectCreated:Put", "ObjectRemoved:Delete");
    }

    /** Half of it, then a lost connection. */
    private static InputStream breakingOff(byte[] bytes) {
        return new SequenceInputStream(new ByteArrayInputStream(bytes, 0, bytes.length / 2), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new SocketException("Connection reset");
            }
        });
    }

    private static S3Exception denied() {
        return (S3Exception) S3Exception.builder()
                .statusCode(403)
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode("AccessDenied").build())
                .build();
    }

    private static String event(String key) {
        return "{\"Records\":[" + record(key) + "]}";
    }

    private static String record(String key) {
        return """
                {"eventVersion":"2.1","eventName":"ObjectCreated:Put",
                  "s3":{"bucket":{"name":"originals"},"object":{"key":"%s","eTag":"e0"}}}""".formatted(URLEncoder.encode(key, StandardCharsets.UTF_8));
    }
}
