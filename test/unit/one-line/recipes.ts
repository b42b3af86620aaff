import { argumentLine } from "../../../provider/recipe/dockerfile/argument-line";
import { externalImages } from "../../../provider/recipe/dockerfile/bases";
import { parseDockerfile } from "../../../provider/recipe/dockerfile/parse";
import { findUnpinned } from "../../../provider/recipe/dockerfile/unpinned";
import { unpinnedTriggers } from "../../../provider/recipe/dockerfile/unpinned/onbuild";
import { mergeCertificates } from "../../../provider/recipe/ca-bundle/bundle";
import { readIgnore } from "../../../provider/recipe/context/ignore-matcher";
import { withExclusions } from "../../../provider/recipe/context/ignore-text";
import { lockedRecipe } from "../../../provider/recipe/pins/locked-recipe";
import { lockOf } from "../packages/in-short";
import { after, type Parser } from "./parser";

const settings = { platform: "linux/amd64" };

/** All that a recipe goes through before a build. */
function readRecipe(text: string): unknown[] {
  const parsed = parseDockerfile(text);
  const parts = { parsed, settings, lock: NO_LOCK, npmProjects: [], bases: new Map<string, string>() };
  return [externalImages(parsed, settings), findUnpinned(parsed, settings), lockedRecipe(parts)];
}
export const NO_LOCK = lockOf();

/** Characters of a line that Docker still reads. */
const READ = 50_000;

/** A long line in pieces that are short enough for Docker, which joins them. */
function continued(line: string): string {
  const lines: string[] = [];
  for (let at = 0; at < line.length; at += READ) lines.push(line.slice(at, at + READ));
  return lines.join("\\\n");
}

/** Patterns that leave many ways to read a path. */
const WILD = ["*a*a*a*a*a*b", "**a**a**a**b", "**/a*/**/a*/**/b", "a[b*]*a[b*]*a[b*]*c"];

/** What reads recipes, contexts and certificates. */
export const RECIPES: readonly Parser[] = [
  ...after("a recipe", "¦#¦# syntax=¦# escape=¦FROM ¦FROM a AS ¦FROM --platform=¦ARG ", readRecipe),
  ...after("the value of an argument", "", (value) => argumentLine("A", value, "\\")),
  ...after("triggers", "¦RUN ¦COPY ¦ADD ", (text) => unpinnedTriggers([text])),
  ...after("an ignore file", "¦!¦/¦#¦**¦[", (text) => readIgnore(text).ignores("a/b/c")),
  ...WILD.map((pattern): Parser => {
    return [`a path, for the pattern ${pattern}`, (line) => readIgnore(pattern).ignores(line)];
  }),
  ...after("the copy of an ignore file", "¦!", (text) => withExclusions(text, ["a"])),
  ...after("certificates", "¦-----BEGIN CERTIFICATE-----", (text) => mergeCertificates([text])),
];

const INSTRUCTIONS = "RUN ¦RUN sh -c '¦RUN pip install ¦RUN <<¦ENV a=${a:-¦COPY ¦ADD [\"¦LABEL ";
const argued = (line: string): string => `ARG A=${continued(line)}\nFROM a\nARG A\nENV B=\${A//a*/b}\n`;

/** Instructions that are one line for those who read them. */
export const JOINED: readonly Parser[] = [
  ...after("a recipe with", INSTRUCTIONS, (text) => readRecipe(`FROM a\n${continued(text)}`)),
  ["a recipe with a variable", (line) => readRecipe(argued(line))],
];
