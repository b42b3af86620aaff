import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";
import { runChild } from "../support/child";
import { REPOSITORY } from "../support/pulumi-project";
import { verificationsOver } from "../support/verifications";

/** One canary for each place where a secret can be given. None of them is like another. */
const canary = (place: string): string => `canary${place}${randomBytes(9).toString("hex")}`;
const CANARIES = {
  secretFile: canary("file"),
  secretVariable: canary("variable"),
  nestedArgument: canary("nested"),
  accessToken: canary("access"),
};
/** In the recipe, which the store repeats, and in one of its copies. */
const IN_RECIPE = canary("recipe");
/** A label is in the image. */
const LABEL = canary("label");

const VARIABLES = {
  CANARY_VARIABLE: CANARIES.secretVariable,
  PULUMI_ACCESS_TOKEN: CANARIES.accessToken,
};

const RECIPE = [
  "FROM debian:bookworm-slim",
  "ARG TOKEN",
  "ARG COLOUR",
  // Prints all that it has.
  'RUN --mount=type=secret,id=file --mount=type=secret,id=env echo "$TOKEN $COLOUR" $(cat /run/secrets/file /run/secrets/env)',
  `RUN true || curl -H 'PRIVATE-TOKEN: ${IN_RECIPE}' "https://x.test/?access_token=${IN_RECIPE}"`,
  "",
].join("\n");

const program = (name: string, labels: object, verify: string, token: string): string => `
const pulumi = require("@pulumi/pulumi");
const { ReproducibleImage, PromotedImage } = require("pulumi-verified-images");
const image = new ReproducibleImage("image", {
  name: ${JSON.stringify(name)}, context: "app", root: "store", revision: "${REVISION_A}", verify: "${verify}",
  labels: { ...${JSON.stringify(labels)}, owner: pulumi.secret("${LABEL}") },
  buildArgs: { TOKEN: pulumi.secret("${token}"), COLOUR: "blue" },
  secrets: { file: { file: "token.txt" }, env: { env: "CANARY_VARIABLE" } },
});
${
  // A promotion does not wait for a verification in the background.
  verify === "inline"
    ? `new PromotedImage("promotion", {
  source: image.imageId, targets: ["${name}:production"], expectedRevision: "${REVISION_A}", root: "store",
});`
    : ""
}
exports.unpinned = image.unpinned;
`;

/** Looks at the command lines of all processes, again and again, until it is ended. */
function watchCommandLines(): () => string {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 10);
  return () => {
    clearInterval(timer);
    return [...seen].join("\n");
  };
}

