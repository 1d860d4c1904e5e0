// Follows questionnaires and reads forms as the browser does: one JSON line in, one JSON line out. See test_same_tree.py.
import { createInterface } from "node:readline";

const { follow, said } = await import(process.argv[2]);

for await (const line of createInterface({ input: process.stdin })) {
  const { questionnaire, draft, before, question, values } = JSON.parse(line);
  const found = question ? said(question, (name) => values[name] || []) : follow(questionnaire, draft, before);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
