/** Light or dark: the system's choice until the person makes one, which is then remembered as a preference of this device. */
const KEY = 'theme';

export type Theme = 'light' | 'dark';

function remembered(): Theme | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : null;
  } catch {
    return null; // a private window without storage
  }
}

/** Puts the remembered choice on the page; called once before the first paint. */
export function applyTheme(): void {
  const theme = remembered();
  if (theme !== null) document.documentElement.dataset['theme'] = theme;
}

/** Switches between light and dark, from whatever is shown now. */
export function toggleTheme(): void {
  const chosen = document.documentElement.dataset['theme'];
  const dark = chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  const theme: Theme = dark ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // it holds for this visit
  }
}
