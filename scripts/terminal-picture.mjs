/**
 * `node scripts/terminal-picture.mjs docs/images/<name>.txt ...` makes an SVG beside each recording of a terminal.
 * `PULUMI_OPTION_COLOR=always npm start > docs/images/<name>.txt` makes a recording.
 */
import { readFileSync, writeFileSync } from "node:fs";

const COLUMNS = 104;
/** Pixels of a character, of a line, around it all. */
const [WIDTH, HEIGHT, MARGIN] = [8, 18, 16];
const FOREGROUND = "#d5d8de";
/** Black is shown as the foreground. */
const COLOURS = `${FOREGROUND} #e06c75 #98c379 #d9b36c #61afef #c678dd #56b6c2 #d5d8de
  #7f848e #f08087 #a9d68a #e5c07b #7cc0f5 #d08ee6 #6fc9d3 #ffffff`.split(/\s+/);
/** npm's echo of a script, and the dots that Pulumi prints while it waits. */
const SKIPPED = /^(?:> .*|@ (?:updating|previewing update)\.*)$/;

/** @typedef {{text: string, colour: string, bold: boolean}} Run */

/** @param {Run[]} runs */
const textOf = (runs) => runs.map(({ text }) => text).join("");

/** The runs of equal colour in a recording, line by line. @param {string} recording @returns {Run[][]} */
function linesOf(recording) {
  let [colour, bold] = [FOREGROUND, false];
  return recording.split("\n").map((line) =>
    line.split(/\x1b\[([\d;]*)m/).flatMap((part, index) => {
      if (index % 2 === 0) return part === "" ? [] : [{ text: part, colour, bold }];
      const [first = 0, , third = 0] = part.split(";").map(Number);
      if (first === 0) [colour, bold] = [FOREGROUND, false];
      if (first === 1) bold = true;
      if (first === 38) colour = COLOURS[third] ?? FOREGROUND;
      return [];
    }),
  );
}

/** A line in rows of the terminal's width. @param {Run[]} runs @returns {Run[][]} a run for each character */
function rowsOf(runs) {
  const cells = runs.flatMap(({ text, ...look }) => Array.from(text, (one) => ({ text: one, ...look })));
  const count = Math.max(1, Math.ceil(cells.length / COLUMNS));
  return Array.from({ length: count }, (_, row) => cells.slice(row * COLUMNS, (row + 1) * COLUMNS));
}

/** A row as text elements, each with its place and width: so columns are the same in every font. @param {Run[]} cells @param {number} y */
function rowText(cells, y) {
  const elements = [];
  for (let start = 0, end = 0; start < cells.length; start = end) {
    const { colour = "", bold = false } = cells[start] ?? {};
    while (cells[end]?.colour === colour && cells[end]?.bold === bold) end++;
    const place = `x="${MARGIN + start * WIDTH}" y="${y}" textLength="${(end - start) * WIDTH}"`;
    const escaped = textOf(cells.slice(start, end)).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const element = `<text ${place} fill="${colour}"${bold ? ' font-weight="bold"' : ""}>${escaped}</text>\n`;
    if (escaped.trim() !== "") elements.push(element);
  }
  return elements.join("");
}

/** The picture of a recording. @param {string} recording */
function picture(recording) {
  const rows = linesOf(recording.trimEnd())
    .filter((runs) => !SKIPPED.test(textOf(runs).trim()))
    .filter((runs, index, all) => runs.length > 0 || all[index - 1]?.length)
    .flatMap(rowsOf);
  const [width, height] = [COLUMNS * WIDTH + 2 * MARGIN, rows.length * HEIGHT + 2 * MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="#16181d"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" xml:space="preserve" style="white-space: pre">
${rows.map((cells, index) => rowText(cells, MARGIN + (index + 0.75) * HEIGHT)).join("")}</g>
</svg>
`;
}

for (const file of process.argv.slice(2))
  writeFileSync(file.replace(/\.txt$/, ".svg"), picture(readFileSync(file, "utf8")));
