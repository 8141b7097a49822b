// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import io.github.camelthumbnails.rendition.RenditionFactory;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;

/** The route of routes/create-thumbnail.camel.yaml in Java DSL, to be loaded in its place. */
public class CreateThumbnail extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:create-thumbnail")
                .routeId("create-thumbnail")
                .routeDescription(
                        "Create the renditions of one original, store each of them, and list them in the table")
                .errorHandler(noErrorHandler()) // the caller starts all of it again
                .noStreamCaching()
                .to("aws2-s3:{{originals.bucket}}?operation=getObject&keyName=${exchangeProperty.objectKey}")
                .setVariable("sourceETag", header("CamelAwsS3ETag"))
                .setVariable("sourceVersionId", header("CamelAwsS3VersionId"))
                .setVariable("sourceSize", header("CamelAwsS3ContentLength"))
                .bean("originalBody", "read")
                .bean("renditions", "make")
                .setVariable("renditions", body())
                .removeHeaders("CamelAwsS3*") // the original's length, storage class and metadata
                .split(body())
                .stopOnException()
                .setHeader("CamelAwsS3ContentType", simple("${body.contentType}"))
                .setHeader(AWS2S3Constants.CACHE_CONTROL, simple("{{thumbnails.cacheControl}}"))
                .setHeader("CamelAwsS3Metadata", method(RenditionFactory.class, "metadata"))
                .setVariable("renditionKey", simple("${body.key}"))
                .setBody(simple("${body.bytes}"))
                .to("aws2-s3:{{thumbnails.bucket}}?keyName=${variable.renditionKey}")
                .end()
                .setBody(method("thumbnailItem", "put"))
                .bean("dynamoDbClient", "putItem")
                .log(
                        LoggingLevel.INFO,
                        "create-thumbnail",
                        "The route in Java DSL has made ${variable.renditions} of ${exchangeProperty.objectKey}");
    }
}
