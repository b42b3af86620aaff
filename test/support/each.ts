/** The item of a row at a place: of a list any of its items, of a shorter row undefined. */
type Item<Row extends readonly unknown[], At extends string> = Row extends unknown
  ? At extends keyof Row
    ? Row[At]
    : number extends Row["length"]
      ? Row[number]
      : undefined
  : never;
type Items<Row extends readonly unknown[]> = [
  ...[Item<Row, "0">, Item<Row, "1">, Item<Row, "2">, Item<Row, "3">, Item<Row, "4">, Item<Row, "5">],
];

/**
 * One test for each row of a table: `each(title, rows)(check)`, where `check` gets a row item by item.
 *
 * @param title each %s stands for the row's next item, each %j for its next item as JSON
 */
export function each<const Row extends readonly unknown[]>(
  title: string,
  rows: readonly Row[],
): (check: (...items: Items<Row>) => unknown) => void;
export function each(title: string, rows: readonly (readonly unknown[])[]) {
  return (check: (...items: unknown[]) => unknown): void => {
    for (const row of rows) {
      const items = row.values();
      const name = title.replace(/%[sj]/g, (mark) => {
        const { value } = items.next();
        return mark === "%j" ? JSON.stringify(value) : String(value);
      });
      it(name, async () => void (await check(...row)));
    }
  };
}
