/** One fact about an example that is in force: a label, a note, or what reviewers settled on. */
export interface LabelFact {
  readonly exampleId: string;
  readonly reviewer: string;
  readonly time: string; // ISO 8601; empty where a file does not say
  readonly action:
    | { readonly kind: 'add'; readonly label: string }
    | { readonly kind: 'note'; readonly text: string }
    | { readonly kind: 'settle'; readonly labels: readonly string[] };
  /** Which event of the log it is; null where a file does not say. */
  readonly event: { readonly uuid: string; readonly sequence: number; readonly queue?: string } | null;
}
