import { parseDockerfile } from "./parse";
import { type ParsedDockerfile } from "./types";

/**
 * The number of stages in a header of helper stages; 0 for an empty header. Every helper stage needs a name that the
 * recipe uses neither for a stage nor for an image. The header must begin with a FROM, because anything before that
 * would become a parser directive or a global ARG of the recipe.
 *
 * @throws {RangeError} when the header breaks one of these rules
 * @throws {RecipeError} when the header can't be read
 */
export function helperStages(header: string, parsed: ParsedDockerfile): number {
  if (header === "") return 0;
  if (!/^FROM\s/i.test(header)) throw new RangeError("the header of helper stages must start with a FROM");
  const helper = parseDockerfile(parsed.escape === "`" ? `# escape=\`\n${header}` : header);
  const taken = new Set<string>();
  for (const { name, from, instructions } of parsed.stages) {
    if (name !== null) taken.add(name);
    taken.add(from.image.written.toLowerCase());
    for (const instruction of instructions) {
      if ("sources" in instruction)
        for (const { written } of instruction.sources) taken.add(written.toLowerCase());
    }
  }
  for (const { name } of helper.stages) {
    if (name === null) throw new RangeError("every helper stage needs a name: FROM <image> AS <name>");
    if (taken.has(name)) throw new RangeError(`the recipe uses the name of the helper stage ${name} itself`);
  }
  return helper.stages.length;
}
