// Follows questionnaires as the browser does: one JSON line in, one JSON line out. Called by test_same_tree.py.
import { createInterface } from "node:readline";

const { follow } = await import(process.argv[2]);

for await (const line of createInterface({ input: process.stdin })) {
  const { questionnaire, draft, before } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(follow(questionnaire, draft, before))}\n`);
}
