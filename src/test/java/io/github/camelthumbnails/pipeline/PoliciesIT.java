// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.aws.TerraformPlan;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.AwsCalls;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests that the IAM policies of the roles allow exactly the calls that the application makes. {@code aws/check}
 * creates the Terraform plan that contains the policies.
 */
class PoliciesIT {

    /** IAM actions whose name differs from that of the operation. */
    private static final Map<String, String> ACTIONS = Map.of(
            "Sqs ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility",
            "Sqs DeleteMessageBatch", "sqs:DeleteMessage",
            "Sqs SendMessageBatch", "sqs:SendMessage",
            "S3 ListObjectsV2", "s3:ListBucket",
            "S3 HeadObject", "s3:GetObject",
            "S3 CreateMultipartUpload", "s3:PutObject",
            "S3 UploadPart", "s3:PutObject",
            "S3 CompleteMultipartUpload", "s3:PutObject");

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().withShortTimes().with("app.roles", "upload").withFaults();

    private record Need(String action, String arn) {}

    @Test
    @Timeout(180)
    void policiesAllowExactlyTheCallsOfTheRoles() throws Exception {
        TerraformPlan plan = TerraformPlan.read();
        try (FaultProxy front = FaultProxy.start(URI.create(PIPELINE.endpoint()));
                FaultProxy operatorFront = FaultProxy.start(URI.create(PIPELINE.endpoint()))) {
            try (AutoCloseable thumbnail = PIPELINE.anotherApplication(Map.of(
                    "app.roles", "thumbnail",
                    "aws.endpoint", front.endpoint().toString(),
                    "events.queue.url", PIPELINE.url(PIPELINE.resources.events()),
                    "failures.queue.url", PIPELINE.url(PIPELINE.resources.failures())))::stop) {
                makeAllCalls(front);
            }
            Main operator = PIPELINE.anotherApplication(Map.of(
                    "app.roles", "operate",
                    "aws.endpoint", operatorFront.endpoint().toString(),
                    "events.queue.url", PIPELINE.url(PIPELINE.resources.events()),
                    "failures.queue.url", PIPELINE.url(PIPELINE.resources.failures()),
                    "dead.queue.url", PIPELINE.url(PIPELINE.resources.dead())));
            new OperatorCalls(PIPELINE, operator).makeAll("there");
            operator.stop();
            check(plan, "upload", PIPELINE.faults.endpoint());
            check(plan, "operate", operatorFront.endpoint());
            check(plan, "thumbnail", front.endpoint());
        }
    }

