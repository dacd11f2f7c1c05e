/** What happens to the device of a worker (`faulty-worker.ts`). */
export type Fault =
  | { readonly kind: 'lose' }
  /** The device is given a command that it must refuse. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'fill'; readonly mostBytes: number };
