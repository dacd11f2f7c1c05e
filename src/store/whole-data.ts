let coming: Promise<void> | null = null;

/** The data in hand are small copies until this is over. */
export function copiesUntil(over: Promise<void>): void {
  const waiting = over
    .catch(() => undefined)
    .finally(() => {
      if (coming === waiting) coming = null;
    });
  coming = waiting;
}

/** What to wait for before the data are used for more than looking at them; null where they are whole. */
export const wholeData = (): Promise<void> | null => coming;