    private static void makeAllCalls(FaultProxy front) throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.PNG, 20, 20);
        FaultProxy.Rule slow = front.fail(FaultProxy.Service.S3, null, Fault.delay(Duration.ofMillis(700)));
        PIPELINE.upload("photo", photo);
        PIPELINE.awaitItem("photo");
        slow.remove();
        PIPELINE.upload("photo", new byte[] {1, 2, 3}); // its old thumbnail is removed
        PIPELINE.awaitFailure("photo");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("photo"));
        PIPELINE.awaitNoEvents();

        assertThat(chunked("large").statusCode()).isEqualTo(200);
        assertThat(chunked("large", "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==").statusCode())
                .isEqualTo(400);
        PIPELINE.store("there", photo);
        PIPELINE.awaitThumbnail("there");
        for (String method : List.of("GET", "HEAD")) {
            for (String bucket : List.of(PIPELINE.resources.originals(), PIPELINE.resources.thumbnails())) {
                String prefix = bucket.equals(PIPELINE.resources.originals()) ? "" : "resized-";
                assertThat(PIPELINE.read(method, "/dev/" + bucket + "/" + prefix + "there")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(PIPELINE.read(method, "/dev/" + bucket + "/absent").statusCode())
                        .isEqualTo(404);
            }
        }
        assertThat(PIPELINE.read("GET", PIPELINE.path("there") + "?status").statusCode())
                .isEqualTo(200);
        assertThat(PIPELINE.read("GET", PIPELINE.path("there") + "?status&wait=1")
                        .statusCode())
                .isEqualTo(200);
    }

    private static HttpResponse<String> chunked(String key, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + PIPELINE.httpPort + PIPELINE.path(key)))
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[6_000_000])));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void check(TerraformPlan plan, String role, URI endpoint) {
        Map<String, String> arns = arns(plan);
        List<Need> needs = AwsCalls.madeTo(endpoint.getPort()).stream()
                .flatMap(call -> needs(call, arns))
                .distinct()
                .toList();
        List<Need> grants = grants(plan, role);
        System.out.println("Role " + role + ", needed: "
                + new TreeSet<>(needs.stream().map(Need::toString).toList()));

        assertThat(needs)
                .as("calls of the role %s, all of which must be allowed", role)
                .isNotEmpty()
                .allSatisfy(need -> assertThat(grants).anyMatch(grant -> covers(grant, need)));
        assertThat(grants)
                .as("permissions of the role %s, all of which must be used", role)
                .isNotEmpty()
                .allSatisfy(grant -> assertThat(needs).anyMatch(need -> covers(grant, need)));
    }

    /**
     * Returns the actions that a call requires. A missing object requires another one, or S3 would not respond with
     * 404.
     */
    private static Stream<Need> needs(AwsCalls.Call call, Map<String, String> arns) {
        String[] names = call.operation().split(" ");
        String action = ACTIONS.getOrDefault(call.operation(), names[0].toLowerCase(Locale.ROOT) + ":" + names[1]);
        // CloudWatch has no resources.
        String arn =
                names[0].equals("CloudWatch") ? "*" : arns.get(call.resource().replaceFirst(".*/", ""));
        assertThat(arn).as(call.toString()).isNotNull();
        boolean onObject = action.startsWith("s3:") && !action.equals("s3:ListBucket");
        Stream<Need> need = Stream.of(new Need(action, onObject ? arn + "/key" : arn));
        return onObject && call.status() == 404 ? Stream.concat(need, Stream.of(new Need("s3:ListBucket", arn))) : need;
    }

    private static boolean covers(Need grant, Need need) {
        return grant.action.equals(need.action)
                && Pattern.matches(Pattern.quote(grant.arn).replace("*", "\\E.*\\Q"), need.arn);
    }

    /** Returns each action on each resource that a role's policy allows. */
    private static List<Need> grants(TerraformPlan plan, String role) {
        return plan.policy("aws_iam_role_policy.this[\"" + role + "\"]", "policy").stream()
                .peek(statement -> assertThat(statement.allows()).isTrue())
                .flatMap(statement -> statement.actions().stream()
                        .flatMap(action -> statement.resources().stream().map(arn -> new Need(action, arn))))
                .toList();
    }

    /** Maps the resource names in this test to the ARNs in the plan. */
    private static Map<String, String> arns(TerraformPlan plan) {
        return Map.of(
                PIPELINE.resources.dead(),
                "arn:aws:sqs:ap-northeast-2:123456789012:" + plan.value("aws_sqs_queue.dead", "name"),
                PIPELINE.resources.originals(),
                "arn:aws:s3:::" + plan.value("aws_s3_bucket.this[\"originals\"]", "bucket"),
                PIPELINE.resources.thumbnails(),
                "arn:aws:s3:::" + plan.value("aws_s3_bucket.this[\"thumbnails\"]", "bucket"),
                PIPELINE.resources.events(),
                "arn:aws:sqs:ap-northeast-2:123456789012:" + plan.value("aws_sqs_queue.events", "name"),
                PIPELINE.resources.failures(),
                "arn:aws:sqs:ap-northeast-2:123456789012:" + plan.value("aws_sqs_queue.failures", "name"),
                PIPELINE.resources.table(),
                "arn:aws:dynamodb:ap-northeast-2:123456789012:table/"
                        + plan.value("aws_dynamodb_table.this[\"thumbnails\"]", "name"),
                PIPELINE.resources.failuresTable(),
                "arn:aws:dynamodb:ap-northeast-2:123456789012:table/"
                        + plan.value("aws_dynamodb_table.this[\"failures\"]", "name"));
    }
}
