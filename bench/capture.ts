import { parseImageId } from "../provider/base/reference/digest";
import { engineAt } from "../provider/build/functions/effects";
import { docker } from "../test/support/docker";
import { ownImages } from "../test/support/own-images";
import { median, type Result } from "./figures";
import { time } from "./time";

const MOST_SECONDS = 2;

/** A small Debian image with about 320 MB of random files, some of them small ones in node_modules. */
const RECIPE = `FROM debian:bookworm-slim
RUN mkdir -p /data /app/node_modules \\
 && for i in $(seq 1 1900); do head -c 160000 /dev/urandom > /data/$i; done \\
 && for i in $(seq 1 3000); do mkdir /app/node_modules/p$i \\
 && printf '{"name":"p%s","version":"1.0.%s"}' $i $i > /app/node_modules/p$i/package.json \\
 && head -c 4000 /dev/urandom > /app/node_modules/p$i/index.js; done
`;

/** Measures the capture of an image of about 400 MB. */
export async function capture(rounds: number): Promise<Result> {
  const images = ownImages("bench-capture");
  const tag = `${images.name}:image`;
  try {
    const labels = Object.entries(images.labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
    await docker(["build", "--quiet", "--tag", tag, ...labels, "-"], { input: RECIPE, timeoutMs: 600_000 });
    const [id = "", size = "0"] = (
      await docker(["image", "inspect", "--format", "{{.Id}} {{.Size}}", tag])
    ).split(" ");
    const engine = engineAt(undefined, 30);
    const captured: number[] = [];
    let found = 0;
    for (let round = 0; round < rounds; round++) {
      captured.push(
        await time(async () => (found = (await engine.capture(parseImageId(id))).packages.length)),
      );
    }
    const megabytes = Math.round(Number(size) / 1e6);
    const what = `capture of ${megabytes} MB, ${found} packages`;
    return {
      rows: [{ what, figures: { ms: captured } }],
      goals: [{ what: `median, ${what}`, value: median(captured) / 1_000, most: MOST_SECONDS, unit: "s" }],
    };
  } finally {
    await images.clean();
  }
}
