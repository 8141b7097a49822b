// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * Adds S3 event notifications to S3Proxy, which lacks them: stores a notification configuration for each bucket, and sends events
 * to SQS queues in the format of AWS.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html">
 *     PutBucketNotificationConfiguration</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">Event message
 *     structure</a>
 */
final class BucketNotifications {

    private static final Logger LOG = LoggerFactory.getLogger(BucketNotifications.class);

    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    /**
     * Trace header of the request that is being handled by this thread, or by the one that started it: S3Proxy completes multipart
     * uploads in a thread of their own. As on AWS, it goes with the events.
     */
    static final ThreadLocal<String> TRACE = new InheritableThreadLocal<>();

    /** Describes which events, such as {@code s3:ObjectCreated:*}, of which keys are sent to a queue. */
    private record Rule(String id, String queueUrl, List<String> events, String prefix, String suffix) {

        boolean matches(String event, String key) {
            return key.startsWith(prefix)
                    && key.endsWith(suffix)
                    && events.stream()
                            .map(pattern -> pattern.replaceFirst("^s3:", ""))
                            .anyMatch(pattern -> pattern.endsWith("*")
                                    ? event.startsWith(pattern.substring(0, pattern.length() - 1))
                                    : event.equals(pattern));
        }
    }

    /** Thrown when AWS would reject a configuration. The client gets the message. */
    static final class InvalidConfigurationException extends Exception {

        private static final long serialVersionUID = 1L;

        InvalidConfigurationException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Path directory;
    private final SqsClient sqs;
    private final String region;
    private final Map<String, List<Rule>> rules = new ConcurrentHashMap<>();
    private final AtomicLong sequencer = new AtomicLong();

