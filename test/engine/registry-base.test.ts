import assert from "node:assert/strict";
import { BASE_DIGEST, BASE_NAME } from "../../provider/engines/ancestry";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { docker } from "../support/docker";
import { ownImages } from "../support/own-images";
import { startRegistry, type TestRegistry } from "../support/registry";

const [A, B] = ["a1".repeat(20), "b2".repeat(20)];

describe("a promotion in registries of an image that names its base", function () {
  this.timeout(120_000);
  const images = ownImages("based");
  let real: TestRegistry;
  const at = (rest: string): string => `${real.host}/${rest}`;

  /** Builds a Dockerfile's text, pushes it and returns its digest; the engine keeps it as a base for others. */
  async function push(
    name: string,
    dockerfile: string,
    labels: Record<string, string> = {},
  ): Promise<string> {
    const flags = Object.entries({ ...images.labels, ...labels }).map(([key, value]) => `${key}=${value}`);
    const args = ["build", "--quiet", "--tag", at(name), ...flags.flatMap((flag) => ["--label", flag]), "-"];
    await docker(args, { input: dockerfile, timeoutMs: 120_000 });
    await docker(["push", "--quiet", at(name)]);
    const [path = "", tag = ""] = name.split(":");
    return (await real.digest(path, tag)) ?? assert.fail("nothing was pushed");
  }

  /** What keeps an image from being promoted; nothing when it was. */
  async function refusal(name: string): Promise<string | null> {
    const inputs = { source: at(name), targets: [at("production/web:live")], expectedRevision: A };
    const { failures } = await promotion.check(undefined, inputs);
    if (failures.length === 0) {
      await promotion.create(inputs);
      return null;
    }
    await assert.rejects(promotion.create(inputs));
    return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
  }
  const inherited = (digest: string): string =>
    `source: the image's label ${REVISION_LABEL} may be inherited and not its own: ` +
    `${at("team/base:1")} (${digest}), which it is built on, has the same; `;

  let base: string;
  before(async () => {
    real = await startRegistry();
    base = await push("team/base:1", "FROM scratch\nENV A=b\n", { [REVISION_LABEL]: A });
  });
  after(async () => {
    await real.stop();
    await images.clean();
  });

  it("is refused with a label of the base, and goes with an instruction of its own that sets it", async () => {
    const child = `FROM ${at("team/base:1")}\nENV C=d\n`;
    const labels = { [BASE_NAME]: at("team/base:1") };
    await push("team/web:1", child, labels);
    const words = await refusal("team/web:1");
    assert.ok(words?.startsWith(inherited(base)), String(words));
    assert.equal(await real.digest("production/web", "live"), null);

    const own = await push("team/web:2", `${child}LABEL ${REVISION_LABEL}=${A}\n`, labels);
    assert.equal(await refusal("team/web:2"), null);
    assert.equal(await real.digest("production/web", "live"), own);
  });

  it("looks at the digest that the manifest names, whatever its tag stands for now", async () => {
    await push("team/web:3", `FROM ${at("team/base:1")}\nENV E=f\n`);
    assert.equal(await refusal("team/web:3"), null, "nobody can tell what it is built on");
    const manifest = await real.json("team/web", "manifests", "3");
    const annotations = { [BASE_NAME]: at("team/base:1"), [BASE_DIGEST]: base };
    await real.put("team/web", "annotated", { ...manifest, annotations });
    await push("team/base:1", "FROM scratch\nENV G=h\n", { [REVISION_LABEL]: B });
    const words = await refusal("team/web:annotated");
    assert.ok(words?.startsWith(inherited(base)), String(words));

    await real.put("team/web", "moved", { ...manifest, annotations: { [BASE_NAME]: at("team/base:1") } });
    assert.equal(await refusal("team/web:moved"), null, "what its tag stands for has another label");
    const gone = { ...annotations, [BASE_DIGEST]: `sha256:${"0".repeat(64)}` };
    await real.put("team/web", "gone", { ...manifest, annotations: gone });
    assert.equal(await refusal("team/web:gone"), null, "a base that is gone can't be read");
  });
});
