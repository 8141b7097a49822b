// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
//
// Renders the manifests and validates each object twice: the TypeScript compiler rejects unknown fields, and the JSON schema of
// the kind rejects invalid values. A copy of each object with an unknown field proves that the compiler notices one.
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { parseAllDocuments } from "yaml";

const here = fileURLToPath(new URL(".", import.meta.url));
const rendered = ["overlays", "tests"].flatMap((parent) => readdirSync(`${here}../${parent}`).map((name) => `${parent}/${name}`));
const packages = {
    "keda.sh": "@kubernetes-models/keda/",
    "gateway.networking.k8s.io": "@kubernetes-models/gateway-api/",
    "monitoring.coreos.com": "@kubernetes-models/prometheus-operator/",
};

const problems = [];
const lines = [];
const kinds = new Set();
for (const directory of rendered) {
    const yaml = execFileSync("kubectl", ["kustomize", `${here}../${directory}`], { encoding: "utf8" });
    for (const object of parseAllDocuments(yaml).map((document) => document.toJS())) {
        const name = `${directory} ${object.kind} ${object.metadata.name}`;
        const group = object.apiVersion.split("/")[0];
        const module = `${packages[group] ?? "kubernetes-models/"}${object.apiVersion}/${object.kind}`;
        const Kind = (await import(module))[object.kind];
        try {
            new Kind(object).validate();
        } catch (error) {
            problems.push(`${name}: ${error.message}`);
        }
        const type = `import("${module}").I${object.kind}`;
        const broken = structuredClone(object);
        (broken.spec ?? broken).noSuchField = true;
        lines.push(`// ${name}`);
        lines.push(`export const object${lines.length}: ${type} = ${JSON.stringify(object)};`);
        lines.push(`// @ts-expect-error`);
        lines.push(`export const broken${lines.length}: ${type} = ${JSON.stringify(broken)};`);
        kinds.add(object.kind);
    }
}

const source = `${here}objects.ts`;
writeFileSync(source, lines.join("\n"));
const program = ts.createProgram([source], {
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
});
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start).line ?? 0;
    const name = lines.slice(0, line + 1).findLast((text) => text.startsWith("// ") && !text.includes("@"));
    problems.push(`${name}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`);
}
rmSync(source);

if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exit(1);
}
console.log(`${lines.length / 4} objects of ${kinds.size} kinds in ${rendered.length} directories: no unknown field, no invalid value`);
