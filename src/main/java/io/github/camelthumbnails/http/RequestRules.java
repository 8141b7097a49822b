// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Rejects requests with query parameters, headers or bodies that the API does not support. Query parameters and
 * {@code x-amz-*} headers that are not listed here are rejected. Other unlisted headers are ignored, as HTTP requires;
 * the listed ones would change the meaning of an upload or a read. The rules check the HTTP request itself, because
 * Camel's message headers mix request headers with query parameters.
 */
public final class RequestRules implements Processor {

    /** The operations that a request can ask for. */
    enum Operation {
        UPLOAD("PUT"),
        READ("GET, HEAD"),
        STATUS("GET, HEAD with `status`");

        private final String request;

        Operation(String request) {
            this.request = request;
        }

        static Operation of(HttpMethod method, Set<String> parameters) {
            if (method == HttpMethod.PUT) {
                return UPLOAD;
            }
            return parameters.contains("status") ? STATUS : READ;
        }
    }

    /** How the API treats a parameter or header. */
    enum Effect {
        HONOURED,
        IGNORED,
        REFUSED
    }

    /**
     * A rule for one query parameter or header, and one row of the tables in docs/api.md.
     *
     * @param name name of the parameter or header, in lower case for headers; a {@code *} at the end matches any text
     * @param operations operations to which the rule applies
     * @param values pattern of the accepted values, or null if all values are accepted
     * @param status HTTP status of the response to a refused request
     * @param text what the parameter or header does, or why it is refused and what to do
     * @param advice what to do about a value that is not accepted, or empty if all values are accepted
     */
    record Rule(
            String name,
            Set<Operation> operations,
            Effect effect,
            Pattern values,
            int status,
            String text,
            String advice) {

        boolean appliesTo(String otherName, Operation operation) {
            return operations.contains(operation)
                    && (name.endsWith("*")
                            ? otherName.startsWith(name.substring(0, name.length() - 1))
                            : otherName.equals(name));
        }

        boolean accepts(String value) {
            return effect != Effect.REFUSED
                    && (values == null || values.matcher(value).matches());
        }

        /** Returns this rule as a row of the tables in docs/api.md. */
        String row() {
            StringBuilder requests = new StringBuilder();
            for (Operation operation : operations) {
                requests.append(requests.isEmpty() ? "" : "; ").append(operation.request);
            }
            String effectText = effect == Effect.REFUSED
                    ? "refused, " + status
                    : effect.name().toLowerCase(Locale.ROOT);
            String otherValues = values == null ? "" : "; other values: " + status;
            return "| `" + name + "` | " + (operations.size() == Operation.values().length ? "all" : requests) + " | "
                    + effectText + otherValues + " | " + (text + " " + advice).strip() + " |\n";
        }
    }

    private static final Set<Operation> ALL = EnumSet.allOf(Operation.class);
    private static final Set<Operation> UPLOAD = EnumSet.of(Operation.UPLOAD);
    private static final Set<Operation> READ = EnumSet.of(Operation.READ);
    private static final Set<Operation> STATUS = EnumSet.of(Operation.STATUS);

    private static final String REMOVE_HEADER = " Remove the header.";
    private static final String ONLY_CONDITION =
            "The only condition of an upload is `If-None-Match: *`." + REMOVE_HEADER;
    private static final String NOT_COMPARED =
            "It would not be compared with the body. Use `Content-MD5` or `x-amz-checksum-*`.";
    private static final String NO_S3_FEATURE = "This API does not have this feature of S3.";

