/** `node --import tsx test/engine/support/make-base-images.ts`: makes what is missing, before files run side by side. */
import { shellImage, slimImage, toolsImage } from "./base-images";

async function main(): Promise<void> {
  for (const make of [shellImage, slimImage, toolsImage]) console.log(await make());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
