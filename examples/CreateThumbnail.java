// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import io.github.camelthumbnails.record.ThumbnailItem;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** The route of routes/create-thumbnail.camel.yaml in Java DSL, to be loaded in its place. */
public class CreateThumbnail extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:create-thumbnail")
                .routeId("create-thumbnail")
                .routeDescription("Create the thumbnail of one original, store it and record it in the table")
                .errorHandler(noErrorHandler()) // the caller starts all of it again
                .noStreamCaching()
                .to("aws2-s3:{{originals.bucket}}?operation=getObject&keyName=${exchangeProperty.objectKey}")
                .setVariable("sourceETag", header("CamelAwsS3ETag"))
                .setVariable("sourceVersionId", header("CamelAwsS3VersionId"))
                .setVariable("sourceSize", header("CamelAwsS3ContentLength"))
                .bean("originalBody", "read")
                .bean("thumbnailer", "thumbnail")
                .setVariable("thumbnail", body())
                .removeHeaders("CamelAwsS3*") // the original's length, storage class and metadata
                .setHeader("CamelAwsS3ContentType", simple("${body.contentType}"))
                .setBody(simple("${body.bytes}"))
                .setVariable("thumbnailBucket", simple("{{thumbnails.bucket}}"))
                .setVariable("thumbnailKey", simple("resized-${exchangeProperty.objectKey}"))
                .to("aws2-s3:{{thumbnails.bucket}}?keyName=${variable.thumbnailKey}")
                .setHeader("CamelAwsDdbItem", method(ThumbnailItem.class, "of"))
                .to("aws2-ddb:{{thumbnails.table}}")
                .log(
                        LoggingLevel.INFO,
                        "create-thumbnail",
                        "Thumbnail of ${exchangeProperty.objectKey}, made by the route in Java DSL");
    }
}