    /** Rules for query parameters. A parameter that matches no rule is refused. */
    static final List<Rule> PARAMETERS = List.of(
            honouredOnlyIf(
                    "status",
                    STATUS,
                    "",
                    400,
                    "Returns the state of the thumbnail instead of the object.",
                    "Use it without a value."),
            honouredOnlyIf(
                    "wait",
                    STATUS,
                    "\\d{1,2}",
                    400,
                    "Waits up to this number of seconds while the state is `pending`.",
                    "Use a whole number from 0 to 30."),
            honouredOnlyIf(
                    "x-id",
                    UPLOAD,
                    "PutObject",
                    501,
                    "AWS SDKs name the operation.",
                    "Use `PutObject` or remove the parameter."),
            honouredOnlyIf(
                    "x-id",
                    READ,
                    "GetObject|HeadObject",
                    501,
                    "AWS SDKs name the operation.",
                    "Use `GetObject` or `HeadObject`, or remove the parameter."),
            refused(
                    "wait",
                    EnumSet.of(Operation.UPLOAD, Operation.READ),
                    400,
                    "It belongs to a request for the status. Use it as `?status&wait=30`."),
            refused(
                    "x-amz-*",
                    ALL,
                    501,
                    "Presigned URLs are not supported, because signatures and their expiry are not checked. Send the request"
                            + " without the query parameters of the signature."),
            refused("response-*", READ, 501, "Response headers cannot be overridden. Remove the parameter."),
            refused("versionId", ALL, 501, "Only the current version of an object is available. Remove the parameter."),
            refused("uploads", ALL, 501, S3Multipart.SUMMARY),
            refused("uploadId", ALL, 501, S3Multipart.SUMMARY),
            refused("partNumber", ALL, 501, S3Multipart.SUMMARY),
            refused("append", ALL, 501, "An object is always stored as a whole. Upload the whole file."));

    /**
     * S3 parameters that select something other than the object's bytes. They are refused as unsupported, not as
     * unknown.
     */
    static final Set<String> S3_SUB_RESOURCES = new TreeSet<>(Set.of(
            "accelerate",
            "acl",
            "analytics",
            "annotation",
            "attributes",
            "cors",
            "delete",
            "encryption",
            "intelligent-tiering",
            "inventory",
            "legal-hold",
            "lifecycle",
            "location",
            "logging",
            "metadataTable",
            "metrics",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "renameObject",
            "replication",
            "requestPayment",
            "restore",
            "retention",
            "select",
            "select-type",
            "session",
            "tagging",
            "torrent",
            "versioning",
            "versions",
            "website"));

