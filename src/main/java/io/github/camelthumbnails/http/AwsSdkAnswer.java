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
 * Answers AWS SDKs and the AWS CLI as S3 does. They read an error from XML, and turn its code into an exception; after any other
 * answer they repeat the request, or report something that hides the cause.
 */
public final class AwsSdkAnswer {

    /** The header that carries an id of the request, which SDKs show in their error messages. */
    public static final String REQUEST_ID = "x-amz-request-id";

    private static final Pattern NOT_IN_XML =
            Pattern.compile("[^\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    private AwsSdkAnswer() {}

    /** Returns whether a request was sent by an AWS SDK. All of them send at least one of these headers. */
    public static boolean isExpected(HttpServerRequest request) {
        return request.headers().contains("amz-sdk-invocation-id")
                || request.headers().contains("x-amz-content-sha256");
    }

    /**
     * Translates a problem in JSON into S3's XML if an SDK asked. A response to {@code HEAD} has no body, and "not modified" has neither
     * body nor translation.
     *
     * @param exchange the response, as it is for all other clients
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
     * Returns S3's code for an error.
     *
     * @param exception what ended the request, or null
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
            case 404 -> refused == null ? "NoSuchKey" : "NoSuchBucket"; // the address is rejected before S3 is asked
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
        xml.writeCharacters(NOT_IN_XML.matcher(text).replaceAll("?"));
        xml.writeEndElement();
    }
}