describe("secrets of a program", function () {
  this.timeout(1_800_000);
  let story: Story;
  let said: string;
  let commands: string;
  const root = (): string => join(story.project.directory, "store");

  const text = (verify: string, token = CANARIES.nestedArgument): string =>
    program(story.images.name, story.images.labels, verify, token);

  async function up(): Promise<void> {
    const { code, stdout, stderr } = await story.project.run(["up", "--yes", "--skip-preview"], VARIABLES);
    said += stdout + stderr;
    assert.equal(code, 0, stdout + stderr);
  }

  const stored = (): Map<string, string> =>
    new Map(
      readdirSync(root(), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), "utf8")]),
    );
  const record = (): { hidden?: { buildArgs: object; labels: object }; buildArgs: object } => {
    const [, found = ""] = [...stored()].filter(([name]) => name.endsWith(".build.json")).at(-1) ?? [];
    return JSON.parse(found) as ReturnType<typeof record>;
  };

  before(async () => {
    story = await startStory("canaries", () => ({}), { "token.txt": CANARIES.secretFile });
    said = "";
    await story.project.write("index.js", text("inline"));
    await story.project.write("app/Dockerfile", RECIPE);
    const end = watchCommandLines();
    try {
      await up();
    } finally {
      commands = end();
    }
  });
  after(() => story.end());

  it("are in no state, receipt, log, lock or record, and in nothing that was printed", async () => {
    const state = (await story.project.run(["stack", "export"], VARIABLES)).stdout;
    assert.ok(state.includes("ReproducibleImage"), state);
    const files = stored();
    assert.ok(files.has("promotions.jsonl") && files.size >= 8, [...files.keys()].join());
    for (const [place, value] of Object.entries({ ...CANARIES, label: LABEL })) {
      assert.ok(!state.includes(value), `the state has ${place}`);
      assert.ok(!said.includes(value), `the terminal has ${place}: ${said}`);
      for (const [name, content] of files) assert.ok(!content.includes(value), `${name} has ${place}`);
    }
    for (const [name, content] of files)
      assert.equal(content.includes(IN_RECIPE), name.endsWith(".Dockerfile"), name);
    assert.ok(!state.includes(IN_RECIPE) && !said.includes(IN_RECIPE));
    assert.ok(state.includes("PRIVATE-TOKEN: ***"));
    const log = [...files].find(([name]) => name.endsWith(".build.log"))?.[1] ?? "";
    assert.match(log, /^#\d+ \d+\.\d+ \*\*\* blue \*\*\*+$/m);
  });

  it("are in no process list, and a label, which is in the image, is warned about", () => {
    assert.match(commands, /--build-arg\0TOKEN\0/, "docker was not seen");
    for (const [place, value] of Object.entries({ ...CANARIES, label: LABEL }))
      assert.ok(!commands.includes(value), place);
    assert.match(said, /warning: the label owner is secret, but whoever has the image can read it/);
  });

  it("are in the record as hashes, and a build with the same values is not repeated", async () => {
    const { hidden, buildArgs } = record();
    assert.deepEqual(
      [Object.keys(hidden?.buildArgs ?? {}), Object.keys(hidden?.labels ?? {})],
      [["TOKEN"], ["owner"]],
    );
    assert.deepEqual(buildArgs, { COLOUR: "blue" });
    const preview = await story.project.preview(VARIABLES);
    assert.deepEqual(preview.changed(), [], preview.diagnostics);
  });

  it("are asked for by a later rebuild, which says where to give them", async () => {
    const verify = (values?: object) =>
      runChild(
        process.execPath,
        [join(REPOSITORY, "dist/cli/main.js"), "verify", story.images.name, "--root", "store"],
        {
          cwd: story.project.directory,
          env: {
            ...process.env,
            ...VARIABLES,
            ...(values === undefined ? {} : { VERIFIED_IMAGES_SECRET_VALUES: JSON.stringify(values) }),
          },
        },
      );
    const missing = await verify();
    assert.equal(missing.code, 3, missing.stderr);
    assert.match(
      missing.stderr,
      /^error: the build argument TOKEN of \S+ is a secret, of which the store has a hash only; to rebuild, give its value in the environment variable VERIFIED_IMAGES_SECRET_VALUES, as JSON: \{"TOKEN": "\.\.\."\}$/m,
    );
    const wrong = await verify({ TOKEN: "canary-of-another-kind", owner: LABEL });
    assert.equal(wrong.code, 3, wrong.stderr);
    assert.match(wrong.stderr, /the build argument TOKEN of \S+ had another value when it was built/);
    const right = await verify({ TOKEN: CANARIES.nestedArgument, owner: LABEL });
    assert.equal(right.code, 0, right.stderr);
  });

  it("reach a verification in the background, and another value is another build", async () => {
    const before = record();
    await story.project.write("index.js", text("background", `${CANARIES.nestedArgument}-new`));
    await up();
    await verificationsOver(root());
    assert.notDeepEqual(record(), before);
    const marks = [...stored().keys()].filter((name) => /\.(?:un)?verified$/.test(name));
    assert.equal(marks.filter((name) => name.endsWith(".verified")).length, 2, marks.join());
    for (const [name, content] of stored()) assert.ok(!content.includes(CANARIES.nestedArgument), name);
    assert.ok(!said.includes(CANARIES.nestedArgument));
  });
});
