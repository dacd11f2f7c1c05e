/** Which audit was in hand last, so that a reload finds it again: a preference, not data. */
const KEY = 'longtail.last-audit';

export function rememberAudit(id: string): void {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Without storage a reload begins at the start.
  }
}

export function lastAudit(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
