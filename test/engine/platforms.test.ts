import assert from "node:assert/strict";
import { imageRevision } from "../../provider/build/functions/revisions";
import { docker } from "../support/docker";
import { isContainerdStore } from "../support/image-store";
import { ownImages } from "../support/own-images";
import { command } from "./support/command";

const LABEL = "org.opencontainers.image.revision";
const [ONE, TWO] = ["a".repeat(40), "b".repeat(40)];

/** A recipe of which each platform has a revision of its own. */
const recipe = (amd64: string, arm64: string, labels: Readonly<Record<string, string>>): string =>
  [
    "ARG TARGETARCH",
    ...[
      `FROM scratch AS amd64`,
      `LABEL ${LABEL}=${amd64}`,
      `FROM scratch AS arm64`,
      `LABEL ${LABEL}=${arm64}`,
    ],
    "FROM ${TARGETARCH}",
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
    "WORKDIR /app",
    "",
  ].join("\n");

describe("an image of several platforms on the engine", function () {
  this.timeout(120_000);
  const images = ownImages("platforms");
  after(() => images.clean());

  /** Builds it. An engine with a graph driver can't have such an image. */
  async function isBuilt(tag: string, amd64: string, arm64: string): Promise<boolean> {
    const platforms = ["--platform", "linux/amd64,linux/arm64"];
    const building = docker(
      ["build", "--quiet", "--load", ...platforms, "--tag", `${images.name}:${tag}`, "-"],
      {
        input: recipe(amd64, arm64, images.labels),
        timeoutMs: 100_000,
      },
    );
    if (await isContainerdStore()) return (await building) !== "";
    await assert.rejects(building);
    return false;
  }
  const gate = (tag: string): ReturnType<typeof command> =>
    command(process.cwd(), ["gate", `${images.name}:${tag}`, "--expected-revision", ONE]);

  it("is refused where one of them has another revision, whichever one the engine shows", async () => {
    for (const [tag, amd64, arm64, wrong] of [
      ["first", ONE, TWO, "linux/arm64"],
      ["second", TWO, ONE, "linux/amd64"],
    ] as const) {
      if (!(await isBuilt(tag, amd64, arm64))) return;
      const { code, stdout } = await gate(tag);
      assert.equal(code, 1);
      assert.ok(
        stdout.includes(`${wrong}: provenance mismatch: image bbbbbbbbbbbb != expected aaaaaaaaaaaa`),
        stdout,
      );
      assert.equal(await imageRevision(`${images.name}:${tag}`), "");
    }
  });

  it("passes where all have the expected one", async () => {
    if (!(await isBuilt("same", ONE, ONE))) return;
    const { code, stdout } = await gate("same");
    assert.deepEqual([code, stdout], [0, "provenance match: aaaaaaaaaaaa\n"]);
    assert.equal(await imageRevision(`${images.name}:same`), ONE);
  });
});
