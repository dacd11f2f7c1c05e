import { useState } from 'react';
import { cancelLoading, confirmMapping } from '#store/data.ts';
import type { ColumnPreview, Inspection, Mapping } from '#sources/source.ts';
import { Button } from '#ui/kit/button.tsx';
import { CheckField, SelectField } from '#ui/kit/field.tsx';
import { count } from '#ui/kit/format.ts';
import { Icon } from '#ui/kit/icons.tsx';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { attributeColumns, columnWords, inputColumns, mappingProblems, tidyMapping } from './mapping-choices.ts';

const SIZES = ['16', '24', '32', '48', '64'] as const;
const DRAWN = { value: 'drawn', label: 'none: draw 70 % to train on, 30 % to audit' };
const NOT_CHOSEN = { value: '', label: 'choose a column' };

/** Which column plays which part. It starts from what the table suggests. */
export function MappingForm({ inspection }: { readonly inspection: Inspection }) {
  const [mapping, setMapping] = useState<Mapping>(inspection.suggestion);
  const problems = mappingProblems(inspection, mapping);
  const wrong = Object.values(problems).length;
  const change = (next: Mapping): void => setMapping(tidyMapping(inspection, next));
  const names = inspection.columns.map(({ name }) => ({ value: name, label: name }));
  const withNone = (chosen: string) => (names.some(({ value }) => value === chosen) ? names : [NOT_CHOSEN, ...names]);
  const hintOf = (name: string | null): string | null => {
    const column = inspection.columns.find((candidate) => candidate.name === name);
    return column === undefined ? null : columnWords(column);
  };
  return (
    <main className="page">
      <PageHead
        over={inspection.tableName}
        title="Which column is what?"
        action={
          <div className="acts nowrap">
            <Button onClick={cancelLoading}>Choose other files</Button>
            <Button
              primary
              onClick={() => void confirmMapping(mapping)}
              disabledReason={wrong === 0 ? null : 'A column is still missing: see below.'}
            >
              {mapping.kind === 'images' ? 'Load the images' : 'Load the table'}
            </Button>
          </div>
        }
      />
      <p className="small" style={{ paddingTop: 4 }}>
        {count(inspection.rows)} rows{inspection.kind === 'images' ? `, ${count(inspection.images)} images` : ''},{' '}
        {String(inspection.columns.length)} columns.
      </p>
      <div className="mapping">
        <section className="stack">
          <h2>{mapping.kind === 'images' ? 'Images and labels' : 'Labels'}</h2>
          {mapping.kind === 'images' ? (
            <SelectField
              label="Image"
              value={mapping.image}
              options={withNone(mapping.image)}
              onChange={(image) => change({ ...mapping, image })}
              hint={hintOf(mapping.image)}
              problem={problems.image ?? null}
            />
          ) : null}
          <SelectField
            label="Models predict"
            value={mapping.label}
            options={withNone(mapping.label)}
            onChange={(label) => change({ ...mapping, label })}
            hint={hintOf(mapping.label)}
            problem={problems.label ?? null}
          />
          <SelectField
            label="Split"
            value={mapping.split === null ? DRAWN.value : `column ${mapping.split}`}
            options={[DRAWN, ...names.map(({ value, label }) => ({ value: `column ${value}`, label }))]}
            onChange={(value) =>
              change({ ...mapping, split: value === DRAWN.value ? null : value.slice('column '.length) })
            }
            hint={
              mapping.split === null
                ? 'Drawn at random from a seed: the same files give the same split.'
                : hintOf(mapping.split)
            }
            problem={problems.split ?? null}
          />
          {mapping.kind === 'images' ? (
            <SelectField
              label="Side of an image for the models"
              value={String(mapping.size)}
              options={[...new Set([...SIZES, String(mapping.size)])].map((value) => ({
                value,
                label: `${value} × ${value} pixels`,
              }))}
              onChange={(size) => change({ ...mapping, size: Number(size) })}
              hint="Twice the side takes about four times as long to train."
            />
          ) : null}
        </section>
        <Choices
          legend="Compare groups by"
          columns={attributeColumns(inspection, mapping)}
          chosen={mapping.attributes}
          onChange={(attributes) => change({ ...mapping, attributes })}
          none="No column has 2 to 12 values."
        />
        {mapping.kind === 'table' ? (
          <Choices
            legend="Models may see"
            columns={inputColumns(inspection, mapping)}
            chosen={mapping.inputs}
            onChange={(inputs) => change({ ...mapping, inputs })}
            none="There is no other column."
            problem={problems.inputs ?? null}
          />
        ) : null}
      </div>
      {inspection.ignored.length === 0 ? null : (
        <Note
          fact={`${count(inspection.ignored.length)} ${inspection.ignored.length === 1 ? 'file is' : 'files are'} of no use here.`}
        >
          <details>
            <summary>Which</summary>
            {inspection.ignored.slice(0, 200).join(', ')}
          </details>
        </Note>
      )}
    </main>
  );
}

interface ChoicesProps {
  readonly legend: string;
  readonly columns: readonly ColumnPreview[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly none: string;
  readonly problem?: string | null;
}

function Choices({ legend, columns, chosen, onChange, none, problem }: ChoicesProps) {
  return (
    <fieldset className="field choices">
      <legend>
        <h2>{legend}</h2>
      </legend>
      {problem === undefined || problem === null ? null : (
        <span className="problem">
          <Icon name="warn" />
          <span>{problem}</span>
        </span>
      )}
      {columns.length === 0 ? <p className="small">{none}</p> : null}
      {columns.map((column) => (
        <CheckField
          key={column.name}
          label={column.name}
          detail={
            column.numeric && column.distinct > 12
              ? 'number'
              : `${column.distinct > 10_000 ? '> 10,000' : String(column.distinct)} values`
          }
          checked={chosen.includes(column.name)}
          onChange={(checked) =>
            onChange(checked ? [...chosen, column.name] : chosen.filter((name) => name !== column.name))
          }
        />
      ))}
    </fieldset>
  );
}
