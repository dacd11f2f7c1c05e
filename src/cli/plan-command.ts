import { columnOf } from '#dataset/build.ts';
import type { Dataset, Question } from '#dataset/dataset.ts';
import { planFacts } from '#dataset/plan-facts.ts';
import { planJson } from '#engine/model/plan-file.ts';
import { presetPlan, type PresetName } from '#engine/model/presets.ts';
import { ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';
import { suggestPositive } from '#sources/mapping.ts';
import { answer } from './answer.ts';
import { DATA_OPTIONS, dataArguments } from './data-arguments.ts';
import { writeWhole } from './files.ts';
import { badOption, nameList, readOptions } from './options.ts';
import { checkQuestion } from './plan-input.ts';
import { readData } from './read-data.ts';

const PRESETS: readonly PresetName[] = ['one-minute', 'class-hour', 'paper'];
const PLAN_OPTIONS = [...DATA_OPTIONS, 'preset', 'target', 'positive', 'attributes', 'out'] as const;

/** `cli plan`: writes the plan that the app would offer for the data. Returns the exit status. */
export async function planCommand(args: readonly string[]): Promise<number> {
  return answer(await writePlan(args));
}

/** Does it and says what the plan is. */
export async function writePlan(args: readonly string[]): Promise<Result<string>> {
  const read = readOptions(args, PLAN_OPTIONS);
  if (!read.ok) return read;
  const { values } = read.value;
  const preset = PRESETS.find((name) => name === (values.preset ?? 'one-minute'));
  if (preset === undefined)
    return badOption(`--preset is ${quoted(values.preset!)}, expected one of ${PRESETS.join(', ')}`);
  if (values.out === undefined || values.out === '') return badOption('--out is missing, expected the path of a file');
  const data = dataArguments(values);
  if (!data.ok) return data;
  const attributes = nameList(values.attributes);
  const asked = values.target === undefined ? null : { target: values.target, attributes: attributes ?? [] };
  const loaded = await readData(data.value, {
    asked,
    hash: '',
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  if (!loaded.ok) return loaded;
  const { dataset } = loaded.value;
  const question = questionOf(dataset, values.target, values.positive, attributes);
  const checked = checkQuestion(question, dataset, values.data!);
  if (!checked.ok) return checked;
  const plan = presetPlan(preset, planFacts(dataset, question));
  const written = writeWhole(values.out, [planJson(plan)]);
  if (!written.ok) return written;
  const levels = plan.levels.length;
  return ok(
    `${values.out}: ${dataset.name}, ${quoted(question.target)} = ${quoted(question.positive)} by ${question.attributes.join(' and ') || 'no attribute'}; ` +
      `${String(plan.members)} members of the baseline and of ${String(levels)} levels, ${String(plan.steps)} steps\n`,
  );
}

/** The question that the app would ask of the data, or the one that was typed. */
function questionOf(
  dataset: Dataset,
  target: string | undefined,
  positive: string | undefined,
  attributes: readonly string[] | undefined,
): Question {
  const first = dataset.question;
  const column = target === undefined || target === first.target ? undefined : columnOf(dataset, target);
  return {
    target: target ?? first.target,
    positive: positive ?? (column ? suggestPositive(column) : first.positive),
    attributes: attributes ?? first.attributes.filter((name) => name !== target),
    minCount: first.minCount,
  };
}
