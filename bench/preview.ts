import { join } from "node:path";
import { ownImages } from "../test/support/own-images";
import { makeProject, type PulumiProject } from "../test/support/pulumi";
import { programText } from "../test/support/pulumi-program";
import { median, type Result } from "./figures";
import { time } from "./time";

/** Environment variable: how many resources each stack has. */
const COUNT = Number(process.env.BENCH_RESOURCES) || 100;
const MOST_RATIO = 1.25;
const NAMES = Array.from({ length: COUNT }, (_, at) => `image${at}`);

/** The least that a dynamic resource can be. */
const EMPTY_PROGRAM = `const pulumi = require("@pulumi/pulumi");
const provider = {
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.name, outs: inputs }),
};
for (const name of ${JSON.stringify(NAMES)})
  new (class extends pulumi.dynamic.Resource {})(provider, name, { name });
`;

/** Measures a preview of a stack with many images in which nothing has changed, and one of as many empty dynamic resources. */
export async function preview(rounds: number): Promise<Result> {
  const own = ownImages("bench-preview");
  const projects: PulumiProject[] = [];
  const project = async (program: string, files: Record<string, string> = {}): Promise<PulumiProject> => {
    const made = await makeProject({ name: "bench-preview", program, files });
    projects.push(made);
    await made.up({ skipPreview: true });
    return made;
  };
  const inputs = (name: string): Record<string, unknown> => ({
    ...{ name: `${own.name}-${name}`, context: name, root: "store", verify: "skip", labels: own.labels },
  });
  const files = NAMES.flatMap((name) => [
    [join(name, "Dockerfile"), "FROM scratch\nCOPY text /text\n"],
    [join(name, "text"), `${own.name} ${name}\n`],
  ]);
  try {
    const images = Object.fromEntries(NAMES.map((name) => [name, inputs(name)]));
    const full = await project(programText({ images }), Object.fromEntries(files) as Record<string, string>);
    const empty = await project(EMPTY_PROGRAM);
    const ms = { full: [] as number[], empty: [] as number[] };
    const look = async (one: PulumiProject): Promise<void> => {
      const { code, stderr } = await one.run(["preview", "--expect-no-changes"]);
      if (code !== 0) throw new Error(`the preview found something: ${stderr}`);
    };
    for (let round = 0; round < rounds; round++) {
      ms.full.push(await time(() => look(full)));
      ms.empty.push(await time(() => look(empty)));
    }
    return {
      rows: [
        { what: `preview of ${COUNT} images, nothing changed`, figures: { ms: ms.full } },
        { what: `preview of ${COUNT} empty dynamic resources`, figures: { ms: ms.empty } },
      ],
      goals: [
        {
          what: "images / empty resources (medians)",
          value: median(ms.full) / median(ms.empty),
          most: MOST_RATIO,
          unit: "x",
        },
      ],
    };
  } finally {
    for (const one of projects) one.remove();
    await own.clean();
  }
}
