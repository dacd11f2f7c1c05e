/** Who reviewed last on this device: a preference, not data. */
const KEY = 'longtail.reviewer';

/** Empty where nobody has said a name yet. */
export function keptReviewer(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function keepReviewer(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Without storage the name is asked again after a reload.
  }
}
