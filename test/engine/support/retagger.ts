/**
 * A program of its own: points the tag in its second argument at one image after the other, at random moments, as
 * often as its third one says; the others are the images. Prints when it did, as a JSON list of milliseconds.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { tagByApi } from "./engine-api";

const [, , endpoint = "", reference = "", count = "0", ...images] = process.argv;
/** Longest pause between two, in milliseconds. */
const PAUSE = 60;

async function main(): Promise<void> {
  const moments: number[] = [];
  for (let done = 0; done < Number(count); done++) {
    await tagByApi(endpoint, images[done % images.length] ?? "", reference);
    moments.push(Date.now());
    await sleep(Math.random() * PAUSE);
  }
  console.log(JSON.stringify(moments));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
