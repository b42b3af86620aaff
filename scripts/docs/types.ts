import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { PROJECT, typesOf } from "./described";
import type { Page } from "./pages";

/** The types that are made from schemas: the declarations of a schema would need zod's, which not every project compiles. */
const TYPES = [
  { name: "ImageInputs", from: "provider/inputs/image-inputs.ts", type: "GivenImageInputs" },
  {
    name: "PromotionInputs",
    from: "provider/promote/inputs/promotion-inputs.ts",
    type: "GivenPromotionInputs",
  },
];

/** The files with these types: as they are, and as they have to be. */
export function typePages(): Promise<Page[]> {
  return Promise.all(
    TYPES.map(async ({ name, from, type }) => {
      const file = join(PROJECT, from.replace(/\.ts$/, ".generated.ts"));
      const { text, properties } = typesOf(join(PROJECT, from))(type);
      const lines = properties.map(({ name, optional, type, text, fallback }) => {
        const tag = fallback === "" ? "" : ` @defaultValue ${fallback}`;
        return `/** ${text}${tag} */\n${name}${optional ? "?" : ""}: ${type};`;
      });
      const source = from.replace(/.*\//, "");
      const made = `// Made from ${source} by \`npm run docs:tables\`; change it there.\n/** ${text} */\nexport type ${name} = {\n${lines.join("\n")}\n};\n`;
      const settings = await resolveConfig(file);
      const after = await format(made, { ...settings, parser: "typescript" });
      return { file, before: await readFile(file, "utf8").catch(() => ""), after };
    }),
  );
}
