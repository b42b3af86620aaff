exec(open('.fix.py').read().split("sub('base/errors")[0])
sub('recipe/apt-records/read-records.ts',('''/** `#7 [linux/arm64 builder  2/10] RUN ...`. The platform and the stage may be absent. */
const HEADER = /^#([0-9]+) \\[([^\\]]*?) *([0-9]+)\\/[0-9]+\\] (.*)$/s;
''','''/** `#7 [linux/arm64 builder  2/10] RUN ...`: a step's title. */
const HEADER = /^#([0-9]+) (?=\\[)/;
'''),('''    const [, number = "", where = "", position = "", title = ""] = HEADER.exec(line) ?? [];
    if (number !== "") {
''','''    const header = HEADER.exec(line);
    const titled = header === null ? null : readStepTitle(line.slice(header[0].length));
    if (header?.[1] !== undefined && titled !== null) {
      const { position, text: title } = titled;
      const [number, where] = [header[1], withoutEnd(titled.where, " ")];
'''))
imp('recipe/apt-records/read-records.ts','import { withoutEnd } from "../../base/words/cut";\nimport { readStepTitle } from "./step-title";')
sub('build/roundtrip/failed-instruction.ts',('''/** `[name 2/3] RUN x`: stage, number, total, keyword. A platform may stand before the name. */
const TITLE = /^\\[(?:(?:[^\\]]* )?([^\\] ]+) +)? *([0-9]+)\\/([0-9]+)\\] ([A-Za-z]+)/;

''',''),('''  const [, name = "", number = "", total = "", word = ""] = TITLE.exec(title) ?? [];
  if (number === "") return null;
''','''  const read = readStepTitle(title);
  const keyword = /^[A-Za-z]+/.exec(read?.text ?? "")?.[0].toUpperCase();
  if (read === null || keyword === undefined) return null;
  // A platform may stand before the name.
  const name = read.where.split(" ").findLast((word) => word !== "") ?? "";
'''),('Number(total) - counted','Number(read.total) - counted'),('Number(number) - Math','Number(read.position) - Math'),('''  const keyword = word.toUpperCase();
''',''))
imp('build/roundtrip/failed-instruction.ts','import { readStepTitle } from "../../recipe/apt-records/step-title";')
