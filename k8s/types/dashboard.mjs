// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
//
// Validates the Grafana dashboard against Grafana's own types, panel by panel: the TypeScript compiler rejects unknown fields and
// invalid values. A copy of each part with an unknown field proves that the compiler notices one. The layout is checked as well.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const dashboard = JSON.parse(readFileSync(`${here}../components/monitoring/dashboard.json`, "utf8"));
const modules = { timeseries: "timeseries/panelcfg/x/TimeSeriesPanelCfg", stat: "stat/panelcfg/x/StatPanelCfg" };

// Enums of strings become their values, which is what JSON contains.
const lines = [
    `import type { DataQuery } from "@grafana/schema";`,
    `import type { Dashboard, Panel, RowPanel } from "@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen";`,
    `type Json<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;`,
    `interface Query extends DataQuery { expr: string; legendFormat: string; instant?: boolean; range?: boolean; }`,
    ...Object.entries(modules).map(
        ([type, path]) => `import type * as ${type} from "@grafana/schema/dist/esm/raw/composable/${path}_types.gen";`,
    ),
];
let parts = 0;
function check(name, type, value) {
    parts++;
    lines.push(`// ${name}`);
    lines.push(`export const part${parts}: Json<${type}> = ${JSON.stringify(value)};`);
    lines.push(`// @ts-expect-error`);
    lines.push(`export const broken${parts}: Json<${type}> = ${JSON.stringify({ ...value, noSuchField: true })};`);
}

const problems = [];
const cells = new Set();
check("dashboard", "Dashboard", { ...dashboard, panels: [] });
for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    for (let cell = 0; cell < w * h; cell++) {
        const place = `${x + (cell % w)},${y + Math.floor(cell / w)}`;
        if (cells.has(place) || x + w > 24) {
            problems.push(`${panel.title}: overlaps with another panel, or is too wide`);
            break;
        }
        cells.add(place);
    }
    if (panel.type === "row") {
        check(panel.title, "RowPanel", panel);
        continue;
    }
    if (!(panel.type in modules)) {
        problems.push(`${panel.title}: add the type ${panel.type} to k8s/types/dashboard.mjs`);
        continue;
    }
    check(panel.title, "Panel", panel);
    check(`${panel.title}: options`, `${panel.type}.Options`, panel.options);
    if (panel.fieldConfig.defaults.custom) {
        check(`${panel.title}: fieldConfig`, `${panel.type}.FieldConfig`, panel.fieldConfig.defaults.custom);
    }
    panel.targets.forEach((target) => check(`${panel.title}: target ${target.refId}`, "Query", target));
}

const source = `${here}dashboard.ts`;
writeFileSync(source, lines.join("\n"));
const program = ts.createProgram([source], {
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
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
console.log(`${parts} parts of ${dashboard.panels.length} panels: no unknown field, no invalid value, no overlap`);
