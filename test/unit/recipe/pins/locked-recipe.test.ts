import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { lockedRecipe, type LockedRecipeParts } from "../../../../provider/recipe/pins/locked-recipe";
import { each } from "../../../support/each";
import { lockOf } from "../../packages/in-short";

const PACKAGES = ["dpkg:curl@7.88.1-10", "dpkg:git@2.39 of assets", "pip:six@1.17.0 in /venv"];
const BASES = { "debian:12": "debian@sha256:aa", "node:20": "verified-images/base:bbbbbbbbbbbb" };

function locked(
  recipe: string,
  changes: Partial<LockedRecipeParts> & { packages?: readonly string[]; target?: string } = {},
): string {
  const { packages = PACKAGES, target, ...rest } = changes;
  return lockedRecipe({
    parsed: parseDockerfile(recipe),
    settings: { platform: "linux/amd64", target },
    lock: lockOf(...packages),
    lockHash: "sha256:0123",
    npmProjects: [],
    bases: new Map(Object.entries(BASES)),
    ...rest,
  });
}
const mount = (stage: number): string =>
  `--mount=type=bind,from=verified-images-pins,source=/verified-images/${stage},target=/dev/verified-images`;
/** A project of npm in the first stage. */
const projectAt = (root: string, lock = "{}"): Pick<LockedRecipeParts, "npmProjects"> => ({
  npmProjects: [{ stage: 0, root, lock }],
});

