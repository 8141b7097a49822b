// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.Failure;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.ObjectHelper;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Explains to operators in one line why a command has failed, and what they can do about it. */
public final class AwsProblem {

    /** Matches the name of the missing permission in an error message. S3 and emulators often leave it out. */
    private static final Pattern PERMISSION = Pattern.compile("to perform: ([a-z0-9]+:[A-Za-z]+)");

    /** Permissions of operators by the service that has rejected a request. */
    private static final Map<String, String> PERMISSIONS = Map.of(
            "S3", "s3:ListBucket (and s3:GetObject for an inventory)",
            "Sqs",
                    "sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage and"
                            + " sqs:ChangeMessageVisibility",
            "DynamoDb",
                    "dynamodb:Scan, dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:UpdateItem and dynamodb:DeleteItem");

    private AwsProblem() {}

    /** Returns one or two sentences without a line break. */
    public static String explain(Exception exception) {
        String error = Failure.error(exception);
        AwsServiceException refusal = ObjectHelper.getException(AwsServiceException.class, exception);
        if (refusal != null) {
            return switch (Failure.classify(exception)) {
                case AccessDenied ->
                    "AWS denies access: " + sentence(error) + " Give the credentials the permission "
                            + permission(refusal, error) + ".";
                case CredentialsRejected ->
                    "AWS rejects the credentials: " + sentence(error) + " Renew or replace them.";
                case ResourceMissing, ObjectNotFound ->
                    "AWS does not find it: " + sentence(error)
                            + " Check aws.region and the names of buckets, queues and tables.";
                case ServiceUnavailable -> "AWS is not available: " + sentence(error) + " Run the command again later.";
                default -> "AWS rejects a request: " + sentence(error);
            };
        }
        if (ObjectHelper.getException(SdkClientException.class, exception) != null) {
            return "AWS cannot be reached: " + sentence(error)
                    + " Check aws.endpoint, aws.region, the network and the credentials.";
        }
        return sentence(error);
    }

    private static String permission(AwsServiceException refusal, String error) {
        Matcher named = PERMISSION.matcher(error);
        if (named.find()) {
            return named.group(1);
        }
        String service = refusal.awsErrorDetails() == null
                ? ""
                : String.valueOf(refusal.awsErrorDetails().serviceName());
        return PERMISSIONS.getOrDefault(service, "that it needs");
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
