import { columnOf } from '#dataset/build.ts';
import type { Column, Dataset, Question } from '#dataset/dataset.ts';
import { affirmativeValue, constantGuess, valueCounts } from '#dataset/overview.ts';
import { setQuestion } from '#store/data.ts';
import { CheckField, NumberField, SelectField } from '#ui/kit/field.tsx';
import { percent } from '#ui/kit/format.ts';
import { Term } from '#ui/kit/term.tsx';
import { valueWords } from '#ui/kit/value-words.ts';
import { attributeChoices, groupTotals, rateMargin, targetChoices } from './question-choices.ts';

interface QuestionFormProps {
  readonly dataset: Dataset;
  readonly question: Question;
}

/** What is asked of the data: the target, its positive value, the compared attributes, the fewest examples for a rate. */
export function QuestionForm({ dataset, question }: QuestionFormProps) {
  const target = columnOf(dataset, question.target);
  const guess = constantGuess(dataset, question.target);
  const change = (part: Partial<Question>): void => setQuestion({ ...question, ...part });
  const [one] = dataset.noun;
  return (
    <>
      <section className="stack">
        <h2>What to audit</h2>
        <SelectField
          label="Models predict"
          value={question.target}
          options={targetChoices(dataset).map(({ name }) => ({ value: name, label: name }))}
          onChange={(name) => change(questionFor(dataset, question, name))}
          hint={`${classWords(target)}${guess === null ? '' : ` A constant guess is right ${percent(guess)} of the time.`}`}
        />
        <SelectField
          label="A positive means"
          value={question.positive}
          options={(target?.values ?? []).map((value) => ({
            value,
            label: valueWords(target, question.target, value),
          }))}
          onChange={(positive) => change({ positive })}
          hint={
            <>
              A <Term of="false positive" /> is then a {one} wrongly called{' '}
              {valueWords(target, question.target, question.positive)}.
            </>
          }
        />
      </section>
      <section>
        <fieldset>
          <legend className="lab">Compare groups by</legend>
          {attributeChoices(dataset, question.target).map((column) => (
            <CheckField
              key={column.name}
              label={column.name}
              detail={shareWords(dataset, column)}
              checked={question.attributes.includes(column.name)}
              onChange={(checked) =>
                change({
                  attributes: checked
                    ? [...question.attributes, column.name]
                    : question.attributes.filter((name) => name !== column.name),
                })
              }
            />
          ))}
        </fieldset>
        <p className="fine">{groupSentence(dataset, question)}</p>
      </section>
      <section>
        <NumberField
          label="Fewest examples for a rate"
          value={question.minCount}
          min={1}
          onChange={(minCount) => {
            if (Number.isInteger(minCount) && minCount >= 1) change({ minCount });
          }}
          hint={`At ${String(question.minCount)}, a rate is known to about ±\u00a0${String(rateMargin(question.minCount))} points.`}
        />
      </section>
    </>
  );
}

function classWords(target: Column | undefined): string {
  const n = target?.values.length ?? 0;
  return n === 2 ? 'Two classes.' : `${String(n)} classes.`;
}

/** Another target takes its own positive value, and is no attribute of itself. */
function questionFor(dataset: Dataset, question: Question, name: string): Partial<Question> {
  const column = columnOf(dataset, name);
  const positive =
    (column === undefined ? null : affirmativeValue(column)) ?? column?.values[column.values.length - 1] ?? '';
  return { target: name, positive, attributes: question.attributes.filter((attribute) => attribute !== name) };
}

function shareWords(dataset: Dataset, column: Column): string {
  const yes = affirmativeValue(column);
  if (yes === null) return `${String(column.values.length)} values`;
  return percent(valueCounts(dataset, column.name).find((row) => row.value === yes)?.share ?? 0);
}

function groupSentence(dataset: Dataset, question: Question): string {
  const { single, combined } = groupTotals(dataset, question.attributes);
  if (single === 0) return 'Without an attribute only everyone together is looked at.';
  return combined === 0
    ? `${String(single)} groups. With a second attribute every pair is compared too.`
    : `Every pair is compared too: ${String(single)} single groups, ${String(combined)} combined.`;
}
