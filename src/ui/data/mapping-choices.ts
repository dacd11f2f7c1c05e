import type { ColumnPreview, Inspection, Mapping } from '#sources/source.ts';

const MOST_CLASSES = 100;
const MOST_GROUPS = 12;

/** What stands in the way of a mapping, by field; empty where it can be loaded. */
export interface MappingProblems {
  readonly image?: string;
  readonly label?: string;
  readonly split?: string;
  readonly inputs?: string;
}

const find = (inspection: Inspection, name: string): ColumnPreview | undefined =>
  inspection.columns.find((column) => column.name === name);

/** Checks a mapping against what is known of the columns. The loader checks every cell again. */
export function mappingProblems(inspection: Inspection, mapping: Mapping): MappingProblems {
  const label = find(inspection, mapping.label);
  const problems: { -readonly [K in keyof MappingProblems]: MappingProblems[K] } = {};
  if (label === undefined) problems.label = 'Choose the column that the models predict.';
  else if (label.distinct < 2) problems.label = `${label.name} has only one value: a label needs at least two.`;
  else if (label.distinct > MOST_CLASSES) {
    problems.label = `${label.name} has ${label.distinct.toLocaleString('en')} different values: a label has 2 to ${String(MOST_CLASSES)}.`;
  }
  if (mapping.split !== null && mapping.split === mapping.label) problems.split = 'The split cannot be the label too.';
  if (mapping.kind === 'images') {
    if (find(inspection, mapping.image) === undefined) problems.image = 'Choose the column that names the image files.';
    else if (mapping.image === mapping.label) problems.image = 'The image column cannot be the label too.';
  } else if (mapping.inputs.length === 0) problems.inputs = 'Choose at least one column that the models may see.';
  return problems;
}

/** Columns that groups can be compared by, and whatever the mapping names already. */
export function attributeColumns(inspection: Inspection, mapping: Mapping): readonly ColumnPreview[] {
  const taken = new Set([mapping.label, mapping.split, mapping.kind === 'images' ? mapping.image : null]);
  return inspection.columns.filter(
    (column) =>
      !taken.has(column.name) &&
      ((column.distinct >= 2 && column.distinct <= MOST_GROUPS) || mapping.attributes.includes(column.name)),
  );
}

/** Columns of a table that the models may see: all but the label and the split. */
export function inputColumns(inspection: Inspection, mapping: Mapping): readonly ColumnPreview[] {
  return inspection.columns.filter((column) => column.name !== mapping.label && column.name !== mapping.split);
}

/** A mapping without what cannot stand beside its label and split: attributes and inputs that became one of those. */
export function tidyMapping(inspection: Inspection, mapping: Mapping): Mapping {
  const possible = new Set(attributeColumns(inspection, mapping).map((column) => column.name));
  const attributes = mapping.attributes.filter((name) => possible.has(name));
  if (mapping.kind === 'images') return { ...mapping, attributes };
  const inputs = new Set(inputColumns(inspection, mapping).map((column) => column.name));
  return { ...mapping, attributes, inputs: mapping.inputs.filter((name) => inputs.has(name)) };
}

/** A column in a few words: "7 values: bkl, df, nv". */
export function columnWords(column: ColumnPreview): string {
  const capped = column.distinct > 10_000 ? 'more than 10,000' : column.distinct.toLocaleString('en');
  const missing = column.missing === 0 ? '' : `, ${column.missing.toLocaleString('en')} missing`;
  return `${capped} ${column.distinct === 1 ? 'value' : 'values'}${missing}: ${column.samples.slice(0, 3).join(', ')}`;
}
