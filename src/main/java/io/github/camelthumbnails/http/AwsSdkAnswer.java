// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.StringWriter;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.util.ObjectHelper;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;

/**
 * Translates error responses into S3's XML for AWS SDKs and the AWS CLI. They map the error code in the XML to an
 * exception. After any other response they would retry, or report an error that hides the cause.
 */
public final class AwsSdkAnswer {

    /** Response header with the id of the request. SDKs show it in their error messages. */
    public static final String REQUEST_ID = "x-amz-request-id";

    /** Matches characters that XML 1.0 does not allow. */
    private static final Pattern INVALID_XML_CHARACTER =
            Pattern.compile("[^\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    private AwsSdkAnswer() {}

    /** Returns whether a request was sent by an AWS SDK. All of them send at least one of these headers. */
    public static boolean isExpected(HttpServerRequest request) {
        return request.headers().contains("amz-sdk-invocation-id")
                || request.headers().contains("x-amz-content-sha256");
    }

    /**
     * Translates a JSON problem into S3's XML if the request came from an SDK. The response to a HEAD request gets no
     * body, and a 304 response has no problem to translate.
     *
     * @param exchange the exchange with the response that other clients get
     */
    public static void translateProblem(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request)
            throws XMLStreamException {
        Message message = exchange.getMessage();
        String problem = message.getBody(String.class);
        if (!isExpected(request)) {
            return;
        }
        message.setHeader(REQUEST_ID, exchange.getExchangeId());
        if (problem == null) {
            return;
        }
        if (request.method() == HttpMethod.HEAD) {
            message.removeHeader("Content-Type");
            message.setBody(null);
            return;
        }
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String code = code(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class), status);
        message.setHeader("Content-Type", "application/xml");
        message.setBody(xml(
                code,
                new JsonObject(problem).getString("detail"),
                request.uri().replaceFirst("\\?.*", ""),
                exchange.getExchangeId()));
    }

    /**
     * Returns S3's error code for an exception and an HTTP status.
     *
     * @param exception the exception that ended the request, or null
     */
    static String code(Exception exception, int status) {
        RequestRefusedException refused = ObjectHelper.getException(RequestRefusedException.class, exception);
        if (refused != null && refused.s3Code() != null) {
            return refused.s3Code();
        }
        if (ObjectHelper.getException(InvalidObjectStateException.class, exception) != null) {
            return "InvalidObjectState";
        }
        return switch (status) {
            case 400 -> "InvalidArgument";
            case 401, 403 -> "AccessDenied";
            case 404 -> refused == null ? "NoSuchKey" : "NoSuchBucket"; // a refused address was never looked up in S3
            case 405 -> "MethodNotAllowed";
            case 408 -> "RequestTimeout";
            case 411 -> "MissingContentLength";
            case 412 -> "PreconditionFailed";
            case 413 -> "EntityTooLarge";
            case 416 -> "InvalidRange";
            case 501 -> "NotImplemented";
            case 503 -> "ServiceUnavailable";
            default -> status < 500 ? "InvalidRequest" : "InternalError";
        };
    }

    /** Returns an error response in S3's XML format. */
    static String xml(String code, String detail, String resource, String requestId) throws XMLStreamException {
        StringWriter text = new StringWriter();
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("Error");
        element(xml, "Code", code);
        element(xml, "Message", detail);
        element(xml, "Resource", resource);
        element(xml, "RequestId", requestId);
        xml.writeEndElement();
        xml.writeEndDocument();
        return text.toString();
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(INVALID_XML_CHARACTER.matcher(text).replaceAll("?"));
        xml.writeEndElement();
    }
}
