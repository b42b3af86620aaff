import assert from "node:assert/strict";
import { each } from "./each";

/**
 * One test for each row of a text: table(title)`...`((...cells) => ...). In a title %s is the next cell.
 *
 * A row has a line of its own, with ¦ between its cells. A deeper line goes on with the row above. A cell is
 * as it stands, but for \n, \r, \t, \0, \` and \${; what is put in as a value stays as it is.
 */
export const table =
  (title = "%s") =>
  (text: TemplateStringsArray, ...values: readonly string[]) =>
  (check: (...cells: string[]) => unknown): void =>
    each(title, rowsOf(text.raw, values))(check);

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", 0: "\0" };
/** Stands for the next value while a text is taken apart. */
const VALUE = "\u{e000}";

function rowsOf(text: readonly string[], values: readonly string[]): string[][] {
  const left = values.values();
  const written = (cell: string): string =>
    cell
      .replace(/\\([nrt0`]|\$(?=\{))/g, (_, sign: string) => ESCAPES[sign] ?? sign)
      .replaceAll(VALUE, () => left.next().value ?? "");
  const [, indent = ""] = /^\n?( *)/.exec(text[0] ?? "") ?? [];
  const lines = text
    .join(VALUE)
    .trim()
    .replace(new RegExp(`\n${indent} +`, "g"), " ")
    .split("\n");
  const rows = lines.map((line) =>
    line
      .trim()
      .split(/\s*¦\s*/)
      .map(written),
  );
  for (const row of rows)
    assert.equal(row.length, rows[0]?.length, `another number of cells: ${row.join(" ¦ ")}`);
  return rows;
}