    /** Rules for request headers. The first rule that matches applies. */
    static final List<Rule> HEADERS = List.of(
            honoured("x-api-key", ALL, "The API key."),
            honouredOnlyIf(
                    "content-type",
                    UPLOAD,
                    "(?is)(?!\\s*multipart/(form-data|byteranges|related)).*",
                    415,
                    "Stored with the object.",
                    "Send the file itself, not a form (`multipart/form-data`)."),
            honoured("content-length", UPLOAD, "The length of the body, checked against `upload.maxBytes`."),
            honouredOnlyIf(
                    "content-encoding",
                    UPLOAD,
                    "(?i)(?!.*aws-chunked.*aws-chunked)((aws-chunked|identity|)\\s*+(,\\s*+|$))*+",
                    415,
                    "`aws-chunked` is decoded. `identity` changes nothing.",
                    "Send the bytes of the picture as they are."),
            honoured("content-md5", UPLOAD, "The body is compared with it."),
            honoured("cache-control", UPLOAD, "Stored with the object and returned when it is read."),
            honoured("content-disposition", UPLOAD, "Stored with the object and returned when it is read."),
            honoured("x-amz-meta-*", UPLOAD, "Stored with the object and returned when it is read."),
            ignored("x-amz-checksum-algorithm", UPLOAD, "The header `x-amz-checksum-*` itself names the algorithm."),
            honoured("x-amz-checksum-*", UPLOAD, "The body is compared with it."),
            honouredOnlyIf(
                    "if-none-match",
                    UPLOAD,
                    "\\*",
                    501,
                    "Stores the object only if none exists.",
                    "Use `*` or remove the header."),
            honouredOnlyIf(
                    "x-amz-storage-class",
                    UPLOAD,
                    "STANDARD",
                    501,
                    "`STANDARD` is the default.",
                    "Use `STANDARD` or remove the header."),
            honouredOnlyIf(
                    "expect",
                    UPLOAD,
                    "(?i)100-continue",
                    417,
                    "Asks before the body is sent.",
                    "Use `100-continue` or remove the header."),
            honoured("range", READ, "One range of bytes, for GET. HEAD and invalid or multiple ranges: ignored."),
            honoured(
                    "if-range",
                    READ,
                    "The range is honoured only if the object still has this strong entity tag or date."),
            honoured("if-match", READ, "A list of entity tags, strong comparison."),
            honoured("if-none-match", READ, "A list of entity tags, weak comparison."),
            honoured("if-modified-since", READ, "Not with `If-None-Match`, which takes precedence."),
            honoured("if-unmodified-since", READ, "Not with `If-Match`, which takes precedence."),
            refused("if-match", STATUS, 412, "A status has no entity tag." + REMOVE_HEADER),
            refused("if-unmodified-since", STATUS, 412, "A status has no modification date." + REMOVE_HEADER),
            ignored("x-amz-date", ALL, "Part of a signature. Signatures are not checked."),
            honoured("x-amz-content-sha256", UPLOAD, "The body is compared with it, if it is a hash."),
            ignored("x-amz-content-sha256", ALL, "Part of a signature. Signatures are not checked."),
            ignored("x-amz-security-token", ALL, "Part of a signature. Signatures are not checked."),
            ignored("x-amz-user-agent", ALL, "Names the client."),
            ignored("x-amz-cf-id", ALL, "Names the request at CloudFront."),
            ignored("x-amz-request-payer", ALL, "There is nothing to pay here."),
            ignored(
                    "x-amz-sdk-checksum-algorithm",
                    UPLOAD,
                    "The header `x-amz-checksum-*` itself names the algorithm."),
            honoured("x-amz-decoded-content-length", UPLOAD, "The length of the decoded body, if it is `aws-chunked`."),
            honoured("x-amz-trailer", UPLOAD, "Names the checksum that follows an `aws-chunked` body."),
            ignored("x-amz-checksum-mode", READ, "No checksum is returned."),
            ignored("x-amz-te", READ, "No checksum is appended."),
            ignored(
                    "x-amz-checksum-*",
                    EnumSet.of(Operation.READ, Operation.STATUS),
                    "There is no body to compare it with."),
            refused("content-range", UPLOAD, 400, "An upload replaces the whole object. Upload the whole file."),
            refused("range", UPLOAD, 400, "An upload replaces the whole object. Upload the whole file."),
            refused("if-range", UPLOAD, 400, "An upload replaces the whole object. Upload the whole file."),
            refused("upload-offset", UPLOAD, 501, "Resumable uploads are not supported. Upload the whole file."),
            honouredOnlyIf(
                    "upload-complete",
                    UPLOAD,
                    "\\?1",
                    501,
                    "The upload is complete.",
                    "Resumable uploads are not supported. Upload the whole file."),
            honouredOnlyIf(
                    "upload-incomplete",
                    UPLOAD,
                    "\\?0",
                    501,
                    "The upload is complete.",
                    "Resumable uploads are not supported. Upload the whole file."),
            refused("tus-resumable", UPLOAD, 501, "Resumable uploads are not supported. Upload the whole file."),
            refused("if-match", UPLOAD, 501, ONLY_CONDITION),
            refused("if-modified-since", UPLOAD, 501, ONLY_CONDITION),
            refused("if-unmodified-since", UPLOAD, 501, ONLY_CONDITION),
            refused("if", UPLOAD, 501, ONLY_CONDITION),
            refused("content-digest", UPLOAD, 501, NOT_COMPARED),
            refused("repr-digest", UPLOAD, 501, NOT_COMPARED),
            refused("digest", UPLOAD, 501, NOT_COMPARED),
            refused("content-language", UPLOAD, 501, "It would not be stored with the object." + REMOVE_HEADER),
            refused("expires", UPLOAD, 501, "It would not be stored with the object. Use `Cache-Control`."),
            refused("x-http-method-override", ALL, 400, "The method is that of the request line." + REMOVE_HEADER),
            refused("x-http-method", ALL, 400, "The method is that of the request line." + REMOVE_HEADER),
            refused("x-method-override", ALL, 400, "The method is that of the request line." + REMOVE_HEADER),
            refused("x-amz-copy-source*", ALL, 501, "Objects cannot be copied. Read the object and upload it."),
            refused("x-amz-acl", ALL, 501, NO_S3_FEATURE + REMOVE_HEADER),
            refused("x-amz-grant-*", ALL, 501, NO_S3_FEATURE + REMOVE_HEADER),
            refused("x-amz-tagging*", ALL, 501, "Tags are not supported. Use `x-amz-meta-*`."),
            refused(
                    "x-amz-server-side-encryption*",
                    ALL,
                    501,
                    "The bucket's default encryption applies." + REMOVE_HEADER),
            refused("x-amz-object-lock-*", ALL, 501, NO_S3_FEATURE + REMOVE_HEADER),
            refused("x-amz-website-redirect-location", ALL, 501, NO_S3_FEATURE + REMOVE_HEADER),
            refused("x-amz-write-offset-bytes", ALL, 501, "An object is always stored as a whole." + REMOVE_HEADER),
            refused("x-amz-expected-bucket-owner", ALL, 501, "The bucket's owner is not checked." + REMOVE_HEADER),
            refused("x-amz-*", ALL, 501, "S3 headers that are not listed are not supported." + REMOVE_HEADER));

