import { create } from 'zustand';

/** Whether training may use every core also while the page is in use: a preference of this device. */
const KEY = 'longtail.all-cores';

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false; // a private window without storage
  }
}

export const useCores = create<{ readonly all: boolean }>(() => ({ all: remembered() }));

export function rememberAllCores(all: boolean): void {
  useCores.setState({ all });
  try {
    localStorage.setItem(KEY, all ? 'yes' : 'no');
  } catch {
    // it holds for this visit
  }
}
