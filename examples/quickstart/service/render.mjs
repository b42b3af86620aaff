// Renders a Markdown file to a page: node render.mjs <from.md> <to.html>
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { marked } from "marked";
import { gfmHeadingId } from "marked-gfm-heading-id";

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  throw new Error("usage: node render.mjs <from.md> <to.html>");
}

marked.use(gfmHeadingId());
const body = marked.parse(readFileSync(from, "utf8"));

mkdirSync(dirname(to), { recursive: true });
writeFileSync(
  to,
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Quickstart service</title>
    <style>body { font: 18px/1.5 sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em }</style>
  </head>
  <body>
${body}  </body>
</html>
`,
);
