/**
 * A program of its own: `buildReproducible` with the inputs in its first argument (JSON). Prints the outputs, or
 * `{error, name}`, as JSON; steps go to standard error.
 */
import { buildReproducible } from "../../../provider/build/functions/build-reproducible";
import type { ImageInputs } from "../../../provider/inputs/image-inputs.generated";

buildReproducible(JSON.parse(process.argv[2] ?? "{}") as ImageInputs).then(
  (outputs) => console.log(JSON.stringify(outputs)),
  (error: unknown) => {
    const { name, message } = error as Error;
    console.log(JSON.stringify({ name, error: message }));
    process.exitCode = 1;
  },
);