    /**
     * Loads the stored configurations.
     *
     * @param directory the directory of the configurations, one file for each bucket
     * @param sqs the client that sends the events
     * @param region the region in the events
     * @throws IOException if the directory cannot be read
     */
    BucketNotifications(Path directory, SqsClient sqs, String region) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.sqs = sqs;
        this.region = region;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String bucket = file.getFileName().toString().replaceFirst("\\.xml$", "");
                rules.put(bucket, rules(parse(Files.readAllBytes(file))));
            }
        } catch (InvalidConfigurationException e) {
            throw new IOException("Cannot read " + directory + ". Remove it", e);
        }
    }

    /** Returns the configuration of a bucket as XML. */
    String get(String bucket) throws IOException {
        Path file = file(bucket);
        return Files.exists(file)
                ? Files.readString(file)
                : "<NotificationConfiguration xmlns=\"" + NAMESPACE + "\"></NotificationConfiguration>";
    }

    /**
     * Replaces the configuration of a bucket and sends each of its queues a test event.
     *
     * @throws InvalidConfigurationException if the XML is invalid, or a queue does not exist
     */
    void put(String bucket, byte[] xml) throws IOException, InvalidConfigurationException {
        Document document = parse(xml);
        for (Element queue : elements(document.getDocumentElement(), "QueueConfiguration")) {
            if (text(queue, "Id").isEmpty()) {
                Element id = document.createElementNS(NAMESPACE, "Id");
                id.setTextContent(UUID.randomUUID().toString());
                queue.insertBefore(id, queue.getFirstChild());
            }
        }
        List<Rule> added = rules(document);
        for (Rule rule : added) {
            try {
                send(rule.queueUrl(), testEvent(bucket));
            } catch (SdkException e) {
                throw new InvalidConfigurationException(
                        "Unable to validate the following destination configurations: " + rule.queueUrl(), e);
            }
        }
        Files.writeString(file(bucket), write(document));
        rules.put(bucket, added);
    }

    /** Returns whether any queue is notified of changes in a bucket. */
    boolean isConfigured(String bucket) {
        return !rules.getOrDefault(bucket, List.of()).isEmpty();
    }

    /**
     * Sends an event to every queue with a matching rule. A queue that no longer exists is skipped, as on AWS.
     *
     * @param event the event name without {@code s3:}
     * @param size the size in bytes, or null for a removal
     * @param eTag the entity tag without quotes, or null for a removal
     * @throws S3ProxyException with the status 500 if SQS does not accept the event
     */
    void publish(String event, String bucket, String key, Long size, String eTag) {
        for (Rule rule : rules.getOrDefault(bucket, List.of())) {
            if (rule.matches(event, key)) {
                try {
                    send(rule.queueUrl(), record(rule, event, bucket, key, size, eTag));
                } catch (QueueDoesNotExistException e) {
                    LOG.error(
                            "The event {} of {} in {} was not sent: the queue {} does not exist",
                            event,
                            key,
                            bucket,
                            rule.queueUrl());
                } catch (SdkException e) {
                    LOG.error(
                            "The event {} of {} in {} could not be sent to {}", event, key, bucket, rule.queueUrl(), e);
                    throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR, e);
                }
            }
        }
    }

    private JsonObject record(Rule rule, String event, String bucket, String key, Long size, String eTag) {
        JsonObject object = new JsonObject()
                // Form-encoded, except for slashes.
                .put("key", URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"));
        if (size != null) {
            object.put("size", size).put("eTag", eTag);
        }
        object.put("sequencer", nextSequencer());
        JsonObject owner = new JsonObject().put("principalId", "LOCAL");
        JsonObject s3 = new JsonObject()
                .put("s3SchemaVersion", "1.0")
                .put("configurationId", rule.id())
                .put(
                        "bucket",
                        new JsonObject()
                                .put("name", bucket)
                                .put("ownerIdentity", owner)
                                .put("arn", "arn:aws:s3:::" + bucket))
                .put("object", object);
        JsonObject record = new JsonObject()
                .put("eventVersion", "2.1")
                .put("eventSource", "aws:s3")
                .put("awsRegion", region)
                .put("eventTime", now())
                .put("eventName", event)
                .put("userIdentity", owner)
                .put("requestParameters", new JsonObject().put("sourceIPAddress", "127.0.0.1"))
                .put("responseElements", requestIds())
                .put("s3", s3);
        return new JsonObject().put("Records", new JsonArray().add(record));
    }

    private static JsonObject testEvent(String bucket) {
        return new JsonObject()
                .put("Service", "Amazon S3")
                .put("Event", "s3:TestEvent")
                .put("Time", now())
                .put("Bucket", bucket)
                .put("RequestId", requestIds().getString("x-amz-request-id"))
                .put("HostId", requestIds().getString("x-amz-id-2"));
    }

    private static JsonObject requestIds() {
        String id = UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
        return new JsonObject().put("x-amz-request-id", id.substring(0, 16)).put("x-amz-id-2", id);
    }

    private void send(String queueUrl, JsonObject message) {
        String trace = TRACE.get();
        sqs.sendMessage(request -> {
            request.queueUrl(queueUrl).messageBody(message.encode());
            if (trace != null) {
                request.messageSystemAttributes(Map.of(
                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                        MessageSystemAttributeValue.builder()
                                .dataType("String")
                                .stringValue(trace)
                                .build()));
            }
        });
    }

    /** Returns a sequencer that is greater than all previous ones, including those of earlier runs. */
    private String nextSequencer() {
        long micros = ChronoUnit.MICROS.between(
                java.time.Instant.EPOCH, Clock.systemUTC().instant());
        long next = sequencer.updateAndGet(last -> Math.max(last + 1, micros));
        return "00" + HexFormat.of().withUpperCase().toHexDigits(next);
    }

    private static String now() {
        return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
                .withZone(java.time.ZoneOffset.UTC)
                .format(Clock.systemUTC().instant());
    }

    private Path file(String bucket) {
        return directory.resolve(bucket + ".xml");
    }

    private List<Rule> rules(Document document) throws InvalidConfigurationException {
        Element root = document.getDocumentElement();
        if (!elements(root, "TopicConfiguration").isEmpty()
                || !elements(root, "CloudFunctionConfiguration").isEmpty()) {
            throw new InvalidConfigurationException("Local AWS can notify only queues", null);
        }
        List<Rule> found = new ArrayList<>();
        for (Element queue : elements(root, "QueueConfiguration")) {
            String prefix = "";
            String suffix = "";
            for (Element filter : elements(queue, "FilterRule")) {
                switch (text(filter, "Name").toLowerCase(Locale.ROOT)) {
                    case "prefix" -> prefix = text(filter, "Value");
                    case "suffix" -> suffix = text(filter, "Value");
                    default ->
                        throw new InvalidConfigurationException(
                                "filter rule name must be either prefix or suffix", null);
                }
            }
            List<String> events = elements(queue, "Event").stream()
                    .map(Element::getTextContent)
                    .toList();
            found.add(new Rule(text(queue, "Id"), queueUrl(text(queue, "Queue")), events, prefix, suffix));
        }
        return found;
    }

    /** Converts an ARN, {@code arn:aws:sqs:region:account:name}, to the queue URL. */
    private String queueUrl(String arn) throws InvalidConfigurationException {
        String[] parts = arn.split(":");
        if (parts.length != 6 || !parts[2].equals("sqs")) {
            throw new InvalidConfigurationException("The ARN could not be parsed: " + arn, null);
        }
        return sqs.serviceClientConfiguration().endpointOverride().orElseThrow() + "/" + parts[4] + "/" + parts[5];
    }

    private static Document parse(byte[] xml) throws IOException, InvalidConfigurationException {
        try (InputStream in = new ByteArrayInputStream(xml)) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(in);
        } catch (SAXException e) {
            throw new InvalidConfigurationException("The XML you provided was not well-formed", e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String write(Document document) {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter out = new StringWriter();
            transformer.transform(new DOMSource(document), new StreamResult(out));
            return out.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagNameNS("*", name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static String text(Element parent, String name) {
        List<Element> found = elements(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }
}
