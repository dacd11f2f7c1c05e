import { create } from 'zustand';

/** The reviewer's own keys, [label] key: a preference of this device, not data. */
const KEY = 'longtail.label-keys';
type Keys = Readonly<Record<string, string>>;

function kept(): Keys {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}

export const useOwnKeys = create<{ readonly keys: Keys }>(() => ({ keys: kept() }));

function keep(keys: Keys): void {
  useOwnKeys.setState({ keys });
  try {
    localStorage.setItem(KEY, JSON.stringify(keys));
  } catch {
    // Without storage the keys are the usual ones again after a reload.
  }
}

/** Gives an answer this key, on this device. */
export const setLabelKey = (label: string, key: string): void => keep({ ...useOwnKeys.getState().keys, [label]: key });

/** Every answer has its usual key again. */
export const resetLabelKeys = (): void => keep({});
