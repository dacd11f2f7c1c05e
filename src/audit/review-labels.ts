/** What a reviewer may say about an example, and the key that says it. */
export interface ReviewLabel {
  readonly id: string; // wrong-label
  readonly name: string; // Wrong label
  readonly key: string; // 1
}
/** The taxonomy that every audit starts with. */
export const DEFAULT_TAXONOMY: readonly ReviewLabel[] = [
  { id: 'wrong-label', name: 'Wrong label', key: '1' },
  { id: 'ambiguous', name: 'Ambiguous', key: '2' },
  { id: 'several-objects', name: 'Several objects', key: '3' },
  { id: 'low-quality', name: 'Low quality', key: '4' },
  { id: 'unusual-but-right', name: 'Unusual but right', key: '5' },
  { id: 'none-of-these', name: 'None of these', key: '0' },
];
/** Labels that say an example is hard to judge, whoever looks at it. */
export const HARD_LABELS: readonly string[] = ['ambiguous', 'several-objects', 'low-quality'];
/** The name of a label; a label of another taxonomy is called by its id. */
export const labelName = (id: string): string => DEFAULT_TAXONOMY.find((label) => label.id === id)?.name ?? id;