    /** Headers that may have only one value. With a second one, it would be unclear which one counts. */
    private static final Set<String> SINGLE_VALUED =
            Set.of("content-type", "content-length", "content-md5", "content-disposition", "x-api-key");

    /** Creates the rules. They need no configuration. */
    public RequestRules() {}

    private static Rule honoured(String name, Set<Operation> on, String text) {
        return new Rule(name, on, Effect.HONOURED, null, 0, text, "");
    }

    private static Rule ignored(String name, Set<Operation> on, String text) {
        return new Rule(name, on, Effect.IGNORED, null, 0, text, "");
    }

    private static Rule honouredOnlyIf(
            String name, Set<Operation> on, String values, int status, String text, String advice) {
        return new Rule(name, on, Effect.HONOURED, Pattern.compile(values), status, text, advice);
    }

    private static Rule refused(String name, Set<Operation> on, int status, String text) {
        return new Rule(name, on, Effect.REFUSED, null, status, text, "");
    }

    /**
     * Checks the request in the exchange property {@code request}.
     *
     * @throws RequestRefusedException if a parameter, header or body is not supported for this request
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        check(exchange.getProperty("request", HttpServerRequest.class));
    }

    static void check(HttpServerRequest request) throws RequestRefusedException {
        Map<String, String> parameters = QueryParameters.of(request);
        Operation operation = Operation.of(request.method(), parameters.keySet());
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            checkParameter(parameter.getKey(), parameter.getValue(), operation);
        }
        for (String name : request.headers().names()) {
            checkHeader(name, request.headers().getAll(name), operation);
        }
        if (operation != Operation.UPLOAD && hasBody(request)) {
            throw RequestRefusedException.badRequest(
                    "The request has a body, which " + request.method() + " does not use. Remove the body.");
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || length != null && !length.matches("0+");
    }

    private static void checkParameter(String name, String value, Operation operation) throws RequestRefusedException {
        String subject = "The query parameter " + name;
        for (Rule rule : PARAMETERS) {
            if (rule.appliesTo(rule.name.endsWith("*") ? name.toLowerCase(Locale.ROOT) : name, operation)) {
                if (!rule.accepts(value)) {
                    throw refuse(subject, rule);
                }
                return;
            }
        }
        if (S3_SUB_RESOURCES.contains(name)) {
            throw RequestRefusedException.of(
                    501, subject + " is not supported: this API only stores and reads whole objects. Remove it.");
        }
        throw RequestRefusedException.badRequest(subject + " is not known for this request. Remove it.");
    }

    private static void checkHeader(String name, List<String> values, Operation operation)
            throws RequestRefusedException {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (SINGLE_VALUED.contains(lowerCase) && Set.copyOf(values).size() > 1) {
            throw RequestRefusedException.badRequest("The header " + name + " has several values. Send it once.");
        }
        for (Rule rule : HEADERS) {
            if (rule.appliesTo(lowerCase, operation)) {
                if (!rule.accepts(String.join(", ", values))) { // repeated headers are a list (RFC 9110, 5.3)
                    throw refuse("The header " + name, rule);
                }
                return;
            }
        }
    }

    private static RequestRefusedException refuse(String subject, Rule rule) {
        return RequestRefusedException.of(
                rule.status,
                rule.effect == Effect.REFUSED
                        ? subject + " is not supported here. " + rule.text.replace("`", "")
                        : subject + " has a value that is not supported. " + rule.advice.replace("`", ""));
    }
}