describe("lockedRecipe", () => {
  const DEBIAN = "FROM debian@sha256:aa AS verified-images-pins\n";
  const NODE = "FROM verified-images/base:bbbbbbbbbbbb AS verified-images-pins\n";
  const [ONE, TWO] = [`RUN ${mount(0)} a\n`, `RUN ${mount(1)} b\n`];
  const STAGES =
    'FROM debian:12 AS one\nRUN a\nFROM node:20 AS two\nRUN b\nFROM scratch AS three\nRUN ["/c"]\n';
  const SHELL = 'FROM node:20 AS a\nRUN ["/app"]\nFROM debian:12\nCOPY --from=a / /\nRUN ls\n';
  const npm = { packages: ["npm:a@1 in /lib of tools"] };
  const preload = 'ARG NODE_OPTIONS="--require /dev/verified-images/npm-pins.cjs"\n';

  each("%s", [
    ["puts the pins into an image whose shell the recipe uses", SHELL, {}, [DEBIAN]],
    ["... or into another one, if there is none", 'FROM node:20\nRUN ["/app"]\n', {}, [NODE]],
    [
      "moves stage numbers by the helper stage",
      "FROM debian:12\nRUN a\nFROM debian:12\nCOPY --from=0 /x /x\n",
      {},
      ["COPY --from=1 /x"],
    ],
    [
      "pins a stage that stands on another one by the image below both",
      "FROM node:20 AS base\nFROM base\nRUN b\n",
      {},
      [NODE, "FROM verified-images/base:bbbbbbbbbbbb AS base\nFROM base\nARG APT_CONFIG"],
    ],
    ["touches only what the target needs", STAGES, { target: "one" }, [ONE, "FROM node:20 AS two\nRUN b\n"]],
    [
      "gives npm its preload in every stage that runs something, once there is an npm package",
      "FROM debian:12 AS tools\nRUN a\nFROM tools\nRUN b\n",
      npm,
      [`AS tools\n${preload}${ONE}`, `FROM tools\n${preload}${TWO}`, `'"a":{"1":null}'`],
    ],
    [
      "keeps the recipe's continuation character, also in the helper stage",
      "# escape=`\nFROM debian:12\nRUN a `\n  b\n",
      {},
      [`# escape=\`\n${DEBIAN}`, "  printf '%s\\n' `\n"],
    ],
    [
      "keeps the platform of the stage that carries the pins",
      "FROM --platform=$BUILDPLATFORM debian:12\nRUN a\n",
      {},
      ["FROM --platform=$BUILDPLATFORM debian@sha256:aa AS verified-images-pins\n"],
    ],
  ])((_, recipe, changes, parts) => {
    const text = locked(recipe, changes);
    assert.deepEqual(
      parts.filter((part) => !text.includes(part)),
      [],
      text,
    );
    const helpers = parseDockerfile(text).stages.filter(({ name }) => name === "verified-images-pins");
    assert.equal(helpers.length, 1);
    assert.equal(locked(recipe, changes), text, "the same for the same lock");
  });

  const PINNED = "FROM debian@sha256:aa\n";
  each("has no helper stage where %s", [
    ["the stage runs something on no image", STAGES, { target: "three" }, STAGES],
    [
      "nothing is run",
      "FROM debian:12\nCOPY a /a\nONBUILD RUN x\n",
      {},
      `${PINNED}COPY a /a\nONBUILD RUN x\n`,
    ],
    [
      "only the base is pinned",
      "FROM debian:12\nRUN x\n",
      { packages: ["gem:a@1 in /usr/lib"] },
      `${PINNED}RUN x\n`,
    ],
  ])((_, recipe, changes, expected) => assert.equal(locked(recipe, changes), expected));

  it("puts the pins into a helper stage on the pinned base, and leaves the shell text as it is", () => {
    const head = "# syntax=docker/dockerfile:1\nARG X=1\n";
    const run = "apt-get update && \\\n  apt-get install curl\nCMD run\n";
    const text = locked(`${head}FROM debian:12\nRUN ${run}`);
    const comment = "# The pins of lock sha256:0123; every RUN below sees its stage's.\n";
    assert.ok(text.startsWith(`${head}${DEBIAN}${comment}USER 0\nSHELL ["/bin/sh", "-c"]\n`), text);
    const apt = 'ARG APT_CONFIG="/dev/verified-images/apt.conf"\n';
    const pip = 'ARG PIP_CONSTRAINT="/dev/verified-images/constraints.txt"\n';
    const path = 'ARG PYTHONPATH="/dev/verified-images/python"\n';
    assert.equal(text.slice(text.indexOf(PINNED)), `${PINNED}${apt}${pip}${path}RUN ${mount(0)} ${run}`);
  });

  it("gives each stage its own pins, those of the final one as a start", () => {
    const text = locked("FROM debian:12 AS assets\nRUN a\nFROM node:20\nCOPY --from=assets /x /x\nRUN b\n");
    const names = parseDockerfile(text).stages.map(({ name }) => name);
    assert.deepEqual(names, ["verified-images-pins", "assets", null]);
    assert.ok(text.includes(ONE) && text.includes(TWO));
    const second = text.indexOf("mkdir -p /verified-images/1");
    const packages = [text.slice(0, second), text.slice(second)].map((part) =>
      part.match(/(?<=Package: )\w+/g),
    );
    assert.deepEqual(packages, [["git", "curl"], ["curl"]]);
  });

  it("lets no text of a lock out of its quotes", () => {
    const evil = `{"a":"'; touch /evil #"}\n'\\\nRUN touch /evil\nFROM evil\n# x \\`;
    const { stages } = parseDockerfile(locked("FROM debian:12\nRUN npm ci\n", projectAt("/app", evil)));
    assert.deepEqual(
      stages.map(({ from }) => from.image.written),
      Array(2).fill("debian@sha256:aa"),
    );
    const runs = stages[0]?.instructions.map(({ args }) => args.text) ?? [];
    assert.deepEqual(
      runs.filter((run) => run.startsWith("touch")),
      [],
    );
  });
});

describe("lockedRecipe and a project of npm", () => {
  each("%s a RUN with its lock: %s", [
    ["mounts", "npm ci"],
    ["mounts", '["npm", "test"]'],
    ["does not mount", "make"],
    ["does not mount", "npmrc"],
    // Where a mkdir could meet the folder that the mount makes.
    ["mounts", "mkdir -p /site && npm ci"],
    ["does not mount", "mkdir /site && npm ci"],
    // Where a command needs its folder empty or absent, which is left to the preload.
    ["does not mount", "git clone x /site && cd /site && npm ci"],
    ["does not mount", "npm create vite site"],
    ["does not mount", "npx create-react-app site && npm i"],
    ["mounts", "npm init -y && npm i x"],
    ["mounts", "npm ci && git --version"],
    ["mounts", "npm run create"],
  ])((verb, run) => {
    const text = locked(`FROM debian:12\nRUN ${run}\nRUN other\n`, projectAt("/site"));
    const line = text.split("\n").find((one) => one.startsWith(`RUN ${mount(0)}`) && one.endsWith(` ${run}`));
    assert.equal(line?.includes("target=/site/package-lock.json,rw"), verb === "mounts", text);
  });
});
