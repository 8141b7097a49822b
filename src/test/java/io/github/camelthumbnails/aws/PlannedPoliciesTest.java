// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.aws.TerraformPlan.Statement;
import io.github.camelthumbnails.kubernetes.Manifests;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the planned IAM policies: who may assume the roles and who may send events, that TLS is required, and that no role can
 * destroy an original. PoliciesIT tests the permissions of the roles.
 */
class PlannedPoliciesTest {

    private static final String ISSUER = "oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE";

    private static TerraformPlan plan;

    @BeforeAll
    static void read() throws Exception {
        plan = TerraformPlan.read();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upload", "thumbnail", "operate"})
    void serviceAccountOfTheManifestsMayAssumeItsRole(String role) throws Exception {
        Assumptions.assumeTrue(Manifests.canBeRendered(), "kubectl is not installed");
        JsonObject deployment = Manifests.render("tests/operate").find("Deployment", "camel-thumbnails-" + role);

        assertTrust(
                role,
                deployment.getJsonObject("metadata").getString("namespace"),
                Manifests.template(deployment).getJsonObject("spec").getString("serviceAccountName"));
    }

    @Test
    void kedaOperatorMayAssumeItsRole() {
        assertTrust("keda", "keda", "keda-operator");
    }

    /** Asserts that only this service account may assume the role, by IRSA and by Pod Identity. */
    private static void assertTrust(String role, String namespace, String account) {
        assertThat(plan.policy("aws_iam_role.this[\"" + role + "\"]", "assume_role_policy"))
                .extracting(Statement::json)
                .containsExactlyInAnyOrder(
                        new JsonObject()
                                .put("Effect", "Allow")
                                .put("Action", "sts:AssumeRoleWithWebIdentity")
                                .put(
                                        "Principal",
                                        new JsonObject()
                                                .put("Federated", "arn:aws:iam::123456789012:oidc-provider/" + ISSUER))
                                .put(
                                        "Condition",
                                        equalTo(
                                                ISSUER + ":sub",
                                                "system:serviceaccount:" + namespace + ":" + account,
                                                ISSUER + ":aud",
                                                "sts.amazonaws.com")),
                        new JsonObject()
                                .put("Effect", "Allow")
                                .put("Action", List.of("sts:TagSession", "sts:AssumeRole"))
                                .put("Principal", new JsonObject().put("Service", "pods.eks.amazonaws.com"))
                                .put(
                                        "Condition",
                                        equalTo(
                                                "aws:RequestTag/eks-cluster-arn",
                                                "arn:aws:eks:ap-northeast-2:123456789012:cluster/cluster",
                                                "aws:RequestTag/kubernetes-namespace",
                                                namespace,
                                                "aws:RequestTag/kubernetes-service-account",
                                                account)));
    }

    /** Builds a policy condition from names and required values. */
    private static JsonObject equalTo(String... namesAndValues) {
        JsonObject values = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new JsonObject().put("StringEquals", values);
    }

    /** Versioning protects originals only if no role may delete versions or suspend versioning. */
    @ParameterizedTest
    @ValueSource(strings = {"upload", "thumbnail", "operate", "keda"})
    void noRoleCanDestroyAnOriginal(String role) {
        String originals = "arn:aws:s3:::" + plan.value("aws_s3_bucket.this[\"originals\"]", "bucket");

        assertThat(plan.policy("aws_iam_role_policy.this[\"" + role + "\"]", "policy"))
                .filteredOn(statement ->
                        statement.resources().stream().anyMatch(arn -> arn.equals("*") || arn.startsWith(originals)))
                .flatExtracting(Statement::actions)
                .isSubsetOf(
                        "s3:PutObject",
                        "s3:AbortMultipartUpload",
                        "s3:GetObject",
                        "s3:ListBucket",
                        "cloudwatch:GetMetricData");
    }

    @Test
    void operatorsCanNeitherReadNorChangeAnObject() {
        assertThat(plan.policy("aws_iam_role_policy.this[\"operate\"]", "policy"))
                .flatExtracting(Statement::actions)
                .filteredOn(action -> action.startsWith("s3:"))
                .containsExactly("s3:ListBucket");
    }

    @Test
    void onlyTheOriginalsBucketHasVersioning() {
        assertThat(plan.addresses("aws_s3_bucket_versioning")).containsExactly("aws_s3_bucket_versioning.originals[0]");
    }

    @Test
    void onlyTheOriginalsBucketMaySendEvents() {
        assertThat(plan.policy("aws_sqs_queue_policy.this[\"image-events\"]", "policy"))
                .filteredOn(Statement::allows)
                .singleElement()
                .satisfies(statement -> {
                    assertThat(statement.actions()).containsExactly("sqs:SendMessage");
                    assertThat(statement.json().getJsonObject("Principal"))
                            .isEqualTo(new JsonObject().put("Service", "s3.amazonaws.com"));
                    String bucket = plan.value("aws_s3_bucket.this[\"originals\"]", "bucket");
                    assertThat(statement.json().getJsonObject("Condition"))
                            .isEqualTo(new JsonObject()
                                    .put("ArnEquals", new JsonObject().put("aws:SourceArn", "arn:aws:s3:::" + bucket))
                                    .put("StringEquals", new JsonObject().put("aws:SourceAccount", "123456789012")));
                });
        for (String queue : List.of("image-events-dead", "image-failures")) {
            assertThat(plan.policy("aws_sqs_queue_policy.this[\"" + queue + "\"]", "policy"))
                    .as("other principals only by their roles")
                    .noneMatch(Statement::allows);
        }
    }

    @Test
    void onlyTheEventBridgeRuleMaySendEventsOfEventBridge() throws Exception {
        TerraformPlan eventBridge = TerraformPlan.readEventBridge();

        assertThat(eventBridge.policy("aws_sqs_queue_policy.this[\"image-events\"]", "policy"))
                .filteredOn(Statement::allows)
                .singleElement()
                .satisfies(statement -> {
                    assertThat(statement.actions()).containsExactly("sqs:SendMessage");
                    assertThat(statement.json().getJsonObject("Principal"))
                            .isEqualTo(new JsonObject().put("Service", "events.amazonaws.com"));
                    String rule = eventBridge.value("aws_cloudwatch_event_rule.originals[0]", "name");
                    assertThat(statement.json().getJsonObject("Condition"))
                            .isEqualTo(new JsonObject()
                                    .put(
                                            "ArnEquals",
                                            new JsonObject()
                                                    .put(
                                                            "aws:SourceArn",
                                                            "arn:aws:events:ap-northeast-2:123456789012:rule/"
                                                                    + rule)));
                });
    }

    static Stream<String> policiesOfResources() {
        return Stream.of("aws_s3_bucket_policy", "aws_sqs_queue_policy").flatMap(type -> plan.addresses(type).stream());
    }

    @ParameterizedTest
    @MethodSource("policiesOfResources")
    void requestsWithoutTlsAreDenied(String address) {
        String name = address.replaceAll(".*\\[\"|\"]", "");
        boolean bucket = address.startsWith("aws_s3");
        assertThat(plan.policy(address, "policy"))
                .filteredOn(statement -> !statement.allows())
                .singleElement()
                .satisfies(statement -> {
                    assertThat(statement.json().getString("Principal")).isEqualTo("*");
                    assertThat(statement.actions()).containsExactly(bucket ? "s3:*" : "sqs:*");
                    assertThat(statement.resources())
                            .hasSize(bucket ? 2 : 1)
                            .allSatisfy(arn -> assertThat(arn).contains(":camel-thumbnails-" + name));
                    assertThat(statement.json().getJsonObject("Condition"))
                            .isEqualTo(
                                    new JsonObject().put("Bool", new JsonObject().put("aws:SecureTransport", "false")));
                });
    }
}
