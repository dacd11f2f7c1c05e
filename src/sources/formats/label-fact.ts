/** One fact about an example that is in force: a label, a text, or what reviewers settled on; the fields of `action` as in the log. */
export interface LabelFact {
  readonly exampleId: string;
  readonly reviewer: string;
  readonly time: string; // ISO 8601; empty where a file does not say
  readonly action:
    | { readonly kind: 'add'; readonly label: string; readonly only?: true }
    | { readonly kind: 'note'; readonly text: string; readonly question?: string }
    | { readonly kind: 'settle'; readonly labels: readonly string[] };
  /** Which event of the log it is; null where a file does not say. */
  readonly event: { readonly uuid: string; readonly sequence: number; readonly queue?: string } | null;
}
