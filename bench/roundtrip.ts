import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker } from "../test/support/docker";
import { ownImages } from "../test/support/own-images";
import { againstTwoBuilds } from "./against-two-builds";
import type { Result } from "./figures";

const MOST_RATIO = 1.05;

/** A typical service: a runtime and tools from the distribution, and one file. */
const RECIPE = `FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends python3 python3-venv curl git \\
 && rm -rf /var/lib/apt/lists/*
COPY app.py /app/app.py
RUN useradd --system app
USER app
CMD ["python3", "/app/app.py"]
`;

/** A round trip with Docker, against two plain builds of the same recipe. */
export async function roundtrip(rounds: number): Promise<Result> {
  const images = ownImages("bench-roundtrip");
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const context = join(directory, "context");
  await mkdir(context);
  await writeFile(join(context, "Dockerfile"), RECIPE);
  await writeFile(join(context, "app.py"), "print('hello')\n");
  const labels = Object.entries(images.labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
  const raw = ["build", "--no-cache", "--quiet", "--tag", `${images.name}:raw`, ...labels, context];
  try {
    return await againstTwoBuilds(rounds, {
      raw: () => docker(raw, { timeoutMs: 1_200_000 }),
      inputs: { name: images.name, context, root: join(directory, "store"), labels: { ...images.labels } },
      most: MOST_RATIO,
    });
  } finally {
    await images.clean();
    await rm(directory, { recursive: true, force: true });
  }
}
